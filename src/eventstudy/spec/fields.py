"""Types of single values: from the string in the file to a date, a number, a window.

Values that are not strings pass to pydantic untouched, so that studies can also be built in Python.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import TYPE_CHECKING, Annotated, Literal, get_args

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from eventstudy.errors import shown
from eventstudy.spec.base import Window
from eventstudy.yamlfile import kind_of

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

FURTHEST_SESSION = 5_000
"""Furthest session from day 0 that a window may reach: twenty years."""

ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
MOMENT = re.compile(
    r"(?P<date>[^ T]+)[ T]+(?P<time>\d{1,2}:\d{2}(?P<seconds>:\d{2})?) *(?P<offset>Z|[+-]\d{2}:\d{2})?",
    re.ASCII,
)
ZONE = re.compile(
    r"UTC|(Africa|America|Antarctica|Asia|Atlantic|Australia|Europe|Indian|Pacific)(/[A-Za-z_+-]+)+"
)
CALENDAR = re.compile("[A-Z][A-Z0-9]{3}")
FINGERPRINT = re.compile(r"[0-9a-f]{12,64}")
MEASURE = re.compile("open|high|low|close|([01][0-9]|2[0-3]):[0-5][0-9]")
URL = re.compile(r'https?://[^\s/?#<>"]+[^\s<>"]*')


class RefusedError(ValueError):
    """A validator refuses a value.

    Parameters
    ----------
    code : str
        One of :data:`eventstudy.errors.CODES`.
    message : str
        What is wrong and what is allowed.
    at : tuple of str or int
        Where inside the value the mistake stands; empty for the value itself.
    """

    def __init__(self, code: str, message: str, *, at: tuple[str | int, ...] = ()) -> None:
        self.code, self.message, self.at = code, message, at
        super().__init__(message)


def zone_of(name: str) -> ZoneInfo:
    """Return a time zone of the IANA database.

    Raises
    ------
    RefusedError
        When there is no such zone.
    """
    from zoneinfo import ZoneInfo

    try:
        if ZONE.fullmatch(name):
            return ZoneInfo(name)
    except (KeyError, OSError):
        pass
    message = f"{shown(name)} is not a time zone; write one such as Asia/Shanghai or UTC"
    raise RefusedError("bad-time-zone", message)


def _zone(name: str) -> str:
    zone_of(name)
    return name


def _fingerprint(value: str) -> str:
    if not FINGERPRINT.fullmatch(value):
        message = f"{shown(value)} is no fingerprint: 12 to 64 of the digits 0-9 a-f, as `manifest.json` has under prices_sha256"
        raise RefusedError("bad-fingerprint", message)
    return value


def checked_id(value: str) -> str:
    """Return an id or a label, if it is one.

    Raises
    ------
    RefusedError
        When it has other characters, or means something else.
    """
    if not ID.fullmatch(value):
        message = (
            f"{shown(value)} is not allowed; use up to 64 letters, digits, `_`, `-` and `.`,"
            " with a letter or digit first"
        )
        raise RefusedError("bad-id", message)
    if value.lower() == "all":
        raise RefusedError(
            "reserved-id", f"{value!r} stands for everything together; choose another"
        )
    return value


def _text(value: str) -> str:
    if not value.strip() or len(value) > 500:
        raise RefusedError("bad-text", "must be text of 1 to 500 characters")
    return value


def _day_or_other(value: object) -> object:
    """Return the date that a string writes; dates pass, lists and blocks do not."""
    if isinstance(value, list | dict):
        message = f"must be a date such as 2023-08-27, not {kind_of(value)}"
        raise RefusedError("wrong-type", message)
    return _day(value) if isinstance(value, str) else value


def _day(value: str) -> date:
    """Return the date that a string writes."""
    match = DATE.fullmatch(value)
    if not match:
        raise RefusedError(
            "bad-date", f"{shown(value)} is not a date; write one such as 2023-08-27"
        )
    year, month, day = map(int, match.groups())
    if not 1900 <= year <= 2100:
        raise RefusedError(
            "out-of-range", f"the year {year} is out of range; allowed: 1900 to 2100"
        )
    try:
        return date(year, month, day)
    except ValueError as error:
        reason = f"there is no month {month}" if not 1 <= month <= 12 else _month(year, month)
        raise RefusedError("bad-date", f"{shown(value)} is not a date: {reason}") from error


def _month(year: int, month: int) -> str:
    """Return how many days a month has, as a sentence."""
    last = (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day
    return f"{date(year, month, 1):%B %Y} has {last} days"


def _moment(value: object) -> object:
    """Return the date, or date and time, that a string writes; aware where it has an offset."""
    if not isinstance(value, str) or ":" not in value:
        return _day_or_other(value)
    match = MOMENT.fullmatch(value)
    if not match:
        allowed = "write 2023-08-27, 2023-08-27 18:00 or 2023-08-27 18:00 +08:00"
        raise RefusedError("bad-time", f"{shown(value)} is not a date and time; {allowed}")
    try:
        clock = time.fromisoformat(match["time"].zfill(8 if match["seconds"] else 5))
    except ValueError as error:
        message = f"{match['time']} is not a time of day; allowed: 00:00 to 23:59:59"
        raise RefusedError("bad-time", message) from error
    zone = _offset(match["offset"]) if match["offset"] else None
    return datetime.combine(_day(match["date"]), clock, zone)


def _offset(text: str) -> timezone:
    """Return the offset from UTC that a string writes."""
    if text == "Z":
        return UTC
    hours, minutes = int(text[1:3]), int(text[4:6])
    if hours > 14 or minutes > 59:
        message = f"{text} is not an offset from UTC; write one such as +08:00"
        raise RefusedError("bad-time", message)
    size = timedelta(hours=hours, minutes=minutes)
    return timezone(-size if text[0] == "-" else size)


def one_or_more(value: object) -> object:
    """Return a list of one where a single text is written in the place of a list."""
    return (value,) if isinstance(value, str) else value


def _url(value: str) -> str:
    if not URL.fullmatch(value) or len(value) > 2000:
        message = f"{shown(value)} is not a web address; it must start with https:// or http://"
        raise RefusedError("bad-url", message)
    return value


def _calendar(value: str) -> str:
    if not CALENDAR.fullmatch(value):
        message = f"{shown(value)} is not an exchange calendar; write a code such as XSHG or XNYS"
        raise RefusedError("bad-calendar", message)
    return value


def _measure(value: str) -> str:
    if not MEASURE.fullmatch(value):
        message = f"{shown(value)} is not a measure; allowed: open, high, low, close, or HH:MM"
        raise RefusedError("bad-measure", message)
    return value


def _window(value: object) -> object:
    """Return the window that a list of two numbers writes."""
    if isinstance(value, Window):
        return value
    numbers = value if isinstance(value, list | tuple) else ()
    if len(numbers) != 2 or not all(re.fullmatch(r"[+-]?[0-9]{1,9}", str(n)) for n in numbers):
        message = "must be a list of two whole numbers, first and last session, such as [-5, -1]"
        raise RefusedError("bad-window", message)
    start, end = int(numbers[0]), int(numbers[1])
    if start > end:
        message = f"the window ends before it starts; write [{end}, {start}]"
        raise RefusedError("bad-window", message)
    if max(-start, end) > FURTHEST_SESSION:
        message = f"reaches too far; allowed: -{FURTHEST_SESSION} to {FURTHEST_SESSION}"
        raise RefusedError("out-of-range", message)
    return Window(start, end)


def _format(value: object) -> object:
    if value not in ("1", 1):
        message = f"{shown(value)} is not a format that this version reads; write `format: 1`"
        raise RefusedError("bad-format", message)
    return 1


ID_SCHEMA = {"type": "string", "pattern": f"^{ID.pattern}$"}
DAY_SCHEMA = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
MOMENT_SCHEMA = {
    "type": "string",
    "pattern": r"^\d{4}-\d{2}-\d{2}([ T]+\d{1,2}:\d{2}(:\d{2})? *(Z|[+-]\d{2}:\d{2})?)?$",
}
URL_SCHEMA = {"type": "string", "pattern": "^https?://"}
SESSION_SCHEMA = {"type": "integer", "minimum": -FURTHEST_SESSION, "maximum": FURTHEST_SESSION}
WINDOW_SCHEMA = {"type": "array", "items": SESSION_SCHEMA, "minItems": 2, "maxItems": 2}

Format = Annotated[Literal[1], BeforeValidator(_format)]
Id = Annotated[str, AfterValidator(checked_id), WithJsonSchema(ID_SCHEMA)]
Ids = Annotated[
    tuple[Id, ...],
    BeforeValidator(one_or_more),
    Field(min_length=1),
    WithJsonSchema({"anyOf": [ID_SCHEMA, {"type": "array", "items": ID_SCHEMA, "minItems": 1}]}),
]
Text = Annotated[str, AfterValidator(_text), Field(json_schema_extra={"minLength": 1})]
Day = Annotated[date, BeforeValidator(_day_or_other), WithJsonSchema(DAY_SCHEMA)]
Moment = Annotated[datetime | date, BeforeValidator(_moment), WithJsonSchema(MOMENT_SCHEMA)]
Zone = Annotated[str, AfterValidator(_zone)]
Url = Annotated[str, AfterValidator(_url), WithJsonSchema(URL_SCHEMA)]
Calendar = Annotated[str, AfterValidator(_calendar)]
Measure = Annotated[str, AfterValidator(_measure)]
Fingerprint = Annotated[str, AfterValidator(_fingerprint)]
Interval = Annotated[Window, BeforeValidator(_window), WithJsonSchema(WINDOW_SCHEMA)]
Outcome = Literal["return", "flow", "volume", "volatility"]
Outcomes = Annotated[
    tuple[Outcome, ...],
    BeforeValidator(one_or_more),
    Field(min_length=1),
    WithJsonSchema(
        {
            "anyOf": [
                {"enum": list(get_args(Outcome))},
                {"type": "array", "items": {"enum": list(get_args(Outcome))}, "minItems": 1},
            ]
        }
    ),
]
Finite = Annotated[float, Field(allow_inf_nan=False)]
Share = Annotated[Finite, Field(ge=0, le=1)]
Level = Annotated[Finite, Field(gt=0, lt=1)]
