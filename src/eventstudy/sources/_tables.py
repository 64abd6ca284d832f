"""How a study file names a table and says which column holds what."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, ConfigDict, with_config

from eventstudy.errors import closest, did_you_mean, shown
from eventstudy.sheets.layout import FIELD, Layout
from eventstudy.sources._paths import Inside
from eventstudy.spec.fields import RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SAY_FORM = "the form of the dates, as in `date_format: DD/MM/YYYY`"
"""How a study file says how the dates of a table are written."""

Main = Literal["close", "return"]


def _form(text: str) -> str:
    """Return a form of dates, if it is one."""
    if not text:
        return text
    from eventstudy.sheets.dates import checked_form

    try:
        return checked_form(text)
    except ValueError as error:
        raise RefusedError("bad-value", str(error)) from error


def _given(text: str) -> str:
    """Return a name that is not blank."""
    if not text.strip():
        raise RefusedError("bad-text", "must be a name, or leave out the line")
    return text


File = Inside
Form = Annotated[str, AfterValidator(_form)]
Name = Annotated[str, AfterValidator(_given)]


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True)
class Table:
    """One table of a study, with what it does not say itself.

    Attributes
    ----------
    file : str
        Its path inside the folder of the study file.
    sheet : str
        Sheet of an Excel workbook.
    columns : mapping of str to str
        Column of the file by what it holds.
    series : str
        What its only series is called.
    date_format : str
        How its dates are written.
    percent : bool, optional
        Whether its returns are in per cent; by default as the source says for all.
    """

    file: File
    sheet: Name = ""
    columns: dict[str, Name] = field(default_factory=dict)
    series: Name = ""
    date_format: Form = ""
    percent: bool | None = None

    def layout(self, main: Main) -> Layout:
        """Return how the table is to be read."""
        return Layout(main, self.sheet, self.columns, self.series, self.date_format, say=SAY_FORM)


def entries(value: object) -> object:
    """Return a list of blocks, where a text stands for the block of a file."""
    listed = [value] if isinstance(value, str | dict | Table) else value
    if not isinstance(listed, list | tuple):
        return listed
    return tuple({"file": each} if isinstance(each, str) else _known(each) for each in listed)


def _known(entry: object) -> object:
    """Return the block of a table, if every key is one of its own."""
    if isinstance(entry, dict):
        _refuse_unknown(entry, [each.name for each in fields(Table)], "key", ())
    elif not isinstance(entry, Table):
        raise RefusedError("wrong-type", "must be the path of a table, or a block with its `file`")
    return entry


def _refuse_unknown(
    given: Iterable[str], allowed: Iterable[str], what: str, at: tuple[str, ...]
) -> None:
    words = [*allowed]
    unknown = [key for key in given if key not in words]
    if not unknown:
        return
    if len(unknown) == 1:
        named, close = shown(unknown[0]), did_you_mean(unknown[0], words)
    else:
        near = [(shown(key), closest(key, words)) for key in unknown]
        named = ", ".join(f"{key} (did you mean {word!r}?)" if word else key for key, word in near)
        close = ""
    message = f"there is no {what} {named}; allowed: {', '.join(words)}{close}"
    raise RefusedError("unknown-key", message, at=(*at, unknown[0]))


def checked(tables: tuple[Table, ...], main: Main) -> tuple[Table, ...]:
    """Return tables whose columns can be meant."""
    for table in tables:
        _check_columns(table.columns, ("date", "asset", *FIELD[main]), table.file)
        values = {*table.columns} - {"date", "asset"}
        if values and main not in values:
            what = "prices need the close" if main == "close" else "returns need the return"
            raise RefusedError("missing-key", f"{table.file}: `columns` without {main}: {what}")
        if table.series and "asset" in table.columns:
            message = (
                f"{table.file}: `series` names the only series of a table, `asset` the column that"
                " names many; keep one"
            )
            raise RefusedError("bad-value", message)
        if main == "close" and table.percent is not None:
            raise RefusedError("bad-value", f"{table.file}: `percent` is for tables of returns")
    return tables


def _check_columns(columns: Mapping[str, str], allowed: tuple[str, ...], file: str) -> None:
    """Raise when `columns` names a thing that the table cannot hold, or one column twice."""
    what = f"column role in {file} called"
    _refuse_unknown(columns, allowed, what, ("columns",))
    roles: dict[str, str] = {}
    for role, column in columns.items():
        if column in roles:
            message = f"{file}: the column {shown(column)} is given as {roles[column]} and as {role}; keep one"
            raise RefusedError("duplicate-entry", message)
        roles[column] = role


def schema(main: Main) -> dict[str, Any]:
    """Return the schema of a path, of a block, and of a list of both."""
    text = {"type": "string"}
    roles = ("date", "asset", *FIELD[main])
    columns = {
        "type": "object",
        "description": "Column of the file by what it holds.",
        "properties": dict.fromkeys(roles, text),
        "additionalProperties": False,
    }
    keys: dict[str, Any] = {
        "file": {**text, "description": "Path inside the folder of the study file."},
        "sheet": {**text, "description": "Sheet of an Excel workbook."},
        "columns": columns,
        "series": {**text, "description": "What the only series of the table is called."},
        "date_format": {**text, "description": "How its dates are written, such as DD/MM/YYYY."},
    }
    if main == "return":
        keys["percent"] = {"type": "boolean", "description": "Whether its returns are in per cent."}
    block = {
        "type": "object",
        "properties": keys,
        "required": ["file"],
        "additionalProperties": False,
    }
    return {"anyOf": [text, block, {"type": "array", "items": {"anyOf": [text, block]}}]}
