"""What is looked for, how bad it is and what to do about it, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

from eventstudy.quality.faults import JUMP

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from eventstudy.spec.acceptance import CheckName

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


class Checked(NamedTuple):
    """A finding with what else is to be known of it.

    Attributes
    ----------
    finding : Finding
        For readers.
    name : str
        Stable name of the check; empty for a remark that cannot fail.
    dates : ndarray of datetime64[D], shape (n,)
        All dates on which something was found.
    doubts : tuple of str
        What is doubtful of the price on each of them; empty where no price is.
    """

    finding: Finding
    name: CheckName | Literal[""]
    dates: NDArray[np.datetime64]
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """The words of one check: what is counted, how bad it is, and what to do.

    `doubt` says what is wrong with a price on a date that is found; empty where none is.
    """

    name: CheckName
    check: str
    counted: str
    status: Status
    recommendation: str
    doubt: str = ""


COVERAGE = Rule(
    "series-range",
    "range of the series",
    "sessions of the windows lie before or after the series",
    "REVIEW",
    "events there cannot be studied with this series; they are listed as dropped",
)
MISSING = Rule(
    "missing-sessions",
    "sessions without a price",
    "sessions of the calendar have no price",
    "REVIEW",
    "look whether the exchange was shut on these dates; no return is computed across them",
)
NO_SESSION = Rule(
    "extra-dates",
    "prices without a session",
    "prices are dated on a day that is no session",
    "REVIEW",
    "look whether the calendar or the date is wrong; these prices are not used",
)
ORDER = Rule(
    "bar-order",
    "order of open, high, low, close",
    "bars have an open or close outside their low and high, or a price that is not positive",
    "FAIL",
    "take these sessions from another source",
    "open, high, low and close contradict each other",
)
OPENS = Rule(
    "bar-order",
    "order of open, high, low, close",
    "bars have an open outside their low and high",
    "REVIEW",
    "the split of day 0 into night and session is in doubt there; closing returns are not affected",
    "an open outside low and high",
)
STALE = Rule(
    "stale-bars",
    "bars without trade",
    "bars have one price all day and no volume",
    "REVIEW",
    "look whether nothing traded, or the source fills a gap with the price before",
    "one price all day and no volume",
)
REPEATED = Rule(
    "repeated-closes",
    "repeated closes",
    "closes equal the close before",
    "REVIEW",
    "look whether the source repeats a stale price",
    "the close equals the close before",
)
JUMPS = Rule(
    "jumps",
    "jumps",
    f"returns are larger than {JUMP:.0f} sigma",
    "REVIEW",
    "look whether the close is a misprint, or a split that is not adjusted for",
    f"a return of more than {JUMP:.0f} sigma",
)
OUTLIERS = Rule(
    "jumps",
    "jumps",
    f"returns are larger than {JUMP:.0f} sigma",
    "REVIEW",
    "look whether the return is a misprint, or a split that is not adjusted for",
    f"a return of more than {JUMP:.0f} sigma",
)
UNUSUAL = Rule(
    "price-limits",
    "moves beyond price limits",
    "moves are larger than the limit of 10 per cent of most shares",
    "REVIEW",
    "possible where shares with wider limits weigh much: look whether the close is a misprint",
    "a move beyond the price limit of most shares",
)
IMPOSSIBLE = Rule(
    "price-limits",
    "moves beyond price limits",
    "moves are larger than any share in the index may move",
    "FAIL",
    "take these sessions from another source",
    "a move beyond all price limits",
)
SPLIT = Rule(
    "splits",
    "sign of a split",
    "closes move by the ratio of a split, and stay there",
    "FAIL",
    "take closes that are adjusted for splits; if they are, look whether the wrong way round",
    "a move by the ratio of a split",
)
BACKCAST = Rule(
    "backcast",
    "values from before the launch",
    "closes were computed back by the owner of the index",
    "REVIEW",
    "nobody could trade on these closes; the events that rest on them are named below",
)
CLOSE_ONLY = Rule(
    "close-only",
    "sessions with a close only",
    "sessions have no open, high and low",
    "REVIEW",
    "no split of day 0 there; closing returns are not affected",
)


def without_prices(asset: str, returns: str) -> Checked:
    """Return what an asset that is given as returns cannot show.

    Parameters
    ----------
    asset : str
        Id of the instrument.
    returns : {'simple', 'log'}
        Kind of return that the study works with.
    """
    import numpy as np

    used = "used as they are" if returns == "simple" else "used as log(1 + r)"
    text = (
        f"the source gives simple returns and no prices: they are {used}; day 0 has no overnight part,"
        " and no level is drawn"
    )
    found = Finding(asset, "returns instead of prices", "PASS", text, "")
    return Checked(found, "", np.empty(0, "datetime64[D]"))


def judge(asset: str, rule: Rule, hits: NDArray[np.datetime64], total: int) -> Checked:
    """Return what one rule found in one series.

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
        return Checked(Finding(asset, rule.check, "PASS", text, ""), rule.name, hits)
    named = ", ".join(str(day) for day in hits[:SHOWN])
    more = ", …" if len(hits) > SHOWN else ""
    found = Finding(asset, rule.check, rule.status, f"{text}: {named}{more}", rule.recommendation)
    return Checked(found, rule.name, hits, (rule.doubt,) * len(hits) if rule.doubt else ())
