"""Permutation: a group against the other events, labels exchanged between the two."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from eventstudy.formats import counted

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from eventstudy.aggregate import CumulativeReturns
    from eventstudy.inference._resampling import Alike, Ints, Outcome, Rearranged
    from eventstudy.inference.base import ContrastStatistic, Scope, StatisticResult
    from eventstudy.models.base import Floats


@dataclass(frozen=True, slots=True)
class Permutation:
    """p = share of exchanges of labels that part the two groups as far as the data do.

    Attributes
    ----------
    of : {'welch_t', 'difference'}
        What is compared: Welch's t, which keeps its level when the variances of the groups differ,
        or the difference of the mean CARs, for groups whose CARs have one law under the null.
    cluster : {'event', 'date', 'overlap'}
        What changes its label as one: each event; the events of one date of day 0; the events whose
        tested windows overlap in calendar time, directly or through others. The number of clusters
        on each side is kept.
    draws : int
        Exchanges drawn; where there are no more of them, all are taken.

    Notes
    -----
    A group of N1 events is held against the N2 other events of the same asset:
    t = (mean_1 - mean_2) / sqrt(s_1^2 / N1 + s_2^2 / N2). All C(N1 + N2, N1) labels, the given ones
    among them, give p = #{abs(t*) >= abs(t)} / C; B drawn ones p = (1 + #{abs(t*) >= abs(t)}) /
    (B + 1). All groups of an asset are held against the same exchanges, so that two groups which are
    each other's others have one p. With clusters, G1 of the G clusters are chosen. The number of observations is N1 + N2.

    References
    ----------
    Fisher, R. A. (1935), The Design of Experiments, section 21; Janssen, A. (1997), Statistics and
    Probability Letters 36, 9-21, and Chung, E. and Romano, J. P. (2013), Annals of Statistics 41,
    484-507, for the studentised form.
    """

    name: ClassVar[str] = "permutation"
    reference: ClassVar[str] = "Fisher (1935), Chung and Romano (2013)"
    scope: ClassVar[Scope] = "contrast"
    resampling: ClassVar[bool] = True
    null: ClassVar[str] = "the CARs of the group have the law of the other events' CARs"
    of: Literal["welch_t", "difference"] = "welch_t"
    cluster: Literal["event", "date", "overlap"] = "event"
    draws: Annotated[int, Field(ge=99, le=1_000_000)] = 9_999

    def test(
        self, cars: CumulativeReturns, group: NDArray[np.bool_], rng: np.random.Generator
    ) -> StatisticResult:
        """Test the events where `group` is true against the others; results have the shape (W,)."""
        import numpy as np

        from eventstudy.aggregate import moments
        from eventstudy.inference import _laws as laws
        from eventstudy.inference import _resampling as resampling

        order = resampling.order(cars)
        cars, group = cars.select(order), group[order]
        (n, mean, _), (n_others, mean_others, _) = (
            moments(cars.car[group]),
            moments(cars.car[~group]),
        )
        found = resampling.Outcome.empty(len(cars.windows))
        least = 2 if self.of == "welch_t" else 1
        seed = int(rng.integers(2**63))
        for same in resampling.alike(resampling.clusters(cars, self.cluster)):
            side = same.sums(group[same.rows, None].astype(float))[:, 0]
            mixed = int(((side > 0) & (side < same.sizes)).sum())
            if mixed:
                found.reason[same.columns] = _mixed(mixed)
            elif (np.minimum(n, n_others)[same.columns] >= least).all():
                own = np.random.default_rng(seed)
                changes = resampling.label_changes(side > 0, self.draws, own)
                car = cars.car[np.ix_(same.rows, same.columns)]
                self._compare(
                    Sums.of(car, same), (side > 0).astype(np.float64), changes, found, same.columns
                )
        reason = laws.first_reason(
            laws.where(n_others == 0, "there are no other events to hold the group against"),
            laws.needs_events(n, least),
            laws.needs_events(n_others, least, of="other event"),
            found.reason,
        )
        difference = mean - mean_others
        return laws.result(self, found.tested, estimate=difference, n=n + n_others, reason=reason)

    def _compare(
        self, sums: Sums, side: Floats, changes: Rearranged, found: Outcome, columns: Ints
    ) -> None:
        """Test windows that share events and clusters; `side` holds 1 for the group, shape (G,)."""
        import numpy as np

        from eventstudy.inference import _laws as laws
        from eventstudy.inference import _resampling as resampling

        parted = sums.welch if self.of == "welch_t" else sums.difference
        (effect,), (variance,) = parted(side[None, :])
        spread = variance > 1e-12 * sums.variance
        statistic = laws.ratio(effect, np.where(spread, np.sqrt(variance), 0.0))
        extreme = np.zeros(len(columns), dtype=np.int64)
        for labels in changes.parts:
            extreme += resampling.as_extreme(*parted(labels), statistic)
        value = statistic if self.of == "welch_t" else effect
        found.write(columns, value, changes.p_value(extreme), changes.law)
        found.reason[columns[~spread]] = "the events of each side do not differ"


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums over clusters: events (G, 1), CARs less the overall mean and their squares (G, w)."""

    size: Floats
    total: Floats
    squares: Floats

    @classmethod
    def of(cls, car: Floats, same: Alike) -> Sums:
        """Sum CARs of shape (n, w) over their clusters."""
        centred = car - car.mean(axis=0)
        return cls(same.sizes[:, None], same.sums(centred), same.sums(centred**2))

    @property
    def variance(self) -> Floats:
        """Variance of the mean of all events, about, shape (w,): what a variance is held against."""
        variance: Floats = self.squares.sum(axis=0) / self.size.sum() ** 2
        return variance

    def difference(self, labels: Floats) -> tuple[Floats, Floats]:
        """Return the difference of means under each row of labels, (b, w), and one variance for all."""
        import numpy as np

        n = labels @ self.size
        one, all_of_them = labels @ self.total, self.total.sum(axis=0)
        effect = one / n - (all_of_them - one) / (self.size.sum() - n)
        return effect, np.broadcast_to(self.variance, effect.shape)

    def welch(self, labels: Floats) -> tuple[Floats, Floats]:
        """Return the difference of means under each row of labels with Welch's variance, (b, w)."""
        import numpy as np

        effect, _ = self.difference(labels)
        variance = np.zeros(effect.shape)
        for side in (labels, 1 - labels):
            n = side @ self.size
            deviations = side @ self.squares - (side @ self.total) ** 2 / n
            variance += deviations / (n * np.maximum(n - 1, 1))
        return effect, variance


def _mixed(number: int) -> str:
    """Say that clusters have events on both sides."""
    mixed = counted(number, "cluster has", "clusters have")
    return f"{mixed} events on both sides and cannot change sides as a whole"


PLUGIN: type[ContrastStatistic] = Permutation
