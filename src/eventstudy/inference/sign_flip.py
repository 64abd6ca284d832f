"""Sign flip: the mean CAR among the means of the same CARs with every choice of signs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from eventstudy.formats import counted

if TYPE_CHECKING:
    import numpy as np

    from eventstudy.aggregate import CumulativeReturns
    from eventstudy.inference._resampling import Alike, Outcome
    from eventstudy.inference.base import ResamplingStatistic, Scope, StatisticResult
    from eventstudy.models.base import Floats

FEWEST = 6
"""Fewest clusters with which a p-value can be below .05: 2 / 2^6 = .031."""

EXACT_UP_TO = 20
"""Most clusters whose signs are all enumerated, 2^20 of them."""


@dataclass(frozen=True, slots=True)
class SignFlip:
    """p = share of all choices of signs of the CARs whose mean is as far from zero.

    Attributes
    ----------
    of : {'car', 'scar'}
        What is averaged: CARs, or CARs over their standard deviations, so that events of calm days
        count as much as others.
    cluster : {'event', 'date', 'overlap'}
        What changes its sign as one: each event; the events of one date of day 0; the events whose
        tested windows overlap in calendar time, directly or through others.
    draws : int
        Choices drawn where more than 20 clusters have too many to go through.

    Notes
    -----
    With C_g the sum over cluster g of G: p = #{signs w: |sum_g w_g C_g| >= |sum_g C_g|} / 2^G, exact for
    CARs that are symmetric about zero and independent across clusters, whatever their variances. It
    cannot be below 2 / 2^G: fewer than 6 clusters have no test at 5 per cent. Beyond 20 clusters
    p = (1 + #) / (B + 1) over B drawn choices. With `car` and `event` it orders the choices as
    `wild_bootstrap` does.

    References
    ----------
    Fisher, R. A. (1935), The Design of Experiments, section 21; Lehmann, E. L. and Romano, J. P. (2005),
    Testing Statistical Hypotheses, section 5.8.
    """

    name: ClassVar[str] = "sign_flip"
    reference: ClassVar[str] = "Fisher (1935), section 21"
    scope: ClassVar[Scope] = "group"
    resampling: ClassVar[bool] = True
    null: ClassVar[str] = "the CARs of the group are symmetric about zero"
    of: Literal["car", "scar"] = "car"
    cluster: Literal["event", "date", "overlap"] = "overlap"
    draws: Annotated[int, Field(ge=99, le=1_000_000)] = 9_999

    def test(self, cars: CumulativeReturns, rng: np.random.Generator) -> StatisticResult:
        """Test the group on every window; results have the shape (W,)."""
        import numpy as np

        from eventstudy.aggregate import moments
        from eventstudy.inference import _laws as laws
        from eventstudy.inference import _resampling as resampling

        cars = cars.select(resampling.order(cars))
        values = cars.car if self.of == "car" else cars.scar
        found = resampling.Outcome.empty(len(cars.windows))
        seed = int(rng.integers(2**63))
        number = resampling.clusters(replace(cars, car=values), self.cluster)
        for same in resampling.alike(number):
            if same.groups < FEWEST:
                found.reason[same.columns] = _too_few(same)
                continue
            own = np.random.default_rng(seed)
            _test(values[np.ix_(same.rows, same.columns)], same, self.draws, own, found)
        return laws.result(
            self,
            found.tested,
            estimate=moments(np.where(np.isfinite(values), cars.car, np.nan))[1],
            n=np.isfinite(values).sum(axis=0),
            reason=found.reason,
        )


def _too_few(same: Alike) -> str:
    """Say why windows with too few clusters have no test."""
    events, groups = len(same.rows), same.groups
    apart = "" if groups == events else f" in {counted(groups, 'cluster')}"
    what = f"{counted(events, 'event')}{apart}; {FEWEST} needed"
    return f"{what}: no p below {min(2 / 2**groups, 1):.2g}"


def _test(
    values: Floats, same: Alike, draws: int, rng: np.random.Generator, found: Outcome
) -> None:
    """Test windows that share events and clusters, values of shape (n, w)."""
    import numpy as np

    from eventstudy.inference._resampling import TIE, sign_changes

    total = same.sums(values)
    bound = np.abs(total.sum(axis=0)) * (1 - TIE)
    if same.groups <= EXACT_UP_TO:
        at_least = [
            (np.abs(_signed_sums(each)) >= least).sum()
            for each, least in zip(total.T, bound, strict=True)
        ]
        p_value, law = np.array(at_least) / 2 ** (same.groups - 1), "exact"
    else:
        changes = sign_changes(same.groups, draws, rng)
        extreme = sum((np.abs(signs @ total) >= bound).sum(axis=0) for signs in changes.parts)
        p_value, law = changes.p_value(np.asarray(extreme)), changes.law
    found.write(same.columns, values.mean(axis=0), p_value, law)


def _signed_sums(values: Floats) -> Floats:
    """Return the sums of values (G,) with all signs of all but the first, shape (2^(G - 1),)."""
    import numpy as np

    sums = values[:1]
    for value in values[1:]:
        sums = np.concatenate([sums - value, sums + value])
    return sums


PLUGIN: type[ResamplingStatistic] = SignFlip
