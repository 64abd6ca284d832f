"""Event studies of policy announcements, from YAML to a report that anyone can check."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from eventstudy.errors import EventStudyError
    from eventstudy.interactive import (
        Options,
        Report,
        Result,
        Summary,
        load,
        report,
        run,
        study,
    )
    from eventstudy.spec import Event, Study, StudyFile, Window

__all__ = [
    "Event",
    "EventStudyError",
    "Options",
    "Report",
    "Result",
    "Study",
    "StudyFile",
    "Summary",
    "Window",
    "load",
    "report",
    "run",
    "study",
]

_HOME = {
    "Event": "eventstudy.spec",
    "EventStudyError": "eventstudy.errors",
    "Options": "eventstudy.interactive",
    "Report": "eventstudy.interactive",
    "Result": "eventstudy.interactive",
    "Study": "eventstudy.spec",
    "StudyFile": "eventstudy.spec",
    "Summary": "eventstudy.interactive",
    "Window": "eventstudy.spec",
    "load": "eventstudy.interactive",
    "report": "eventstudy.interactive",
    "run": "eventstudy.interactive",
    "study": "eventstudy.interactive",
}


class _Package(ModuleType):
    """The package: its functions are not hidden by rooms of the same name once these are imported."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in _HOME and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package


if not TYPE_CHECKING:  # to a type checker there are the names above, and no others

    def __getattr__(name: str) -> object:
        """Import a public name when it is first used (PEP 562)."""
        if name not in _HOME:
            raise AttributeError(f"module 'eventstudy' has no attribute {name!r}")
        from importlib import import_module

        return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return [*__all__]
