"""Options of a study of frames: their types, and which go with a panel or with a single series."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, TypedDict

from eventstudy.errors import OptionError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Mapping

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
        else ``constant_mean``. With options as on the command line: ``dimson:leads=1``.
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

SEVERAL = ("models", "statistics", "regress", "errors")
"""Options that hold one name or several."""


def checked(options: Mapping[str, Any], *, panel: bool) -> dict[str, Any]:
    """Return options with a tuple for names, if all of them exist and go with the returns.

    Raises
    ------
    UnknownNameError
        When there is no such option.
    OptionError
        When it belongs to the other kind of study.
    """
    for name in options:
        if name not in Options.__annotations__:
            raise UnknownNameError("option", name, Options.__annotations__)
    foreign = sorted(options.keys() & (OF_SERIES if panel else OF_PANEL))
    if foreign:
        kind, other = ("a DataFrame", "a Series") if panel else ("a Series", "a DataFrame")
        raise OptionError(f"{foreign[0]} goes with returns in {other}, and these are {kind}")
    several = {
        name: (value,) if isinstance(value, str) else tuple(value)
        for name, value in options.items()
        if name in SEVERAL
    }
    return {**options, **several}
