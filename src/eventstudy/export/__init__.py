"""A document as files: every table and figure of a report, in the formats that other programs read."""

from eventstudy.export.cars import cars
from eventstudy.export.formats import FOLDER, FORMATS, chosen, write_exports
from eventstudy.export.pages import browser, print_page
from eventstudy.export.wanted import Wanted

__all__ = [
    "FOLDER",
    "FORMATS",
    "Wanted",
    "browser",
    "cars",
    "chosen",
    "print_page",
    "write_exports",
]
