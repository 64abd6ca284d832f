"""Find the plug-ins of a package; build one from a name and options.

A plug-in is one module whose last line names a frozen dataclass: ``PLUGIN: type[Model] = Market``.
There is no list to edit. Importing a plug-in module must stay cheap: numpy, pandas and scipy are
imported inside its methods, so that a study file can be checked without them. Kernels that several
plug-ins of a folder share stand in modules whose name begins with an underscore; they are not looked
at here.
"""

from __future__ import annotations

from dataclasses import fields
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any

from eventstudy.errors import UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import TypeAdapter


@cache
def plugins(package: str) -> Mapping[str, type[Any]]:
    """Return the plug-in classes of a package by name, in alphabetical order.

    Parameters
    ----------
    package : str
        Dotted name of the plug-in folder, e.g. ``"eventstudy.models"``.

    Returns
    -------
    mapping of str to type
        ``{name: class}``; a module without ``PLUGIN``, such as a base, is passed over.
    """
    folder = import_module(package)
    names = [info.name for info in iter_modules(folder.__path__) if not info.name.startswith("_")]
    modules = [import_module(f"{package}.{name}") for name in names]
    found = [module.PLUGIN for module in modules if hasattr(module, "PLUGIN")]
    return {plugin.name: plugin for plugin in sorted(found, key=lambda plugin: plugin.name)}


def module_names(package: str) -> tuple[str, ...]:
    """Return the names of a folder's modules, which plug-ins share with their file, without importing them."""
    top, *parts = package.split(".")
    folder = Path(import_module(top).__path__[0], *parts)
    names = [info.name for info in iter_modules([str(folder)])]
    return tuple(sorted(name for name in names if not name.startswith("_")))


def find(package: str, name: str, *, kind: str) -> type[Any]:
    """Return one plug-in class.

    Raises
    ------
    UnknownNameError
        When no plug-in of that name exists; the error lists those that do.
    """
    known = plugins(package)
    if name not in known:
        raise UnknownNameError(kind, name, known)
    return known[name]


def options(plugin: type[Any]) -> tuple[str, ...]:
    """Return the names of a plug-in's options, in the order of its fields."""
    return tuple(field.name for field in fields(plugin))


def build(package: str, name: str, values: Mapping[str, Any], *, kind: str) -> Any:  # noqa: ANN401 - the caller names the protocol
    """Build a plug-in from its name and the options of the study file.

    Raises
    ------
    UnknownNameError
        When the plug-in or one of its options does not exist.
    pydantic.ValidationError
        When an option has a value that its type does not allow.
    """
    plugin = find(package, name, kind=kind)
    for key in values:
        if key not in options(plugin):
            raise UnknownNameError(f"option of the {kind} {name!r} called", key, options(plugin))
    return _adapter(package, name).validate_python(dict(values))


@cache
def _adapter(package: str, name: str) -> TypeAdapter[Any]:
    """Return what checks the options of a plug-in."""
    from pydantic import TypeAdapter

    return TypeAdapter(plugins(package)[name])
