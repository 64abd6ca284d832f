"""Everything that can go wrong, as one tree.

::

    EventStudyError
    ├── SpecError          a study file that cannot be used; lists every problem with its place
    ├── UnknownNameError   a model, statistic, source or instrument that nobody registered
    ├── DataError          prices that cannot be had, read or trusted
    ├── EstimationError    numbers that a model or test cannot produce for the whole study
    ├── EventError         more events were lost than the study allows
    └── ReportError        results that cannot be rendered or written

A lost event is not an exception: it is a row in the ledger (:mod:`eventstudy.ledger`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import ClassVar


class EventStudyError(Exception):
    """Root of every error that this package raises on purpose."""

    exit_code: ClassVar[int] = 1


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in a study file.

    Attributes
    ----------
    code : str
        Stable name of the kind of mistake, e.g. ``unknown-key``.
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
        return f"{text}\n    {self.source}\n    {' ' * (self.column - 1)}^"


class SpecError(EventStudyError):
    """A study file has mistakes; all of them are listed, each once."""

    exit_code = 2

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


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
    """

    exit_code = 2

    def __init__(self, kind: str, name: str, allowed: Iterable[str]) -> None:
        self.kind, self.name, self.allowed = kind, name, tuple(sorted(allowed))
        super().__init__(
            f"there is no {kind} {name!r}{did_you_mean(name, self.allowed)}; "
            f"allowed: {', '.join(self.allowed)}"
        )


class DataError(EventStudyError):
    """Data cannot be had, read or trusted."""

    exit_code = 3


class EstimationError(EventStudyError):
    """A model or test cannot produce numbers for the whole study."""


class EventError(EventStudyError):
    """More events were lost than ``max_dropped`` allows."""

    exit_code = 3


class ReportError(EventStudyError):
    """Results cannot be rendered or written."""


def did_you_mean(name: str, allowed: Iterable[str]) -> str:
    """Return ``; did you mean 'x'?`` when one allowed name is close to `name`, else nothing."""
    close = get_close_matches(name.lower(), {word.lower(): word for word in allowed}, n=1)
    if not close:
        return ""
    word = next(word for word in allowed if word.lower() == close[0])
    return f"; did you mean {word!r}?"
