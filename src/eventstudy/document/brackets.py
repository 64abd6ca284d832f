"""What stands in brackets beside an estimate, and its stars: as the user wants them, from the row of the estimate."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from eventstudy import formats, labels
from eventstudy.document.blocks import Details, Figure, Panels, Part
from eventstudy.language import (
    Number,
    Said,
    derived,
    join,
    marked,
    numbers_of,
    say,
    sentences,
    using,
)
from eventstudy.rows import picked
from eventstudy.tables import Cell, Table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pandas as pd

    from eventstudy.document.blocks import Block
    from eventstudy.document.document import Document
    from eventstudy.spec import Presentation

ESTIMATES = {
    "car.car": ("std_error", "p_value"),
    "aggregate.mean": ("std_error", ""),
    "joint_effects.estimate": ("std_error", "p_value"),
    "projections.estimate": ("std_error", "p_value"),
    "regressions.estimate": ("std_error", "p_value"),
    "slopes.slope": ("std_error", "p_permutation"),
    "verdicts.ar0": ("", "p0"),
    "verdicts.car": ("", "car_p"),
}
"""Estimates, with the columns of their row that hold the standard error and the p; empty where another file does."""

KEYS = ("model", "group", "asset", "window_start", "window_end")
"""What a mean and its tests are known by; panels have no assets."""
TEST_OF_MEAN = "cross_sectional_t"
"""The test whose p is that of a mean: its standard error is the one of the row."""

BRACKETS = {
    "p": marked("In round brackets: p."),
    "se": marked("In round brackets: standard errors."),
}
"""What a table says of its brackets, by what stands in them."""
TESTS = {"aggregate": TEST_OF_MEAN, "car": "forecast_t"}
"""The test whose p belongs to the estimates of a file; elsewhere the row, or the table, says it."""
OF_TEST = marked("p of an estimate: {test}.")

_SOURCE = re.compile(r"results/(\w+)\.csv row (\d+) (\w+)")


def bracketed(
    document: Document, frames: Mapping[str, pd.DataFrame], shown: Presentation
) -> Document:
    """Return a document with p-values or standard errors in brackets beside its estimates, and with stars.

    Parameters
    ----------
    document : Document
        What a report says.
    frames : mapping of str to DataFrame
        The results that its numbers come from.
    shown : Presentation
        What the user wants in brackets, and the levels of stars; without either nothing changes.

    Notes
    -----
    An estimate keeps what stood beside it where its p or standard error is not known, and where that is no
    interval and the caption explains it.
    """
    if not shown.brackets and not shown.stars:
        return document
    known = Estimates(frames)

    def change(table: Table) -> Table:
        return _changed(table, known, shown)

    with using(document.language):
        sections = tuple(
            replace(each, blocks=_within(each.blocks, change)) for each in document.sections
        )
    return replace(document, sections=sections)


def _within(blocks: Sequence[Block], change: Callable[[Table], Table]) -> tuple[Block, ...]:
    """Return blocks with every table in them changed."""
    return tuple(_block(block, change) for block in blocks)


def _block(block: Block, change: Callable[[Table], Table]) -> Block:
    """Return a block with every table in it changed."""
    if isinstance(block, Table):
        return change(block)
    if isinstance(block, Figure):
        return replace(block, table=change(block.table))
    if isinstance(block, Details | Part):
        return replace(block, blocks=_within(block.blocks, change))
    if isinstance(block, Panels):
        panels = (replace(each, blocks=_within(each.blocks, change)) for each in block.panels)
        return replace(block, panels=tuple(panels))
    return block


def _changed(table: Table, known: Estimates, shown: Presentation) -> Table:
    """Return a table with the brackets and stars that are wanted."""
    files: set[str] = set()
    rows = []
    for row in table.rows:
        cells = []
        for cell in row:
            estimate = known.of(cell)
            other = cell if estimate is None else _cell(cell, estimate, shown, table.plain)
            if estimate is not None and other != cell:
                files.add(estimate.file)
            cells.append(other)
        rows.append(tuple(cells))
    if not files:
        return table
    caption = (table.plain or table.caption) if shown.brackets else table.caption
    notes = (*table.notes, _note(shown, files))
    return replace(table, rows=tuple(rows), caption=caption, notes=notes)


def _cell(cell: Cell, estimate: Estimate, shown: Presentation, plain: str) -> Cell:
    """Return an estimate with its brackets and stars."""
    stars = "*" * sum(estimate.p <= level for level in shown.stars)
    value = estimate.p if shown.brackets == "p" else estimate.error
    ends, rest = formats.ends_of(cell.detail)
    free = bool(ends or plain or not cell.detail)
    if shown.brackets is None or not math.isfinite(value) or not free:
        return replace(cell, stars=stars)
    text = formats.p_value(value) if shown.brackets == "p" else _written_as(cell.text, value)
    words = Said(rest, numbers_of(cell.detail)[2:]) if ends else ""
    return replace(
        cell, stars=stars, detail=join((say("({number})", number=text), words), say(", "))
    )


def _written_as(text: str, value: float) -> Number:
    """Write a standard error in the unit of its estimate, with as many decimals."""
    (number,) = numbers_of(text)
    places = len(number.partition(".")[2])
    if number.scale == 1:
        return formats.number(value, places)
    return formats.per_hundred(value, places)


def _note(shown: Presentation, files: set[str]) -> str:
    """Say what stands in brackets, and what stars stand for."""
    said = [say(BRACKETS[shown.brackets])] if shown.brackets else []
    if shown.stars or shown.brackets == "p":
        tests = [labels.term(TESTS[file]) for file in sorted(files & set(TESTS))]
        said += [say(OF_TEST, test=test) for test in tests]
    levels = (
        say("{stars} p \N{LESS-THAN OR EQUAL TO} {level}", stars="*" * n, level=_level(level))
        for n, level in enumerate(sorted(shown.stars, reverse=True), start=1)
    )
    if shown.stars:
        said.append(say("{words}.", words=join(levels, say(", "))))
    return sentences(*said)


def _level(level: float) -> Number:
    return formats.as_given(derived(level, "study: report.stars"))


@dataclass(frozen=True, slots=True)
class Estimate:
    """What is known of an estimate.

    Attributes
    ----------
    error, p : float
        Standard error in the unit of the estimate, and p; NaN where unknown.
    file : str
        Name of the results file that has it.
    """

    error: float
    p: float
    file: str


@dataclass(frozen=True)
class Estimates:
    """The results, asked for what belongs to an estimate.

    Attributes
    ----------
    frames : mapping of str to DataFrame
        By the name of their file.
    """

    frames: Mapping[str, pd.DataFrame]

    def of(self, cell: Cell) -> Estimate | None:
        """Return what is known of the estimate in a cell; None for what is none."""
        found = _SOURCE.fullmatch(cell.text.source) if isinstance(cell.text, Number) else None
        if found is None or f"{found[1]}.{found[3]}" not in ESTIMATES:
            return None
        (row,) = labels.records(self.frames[found[1]].loc[[int(found[2]) - 1]])
        columns = ESTIMATES[f"{found[1]}.{found[3]}"]
        error, p = (getattr(row, column) if column else math.nan for column in columns)
        if found[1] == "verdicts":
            error = self._error(row, later=found[3] == "car")
        if found[1] == "aggregate":
            p = self._p_of_mean(row)
        return Estimate(error, p, found[1])

    def _error(self, row: labels.Record, *, later: bool) -> float:
        """Return the standard error of a reaction, or of what came after it."""
        start, end = (row.window_start, row.window_end) if later else (0, row.reaction_end)
        keys = {name: f"{getattr(row, name)}" for name in ("model", "event_id", "asset")}
        return self._cell("car", "std_error", window_start=start, window_end=end, **keys)

    def _p_of_mean(self, row: labels.Record) -> float:
        """Return the p of a mean."""
        keys = [name for name in KEYS if name in self.frames["aggregate"]]
        values = {name: getattr(row, name) for name in keys}
        return self._cell("statistics", "p_value", statistic=TEST_OF_MEAN, **values)

    def _cell(self, name: str, column: str, **keys: Any) -> float:  # noqa: ANN401 - of a column
        """Return the number in a row of a frame; NaN where there is no such row."""
        found = labels.records(picked(self.frames[name], **keys))
        return getattr(found[0], column) if found else math.nan
