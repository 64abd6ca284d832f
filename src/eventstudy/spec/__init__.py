"""The study file: YAML validated and frozen into Study, Event, Window, Choice and Instrument."""

from eventstudy.spec.acceptance import Acceptance
from eventstudy.spec.base import Choice, Entry, Window, signed
from eventstudy.spec.design import Exclusion, Robustness
from eventstudy.spec.event import Event, Reported, SessionOverride, SourceNote
from eventstudy.spec.instrument import Instrument, built_in
from eventstudy.spec.loading import events_of, from_source, load
from eventstudy.spec.presentation import Presentation
from eventstudy.spec.schema import json_schema
from eventstudy.spec.study import Study, StudyFile

__all__ = [
    "Acceptance",
    "Choice",
    "Entry",
    "Event",
    "Exclusion",
    "Instrument",
    "Presentation",
    "Reported",
    "Robustness",
    "SessionOverride",
    "SourceNote",
    "Study",
    "StudyFile",
    "Window",
    "built_in",
    "events_of",
    "from_source",
    "json_schema",
    "load",
    "signed",
]
