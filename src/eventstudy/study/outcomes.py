"""The frame of the other outcomes: flow, volume and volatility round every event."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from eventstudy.alignment import align
from eventstudy.comparison import away
from eventstudy.outcomes.answer import answer
from eventstudy.outcomes.change import EXCLUDE, by_market
from eventstudy.outcomes.placing import place
from eventstudy.outcomes.series import outcome_series
from eventstudy.returns.panel import own_returns
from eventstudy.reversal import LIMITED
from eventstudy.study import frames

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from eventstudy.models.base import Floats
    from eventstudy.outcomes.answer import Answer
    from eventstudy.outcomes.series import Outcome, Series
    from eventstudy.returns.panel import Quotes
    from eventstudy.returns.sample import Dates
    from eventstudy.spec import Event, Study
    from eventstudy.study.frames import Columns

    Texts = NDArray[np.object_]

SIMILAR = 0.25
"""Two moves that differ by no more than this share of the event's are of like size."""


def outcome_frames(
    study: Study, others: tuple[Event, ...], quotes: Quotes
) -> dict[str, pd.DataFrame]:
    """Return the frames ``outcomes`` and ``against_flow``; empty for a study of returns alone.

    Parameters
    ----------
    study : Study
        Names the outcomes.
    others : tuple of Event
        Events of other files near which no day is an ordinary one.
    quotes : Quotes
        Prices, volumes and flows.
    """
    parts: list[Columns] = []
    flows = [flow for flow in study.flows if flow in quotes.prices.instruments]
    for outcome in study.outcome:
        if outcome != "return":
            for instrument in flows if outcome == "flow" else study.assets:
                parts += _of_instrument(study, others, quotes, (outcome, instrument))
    against = [part for flow in flows for part in _of_flow(study, others, quotes, flow)]
    return {
        "outcomes": frames.stack("outcomes", parts),
        "against_flow": frames.stack("against_flow", against),
    }


def _of_flow(
    study: Study, others: tuple[Event, ...], quotes: Quotes, flow: str
) -> Iterator[Columns]:
    """Yield the rows of one flow against every asset of its market."""
    days, _ = _day0(study, (*study.events, *others), flow)
    near = [
        asset
        for asset in study.assets
        if study.instruments[asset].calendar == study.instruments[flow].calendar
    ]
    for series in outcome_series("flow", flow, quotes):
        known = np.searchsorted(series.sessions, days[~np.isnat(days)])
        far = away(len(series.sessions), known, EXCLUDE)
        flows = np.where(far, series.values, np.nan), days[: len(study.events)]
        for asset in near:
            yield _against(study, quotes, asset, (series, *flows))


def _against(
    study: Study, quotes: Quotes, asset: str, asked: tuple[Series, Floats, Dates]
) -> Columns:
    """Count the ordinary days on which a flow and an asset went opposite ways, event by event.

    Parameters
    ----------
    study, quotes, asset : Study, Quotes and str
        The asset.
    asked : tuple of Series and ndarray
        The flow; its values on ordinary days, (T,), NaN on others; day 0 of each event.
    """
    series, flow, days = asked
    sessions = quotes.exchanges[asset].sessions
    returns = own_returns(quotes, asset, sessions)
    usual, moves = (_on_dates(sessions, returns, each) for each in (series.sessions, days))
    moved = np.abs(usual * flow) > 0
    opposite = usual * flow < 0
    rows = np.flatnonzero(np.abs(moves * _on_dates(series.sessions, series.values, days)) > 0)
    similar = moved & (np.abs(usual / moves[rows, None] - 1) <= SIMILAR)
    ids = np.array([event.id for event in study.events], dtype=object)
    return {
        "event_id": ids[rows],
        "asset": np.full(len(rows), asset, dtype=object),
        "instrument": np.full(len(rows), series.instrument, dtype=object),
        "sessions": np.full(len(rows), moved.sum()),
        "opposite": np.full(len(rows), opposite.sum()),
        "similar": similar.sum(axis=1),
        "similar_opposite": (similar & opposite).sum(axis=1),
    }


def _on_dates(sessions: Dates, values: Floats, dates: Dates) -> Floats:
    """Return the values of a series on some dates, shape (n,); NaN where it has none."""
    row = np.minimum(np.searchsorted(sessions, dates), len(sessions) - 1)
    return np.where(sessions[row] == dates, values[row], np.nan)


def _of_instrument(
    study: Study, others: tuple[Event, ...], quotes: Quotes, key: tuple[Outcome, str]
) -> Iterator[Columns]:
    """Yield the rows of one outcome of one instrument: each event by its best measure, or the reason."""
    outcome, instrument = key
    days, reason = _day0(study, (*study.events, *others), instrument)
    catalogue = days[~np.isnat(days)]
    asked = np.flatnonzero(
        [instrument in (*study.assets_of(event), *study.flows) for event in study.events]
    )
    reason = reason[: len(study.events)]
    left = asked[reason[asked] == ""]
    held = _held_back(study, quotes, instrument, days)
    for series in outcome_series(outcome, instrument, quotes):
        row, why = place(series, days[left], study.estimation, study.min_observations)
        reason[left] = why
        here = why == ""
        if here.any():
            found = _answer(study, quotes, series, row[here], catalogue)
            yield _answered(study, series, left[here], (days, held), found)
        left = left[~here]
    unplaced = asked[(reason[asked] != "") | np.isin(asked, left)]
    if len(unplaced):
        name = study.instruments[instrument].name
        nothing = f"the data have no {outcome} of {name}"
        reason[unplaced] = np.where(reason[unplaced] == "", nothing, reason[unplaced])
        yield _unanswered(study, key, unplaced, (days, reason))


def _day0(study: Study, events: tuple[Event, ...], instrument: str) -> tuple[Dates, Texts]:
    """Return day 0 of some events in the market of an instrument, and why where there is none."""
    placed = align(study.model_copy(update={"assets": (instrument,), "events": events}))
    days = placed.session[:, 0]
    reason = np.where(np.isnat(days), placed.reason[:, 0], "").astype(object)
    return days, reason


def _answer(
    study: Study, quotes: Quotes, series: Series, row: NDArray[np.int64], catalogue: Dates
) -> Answer:
    """Answer the question of the study with one series, its days in the states of their market."""
    market = _market(study, series.instrument)
    sessions = quotes.exchanges[market].sessions
    known = by_market(
        own_returns(quotes, market, sessions),
        sessions,
        series.sessions,
        np.searchsorted(series.sessions, catalogue),
    )
    return answer(series, row, study.windows, study.estimation, known)


def _market(study: Study, instrument: str) -> str:
    """Return the asset by whose returns the state of a day is judged."""
    if instrument in study.assets:
        return instrument
    calendar = study.instruments[instrument].calendar
    near = [each for each in study.assets if study.instruments[each].calendar == calendar]
    return (near or study.assets)[0]


def _held_back(study: Study, quotes: Quotes, instrument: str, days: Dates) -> Texts:
    """Return whether price limits may have held back each day 0 in the market of an instrument."""
    market = _market(study, instrument)
    limit = LIMITED.get(study.instruments[market].calendar, np.inf)
    sessions = quotes.exchanges[market].sessions
    held = np.abs(_on_dates(sessions, own_returns(quotes, market, sessions), days)) >= limit
    return np.where(held, "yes", "no").astype(object)


def _answered(
    study: Study,
    series: Series,
    rows: NDArray[np.int64],
    known: tuple[Dates, Texts],
    found: Answer,
) -> Columns:
    """Return the rows of some events on one series."""
    days, held = known
    values = {
        **frames.bounds(study.windows),
        "outcome": np.full(found.n.shape, series.outcome, dtype=object),
        "measure": np.full(found.n.shape, series.measure, dtype=object),
        "session": frames.iso(days[rows])[:, None],
        **{name: getattr(found, name) for name in NUMBERS},
        "floor": np.where(np.isfinite(found.p_value), 1 / (found.n + 1), np.nan),
        "order": found.order[:, None],
        "ljung_box_p": found.ljung_box_p[:, None],
        "status": np.where(found.reason == "", "ok", "not_applicable").astype(object),
        "limited": held[rows][:, None],
    }
    return _keyed(study, series.instrument, rows, values)


NUMBERS = (
    *("level", "usual", "abnormal", "abnormal_sd", "change", "p_value", "n"),
    *("surprise", "p_forecast", "reason", "forecast_reason"),
)
"""Columns that an answer has by event and window."""


def _unanswered(
    study: Study, key: tuple[str, str], rows: NDArray[np.int64], known: tuple[Dates, Texts]
) -> Columns:
    """Return the rows of events that have no place on any series of an outcome."""
    days, reason = known
    shape = (len(rows), len(study.windows))
    nothing = np.full(shape, np.nan)
    text = {"outcome": key[0], "measure": "", "limited": "", "status": "not_applicable"}
    values = {
        **frames.bounds(study.windows),
        **dict.fromkeys((*NUMBERS, "floor", "order", "ljung_box_p"), nothing),
        **{name: np.full(shape, word, dtype=object) for name, word in text.items()},
        "n": np.zeros(shape, int),
        "session": frames.iso(days[rows])[:, None],
        "reason": reason[rows][:, None],
        "forecast_reason": reason[rows][:, None],
    }
    return _keyed(study, key[1], rows, values)


def _keyed(
    study: Study, instrument: str, rows: Sequence[int] | NDArray[np.int64], values: Columns
) -> Columns:
    """Return one row per event and window."""
    shape = (len(rows), len(study.windows))
    ids = np.array([study.events[row].id for row in rows], dtype=object)
    keys = {"event_id": ids[:, None], "asset": np.full(shape, instrument, dtype=object)}
    return {
        name: np.broadcast_to(value, shape).ravel() for name, value in {**keys, **values}.items()
    }
