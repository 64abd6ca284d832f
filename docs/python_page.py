"""The page of the Python API: the docstrings of the public names, as Markdown."""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Split = Callable[[Any], tuple[str, dict[str, str]]]

INTRO = """# Python

```python
import eventstudy as es
```

Everything that the commands do goes through these names; they are all that is promised to stay. Whatever is wrong is
an [`EventStudyError`](errors.md) whose message says what to do."""

LISTED = ("Parameters", "Attributes", "Returns", "Raises")
PLAIN = ("Notes", "References", "Examples")
ROLE = re.compile(r":\w+:`~?\.?([^`]+)`")
"""A cross-reference as docstrings write it."""


def python_page(split: Split) -> str:
    """Return the page in Markdown.

    Parameters
    ----------
    split : callable
        Splits the docstring of an object into its opening and its sections.
    """
    import eventstudy

    names = sorted(eventstudy.__all__, key=lambda name: (name[0].isupper(), name))
    return (
        "\n\n".join([INTRO, *(_entry(name, getattr(eventstudy, name), split) for name in names)])
        + "\n"
    )


def _entry(name: str, thing: Any, split: Split) -> str:  # noqa: ANN401 - a function or a class
    """Return the section of one public name, with its public methods."""
    parts = [f"## {name}", *_described(thing, split)]
    if not inspect.isclass(thing):
        parts.insert(1, f"```text\nes.{name}{_signature(thing)}\n```")
        return "\n\n".join(parts)
    for key, member in vars(thing).items():
        method = inspect.unwrap(member.fget if isinstance(member, property) else member)
        if key.startswith("_") or not inspect.isfunction(method):
            continue
        call = "" if isinstance(member, property) else _signature(method)
        parts += [f"### {name}.{key}", f"```text\n{key}{call}\n```", *_described(method, split)]
    return "\n\n".join(parts)


def _signature(function: Any) -> str:  # noqa: ANN401 - any function
    """Return the parameters of a function as they are written in a call."""
    kinds = inspect.signature(function)
    bare = [each.replace(annotation=inspect.Parameter.empty) for each in kinds.parameters.values()]
    shown = kinds.replace(parameters=bare, return_annotation=inspect.Signature.empty)
    return str(shown).replace("(self, ", "(").replace("(self)", "()")


def _described(thing: Any, split: Split) -> Iterator[str]:  # noqa: ANN401 - a function or a class
    """Yield the parts of a docstring."""
    opening, sections = split(thing)
    yield _plain(opening)
    for title in LISTED:
        if title in sections:
            yield f"**{title}**"
            yield "\n".join(_items(sections[title]))
    for title in PLAIN:
        if title in sections:
            text = sections[title]
            yield _examples(text) if title == "Examples" else f"**{title}**\n\n{_plain(text)}"


def _items(text: str) -> Iterator[str]:
    """Yield a list of what a section names, each with its type and its meaning on one line."""
    for entry in re.split(r"\n(?=\S)", text):
        head, _, meaning = entry.partition("\n")
        name, _, kind = head.partition(" : ")
        said = " ".join(meaning.split())
        yield f"* `{name}`{f' ({kind})' if kind else ''}{f': {_plain(said)}' if said else ''}"


def _examples(text: str) -> str:
    """Return the examples of a docstring as blocks of a session, sentences between them."""
    parts = re.split(r"\n\n(?=[^>\s])|(?<=:)\n\n(?=>>>)", text)
    shown = (f"```pycon\n{part}\n```" if part.startswith(">>>") else _plain(part) for part in parts)
    return "\n\n".join(["**Examples**", *shown])


def _plain(text: str) -> str:
    """Return text with the marks of docstrings written as those of Markdown."""
    return ROLE.sub(r"`\1`", text.replace("``", "`"))
