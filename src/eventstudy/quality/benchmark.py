"""Whether a benchmark moved on the event itself: then it takes part of the effect away."""

from __future__ import annotations

from dataclasses import astuple
from typing import TYPE_CHECKING

from eventstudy import formats
from eventstudy.benchmark import moved_on_day0, relation, requests_of
from eventstudy.quality.rules import SHOWN, Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import numpy as np
    from numpy.typing import NDArray

    from eventstudy.returns.sample import Sample
    from eventstudy.spec import Study

CHECK = "benchmark on day 0"

ADVICE = {
    "china": "the model takes away what moved both: read a model without a Chinese benchmark beside it",
    "home": "the model takes away what moved the whole market: read a model without it beside this one",
    "abroad": "news abroad came with the event: the models differ there, read both",
}


def benchmark_rows(study: Study, samples: Mapping[str, Sample]) -> list[tuple[str, ...]]:
    """Return the rows of the frame ``quality`` about the benchmarks of a study.

    Parameters
    ----------
    study : Study
        Its models and level.
    samples : mapping of str to Sample
        By label of the model: the cells that it is estimated on, with its regressors.
    """
    return [astuple(finding) for finding in _findings(study, samples)]


def _findings(study: Study, samples: Mapping[str, Sample]) -> Iterator[Finding]:
    """Yield a finding for every model, asset and benchmark."""
    for choice in study.models:
        sample = samples[choice.label]
        for position, request in enumerate(requests_of(choice)):
            moves, p_value = moved_on_day0(sample, position)
            for asset in study.assets:
                rows = (sample.assets == asset).nonzero()[0]
                if len(rows):
                    numbers = sample.event_ids[rows], moves[rows], p_value[rows]
                    heading = (asset, choice.label, request.instrument)
                    yield _finding(study, heading, *numbers)


def _finding(
    study: Study,
    heading: tuple[str, str, str],
    events: NDArray[np.object_],
    moves: NDArray[np.float64],
    p_value: NDArray[np.float64],
) -> Finding:
    """Say on how many days 0 a benchmark moved, the largest moves first."""
    asset, label, benchmark = heading
    hit = [i for i in p_value.argsort(kind="stable") if p_value[i] <= study.alpha]
    text = (
        f"{benchmark} in {label} moved on day 0 of {len(hit):,} of {len(events):,} events at"
        f" {100 * study.alpha:g} per cent, by chance {formats.number(len(events) * study.alpha, 1)}"
    )
    if not hit:
        return Finding(asset, CHECK, "PASS", text, "")
    named = [
        f"{events[i]} {formats.percent(moves[i], 1)} ({formats.p_equals(p_value[i])})"
        for i in hit[:SHOWN]
    ]
    more = ", …" if len(hit) > SHOWN else ""
    advice = ADVICE[relation(study, asset, benchmark)]
    return Finding(asset, CHECK, "REVIEW", f"{text}: {', '.join(named)}{more}", advice)
