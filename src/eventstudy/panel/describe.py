"""What a page says of many events at once: quantiles, histograms, losses by reason."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from eventstudy.panel.run import PanelResult
    from eventstudy.spec import Window

    Floats = NDArray[np.float64]

SHARES = (0.0, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1.0)
"""Shares of the observations that lie below a quantile; the ends are minimum and maximum."""

DIAGNOSTICS = ("sigma", "n_obs", "dof", "r_squared")
"""What every model estimates beside its coefficients."""

VARIABLE = re.compile(r"\d{4}-\d{2}-\d{2}|\d+(?:[.,]\d+)*")
"""Dates and numbers, in which reasons may differ that are otherwise the same."""

MOST_BINS = 40
"""Most intervals of a histogram."""


@dataclass(frozen=True, slots=True)
class Spread:
    """How numbers are spread.

    Attributes
    ----------
    n : int
        How many there are.
    mean, sd : float
        Mean and standard deviation (ddof 1); NaN where there are too few.
    quantiles : tuple of float
        At :data:`SHARES`, linear between order statistics; NaN where there is nothing.
    """

    n: int
    mean: float
    sd: float
    quantiles: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Histogram:
    """Counts by interval; what lies beyond the ends is counted apart.

    Attributes
    ----------
    edges : ndarray, shape (B + 1,)
        Ends of the intervals, ascending.
    counts : ndarray of int, shape (B,)
        Observations in each.
    below, above : int
        Observations beyond the first and the last end.
    """

    edges: Floats
    counts: NDArray[np.int64]
    below: int
    above: int


@dataclass(frozen=True, slots=True)
class Loss:
    """Cells lost for one kind of reason.

    Attributes
    ----------
    model, stage, reason : str
        As in the frame ``dropped``; an ellipsis stands for the numbers and dates in which the
        reasons differ.
    n : int
        Number of cells.
    example : str
        Id of the first event.
    """

    model: str
    stage: str
    reason: str
    n: int
    example: str


def spread(values: Floats) -> Spread:
    """Return how the finite ones of some numbers are spread."""
    finite = values[np.isfinite(values)]
    n = len(finite)
    quantiles = np.quantile(finite, SHARES) if n else np.full(len(SHARES), np.nan)
    return Spread(
        n=n,
        mean=float(finite.mean()) if n else np.nan,
        sd=float(finite.std(ddof=1)) if n > 1 else np.nan,
        quantiles=tuple(quantiles.tolist()),
    )


def histogram(values: Floats) -> Histogram:
    """Count numbers by interval of one round width, from the 0.5th to the 99.5th percentile.

    Parameters
    ----------
    values : ndarray, shape (n,)
        At least one is finite.

    Notes
    -----
    About 2 n^(1/3) intervals, at most :data:`MOST_BINS`.

    References
    ----------
    Terrell, G. R. and Scott, D. W. (1985), Journal of the American Statistical Association 80,
    209-214: no fewer than (2 n)^(1/3) intervals.
    """
    finite = values[np.isfinite(values)]
    low, high = np.quantile(finite, [0.005, 0.995])
    bins = min(MOST_BINS, np.ceil(2 * len(finite) ** (1 / 3)))
    width = _round_up((high - low) / bins)
    # a number on an edge may lie on either side of the product that stands for it
    first, last = np.floor(low / width - 1e-9), np.ceil(high / width + 1e-9)
    edges = np.arange(first, last + 1) * width
    inside, _ = np.histogram(finite, edges)
    return Histogram(
        edges=edges,
        counts=inside,
        below=int((finite < edges[0]).sum()),
        above=int((finite > edges[-1]).sum()),
    )


def _round_up(width: float) -> float:
    """Return 1, 2 or 5 times a power of ten, not less than a width; a basis point for zero."""
    if not width > 0:
        return 1e-4
    power = float(10.0 ** np.floor(np.log10(width)))
    return next(power * step for step in (1, 2, 5, 10) if power * step >= width * (1 - 1e-9))


def cars(result: PanelResult, window: Window) -> Floats:
    """Return the CARs of the headline model over one window, shape (N,); NaN = missing."""
    table = result.frames["car"]
    here = (
        (table["model"] == result.headline)
        & (table["window_start"] == window.start)
        & (table["window_end"] == window.end)
    )
    found: Floats = table.loc[here, "car"].to_numpy()
    return found


def parameters(result: PanelResult, model: str) -> dict[str, Spread]:
    """Return how the estimates of a model are spread over the events, by name."""
    table = result.frames["parameters"]
    mine = table[table["model"] == model]
    return {
        str(name): spread(rows.to_numpy())
        for name, rows in mine.groupby("parameter", sort=False)["estimate"]
    }


def losses(result: PanelResult) -> Sequence[Loss]:
    """Return what was lost, by model, stage and kind of reason; the most frequent first."""
    kinds: dict[tuple[str, str, str], list[tuple[str, str]]] = {}
    table = result.frames["dropped"]
    for event_id, model, stage, reason in zip(
        *(table[name] for name in ("event_id", "model", "stage", "reason")), strict=True
    ):
        kind = VARIABLE.sub("…", reason)
        kinds.setdefault((model, stage, kind), []).append((event_id, reason))
    found = [
        Loss(
            model=model,
            stage=stage,
            reason=_in_common([reason for _, reason in lost]),
            n=len(lost),
            example=lost[0][0],
        )
        for (model, stage, _), lost in kinds.items()
    ]
    return sorted(found, key=lambda loss: -loss.n)


def _in_common(reasons: Sequence[str]) -> str:
    """Return what reasons of one kind share, with an ellipsis for numbers and dates that differ."""
    found = zip(*(VARIABLE.findall(reason) for reason in dict.fromkeys(reasons)), strict=True)
    shared = iter([each[0] if len(set(each)) == 1 else "…" for each in found])
    return VARIABLE.sub(lambda _: next(shared), reasons[0])


def dates(result: PanelResult) -> int:
    """Return the number of different days 0 of the headline model."""
    table = result.frames["abnormal"]
    return int(
        table.loc[(table["model"] == result.headline) & (table["tau"] == 0), "date"].nunique()
    )
