"""The package `eventstudystatistics`: tests on abnormal returns and residuals that it is given."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import numpy as np
from eventstudystatistics import adjBMP, grank
from measuring import measured

if TYPE_CHECKING:
    from collections.abc import Mapping

logging.disable(logging.DEBUG)


def prepared(arrays: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return abnormal returns, residuals, and the market in both windows, a row for each event."""
    column, day0 = arrays["column"][:, None], arrays["day0"][:, None]
    at, on = day0 + np.arange(-270, -20), day0 + np.arange(-10, 11)
    y, x = arrays["returns"][at, column], arrays["market"][at]
    apart = x - x.mean(axis=1, keepdims=True)
    beta = (apart * y).sum(axis=1, keepdims=True) / (apart**2).sum(axis=1, keepdims=True)
    alpha = y.mean(axis=1, keepdims=True) - beta * x.mean(axis=1, keepdims=True)
    market = arrays["market"][on]
    return arrays["returns"][on, column] - alpha - beta * market, y - alpha - beta * x, x, market


def run(given: tuple[Any, ...]) -> dict[str, float]:
    """Return its BMP statistic; the adjusted one and the generalised rank test run too."""
    window = [0, given[0].shape[1] - 1]
    plain = adjBMP(*given, window, adjustment=False)
    adjBMP(*given, window)
    grank(*given, window)
    return {"bmp": float(plain.statistic), "events": len(given[0])}


measured(prepared, run)
