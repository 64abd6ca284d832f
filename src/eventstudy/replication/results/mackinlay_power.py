"""Power of an event study, MacKinlay's table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from eventstudy.replication.base import Row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventstudy.replication.base import Kind, Replication

EFFECTS = (0.5, 1.0, 1.5, 2.0)
"""True abnormal returns, per cent."""
EXPECTED = {
    (2.0, 1): (0.06, 0.08, 0.12, 0.17),
    (2.0, 10): (0.12, 0.35, 0.66, 0.89),
    (2.0, 50): (0.42, 0.94, 1.00, 1.00),
}
"""Power by standard deviation in per cent and number of events."""
KNOWN = 10**7
"""Degrees of freedom with which a t test is one of known variance."""


@dataclass(frozen=True, slots=True)
class MackinlayPower:
    """Power of the two-sided test at 5 per cent, the variance known."""

    name: ClassVar[str] = "mackinlay_power"
    title: ClassVar[str] = "Power of an event study by its number of events"
    cite: ClassVar[str] = "MacKinlay (1997)"
    source: ClassVar[str] = (
        "MacKinlay, A. C. (1997), Event studies in economics and finance, Journal of Economic Literature 35, "
        "13-39, on power; Campbell, J. Y., Lo, A. W. and MacKinlay, A. C. (1997), The Econometrics of Financial "
        "Markets, chapter 4"
    )
    kind: ClassVar[Kind] = "analytic"
    design: ClassVar[str] = (
        "Two-sided test of zero mean at 5 per cent with known variance: "
        "P = Phi(-1.96 - l) + 1 - Phi(1.96 - l), l = sqrt(N) effect / sigma"
    )
    data: ClassVar[str] = "None: a closed formula"
    needs: ClassVar[tuple[str, ...]] = ()
    simulates: ClassVar[bool] = False
    tolerance: ClassVar[str] = "None: two decimals"
    difference: ClassVar[str] = ""

    def rows(self) -> Sequence[Row]:
        """Compute the power of every cell."""
        cells = [
            (sigma, n, effect, expected)
            for (sigma, n), row in EXPECTED.items()
            for effect, expected in zip(EFFECTS, row, strict=True)
        ]
        cells.append((4.0, 60, 1.0, 0.49))
        return [
            Row(
                f"power, sigma {sigma:g}%, N = {n}, effect {effect:g}%",
                expected,
                _power(sigma, n, effect),
                2,
            )
            for sigma, n, effect, expected in cells
        ]


def _power(sigma: float, n: int, effect: float) -> float:
    """Return the power of the t test with very many degrees of freedom."""
    from eventstudy.power import power

    return float(power(n**0.5 * effect / sigma, KNOWN, 0.05))


PLUGIN: type[Replication] = MackinlayPower
