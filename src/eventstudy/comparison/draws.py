"""Relabelled events: pseudo-dates for every cell of some assets, and the statistics on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from eventstudy.comparison.relabelling import clusters, pseudo_dates
from eventstudy.comparison.sessions import standing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from numpy.typing import NDArray

    from eventstudy.comparison.strata import Strata
    from eventstudy.comparison.trial import Group, Trial
    from eventstudy.models.base import Floats
    from eventstudy.returns.sample import Ints

    _Stratum = tuple[tuple[str, ...], tuple[str, int]]


@dataclass(frozen=True, slots=True, eq=False)
class _Clock:
    """Day 0 of E events on one axis, and of their n cells relative to it.

    Attributes
    ----------
    days : ndarray of int, shape (E,)
        Day 0 on the clock.
    event : ndarray of int, shape (n,)
        Event of each cell.
    late : ndarray of int, shape (n,)
        Sessions of the cell's own axis by which its day 0 is later than the clock's.
    onto : mapping of str to ndarray of int, shape (T,)
        By asset: first session of its axis on or after each session of the clock.
    """

    days: Ints
    event: Ints
    late: Ints
    onto: Mapping[str, Ints]


@dataclass(frozen=True, slots=True, eq=False)
class Days:
    """What the sessions of each asset hold for a draw.

    Attributes
    ----------
    values : mapping of str to ndarray, shape (n_a, W)
        By asset: the standardised CARs of every session.
    strata : mapping of str to Strata
        By asset: which sessions are alike, and which of them are candidates.
    """

    values: Mapping[str, Floats]
    strata: Mapping[str, Strata]


@dataclass(frozen=True, slots=True, eq=False)
class Moves:
    """Where n cells may be moved, and what they find there: all that draws need, fit to be sent.

    Attributes
    ----------
    rows : ndarray of int, shape (n,)
        The cells.
    assets : ndarray of object, shape (n,)
        Their assets.
    clock : _Clock
        Their events.
    cluster : ndarray of int, shape (E,)
        Cluster of each event.
    pools : list of ndarray of int
        By cluster: the days of the clock to which it may move.
    at : mapping of str to ndarray of int
        By asset: see :attr:`EverySession.at`.
    values : mapping of str to ndarray, shape (n_a + 1, W)
        By asset: the standardised CARs of every session, and NaN.
    missing : ndarray of bool, shape (n, W)
        Windows on which a cell itself has no number.
    """

    rows: Ints
    assets: NDArray[np.object_]
    clock: _Clock
    cluster: Ints
    pools: list[Ints]
    at: Mapping[str, Ints]
    values: Mapping[str, Floats]
    missing: NDArray[np.bool_]

    def positions(self, draws: int, rng: np.random.Generator) -> Ints:
        """Return where the cells stand among the sessions of their assets in every draw, (n, draws)."""
        clock = self.clock
        pseudo = pseudo_dates(clock.days, self.cluster, self.pools, draws, rng).T
        moved = np.empty((len(self.rows), draws), int)
        for asset, onto in clock.onto.items():
            cells = np.flatnonzero(self.assets == asset)
            day = pseudo[clock.event[cells]]
            session = np.append(onto, 0)[np.minimum(day, len(onto))] + clock.late[cells, None]
            session[day >= len(onto)] = -1
            moved[cells] = standing(self.at[asset], session)
        return moved

    def relabelled(self, draws: int, rng: np.random.Generator) -> Iterator[tuple[int, Floats]]:
        """Yield every cell with its standardised CARs on drawn pseudo-dates, shape (draws, W)."""
        moved = self.positions(draws, rng)
        for number, row in enumerate(self.rows.tolist()):
            values = self.values[self.assets[number]].take(moved[number], axis=0)
            values[:, self.missing[number]] = np.nan
            yield row, values


def moves_of(trial: Trial, rows: Ints, days: Days) -> Moves:
    """Return where some cells may be moved; the parameters are those of :func:`relabelled`."""
    clock = _clock(trial, rows)
    cluster = clusters(clock.days, span_of(trial))
    values = {
        asset: np.vstack([value, np.full(value.shape[1], np.nan)])
        for asset, value in days.values.items()
    }
    assets = trial.sample.assets[rows]
    own = [
        values[asset][trial.every[asset].positions(day0)]
        for asset, day0 in zip(assets, trial.sample.day0[rows], strict=True)
    ]
    return Moves(
        rows=rows,
        assets=assets,
        clock=clock,
        cluster=cluster,
        pools=_pools(trial, rows, clock, cluster, days),
        at={asset: trial.every[asset].at for asset in clock.onto},
        values=values,
        missing=~np.isfinite(np.array(own)),
    )


def relabelled(
    trial: Trial, rows: Ints, days: Days, *, draws: int, rng: np.random.Generator
) -> Iterator[tuple[int, Floats]]:
    """Yield every cell with its standardised CARs on drawn pseudo-dates, shape (draws, W).

    A window on which the cell itself has no number has none on the pseudo-dates either, so that a mean
    over drawn cells is over as many as the mean that it is compared with.

    Parameters
    ----------
    trial : Trial
        The study.
    rows : ndarray of int, shape (n,)
        The cells; those of one event get one date on all assets.
    days : Days
        Where an event may move: to the candidates in the stratum of the first of its assets that has
        one, on which all of its assets have their CARs.
    draws : int
        B.
    rng : numpy.random.Generator
        Source of the draws.
    """
    return moves_of(trial, rows, days).relabelled(draws, rng)


def drawn_positions(
    trial: Trial, rows: Ints, days: Days, *, draws: int, rng: np.random.Generator
) -> Ints:
    """Return where the cells stand among the sessions of their assets in every draw, (draws, n).

    A cell whose pseudo-date is no session with a model has the number of sessions as its position.
    The parameters are those of :func:`relabelled`.
    """
    return moves_of(trial, rows, days).positions(draws, rng).T


def span_of(trial: Trial) -> int:
    """Return the sessions from the first to the last of all tested windows."""
    windows = trial.cars.windows
    return max(w.end for w in windows) - min(w.start for w in windows) + 1


def mean_by_group(
    drawn: Iterable[tuple[int, Floats]], groups: Mapping[Group, Ints]
) -> dict[Group, Floats]:
    """Return the mean over the cells of each group, shape (B, W); NaN where none has a number."""
    of_cell: dict[int, list[Group]] = {}
    for key, members in groups.items():
        for row in members.tolist():
            of_cell.setdefault(row, []).append(key)
    totals: dict[Group, Floats] = {}
    counts: dict[Group, Floats | float] = {}
    for row, values in drawn:
        here = np.isfinite(values)
        whole = here.all()
        filled = values if whole else np.where(here, values, 0.0)
        for key in of_cell.get(row, ()):
            total = totals.setdefault(key, np.zeros(values.shape))
            total += filled
            counts[key] = counts.get(key, 0.0) + (1.0 if whole else here)
    return {
        key: np.divide(
            total, counts[key], out=np.full(total.shape, np.nan), where=np.asarray(counts[key]) > 0
        )
        for key, total in totals.items()
    }


def _clock(trial: Trial, rows: Ints) -> _Clock:
    """Put the events of some cells on the axis of the first of their assets."""
    sample = trial.sample
    dates = sample.dates(0)[rows]
    names, event = np.unique(sample.event_ids[rows].astype(str), return_inverse=True)
    first = np.full(len(names), np.datetime64("9999-12-31", "D"))
    np.minimum.at(first, event, dates)
    sessions = sample.axes[sample.axis[rows[0]]]
    days = np.minimum(np.searchsorted(sessions, first), len(sessions) - 1)
    onto = {
        asset: np.searchsorted(trial.every[asset].sessions, sessions)
        for asset in dict.fromkeys(sample.assets[rows])
    }
    start = np.array([onto[a][d] for a, d in zip(sample.assets[rows], days[event], strict=True)])
    return _Clock(days, event, sample.day0[rows] - start, onto)


def room(trial: Trial, rows: Ints, days: Days) -> Ints:
    """Return how many candidate days there are for each cell to move to, its own not counted, (n,).

    The parameters are those of :func:`relabelled`.
    """
    clock = _clock(trial, rows)
    cluster = clusters(clock.days, span_of(trial))
    keys, _ = _strata_of(trial, rows, clock, cluster, days)
    size = {key: len(_candidates(trial, clock, days, key)) for key in dict.fromkeys(keys)}
    found: Ints = np.array([size[key] for key in keys])[cluster[clock.event]]
    return found


def _pools(trial: Trial, rows: Ints, clock: _Clock, cluster: Ints, days: Days) -> list[Ints]:
    """Return the days of the clock to which each cluster may move, its own day among them."""
    keys, first = _strata_of(trial, rows, clock, cluster, days)
    known = {key: _candidates(trial, clock, days, key) for key in dict.fromkeys(keys)}
    own = {key: [day for day, k in zip(first, keys, strict=True) if k == key] for key in known}
    return [np.union1d(known[key], own[key]).astype(int) for key in keys]


def _strata_of(
    trial: Trial, rows: Ints, clock: _Clock, cluster: Ints, days: Days
) -> tuple[list[_Stratum], list[int]]:
    """Return the stratum of the first event of each cluster with all its assets, and its day."""
    assets, of_cell = trial.sample.assets[rows], cluster[clock.event]
    keys: list[_Stratum] = []
    first: list[int] = []
    for number in range(cluster.max() + 1):
        first.append(int(clock.days[cluster == number].min()))
        members = tuple(dict.fromkeys(assets[of_cell == number]))
        labels = [(asset, _label(trial, clock, days, asset, first[-1])) for asset in members]
        keys.append((members, next((each for each in labels if each[1] >= 0), labels[0])))
    return keys, first


def _label(trial: Trial, clock: _Clock, days: Days, asset: str, day: int) -> int:
    """Return the stratum of a day of the clock by the state of one asset; -1 for none."""
    position = trial.every[asset].positions(clock.onto[asset][[day]])[0]
    label = days.strata[asset].label
    return int(label[position]) if position < len(label) else -1


def _candidates(trial: Trial, clock: _Clock, days: Days, key: _Stratum) -> Ints:
    """Return the candidates of one stratum on which every one of the assets has its CARs."""
    members, (asset, label) = key
    usable = np.ones(len(next(iter(clock.onto.values()))), bool)
    for each in members:
        every = trial.every[each]
        position = every.positions(clock.onto[each])
        whole = np.append(np.isfinite(every.cars.car).all(axis=1), False)
        usable &= whole[position]
    group = days.strata[asset]
    wanted = np.append(group.candidate & ((group.label == label) | (label < 0)), False)
    return np.flatnonzero(usable & wanted[trial.every[asset].positions(clock.onto[asset])])


def two_sided(observed: Floats, drawn: Floats) -> Floats:
    """Return (1 + #{|t*| >= |t|}) / (B + 1) by column; NaN where t is, shape (W,)."""
    known = np.isfinite(drawn)
    at_least = (known & (np.abs(np.where(known, drawn, 0.0)) >= np.abs(observed))).sum(axis=0)
    p_value: Floats = np.where(
        np.isfinite(observed), (1 + at_least) / (known.sum(axis=0) + 1), np.nan
    )
    return p_value
