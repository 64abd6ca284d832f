"""What a model asks for, as data; importable without numpy, so that a study can be checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Lag = Literal["none", "previous_close"]


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
    """

    instrument: str
    lag: Lag = "none"
