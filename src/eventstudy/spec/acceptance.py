"""Failed checks of the prices that a study accepts, each with its reason."""

from __future__ import annotations

from typing import Literal

from eventstudy.spec.base import Entry
from eventstudy.spec.fields import Id, Text

CheckName = Literal[
    "series-range",
    "missing-sessions",
    "extra-dates",
    "bar-order",
    "stale-bars",
    "repeated-closes",
    "jumps",
    "price-limits",
    "splits",
    "snapshot",
    "second-source",
    "backcast",
    "close-only",
]
"""Stable names of the checks of the prices, see docs/explanation/data-checks.md."""


class Acceptance(Entry):
    """A check of the prices that may fail in this study.

    Attributes
    ----------
    check : str
        Name of the check.
    asset : str or None
        Id of the series in which it may fail; every series unless given.
    reason : str
        Why the prices are used all the same; printed in the report.
    """

    check: CheckName
    asset: Id | None = None
    reason: Text
