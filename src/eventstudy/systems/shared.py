"""Cells on the sessions that all markets share, their returns compounded from one to the next."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import reduce
from typing import TYPE_CHECKING

import numpy as np

from eventstudy.formats import counted
from eventstudy.returns.losses import losses

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from eventstudy.returns.sample import Floats, Ints, ReturnKind, Sample

UNEQUAL = 1e-12
"""Largest difference between the regressors of two markets that is rounding."""


@dataclass(frozen=True, slots=True, eq=False)
class Shared:
    """The events that a system of m assets can hold.

    Attributes
    ----------
    events : ndarray of object, shape (E,)
        Their ids.
    assets : tuple of str, length m
        The assets.
    sample : Sample
        m x E cells, asset by asset, on one axis: the sessions common to all markets.
    refused : mapping of str to str
        Why an event is not among them, by id.
    least : int
        Fewest sessions of an estimation window with all returns.
    """

    events: NDArray[np.object_]
    assets: tuple[str, ...]
    sample: Sample
    refused: dict[str, str]
    least: int


def on_shared_sessions(
    sample: Sample, assets: Sequence[str], regressors: Sequence[str], least: int
) -> Shared | str:
    """Put the events of a study on the sessions that the markets of all its assets share.

    Parameters
    ----------
    sample : Sample
        N cells on the sessions of their own markets; column i of the panel is asset i.
    assets : sequence of str, length m
        The assets, in the order of the panel.
    regressors : sequence of str, length k
        Names of the regressors.
    least : int
        Fewest sessions of the estimation window with all returns.

    Returns
    -------
    Shared or str
        The cells; or why there is no system at all.

    Notes
    -----
    Returns and regressors are compounded over the sessions since the last common one, so that all
    assets are measured over the same time. A session on which one of them is missing is missing for
    all: every equation has the same rows. An event is refused where its day 0 differs between markets
    or where its day-0 return would hold sessions of one market on which another was closed.
    """
    axes = [sample.axes[number] for number in sample.column_axis]
    common = reduce(np.intersect1d, axes)
    rows = [np.searchsorted(axis, common) for axis in axes]
    kind = sample.returns
    panel = np.column_stack(
        [compounded(sample.panel[:, column], at, kind) for column, at in enumerate(rows)]
    )
    factors = [
        compounded(sample.factors[number], at, kind)
        for number, at in zip(sample.column_axis, rows, strict=True)
    ]
    unequal = max(np.nanmax(np.abs(each - factors[0]), initial=0.0) for each in factors)
    if unequal > UNEQUAL:
        return (
            f"the regressors {', '.join(regressors)} differ between the markets of the assets:"
            " equations with regressors of their own have no exact joint test"
        )
    whole = np.isfinite(panel).all(axis=1)
    whole &= np.logical_and.reduce([np.isfinite(each).all(axis=1) for each in factors])
    if not whole.any():
        return "there is no session on which all assets and all regressors have a return"
    held = slice(int(whole.argmax()), len(whole) - int(whole[::-1].argmax()))
    span = np.column_stack([np.diff(at, prepend=at[:1] - 1) for at in rows])
    cells = replace(
        sample,
        axes=(common[held],),
        panel=np.where(whole[:, None], panel, np.nan)[held],
        column_axis=np.zeros(len(assets), int),
        factors=factors[0][None, held],
        hidden=_hidden(sample, rows, held),
    )
    return _usable(_placed(sample, cells, assets, least), span[held], regressors)


def _hidden(sample: Sample, rows: Sequence[Ints], held: slice) -> NDArray[np.bool_] | None:
    """Return the common sessions whose return holds a hidden session of one of the markets."""
    if sample.hidden is None:
        return None
    found = np.zeros(len(rows[0]), bool)
    for number, at in zip(sample.column_axis, rows, strict=True):
        own = sample.hidden[number]
        found[1:] |= np.logical_or.reduceat(own[at[0] + 1 : at[-1] + 1], at[:-1] - at[0])
    return found[None, held]


def compounded(values: Floats, rows: Ints, kind: ReturnKind) -> Floats:
    """Return what a series returned from one of some sessions to the next.

    Parameters
    ----------
    values : ndarray, shape (T,) or (T, k)
        Returns session by session; NaN = missing.
    rows : ndarray of int, shape (C,)
        The sessions, ascending.
    kind : {'simple', 'log'}
        What the returns are.

    Returns
    -------
    ndarray, shape (C,) or (C, k)
        NaN on the first, and where a return in between is missing.
    """
    if len(rows) < 2 or not values[0].size:
        return np.full((len(rows), *values.shape[1:]), np.nan)
    inside = values[rows[0] + 1 : rows[-1] + 1]
    first = rows[:-1] - rows[0]
    simple = kind == "simple"
    total = (
        np.multiply.reduceat(1 + inside, first) - 1 if simple else np.add.reduceat(inside, first)
    )
    single = (np.diff(rows) == 1).reshape(-1, *(1,) * (values.ndim - 1))
    found = np.where(single, values[rows[1:]], total)
    return np.concatenate([np.full_like(found[:1], np.nan), found])


def _placed(sample: Sample, cells: Sample, assets: Sequence[str], least: int) -> Shared:
    """Return a cell for every asset and every event whose day 0 is one common session."""
    days = sample.dates(0)
    refused: dict[str, str] = {}
    day0: dict[str, int] = {}
    for name in dict.fromkeys(sample.event_ids.tolist()):
        mine = np.flatnonzero(sample.event_ids == name)
        reason = _apart(assets, dict(zip(sample.assets[mine], days[mine], strict=True)))
        if reason:
            refused[name] = reason
        elif days[mine[0]] not in cells.axes[0]:
            refused[name] = f"no return of all assets on day 0, {days[mine[0]]}"
        else:
            day0[name] = int(np.searchsorted(cells.axes[0], days[mine[0]]))
    m, events = len(assets), np.array(list(day0), dtype=object)
    placed = replace(
        cells,
        event_ids=np.tile(events, m),
        assets=np.repeat(np.array(assets, dtype=object), len(events)),
        column=np.repeat(np.arange(m), len(events)),
        day0=np.tile(np.array(list(day0.values()), dtype=int), m),
    )
    return Shared(events, tuple(assets), placed, refused, least)


def _apart(assets: Sequence[str], dates: dict[str, np.datetime64]) -> str:
    """Say why an event has no day 0 that all assets share; an empty text where it has one."""
    missing = [asset for asset in assets if asset not in dates]
    if missing:
        return f"not studied on {' and '.join(missing)}"
    if len(set(dates.values())) > 1:
        each = ", ".join(f"{dates[asset]} on {asset}" for asset in assets)
        return f"day 0 differs between the markets: {each}"
    return ""


def _usable(shared: Shared, span: Ints, regressors: Sequence[str]) -> Shared:
    """Refuse the events whose day 0 is no session like the others, or that lack returns."""
    sample, m, n = shared.sample, len(shared.assets), len(shared.events)
    reasons = losses(sample, regressors, shared.least).reshape(m, n)
    refused = dict(shared.refused)
    for position, name in enumerate(shared.events.tolist()):
        longer = span[sample.day0[position]] > 1
        which = int(np.argmax(longer))
        gap = (
            f"the return of {shared.assets[which]} on day 0 would hold"
            f" {counted(span[sample.day0[position], which], 'session')}: another market was closed before"
        )
        lost = [reason for reason in reasons[:, position].tolist() if reason]
        if longer.any() or lost:
            refused[name] = gap if longer.any() else lost[0]
    return keep(replace(shared, refused=refused))


def keep(shared: Shared) -> Shared:
    """Return the system without the events that are refused."""
    kept = np.array([name not in shared.refused for name in shared.events.tolist()], dtype=bool)
    return replace(
        shared,
        events=shared.events[kept],
        sample=shared.sample.select(np.tile(kept, len(shared.assets))),
    )
