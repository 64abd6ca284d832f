"""Several sources in order: the first that has an instrument gives it, those after it fill its gaps."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import AfterValidator, Field

from eventstudy.errors import DataError
from eventstudy.registry import build
from eventstudy.spec.fields import RefusedError
from eventstudy.spec.plugins import PACKAGES, SourceEntry

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from eventstudy.sources._pieces import Piece
    from eventstudy.sources.base import Access, Prices, Series, Source
    from eventstudy.spec import Choice, Instrument


def _no_chain(choice: Choice) -> Choice:
    """Return a source, if it is not a chain itself."""
    if choice.name == Chain.name:
        message = "a chain cannot be part of a chain; list its sources here, in order"
        raise RefusedError("bad-value", message)
    return choice


def _once(choices: tuple[Choice, ...]) -> tuple[Choice, ...]:
    """Return sources, if none stands there twice and each has a name of its own."""
    for position, choice in enumerate(choices):
        if choice in choices[:position]:
            message = f"{choice.label} stands twice in the list; remove one"
            raise RefusedError("duplicate-entry", message)
        if choice.label in [each.label for each in choices[:position]]:
            message = f"two sources are called {choice.label!r}; give one a `label`"
            raise RefusedError("duplicate-label", message)
    return choices


Members = Annotated[
    tuple[Annotated[SourceEntry, AfterValidator(_no_chain)], ...],
    Field(min_length=2),
    AfterValidator(_once),
]


@dataclass(frozen=True, slots=True)
class Chain:
    """Several sources in order: for each instrument the first that has it, and the next for its gaps.

    Attributes
    ----------
    sources : list
        Two or more sources, each a name or a block with its options, in order; two of one name need a
        `label`.

    Notes
    -----
    A source that cannot give an instrument (no network, an unknown symbol) is passed over, and a line
    says why; if none can, the study stops and the message lists each.

    A session of the exchange without a close is filled from the sources that follow, in order: with
    the levels (open, high, low, close) of a series of the same kind, never with volumes, flows or
    returns. A total return and a price, or an index and a fund that stands for it, are never mixed.
    Nor is anything filled from a source whose closes differ by more than 5 bp from those of the first
    on any common session; a line says by how much. Where only its opens, highs or lows differ, closes
    alone are filled. The sources that follow are asked only where a session until the last that the
    study needs is missing.

    Every cell knows the series it comes from: `origins.csv` and the page count them.
    """

    name: ClassVar[str] = "chain"
    reference: ClassVar[str] = "the sources that it names"
    sources: Members

    @property
    def live(self) -> bool:
        """Whether one of the sources downloads."""
        return any(source.live for _, source in self.members())

    def members(self) -> list[tuple[str, Source]]:
        """Return the sources with their labels."""
        package = PACKAGES["source"]
        return [
            (each.label, build(package, each.name, each.options, kind="source"))
            for each in self.sources
        ]

    def fetch(self, instruments: Sequence[Instrument], access: Access) -> Prices:
        """Return the prices of the instruments, in their order.

        Parameters
        ----------
        instruments : sequence of Instrument, length S
            Each source finds them by their symbol for it, else by their id.
        access : Access
            Handed on to each source.

        Raises
        ------
        DataError
            When no source has an instrument.
        """
        from eventstudy.sources._pieces import together, whole

        links = [_Link(instrument, access) for instrument in instruments]
        for label, source in self.members():
            asked = [link for link in links if link.wants()]
            had, faults = _ask(source, [link.instrument for link in asked], access)
            for link in asked:
                name = link.instrument.id
                link.take(label, had.get(name), faults.get(name, ""))
        lost = {link.instrument.id: link.lost() for link in links if link.piece is None}
        if lost:
            raise DataError("\n".join(lost.values()), faults=lost)
        pieces = {link.instrument.id: link.piece for link in links if link.piece is not None}
        series: list[Series] = [
            whole(piece, self.name, link.notes)
            for piece, link in zip(pieces.values(), links, strict=True)
        ]
        return together(pieces, series)


@dataclass(slots=True)
class _Link:
    """One instrument on its way along the chain."""

    instrument: Instrument
    access: Access
    first: Piece | None = None
    piece: Piece | None = None
    faults: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def wants(self) -> bool:
        """Tell whether a further source has anything to add."""
        return self.piece is None or (self.piece.priced and bool(len(self._gaps(self.piece))))

    def take(self, label: str, prices: Prices | None, fault: str) -> None:
        """Take what a source gave, or note why it gave nothing."""
        from eventstudy.alignment import sessions
        from eventstudy.sources._pieces import filled, piece

        if prices is None:
            self._note_fault(label, fault)
            return
        given = piece(prices, self.instrument.id, label)
        if self.piece is None or self.first is None:
            self.first = self.piece = given
        elif given.priced:
            calendar = sessions(self.instrument.calendar)
            self.piece, note = filled(self.piece, self.first, given, calendar)
            self.notes.extend([note] if note else [])

    def lost(self) -> str:
        """Say why no source has the instrument."""
        reasons = [f"  {label}: {fault}" for label, fault in self.faults.items()]
        return "\n".join([f"no source of the chain has {self.instrument.id}:", *reasons])

    def _note_fault(self, label: str, fault: str) -> None:
        """Note why a source gave nothing, unless only what lies before the series is missing."""
        self.faults[label] = fault
        reason = fault.partition("; ")[0]
        if self.piece is None:
            self.notes.append(f"not from {label} ({reason})")
        elif (self._gaps(self.piece) > self.piece.dates[0]).any():
            self.notes.append(f"sessions without a price not filled from {label} ({reason})")

    def _gaps(self, piece: Piece) -> NDArray[np.datetime64]:
        """Return the sessions without a close, until the last that is needed and over."""
        import numpy as np

        from eventstudy.alignment import sessions

        known = piece.dates[~np.isnan(piece.values["close"])]
        ends = [known[-1] if self.access.until is None else self.access.until]
        if self.access.now is not None:
            ends.append(self.access.now.astype("M8[D]") - np.timedelta64(1, "D"))
        calendar = sessions(self.instrument.calendar)
        return np.setdiff1d(calendar[calendar <= min(ends)], known)


def _ask(
    source: Source, instruments: Sequence[Instrument], access: Access
) -> tuple[dict[str, Prices], dict[str, str]]:
    """Return what a source has, and why it has not the rest, by instrument."""
    if not instruments:
        return {}, {}
    try:
        prices = source.fetch(instruments, access)
    except DataError as error:
        if len(instruments) == 1:
            return {}, {instruments[0].id: str(error)}
        faults = {each.id: error.faults[each.id] for each in instruments if each.id in error.faults}
    else:
        return dict.fromkeys((each.id for each in instruments), prices), {}
    had: dict[str, Prices] = {}
    rest = [each for each in instruments if each.id not in faults]
    # What could be downloaded is in the cache by now.
    again = replace(access, refresh=False) if faults else access
    for group in [rest] if faults else [[each] for each in rest]:
        more, missing = _ask(source, group, again)
        had, faults = had | more, faults | missing
    return had, faults


PLUGIN: type[Source] = Chain
