"""A document as files: every table and figure of a report, in the formats that other programs read."""

from eventstudy.export.cars import cars
from eventstudy.export.formats import FORMATS, chosen, write_exports
from eventstudy.export.pages import browser, print_folder
from eventstudy.export.wanted import Wanted

__all__ = ["FORMATS", "Wanted", "browser", "cars", "chosen", "print_folder", "write_exports"]
