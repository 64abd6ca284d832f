"""Event studies of policy announcements, from YAML to a report that anyone can check."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from eventstudy.errors import EventStudyError
    from eventstudy.results import StudyResult
    from eventstudy.spec import Event, Study, Window
    from eventstudy.study import run_study

__all__ = ["Event", "EventStudyError", "Study", "StudyResult", "Window", "run_study"]

_HOME = {
    "Event": "eventstudy.spec",
    "EventStudyError": "eventstudy.errors",
    "Study": "eventstudy.spec",
    "StudyResult": "eventstudy.results",
    "Window": "eventstudy.spec",
    "run_study": "eventstudy.study",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a module's names have no common type
    """Import a public name when it is first used (PEP 562)."""
    if name not in _HOME:
        raise AttributeError(f"module 'eventstudy' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return [*__all__]
