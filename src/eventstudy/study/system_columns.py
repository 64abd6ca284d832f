"""Systems and pooled panels as columns of the frames ``joint``, ``joint_effects`` and ``pooled``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from eventstudy.comparison import holm
from eventstudy.inference import _laws as laws
from eventstudy.inference.forecast_t import ForecastT
from eventstudy.regressions.joint import NULLS
from eventstudy.study import frames

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from eventstudy.models.base import Floats
    from eventstudy.regressions import EventDummies, Pooled, System
    from eventstudy.regressions.joint import Null, Tested
    from eventstudy.spec import Window
    from eventstudy.study.frames import Columns
    from eventstudy.systems import Exact, Relabelled

    Among = Mapping[Null, Relabelled]
    Row = tuple[str, Columns]

PLACEBO = "placebo"
ONE_DAY = "the rank is one of single sessions; it does not apply to a window"
GAP = "a return of the window is missing"
FEW_DAYS = "too few candidate days in the stratum"
FEW_DATES = "too few dates for a joint test with these errors"


def refused(model: str, reasons: Mapping[str, str]) -> Columns:
    """Return a row for everything that has no system, with the reason."""
    n = len(reasons)
    none = np.full(n, np.nan)
    return {
        "model": _same(n, model),
        "group": np.array(list(reasons), dtype=object),
        "window_start": np.zeros(n, int),
        "window_end": np.zeros(n, int),
        "null": _same(n, NULLS[0]),
        "test": _same(n, "exact_f"),
        **dict.fromkeys(("value", "p_value", "p_adjusted", "floor", "correlation"), none),
        "n": np.zeros(n, int),
        "dates": np.zeros(n, int),
        "distribution": _same(n, ""),
        "status": _same(n, "not_applicable"),
        "reason": np.array(list(reasons.values()), dtype=object),
    }


def of_events(model: str, found: Exact, among: Among) -> Iterator[Row]:
    """Yield effects and joint tests of every event, each by itself."""
    cars, events, m = found.cars, found.shared.events, len(found.shared.assets)
    shape = (len(events), len(cars.windows))
    gap = np.asarray(~np.isfinite(cars.car).reshape(m, *shape).all(axis=0))
    for null in NULLS:
        tests = {test: tested for (test, of), tested in found.tests.items() if of == null}
        floor = {"mahalanobis_rank": 1 / (found.rows[:, None] + 1)}
        why = {"mahalanobis_rank": ONE_DAY}
        if null in among:
            tests = {PLACEBO: among[null].events, **tests}
            floor[PLACEBO] = 1 / (among[null].days + 1)
            why[PLACEBO] = FEW_DAYS
        for test, (value, p_value, law) in tests.items():
            known = np.isfinite(p_value)
            values = {
                **frames.bounds(cars.windows),
                "value": value,
                "p_value": p_value,
                "p_adjusted": np.column_stack([holm(column) for column in p_value.T]),
                "floor": np.where(known, floor.get(test, np.nan), np.nan),
                "correlation": np.broadcast_to(found.correlation[:, None], shape),
                "distribution": np.where(known, law, ""),
                "status": np.where(known, "ok", "not_applicable"),
                "reason": np.where(known, "", np.where(gap, GAP, why.get(test, GAP))),
            }
            yield "joint", _by_event(model, events, (null, test), values)
    yield "joint_effects", _event_effects(model, found, ~gap)


def _by_event(
    model: str, events: NDArray[np.object_], named: tuple[str, str], values: Columns
) -> Columns:
    """Return one row per event and window: arrays (E, W) unrolled, (W,) repeated."""
    shape = values["value"].shape
    rows = {
        "model": _same(shape, model),
        "group": np.broadcast_to(events[:, None], shape),
        "null": _same(shape, named[0]),
        "test": _same(shape, named[1]),
        "n": np.ones(shape, int),
        "dates": np.ones(shape, int),
        **values,
    }
    return {key: np.broadcast_to(value, shape).ravel() for key, value in rows.items()}


def _event_effects(model: str, found: Exact, whole: NDArray[np.bool_]) -> Columns:
    """Return the CARs of every event on every asset over the common sessions."""
    cars, tested = found.cars, ForecastT().test(found.cars)
    shape = cars.car.shape
    values = {
        **frames.bounds(cars.windows),
        "estimate": cars.car,
        "std_error": np.sqrt(cars.variance),
        "value": tested.statistic,
        "p_value": tested.p_value,
        "distribution": tested.distribution,
        "status": tested.status,
        "reason": tested.reason,
        "errors": _same(shape, "iid"),
        "n": np.tile(whole, (len(found.shared.assets), 1)).astype(int),
        "dates": np.ones(shape, int),
    }
    rows = dict(frames.by_cell(model, found.shared.sample, values))
    rows["group"] = rows["event_id"]
    return rows


def of_groups(
    model: str, fit: System, asked: tuple[EventDummies, Window, int], among: Among
) -> Iterator[Row]:
    """Yield effects and joint tests of the groups of one regression.

    Parameters
    ----------
    model : str
        Label of the model.
    fit : System
        G effects on m assets.
    asked : tuple of EventDummies, Window and int
        The dummies, their window, and its position among those of the study.
    among : mapping of null to Relabelled
        Joint statistics of relabelled events; empty without procedures.
    """
    data, window, number = asked
    g = len(data.terms)
    counts = _counts(data, window)
    lost = np.array([fit.lost.get(term, "") for term in data.terms], dtype=object)
    for null in NULLS:
        tests = {test: tested for (test, of), tested in fit.tests.items() if of == null}
        if null in among:
            each = [among[null].groups[term] for term in data.terms]
            parts = [np.array([part[k][number] for part in each]) for k in range(3)]
            tests = {PLACEBO: (parts[0], parts[1], parts[2].astype(object)), **tests}
        for test, tested in tests.items():
            robust = test == "robust_f"
            reason = fit.reason if robust else lost
            if test == PLACEBO:
                reason = _few_days(among[null], data.terms)
            yield (
                "joint",
                {
                    **_keys(model, data.terms, window),
                    **counts,
                    **_judged(tested, reason, fit.status if robust else _same(g, "ok")),
                    "null": _same(g, null),
                    "test": _same(g, test),
                    "p_adjusted": np.full(g, np.nan),
                    "floor": _floor(test, tested),
                    "correlation": np.full(g, fit.correlation),
                },
            )
    for asset_rows in _group_effects(model, fit, data, window):
        yield "joint_effects", {**asset_rows, **counts}


def _group_effects(
    model: str, fit: System, data: EventDummies, window: Window
) -> Iterator[Columns]:
    """Yield the mean CARs of the groups on every asset, by errors."""
    g, length = len(data.terms), window.length
    lost = np.array([fit.lost.get(term, "") for term in data.terms], dtype=object)
    kinds = {
        "iid": (_same(g, "iid"), fit.dof, _same(g, "ok"), lost),
        "robust": (fit.errors, np.maximum(data.dates - 1, 1), fit.status, fit.reason),
    }
    for number, asset in enumerate(data.assets):
        for kind, (errors, dof, status, reason) in kinds.items():
            variance = fit.covariance[kind][:, number, number]
            sd = np.sqrt(np.where(variance > 0, variance, np.nan))
            tested = laws.student(fit.effect[:, number] / sd, dof)
            law = (tested.statistic, tested.p_value, tested.distribution)
            yield {
                **_keys(model, data.terms, window),
                **_judged(law, reason, status),
                "asset": _same(g, asset),
                "errors": errors,
                "estimate": fit.effect[:, number] * length,
                "std_error": sd * length,
            }


def of_panel(
    fit: Pooled,
    groups: Sequence[str],
    days: Sequence[Window],
    asked: tuple[EventDummies, Relabelled | None],
) -> Iterator[Columns]:
    """Yield the pooled effects of event days: day by day all groups, by errors.

    Parameters
    ----------
    fit : Pooled
        One coefficient for each day and group, the groups of one day side by side.
    groups : sequence of str
        The groups.
    days : sequence of Window
        The days.
    asked : tuple of EventDummies and Relabelled
        The dummies, and their relabelled events where there are some.
    """
    data, among = asked
    shape = len(days) * len(groups)
    shared = {
        "group": np.tile(np.array(groups, dtype=object), len(days)),
        "tau": np.repeat([day.start for day in days], len(groups)),
        "estimate": fit.estimate,
        "n": np.rint(data.dummies.sum(axis=0)).astype(int),
        "dates": data.dates,
    }
    if among is not None:
        parts = [np.array([among.groups[name][k] for name in groups]).T.ravel() for k in range(3)]
        tested = (parts[0].astype(float), parts[1].astype(float), parts[2].astype(object))
        yield {
            **shared,
            **_judged(tested, np.tile(_few_days(among, groups), len(days)), _same(shape, "ok")),
            "errors": _same(shape, PLACEBO),
            "std_error": np.full(shape, np.nan),
            "floor": _floor(PLACEBO, tested),
        }
    for each in fit.errors:
        law = (fit.estimate / each.std_error, each.p_value, each.distribution)
        yield {
            **shared,
            **_judged(law, each.reason, each.status),
            "errors": each.names,
            "std_error": each.std_error,
            "floor": np.full(shape, np.nan),
        }


def _few_days(among: Relabelled, groups: Sequence[str]) -> NDArray[np.object_]:
    """Say why the placebo of a group may be missing."""
    return np.array([among.confined[name] or FEW_DAYS for name in groups], dtype=object)


def _keys(model: str, groups: Sequence[str], window: Window) -> Columns:
    """Return model, group and window of G groups."""
    g = len(groups)
    return {
        "model": _same(g, model),
        "group": np.array(groups, dtype=object),
        "window_start": np.full(g, window.start),
        "window_end": np.full(g, window.end),
    }


def _counts(data: EventDummies, window: Window) -> Columns:
    """Return the number of events and of dates behind every dummy."""
    events = np.rint(data.dummies.sum(axis=0) / window.length).astype(int)
    return {"n": events, "dates": data.dates}


def _judged(tested: Tested, reason: NDArray[np.object_], status: NDArray[np.object_]) -> Columns:
    """Return a test with its status, and with its reason where it is not ok."""
    value, p_value, law = tested
    known = np.isfinite(p_value)
    missing = np.where(reason == "", FEW_DATES, reason)
    return {
        "value": np.where(known, value, np.nan),
        "p_value": p_value,
        "distribution": np.where(known, law, ""),
        "status": np.where(known, status, "not_applicable"),
        "reason": np.where(known, np.where(status == "ok", "", reason), missing),
    }


def _floor(test: str, tested: Tested) -> Floats:
    """Return the smallest p-value that a placebo of B relabellings or K days can give."""
    if test != PLACEBO:
        return np.full(len(tested[1]), np.nan)
    draws = [law.partition("(")[2].rstrip(")") for law in tested[2].tolist()]
    return np.array([1 / (int(count) + 1) if count else np.nan for count in draws])


def _same(shape: int | tuple[int, ...], text: str) -> NDArray[np.object_]:
    """Return one text, repeated."""
    return np.full(shape, text, dtype=object)
