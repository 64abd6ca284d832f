"""The ledger as a document: one table of all results, then each with its numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventstudy.document import Document, Filled
from eventstudy.document.blocks import Fact, Facts, Link, Note, Part, Text
from eventstudy.replication.ledger import GRADES
from eventstudy.tables.table import Cell, Column, Table, number, words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from eventstudy.replication.base import Row
    from eventstudy.replication.ledger import Entry

MEANING = {
    "exact": "rounds to the number of the source, in all of its digits",
    "close": "differs by no more than the tolerance of the result, whose reason is given",
    "fails": "differs by more; the reason is given where it is known",
    "not possible": "the data are not installed: pip install 'policy-eventstudy[replication]'",
}
"""What each grade means."""

DIGITS = 10
"""Significant digits of our numbers that are printed at most."""
FUZZ = 1e-10
"""Differences below this, of the number itself where it is above 1, are rounding in double precision."""


def ledger_document(entries: Sequence[Entry]) -> Document:
    """Return all results that were recomputed.

    Parameters
    ----------
    entries : sequence of Entry
        In the order in which they are listed.
    """
    counts = {grade: sum(entry.count(grade) for entry in entries) for grade in GRADES[:3]}
    said = ", ".join(f"{n} {grade}" for grade, n in counts.items())
    lost = sum(entry.grade == "not possible" for entry in entries)
    missing = (
        f" {lost} of them are not possible here: their data are not installed." if lost else ""
    )
    return Document(
        title="Published results, recomputed",
        question="Do the numbers of papers, textbooks and closed formulas come out of this engine?",
        kind="Replications",
        design=(f"{len(entries)} results, {sum(counts.values())} numbers: {said}.{missing}",),
        sections=(
            Filled(
                "section-ledger",
                "Ledger",
                (
                    _overview(entries),
                    *(Note(f"{grade.capitalize()}: {text}.") for grade, text in MEANING.items()),
                ),
            ),
            Filled("section-results", "Results", tuple(map(_part, entries))),
        ),
    )


def _overview(entries: Sequence[Entry]) -> Table:
    """Return one row per result."""
    return Table(
        id="table-ledger",
        title="Ledger",
        columns=(
            Column("Result"),
            Column("Source"),
            Column("Expected numbers"),
            *(Column(grade.capitalize(), numeric=True) for grade in GRADES[:3]),
            Column("Grade"),
        ),
        rows=tuple(
            (
                Cell(entry.result.title, entry.result.name, href=f"#{_anchor(entry)}"),
                words(entry.result.cite),
                words(entry.result.kind),
                *(_count(entry, grade) for grade in GRADES[:3]),
                Cell(entry.grade, entry.grade, strong=True),
            )
            for entry in entries
        ),
    )


def _count(entry: Entry, grade: str) -> Cell:
    """Return how many numbers of a result have a grade; nothing where it is not possible."""
    if entry.missing:
        return words("–")
    n = sum(row.grade == grade for row in entry.rows)
    return number(n, str(n))


def _anchor(entry: Entry) -> str:
    """Return the anchor of a result."""
    return f"result-{entry.result.name.replace('_', '-')}"


def _part(entry: Entry) -> Part:
    """Return one result with its numbers."""
    result = entry.result
    facts = [
        ("Source", result.source),
        ("Design", result.design),
        ("Data", result.data),
        ("Tolerance", result.tolerance),
        *([("Why they differ", result.difference)] if result.difference else []),
    ]
    listed = Facts(tuple(Fact(term, (Link(text),)) for term, text in facts))
    if entry.missing:
        packages = ", ".join(entry.missing)
        return Part(_anchor(entry), result.title, (listed, Text(f"Not installed: {packages}.")))
    return Part(_anchor(entry), result.title, (listed, _numbers(entry)))


def _numbers(entry: Entry) -> Table:
    """Return the numbers of one result beside ours."""
    return Table(
        id=f"table-{entry.result.name.replace('_', '-')}",
        title="",
        columns=(
            Column("Number"),
            Column("Expected", numeric=True),
            Column("Found", numeric=True),
            Column("Difference", numeric=True),
            Column("Grade"),
        ),
        rows=tuple(tuple(_cells(row)) for row in entry.rows),
    )


def _cells(row: Row) -> Iterator[Cell]:
    """Yield the cells of one number."""
    yield words(row.what)
    yield number(row.expected, fixed(row.expected, row.places))
    yield number(row.found, found(row))
    rounding = abs(row.difference) <= FUZZ * max(1.0, abs(row.expected))
    yield number(row.difference, "0" if rounding else _minus(f"{row.difference:+.0e}"))
    yield Cell(row.grade, row.grade, strong=row.grade == "fails")


def found(row: Row) -> str:
    """Write our number with two decimals more than theirs, as far as doubles of two machines agree.

    Examples
    --------
    >>> from eventstudy.replication.base import Row
    >>> found(Row("CAR", -3.833, -3.832912, 3)), found(Row("n", 131, 131.0, 0))
    ('−3.83291', '131')
    """
    places = row.places + 2 * bool(row.places)
    whole = len(str(int(abs(row.found))))
    return fixed(row.found, min(places, max(DIGITS - whole, 0)))


def fixed(value: float, places: int) -> str:
    """Write a number with a fixed number of decimals and a proper minus.

    Examples
    --------
    >>> fixed(-3.83349, 3), fixed(131.0, 0)
    ('−3.833', '131')
    """
    return _minus(f"{value:.{places}f}")


def _minus(text: str) -> str:
    """Put a minus in place of hyphens."""
    return text.replace("-", "\N{MINUS SIGN}")
