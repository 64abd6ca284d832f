"""Whether a number in numbers.json is the cell of a file that it names, and how programs print numbers."""

import csv
import math
import re
from decimal import ROUND_HALF_UP, Decimal

from eventstudy import formats
from eventstudy.formats import GLUE, MINUS, NOTHING

CELL = re.compile(r"((?:results/)?\w+\.csv) row (\d+) (\w+)")
"""A source that is one cell: file, row below the heading, column."""
WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def read(folder, file):
    """The rows of a file, as text."""
    with (folder / file).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def stands_for(number, cell):
    """Tell whether a printed number is a cell of a file: its date, a number in its words, its value."""
    printed, value = number["printed"], number["value"]
    if isinstance(value, str):
        return value in cell and printed in {value, formats.day(value), formats.month(value)}
    if value is None:
        return printed == NOTHING
    if not re.fullmatch(r"[-\d.e+]+", cell):
        return printed in cell
    return float(cell) == value and is_rounded(printed, value * number["times"])


def is_rounded(printed, value):
    """Tell whether a number was printed as it is, to its last digit."""
    plain = printed.lower().replace(",", "").replace(MINUS, "-").replace(GLUE, "").rstrip("%")
    if plain.startswith("<"):
        return value < float(plain[1:])
    shown = WORDS.index(plain) if plain in WORDS else 0 if plain == "none" else float(plain)
    places = len(plain.partition(".")[2])
    return math.isclose(shown, value, rel_tol=0, abs_tol=0.5 * 10**-places + 1e-12)


def counted_again(folder, rule):
    """Count the rows of a file, or the different values of its columns, by the rule that an entry has."""
    rows = [
        row
        for place, row in enumerate(read(folder, rule["file"]), start=1)
        if all(holds({**row, "row": f"{place}"}, condition) for condition in rule["where"])
    ]
    columns = rule.get("distinct")
    return len({tuple(row[name] for name in columns) for row in rows}) if columns else len(rows)


def holds(row, condition):
    """Tell whether a row fulfils a condition."""
    column, asked, value = condition
    cell = row[column]
    if asked == "empty":
        return (cell == "") is value
    if asked in {"=", "in"}:
        return any(same(cell, each) for each in (value if asked == "in" else [value]))
    number = float(cell or "nan")
    return {
        "<=": number <= value,
        "not <=": not number <= value,
        "<": number < value,
        ">": number > value,
    }[asked]


def same(cell, value):
    """Tell whether a cell holds a value."""
    return cell == value if isinstance(value, str) else cell != "" and float(cell) == value


def by_hand(cell, places):
    """Round the digits of a cell as one does by hand: a five goes up, away from zero."""
    return f"{Decimal(cell).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP):,f}"


def by_excel(value, places):
    """Round as Excel shows a number: fifteen significant digits, of which a five goes away from zero."""
    return by_hand(f"{value:.15g}", places)


def by_script(value, places):
    """Round as a browser does, and d3 with it: the double itself, of which a tie goes away from zero."""
    return by_hand(Decimal(value), places)
