"""The framework from Python: load and run a study, or study a frame of returns; look at what comes out."""

from eventstudy.interactive.options import Options
from eventstudy.interactive.page import Report, report
from eventstudy.interactive.result import Result
from eventstudy.interactive.running import load, run, study
from eventstudy.interactive.summary import Summary

__all__ = ["Options", "Report", "Result", "Summary", "load", "report", "run", "study"]
