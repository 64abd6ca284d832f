"""Regressions of CARs and returns: thin layers over statsmodels and linearmodels, with refusals."""

from eventstudy.regressions.base import Errors, Regression, parse_errors
from eventstudy.regressions.cross_section import cross_section
from eventstudy.regressions.design import Characteristics, characteristics
from eventstudy.regressions.event_time import event_time
from eventstudy.regressions.fama_macbeth import fama_macbeth
from eventstudy.regressions.joint import contrasts
from eventstudy.regressions.pooled import Pooled, pooled
from eventstudy.regressions.system import EventDummies, System, system

__all__ = [
    "Characteristics",
    "Errors",
    "EventDummies",
    "Pooled",
    "Regression",
    "System",
    "characteristics",
    "contrasts",
    "cross_section",
    "event_time",
    "fama_macbeth",
    "parse_errors",
    "pooled",
    "system",
]
