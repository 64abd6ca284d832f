"""The CSI 300 on days that faded after the open, and on days that went on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from eventstudy.replication.base import Row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventstudy.replication.base import Kind, Replication

PARTS = (
    ("2015-07-06", 8.55, -5.21),
    ("2008-11-27", 6.42, -4.66),
    ("2015-06-29", 2.55, -5.74),
    ("2008-04-24", 8.27, 0.94),
    ("2008-09-19", 8.96, 0.36),
)
"""Night, and open to close, per cent."""
WENT_ON = ("2008-09-22", 6.49)
"""The session after the last of them, close to close, per cent."""


@dataclass(frozen=True, slots=True)
class Csi300Fades:
    """Five days in two parts, and the session after one of them."""

    name: ClassVar[str] = "csi300_fades"
    title: ClassVar[str] = "Days on which the CSI 300 opened far up, and what became of it"
    cite: ClassVar[str] = "Bars of the days, not published"
    source: ClassVar[str] = (
        "No publication: moves of three days that fell after the open and of two that did not, by pandas from the "
        "same daily bars"
    )
    kind: ClassVar[Kind] = "computed"
    design: ClassVar[str] = (
        "Night (close to open) and session (open to close), per cent; of the session after 19 September 2008, when "
        "limits on the prices of shares had held up the move, close to close"
    )
    data: ClassVar[str] = "The embedded daily bars of the CSI 300"
    needs: ClassVar[tuple[str, ...]] = ()
    simulates: ClassVar[bool] = False
    tolerance: ClassVar[str] = "None: two decimals"
    difference: ClassVar[str] = ""

    def rows(self) -> Sequence[Row]:
        """Read the moves."""
        from eventstudy.replication.results._snapshot import days

        index = days("CSI300")
        moves = index.moves
        parts = [
            Row(f"{day}, {part}, per cent", move, 100 * float(found[index.row(day)]), 2)
            for day, night, session in PARTS
            for part, move, found in (
                ("night", night, moves.overnight),
                ("open to close", session, moves.open_to_close),
            )
        ]
        day, move = WENT_ON
        after = 100 * float(moves.close_to_close[index.row(day)])
        return [*parts, Row(f"{day}, close to close, per cent", move, after, 2)]


PLUGIN: type[Replication] = Csi300Fades
