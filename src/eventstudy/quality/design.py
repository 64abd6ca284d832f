"""Checks of the sample: what keeps its events from being independent, or day 0 from being whole."""

from __future__ import annotations

from dataclasses import astuple
from typing import TYPE_CHECKING

from eventstudy import formats
from eventstudy.comparison import apart
from eventstudy.quality.rules import Finding
from eventstudy.reversal.effect import LIMITED
from eventstudy.reversal.kinds import BEFORE, FALL, past_return
from eventstudy.sources.base import KINDS
from eventstudy.spec import Window

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

    from eventstudy.returns.sample import Sample
    from eventstudy.sources.base import Prices
    from eventstudy.spec import Study


def design_rows(study: Study, sample: Sample, prices: Prices) -> list[tuple[str, ...]]:
    """Return the rows of the frame ``quality`` about the sample of a study.

    Parameters
    ----------
    study : Study
        Windows, instruments and events.
    sample : Sample
        The cells that have a price history.
    prices : Prices
        Kinds of the closes.
    """
    return [astuple(finding) for finding in _findings(study, sample, prices)]


def _findings(study: Study, sample: Sample, prices: Prices) -> Iterator[Finding]:
    """Yield the findings, asset by asset."""
    import numpy as np

    for asset in study.assets:
        cells = sample.select(np.flatnonzero(sample.assets == asset))
        if len(cells):
            yield _overlap(study, asset, cells)
            yield _contamination(study, asset, cells)
            yield from _falls(study, asset, cells)
            yield from _limits(study, asset, cells)
            yield _back_cast(study, asset, cells, prices)
    if "flow" in study.outcome and not set(study.flows) & set(prices.instruments):
        yield Finding(
            study.assets[0],
            "flows",
            "REVIEW",
            f"the study asks for flows, and the source {study.source.name!r} has none",
            "read the study without them, or take a source that has them",
        )
    for event in study.events:
        if event.until:
            yield Finding(
                study.assets[0],
                "episodes",
                "REVIEW",
                f"{event.id} lasts until {event.until}; its tests are those of its first day",
                "read them as the reaction to the beginning, and the episode in its own section",
            )


def _overlap(study: Study, asset: str, cells: Sample) -> Finding:
    """Say how many events share sessions of their tested windows: they are no independent draws."""
    import numpy as np

    tested = Window(min(w.start for w in study.windows), max(w.end for w in study.windows))
    confounders = {event.id: event.confounded_by for event in study.events}
    found = apart(cells.day0, cells.event_ids, tested.length, confounders)
    order = np.argsort(cells.day0, kind="stable")
    names, clusters = cells.event_ids[order][~found.alone[order]], found.count
    named = " or are confounded by one" if found.confounded.any() else ""
    text = (
        f"{_of(len(names), cells)} events share sessions of {formats.window(tested.start, tested.end)} with "
        f"another{named}; {formats.count(clusters, 'cluster')} {'lies' if clusters == 1 else 'lie'} apart"
    )
    return _judged(
        asset,
        "overlapping windows",
        text,
        names,
        f"tests over events take {len(cells):,} independent ones: read n as {clusters:,}",
    )


def _contamination(study: Study, asset: str, cells: Sample) -> Finding:
    """Say how many events have another event in their estimation window."""
    gap = cells.day0[None, :] - cells.day0[:, None]
    inside = ((gap >= study.estimation.start) & (gap <= study.estimation.end)).any(axis=1)
    text = (
        f"{_of(inside.sum(), cells)} events have another of this study in their estimation window"
    )
    if cells.hidden is not None and study.estimation_without:
        left = _left_out(study, cells)
        return Finding(asset, "events in estimation windows", "PASS", f"{text}{left}", "")
    advice = "their residuals hold an event day: sigma is larger and p less small than it should be"
    return _judged(asset, "events in estimation windows", text, cells.event_ids[inside], advice)


def _left_out(study: Study, cells: Sample) -> str:
    """Say what estimation windows leave out of themselves."""
    import numpy as np

    window = cells.estimation
    every, shown = (
        np.isfinite(each.gather(slice(None), window).asset).sum(axis=1)
        for each in (cells, cells.estimable)
    )
    without, fewer = study.estimation_without, every - shown
    near = (
        ""
        if without is None
        else f"{formats.window(without.days.start, without.days.end)} of every event of the {without.events}"
    )
    return (
        f"; {near} are left out there: {fewer.min()} to {fewer.max()} of"
        f" {window.length}, {formats.number(fewer.mean(), 1)} on average"
    )


def _falls(study: Study, asset: str, cells: Sample) -> Iterator[Finding]:
    """Say which events follow a fall that reaches into their estimation window."""
    if study.estimation.end < BEFORE.start:
        return
    fell = past_return(cells) < FALL
    text = (
        f"{_of(fell.sum(), cells)} events follow a fall of more than {-FALL:.0%} in {BEFORE.length} "
        "sessions, part of which is in the estimation window"
    )
    first = BEFORE.start - 1
    advice = (
        "the mean expected of them is too low, and groups of them reject too often: compare with "
        f"estimation: [{first - study.estimation.length + 1}, {first}]"
    )
    yield _judged(asset, "falls in estimation windows", text, cells.event_ids[fell], advice)


def _limits(study: Study, asset: str, cells: Sample) -> Iterator[Finding]:
    """Say on which day 0 price limits may have held the index back."""
    import numpy as np

    limit = LIMITED.get(study.instruments[asset].calendar)
    if limit is None:
        return
    day0 = cells.gather(slice(None), Window(0, 0)).asset[:, 0]
    hit = np.abs(day0) >= limit
    text = f"{_of(hit.sum(), cells)} days 0 moved by {100 * limit:.0f} per cent or more"
    advice = f"their reaction is that of {formats.window(0, 1)}, as on the days that they are compared with"
    yield _judged(asset, "price limits", text, cells.event_ids[hit], advice)


def _back_cast(study: Study, asset: str, cells: Sample, prices: Prices) -> Finding:
    """Say which events rest on closes that the owner of the index computed back."""
    import numpy as np

    kind = prices.kind[:, prices.instruments.index(asset)]
    dates = prices.dates[kind == KINDS.index("backcast")]
    first, last = cells.dates(study.estimation.start), cells.dates(study.event_window.end)
    count = np.searchsorted(dates, last, side="right") - np.searchsorted(dates, first)
    hit = count > 0
    text = f"{_of(hit.sum(), cells)} events have closes from before the launch in a window"
    advice = "nobody could trade on these closes: read these events as a reconstruction"
    return _judged(asset, "events before the launch", text, cells.event_ids[hit], advice)


def _of(part: int, cells: Sample) -> str:
    """Return a number of the events."""
    return f"{int(part):,} of {len(cells):,}"


def _judged(asset: str, check: str, text: str, names: NDArray[np.object_], advice: str) -> Finding:
    """Return a finding that passes when it names nobody."""
    if not len(names):
        return Finding(asset, check, "PASS", text, "")
    return Finding(asset, check, "REVIEW", f"{text}: {', '.join(names)}", advice)
