"""What a study file may say: every key, its type and its default."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple

from pydantic import BeforeValidator, Field, ValidationError

from eventstudy.errors import shown
from eventstudy.spec.acceptance import Acceptance
from eventstudy.spec.base import Choice, Entry, Window
from eventstudy.spec.design import Exclusion, Robustness
from eventstudy.spec.event import Event, Reported, SessionOverride, SourceNote
from eventstudy.spec.fields import (
    Day,
    Fingerprint,
    Format,
    Id,
    Interval,
    Level,
    Outcomes,
    RefusedError,
    Share,
    Text,
)
from eventstudy.spec.instrument import Instruments
from eventstudy.spec.messages import Finding, findings
from eventstudy.spec.plugins import ModelEntry, ProcedureEntry, SourceEntry, StatisticEntry
from eventstudy.spec.presentation import Exports, Presentation

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from eventstudy.yamlfile import Where


class Variants(Robustness):
    """Choices whose combinations are computed beside the study's own.

    The keys mean what :class:`eventstudy.spec.Robustness` says.

    Attributes
    ----------
    models : list
        Expected-return models; those of the study unless given.
    """

    models: Annotated[tuple[ModelEntry, ...], Field(min_length=1)] | None = None


def _varied(value: object) -> object:
    """Return what is varied; None where the file says that nothing is."""
    if not isinstance(value, str):
        return value
    if value.lower() in {"false", "no", "off"}:
        return None
    message = (
        f"must be `false`, or a block of keys such as `{{returns: [simple]}}`, not {shown(value)}; without"
        " the line everything is varied"
    )
    raise RefusedError("wrong-type", message)


class Draft(Entry):
    """What a study file says.

    The keys mean what :class:`eventstudy.spec.Study` says; here is what differs.

    Attributes
    ----------
    instruments : list of Instruments
        Instruments of this study alone, added to the built-in ones or in place of one.
    windows : list of Window
        Windows over which abnormal returns are cumulated. The default ones that reach beyond the
        event window are left out.
    statistics : list
        Test statistics; every registered one that draws no random numbers unless given.
    procedures : list
        Tests that draw other dates or the data anew; ``placebo`` unless given, none where assets are
        pooled. The headline p-values are those of the first ``placebo`` with ``by: state`` and ``scale:
        deviation``, its defaults; where other procedures are named and it is not, it runs too. Without
        any (``[]``) the sample quantile of day 0 takes its place.
    min_observations : int
        Fewest returns in the estimation window with which a model is estimated; five sixths of the
        window unless given.
    robustness : Variants or bool
        Choices of the design that are varied beside it; ``false`` for none.
    events_from : list of str
        Study files in this file's folder, or below it, whose events are taken over.
    away_from : list of str
        Study files in this file's folder, or below it, near whose events no day is taken for an
        ordinary one; their events are not studied.
    """

    format: Format
    title: Text
    description: str = ""
    assets: Annotated[tuple[Id, ...], Field(min_length=1)] = ("CSI300", "HSTECH")
    instruments: tuple[Instruments, ...] = ()
    source: SourceEntry = Choice(name="snapshot", label="snapshot")
    second_source: SourceEntry | None = None
    as_of: Day | None = None
    fingerprint: Fingerprint = ""
    second_fingerprint: Fingerprint = ""
    accept: tuple[Acceptance, ...] = ()
    returns: Literal["simple", "log"] = "simple"
    outcome: Outcomes = ("return",)
    pool_assets: bool = False
    estimation: Interval = Window(-130, -11)
    event_window: Interval = Window(-10, 20)
    windows: Annotated[tuple[Interval, ...], Field(min_length=1)] = (
        *(Window(-5, -1), Window(0, 0), Window(0, 1)),
        *(Window(1, 5), Window(1, 10), Window(0, 20)),
    )
    models: Annotated[tuple[ModelEntry, ...], Field(min_length=1)] = (
        Choice(name="constant_mean", label="constant_mean"),
        Choice(
            name="market", label="market", options={"benchmark": "SPX", "lag": "previous_close"}
        ),
    )
    statistics: Annotated[tuple[StatisticEntry, ...], Field(min_length=1)] | None = None
    procedures: tuple[ProcedureEntry, ...] | None = None
    min_observations: Annotated[int, Field(ge=3)] | None = None
    estimation_without: Exclusion | None = None
    max_dropped: Share = 0.5
    max_shift_days: Annotated[int, Field(ge=0, le=366)] = 12
    alpha: Level = 0.05
    alternative: Literal["two-sided", "greater", "less"] = "two-sided"
    seed: Annotated[int, Field(ge=0, lt=2**63)] = 1
    robustness: Annotated[Variants | None, BeforeValidator(_varied)] = Variants()
    report: Presentation = Presentation()
    export: Exports = ()
    events_from: tuple[str, ...] = ()
    away_from: tuple[str, ...] = ()
    events: tuple[Event, ...] = ()


BLOCKS: Mapping[str, type[Entry]] = {
    "": Draft,
    "accept": Acceptance,
    "instruments": Instruments,
    "events": Event,
    "sources": SourceNote,
    "reported": Reported,
    "first_session": SessionOverride,
    "estimation_without": Exclusion,
    "robustness": Variants,
    "report": Presentation,
}
"""What a block of keys is, by the key under which it stands."""

STAND_INS = {"format": "1", "title": "-"}
EVENT_STAND_INS = {"title": "-", "announced": "1900-01-01"}
"""Values for required keys that are missing or wrong, so that the rest can be checked."""


class Pieces(NamedTuple):
    """The parts of a file that are right, with the mistakes in the others.

    Attributes
    ----------
    draft : Draft
        The file without the keys and list entries that have mistakes.
    wrong : frozenset of str
        Keys with mistakes; the draft has their defaults, or fewer entries than the file.
    positions : dict of str to tuple of int
        Place in the file of each entry that a list of the draft still has.
    findings : tuple of Finding
        The mistakes.
    """

    draft: Draft
    wrong: frozenset[str]
    positions: dict[str, tuple[int, ...]]
    findings: tuple[Finding, ...]

    def entries(self, key: str) -> Iterable[tuple[Where, Any]]:
        """Return the entries of a list with their places in the file."""
        entries = getattr(self.draft, key) or ()
        places = self.positions.get(key, range(len(entries)))
        return [((key, place), entry) for place, entry in zip(places, entries, strict=True)]


def take_apart(data: Mapping[str, Any]) -> Pieces:
    """Validate what a file says, and keep what is right.

    Parameters
    ----------
    data : mapping
        Plain values of the file.
    """
    try:
        return Pieces(Draft.model_validate(data), frozenset(), {}, ())
    except ValidationError as error:
        found = tuple(findings(error, (), keys_of=keys_of))
        places = [tuple(detail["loc"]) for detail in error.errors(include_url=False)]
    wrong = _by_entry(places)
    kept = {key: value for key, value in data.items() if key not in wrong}
    positions: dict[str, tuple[int, ...]] = {}
    for key, entries in wrong.items():
        if "" in entries or not isinstance(data.get(key), list):
            continue
        right = {i: _right(key, entry, entries.get(i)) for i, entry in enumerate(data[key])}
        positions[key] = tuple(i for i, entry in right.items() if entry is not None)
        kept |= {key: [right[i] for i in positions[key]]} if positions[key] else {}
    draft = Draft.model_validate({**STAND_INS, **kept})
    return Pieces(draft, frozenset(wrong), {k: v for k, v in positions.items() if v}, found)


def _by_entry(places: Iterable[Where]) -> dict[str, dict[int | str, set[int | str]]]:
    """Return the wrong fields by key and list entry; an empty text stands for the whole."""
    wrong: dict[str, dict[int | str, set[int | str]]] = {}
    for place in places:
        key, entry, field = (*place, "", "")[:3]
        wrong.setdefault(str(key), {}).setdefault(entry, set()).add(field)
    return wrong


def _right(key: str, entry: object, fields: set[int | str] | None) -> object:
    """Return a list entry if it is right; an event without its wrong fields; None for others."""
    if fields is None:
        return entry
    if key != "events" or fields & {"", "id"} or not isinstance(entry, dict):
        return None
    return {**EVENT_STAND_INS, **{name: entry[name] for name in entry if name not in fields}}


def keys_of(where: Where) -> tuple[str, ...]:
    """Return the keys that the block at a place knows."""
    names = [part for part in where if part in BLOCKS]
    return tuple(BLOCKS[str(names[-1]) if names else ""].model_fields)
