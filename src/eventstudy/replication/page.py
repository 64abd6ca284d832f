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
    missing = f" Not possible here, for their data are not installed: {lost}." if lost else ""
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
            Column("Grade"),
            *(Column(grade.capitalize(), numeric=True) for grade in GRADES[:3]),
            Column("Expected numbers"),
            Column("Source"),
        ),
        rows=tuple(
            (
                Cell(entry.result.title, entry.result.name, href=f"#{_anchor(entry)}"),
                Cell(entry.grade, entry.grade, strong=True),
                *(_count(entry, grade) for grade in GRADES[:3]),
                words(entry.result.kind),
                words(entry.result.cite),
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
    yield number(row.difference, apart(row))
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


def apart(row: Row) -> str:
    """Write how far ours is from theirs: one digit where it rounds to theirs.

    Examples
    --------
    >>> from eventstudy.replication.base import Row
    >>> apart(Row("CAR", -3.833, -3.832912, 3)), apart(Row("rate", 4.7, 5.25, 1))
    ('+9e−05', '+0.55')
    """
    off = row.difference
    if abs(off) <= FUZZ * max(1.0, abs(row.expected)):
        return "0"
    if row.grade == "exact" or abs(off) < 10.0**-row.places:
        return _minus(f"{off:+.0e}")
    return _minus(f"{off:+.{row.places + 1}f}")


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
