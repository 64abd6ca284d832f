"""One-sided p-values, where a study asks for them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from eventstudy.inference.base import StatisticResult

Alternative = Literal["two-sided", "greater", "less"]


def on_side(found: StatisticResult, alternative: Alternative) -> StatisticResult:
    """Return a result with p-values for the side that a study asks for.

    Parameters
    ----------
    found : StatisticResult
        A two-sided result.
    alternative : {'two-sided', 'greater', 'less'}
        ``greater``: the effect is positive; ``less``: negative.

    Returns
    -------
    StatisticResult
        p / 2 on the side of the statistic and 1 - p / 2 on the other, exact where the statistic is
        held against N(0, 1) or a t law. Elsewhere none is given, and the reason says so.
    """
    import numpy as np

    if alternative == "two-sided":
        return found
    p_value = np.array(
        [
            _two_sided(law, value)
            for law, value in zip(
                map(str, found.distribution.flat), found.statistic.flat, strict=True
            )
        ]
    ).reshape(found.statistic.shape)
    symmetric = np.isclose(p_value, found.p_value, rtol=1e-9, atol=1e-300)
    towards = found.statistic > 0 if alternative == "greater" else found.statistic < 0
    usable = (found.reason == "") & symmetric
    refused = (found.reason == "") & ~symmetric
    return replace(
        found,
        statistic=np.where(usable, found.statistic, np.nan),
        p_value=np.where(usable, np.where(towards, p_value / 2, 1 - p_value / 2), np.nan),
        distribution=np.where(usable, found.distribution, ""),
        reason=np.where(
            refused,
            "two-sided only: one-sided p-values are given under N(0, 1) and t laws",
            found.reason,
        ),
    )


def _two_sided(law: str, value: float) -> float:
    """Return the two-sided p of a value under N(0, 1) or t; NaN under any other law."""
    from scipy.special import ndtr, stdtr

    if law == "normal":
        return float(2 * ndtr(-abs(value)))
    if law.startswith("t("):
        return float(2 * stdtr(float(law[2:-1]), -abs(value)))
    return float("nan")
