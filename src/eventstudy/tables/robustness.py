"""The mean effect under other choices: by index and window, by choice, with and without some events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventstudy import formats, given, labels
from eventstudy.language import derived, join, marked, retold, say
from eventstudy.tables.table import Cell, Column, Row, Table, figure, number, whole, words

if TYPE_CHECKING:
    import pandas as pd

    from eventstudy.results import StudyResult

    Key = tuple[str | int, ...]

KINDS = 4
"""How many choices are varied; :func:`choices_of` has their order."""

SETS = {
    "all": marked("All events"),
    "rule": marked("Chosen by a rule"),
    "apart": marked("Apart"),
    "unlimited": marked("No price limit"),
}
NO_TEST = marked(
    "Specifications share their events and prices: the share of p-values below the level is a count, no "
    "test, and grows with every choice that resembles the others."
)
SIGNED = marked(
    "Where a group holds expected rises and expected falls, CARs count in the direction expected, and "
    "events without a sign are left out. Signs are given after the fact: a window that holds day 0 holds "
    "the reaction that may have given them, so no p of it is printed, coloured or counted, and its "
    "intervals may lie too far from zero."
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
    """Return the names of the choices of one specification, by kind."""
    length = row.estimation_end - row.estimation_start + 1
    return (
        formats.capital(labels.term(row.model)),
        say(
            "{sessions} to {day}",
            sessions=formats.counted(length, "session"),
            day=formats.session(row.estimation_end),
        ),
        say("Simple returns") if row.returns == "simple" else say("Log returns"),
        say(SETS[row.event_set]),
    )


def lost(result: StudyResult) -> tuple[str, ...]:
    """Say which specifications of all events have no effect of their own: one sentence per reason."""
    found = labels.cell(result.frames["specifications"], group=labels.ALL)
    every = found.drop_duplicates([*DESIGN, "asset"])
    without = found[found["status"] != "ok"].drop_duplicates([*DESIGN, "asset", "reason"])
    twice = without["reason"].str.startswith(SAME)
    said = [
        say(
            "Lost: {n} of {all} specifications ({which}): {reason}.",
            **_of(len(mine), len(every)),
            which=_only(result, mine, every),
            reason=retold(str(reason)),
        )
        for reason, mine in without[~twice].groupby("reason", sort=False)
    ]
    if twice.any():
        number_of = without[twice].drop_duplicates([*DESIGN, "asset"])
        said.append(
            say(
                "Counted once: {n} of {all} specifications rest on the same events as another set under the "
                "same choices.",
                **_of(len(number_of), len(every)),
            )
        )
    return tuple(said)


def _of(n: int, total: int) -> dict[str, str]:
    """Return how many of all specifications, by gap."""
    every = ("group", "=", labels.ALL)
    lost = "rows of results/specifications.csv without an effect, by reason"
    return {
        "n": formats.number(derived(n, lost), 0),
        "all": formats.number(
            given.tally(total, "specifications", every, distinct=(*DESIGN, "asset")), 0
        ),
    }


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
    return join(told, say("; ")) or say("all")


def robustness(result: StudyResult) -> Table:
    """Return one row per index and window."""
    rows = tuple(_row(result, row) for row in labels.records(result.frames["spreads"]))
    columns = (
        Column(say("Index")),
        Column(say("Window")),
        *figure("Specifications", "Chosen", "Rank", "Median", "Lowest", "Highest"),
        *figure("On the same events", "Median there", "Same sign", _up_to(result.study.alpha)),
    )
    caption = say(
        "Mean CAR in per cent; rank of the chosen design from the lowest effect. On the same events: "
        "specifications that rest on exactly the events of the chosen design; the others have lost events "
        "to the data or leave some out."
    )
    return Table(
        *("table-robustness", say("Other specifications."), columns, rows),
        *(caption, (say(NO_TEST),)),
    )


def _up_to(alpha: float) -> str:
    """Return the heading of counts of small p-values."""
    return say("p up to {level}", level=formats.as_given(alpha))


def _row(result: StudyResult, found: labels.Record) -> Row:
    """Return the row of one index and window."""
    rank = formats.place_of(found.rank, found.n) if found.rank else formats.NOTHING
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
        Column(say("Choice")),
        Column(say("Window")),
        *figure("Specifications", "Median", "Lowest", "Highest", _up_to(result.study.alpha)),
    )
    title = f"numbers-robustness-{labels.anchor('asset', asset)}"
    caption = say("Mean CAR in per cent. Every specification is in results/specifications.csv.")
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
        for kind in range(KINDS)
        for name in dict.fromkeys(each[kind] for each in chosen)
        for mine in (found[[each[kind] == name for each in chosen]],)
    ]
