"""Everything that can go wrong, as one tree.

::

    EventStudyError
    ├── SpecError          a study file that cannot be used; lists every problem with its place
    ├── OptionError        options of a command that do not fit together, or name what is not there
    ├── UnknownNameError   a model, statistic, source or instrument that nobody registered
    ├── DataError          prices that cannot be had, read or trusted
    ├── EstimationError    numbers that a model or test cannot produce for the whole study
    ├── EventError         more events were lost than the study allows
    └── ReportError        results that cannot be rendered or written

A lost event is not an exception: it is a row in the ledger (:mod:`eventstudy.ledger`).
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, ClassVar
from unicodedata import east_asian_width

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

ECHO = 100
"""Most characters of a line that are shown with a problem."""

CODES: Mapping[str, str] = {
    # -- the file
    "file-not-found": "The file does not exist.",
    "not-a-file": "The path is a directory or a device, not a file.",
    "unreadable-file": "The file exists but cannot be read.",
    "file-exists": "A new file would overwrite another.",
    "unwritable-file": "A new file cannot be written.",
    "no-study": "A directory has no study file.",
    "file-too-large": "The file has more than one million bytes; it is not read.",
    "not-utf-8": "The file is not text in UTF-8.",
    "control-character": "A character that no text may contain, such as NUL.",
    "empty-file": "The file says nothing.",
    "not-a-table": "A table of events that cannot be read as CSV, Parquet or Excel.",
    "missing-column": "A table of events lacks a column that it needs.",
    # -- YAML
    "not-yaml": "The text breaks the rules of YAML.",
    "tab": "A line is indented with a tab; YAML wants spaces.",
    "too-deep": "Lists and blocks are nested more than 50 deep.",
    "several-documents": "The file has more than one YAML document.",
    "directive": "A YAML directive such as %YAML.",
    "tag": "A YAML tag such as !!str; types follow from the key.",
    "alias": "A YAML anchor (&name) or alias (*name).",
    "merge-key": "A YAML merge key (<<).",
    "bad-key": "A key that is not text.",
    "repeated-key": "A key stands twice in one block.",
    "empty-value": "A key or list entry without a value.",
    # -- one value
    "unknown-key": "A key that this block does not know.",
    "missing-key": "A key that this block needs.",
    "wrong-type": "A list where text is needed, text where a list is needed, and the like.",
    "bad-format": "A format number other than 1.",
    "bad-number": "Not a number, or not a whole one, or not finite.",
    "out-of-range": "A number or date outside the allowed range.",
    "bad-flag": "Neither true nor false.",
    "not-a-choice": "A word that is not among the allowed ones.",
    "bad-text": "Text that is blank or too long.",
    "bad-id": "An id or label with characters that are not allowed.",
    "reserved-id": "An id that means something else: all, or a category.",
    "bad-date": "Not a date, or a day that the month does not have.",
    "bad-time": "Not a time of day.",
    "no-such-time": "A local time that does not exist, or exists twice, when clocks change.",
    "bad-time-zone": "Not a time zone of the IANA database.",
    "bad-calendar": "Not a code of an exchange calendar.",
    "beyond-calendar": "An event after the last session that is known of its market.",
    "bad-url": "Not a web address.",
    "bad-measure": "Not a measure of a reported figure.",
    "bad-fingerprint": "Not the fingerprint of a set of prices.",
    "bad-window": "Not a window, or a window that ends before it starts.",
    "bad-value": "A value that the option of a plug-in does not allow.",
    # -- values that do not fit together
    "duplicate-id": "Two events or instruments have one id.",
    "duplicate-label": "Two models, statistics or sources have one label.",
    "duplicate-entry": "An entry stands twice in one list.",
    "unknown-name": "A model, statistic or source that does not exist.",
    "unknown-option": "An option that the model, statistic or source does not have.",
    "unknown-instrument": "An id that is neither built in nor under `instruments`.",
    "asset-not-studied": "An event names an asset that the study does not study.",
    "window-overlap": "The estimation window does not end before the event window starts.",
    "window-outside": "A window reaches beyond the event window.",
    "window-without-day-0": "The event window does not contain day 0.",
    "time-without-zone": "A time without a zone, in markets of different zones.",
    "zone-mismatch": "The UTC offset of a time disagrees with its time zone.",
    "needs-lag": "A benchmark, peer, donor or factor trades at other hours than the assets.",
    "mixed-returns": "A study of log returns names simple ones, or a model needs log returns.",
    "flow-without-return": "A flow stands where a price is needed.",
    "no-outcome": "An outcome that the source or pooled assets cannot have.",
    "price-or-return": "A series of returns stands where a price is needed, or a price for it.",
    "not-pinned": "A second source that may change, in a study whose prices are held fast.",
    "no-effect": "A key that means nothing without another, which the file lacks.",
    "until-before-announced": "An episode ends before it is announced.",
    "wrong-calendar": "A session is set for a calendar that the study does not use.",
    "no-events": "The study has no event.",
    "include-outside": "A path leaves the folder of the study file.",
    "include-cycle": "events_from leads back to the file itself.",
}
"""Every kind of mistake in a study file, by its stable code."""


class EventStudyError(Exception):
    """Root of every error that this package raises on purpose."""

    exit_code: ClassVar[int] = 1


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in a study file.

    Attributes
    ----------
    code : str
        Stable name of the kind of mistake, one of :data:`CODES`, e.g. ``unknown-key``.
    file : str
        Path of the study file as the user gave it.
    line, column : int
        Place of the key or value itself, counted from 1.
    path : str
        Where it stands in the study, e.g. ``events[2].announced``; empty for the file as a whole.
    message : str
        What is wrong, what is allowed, and a "did you mean" where one name is close.
    source : str
        The line of the file, without its end; empty where no line can be shown.
    """

    code: str
    file: str
    line: int
    column: int
    path: str
    message: str
    source: str = ""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}:{self.column}:"
        text = " ".join(filter(None, [where, f"{self.path}:" if self.path else "", self.message]))
        text = f"{text} [{self.code}]"
        if not self.source.strip():
            return text
        return f"{text}\n{_echo(self.source, self.column)}"


def _echo(source: str, column: int) -> str:
    """Return the part of a line around a column, and a caret below that column."""
    start = max(0, column - 1 - ECHO // 2) if len(source) > ECHO else 0
    shown = "".join(c if c.isprintable() else " " for c in source[start : start + ECHO])
    before = shown[: column - 1 - start]
    width = sum(2 if east_asian_width(c) in "WF" else 1 for c in before)
    return f"    {shown}\n    {' ' * width}^"


class SpecError(EventStudyError):
    """A study file has mistakes; all of them are listed, each once."""

    exit_code = 2

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


class OptionError(EventStudyError):
    """Options of a command do not fit together, or name what is not there."""

    exit_code = 2


class UnknownNameError(EventStudyError):
    """A name that is not among those that exist.

    Parameters
    ----------
    kind : str
        What the name should name: ``model``, ``statistic``, ``instrument`` …
    name : str
        What was given.
    allowed : iterable of str
        The names that exist.
    meant : str, optional
        The one that was meant, where its spelling does not tell.
    """

    exit_code = 2

    def __init__(self, kind: str, name: str, allowed: Iterable[str], *, meant: str = "") -> None:
        self.kind, self.name, self.allowed = kind, name, tuple(sorted(allowed))
        super().__init__(
            f"there is no {kind} {shown(name)}; allowed: {', '.join(self.allowed)}"
            f"{did_you_mean(meant or name, self.allowed)}"
        )


class DataError(EventStudyError):
    """Data cannot be had, read or trusted.

    Parameters
    ----------
    message : str
        What the user reads.
    faults : mapping of str to str, optional
        Why each instrument cannot be had, by its id, where others can.
    """

    exit_code = 3

    def __init__(self, message: str, *, faults: Mapping[str, str] | None = None) -> None:
        self.faults = dict(faults or {})
        super().__init__(message)


class EstimationError(EventStudyError):
    """A model or test cannot produce numbers for the whole study."""

    exit_code = 2


class EventError(EventStudyError):
    """More events were lost than ``max_dropped`` allows."""

    exit_code = 3


class ReportError(EventStudyError):
    """Results cannot be written where the user wants them."""

    exit_code = 2


def shown(value: object) -> str:
    """Return a value for a message: quoted, and cut when it is long."""
    text = str(value)
    return repr(text if len(text) <= 60 else f"{text[:57]}...")


def did_you_mean(name: str, allowed: Iterable[str]) -> str:
    """Return ``; did you mean 'x'?`` when one allowed name is close to `name`, else nothing."""
    close = closest(name, allowed)
    return f"; did you mean {close!r}?" if close else ""


def closest(name: str, allowed: Iterable[str]) -> str:
    """Return the allowed name that `name` was probably meant to be; an empty text for none."""
    words = {word.lower(): word for word in allowed}
    # A name much longer than any real one is close to none; comparing it would take minutes.
    cutoff = 0.65 if len(name) == 3 else 0.7  # one letter in three is a slip
    close = get_close_matches(name.lower(), words, n=1, cutoff=cutoff) if len(name) <= 80 else []
    return words[close[0]] if close else ""
