"""What came after the events beside what came after matched days, as columns of frames."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np

from eventstudy.aggregate import moments, quantiles
from eventstudy.comparison.relabelling import clusters
from eventstudy.reversal.effect import LIMITED, effect
from eventstudy.reversal.horizons import SESSIONS, Horizons, horizons
from eventstudy.reversal.lasting import ENDS, draw_sets, lasting
from eventstudy.reversal.matched import matched
from eventstudy.reversal.slope import slope
from eventstudy.study import frames

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from eventstudy.comparison import Trial
    from eventstudy.placebo.base import Comparison
    from eventstudy.returns.sample import Ints
    from eventstudy.reversal.effect import Effect
    from eventstudy.reversal.lasting import Beside, Lasting, Sets
    from eventstudy.reversal.matched import Matched
    from eventstudy.spec import Study
    from eventstudy.study.analysis import Analysis
    from eventstudy.study.frames import Columns, Group

DRAWS = 1_999
"""Sets of matched days, and relabellings of the events, behind every number of this module."""

POOLED = "the assets are pooled, and these are numbers of one asset"
"""Why a group of several assets has neither horizons nor projections."""

BY_RULE = "chosen_by_a_rule"
"""Group of the events that a rule brought in, in the frames of the aftermath."""

SLOPES = (1, 5, 10, 20)
"""Horizons k of the regressions of C_k on A_0."""


@dataclass(frozen=True, slots=True, eq=False)
class Aftermath:
    """One model's comparison with matched days.

    Attributes
    ----------
    candidates : mapping of str to ndarray of bool
        By asset: which sessions lie away from every event.
    found : Matched
        The days among them that each cell is compared with.
    sets : mapping of (group, asset) to tuple
        Cells of each group that have a reaction and matched days, with sets of such days.
    """

    candidates: Mapping[str, NDArray[np.bool_]]
    found: Matched
    sets: Mapping[Group, tuple[Ints, Sets]]


def aftermath(
    study: Study, trial: Trial, comparison: Comparison, rng: np.random.Generator
) -> Aftermath:
    """Find and draw the days with which reversals are compared."""
    days = {asset: group.candidate for asset, group in comparison.days.strata.items()}
    found = alike(study, trial, days)
    ready = found.ready
    sets = {}
    groups = {**trial.groups, **_by_rule(study, trial)}
    for key, rows in groups.items() if found.own.later.shape[1] else ():
        usable = rows[ready[rows]]
        if len(usable):
            sets[key] = usable, draw_sets(found, trial.sample.assets, usable, DRAWS, rng)
    return Aftermath(days, found, sets)


def _by_rule(study: Study, trial: Trial) -> dict[Group, Ints]:
    """Return the cells of the events that a rule brought in, by asset, where others are remembered."""
    chosen = {event.id for event in study.events if event.selection == "rule"}
    ruled = np.isin(trial.sample.event_ids.astype(str), sorted(chosen))
    if ruled.all():
        return {}
    rows = {asset: np.flatnonzero(ruled & (trial.sample.assets == asset)) for asset in trial.every}
    return {(BY_RULE, asset): found for asset, found in rows.items() if len(found)}


def alike(study: Study, trial: Trial, days: Mapping[str, NDArray[np.bool_]]) -> Matched:
    """Match every cell with some of the days of its asset, under the price limits of its market."""
    limits = {asset: LIMITED.get(study.instruments[asset].calendar) for asset in trial.every}
    return matched(trial, days, limits)


def reactions(study: Study, part: Analysis) -> Effect:
    """Return reaction and aftermath of every cell, each asset under the price limits of its market."""
    own = effect(part.abnormal)
    for asset in study.assets:
        limit = LIMITED.get(study.instruments[asset].calendar)
        rows = np.flatnonzero(part.abnormal.assets == asset)
        if limit is not None and len(rows):
            held = effect(part.abnormal.select(rows), limit)
            for name in own.__slots__:
                getattr(own, name)[rows] = getattr(held, name)
    return own


def drift_columns(label: str, part: Analysis, own: Effect, after: Aftermath | None) -> Columns:
    """Return the signed drift and the give-back of every cell beside those of its matched days."""
    length = own.later.shape[1]
    usual, low, high = np.full((3, *own.later.shape), np.nan)
    count = np.zeros(own.later.shape, int)
    pools = after.found.pools if after else ()
    for row, pool in enumerate(pools):
        if after and len(pool) and length:
            signed = after.found.beside(row, part.abnormal.assets[row], pool).signed
            count[row], usual[row], _ = moments(signed)
            low[row], high[row] = quantiles(signed, ENDS)
    values = {
        "k": np.arange(1, length + 1),
        "signed_drift": own.signed,
        "give_back_share": own.give_back,
        "matched_drift": usual,
        "matched_low": low,
        "matched_high": high,
        "matched_n": count,
    }
    return frames.by_cell(label, part.abnormal, values)


def lasting_columns(
    label: str, trial: Trial, after: Aftermath, level: float
) -> Iterator[tuple[Columns, Columns]]:
    """Yield, group by group, the rows of the frames ``lasting`` and ``returning``."""
    for key, (rows, sets) in after.sets.items():
        apart = _clusters(trial, rows, sets.later.shape[2] + 1)
        found = lasting(after.found.own.select(rows), sets, apart, level)
        yield _lasting(label, key, found, apart), _returning(label, key, found)


def _clusters(trial: Trial, rows: Ints, span: int) -> int:
    """Return the number of clusters of events; `span` sessions apart they share none."""
    sample = trial.sample
    sessions = sample.axes[sample.axis[rows[0]]]
    return int(clusters(np.searchsorted(sessions, sample.dates(0)[rows]), span).max()) + 1


def _lasting(label: str, key: Group, found: Lasting, apart: int) -> Columns:
    """Return the rows of one group in the frame ``lasting``."""
    length = len(found.n)
    return {
        **frames.by_group(label, key, length),
        "k": np.arange(1, length + 1),
        "n": found.n,
        "effective_n": np.full(length, apart),
        **beside_columns("drift", found.drift),
        "drift_joint_p": np.full(length, found.joint_p),
        **beside_columns("reversed", found.reversed_share),
        **beside_columns("give_back", found.give_back),
        "fieller_low": found.fieller[:, 0],
        "fieller_high": found.fieller[:, 1],
    }


def _returning(label: str, key: Group, found: Lasting) -> Columns:
    """Return the rows of one group in the frame ``returning``."""
    parts = {
        "half": (found.half_life, found.returned_half),
        "full": (found.retracement, found.returned_full),
    }
    time = [beside_columns("median", each) for each, _ in parts.values()]
    share = [beside_columns("share", each) for _, each in parts.values()]
    return {
        **frames.by_group(label, key, len(parts)),
        "returned": np.array(list(parts), dtype=object),
        "n": np.full(len(parts), found.whole),
        **{name: np.array([each[name] for each in time]) for name in time[0]},
        **{name: np.array([each[name] for each in share]) for name in share[0]},
    }


def beside_columns(name: str, number: Beside) -> Columns:
    """Return a number with the same number of matched days as four columns."""
    return {
        name: number.value,
        f"{name}_matched": number.usual,
        f"{name}_matched_low": number.low,
        f"{name}_matched_high": number.high,
        f"{name}_p": number.p_value,
    }


def slope_columns(label: str, after: Aftermath, rng: np.random.Generator) -> Iterator[Columns]:
    """Yield the regressions of the aftermath on the reaction, group by group."""
    for key, (rows, sets) in after.sets.items():
        own = after.found.own.select(rows)
        wanted = [k for k in SLOPES if k <= own.later.shape[1]]
        fits = [
            asdict(
                slope(
                    own.reaction, own.later[:, k - 1], (sets.reaction, sets.later[:, :, k - 1]), rng
                )
            )
            for k in wanted
        ]
        if fits:
            columns = {
                name: np.array([fit[name] for fit in fits], dtype=object) for name in fits[0]
            }
            yield {**frames.by_group(label, key, len(wanted)), "k": np.array(wanted), **columns}


def horizon_columns(
    study: Study, trial: Trial, comparison: Comparison, rng: np.random.Generator
) -> Iterator[Columns]:
    """Yield the returns over the horizons that broker notes print, with their base rates."""
    found = horizons(trial, comparison.days.strata, level=study.alpha, draws=DRAWS, rng=rng)
    none = dict.fromkeys(Horizons.__slots__, np.full(len(SESSIONS), np.nan))
    none["n"] = np.zeros(len(SESSIONS), int)
    for key in trial.groups:
        each = found.get(key)
        rows = frames.by_group("", key, len(SESSIONS))
        yield {
            **{name: rows[name] for name in ("group", "asset")},
            "sessions": np.array(SESSIONS),
            **({name: getattr(each, name) for name in none} if each else none),
            "reason": np.full(len(SESSIONS), "" if each else POOLED, dtype=object),
        }
