"""How the numbers were made: models, tests with their source, and the outcome rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from eventstudy import formats, labels
from eventstudy.benchmark import measured
from eventstudy.registry import plugins
from eventstudy.tables.table import Cell, Column, Table, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventstudy.spec import Choice, Study


def outcome_rules(alpha: float) -> Table:
    """Return the rules behind the outcome words.

    Parameters
    ----------
    alpha : float
        Level of the tests, which the rules name.
    """
    from eventstudy.verdict import RULES

    rows = tuple(
        (
            Cell(formats.capital(word), value=word, strong=True),
            words(first),
            words(later),
        )
        for word, first, later in RULES
    )
    columns = (Column("Outcome"), Column("Day 0"), Column("Give-back over the days after"))
    return Table(
        "table-rules",
        "Outcome rules.",
        columns,
        rows,
        "Give-back: minus the CAR of the days after, as a share of the reaction; "
        f"100% is a full reversal. The level is {100 * alpha:g}%.",
    )


def models(choices: Sequence[Choice], study: Study | None = None) -> Table:
    """Return expected-return models with their options and source.

    Parameters
    ----------
    choices : sequence of Choice
        The models.
    study : Study, optional
        Given, the table says which question each of them answers for its assets.
    """
    table = _chosen("table-models", "Models.", choices, plugins("eventstudy.models"))
    if study is None:
        return table
    asked = [words(f"{formats.capital(measured(study, choice))}.") for choice in choices]
    rows = tuple((row[0], cell, *row[1:]) for row, cell in zip(table.rows, asked, strict=True))
    columns = (table.columns[0], Column("What it measures"), *table.columns[1:])
    return replace(table, columns=columns, rows=rows)


def tests(choices: Sequence[Choice]) -> Table:
    """Return tests with their null hypothesis and source."""
    return _chosen("table-tests", "Tests.", choices, plugins("eventstudy.inference"))


def procedures(choices: Sequence[Choice]) -> Table:
    """Return the comparisons with other days with their null hypothesis and source."""
    title = "Comparisons with other days."
    return _chosen("table-procedures", title, choices, plugins("eventstudy.placebo"))


def _chosen(table_id: str, title: str, choices: Sequence[Choice], known: labels.Plugins) -> Table:
    """Return one row per chosen plug-in."""
    rows = tuple(
        (
            words(formats.capital(labels.term(choice.label))),
            words(_about(choice, known[choice.name])),
            words(known[choice.name].reference),
        )
        for choice in choices
    )
    return Table(table_id, title, (Column("Name"), Column("What"), Column("Source")), rows)


def _about(choice: Choice, plugin: type) -> str:
    """Return the first line of a plug-in's description and the options that the study sets."""
    line = (plugin.__doc__ or "").strip().partition("\n")[0].rstrip(".")
    null = f"; null: {plugin.null}" if hasattr(plugin, "null") else ""
    options = "".join(f"; {key}: {_shown(value)}" for key, value in choice.options.items())
    return f"{line}{null}{options}."


def _shown(value: object) -> str:
    """Return the value of an option as a study file writes it, without brackets."""
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_shown(each)}" for key, each in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
