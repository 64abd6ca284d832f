"""Dates as people write them: ISO, or one other form that leaves no doubt."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from eventstudy.errors import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Dates = NDArray[np.datetime64]

MIDNIGHT = re.compile(r"[T ]00:00(:00(\.0+)?)?$")
YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})", re.ASCII)
COMPACT = re.compile(r"(\d{4})()(\d{2})(\d{2})", re.ASCII)
YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})", re.ASCII)

Parts = tuple[int, int, int]


def parse_dates(texts: Sequence[str]) -> tuple[Dates, dict[int, str]]:
    """Read dates that are all written in one form.

    Parameters
    ----------
    texts : sequence of str, length n
        2023-08-27, 20230827, 2023/08/27, 27.08.2023, or 27/08/2023 and 08/27/2023 where the other
        dates show which number is the month.

    Returns
    -------
    dates : ndarray of datetime64[D], shape (n,)
        NaT where there is a problem.
    problems : dict of int to str
        What is wrong and what is allowed, by position.
    """
    split = [_split(MIDNIGHT.sub("", text.strip())) for text in texts]
    forms = Counter(form for form, _ in split if form)
    usual = forms.most_common(1)[0][0] if forms else ""
    order = _order([parts for form, parts in split if form == usual], usual)
    days = np.full(len(texts), np.datetime64("NaT", "D"))
    problems = {}
    for position, (form, parts) in enumerate(split):
        try:
            days[position] = _day(form, parts, usual, order)
        except ValueError as error:
            problems[position] = f"{shown(texts[position])} {error}"
    return days, problems


def _split(text: str) -> tuple[str, Parts]:
    """Return the form of a date and its numbers in the order in which they stand."""
    for name, pattern in (("year first", YEAR_FIRST), ("", COMPACT), ("year last", YEAR_LAST)):
        if match := pattern.fullmatch(text):
            first, mark, second, third = match.groups()
            return f"{name}{mark}" or "compact", (int(first), int(second), int(third))
    return "", (0, 0, 0)


def _order(found: Sequence[Parts], form: str) -> str:
    """Return the order of year, month and day; empty where the dates do not show it."""
    if not form.startswith("year last"):
        return "ymd"
    if form.endswith("."):
        return "dmy"
    days_first = any(parts[0] > 12 for parts in found)
    days_second = any(parts[1] > 12 for parts in found)
    if days_first == days_second:
        return ""
    return "dmy" if days_first else "mdy"


def _day(form: str, parts: Parts, usual: str, order: str) -> date:
    """Return one date; the error says what is wrong with it."""
    if not form:
        raise ValueError("is not a date; write it as 2023-08-27")
    if form != usual:
        raise ValueError("is written in another form than the other dates; write all as 2023-08-27")
    if not order:
        raise ValueError(
            "may have the day or the month first; the file does not show which: write 2023-08-27"
        )
    numbers = dict(zip(order, parts, strict=True))
    try:
        return date(numbers["y"], numbers["m"], numbers["d"])
    except ValueError as error:
        raise ValueError("is no day of the calendar") from error
