"""How numbers, dates and lists are written: one format, everywhere in a report.

Returns arrive as decimals and leave as per cent without the sign for per cent, which stands in the
heading. Minus signs are true minus signs (U+2212) and zero carries no sign.
"""

from __future__ import annotations

import math
from datetime import date, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MINUS = "\N{MINUS SIGN}"
NOTHING = "\N{EN DASH}"
"""Printed where there is no number; the reason stands beside it."""
GLUE = "\N{NO-BREAK SPACE}"
LEAST_P = 0.001
"""Below it a p-value is not written out."""

_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def number(value: float, places: int = 2) -> str:
    """Write a number with thousands separators and a fixed number of decimals.

    Examples
    --------
    >>> number(-1234.5, 1), number(-0.001), number(float("nan"))
    ('−1,234.5', '0.00', '–')
    """
    if not math.isfinite(value):
        return NOTHING
    text = f"{value:,.{places}f}"
    zero = not text.strip("-0.,")
    return text.lstrip("-") if zero else text.replace("-", MINUS)


def signed(value: float, places: int = 2) -> str:
    """Write a number with its sign; what rounds to zero has none.

    Examples
    --------
    >>> signed(1.234), signed(-0.004), signed(-2.5, 1)
    ('+1.23', '0.00', '−2.5')
    """
    text = number(value, places)
    positive = math.isfinite(value) and value > 0 and bool(text.strip("0.,"))
    return f"+{text}" if positive else text


def percent(value: float, places: int = 2) -> str:
    """Write a decimal return as a signed number of per cent.

    Examples
    --------
    >>> percent(0.0546), percent(-0.0406, 1)
    ('+5.46', '−4.1')
    """
    return signed(100 * value, places)


def interval(low: float, high: float, places: int = 1) -> str:
    """Write an interval of decimal returns in per cent, empty where it has no bound.

    Examples
    --------
    >>> interval(-0.0584, 0.006)
    '[−5.8, +0.6]'
    """
    if math.isnan(low) or math.isnan(high):
        return ""
    return f"[{percent(low, places)}, {percent(high, places)}]"


def p_value(value: float) -> str:
    """Write a p-value with three decimals; below 0.001 only that it is.

    Examples
    --------
    >>> p_value(0.0249), p_value(0.0009), p_value(1.0)
    ('0.025', '<0.001', '1.000')
    """
    if not math.isfinite(value):
        return NOTHING
    return f"<{LEAST_P:.3f}" if value < LEAST_P else f"{value:.3f}"


def p_equals(value: float) -> str:
    r"""Write a p-value for a sentence, never broken over lines.

    Examples
    --------
    >>> p_equals(0.0249), p_equals(0.00001)
    ('p\xa0=\xa00.025', 'p\xa0<0.001')
    """
    text = p_value(value)
    return f"p{GLUE}{'' if text.startswith('<') else f'={GLUE}'}{text}"


def p_resolved(value: float, floor: float) -> str:
    """Write a p-value that means nothing below a floor.

    Examples
    --------
    >>> p_resolved(0.003, 1 / 45), p_resolved(0.3, 1 / 45), p_resolved(0.0001, 0.0004)
    ('<0.022', '0.300', '<0.001')
    """
    return f"<{max(floor, LEAST_P):.3f}" if value < floor else p_value(value)


def share(value: float) -> str:
    """Write a share in whole per cent.

    Examples
    --------
    >>> share(14 / 27), share(float("nan"))
    ('52%', '–')
    """
    return f"{number(100 * value, 0)}%" if math.isfinite(value) else NOTHING


def part_of(value: float, n: int) -> str:
    """Write a share of n things as their number.

    Examples
    --------
    >>> part_of(14 / 27, 27)
    '14 of 27'
    """
    return f"{round(value * n)} of {n}" if math.isfinite(value) else NOTHING


def count(n: int, one: str, many: str = "") -> str:
    """Write a number of things; numbers below ten as words.

    Examples
    --------
    >>> count(1, "event"), count(12, "event"), count(2, "index", "indices"), count(0, "event")
    ('one event', '12 events', 'two indices', 'no events')
    """
    figure, noun = counted(n, one, many).split(" ", 1)
    return f"{_WORDS[n] if 0 <= n < len(_WORDS) else figure} {noun}"


def counted(n: int, one: str, many: str = "") -> str:
    """Write a number of things in figures, to stand beside another number.

    Examples
    --------
    >>> counted(1, "event"), counted(1200, "event"), counted(0, "cluster has", "clusters have")
    ('1 event', '1,200 events', '0 clusters have')
    """
    return f"{n:,} {one if n == 1 else many or f'{one}s'}"


def of_all(n: int, total: int, one: str, many: str = "") -> str:
    """Write a number of things out of all of them, which is not said where it is all.

    Examples
    --------
    >>> of_all(4, 5, "event"), of_all(5, 5, "event"), of_all(1, 12, "index", "indices")
    ('four of five events', 'five events', 'one of 12 indices')
    """
    whole = count(total, one, many)
    return whole if n == total else f"{count(n, one).partition(' ')[0]} of {whole}"


def listing(items: Iterable[str], last: str = "and") -> str:
    """Join words as a sentence does.

    Examples
    --------
    >>> listing(["a"]), listing(["a", "b"]), listing(["a", "b", "c"])
    ('a', 'a and b', 'a, b and c')
    """
    *head, tail = items
    return f"{', '.join(head)} {last} {tail}" if head else tail


def capital(text: str) -> str:
    """Return a sentence with its first letter in upper case and the rest as it is."""
    return text[:1].upper() + text[1:]


def day(value: object) -> str:
    r"""Write a date of any kind (date, datetime, numpy, pandas, ISO text), never broken over lines.

    Examples
    --------
    >>> day("2021-07-26")
    '26\xa0Jul\xa02021'
    """
    moment = as_date(value)
    return f"{moment.day}{GLUE}{moment:%b}{GLUE}{moment.year}" if moment else NOTHING


def month(value: object) -> str:
    """Write the month of a date as ``Jul 2021``."""
    moment = as_date(value)
    return f"{moment:%b}{GLUE}{moment.year}" if moment else NOTHING


def as_date(value: object) -> date | None:
    """Return a date of any kind as a `datetime.date`; None where there is none."""
    if isinstance(value, datetime):
        return None if value != value else value.date()  # noqa: PLR0124 - NaT differs from itself
    if isinstance(value, date):
        return value
    text = str(value)[:10]
    return None if text in {"NaT", "nan", "None", ""} else date.fromisoformat(text)


def session(tau: int) -> str:
    """Write a session relative to day 0 as the field does: −5, 0, +1."""
    return signed(tau, 0)


def window(start: int, end: int) -> str:
    """Write a window in words.

    Examples
    --------
    >>> window(0, 0), window(1, 5), window(-5, -1)
    ('day 0', 'days +1 to +5', 'days −5 to −1')
    """
    if start == end:
        return f"day {session(start)}"
    return f"days {session(start)} to {session(end)}"


def shorten(text: str, width: int) -> str:
    """Cut a text at a word so that it has at most `width` characters, with an ellipsis.

    Examples
    --------
    >>> shorten("Stamp duty on share trades halved", 20)
    'Stamp duty on share…'
    """
    words = " ".join(text.split())
    if len(words) <= width:
        return words
    head = words[: width - 1]
    whole = head if words[width - 1] == " " else head.rpartition(" ")[0] or head
    return f"{whole.rstrip(' ,;:')}…"


def nice_bounds(values: Sequence[float]) -> tuple[float, float]:
    """Return round bounds that hold zero and all finite values.

    Examples
    --------
    >>> nice_bounds([-3.2, 11.0])
    (-5.0, 12.5)
    """
    finite = [0.0, *(value for value in values if math.isfinite(value))]
    low, high = min(finite), max(finite)
    span = (high - low) or 1.0
    power = 10.0 ** math.floor(math.log10(span / 5))
    step = next(power * m for m in (1, 2, 2.5, 5, 10) if span / (power * m) <= 6)
    return math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step
