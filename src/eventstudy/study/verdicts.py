"""The outcome of every event with the numbers that it rests on, as columns of a frame."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from eventstudy.aggregate import cumulate
from eventstudy.comparison import holm
from eventstudy.inference.forecast_t import ForecastT
from eventstudy.inference.sample_quantile import SampleQuantile
from eventstudy.reversal import DAY0
from eventstudy.spec import Window
from eventstudy.study import frames
from eventstudy.study.aftermath import reactions
from eventstudy.verdict import Interval, give_back, interval, no_interval, outcomes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from eventstudy.models.base import Floats
    from eventstudy.reversal import Legs
    from eventstudy.reversal.legs import LegPlacebo
    from eventstudy.spec import Study
    from eventstudy.study.analysis import Analysis
    from eventstudy.study.frames import Columns

LIMITED_DAY0 = Window(0, 1)
"""The reaction where price limits may have held day 0 back."""


@dataclass(frozen=True, slots=True, eq=False)
class Headline:
    """The headline p-values of N events, by window.

    Attributes
    ----------
    name : str
        The procedure.
    p_value, floor : mapping of Window to ndarray, shape (N,)
        The p-value, and the smallest that was possible; NaN where there is none.
    legs : LegPlacebo, optional
        p-values of night and session of day 0.
    """

    name: str
    p_value: dict[Window, Floats]
    floor: dict[Window, Floats]
    legs: LegPlacebo | None = None

    def of_legs(self, legs: Legs) -> Legs:
        """Return the legs of the same cells with their placebo p-values, where there are some."""
        if self.legs is None:
            return legs
        night, day = self.legs.overnight, self.legs.open_to_close
        return replace(
            legs,
            overnight_p=np.where(np.isfinite(night), night, legs.overnight_p),
            open_to_close_p=np.where(np.isfinite(day), day, legs.open_to_close_p),
        )


@dataclass(frozen=True, slots=True, eq=False)
class _First:
    """Headline p-value of the reaction of N cells, its floor and its test."""

    p_value: Floats
    floor: Floats
    test: NDArray[np.object_]


def verdict_columns(study: Study, part: Analysis, legs: Legs, headline: Headline) -> Columns:
    """Return the outcome of every cell with the numbers that it rests on.

    Parameters
    ----------
    study : Study
        Gives the level and the event window.
    part : Analysis
        N cells.
    legs : Legs
        Day-0 legs of the same cells.
    headline : Headline
        Headline p-values of the same cells; where they are missing the sample quantile stands in.
    """
    limited = reactions(study, part).limited & study.event_window.contains(LIMITED_DAY0)
    reaction = _chosen(study, part, limited, (DAY0, LIMITED_DAY0))
    end = max(1, min(5, study.event_window.end))
    spans = Window(1, end), Window(2, end + 1)
    after, car_p = _later(study, part, limited, spans)
    first = _first(part, limited, headline)
    large = np.abs(reaction.estimate) > part.abnormal.sigma
    share = give_back(np.where(large, reaction.estimate, np.nan), after)
    reachable = np.where(first.floor <= study.alpha, first.p_value, np.nan)
    values = {
        "outcome": outcomes(reachable, share, headline.of_legs(legs), study.alpha),
        "p0": first.p_value,
        "p0_test": first.test,
        "floor": first.floor,
        "p0_adjusted": holm(first.p_value),
        "reaction_end": limited.astype(int),
        **_named("ar0", reaction),
        "window_start": np.where(limited, spans[1].start, spans[0].start),
        "window_end": np.where(limited, spans[1].end, spans[0].end),
        **_named("car", after),
        "car_p": car_p,
        **_named("give_back", share),
    }
    columns = {name: value[:, None] for name, value in values.items()}
    return frames.by_cell(part.label, part.abnormal, columns)


def _chosen(
    study: Study, part: Analysis, limited: NDArray[np.bool_], windows: tuple[Window, Window]
) -> Interval:
    """Return the interval of the CAR over the first window, over the second for limited cells."""
    free, held = (
        interval(cumulate(part.abnormal, [window]), 0, study.alpha)
        if study.event_window.contains(window)
        else no_interval(len(limited))
        for window in windows
    )
    return Interval(
        *(
            np.where(limited, getattr(held, name), getattr(free, name))
            for name in Interval.__slots__
        )
    )


def _later(
    study: Study, part: Analysis, limited: NDArray[np.bool_], spans: tuple[Window, Window]
) -> tuple[Interval, Floats]:
    """Return the interval of what came after, and its forecast p-value, shape (N,)."""
    p_value = np.full(len(limited), np.nan)
    for window, rows in zip(spans, (~limited, limited), strict=True):
        if study.event_window.contains(window):
            cars = cumulate(part.abnormal, [window])
            p_value[rows] = ForecastT().test(cars).p_value[rows, 0]
    return _chosen(study, part, limited, spans), p_value


def _first(part: Analysis, limited: NDArray[np.bool_], headline: Headline) -> _First:
    """Return the p-value of the reaction: the headline's, else the sample quantile of day 0."""
    none = np.full(len(limited), np.nan)
    p_value, floor = (
        np.where(limited, found.get(LIMITED_DAY0, none), found.get(DAY0, none))
        for found in (headline.p_value, headline.floor)
    )
    missing = ~np.isfinite(p_value)
    quantile = SampleQuantile().test(cumulate(part.abnormal, [DAY0])).p_value[:, 0]
    test = np.where(missing, SampleQuantile.name, headline.name).astype(object)
    return _First(
        np.where(missing, quantile, p_value),
        np.where(missing, 1 / (part.abnormal.n_est + 1), floor),
        test,
    )


def _named(name: str, limits: Interval) -> Columns:
    """Return the three columns of an interval."""
    return {name: limits.estimate, f"{name}_low": limits.low, f"{name}_high": limits.high}
