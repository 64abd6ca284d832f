"""Plug-ins are found in their folders and built from names and options."""

from __future__ import annotations

import subprocess
import sys

import pytest
from pydantic import ValidationError

from eventstudy import registry
from eventstudy.errors import UnknownNameError
from eventstudy.models.market import Market


def test_plugins_of_a_folder_come_by_name_in_alphabetical_order():
    """The first models of the package."""
    names = list(registry.plugins("eventstudy.models"))
    assert {"constant_mean", "market", "market_adjusted"} <= set(names)
    assert names == sorted(names)


def test_a_plugin_is_built_with_its_options():
    """Text from the file becomes what the option's type says."""
    built = registry.build("eventstudy.models", "market", {"benchmark": "SPX"}, kind="model")
    assert built == Market(benchmark="SPX", lag="none")


@pytest.mark.parametrize(
    ("name", "options", "error"),
    [
        ("markt", {}, "there is no model 'markt'.*did you mean 'market'"),
        ("market", {"benchmrk": "SPX"}, "option of the model 'market' called 'benchmrk'"),
    ],
)
def test_unknown_names_and_options_are_refused(name, options, error):
    """With the names that exist."""
    with pytest.raises(UnknownNameError, match=error):
        registry.build("eventstudy.models", name, options, kind="model")


def test_a_value_that_the_option_does_not_allow_is_refused():
    """The plug-in's own type decides."""
    with pytest.raises(ValidationError):
        registry.build(
            "eventstudy.models", "market", {"benchmark": "SPX", "lag": "x"}, kind="model"
        )


def test_finding_plugins_imports_nothing_heavy():
    """A study file must be checked in a blink."""
    program = (
        "import sys; from eventstudy.registry import plugins;"
        "[plugins(f'eventstudy.{name}') for name in ('models', 'inference', 'sources')];"
        "print(sorted({'numpy', 'pandas', 'scipy'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_sections_have_the_names_of_their_files():
    """A study names them, and is checked without importing them."""
    package = "eventstudy.document.sections"
    assert registry.module_names(package) == tuple(registry.plugins(package))
