"""The market model with CARs, Patell and BMP by plain numpy that gathers every window: what speed is held against.

Nothing of the program is used. Every window is gathered as a dense array, and sums run over its sessions, as
the formulas stand in the papers; events pass in chunks that keep the arrays in the cache.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from benchmarks.panels import ESTIMATION, EVENT, WINDOWS

if TYPE_CHECKING:
    from benchmarks.panels import Panel
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

CHUNK = 256
"""Events at a time: of 128, 256, 512, 1,024, 4,096 and 16,384 the fastest."""


def gathered(panel: Panel) -> tuple[Floats, ...]:
    """Return CARs and standardised CARs, shape (N, W), and the statistics of Patell and BMP, shape (W,)."""
    n = len(panel.column)
    parts = [
        _standardised(panel, slice(first, min(first + CHUNK, n))) for first in range(0, n, CHUNK)
    ]
    car, scar, dof = (np.concatenate(part) for part in zip(*parts, strict=True))
    here = np.isfinite(scar)
    count = here.sum(axis=0)
    variance = np.where(here, (dof / (dof - 2))[:, None], 0.0).sum(axis=0)
    total = np.where(here, scar, 0.0).sum(axis=0)
    mean = total / count
    spread = np.where(here, (scar - mean) ** 2, 0.0).sum(axis=0) / (count - 1)
    return car, scar, total / np.sqrt(variance), np.sqrt(count) * mean / np.sqrt(spread)


def _standardised(panel: Panel, rows: slice) -> tuple[Floats, Floats, Floats]:
    """Return CARs, standardised CARs and degrees of freedom of some events."""
    column, day0 = panel.column[rows, None], panel.day0[rows, None]
    at, on = (day0 + np.arange(first, last + 1) for first, last in (ESTIMATION, EVENT))
    y, x = panel.returns[at, column], panel.market[at]
    here = np.isfinite(y)
    m = here.sum(axis=1)
    mean_y = np.where(here, y, 0.0).sum(axis=1) / m
    mean_x = np.where(here, x, 0.0).sum(axis=1) / m
    dy = np.where(here, y - mean_y[:, None], 0.0)
    dx = np.where(here, x - mean_x[:, None], 0.0)
    ssx = (dx * dx).sum(axis=1)
    beta = (dx * dy).sum(axis=1) / ssx
    alpha = mean_y - beta * mean_x
    sse = ((dy - beta[:, None] * dx) ** 2).sum(axis=1)
    ar = panel.returns[on, column] - alpha[:, None] - beta[:, None] * panel.market[on]
    car, scar = np.empty((2, len(column), len(WINDOWS)))
    for position, (first, last) in enumerate(WINDOWS):
        days = slice(first - EVENT[0], last - EVENT[0] + 1)
        length = last - first + 1
        apart = panel.market[on[:, days]].sum(axis=1) - length * mean_x
        variance = sse / (m - 2) * (length + length**2 / m + apart**2 / ssx)
        car[:, position] = ar[:, days].sum(axis=1)
        scar[:, position] = car[:, position] / np.sqrt(variance)
    return car, scar, m - 2.0
