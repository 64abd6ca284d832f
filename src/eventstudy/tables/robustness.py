"""The mean effect under other choices: by index and window, by choice, with and without some events."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from eventstudy import formats, labels
from eventstudy.tables.table import Cell, Column, Row, Table, figure, number, whole, words

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from eventstudy.results import StudyResult

    Key = tuple[str | int, ...]

KINDS = ("Model", "Estimation", "Returns", "Events")
"""What is varied, in the order of :func:`choices_of`."""

SETS = {
    "all": "All events",
    "rule": "Chosen by a rule",
    "apart": "Apart",
    "unlimited": "No price limit",
}
NO_TEST = (
    "Specifications share their events and prices: the share of p-values below the level is a count, no "
    "test, and grows with every choice that resembles the others."
)
SIGNED = (
    "Where a group holds expected rises and expected falls, CARs count in the direction expected, and "
    "events without a sign are left out. Signs are given after the fact: a window that holds day 0 holds "
    "the reaction that may have given them, so no p of it is printed, coloured or counted, and its "
    "intervals may lie too far from zero."
)
APART = (
    "Apart: no session of the tested windows is shared with another event and none is said to confound "
    "it. Clusters: events that do share are one."
)


DESIGN = ["model", "estimation_start", "estimation_end", "returns", "event_set"]
"""What makes a specification."""
SAME = "the same events as"
"""How the reason begins of one that is no further specification."""


def studied(result: StudyResult, asset: str) -> pd.DataFrame:
    """Return the specifications of all events of one index that have an effect, lowest first."""
    found = labels.cell(result.frames["specifications"], group=labels.ALL, asset=asset)
    found = found[found["status"] == "ok"]
    return found.sort_values(["effect", "p_value"], kind="stable")


def varied_windows(result: StudyResult) -> list[tuple[int, int]]:
    """Return the windows that the specifications have, in their order."""
    found = result.frames["specifications"][["window_start", "window_end"]].drop_duplicates()
    return [(row.window_start, row.window_end) for row in labels.records(found)]


def choices_of(row: labels.Record) -> tuple[str, ...]:
    """Return the names of the choices of one specification, by :data:`KINDS`."""
    length = row.estimation_end - row.estimation_start + 1
    return (
        formats.capital(labels.term(row.model)),
        f"{length} sessions to {formats.session(row.estimation_end)}",
        f"{formats.capital(row.returns)} returns",
        SETS[row.event_set],
    )


def lost(result: StudyResult) -> tuple[str, ...]:
    """Say which specifications of all events have no effect of their own: one sentence per reason."""
    found = labels.cell(result.frames["specifications"], group=labels.ALL)
    every = found.drop_duplicates([*DESIGN, "asset"])
    without = found[found["status"] != "ok"].drop_duplicates([*DESIGN, "asset", "reason"])
    twice = without["reason"].str.startswith(SAME)
    said = [
        f"Lost: {len(mine):,} of {len(every):,} specifications ({_only(result, mine, every)}): {reason}."
        for reason, mine in without[~twice].groupby("reason", sort=False)
    ]
    if twice.any():
        number_of = without[twice].drop_duplicates([*DESIGN, "asset"])
        said.append(
            f"Counted once: {len(number_of):,} of {len(every):,} specifications rest on the same events as "
            "another set under the same choices."
        )
    return tuple(said)


def _only(result: StudyResult, mine: pd.DataFrame, every: pd.DataFrame) -> str:
    """Name the choices and indices that some specifications have and others have not."""
    names = [
        (*choices_of(row), labels.full_name(result.study, row.asset))
        for row in labels.records(mine)
    ]
    others = [
        (*choices_of(row), labels.full_name(result.study, row.asset))
        for row in labels.records(every)
    ]
    told = [
        formats.listing(have)
        for own, whole in zip(zip(*names, strict=True), zip(*others, strict=True), strict=True)
        if len(have := dict.fromkeys(own)) < len(set(whole))
    ]
    return "; ".join(told) or "all"


def robustness(result: StudyResult) -> Table:
    """Return one row per index and window."""
    rows = tuple(_row(result, row) for row in labels.records(result.frames["spreads"]))
    columns = (
        Column("Index"),
        Column("Window"),
        *figure("Specifications", "Chosen", "Rank", "Median", "Lowest", "Highest"),
        *figure(
            "On the same events", "Median there", "Same sign", f"p up to {result.study.alpha:g}"
        ),
    )
    caption = (
        "Mean CAR in per cent; rank of the chosen design from the lowest effect. On the same events: "
        "specifications that rest on exactly the events of the chosen design; the others have lost events "
        "to the data or leave some out."
    )
    return Table("table-robustness", "Other specifications.", columns, rows, caption, (NO_TEST,))


def _row(result: StudyResult, found: labels.Record) -> Row:
    """Return the row of one index and window."""
    rank = f"{found.rank} of {found.n}" if found.rank else formats.NOTHING
    return (
        words(
            labels.short_name(result.study, found.asset),
            tone=labels.tone(result.study, found.asset),
        ),
        words(formats.capital(formats.window(found.window_start, found.window_end))),
        whole(found.n),
        number(found.effect, formats.percent(found.effect)),
        number(found.rank, rank),
        *(number(v, formats.percent(v)) for v in (found.median, found.low, found.high)),
        _share(found.same_events, found.n),
        number(found.median_same_events, formats.percent(found.median_same_events)),
        _share(found.same_sign, found.n),
        _below(
            found.below,
            found.n,
            shown=not labels.gave_signs(result, found.window_start, found.window_end),
        ),
    )


def _share(n: int, count: int) -> Cell:
    """Return a number of specifications with its share."""
    return whole(n, detail=formats.share(n / count))


def _below(below: int, count: int, *, shown: bool) -> Cell:
    """Return how many p-values are small, where there are any."""
    return _share(below, count) if shown else words(formats.NOTHING)


def tested(row: labels.Record) -> bool:
    """Tell whether the p of a specification means anything: not where day 0 may have given the signs."""
    return not (row.signed == "yes" and row.window_start <= 0 <= row.window_end)


def by_choice(result: StudyResult, asset: str) -> Table:
    """Return median and range of the effects by choice: the summary of what a curve draws."""
    found = studied(result, asset)
    rows = [
        row
        for window in varied_windows(result)
        for row in _choice_rows(
            labels.cell(found, window_start=window[0], window_end=window[1]), window, result
        )
    ]
    columns = (
        Column("Choice"),
        Column("Window"),
        *figure("Specifications", "Median", "Lowest", "Highest", f"p up to {result.study.alpha:g}"),
    )
    title = f"numbers-robustness-{labels.anchor('asset', asset)}"
    caption = "Mean CAR in per cent. Every specification is in results/specifications.csv."
    return Table(title, "", columns, tuple(rows), caption)


def _choice_rows(found: pd.DataFrame, window: tuple[int, int], result: StudyResult) -> list[Row]:
    """Return one row per choice on one window."""
    chosen = [choices_of(row) for row in labels.records(found)]
    return [
        (
            words(name),
            words(formats.capital(formats.window(*window))),
            whole(len(mine)),
            *(
                number(value, formats.percent(value))
                for value in (mine["effect"].median(), mine["effect"].min(), mine["effect"].max())
            ),
            _below(
                int((mine["p_value"] <= result.study.alpha).sum()),
                len(mine),
                shown=not labels.gave_signs(result, *window),
            ),
        )
        for kind in range(len(KINDS))
        for name in dict.fromkeys(each[kind] for each in chosen)
        for mine in (found[[each[kind] == name for each in chosen]],)
    ]


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
        Column("Events"),
        Column("Index"),
        Column("Window"),
        *figure("All: n", "Clusters", "Mean", "p", "Apart: n", "Mean", "p"),
    )
    rows = tuple(_pair(result, row, other) for row, other in pairs)
    caption = "Mean CAR in per cent by the headline model; p of the cross-sectional t, of one event of the forecast t."
    title = "With and without overlapping and confounded events."
    return Table("table-apart", title, columns, rows, caption, (APART, SIGNED))


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
