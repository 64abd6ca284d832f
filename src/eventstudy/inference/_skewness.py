"""Mean over spread, and skewness, of the CARs of a group; shared by the skewness-adjusted tests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from eventstudy.aggregate import moments
from eventstudy.inference import _laws as laws

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from eventstudy.models.base import Floats

Form = Literal["sample", "moment"]


@dataclass(frozen=True, slots=True)
class Shape:
    """Count, mean, standard deviation, S = mean / sd and skewness g of CARs, each shape (W,).

    ``sd`` is 0 where the CARs do not differ; S and g are NaN there.
    """

    n: NDArray[np.int64]
    mean: Floats
    sd: Floats
    s: Floats
    g: Floats


def shape_of(values: Floats, form: Form) -> Shape:
    """Measure the CARs of a group, shape (N, W); NaN = missing."""
    n, mean, sd = moments(values)
    sd = np.where(sd > laws.NO_SPREAD * np.abs(mean), sd, 0.0)
    cubes = (np.where(np.isfinite(values), values - mean, 0.0) ** 3).sum(axis=0)
    return Shape(n, mean, sd, laws.ratio(mean, sd), factor(n, form) * laws.ratio(cubes, sd**3))


def factor(n: NDArray[np.int64], form: Form) -> Floats:
    """Return what the sum of cubes over sd^3 is multiplied by: n / ((n-1)(n-2)), or 1 / n."""
    shares: Floats = n / np.maximum((n - 1) * (n - 2), 1) if form == "sample" else 1 / n.clip(1)
    return shares


def johnson(s: Floats, g: Floats, n: NDArray[np.int64]) -> Floats:
    """Return sqrt(n) (S + g S^2 / 3 + g / (6 n))."""
    adjusted: Floats = np.sqrt(n) * (s + g * s**2 / 3 + g / (6 * n.clip(1)))
    return adjusted
