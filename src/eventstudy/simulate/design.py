"""The design of a simulation: what a YAML file says, validated and frozen, and the cells of its grid."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from pathlib import PurePath
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from eventstudy.simulate.allowed import (
    MARKET,
    contrasts,
    reach,
    refuse_contrasts,
    refuse_factors,
    refuse_unknown,
    simulated_models,
    simulated_statistics,
)
from eventstudy.simulate.factors import Named
from eventstudy.simulate.groups import Groups, Laid
from eventstudy.simulate.lists import (
    NONE,
    NORMAL,
    Counts,
    Dates,
    Days,
    Factors,
    Garch,
    Once,
    Percents,
    Shares,
    Sides,
    Some,
    Tails,
)
from eventstudy.spec.base import Choice, Entry, Window
from eventstudy.spec.fields import Finite, Format, Interval, Level, RefusedError, Text
from eventstudy.spec.plugins import ModelEntry, StatisticEntry, default_statistics

if TYPE_CHECKING:
    from collections.abc import Iterator


class Returns(Entry):
    """Where the returns come from: a table of securities with their market, or the embedded data.

    Attributes
    ----------
    file : str
        A table of returns, CSV, Parquet or Excel, wide or long, in the folder of the design or below it.
    source : {'snapshot'} or None
        In the place of a file: returns from the embedded closes, between dates that all chosen series share.
    market : str
        Name of the market's column in the table, or of an instrument of the embedded data.
    securities : tuple of str
        Columns or instruments to draw from; all others than the market unless given.
    """

    file: Text = ""
    source: Literal["snapshot"] | None = None
    market: Text
    securities: Annotated[tuple[Text, ...], Once] = ()

    @model_validator(mode="after")
    def _apart(self) -> Self:
        """Refuse the market among the securities, files elsewhere, and instruments without prices."""
        if bool(self.file) == bool(self.source):
            message = "name a `file`, or write `source: snapshot`: one of the two"
            raise RefusedError("bad-value", message)
        if self.market in self.securities:
            message = f"{self.market} is the market; leave it out"
            raise RefusedError("bad-value", message, at=("securities",))
        if PurePath(self.file).is_absolute() or ".." in PurePath(self.file).parts:
            message = "name a file in the folder of the design or below it"
            raise RefusedError("bad-value", message, at=("file",))
        if self.source:
            refuse_unknown(self.market, self.securities)
        return self

    def __str__(self) -> str:
        return f"the table {self.file}" if self.file else "the embedded data"


class Law(Entry):
    """A model from which returns are drawn: R = beta R_m + sigma e, and a loading on every factor.

    Attributes
    ----------
    sigma, market_sigma : float
        Standard deviations of the abnormal and of the market return, per cent a session.
    beta : float
        Of every security.
    factors : dict of str to Factor
        Series of returns beside the market, normal and independent of it and of each other, by name.
    correlation : tuple of float
        Correlation of the abnormal returns of two securities on one date.
    tails : tuple of str
        ``normal``, or degrees of freedom of a t law, 3 to 999.
    garch : tuple of str
        ``none``, or alpha/beta of a GARCH(1,1) of every security, as in ``0.1/0.85``.
    untraded : tuple of float
        Share of sessions on which a security is not traded; its return is then part of the next trade's.

    Notes
    -----
    With a correlation r, e_i = sqrt(r) c + sqrt(1 - r) u_i with c of the date and u_i of the security, both of the
    law of `tails`: their sum has tails a little thinner. The market is normal and independent from session to
    session.
    """

    sigma: Annotated[Finite, Field(gt=0, le=100)] = 2.0
    market_sigma: Annotated[Finite, Field(gt=0, le=100)] = 1.0
    beta: Annotated[Finite, Field(ge=-10, le=10)] = 1.0
    factors: Named = Field(default_factory=dict)
    correlation: Shares = (0.0,)
    tails: Tails = (NORMAL,)
    garch: Garch = (NONE,)
    untraded: Shares = (0.0,)


@dataclass(frozen=True, slots=True)
class Base:
    """One way to draw samples; effects and variances are laid over the same samples.

    Attributes
    ----------
    events : int
        Events of a sample.
    dates : {'common', 'spread'}
        Whether they share one date.
    correlation, untraded : float
        As in :class:`Law`; 0 where returns are drawn from data.
    tails, garch : str
        As in :class:`Law`.
    """

    events: int
    dates: Dates
    correlation: float = 0.0
    tails: str = NORMAL
    garch: str = NONE
    untraded: float = 0.0


class Simulation(Entry):
    """Everything that the file of a simulation says, with defaults filled in.

    Attributes
    ----------
    format : int
        Version of the file format: 1.
    title, description : str
        For readers.
    samples : int
        Samples of every cell of the grid.
    seed : int
        Seed of everything random.
    level : float
        Level of the tests.
    alternatives : tuple of str
        Sides of the tests: ``two-sided``, ``greater``, ``less``.
    estimation : Window
        Estimation window in sessions relative to day 0.
    windows : tuple of Window
        Windows that are tested; the event window ends with the last of them.
    models : tuple of Choice
        Models that ask for the market's return, of the session or of those around it, and for factors of `law`.
    statistics : tuple of Choice
        Every registered one that draws no random numbers unless given.
    returns : Returns or None
        Observed returns from which samples are drawn; without them they come from `law`.
    law : Law or None
        Model from which samples are drawn.
    events : tuple of int
        Numbers of events of a sample.
    dates : tuple of {'common', 'spread'}
        Whether the events of a sample share one date.
    spread : int
        Sessions over which the dates of a sample lie where they differ and come from `law`.
    effect : tuple of float
        True abnormal return of day 0, per cent.
    variance : tuple of float
        Variance of the abnormal returns of the event window, in units of that before.
    groups : Groups or None
        A second group of events in every sample, for tests that hold one group against the others.
    """

    format: Format
    title: Text
    description: str = ""
    samples: Annotated[int, Field(ge=10, le=1_000_000)] = 1_000
    seed: Annotated[int, Field(ge=0, lt=2**63)] = 1
    level: Level = 0.05
    alternatives: Sides = ("two-sided",)
    estimation: Interval = Window(-250, -11)
    windows: Annotated[tuple[Interval, ...], Once, Some] = (Window(0, 0),)
    models: Annotated[tuple[ModelEntry, ...], AfterValidator(simulated_models), Once, Some] = (
        Choice(name="market", label="market", options={"benchmark": MARKET}),
    )
    statistics: Annotated[
        tuple[StatisticEntry, ...], AfterValidator(simulated_statistics), Once, Some
    ] = Field(default_factory=default_statistics)
    returns: Returns | None = None
    law: Law | None = None
    events: Counts = (50,)
    dates: Days = ("spread",)
    spread: Annotated[int, Field(ge=1, le=5_000)] = 250
    effect: Percents = (0.0,)
    variance: Factors = (1.0,)
    groups: Groups | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        """Refuse what does not fit together."""
        if self.returns and self.law:
            message = (
                "returns come from a table or from a law, not from both; remove one of the two"
            )
            raise RefusedError("bad-value", message, at=("law",))
        if "spread" in self.model_fields_set and (self.returns or "spread" not in self.dates):
            why = f"they are drawn from {self.returns}" if self.returns else "all share one"
            message = (
                f"`spread` spaces out dates that come from a law, and here {why}; remove the line"
            )
            raise RefusedError("bad-value", message, at=("spread",))
        if self.estimation.end >= min(window.start for window in self.windows):
            message = "the estimation window must end before the first window that is tested begins"
            raise RefusedError("bad-window", message, at=("estimation",))
        if min(window.start for window in self.windows) > 0 or self.event_window.end < 0:
            message = "one of the windows must hold day 0, on which the effect lies"
            raise RefusedError("bad-window", message, at=("windows",))
        return self

    @model_validator(mode="after")
    def _factors_known(self) -> Self:
        """Refuse models that ask for factors which samples do not have."""
        refuse_factors(self.models, self.series, data=self.returns is not None)
        return self

    @model_validator(mode="after")
    def _grouped(self) -> Self:
        """Refuse tests of two groups where a sample is one, and groups without events."""
        if self.groups is None:
            refuse_contrasts(self.statistics)
            return self
        try:
            self.groups.refuse_empty(self.events)
        except RefusedError as error:
            raise RefusedError(error.code, error.message, at=("groups", *error.at)) from error
        return self

    @property
    def event_window(self) -> Window:
        """From the first session that is tested, or day 0, to the last."""
        return Window(
            min(0, *(window.start for window in self.windows)),
            max(0, *(window.end for window in self.windows)),
        )

    @property
    def reach(self) -> int:
        """Sessions before and after that the models look at."""
        return max(reach(choice) for choice in self.models)

    @property
    def series(self) -> tuple[str, ...]:
        """Names of the market and of the factors, in the order in which samples have them."""
        return (MARKET, *(self.law.factors if self.law else ()))

    @property
    def contrasts(self) -> frozenset[str]:
        """Labels of the tests that hold the second group against the other events."""
        return contrasts(self.statistics)

    def laid(self) -> Iterator[Laid]:
        """Yield what is laid over the samples of every base, in the order of the file."""
        for variance, effect in product(self.variance, self.effect):
            if self.groups is None:
                yield Laid(effect, variance)
                continue
            of = self.groups
            for different in product(of.share, of.difference, of.variance):
                yield Laid(effect, variance, *different)

    def bases(self) -> Iterator[Base]:
        """Yield every way to draw samples, in the order of the file."""
        law = None if self.returns else self.law or Law()
        for events, dates in product(self.events, self.dates):
            if law is None:
                yield Base(events, dates)
                continue
            for drawn in product(law.correlation, law.tails, law.garch, law.untraded):
                yield Base(events, dates, *drawn)
