"""The study: one YAML file, validated and frozen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

from eventstudy import registry
from eventstudy.spec.acceptance import Acceptance
from eventstudy.spec.base import Choice, Entry, Window
from eventstudy.spec.design import Exclusion, Robustness
from eventstudy.spec.event import Event
from eventstudy.spec.fields import Outcome
from eventstudy.spec.instrument import Instrument
from eventstudy.spec.plugins import HEADLINE, is_headline
from eventstudy.spec.presentation import Presentation

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class Study(Entry):
    """Everything a study file says, with defaults filled in.

    Attributes
    ----------
    format : int
        Version of the file format: 1.
    title, description : str
        For readers.
    assets : tuple of str
        Ids of the instruments studied.
    instruments : dict of str to Instrument
        Every instrument that the study can name: the built-in ones and its own.
    source : Choice
        Where prices come from.
    second_source : Choice or None
        Source whose closes are held against those of the first; none unless given.
    as_of : datetime.date or None
        Day whose downloads are used, of a source with downloads: the newest until its end.
    fingerprint : str
        Beginning of the hash of the prices, 12 digits or more; with other prices the study does not run.
    second_fingerprint : str
        The same of the prices of the second source, which is else compared as it is when the study runs.
    accept : tuple of Acceptance
        Checks of the prices that may fail without stopping the study.
    returns : {'simple', 'log'}
        Simple returns compound, log returns sum; never mixed.
    outcome : str or list of str
        What is studied: ``return``, which every study is about; beside it ``flow`` (net purchases of
        the source's instruments of ``kind: flow``), ``volume`` and ``volatility`` of the assets, set
        beside the returns event by event.
    pool_assets : bool
        Whether the events of all assets are averaged and tested together, as those of many firms
        are; otherwise, as for markets, asset by asset.
    estimation : Window
        Estimation window in sessions relative to day 0.
    event_window : Window
        All sessions for which abnormal returns are computed.
    windows : tuple of Window
        Windows over which abnormal returns are cumulated.
    models, statistics, procedures : tuple of Choice
        Plug-ins to run; the first model is the headline, and among the procedures the placebo.
    min_observations : int
        Fewest returns in the estimation window with which a model is estimated.
    estimation_without : Exclusion or None
        Sessions near other events that estimation windows leave out; none unless given.
    max_dropped : float
        Share of events that may be lost before the study stops, 0 to 1.
    max_shift_days : int
        Most calendar days between an announcement and its day 0.
    alpha : float
        Significance level of verdicts and intervals.
    alternative : {'two-sided', 'greater', 'less'}
        Side of the p-values of the statistics; outcomes and intervals stay two-sided.
    seed : int
        Seed of everything random.
    robustness : Robustness or None
        Choices of the design that are varied beside it; None, ``false`` in the file, for none.
    report : Presentation
        Language and sections of the report, and what stands in brackets.
    export : tuple of str
        Formats in which every table and figure of the report is written beside it: ``tex``, ``xlsx``,
        ``docx-html``, ``md``, ``csv``, ``parquet``, ``json``, ``figures``.
    events_from : tuple of str
        Study files whose events are taken over; resolved when the file is loaded.
    away_from : tuple of str
        Study files near whose events no day is taken for an ordinary one; read when the study runs.
    events : tuple of Event
        All events: those taken over first, then the file's own.
    """

    format: Literal[1]
    title: str
    description: str = ""
    assets: tuple[str, ...]
    instruments: dict[str, Instrument]
    source: Choice
    second_source: Choice | None = None
    as_of: date | None = None
    fingerprint: str = ""
    second_fingerprint: str = ""
    accept: tuple[Acceptance, ...] = ()
    returns: Literal["simple", "log"] = "simple"
    outcome: tuple[Outcome, ...] = ("return",)
    pool_assets: bool = False
    estimation: Window = Window(-130, -11)
    event_window: Window = Window(-10, 20)
    windows: tuple[Window, ...]
    models: tuple[Choice, ...]
    statistics: tuple[Choice, ...]
    procedures: tuple[Choice, ...] = ()
    min_observations: int
    estimation_without: Exclusion | None = None
    max_dropped: float = 0.5
    max_shift_days: int = 12
    alpha: float = 0.05
    alternative: Literal["two-sided", "greater", "less"] = "two-sided"
    seed: int = 1
    robustness: Robustness | None = Robustness()
    report: Presentation = Presentation()
    export: tuple[str, ...] = ()
    events_from: tuple[str, ...] = ()
    away_from: tuple[str, ...] = ()
    events: tuple[Event, ...]

    @property
    def flows(self) -> tuple[str, ...]:
        """Ids of the instruments whose flow is studied."""
        return flows_of(self.instruments, self.source) if "flow" in self.outcome else ()

    @property
    def placebo(self) -> Choice | None:
        """The placebo of the headline p-values with its options; None without procedures."""
        return next(filter(is_headline, self.procedures), HEADLINE) if self.procedures else None

    @property
    def looks_ahead(self) -> bool:
        """Whether any session after day 0 is studied."""
        return self.event_window.end > 0

    @property
    def varied_models(self) -> tuple[Choice, ...]:
        """Models that are computed beside the study's own as a choice of its design."""
        return (self.robustness and self.robustness.models) or ()

    def assets_of(self, event: Event) -> tuple[str, ...]:
        """Return the assets on which an event is studied, in the study's order."""
        return tuple(asset for asset in self.assets if asset in event.assets or not event.assets)


def source_names(source: Choice) -> tuple[str, ...]:
    """Return the names of the sources that prices may come from: of a chain, those in it."""
    parts = source.options.get("sources")
    if not isinstance(parts, list | tuple):
        return (source.name,)
    names = (part.get("name") if isinstance(part, dict) else part for part in parts)
    return tuple(name for name in names if isinstance(name, str))


def flows_of(instruments: Mapping[str, Instrument], source: Choice) -> tuple[str, ...]:
    """Return the ids of the flows that a source may have."""
    flows = ((name, each) for name, each in instruments.items() if each.kind == "flow")
    return tuple(name for name, each in flows if may_have(source, each) or not each.symbols)


def may_have(source: Choice, instrument: Instrument) -> bool:
    """Tell whether a source may have an instrument: by symbol, or by id where it finds any so."""
    known = registry.plugins("eventstudy.sources")
    return any(
        name in instrument.symbols or getattr(known.get(name), "by_id", False)
        for name in source_names(source)
    )


@dataclass(frozen=True, slots=True)
class StudyFile:
    """A study together with the file it came from.

    Attributes
    ----------
    path : pathlib.Path
        The file as the user named it.
    sha256 : str
        Hash of the file's bytes and of the files it takes events from.
    study : Study
        The validated content.
    """

    path: Path
    sha256: str
    study: Study

    @property
    def stem(self) -> str:
        """Name of the file without folder and ending: the name of the report's folder."""
        return self.path.stem
