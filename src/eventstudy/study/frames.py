"""From arrays to tidy long frames: one function per frame of a result, no numbers made here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from eventstudy.aggregate import average, moments, paths
from eventstudy.columns import FRAMES, PANEL_FRAMES, frame
from eventstudy.diagnostics import FEWEST, diagnose

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from eventstudy.abnormal import AbnormalReturns
    from eventstudy.aggregate import CumulativeReturns
    from eventstudy.inference.base import StatisticResult
    from eventstudy.models.base import Fit, Floats
    from eventstudy.returns.sample import Dates, Ints, Sample
    from eventstudy.spec import Window

    Group = tuple[str, str]
    Columns = Mapping[str, Any]


def stack(name: str, parts: Sequence[Columns]) -> pd.DataFrame:
    """Join the columns of several parts into one frame of a result."""
    if not parts:
        return frame(name, {})
    keys = {**FRAMES, **PANEL_FRAMES}[name]
    return frame(
        name, {key: np.concatenate([np.asarray(part[key]) for part in parts]) for key in keys}
    )


def from_rows(name: str, rows: Sequence[tuple[object, ...]]) -> pd.DataFrame:
    """Return a frame of a result from rows in the order of its columns."""
    columns = zip(*rows, strict=True) if rows else ()
    return frame(name, dict(zip(FRAMES[name], map(list, columns), strict=False)))


def by_cell(model: str, cells: Sample | AbnormalReturns, values: Columns) -> Columns:
    """Return one row per cell and position: arrays (N, K) unrolled, (N,) and (K,) repeated.

    Parameters
    ----------
    model : str
        Label of the model.
    cells : Sample or AbnormalReturns
        N cells.
    values : mapping of str to ndarray
        Columns: shape (N, K), or (K,) for what all cells share.
    """
    n, shape = len(cells.event_ids), next(v.shape for v in values.values() if v.ndim == 2)
    rows = {
        "model": np.full(shape, model, dtype=object),
        "event_id": np.broadcast_to(cells.event_ids[:, None], shape),
        "asset": np.broadcast_to(cells.assets[:, None], shape),
        **values,
    }
    return {key: np.broadcast_to(value, (n, shape[1])).ravel() for key, value in rows.items()}


def bounds(windows: Sequence[Window]) -> Columns:
    """Return the ends of W windows, each shape (W,)."""
    return {
        "window_start": np.array([window.start for window in windows], dtype=int),
        "window_end": np.array([window.end for window in windows], dtype=int),
    }


def parameter_columns(model: str, sample: Sample, fit: Fit) -> Columns:
    """Return the estimates of a model, with sigma, dof, n_obs and r_squared as further rows."""
    extra = (fit.sigma, fit.dof, fit.n_obs, fit.r_squared)
    estimate = np.column_stack([fit.coefficients, *extra])
    std_error = np.column_stack([fit.std_errors, np.full((len(sample), len(extra)), np.nan)])
    names = np.array([*fit.parameters, "sigma", "dof", "n_obs", "r_squared"], dtype=object)
    values = {"parameter": names, "estimate": estimate, "std_error": std_error}
    return by_cell(model, sample, values)


def diagnostic_columns(model: str, sample: Sample, fit: Fit) -> Columns:
    """Return what the estimation residuals of every cell say of the model."""
    found = diagnose(fit.residuals(slice(None)))
    known = np.isfinite(found.jarque_bera_p)
    few = f"fewer than {FEWEST} residuals"
    reason = np.where(known, "", np.where(found.n < FEWEST, few, "residuals without spread"))
    columns = {"sigma": fit.sigma, "r_squared": fit.r_squared, **found._asdict(), "reason": reason}
    return by_cell(model, sample, {name: values[:, None] for name, values in columns.items()})


def abnormal_columns(model: str, sample: Sample, abnormal: AbnormalReturns) -> Columns:
    """Return the abnormal return of every cell and day."""
    sd = np.sqrt(abnormal.ar_variance)
    return by_cell(
        model,
        abnormal,
        {
            "tau": abnormal.tau,
            "date": np.column_stack([iso(sample.dates(tau)) for tau in abnormal.tau]),
            "ar": abnormal.ar,
            "expected": abnormal.expected,
            "sar": np.divide(abnormal.ar, sd, out=np.full(sd.shape, np.nan), where=sd > 0),
        },
    )


def car_columns(model: str, cars: CumulativeReturns, forecast: StatisticResult) -> Columns:
    """Return the CAR of every cell and window with its forecast t."""
    values = {
        "car": cars.car,
        "std_error": np.sqrt(cars.variance),
        "t": forecast.statistic,
        "p_value": forecast.p_value,
        "scar": cars.scar,
        "bhar": cars.bhar,
        **bounds(cars.windows),
    }
    return by_cell(model, cars.abnormal, values)


def path_columns(model: str, abnormal: AbnormalReturns, alpha: float) -> Columns:
    """Return the path from the close of day -1 of every cell, with the band of its own t law."""
    from scipy.special import stdtrit

    value, variance = paths(abnormal)
    sd = np.sqrt(variance)
    half = stdtrit(abnormal.dof, 1 - alpha / 2)[:, None] * sd
    values = {
        "tau": abnormal.tau,
        "value": value,
        "std_error": sd,
        "low": value - half,
        "high": value + half,
    }
    return by_cell(model, abnormal, values)


def mean_path_columns(model: str, group: Group, value: Floats, tau: Ints, alpha: float) -> Columns:
    """Return the mean path of a group, with a band from its spread over the events."""
    from scipy.special import stdtrit

    n, mean, sd = moments(value)
    error = np.where(n > 1, sd / np.sqrt(np.maximum(n, 1)), np.nan)
    half = stdtrit(np.maximum(n - 1, 1), 1 - alpha / 2) * error
    return {
        **by_group(model, group, len(tau)),
        "tau": tau,
        "n": n,
        "value": mean,
        "std_error": error,
        "low": mean - half,
        "high": mean + half,
    }


def by_group(model: str, group: Group, length: int) -> Columns:
    """Return the key of a group, repeated."""
    return {
        key: np.full(length, value, dtype=object)
        for key, value in (("model", model), ("group", group[0]), ("asset", group[1]))
    }


def aggregate_columns(model: str, group: Group, cars: CumulativeReturns) -> Columns:
    """Return AAR, CAAR and mean BHAR of a group over every window."""
    mean = average(cars.car)
    values = {name: getattr(mean, name) for name in mean.__slots__}
    key = {**by_group(model, group, len(cars.windows)), **bounds(cars.windows)}
    return {**key, **values, "mean_bhar": moments(cars.bhar)[1]}


def statistic_columns(
    model: str,
    label: str,
    key: Group | CumulativeReturns,
    found: StatisticResult,
    windows: Sequence[Window],
) -> Columns:
    """Return the rows of one test: of a group, or of every event in its own right.

    Parameters
    ----------
    model, label : str
        Labels of the model and of the statistic.
    key : tuple or CumulativeReturns
        (group, asset) of a group; the tested cells of a single-event test.
    found : StatisticResult
        The outcome.
    windows : sequence of Window
        W windows.
    """
    values = {
        **bounds(windows),
        "estimate": found.estimate,
        "value": found.statistic,
        "p_value": found.p_value,
        "n": found.n,
        "distribution": found.distribution,
        "status": found.status,
        "reason": found.reason,
    }
    if isinstance(key, tuple):
        rows = {**by_group(model, key, len(windows)), **values}
    else:
        rows = dict(by_cell(model, key.abnormal, values))
        rows["group"] = rows["event_id"]
    return {**rows, "statistic": np.full(len(rows["model"]), label, dtype=object)}


def iso(dates: Dates) -> NDArray[np.object_]:
    """Return dates as ISO 8601 texts; an empty text for NaT."""
    return np.where(np.isnat(dates), "", np.datetime_as_string(dates, unit="D")).astype(object)
