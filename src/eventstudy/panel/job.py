"""What a panel is to compute: files, windows, models and statistics, checked before any is read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from eventstudy.errors import OptionError, UnknownNameError
from eventstudy.formats import counted
from eventstudy.panel.events import REQUIRED
from eventstudy.panel.models import build_model, read_model
from eventstudy.registry import find
from eventstudy.regressions import Errors, parse_errors
from eventstudy.spec import Choice, Window
from eventstudy.spec.plugins import PACKAGES, default_statistics

if TYPE_CHECKING:
    from pathlib import Path

    from eventstudy.inference.base import Statistic
    from eventstudy.inference.sides import Alternative

ESTIMATION, EVENT_WINDOW = Window(-220, -21), Window(-10, 10)
WINDOWS = (Window(0, 0), Window(-1, 1))
"""Windows unless the user names others; of these, those inside the event window."""

MIN_OBSERVATIONS = 100
"""Fewest returns of an estimation window unless the user gives a number."""

ALL = "all"
"""Stands for every statistic that draws no random numbers, and for the group of all events."""

SEED = 1
"""Seed of everything random unless the user gives a number."""

MODELS, STATISTICS = ("market",), (ALL,)

ERRORS = ("HC3",)
"""Standard errors of regressions unless the user names others."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """Where the data of a panel are, and in what unit.

    Attributes
    ----------
    returns : pathlib.Path
        Returns, or prices, of the assets: CSV or Parquet, wide or long.
    events : pathlib.Path
        Events: event_id, asset, event_date, and groups.
    market : str
        Path of a table with the market's series, or name of a column of `returns`; empty for none.
    factors : pathlib.Path, optional
        Table with one column per factor; always returns.
    prices : bool
        Whether `returns` and the market are price levels.
    percent : bool
        Whether returns are in per cent instead of decimals, in all tables.
    held : bool
        Whether the tables are copies of frames in memory, which a result keeps beside its own files.
    """

    returns: Path
    events: Path
    market: str = ""
    factors: Path | None = None
    prices: bool = False
    percent: bool = False
    held: bool = False


@dataclass(frozen=True, slots=True)
class Design:
    """What is estimated and tested, as the user asks for it.

    Attributes
    ----------
    models : tuple of str
        Expected-return models, as :func:`eventstudy.panel.models.read_model` reads them.
    statistics : tuple of str
        Names of test statistics; ``all`` stands for those that draw no random numbers.
    estimation, event_window : Window
        Closed intervals of sessions relative to day 0.
    windows : tuple of Window
        Windows of the CARs; empty for :data:`WINDOWS`.
    group : str
        Column of the events by whose values they are grouped too; empty for none.
    min_observations : int, optional
        Fewest sessions of the estimation window with all returns; unless given,
        :data:`MIN_OBSERVATIONS`, or every session of a shorter window.
    single : bool
        Whether statistics that test each event by itself are run.
    alternative : {'two-sided', 'greater', 'less'}
        Side of the p-values of the statistics.
    seed : int
        Seed of statistics that draw random numbers.
    regress : tuple of str
        Columns of the events on which the CARs are regressed; none for no regression.
    errors : tuple of str
        Their standard errors, see :func:`eventstudy.regressions.parse_errors`; empty for
        :data:`ERRORS`.
    event_time : bool
        Whether returns are regressed on the days of the event window.

    Raises
    ------
    OptionError
        When the options do not fit together.
    UnknownNameError
        When a model or statistic does not exist.
    """

    models: tuple[str, ...] = MODELS
    statistics: tuple[str, ...] = STATISTICS
    estimation: Window = ESTIMATION
    event_window: Window = EVENT_WINDOW
    windows: tuple[Window, ...] = ()
    group: str = ""
    min_observations: int | None = None
    single: bool = False
    alternative: Alternative = "two-sided"
    seed: int = SEED
    regress: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    event_time: bool = False

    def __post_init__(self) -> None:
        _check_spans(self.estimation, self.event_window)
        for window in self.windows:
            _check_inside(window, self.event_window)
        if (self.min_observations or 0) > self.estimation.length:
            raise OptionError(
                f"--min-observations {self.min_observations} is more than the"
                f" {counted(self.estimation.length, 'session')} of the estimation window {self.estimation};"
                " lower it or lengthen --estimation"
            )
        for text in self.models:
            build_model(read_model(text), market="MARKET")
        named = {name: _statistic(name) for name in self.statistics if name != ALL}
        for name, plugin in named.items():
            if plugin.scope == "event" and not self.single:
                raise OptionError(
                    f"{name} tests each event by itself, which gives one row per event and window;"
                    " add --single"
                )
        _check_regressions(self.regress, self.standard_errors if self.errors else ())

    @property
    def labels(self) -> tuple[str, ...]:
        """Models to run, each once: the texts that name them."""
        return tuple(dict.fromkeys(self.models))

    @property
    def car_windows(self) -> tuple[Window, ...]:
        """Windows of the CARs, each once."""
        default = (window for window in WINDOWS if self.event_window.contains(window))
        return tuple(dict.fromkeys(self.windows or default))

    @property
    def least(self) -> int:
        """Fewest sessions of the estimation window with all returns."""
        return self.min_observations or min(MIN_OBSERVATIONS, self.estimation.length)

    @property
    def standard_errors(self) -> tuple[Errors, ...]:
        """Standard errors of the regressions, each once; none without regressions."""
        wanted = (self.errors or ERRORS) if self.regress or self.errors else ()
        return tuple(dict.fromkeys(map(parse_errors, wanted)))

    @property
    def choices(self) -> tuple[Choice, ...]:
        """Statistics to run, each once, by name."""
        names = {name for name in self.statistics if name != ALL}
        if ALL in self.statistics:
            names |= {choice.name for choice in default_statistics()}
        wanted = (name for name in names if self.single or _statistic(name).scope != "event")
        return tuple(Choice(name=name, label=name) for name in sorted(wanted))


def _check_regressions(regress: tuple[str, ...], errors: tuple[Errors, ...]) -> None:
    """Raise where regressions lack regressors, or regress on what names an event."""
    if errors and not regress:
        raise OptionError("--errors without --regress; name the characteristics of the events")
    for name in regress:
        if not name:
            raise OptionError("--regress '' names no column; write one of the events")
        if name in REQUIRED:
            raise OptionError(
                f"--regress {name} names the event and is no characteristic of it; choose another"
                " column of the events"
            )


def _check_spans(estimation: Window, event_window: Window) -> None:
    """Raise where the event window lacks day 0, or the estimation window runs into it."""
    if not event_window.contains(Window(0, 0)):
        raise OptionError(f"the event window {event_window} does not contain day 0")
    if estimation.end >= event_window.start:
        raise OptionError(
            f"the estimation window {estimation} must end before the event window {event_window}"
            " begins, or event returns enter the forecast; change --estimation or --event-window"
        )


def _check_inside(window: Window, event_window: Window) -> None:
    """Raise where a window reaches beyond the event window."""
    if not event_window.contains(window):
        raise OptionError(
            f"the window {window} reaches beyond the event window {event_window}; shorten it, or"
            " widen --event-window"
        )


def _statistic(name: str) -> type[Statistic]:
    """Return a statistic; an unknown one is named together with those that exist, and ``all``."""
    try:
        found: type[Statistic] = find(PACKAGES["statistic"], name, kind="statistic")
    except UnknownNameError as error:
        raise UnknownNameError("statistic", name, (*error.allowed, ALL)) from error
    return found
