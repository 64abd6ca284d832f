"""Options of a study of frames: their types, and which go with a panel or with a single series."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import index
from typing import TYPE_CHECKING, Any, Literal, TypedDict

from eventstudy.errors import OptionError, UnknownNameError, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Names = str | Sequence[str]
"""One name, or several."""

Bounds = tuple[int, int]
"""First and last session of a window, relative to day 0."""


class Options(TypedDict, total=False):
    """What :func:`eventstudy.study` takes beside returns, events and market; all have defaults.

    Attributes
    ----------
    models : str or sequence of str
        Expected-return models, the first of which is the headline: ``market`` where a market is given,
        else ``constant_mean``. With options as on the command line: ``dimson:leads_lags=1``.
    estimation, event_window : tuple of int
        First and last session relative to day 0.
    windows : sequence of tuple of int
        Windows of the CARs.
    statistics : str or sequence of str
        Test statistics.
    min_observations : int
        Fewest returns to estimate on.
    alternative : {'two-sided', 'greater', 'less'}
        Side of the p-values of the statistics.
    seed : int
        Of everything random.
    percent : bool
        Whether returns are in per cent instead of decimals.
    group : str
        Of a panel: column of the events to group by.
    single : bool
        Of a panel: whether tests of single events are run too.
    regress, errors : str or sequence of str
        Of a panel: columns of the events that the CARs are regressed on, and the standard errors.
    calendar : str
        Of a single series: the exchange whose sessions its dates are, such as ``XNYS``; unless given,
        the first of :data:`eventstudy.interactive.series.CALENDARS` that fits.
    title : str
        Of a single series: heading of the report.
    """

    models: Names
    estimation: Bounds
    event_window: Bounds
    windows: Sequence[Bounds]
    statistics: Names
    min_observations: int
    alternative: Literal["two-sided", "greater", "less"]
    seed: int
    percent: bool
    group: str
    single: bool
    regress: Names
    errors: Names
    calendar: str
    title: str


OF_PANEL = frozenset({"group", "single", "regress", "errors"})
OF_SERIES = frozenset({"calendar", "title"})
"""Options that go with one kind of returns only."""

PLACED = ("returns", "events", "market")
"""Arguments that have a place of their own."""

SIDES = ("two-sided", "greater", "less")

FURTHEST = 5_000
"""Furthest session from day 0 that a window may reach."""


def checked(options: Mapping[str, Any], *, panel: bool) -> dict[str, Any]:
    """Return options as tuples, whole numbers and texts, if all exist and go with the returns.

    Raises
    ------
    UnknownNameError
        When there is no such option.
    OptionError
        When it belongs to the other kind of study, or its value is of another kind.
    """
    for name in options:
        if name not in KINDS:
            raise UnknownNameError("option", name, (*PLACED, *KINDS))
    foreign = sorted(options.keys() & (OF_SERIES if panel else OF_PANEL))
    if foreign:
        kind, other = ("a DataFrame", "a Series") if panel else ("a Series", "a DataFrame")
        raise OptionError(f"{foreign[0]} goes with returns in {other}, and these are {kind}")
    return {name: KINDS[name](name, value) for name, value in options.items()}


def _names(name: str, value: object) -> tuple[str, ...]:
    """Return one name or several."""
    found = (value,) if isinstance(value, str) else value
    if not isinstance(found, Iterable):
        raise _refused(name, value, "a name, or a list of names")
    return tuple(_text(name, each) for each in found)


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise _refused(name, value, "a text")
    return value


def _flag(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise _refused(name, value, "True or False")
    return value


def _side(name: str, value: object) -> str:
    if value not in SIDES:
        raise UnknownNameError(name, str(value), SIDES)
    return str(value)


def _whole(name: str, value: Any) -> int:  # noqa: ANN401 - whatever the user gave
    """Return a whole number, not below zero."""
    try:
        found = index(value)
    except TypeError:
        found = -1
    if found < 0 or isinstance(value, bool):
        raise _refused(name, value, "a whole number")
    return found


def _bounds(name: str, value: Any) -> Bounds:  # noqa: ANN401 - whatever the user gave
    """Return the first and the last session of a window."""
    wanted = f"first and last session, such as (-1, 1), none beyond {FURTHEST}"
    try:
        first, last = map(index, value)
    except (TypeError, ValueError):
        raise _refused(name, value, wanted) from None
    if first > last or max(-first, last) > FURTHEST:
        raise _refused(name, value, wanted)
    return first, last


def _windows(name: str, value: object) -> tuple[Bounds, ...]:
    """Return several windows."""
    if not isinstance(value, Iterable) or isinstance(value, str):
        raise _refused(name, value, "a list of windows, such as [(0, 0), (-1, 1)]")
    return tuple(_bounds(name, each) for each in value)


def _refused(name: str, value: object, wanted: str) -> OptionError:
    """Return the error of a value of another kind."""
    return OptionError(f"{name} is {shown(value)}; give {wanted}")


KINDS: Mapping[str, Callable[[str, Any], Any]] = {
    **dict.fromkeys(("models", "statistics", "regress", "errors"), _names),
    **dict.fromkeys(("estimation", "event_window"), _bounds),
    **dict.fromkeys(("min_observations", "seed"), _whole),
    **dict.fromkeys(("percent", "single"), _flag),
    **dict.fromkeys(("group", "calendar", "title"), _text),
    "windows": _windows,
    "alternative": _side,
}
"""How the value of each option is checked."""
