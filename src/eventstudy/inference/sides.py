"""One-sided p-values, where a study asks for them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from eventstudy.inference.base import StatisticResult
    from eventstudy.models.base import Floats

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
    p_value = np.full(found.statistic.shape, np.nan)
    for law in np.unique(found.distribution.astype(str)):
        here = found.distribution == law
        p_value[here] = _two_sided(law, found.statistic[here])
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


def _two_sided(law: str, values: Floats) -> Floats:
    """Return the two-sided p of values under N(0, 1) or t; NaN under any other law."""
    import numpy as np
    from scipy.special import ndtr, stdtr

    p_value: Floats = np.full(values.shape, np.nan)
    if law == "normal":
        p_value[:] = 2 * ndtr(-np.abs(values))
    elif law.startswith("t("):
        p_value[:] = 2 * stdtr(float(law[2:-1]), -np.abs(values))
    return p_value
