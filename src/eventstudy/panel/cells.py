"""Events on the sessions of a panel: which can be studied, and with which regressors."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from eventstudy.errors import DataError, OptionError, did_you_mean
from eventstudy.formats import counted
from eventstudy.panel.levels import returns_of
from eventstudy.panel.models import build_model
from eventstudy.returns.losses import gaps
from eventstudy.returns.panel import shifted
from eventstudy.returns.sample import Sample
from eventstudy.sheets.series import SeriesTable, read_series
from eventstudy.sheets.units import decimals
from eventstudy.study.cells import fit_cells, ledger

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from eventstudy.ledger import Dropped
    from eventstudy.panel.events import Events
    from eventstudy.panel.job import Design, Inputs
    from eventstudy.panel.series import Series
    from eventstudy.returns.request import FactorRequest
    from eventstudy.returns.sample import Dates, Floats
    from eventstudy.spec import Choice
    from eventstudy.study.cells import Estimated

MARKET = "MARKET"
"""Name of the market's series when it comes from a table of its own."""

PERCENT = "--percent"
"""How the command line says that returns are in per cent."""

FURTHEST_DAYS = 12
"""Most days from an event to its session, unless sessions lie further apart: a long holiday."""


@dataclass(frozen=True, slots=True)
class Data:
    """Returns of assets and regressors, on the sessions of the assets.

    Attributes
    ----------
    assets : SeriesTable
        Returns, decimal.
    market : str
        Name of the market's series in `regressors`; empty when there is none.
    regressors : mapping of str to ndarray, shape (T,)
        Returns by name on the dates of `assets`; NaN = missing.
    notes : tuple of str
        What the user should know about the tables.
    """

    assets: SeriesTable
    market: str
    regressors: Mapping[str, Floats]
    notes: tuple[str, ...]


def read_beside(inputs: Inputs) -> Mapping[Path, SeriesTable]:
    """Read the tables of the market and of factors, where there are any.

    Raises
    ------
    DataError
        When a table cannot be used.
    """
    paths = (Path(inputs.market) if inputs.market else None, inputs.factors)
    return {path: read_series(path) for path in paths if path and path.is_file()}


def read_data(
    inputs: Inputs, source: Series, names: Sequence[str], beside: Mapping[Path, SeriesTable]
) -> Data:
    """Read the assets, and put market and factors on their sessions.

    Parameters
    ----------
    inputs : Inputs
        The tables.
    source : Series
        That of the assets.
    names : sequence of str
        The assets that are looked at, the market among them where it is a column.
    beside : mapping of pathlib.Path to SeriesTable
        The other tables.

    Raises
    ------
    DataError
        When a table cannot be used.
    OptionError
        When the market is neither a file nor a column, or two series have one name.
    """
    levels = source.series(names)
    assets = (
        returns_of(levels)
        if inputs.prices
        else decimals(levels, percent=inputs.percent, say=PERCENT)
    )
    found: dict[str, Floats] = {}
    notes: list[str] = []
    market = ""
    if inputs.market in levels.names and Path(inputs.market) not in beside:
        market = inputs.market
        found[market] = assets.values[:, assets.names.index(market)]
    elif inputs.market:
        _check_market(inputs, source.names, beside)
        own = beside[Path(inputs.market)]
        notes += _unused(own, assets)
        market, found[MARKET] = MARKET, _market(own, inputs, assets)
    if inputs.factors:
        factors = decimals(beside[inputs.factors], percent=inputs.percent, say=PERCENT)
        notes += _unused(factors, assets)
        for name, values in zip(factors.names, factors.on(assets.dates).T, strict=True):
            if name in found:
                raise OptionError(f"{inputs.factors} has a column {name}, as the market is called")
            found[name] = values
    return Data(assets, market, found, tuple(notes))


def _check_market(inputs: Inputs, names: Sequence[str], beside: Mapping[Path, SeriesTable]) -> None:
    """Raise where the market is neither a table nor a series, or might be both."""
    path = Path(inputs.market)
    if path not in beside:
        raise OptionError(
            f"--market {inputs.market} is neither a file nor a column of {inputs.returns}"
            f"{did_you_mean(inputs.market, names)}"
        )
    if MARKET in names:
        raise OptionError(
            f"{inputs.returns} has a column {MARKET}, as the series of {path} is called; say"
            f" --market {MARKET} to use the column, or rename it"
        )


def _market(own: SeriesTable, inputs: Inputs, assets: SeriesTable) -> Floats:
    """Return the market's returns from its own table on the dates of the assets, shape (T,)."""
    if len(own.names) != 1:
        raise DataError(
            f"{own.path} has the columns {', '.join(own.names)} beside the date; the table of the market"
            " has one, more belong into --factors"
        )
    if not inputs.prices:
        return decimals(own, percent=inputs.percent, say=PERCENT).on(assets.dates)[:, 0]
    # levels first: a session that the assets do not have must not take its return with it
    returns_of(own)
    levels = SeriesTable(own.path, assets.dates, own.names, own.on(assets.dates))
    return returns_of(levels).values[:, 0]


def _unused(series: SeriesTable, assets: SeriesTable) -> Iterator[str]:
    """Yield what to know of dates on which only one of two tables has a row."""
    inside = (series.dates >= assets.dates[0]) & (series.dates <= assets.dates[-1])
    extra = int(np.sum(~np.isin(series.dates[inside], assets.dates)))
    missing = int(np.sum(~np.isin(assets.dates, series.dates)))
    if extra:
        yield f"{counted(extra, 'date')} of {series.path} {'is no session' if extra == 1 else 'are no sessions'} of {assets.path}: not used"
    if missing:
        yield f"{counted(missing, 'session')} of {assets.path} {'is' if missing == 1 else 'are'} not in {series.path}: missing there"


def place(events: Events, data: Data, design: Design) -> tuple[Sample, tuple[Dropped, ...]]:
    """Put every event on its session: the first one on or after its date.

    Returns
    -------
    sample : Sample
        The events that have a session and an asset, without regressors.
    dropped : tuple of Dropped
        The others, once per model.
    """
    dates = data.assets.dates
    column_of = {name: number for number, name in enumerate(data.assets.names)}
    column = np.array([column_of.get(asset, -1) for asset in events.assets], dtype=np.int64)
    day0 = np.searchsorted(dates, events.dates)
    reasons = _misplaced(events, dates, column)
    sample = Sample(
        event_ids=events.event_ids,
        assets=events.assets,
        axes=(dates,),
        column=column,
        day0=day0,
        panel=data.assets.values,
        column_axis=np.zeros(len(data.assets.names), dtype=np.int64),
        factors=np.empty((1, len(dates), 0)),
        estimation=design.estimation,
        event_window=design.event_window,
    )
    lost = reasons != ""
    dropped = ledger(sample.select(lost), design.labels, "alignment", reasons[lost])
    return _narrow(sample.select(~lost)), dropped


def _narrow(sample: Sample) -> Sample:
    """Return the sample without the columns that no event looks at."""
    used, column = np.unique(sample.column, return_inverse=True)
    return replace(
        sample, panel=sample.panel[:, used], column=column, column_axis=sample.column_axis[used]
    )


def _misplaced(events: Events, dates: Dates, column: NDArray[np.int64]) -> NDArray[np.object_]:
    """Say which events have no asset or session, shape (N,); an empty text where all is well."""
    reasons = np.full(len(events), "", dtype=object)
    after = events.dates > dates[-1]
    session = dates[np.minimum(np.searchsorted(dates, events.dates), len(dates) - 1)]
    away = (session - events.dates).astype(int)
    usual = int(np.median(np.diff(dates).astype(int))) if len(dates) > 1 else 0
    far = ~after & (away > max(FURTHEST_DAYS, 2 * usual))
    reasons[far] = [
        f"the first session on or after the event is {day}, {counted(days, 'day')} later"
        for day, days in zip(session[far], away[far], strict=True)
    ]
    reasons[after] = f"no session on or after the event; the last is {dates[-1]}"
    reasons[column < 0] = "there are no returns of this asset"
    return reasons


def estimate(choice: Choice, sample: Sample, data: Data, design: Design) -> Estimated:
    """Fit one model to the events that have enough returns for it.

    Raises
    ------
    OptionError
        When the model needs a series that no table has.
    """
    model = build_model(choice, data.market)
    requests = model.inputs()
    names = tuple(dict.fromkeys(request.instrument for request in requests))
    found = {
        request.instrument: series
        for request in requests
        if (series := _series(request, data)) is not None
    }
    if missing := [name for name in names if name not in found]:
        known = ", ".join(data.regressors) or "none is given"
        raise OptionError(
            f"the model {model.name} needs the columns {', '.join(names)}; missing:"
            f" {', '.join(missing)} (of {known}); add them to the table of --factors"
        )
    regressors = np.empty((1, len(sample.panel), len(requests)))
    for position, request in enumerate(requests):
        regressors[0, :, position] = shifted(found[request.instrument], request.shift)
    sample = replace(sample, factors=regressors)
    return fit_cells(model, choice.label, sample, gaps(sample, len(requests), design.least))


def _series(request: FactorRequest, data: Data) -> Floats | None:
    """Return one regressor; an asset may be the benchmark of others, never a factor by its name."""
    if request.instrument in data.regressors:
        return data.regressors[request.instrument]
    if request.kind == "return" or request.instrument not in data.assets.names:
        return None
    return data.assets.values[:, data.assets.names.index(request.instrument)]
