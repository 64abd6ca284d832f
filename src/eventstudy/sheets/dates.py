"""Dates as people write them: ISO, one other form that leaves no doubt, or a form that is said."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from eventstudy.errors import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Dates = NDArray[np.datetime64]

MIDNIGHT = re.compile(r"[T ]00:00(:00(\.0+)?)?( ?(Z|[+-]\d\d:?\d\d))?$", re.ASCII)
CLOCK = re.compile(r".*\d[T ]+\d{1,2}:\d{2}.*", re.ASCII | re.DOTALL)
YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})", re.ASCII)
COMPACT = re.compile(r"(\d{4})()(\d{2})(\d{2})", re.ASCII)
YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})", re.ASCII)

TOKENS = {
    "YYYY": r"(?P<y>\d{4})",
    "YY": r"(?P<y>\d{2})",
    "MMM": r"(?P<m>[A-Za-z]{3})",
    "MM": r"(?P<m>\d{2})",
    "M": r"(?P<m>\d{1,2})",
    "DD": r"(?P<d>\d{2})",
    "D": r"(?P<d>\d{1,2})",
}
"""What the letters of a form stand for."""

TOKEN = re.compile("|".join(TOKENS))
BETWEEN = re.compile(r"[-/., 年月日]*")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
PIVOT = 69
"""Years of two digits from here on are of the last century, as POSIX has it."""

SERIAL = re.compile(r"[1-7]\d{4}(\.0+)?", re.ASCII)
"""Number of a day as spreadsheets count it, from 1927 to 2118."""

Parts = tuple[int, int, int]


class FormError(ValueError):
    """A text that may be a date for whoever knows how dates are written."""


def parse_dates(
    texts: Sequence[str], form: str = "", say: str = ""
) -> tuple[Dates, dict[int, str]]:
    """Read dates that are all written in one form.

    Parameters
    ----------
    texts : sequence of str, length n
        2023-08-27, 20230827, 2023/08/27, 27.08.2023, or 27/08/2023 and 08/27/2023 where the other
        dates show which number is the month. Midnight behind a date, in any zone, is passed over.
    form : str
        How they are written, see :func:`checked_form`; empty to see it from the texts.
    say : str
        How the user would say so, for messages; empty where that is not possible.

    Returns
    -------
    dates : ndarray of datetime64[D], shape (n,)
        NaT where there is a problem.
    problems : dict of int to str
        What is wrong and what is allowed, by position.
    """
    alone = [MIDNIGHT.sub("", text.strip()) for text in texts]
    read = _reader_of(form) if form else _usual_reader(alone)
    days = np.full(len(texts), np.datetime64("NaT", "D"))
    problems = {}
    for position, text in enumerate(alone):
        try:
            days[position] = read(text)
        except ValueError as error:
            more = f", or say {say}" if say and isinstance(error, FormError) else ""
            problems[position] = f"{shown(texts[position])} {error}{more}"
    return days, problems


def checked_form(form: str) -> str:
    """Return a form of dates, if it is one: YYYY or YY, MM, M or MMM (Jan), DD or D, each once.

    Raises
    ------
    ValueError
        When a part is missing or stands twice, or something else stands between them.
    """
    tokens = TOKEN.findall(form.upper())
    if sorted(token[0] for token in tokens) != ["D", "M", "Y"] or not all(
        BETWEEN.fullmatch(rest) for rest in TOKEN.split(form.upper())
    ):
        raise ValueError(
            f"{shown(form)} is no form of dates; write one such as DD/MM/YYYY, M/D/YYYY, DD-MMM-YY (MMM is"
            " Jan, Feb, …) or YYYYMMDD, where one letter allows one digit or two"
        )
    return form.upper()


def _reader_of(form: str) -> Callable[[str], date]:
    """Return what reads dates of a form that is said."""
    known = checked_form(form)
    between = [re.escape(rest) for rest in TOKEN.split(known)]
    tokens = [TOKENS[token] for token in TOKEN.findall(known)]
    pattern = re.compile(between[0] + "".join(map("".join, zip(tokens, between[1:], strict=True))))

    def read(text: str) -> date:
        _refuse_empty(text)
        match = pattern.fullmatch(text)
        word = match["m"].lower() if match else ""
        if not match or not (word.isdigit() or word in MONTHS):
            raise ValueError(f"is not a date of the form {form}")
        year, month = int(match["y"]), int(word) if word.isdigit() else MONTHS.index(word) + 1
        if len(match["y"]) == 2:
            year += 1900 if year >= PIVOT else 2000
        return _calendar_day(year, month, int(match["d"]))

    return read


def _usual_reader(texts: Sequence[str]) -> Callable[[str], date]:
    """Return what reads dates of the form that most texts have."""
    split = [_split(text) for text in texts]
    forms = Counter(form for form, _ in split if form)
    usual = forms.most_common(1)[0][0] if forms else ""
    order = _order([parts for form, parts in split if form == usual], usual)
    return lambda text: _day(text, usual, order)


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


def _day(text: str, usual: str, order: str) -> date:
    """Return one date; the error says what is wrong with it."""
    _refuse_empty(text)
    form, parts = _split(text)
    if CLOCK.fullmatch(text):
        raise ValueError("is not a date but a time of a day; write the day alone, as 2023-08-27")
    if SERIAL.fullmatch(text):
        raise ValueError(
            "is not a date but, it seems, the number of a day in a spreadsheet; show the column as dates"
            " there and save again"
        )
    if not form:
        raise FormError("is not a date; write it as 2023-08-27")
    if form != usual:
        raise ValueError("is written in another form than the other dates; write all as 2023-08-27")
    if not order:
        raise FormError(
            "may have the day or the month first; the file does not show which: write 2023-08-27"
        )
    numbers = dict(zip(order, parts, strict=True))
    return _calendar_day(numbers["y"], numbers["m"], numbers["d"])


def _refuse_empty(text: str) -> None:
    if not text:
        raise ValueError("is no date; write one, or remove the row")


def _calendar_day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise ValueError("is no day of the calendar") from error
