"""The CSI 300 on days that the press printed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from eventstudy.replication.base import Row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventstudy.replication.base import Kind, Replication

PRINTED = (
    ("2007-02-27", -9.24),
    ("2007-05-30", -6.76),
    ("2013-06-24", -6.31),
    ("2015-01-19", -7.70),
    ("2016-01-04", -7.02),
    ("2018-03-23", -2.87),
    ("2018-10-19", 2.97),
    ("2019-05-06", -5.84),
    ("2020-02-03", -7.88),
    ("2020-07-06", 5.67),
)
"""Close to close, per cent."""


@dataclass(frozen=True, slots=True)
class Csi300Days:
    """Ten days as printed."""

    name: ClassVar[str] = "csi300_days"
    title: ClassVar[str] = "The CSI 300 on days of policy news"
    cite: ClassVar[str] = "Press of the days"
    source: ClassVar[str] = "Closing moves as printed by news agencies on the days"
    kind: ClassVar[Kind] = "printed"
    design: ClassVar[str] = "Close to close, per cent"
    data: ClassVar[str] = "The embedded daily bars of the CSI 300"
    needs: ClassVar[tuple[str, ...]] = ()
    simulates: ClassVar[bool] = False
    tolerance: ClassVar[str] = "None: two decimals"
    difference: ClassVar[str] = ""

    def rows(self) -> Sequence[Row]:
        """Read the moves."""
        from eventstudy.replication.results._snapshot import days

        index = days("CSI300")
        found = index.moves.close_to_close
        return [
            Row(f"{day}, close to close, per cent", move, 100 * float(found[index.row(day)]), 2)
            for day, move in PRINTED
        ]


PLUGIN: type[Replication] = Csi300Days
