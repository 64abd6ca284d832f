"""Numbers that a sentence takes from the study and its method, or counts in a result, with their sources."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

from eventstudy import formats
from eventstudy.language import Rule, derived, say, source_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from eventstudy.language import Condition, Datum, Number, Said, Whole
    from eventstudy.panel import PanelResult
    from eventstudy.results import StudyResult
    from eventstudy.spec import Study

CELL = re.compile(r"(?P<file>results/\S+) row (?P<row>\d+) (?P<column>\S+)")
"""Source of a number that stands in a file of results."""

DAY0 = derived(0, "the day of the event")
"""Day 0, from which sessions are counted."""
DAY_BEFORE = derived(-1, "the day of the event, less 1")
"""The day from whose close paths are measured."""


def alpha(study: Study) -> Datum:
    """Return the level of the tests."""
    return derived(study.alpha, "study: alpha")


def confidence(alpha: float) -> Number:
    """Write the level of the intervals that belong to a level of tests."""
    return formats.share(derived(1 - alpha, f"1 less {source_of(alpha) or 'study: alpha'}"))


def usual(n: int, alpha: float, places: int = 1) -> Number:
    """Write how many of n tests would be below a level without any effect."""
    how = f"{source_of(alpha) or 'study: alpha'}, times the number of {source_of(n)}"
    return formats.number(derived(n * alpha, how), places)


def before() -> Number:
    """Write the number of sessions before an event that say how much its market varies."""
    from eventstudy.comparison.sessions import BEFORE

    return formats.number(
        derived(BEFORE, "method: sessions before that give a standard deviation"), 0
    )


def events(study: Study) -> Whole:
    """Return the number of events of a study."""
    return derived(len(study.events), "study: events")


def headline(result: StudyResult) -> str:
    """Return the headline model as the files name it."""
    return result.study.models[0].label


def bounds(start: int, end: int, key: str = "windows") -> tuple[Whole, Whole]:
    """Return the bounds of a window of a study, which its file has under a key."""
    return derived(start, f"study: {key}"), derived(end, f"study: {key}")


def filled(message: str, **values: Said | Number) -> Said:
    """Say a message with those of some values for which it has a gap."""
    return say(message, **{name: each for name, each in values.items() if f"{{{name}}}" in message})


def panel_events(result: PanelResult) -> Whole:
    """Return the number of events that a panel was given."""
    return derived(result.events, "manifest.json events")


def panel_level() -> Datum:
    """Return the level of the tests and bands that the page of a panel reads out."""
    from eventstudy.panel import ALPHA

    return derived(ALPHA, "method: level of the tests of a panel")


def of_headline(result: StudyResult) -> Condition:
    """Return what the rows of the headline model have."""
    return ("model", "=", headline(result))


def rows(found: pd.DataFrame, *where: Condition) -> Whole:
    """Return the number of some rows of a frame.

    Parameters
    ----------
    found : DataFrame
        The rows that are counted.
    *where : Condition
        What they have, and no other row of the file.
    """
    return tally(len(found), f"{found.index.name}", *where)


def tally(n: int, file: str, *where: Condition, distinct: Iterable[str] = ()) -> Whole:
    """Return a number of rows with the rule by which they are counted.

    Parameters
    ----------
    n : int
        The number.
    file : str
        Name of the frame.
    *where : Condition
        What the rows have, and no other.
    distinct : iterable of str, optional
        Columns whose different values are counted in the place of rows.
    """
    return derived(n, Rule(f"results/{file}.csv", where, distinct))


def cells(numbers: Iterable[object]) -> str:
    """Return where several numbers stand, those of one file together.

    Examples
    --------
    >>> places = ("results/a.csv row 2 p", "results/a.csv row 4 p")
    >>> cells(derived(0.5, place) for place in places)
    'results/a.csv rows 2, 4 p'
    """
    places = [found for number in numbers if (found := CELL.fullmatch(source_of(number)))]
    parts = []
    for (file, column), group in groupby(
        places, key=lambda found: (found["file"], found["column"])
    ):
        at = [found["row"] for found in group]
        parts.append(f"{file} row{'s' if len(at) > 1 else ''} {', '.join(at)} {column}")
    return "; ".join(parts)


def one_file(numbers: Iterable[object]) -> tuple[str, Condition]:
    """Return the frame that several numbers stand in, and their rows."""
    places = [found for number in numbers if (found := CELL.fullmatch(source_of(number)))]
    file = places[0]["file"].removeprefix("results/").removesuffix(".csv") if places else ""
    return file, ("row", "in", tuple(int(found["row"]) for found in places))


def event(number: int) -> Whole:
    """Return the number that an event has in the report."""
    return derived(number, "study: events by day of announcement")
