"""The mean effect with and without the events that share their windows with others."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from eventstudy import formats, labels
from eventstudy.language import marked, say
from eventstudy.tables.robustness import SETS, SIGNED, tested
from eventstudy.tables.table import Cell, Column, Row, Table, figure, number, whole, words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventstudy.results import StudyResult

    Key = tuple[str | int, ...]

APART = marked(
    "Apart: no session of the tested windows is shared with another event and none is said to confound "
    "it. Clusters: events that do share are one."
)


def with_and_without(result: StudyResult) -> Table | None:
    """Return the mean effect of every category with all its events, and with those that stand apart.

    Returns
    -------
    Table or None
        None where every event stands apart.
    """
    found = result.frames["specifications"]
    own = found[(found["model"] == result.study.models[0].label)]
    own = own[own["group"].isin(labels.groups(result))]
    order = {group: number for number, group in enumerate(labels.groups(result))}
    whole = sorted(labels.records(own[own["chosen"] == "yes"]), key=lambda row: order[row.group])
    design = ["group", "asset", "window_start", "window_end"]
    keys = ["estimation_start", "estimation_end", "returns"]
    same = own.merge(
        own.loc[own["chosen"] == "yes", [*design, *keys]], on=[*design, *keys], validate="m:1"
    )
    rest = {
        (*(getattr(row, key) for key in design), row.event_set): row for row in labels.records(same)
    }
    pairs = [
        (row, _apart(rest, tuple(getattr(row, key) for key in design))) for row in whole if row.n
    ]
    if all(other is None or other.n == row.n for row, other in pairs):
        return None
    columns = (
        Column(say("Events")),
        Column(say("Index")),
        Column(say("Window")),
        *figure("All: n", "Clusters", "Mean", "p", "Apart: n", "Mean", "p"),
    )
    rows = tuple(_pair(result, row, other) for row, other in pairs)
    caption = say(
        "Mean CAR in per cent by the headline model; p of the cross-sectional t, of one event of the forecast t."
    )
    title = say("With and without overlapping and confounded events.")
    return Table("table-apart", title, columns, rows, caption, (say(APART), say(SIGNED)))


def _apart(rest: Mapping[Key, labels.Record], key: Key) -> labels.Record | None:
    """Return the effect of the events that stand apart, which may be those of another set."""
    found = rest.get((*key, "apart"))
    same = [name for name in SETS if found and found.reason == f"the same events as {name!r}"]
    return rest[(*key, same[0])] if same else found


def _pair(result: StudyResult, row: labels.Record, other: labels.Record | None) -> Row:
    """Return all events of a group beside those that stand apart."""
    study = result.study
    return (
        Cell(formats.capital(labels.group_name(row.group)), value=row.group),
        words(labels.short_name(study, row.asset), tone=labels.tone(study, row.asset)),
        words(formats.capital(formats.window(row.window_start, row.window_end))),
        whole(row.n),
        whole(row.effective_n),
        *_effect(row),
        *((number(0, "0"),) if other is None else (whole(other.n),)),
        *((words(formats.NOTHING), words(formats.NOTHING)) if other is None else _effect(other)),
    )


def _effect(row: labels.Record) -> Row:
    """Return mean and p-value."""
    mean = number(row.effect, formats.percent(row.effect))
    p_value = row.p_value if tested(row) else math.nan
    return mean, number(p_value, formats.p_value(p_value))
