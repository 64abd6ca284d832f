"""Which cells (event x asset) a study has, and which of them it loses."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from eventstudy.alignment import exchange
from eventstudy.errors import EventError
from eventstudy.formats import counted
from eventstudy.ledger import Dropped
from eventstudy.models.base import bridges_gaps
from eventstudy.registry import build
from eventstudy.returns.losses import losses
from eventstudy.returns.panel import Quotes, asset_panel, factor_panel, on_sessions, own_returns
from eventstudy.returns.sample import Sample, bridge

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from eventstudy.alignment import AlignedEvents, Exchange
    from eventstudy.models.base import Fit, Model
    from eventstudy.returns.sample import Dates, Floats
    from eventstudy.sources.base import Prices
    from eventstudy.spec import Choice, Study


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of a study before any model.

    Attributes
    ----------
    sample : Sample
        N cells without regressors.
    markets : tuple of Exchange
        The exchange of each session axis.
    dropped : tuple of Dropped
        Cells whose event has no session, once per model.
    """

    sample: Sample
    markets: tuple[Exchange, ...]
    dropped: tuple[Dropped, ...]


@dataclass(frozen=True, slots=True)
class Estimated:
    """What survives one model.

    Attributes
    ----------
    sample : Sample
        The cells on which the model could be estimated.
    fit : Fit
        Its estimates for them.
    dropped : tuple of Dropped
        The other cells, with the reason.
    """

    sample: Sample
    fit: Fit
    dropped: tuple[Dropped, ...]


def quote(study: Study, prices: Prices) -> Quotes:
    """Put prices beside the sessions of each instrument's exchange."""
    codes = {name: study.instruments[name].calendar for name in prices.instruments}
    return Quotes(prices, {name: exchange(code) for name, code in codes.items()}, study.returns)


def place_cells(study: Study, aligned: AlignedEvents, quotes: Quotes) -> Cells:
    """Put every event on every asset that the study asks for."""
    markets = tuple(exchange(code) for code in aligned.calendars)
    axes = tuple(market.sessions for market in markets)
    column_axis = np.array(
        [aligned.calendars.index(study.instruments[asset].calendar) for asset in study.assets]
    )
    keys = [
        (row, study.assets.index(asset))
        for row, event in enumerate(study.events)
        for asset in study.assets_of(event)
    ]
    event, column = np.array(keys, dtype=int).reshape(-1, 2).T
    axis = column_axis[column]
    session, reason = aligned.session[event, axis], aligned.reason[event, axis]
    placed = ~np.isnat(session)
    day0 = np.zeros(len(session), int)
    for number, days in enumerate(axes):
        here = placed & (axis == number)
        day0[here] = np.searchsorted(days, session[here])
    sample = Sample(
        event_ids=np.array(aligned.event_ids, object)[event],
        assets=np.array(study.assets, object)[column],
        axes=axes,
        column=column,
        day0=day0,
        panel=_panel(study, quotes, axes, column_axis),
        column_axis=column_axis,
        factors=factor_panel(quotes, (), markets),
        estimation=study.estimation,
        event_window=study.event_window,
        returns=study.returns,
    )
    labels = [choice.label for choice in study.models]
    dropped = ledger(sample.select(~placed), labels, "alignment", reason[~placed])
    return Cells(sample.select(placed), markets, dropped)


def _panel(
    study: Study, quotes: Quotes, axes: Sequence[Dates], column_axis: NDArray[np.int64]
) -> Floats:
    """Return the returns of the study's assets on their own sessions."""

    def returns(asset: str, days: Dates) -> Floats:
        return own_returns(quotes, asset, days)

    return asset_panel(study.assets, column_axis.tolist(), axes, returns)


def with_history(study: Study, cells: Cells) -> Sample:
    """Return the cells whose asset has the returns that a model without regressors needs."""
    return cells.sample.select(losses(cells.sample, (), study.min_observations) == "")


def estimate(study: Study, choice: Choice, cells: Cells, quotes: Quotes) -> Estimated:
    """Fit one model to the cells that have the returns for it."""
    model: Model = build("eventstudy.models", choice.name, choice.options, kind="model")
    requests = model.inputs()
    sample = replace(cells.sample, factors=factor_panel(quotes, requests, cells.markets))
    counted = sample
    if bridges_gaps(model):
        levels = _levels(study, quotes, cells.sample)
        sample = replace(sample, levels=levels)
        counted = replace(sample, panel=_bridged(levels))
    names = [request.label for request in requests]
    return fit_cells(model, choice.label, sample, losses(counted, names, study.min_observations))


def _levels(study: Study, quotes: Quotes, sample: Sample) -> Floats:
    """Return the logarithms of the closes of the study's assets on their own sessions."""

    def levels(asset: str, days: Dates) -> Floats:
        logs: Floats = np.log(on_sessions(quotes.prices, asset, days))
        return logs

    return asset_panel(study.assets, sample.column_axis.tolist(), sample.axes, levels)


def _bridged(levels: Floats) -> Floats:
    """Return the returns from trade to trade, each on the session of the later trade, shape (T, S)."""
    return np.vstack([np.full((1, levels.shape[1]), np.nan), bridge(levels.T)[0].T])


def fit_cells(model: Model, label: str, sample: Sample, reasons: NDArray[np.object_]) -> Estimated:
    """Fit one model to the cells against which there is no reason.

    Parameters
    ----------
    model : Model
        The model.
    label : str
        Name under which it is run.
    sample : Sample
        N cells with the regressors of the model.
    reasons : ndarray of object, shape (N,)
        Why a cell cannot be studied; an empty text where it can.
    """
    for request in model.inputs():
        own = sample.assets == request.instrument
        reasons = np.where(own, f"{request.instrument} would be its own benchmark", reasons)
    bare = ledger(sample.select(reasons != ""), [label], "returns", reasons[reasons != ""])
    sample = sample.select(reasons == "")
    fit = model.fit(sample.estimable)
    failed = fit.failures != ""
    lost = ledger(sample.select(failed), [label], "estimation", fit.failures[failed])
    if failed.any():
        sample = sample.select(~failed)
        fit = model.fit(sample.estimable)
    return Estimated(sample, fit, (*bare, *lost))


def ledger(
    sample: Sample, labels: Sequence[str], stage: str, reasons: NDArray[np.object_]
) -> tuple[Dropped, ...]:
    """Return the entries of lost cells, once per model.

    Parameters
    ----------
    sample : Sample
        The n lost cells.
    labels : sequence of str
        Labels of the models.
    stage : str
        Where they were lost, see :class:`~eventstudy.ledger.Dropped`.
    reasons : ndarray of object, shape (n,)
        Why.
    """
    return tuple(
        Dropped(event_id, asset, label, stage, reason)
        for event_id, asset, reason in zip(sample.event_ids, sample.assets, reasons, strict=True)
        for label in labels
    )


def check_losses(study: Study, studied: Sequence[Estimated], dropped: Sequence[Dropped]) -> None:
    """Stop a study that has lost too many of its events.

    Raises
    ------
    EventError
        When more than ``max_dropped`` of the events have no surviving cell, or none has.
    """
    alive = {event_id for part in studied for event_id in part.sample.event_ids}
    lost = [event.id for event in study.events if event.id not in alive]
    if alive and len(lost) <= study.max_dropped * len(study.events):
        return
    reasons = dict.fromkeys((drop.event_id, drop.asset, drop.reason) for drop in dropped)
    listed = "\n".join(
        f"  {event_id}, {asset}: {reason}"
        for event_id, asset, reason in reasons
        if event_id in lost
    )
    allowed = f"more than max_dropped = {study.max_dropped:g} allows" if alive else "none is left"
    raise EventError(
        f"{len(lost)} of {counted(len(study.events), 'event')} cannot be studied, {allowed}:\n{listed}\n"
        "change their dates, the source or the estimation window"
        f"{', or raise max_dropped' if alive else ''}"
    )
