"""Rounding as a reader does it by hand: from the digits that stand in the file, ties away from zero."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal

_NEAR_TIE = 1e-6
"""Nearer to the middle of two prints, in units of the last digit, a number is rounded by its digits."""
_WIDE = 1e8
"""From as many units of the last digit the binary fraction says nothing about a tie."""
_CONTEXT = Context(prec=800, rounding=ROUND_HALF_UP)
"""Wide enough for the largest double with all decimals that a report prints."""


def fixed(value: float, places: int, scale: int = 1) -> str:
    """Write a finite number with thousands separators and a fixed number of decimals.

    Parameters
    ----------
    value : float
        As a file of results has it.
    places : int
        Decimals.
    scale : int, optional
        What it is multiplied by in print: 100 for per cent.

    Notes
    -----
    What is rounded is the shortest decimal number that stands for the value, which is what a CSV file has
    (2.675, though the double next to it is 2.67499…), times the scale, without an error of multiplication
    (0.285 is 28.5 per cent). A tie goes away from zero, as in Excel.

    Examples
    --------
    >>> fixed(2.5, 0), fixed(-2.5, 0), fixed(2.675, 2), fixed(0.125, 0, 100), fixed(0.0005, 3)
    ('3', '-3', '2.68', '13', '0.001')
    """
    shown = value * scale
    units = abs(shown) * 10.0**places
    if abs(units % 1.0 - 0.5) > _NEAR_TIE and units < _WIDE:
        return f"{shown:,.{places}f}"
    last = Decimal(1).scaleb(-places)
    return f"{exactly(value, scale).quantize(last, context=_CONTEXT):,f}"


def exactly(value: float, scale: int = 1) -> Decimal:
    """Return the shortest decimal number that stands for a value, times a whole number.

    Examples
    --------
    >>> float(exactly(0.285, 100)), 100 * 0.285
    (28.5, 28.499999999999996)
    """
    return Decimal(float.__repr__(float(value))) * scale
