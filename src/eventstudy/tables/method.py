"""How the numbers were made: models, tests with their source, and the outcome rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from eventstudy import formats, labels
from eventstudy.benchmark import measured
from eventstudy.language import join, say
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
            Cell(formats.capital(say(word)), value=word, strong=True),
            words(say(first)),
            words(say(later)),
        )
        for word, first, later in RULES
    )
    columns = (
        Column(say("Outcome")),
        Column(say("Day 0")),
        Column(say("Give-back over the days after")),
    )
    return Table(
        "table-rules",
        say("Outcome rules."),
        columns,
        rows,
        say(
            "Give-back: minus the CAR of the days after, as a share of the reaction; 100% is a full reversal. "
            "The level is {level}.",
            level=formats.level(alpha),
        ),
    )


def models(choices: Sequence[Choice], study: Study | None = None) -> Table:
    """Return expected-return models with their options and source.

    Parameters
    ----------
    choices : sequence of Choice
        The models.
    study : Study, optional
        Given, the table says which question each of them answers for its assets, and has the models of
        its other specifications too.
    """
    varied = (study.robustness.models if study and study.robustness else None) or ()
    known = {(choice.name, choice.label) for choice in choices}
    others = [choice for choice in varied if (choice.name, choice.label) not in known]
    choices = (*choices, *others)
    table = _chosen("table-models", say("Models."), choices, plugins("eventstudy.models"))
    if study is None:
        return table
    asked = [
        words(say("{words}.", words=formats.capital(measured(study, choice)))) for choice in choices
    ]
    rows = tuple((row[0], cell, *row[1:]) for row, cell in zip(table.rows, asked, strict=True))
    columns = (table.columns[0], Column(say("What it measures")), *table.columns[1:])
    return replace(table, columns=columns, rows=rows, notes=_only_varied(others))


def _only_varied(others: Sequence[Choice]) -> tuple[str, ...]:
    """Say which models are only among the other specifications, if any."""
    if not others:
        return ()
    names = formats.listing(formats.capital(labels.term(choice.label)) for choice in others)
    return (say("Only among the other specifications (Robustness): {models}.", models=names),)


def tests(choices: Sequence[Choice]) -> Table:
    """Return tests with their null hypothesis and source."""
    return _chosen("table-tests", say("Tests."), choices, plugins("eventstudy.inference"))


def procedures(choices: Sequence[Choice]) -> Table:
    """Return the comparisons with other days with their null hypothesis and source."""
    title = say("Comparisons with other days.")
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
    return Table(
        table_id, title, (Column(say("Name")), Column(say("What")), Column(say("Source"))), rows
    )


def _about(choice: Choice, plugin: type) -> str:
    """Return the first line of a plug-in's description and the options that the study sets."""
    line = (plugin.__doc__ or "").strip().partition("\n")[0].rstrip(".")
    null = say("null: {null}", null=say(plugin.null)) if hasattr(plugin, "null") else ""
    options = (f"{key}: {_shown(value)}" for key, value in choice.options.items())
    return say("{words}.", words=join((say(line), null, *options), say("; ")))


def _shown(value: object) -> str:
    """Return the value of an option as a study file writes it, without brackets."""
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_shown(each)}" for key, each in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
