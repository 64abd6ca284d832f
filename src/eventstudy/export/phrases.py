"""Sentences of a methods section that a study and a panel have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventstudy import formats
from eventstudy.export.terms import citation, test_in_words
from eventstudy.formats import listing
from eventstudy.registry import find
from eventstudy.spec.plugins import PACKAGES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from eventstudy.spec import Choice, Window

SIDES = {"greater": "above", "less": "below"}
LEADS = {
    "event": "The CAR of a single event is tested by",
    "group": "Mean CARs are tested by",
    "contrast": "Categories are held against the other events by",
}
"""How the tests of each scope are introduced."""


def expected_returns(
    models: Sequence[str], estimation: Window, least: int, unit: str = "sessions"
) -> Iterator[str]:
    """Yield the models and their estimation window.

    Parameters
    ----------
    models : sequence of str
        Models in words, the headline first.
    estimation : Window
        Their estimation window.
    least : int
        Fewest returns in it.
    unit : str, optional
        What its days are.
    """
    first, *others = models
    yield (
        f"Expected returns come from {first}, estimated over the {estimation.length:,} {unit} of "
        f"{formats.window(*estimation)} relative to day 0, of which at least {least:,} must have a return."
    )
    if others:
        yield f"Besides we use {listing(others)}, over the same {unit}."


def returns(kind: str) -> Iterator[str]:
    """Yield what a return, an abnormal return and a CAR are."""
    yield (
        f"Returns are {kind}; the abnormal return is the return less the expected one, and the cumulative "
        "abnormal return (CAR) of a window is the sum of its abnormal returns."
    )
    yield f"Buy-and-hold abnormal returns are computed beside it{citation(['barber1997'])}."


def cumulated(event_window: Window, windows: Sequence[Window]) -> str:
    """Return the windows of the effect."""
    listed = listing(f"{window}".replace("-", formats.MINUS) for window in windows)
    plural = "windows" if len(windows) > 1 else "window"
    return (
        f"Abnormal returns are computed for {formats.window(*event_window)} and cumulated over the "
        f"{plural} {listed}."
    )


def tests(choices: Iterable[Choice], ran: set[str]) -> Iterator[str]:
    """Yield the tests by what they test, and those that did not apply.

    Parameters
    ----------
    choices : iterable of Choice
        The statistics that were asked for.
    ran : set of str
        Labels of those that gave a number.
    """
    asked = tuple(choices)
    for scope, lead in LEADS.items():
        chosen = [each for each in asked if scope_of(each) == scope]
        used = [test_in_words("statistic", each) for each in chosen if each.label in ran]
        if used:
            yield f"{lead} {listing(used)}."
    idle = [each for each in asked if each.label not in ran]
    if idle:
        names = listing(test_in_words("statistic", each) for each in idle)
        yield f"Not applicable here {'was' if len(idle) == 1 else 'were'} {names}."


def scope_of(choice: Choice) -> str:
    """Return what a statistic tests."""
    return f"{find(PACKAGES['statistic'], choice.name, kind='statistic').scope}"


def sides(alternative: str, alpha: float, others: str) -> Iterator[str]:
    """Yield the sides of the tests and their level.

    Parameters
    ----------
    alternative : str
        As a study gives it.
    alpha : float
        Level.
    others : str
        What stays two-sided, as the beginning of a clause.
    """
    level = formats.level(alpha)
    if alternative == "two-sided":
        yield f"Tests of CARs are two-sided. The level of tests and intervals is {level}."
    else:
        yield (
            f"Tests of mean CARs are one-sided, against means {SIDES[alternative]} zero, where a test has a "
            f"one-sided form; {others} are two-sided. The level of tests and intervals is {level}."
        )


def draws(choices: Iterable[Choice]) -> bool:
    """Tell whether a statistic draws random numbers."""
    plugins = (find(PACKAGES["statistic"], each.name, kind="statistic") for each in choices)
    return any(plugin.resampling for plugin in plugins)


def programs(versions: Mapping[str, str]) -> str:
    """Return what made the numbers."""
    known = dict(versions)
    own = known.pop("policy-eventstudy", "")
    named = (f"{name} {number}".replace("python", "Python") for name, number in known.items())
    return f"All numbers were computed with policy-eventstudy {own}, {listing(named)}."
