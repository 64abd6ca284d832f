"""Names of columns as code wants them: lower case, digits and underscores, in every language the same."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from eventstudy.formats import MINUS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from eventstudy.language import Number

SPELLED = {
    rf"{MINUS}(?=\d)": "m",
    r"\.(?=\w\.)|(?<=\w\.\w)\.": "",
    "\N{LESS-THAN OR EQUAL TO}": " up to ",
    "\N{SUPERSCRIPT TWO}": "2",
    "%": " pct ",
    "['\N{RIGHT SINGLE QUOTATION MARK}]": "",
}
"""What a name cannot hold, and how it is spelt: m stands for minus, as in ``cars.csv``."""

SHORT = {"p_value": "p", "std_error": "se"}
"""Fields of results, and what everybody calls them."""

_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_FIELD = re.compile(r"\S+\.csv row \d+ (\w+)")


def snake(heading: str) -> str:
    """Return a heading as a name.

    Examples
    --------
    >>> snake("CAR, days −5 to +1"), snake("s.e., HC3"), snake("R²"), snake("20 sessions")
    ('car_days_m5_to_1', 'se_hc3', 'r2', 'x_20_sessions')
    """
    for pattern, spelled in SPELLED.items():
        heading = re.sub(pattern, spelled, heading)
    name = re.sub(r"[\W_]+", "_", heading.casefold()).strip("_")
    return f"x_{name}" if not name or name[0].isdigit() else name


def field_of(numbers: Iterable[Number]) -> str:
    """Return the field of the results that some numbers come from, or that they are dates; empty for neither."""
    fields = {_field(number) for number in numbers}
    field = fields.pop() if len(fields) == 1 else ""
    return SHORT.get(field, field)


def _field(number: Number) -> str:
    """Return the field of the results that a number comes from."""
    if found := _FIELD.fullmatch(number.source):
        return found[1]
    return "date" if _DATE.fullmatch(f"{number.value}") else ""


def names_of(headings: Sequence[str], endings: Sequence[tuple[int, str]]) -> list[str]:
    """Return a name for every column of a grid, no two alike.

    Parameters
    ----------
    headings : sequence of str
        Of the columns of the table, in English. What stands there twice has, from the second time, the
        last heading that stands there once in front: p, car_p.
    endings : sequence of (int, str)
        Of every column of the grid: the column of the table that it belongs to, and what is put behind
        its name.
    """
    names = list(map(snake, headings))
    own: list[str] = []
    apart = ""
    for name in names:
        apart = name if names.count(name) == 1 else apart
        own.append(f"{apart}_{name}" if name in own and apart else name)
    found: list[str] = []
    for at, ending in endings:
        name = first = f"{own[at]}_{ending}" if ending else own[at]
        count = 1
        while name in found:
            count += 1
            name = f"{first}_{count}"
        found.append(name)
    return found
