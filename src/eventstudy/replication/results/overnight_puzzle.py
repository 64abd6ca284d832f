"""The overnight puzzle of Chinese shares, on the CSI 300."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from eventstudy.replication.base import Row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventstudy.replication.base import Kind, Replication

LAST = "2020-10-16"


@dataclass(frozen=True, slots=True)
class OvernightPuzzle:
    """Mean returns of nights and of sessions."""

    name: ClassVar[str] = "overnight_puzzle"
    title: ClassVar[str] = "The overnight puzzle of Chinese shares"
    cite: ClassVar[str] = "Qiao and Dam (2020)"
    source: ClassVar[str] = (
        "Qiao, K. and Dam, L. (2020), The overnight return puzzle and the T+1 trading rule in Chinese stock "
        "markets, Journal of Financial Markets 50, 100534, who find negative nights on shares; these numbers are of "
        "the index, from 8 April 2005 to 16 October 2020, computed elsewhere from its daily bars"
    )
    kind: ClassVar[Kind] = "computed"
    design: ClassVar[str] = "Mean return from close to open, and from open to close, per cent a day"
    data: ClassVar[str] = "The embedded daily bars of the CSI 300, which begin on 4 January 2006"
    needs: ClassVar[tuple[str, ...]] = ()
    simulates: ClassVar[bool] = False
    tolerance: ClassVar[str] = (
        "0.006 and 0.011 per cent a day: the first 182 of the 3,774 sessions are not in the embedded data. With the "
        "standard deviations of the others, 0.8 per cent a night and 1.6 a session, this is what two standard errors "
        "of the mean of 182 weigh among 3,774"
    )
    difference: ClassVar[str] = "The embedded data begin nine months after those of the source"

    def rows(self) -> Sequence[Row]:
        """Average nights and sessions."""
        import numpy as np

        from eventstudy.replication.results._snapshot import days

        index = days("CSI300")
        until = index.dates[1:] <= np.datetime64(LAST)
        night, session = (
            100 * float(np.mean(part[until]))
            for part in (index.moves.overnight, index.moves.open_to_close)
        )
        return [
            Row("mean of the nights, per cent", -0.069, night, 3, 0.006),
            Row("mean of the sessions, per cent", 0.127, session, 3, 0.011),
        ]


PLUGIN: type[Replication] = OvernightPuzzle
