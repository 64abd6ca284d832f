"""What is looked for, how bad it is and what to do about it, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from eventstudy.quality.faults import JUMP

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Status = Literal["PASS", "REVIEW", "FAIL"]

SHOWN = 5
"""Dates that a finding names; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found in one series; its fields are the columns of ``quality``.

    Attributes
    ----------
    asset, check : str
        Id of the instrument and name of the check.
    status : {'PASS', 'REVIEW', 'FAIL'}
        ``REVIEW``: look at it, the study runs; ``FAIL``: the prices cannot be right.
    finding : str
        What was counted, with the first dates.
    recommendation : str
        What to do; empty for ``PASS``.
    """

    asset: str
    check: str
    status: Status
    finding: str
    recommendation: str


@dataclass(frozen=True, slots=True)
class Rule:
    """The words of one check: what is counted, how bad it is, and what to do."""

    check: str
    counted: str
    status: Status
    recommendation: str


COVERAGE = Rule(
    "range of the series",
    "sessions of the windows lie before or after the series",
    "REVIEW",
    "events there cannot be studied with this series; they are listed as dropped",
)
MISSING = Rule(
    "sessions without a price",
    "sessions of the calendar have no price",
    "REVIEW",
    "look whether the exchange was shut on these dates; no return is computed across them",
)
NO_SESSION = Rule(
    "prices without a session",
    "prices are dated on a day that is no session",
    "REVIEW",
    "look whether the calendar or the date is wrong; these prices are not used",
)
ORDER = Rule(
    "order of open, high, low, close",
    "bars have an open or close outside their low and high, or a price that is not positive",
    "FAIL",
    "take these sessions from another source",
)
REPEATED = Rule(
    "repeated closes",
    "closes equal the close before",
    "REVIEW",
    "look whether the source repeats a stale price",
)
JUMPS = Rule(
    "jumps",
    f"returns are larger than {JUMP:.0f} sigma",
    "REVIEW",
    "look whether the close is a misprint, or a split that is not adjusted for",
)
OUTLIERS = Rule(
    "jumps",
    f"returns are larger than {JUMP:.0f} sigma",
    "REVIEW",
    "look whether the return is a misprint, or a split that is not adjusted for",
)
BACKCAST = Rule(
    "values from before the launch",
    "closes were computed back by the owner of the index",
    "REVIEW",
    "nobody could trade on these closes; the events that rest on them are named below",
)
CLOSE_ONLY = Rule(
    "sessions with a close only",
    "sessions have no open, high and low",
    "REVIEW",
    "no split of day 0 there; closing returns are not affected",
)


def without_prices(asset: str, returns: str) -> Finding:
    """Return what an asset that is given as returns cannot show.

    Parameters
    ----------
    asset : str
        Id of the instrument.
    returns : {'simple', 'log'}
        Kind of return that the study works with.
    """
    used = "used as they are" if returns == "simple" else "used as log(1 + r)"
    text = (
        f"the source gives simple returns and no prices: they are {used}; day 0 has no overnight part,"
        " and no level is drawn"
    )
    return Finding(asset, "returns instead of prices", "PASS", text, "")


def judge(asset: str, rule: Rule, hits: NDArray[np.datetime64], total: int) -> Finding:
    """Return the finding of one rule on one series.

    Parameters
    ----------
    asset : str
        Id of the instrument.
    rule : Rule
        What was looked for.
    hits : ndarray of datetime64[D]
        Dates on which it was found.
    total : int
        Number of dates looked at.
    """
    text = f"{len(hits):,} of {total:,} {rule.counted}"
    if not len(hits):
        return Finding(asset, rule.check, "PASS", text, "")
    named = ", ".join(str(day) for day in hits[:SHOWN])
    more = ", …" if len(hits) > SHOWN else ""
    return Finding(asset, rule.check, rule.status, f"{text}: {named}{more}", rule.recommendation)
