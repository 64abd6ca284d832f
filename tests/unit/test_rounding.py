"""Ties: what is printed is what one rounds by hand from the cell of a file, in all formats."""

import random

import pytest

from eventstudy import formats
from eventstudy.export.grid import in_print
from eventstudy.formats import MINUS, fixed
from eventstudy.language import using
from tests.printed import by_excel, by_hand, by_script

BINARY = [
    (0.5, 0),
    (1.5, 0),
    (2.5, 0),
    (-2.5, 0),
    (0.125, 2),
    (-0.375, 2),
    (1801.5, 0),
    (0.0625, 3),
]
"""Ties that a double holds as they are."""
DECIMAL = [(2.675, 2), (1.005, 2), (-1.005, 2), (0.0005, 3), (0.0625, 3), (0.0135, 3), (1.45, 1)]
"""Ties of the digits in a file, mostly above or below those of the double."""


@pytest.mark.parametrize(
    ("printed", "text"),
    [
        (formats.share(0.125), "13%"),
        (formats.share(0.285), "29%"),
        (formats.number(2.5, 0), "3"),
        (formats.number(-2.5, 0), "−3"),
        (formats.signed(0.5, 0), "+1"),
        (formats.number(2.675), "2.68"),
        (formats.number(1801.665), "1,801.67"),
        (formats.percent(0.00125, 1), "+0.1"),
        (formats.percent(-0.0025, 1), "−0.3"),
        (formats.percent(0.02675), "+2.68"),
        (formats.per_hundred(0.285, 0), "29"),
        (formats.p_value(0.0625), "0.063"),
        (formats.p_value(0.0135), "0.014"),
        (formats.p_value(0.0005), "<0.001"),
        (formats.number(0.0005, 3), "0.001"),
        (formats.number(-0.0004, 3), "0.000"),
        (formats.number(0.49999999999999994, 0), "0"),
        (formats.number(1e15 + 0.5, 0), "1,000,000,000,000,001"),
        (formats.number(1e300, 1)[:4], "1,00"),
    ],
)
def test_a_tie_goes_away_from_zero(printed, text):
    assert printed == text


@pytest.mark.parametrize(("value", "places"), BINARY)
def test_page_excel_and_scripts_round_a_tie_alike(value, places):
    assert fixed(value, places) == by_excel(value, places) == by_script(value, places)


@pytest.mark.parametrize(("value", "places"), DECIMAL)
def test_page_and_excel_round_the_digits_of_the_file(value, places):
    assert fixed(value, places) == by_excel(value, places) == by_hand(repr(value), places)


def test_every_number_is_rounded_as_by_hand():
    """Ties, their neighbours and any other number, in per cent too."""
    draw = random.Random(6)
    ties = [draw.randrange(-200_000, 200_000) / 2000 for _ in range(3000)]
    near = [value * (1 + draw.choice((-1, 1)) * 2.0**-52) for value in ties]
    for value in (*ties, *near, *(draw.gauss(0, 0.05) for _ in range(2000))):
        for places in (0, 1, 2, 3):
            assert fixed(value, places) == by_hand(repr(value), places)
        digits = f"{formats.exactly(value, 100):f}"
        assert fixed(value, 1, 100) == by_hand(digits, 1)


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_an_export_holds_the_digits_that_were_rounded(language):
    """100 times 0.285 is no 28.499999999999996 in a CSV file, which by hand is 28."""
    with using(language):
        for value in (0.285, -0.145, 0.0115, 0.07, 0.5625):
            number = formats.percent(value, 0)
            cell = repr(in_print(number))
            assert number.replace(MINUS, "-").lstrip("+") == by_hand(cell, 0)
            assert len(cell) <= len(repr(value)) + 1
