"""Joint statistics among other days: all assets moved together to dates like the event's."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from eventstudy.aggregate import moments
from eventstudy.comparison import (
    Trial,
    deviations,
    every_session,
    mean_by_group,
    relabelled,
    strata,
)
from eventstudy.comparison.draws import Days, room
from eventstudy.inference import _laws as laws
from eventstudy.placebo._placebo import FEWEST, confined

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from eventstudy.comparison import EverySession, Strata
    from eventstudy.comparison.sessions import Scale
    from eventstudy.models.base import Floats, Model
    from eventstudy.placebo.placebo import Placebo
    from eventstudy.regressions.joint import Tested
    from eventstudy.returns.sample import Dates, Ints
    from eventstudy.spec import Window
    from eventstudy.systems.shared import Shared

TIE = 1e-9
"""Two statistics that differ by no more than this share of themselves are equal."""


@dataclass(frozen=True, slots=True, eq=False)
class Everyday:
    """The sessions that all assets share, each taken for an event day.

    Attributes
    ----------
    shared : Shared
        E events on m assets.
    every : mapping of str to EverySession
        By asset: the CARs of every session.
    strata : Strata
        Which sessions are alike, by the state of the first asset, and which are candidates.
    trial : Trial
        The events on the first asset alone: what moves them.
    scale : {'deviation', 'ewma', 'none'}
        What combinations of CARs are divided by.
    """

    shared: Shared
    every: Mapping[str, EverySession]
    strata: Strata
    trial: Trial
    scale: Scale

    @property
    def first(self) -> EverySession:
        """The sessions of the first asset."""
        return self.every[self.shared.assets[0]]

    @property
    def own(self) -> Ints:
        """Positions of the events among the sessions, shape (E,)."""
        return self.first.positions(self.trial.sample.day0)


@dataclass(frozen=True, slots=True, eq=False)
class Relabelled:
    """One joint statistic of E events and of groups of them over W windows.

    Attributes
    ----------
    events : tuple of ndarray, shape (E, W)
        Statistic, p-value and law; NaN where there are too few days.
    days : ndarray of int, shape (E, W)
        K, candidate days of each event.
    groups : mapping of str to tuple of ndarray, shape (W,)
        The same of groups.
    confined : mapping of str to str
        Why the events of a group cannot be moved; an empty text where they can.
    """

    events: Tested
    days: Ints
    groups: Mapping[str, Tested]
    confined: Mapping[str, str]


def everyday(
    shared: Shared, model: Model, windows: Sequence[Window], options: Placebo, known: Dates
) -> Everyday:
    """Ask the question of the events on every session that the markets share.

    Parameters
    ----------
    shared : Shared
        The events, one at least.
    model : Model
        The expected-return model.
    windows : sequence of Window
        W windows.
    options : Placebo
        Strata, zone of exclusion and scale.
    known : ndarray of datetime64[D]
        Day 0 of every known event in any market.
    """
    sample, asset = shared.sample, shared.assets[0]
    every = every_session(sample, model, windows, least=shared.least)
    inside = (known >= sample.axes[0][0]) & (known <= sample.axes[0][-1])
    catalogue = np.unique(np.searchsorted(sample.axes[0], known[inside]))
    first, own = every[asset], sample.select(sample.assets == asset)
    alike = strata(first, catalogue, by=options.by, exclude=options.exclude)
    cars = first.cars.select(first.positions(own.day0))
    trial = Trial(own, model, cars, {}, {asset: first}, (catalogue,))
    return Everyday(shared, every, alike, trial, options.scale)


def relabel(
    everyday: Everyday,
    combinations: Floats,
    groups: Mapping[str, Ints],
    draws: int,
    rng: np.random.Generator,
) -> Relabelled:
    """Hold combinations of the effects on several assets against the same on other days.

    Parameters
    ----------
    everyday : Everyday
        The events and every other session.
    combinations : ndarray, shape (q, m)
        Combinations of the m effects that are zero under the null hypothesis.
    groups : mapping of str to ndarray of int
        Positions of the events of each group.
    draws : int
        B, relabellings of the groups.
    rng : numpy.random.Generator
        Source of the draws.

    Notes
    -----
    z: each combination of CARs over sqrt(L) times the standard deviation of the same combination of
    the 20 returns before the window, or before day 0 (or as `scale` has it). Q = z'V^-1 z with V the mean of zz' over the
    days, or draws, that the event is compared with. One event: p = (1 + #{Q_c >= Q}) / (K + 1) over the
    K candidates of its stratum. A group: Q of its mean z, p = (1 + #{Q* >= Q}) / (B + 1) over
    relabellings that give an event the same date in all markets.
    """
    z = standardised(everyday, combinations)
    own, q = z[everyday.own], len(combinations)
    events, days = _events(everyday, z, own)
    drawn, free = _drawn(everyday, z, groups, draws, rng) if groups else ({}, everyday.own)
    held = {name: confined(free[rows]) for name, rows in groups.items()}
    each = {
        name: _group(own[rows], drawn[name].reshape(draws, -1, q), _only(events, rows))
        for name, rows in groups.items()
    }
    each = {
        name: (tested[0], np.full(len(tested[1]), np.nan), tested[2])
        if held[name] and len(groups[name]) > 1
        else tested
        for name, tested in each.items()
    }
    return Relabelled(events, days, each, held)


def standardised(everyday: Everyday, combinations: Floats) -> Floats:
    """Return the standardised combinations of CARs of every session, shape (n, W, q)."""
    first, cars = everyday.first, everyday.first.cars
    parts = []
    for asset in everyday.shared.assets:
        each = everyday.every[asset]
        padded = np.vstack([each.cars.car, np.full(cars.car.shape[1], np.nan)])
        parts.append(padded[each.positions(first.day0)])
    total = np.einsum("anw,qa->nwq", np.array(parts), combinations)
    deviation = _deviations(everyday, combinations)
    found: Floats = np.divide(
        total, deviation, out=np.full(total.shape, np.nan), where=deviation > 0
    )
    return found


def _deviations(everyday: Everyday, combinations: Floats) -> Floats:
    """Return what the combinations of CARs are divided by, shape (n, W, q)."""
    cells, windows = everyday.first.cells, everyday.first.cars.windows
    q = len(combinations)
    combined = replace(cells, panel=cells.panel @ combinations.T, column_axis=cells.column_axis[:q])
    each = [replace(combined, column=np.full(len(cells), column)) for column in range(q)]
    return np.stack([deviations(one, windows, everyday.scale) for one in each], axis=2)


def _events(everyday: Everyday, z: Floats, own: Floats) -> tuple[Tested, Ints]:
    """Test every event among the candidates of its stratum."""
    shape = own.shape[:2]
    statistic, at_least, k = np.full(shape, np.nan), np.zeros(shape, int), np.zeros(shape, int)
    group = everyday.strata
    for stratum in range(len(group.names)):
        rows = np.flatnonzero(group.label[everyday.own] == stratum)
        pool = z[group.candidate & (group.label == stratum)]
        for window in range(shape[1]) if len(rows) else ():
            days = pool[np.isfinite(pool[:, window]).all(axis=1), window]
            if len(days) < FEWEST:
                continue
            spread = _spread(days)
            statistic[rows, window] = value = _distance(own[rows, window], spread)
            others = _distance(days, spread)
            k[rows, window] = len(days)
            at_least[rows, window] = (others >= value[:, None] * (1 - TIE)).sum(axis=1)
    p_value = np.where(np.isfinite(statistic), (1 + at_least) / (k + 1), np.nan)
    return (statistic, p_value, laws.named("placebo", k)), k


def _spread(values: Floats) -> Floats:
    """Return the mean of zz' over the first axis, shape (..., q, q)."""
    found: Floats = np.einsum("k...i,k...j->...ij", values, values) / len(values)
    return found


def _distance(values: Floats, spread: Floats) -> Floats:
    """Return z'V^-1 z, (n, ...)."""
    found: Floats = np.einsum("...i,...ij,...j->...", values, np.linalg.inv(spread), values)
    return found


def _drawn(
    everyday: Everyday,
    z: Floats,
    groups: Mapping[str, Ints],
    draws: int,
    rng: np.random.Generator,
) -> tuple[dict[str, Floats], Ints]:
    """Return the mean z of each group in every relabelling, (B, W q), and each event's days to move to."""
    asset, trial = everyday.shared.assets[0], everyday.trial
    keys = {(name, asset): members for name, members in groups.items()}
    days = Days({asset: z.reshape(len(z), -1)}, {asset: everyday.strata})
    rows = np.arange(len(trial.sample))
    means = mean_by_group(relabelled(trial, rows, days, draws=draws, rng=rng), keys)
    return {name: means[name, asset] for name in groups}, room(trial, rows, days)


def _only(events: Tested, rows: Ints) -> Tested:
    """Return the tests of some events."""
    statistic, p_value, law = events
    return statistic[rows], p_value[rows], law[rows]


def _group(own: Floats, drawn: Floats, events: Tested) -> Tested:
    """Test the mean of a group over its events; where it has one, this is that event's test.

    Parameters
    ----------
    own : ndarray, shape (n, W, q)
        Standardised combinations of its events.
    drawn : ndarray, shape (B, W, q)
        Their mean in every relabelling.
    events : tuple of ndarray, shape (n, W)
        Statistic, p-value and law of each event.
    """
    n, mean, _ = moments(own.reshape(len(own), -1))
    n, mean = n.reshape(own.shape[1:])[:, 0], mean.reshape(own.shape[1:])
    known = np.isfinite(drawn).all(axis=(0, 2)) & (n > 0)
    statistic, p_value = np.full((2, len(n)), np.nan)
    spread = _spread(drawn[:, known])
    statistic[known] = value = _distance(mean[known], spread)
    at_least = (_distance(drawn[:, known], spread) >= value * (1 - TIE)).sum(axis=0)
    p_value[known] = (1 + at_least) / (len(drawn) + 1)
    law = np.where(known, f"relabelled({len(drawn)})", "").astype(object)
    for window in np.flatnonzero(n == 1):
        only = int(np.isfinite(own[:, window, 0]).argmax())
        statistic[window], p_value[window], law[window] = (part[only, window] for part in events)
    return statistic, p_value, law
