"""What a model asks for, as data; importable without numpy, so that a study can be checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Lag = Literal["none", "previous_close"]
SeriesKind = Literal["price", "return"]


@dataclass(frozen=True, slots=True)
class FactorRequest:
    """One regressor that a model asks for, as data.

    Attributes
    ----------
    instrument : str
        Id of the instrument whose return is the regressor.
    lag : {'none', 'previous_close'}
        ``none``: the return over the asset's own session. ``previous_close``: the compounded return
        of the sessions that closed between the asset's previous close and its open, as of New York
        for an Asian session; no such session means a return of zero.
    shift : int
        Sessions of the asset's own exchange by which the regressor is late: 1 is the return that
        belongs to the session before, -1 the one that belongs to the session after.
    kind : {'price', 'return'}
        ``price``: the return is made from closes. ``return``: the series holds returns already, as
        factors and risk-free rates do; they enter as they are, whatever kind of return the study
        makes from prices.
    """

    instrument: str
    lag: Lag = "none"
    shift: int = 0
    kind: SeriesKind = "price"

    @property
    def label(self) -> str:
        """Name of the regressor for readers: ``SPX``, or ``SPX of 1 session before``."""
        if self.shift == 0:
            return self.instrument
        sessions = "session" if abs(self.shift) == 1 else "sessions"
        side = "before" if self.shift > 0 else "after"
        return f"{self.instrument} of {abs(self.shift)} {sessions} {side}"
