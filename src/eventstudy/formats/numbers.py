"""Numbers: returns, p-values, intervals, shares.

Returns arrive as decimals and leave as per cent without the sign for per cent, which stands in the
heading. Minus signs are true minus signs (U+2212) and zero carries no sign. Ties are rounded away from
zero (:mod:`eventstudy.formats.rounding`).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from eventstudy.formats.rounding import fixed
from eventstudy.language import (
    LANGUAGES,
    Number,
    Said,
    as_number,
    current,
    derived,
    numbers_of,
    same_numbers,
    say,
    source_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventstudy.language import Datum

MINUS = "\N{MINUS SIGN}"
NOTHING = "\N{EN DASH}"
"""Printed where there is no number; the reason stands beside it."""
GLUE = "\N{NO-BREAK SPACE}"
LEAST_P = 0.001
"""Below it a p-value is not written out."""


def number(value: float, places: int = 2) -> Number:
    """Write a number with thousands separators and a fixed number of decimals.

    Examples
    --------
    >>> number(-1234.5, 1), number(-0.001), number(2.5, 0), number(float("nan"))
    ('−1,234.5', '0.00', '3', '–')
    """
    return as_number(_plain(value, places), value)


def _plain(value: float, places: int, scale: int = 1) -> str:
    """Return a number with thousands separators; a dash where there is none."""
    if not math.isfinite(value):
        return NOTHING
    text = fixed(value, places, scale)
    zero = not text.strip("-0.,")
    return text.lstrip("-") if zero else text.replace("-", MINUS)


def signed(value: float, places: int = 2) -> Number:
    """Write a number with its sign; what rounds to zero has none.

    Examples
    --------
    >>> signed(1.234), signed(-0.004), signed(-2.5, 1)
    ('+1.23', '0.00', '−2.5')
    """
    return as_number(_with_sign(value, places), value)


def _with_sign(value: float, places: int, scale: int = 1) -> str:
    """Return a number with its sign."""
    text = _plain(value, places, scale)
    positive = math.isfinite(value) and value > 0 and bool(text.strip("0.,"))
    return f"+{text}" if positive else text


def percent(value: float, places: int = 2) -> Number:
    """Write a decimal return as a signed number of per cent.

    Examples
    --------
    >>> percent(0.0546), percent(-0.0406, 1)
    ('+5.46', '−4.1')
    """
    return as_number(_with_sign(value, places, 100), value, 100)


def per_hundred(value: float, places: int = 1) -> Number:
    """Write a decimal as a number of per cent that bears no sign where it is positive.

    Examples
    --------
    >>> per_hundred(0.0546), per_hundred(-1.17, 0)
    ('5.5', '−117')
    """
    return as_number(_plain(value, places, 100), value, 100)


def large(millions: float) -> Number:
    """Write an amount of millions in billions; where a language counts in hundred millions, in these.

    Examples
    --------
    >>> large(-8204.0)
    '−8.2'
    >>> from eventstudy.language import using
    >>> with using("zh-Hans"):
    ...     large(-8204.0)
    '−82.0'
    """
    return signed(in_billions(millions), 1)


def in_billions(millions: float) -> Datum:
    """Return an amount of millions in the unit of :func:`large`."""
    unit = 1000 if current() == LANGUAGES[0] else 100
    place = source_of(millions)
    return derived(float(millions) / unit, f"{place}, over {unit:,}" if place else "")


def level(value: float) -> Number:
    """Write a level of significance with as many decimals as it has.

    Examples
    --------
    >>> level(0.05), level(0.025)
    ('5%', '2.5%')
    """
    return as_number(f"{100 * value:g}%", value, 100)


def as_given(value: float) -> Number:
    """Write a number as a study file gives it.

    Examples
    --------
    >>> as_given(0.05), as_given(0.1)
    ('0.05', '0.1')
    """
    return as_number(f"{value:g}", value)


def interval(low: float, high: float, places: int = 1) -> Said:
    """Write an interval of decimal returns in per cent, empty where it has no bound.

    Examples
    --------
    >>> interval(-0.0584, 0.006)
    '[−5.8, +0.6]'
    """
    if math.isnan(low) or math.isnan(high):
        return Said("")
    return limits(percent(low, places), percent(high, places))


def ends_of(detail: str) -> tuple[tuple[Number, ...], str]:
    """Return the two ends of the interval with which a detail begins, if any, and what stands behind."""
    ends = numbers_of(detail)[:2]
    if len(ends) == 2:
        printed = say("[{low}, {high}]", low=ends[0], high=ends[1])
        if detail.startswith(printed):
            return ends, detail[len(printed) :].lstrip(", \N{FULLWIDTH COMMA}")
    return (), detail


def limits(low: str, high: str) -> Said:
    """Write an interval whose ends are written already."""
    return say("[{low}, {high}]", low=low, high=high)


def p_value(value: float) -> Number:
    """Write a p-value with three decimals; below 0.001 only that it is.

    Examples
    --------
    >>> p_value(0.0249), p_value(0.0009), p_value(1.0)
    ('0.025', '<0.001', '1.000')
    """
    if not math.isfinite(value):
        return as_number(NOTHING, value)
    return as_number(f"<{fixed(LEAST_P, 3)}" if value < LEAST_P else fixed(value, 3), value)


def p_equals(value: float) -> Said:
    r"""Write a p-value for a sentence, never broken over lines.

    Examples
    --------
    >>> p_equals(0.0249), p_equals(0.00001)
    ('p\xa0=\xa00.025', 'p\xa0<0.001')
    """
    text = p_value(value)
    sign = "" if text.startswith("<") else f"={GLUE}"
    return Said(f"p{GLUE}{sign}{text}", (text,))


def p_resolved(value: float, floor: float) -> Number:
    """Write a p-value that means nothing below a floor.

    Examples
    --------
    >>> p_resolved(0.003, 1 / 45), p_resolved(0.3, 1 / 45), p_resolved(0.0001, 0.0004)
    ('<0.022', '0.300', '<0.001')
    """
    if value < floor:
        return as_number(f"<{fixed(max(floor, LEAST_P), 3)}", value)
    return p_value(value)


def share(value: float) -> Number:
    """Write a share in whole per cent.

    Examples
    --------
    >>> share(14 / 27), share(1 / 8), share(float("nan"))
    ('52%', '13%', '–')
    """
    text = f"{_plain(value, 0, 100)}%" if math.isfinite(value) else NOTHING
    return as_number(text, value, 100)


def unsigned(text: str) -> str:
    """Return a written number without the sign of a positive one."""
    return same_numbers(text.lstrip("+"), text)


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
