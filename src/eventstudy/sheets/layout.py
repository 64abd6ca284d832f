"""Which column of a table holds what."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from eventstudy.errors import DataError, closest, did_you_mean, shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

BARS = ("open", "high", "low", "close", "volume")
"""Fields of a table of bars."""

FIELD = {"close": BARS, "return": ("return",)}
"""Fields that a table may hold, by the main one."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table is to be read, as far as it does not say so itself.

    Attributes
    ----------
    main : {'close', 'return'}
        What its numbers are where only one column holds any.
    sheet : str
        Sheet of an Excel workbook; empty for the only one.
    columns : mapping of str to str
        Column of the file by what it holds: ``date``, ``asset``, or a field of the table.
    series : str
        What the only series of the table is called; empty where the table says so.
    date_format : str
        How its dates are written, such as ``DD/MM/YYYY``; empty to see it from the dates.
    say : str
        How the user would name the form of dates, for messages; empty where that is not possible.
    """

    main: str = "close"
    sheet: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    series: str = ""
    date_format: str = ""
    say: str = ""


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of one table.

    Attributes
    ----------
    date : str
        Column of the dates.
    asset : str
        Column of the names of series; empty where each has its own column, or there is one only.
    fields : mapping of str to str
        Column by field, of a long table or one of a single series; empty in a wide one.
    wide : tuple of str
        The columns of a wide table, one per series.
    """

    date: str
    asset: str
    fields: Mapping[str, str]
    wide: tuple[str, ...]

    @property
    def numbers(self) -> tuple[str, ...]:
        """Every column of numbers."""
        return self.wide or tuple(self.fields.values())

    @property
    def texts(self) -> tuple[str, ...]:
        """The columns of dates and names."""
        return (self.date, self.asset) if self.asset else (self.date,)


def columns_of(path: Path, names: Sequence[str], layout: Layout) -> Columns:
    """Return which column holds what.

    Parameters
    ----------
    path : pathlib.Path
        The table, for messages.
    names : sequence of str
        Its columns.
    layout : Layout
        What the user says.

    Raises
    ------
    DataError
        When a column is not there, or it is not clear which one is meant.
    """
    _refuse_absent(path, names, layout.columns)
    date = layout.columns.get("date") or _date(path, names, layout)
    asset = layout.columns.get("asset") or _called("asset", names)
    if asset and layout.series:
        raise DataError(
            f"{path} has a column {shown(asset)} that names the series; leave out `series:"
            f" {layout.series}`, or the column"
        )
    fields = {role: name for role, name in layout.columns.items() if role not in {"date", "asset"}}
    values = tuple(name for name in names if name not in {date, asset})
    if not values:
        raise DataError(f"{path} has no column of numbers beside {', '.join(names)}")
    if not asset and not layout.series:
        if fields:
            raise DataError(
                f"{path} has no column that names the series; write `asset: COLUMN` under `columns`, or"
                " `series: NAME` where the whole table is of one"
            )
        return Columns(date, "", {}, values)
    return Columns(date, asset, fields or _fields(path, values, layout, asset), ())


def listed(names: Sequence[str]) -> str:
    """Return some names for a message, the first eight; what cannot be seen is written out."""
    some = [name if name.isprintable() else shown(name) for name in names[:8]]
    return f"{', '.join(some)}{' …' if len(names) > 8 else ''}"


def _refuse_absent(path: Path, names: Sequence[str], columns: Mapping[str, str]) -> None:
    """Raise when `columns` names columns that the table does not have; all are named."""
    absent = {role: column for role, column in columns.items() if column not in names}
    if not absent:
        return
    if len(absent) == 1:
        ((role, column),) = absent.items()
        what, close = (
            f"{shown(column)}, which `columns` gives as {role}",
            did_you_mean(column, names),
        )
    else:
        each = ((role, column, closest(column, names)) for role, column in absent.items())
        what, close = (
            ", ".join(
                f"{shown(column)} for {role}{f' (did you mean {near!r}?)' if near else ''}"
                for role, column, near in each
            ),
            "",
        )
    raise DataError(f"{path} has no column {what}; it has {listed(names)}{close}")


def _called(wanted: str, names: Sequence[str]) -> str:
    """Return the column of a name, in capitals or not; empty where there is none."""
    return next((name for name in names if name.lower() == wanted), "")


def _date(path: Path, names: Sequence[str], layout: Layout) -> str:
    """Return the column of the dates."""
    if found := _called("date", names):
        return found
    say = (
        ". Say under `columns` which one holds the dates, as in {date: NAME}" if layout.say else ""
    )
    raise DataError(
        f"{path} has no column 'date'; it has {listed(names)}. A wide table has date and one column per"
        f" series, a long one date, asset and one column of numbers{say}"
    )


def _fields(path: Path, values: Sequence[str], layout: Layout, asset: str) -> dict[str, str]:
    """Return the columns of numbers of a long table, or of one of a single series."""
    if len(values) == 1:
        return {layout.main: values[0]}
    found = {name.lower(): name for name in values}
    if (
        len(found) == len(values)
        and layout.main in found
        and set(found) <= {*FIELD.get(layout.main, ())}
    ):
        return found
    kind = f"it has a column {asset!r}" if asset else f"it is of one series, {layout.series}"
    say = ", or say which is which under `columns`" if layout.say else ""
    raise DataError(
        f"{path} is a long table ({kind}) with several columns of numbers: {listed(values)}; keep date,"
        f" asset and the one that is meant{say}"
    )
