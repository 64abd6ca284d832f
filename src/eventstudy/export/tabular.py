"""CSV and Parquet: one file per table, numbers before they are rounded."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any

from eventstudy.export.grid import grid_of
from eventstudy.export.outline import tables_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from eventstudy.document import Document
    from eventstudy.export.drawings import Drawings
    from eventstudy.export.grid import Entry

CONTENTS, COLUMNS = "contents.csv", "columns.csv"
"""The tables, and what is printed above each of their columns."""
HEADINGS = ("file", "number", "title", "where", "caption", "notes")


def write_csv_tables(document: Document, _drawings: Drawings, folder: Path) -> None:
    """Write ``<table>.csv`` of every table, and what they are: ``contents.csv`` and ``columns.csv``.

    Parameters
    ----------
    document : Document
        What the report says.
    folder : pathlib.Path
        Where the files go.

    Notes
    -----
    A number has the digits that read back to the same double; formatting it gives the printed cell.
    """
    contents, fields = [], []
    for table, exhibit in tables_of(document):
        grid = grid_of(table, document.headings.get(table.id, ()))
        rows = ([_field(entry) for entry in row] for row in grid.rows)
        name = f"{table.id}.csv"
        _write(folder / name, [grid.names, *rows])
        fields += [(name, *both) for both in zip(grid.names, grid.columns, strict=True)]
        about = (exhibit.number, exhibit.title, exhibit.where, table.caption)
        contents.append((name, *about, "\n".join(table.notes)))
    _write(folder / CONTENTS, [HEADINGS, *contents])
    _write(folder / COLUMNS, [("file", "column", "heading"), *fields])


def _write(path: Path, rows: Iterable[Iterable[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def _field(entry: Entry) -> str:
    """Return an entry as CSV has it: whole numbers without a point, nothing as an empty field."""
    if isinstance(entry.value, float):
        return f"{int(entry.value)}" if entry.value.is_integer() else repr(entry.value)
    return entry.value or ""


def write_parquet_tables(document: Document, _drawings: Drawings, folder: Path) -> None:
    """Write ``<table>.parquet`` of every table; title, caption, notes and headings stand in the schema.

    Parameters
    ----------
    document : Document
        What the report says.
    folder : pathlib.Path
        Where the files go.

    Notes
    -----
    A column is a double where all its entries are numbers or missing, else text as in the CSV.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    for table, exhibit in tables_of(document):
        grid = grid_of(table, document.headings.get(table.id, ()))
        arrays = [_array([row[at] for row in grid.rows]) for at in range(len(grid.columns))]
        fields = [
            pa.field(name, array.type, metadata={"heading": heading})
            for name, array, heading in zip(grid.names, arrays, grid.columns, strict=True)
        ]
        about = {
            "number": exhibit.number,
            "title": exhibit.title,
            "where": exhibit.where,
            "caption": table.caption,
            "notes": json.dumps(table.notes, ensure_ascii=False),
        }
        content = pa.table(arrays, schema=pa.schema(fields, about))
        pq.write_table(content, folder / f"{table.id}.parquet")


def _array(entries: list[Entry]) -> Any:  # noqa: ANN401 - pyarrow has no types
    """Return a column as pyarrow has it."""
    import pyarrow as pa

    values = [entry.value for entry in entries]
    numbers = any(isinstance(value, float) for value in values)
    if numbers and not any(isinstance(value, str) for value in values):
        return pa.array(values, pa.float64())
    return pa.array([_field(entry) or None for entry in entries], pa.string())
