"""What a benchmark takes away: the question that a model answers, and whether the benchmark moved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventstudy.formats import listing
from eventstudy.language import current, marked, say
from eventstudy.registry import build

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from eventstudy.models.base import Floats, Model
    from eventstudy.returns.request import FactorRequest
    from eventstudy.returns.sample import Sample
    from eventstudy.spec import Choice, Study

CHINA = frozenset({"XSHG", "XSHE", "XHKG"})
"""Exchange calendars whose indices one announcement moves together."""

OWN = marked("the move beyond the own average, whatever moved the world that day included")
BEYOND = marked("the move beyond what goes with {series}")
AFTER = marked(
    "the move beyond what goes with {series}; what it did before the open is taken away, the shock at home "
    "stays"
)
BESIDE = marked(
    "the move beyond what goes with {series}; what it did in the same hours is taken away, the shock at home "
    "stays"
)
HOME = marked("the move beyond what goes with {series}; removes what moves that whole market")
SHARED = marked("the move beyond what goes with {series}; removes the China shock itself")


def requests_of(choice: Choice) -> tuple[FactorRequest, ...]:
    """Return the series of the same session that a model deducts; a risk-free return is none."""
    model: Model = build("eventstudy.models", choice.name, choice.options, kind="model")
    free = getattr(model, "risk_free", None)
    return tuple(each for each in model.inputs() if not each.shift and each.instrument != free)


def measured(study: Study, choice: Choice) -> str:
    """Say what a model measures on the assets of a study: which question it answers.

    Parameters
    ----------
    study : Study
        Gives the assets and what is known of every instrument.
    choice : Choice
        The model.

    Returns
    -------
    str
        What is measured, without a stop: a home benchmark removes what moves the whole market, another
        Chinese index the China shock itself, a foreign one of the night before neither.
    """
    requests = requests_of(choice)
    if not requests:
        return say(OWN)
    names = (study.instruments[each.instrument].called(current()) for each in requests)
    return say(_beyond(study, requests), series=listing(names))


def _beyond(study: Study, requests: Sequence[FactorRequest]) -> str:
    """Return the message of what benchmarks take away with their own move."""
    if any(each.kind == "return" for each in requests):
        return BEYOND
    kinds = {relation(study, asset, each.instrument) for each in requests for asset in study.assets}
    if "china" in kinds:
        return SHARED
    if "home" in kinds:
        return HOME
    return AFTER if all(each.lag == "previous_close" for each in requests) else BESIDE


def relation(study: Study, asset: str, benchmark: str) -> str:
    """Return how a benchmark stands to an asset: ``china``, ``home``, ``abroad``, ``itself``."""
    first, second = (study.instruments[name].calendar for name in (asset, benchmark))
    if asset == benchmark:
        return "itself"
    if {first, second} <= CHINA:
        return "china"
    return "home" if first == second else "abroad"


def moved_on_day0(sample: Sample, position: int) -> tuple[Floats, Floats]:
    """Hold a regressor's own day 0 against its estimation window.

    Parameters
    ----------
    sample : Sample
        N cells.
    position : int
        Which regressor.

    Returns
    -------
    returns, p_value : ndarray, shape (N,)
        Return of day 0 less the mean of the estimation window, decimal, and
        (1 + #{|e_t| >= |e_0|}) / (M + 1) over the M sessions on which the model is estimated.
    """
    import numpy as np

    from eventstudy.spec import Window

    past = sample.estimable.gather(slice(None), sample.estimation)
    here: NDArray[np.bool_] = np.isfinite(past.asset) & np.isfinite(past.factors).all(axis=2)
    series = np.where(here, past.factors[:, :, position], 0.0)
    n = here.sum(axis=1)
    mean = series.sum(axis=1) / np.maximum(n, 1)
    own = sample.gather(slice(None), Window(0, 0)).factors[:, 0, position] - mean
    larger = here & (np.abs(series - mean[:, None]) >= np.abs(own)[:, None])
    return own, (1 + larger.sum(axis=1)) / (n + 1)
