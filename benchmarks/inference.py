"""CPU time of the procedures for few events, beside what they may take, as a table.

The study of all policy events: 85 events on two indices, six windows, two models. Everything runs once
before it is measured, in one process. The numbers are for comparing two versions on one machine; nothing
is asserted.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # as on the command line, before numpy is loaded

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.engine import seconds

from eventstudy.alignment import align
from eventstudy.placebo.stationary_bootstrap import StationaryBootstrap
from eventstudy.sources.base import Access
from eventstudy.spec import load
from eventstudy.study import signed
from eventstudy.study.analysis import analyse
from eventstudy.study.cells import estimate, place_cells, quote
from eventstudy.study.comparison import away_from, known_days
from eventstudy.study.draws import generator
from eventstudy.study.exclusion import hide_events
from eventstudy.study.fetching import fetch
from eventstudy.study.joint import joint_frames
from eventstudy.study.trial import compared, trial_of

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from eventstudy.comparison import Trial
    from eventstudy.placebo.base import Comparison
    from eventstudy.returns.sample import Ints
    from eventstudy.spec import Study, StudyFile
    from eventstudy.study.analysis import Analysis

STUDY = Path(__file__).resolve().parents[1] / "events" / "all-policy.yaml"
GOALS = {"placebo": 3.0, "regressions and bootstrap": 10.0}
"""CPU seconds that each group of procedures may take."""


@dataclass(frozen=True)
class Prepared:
    """A study whose models are estimated, with day 0 of every known event by axis."""

    study: Study
    parts: list[Analysis]
    known: tuple[Ints, ...]


def prepared(file: StudyFile) -> Prepared:
    """Return a study up to the abnormal returns of its events."""
    study, others = file.study, away_from(file)
    quotes = quote(study, fetch(study, Access(file.path.parent)))
    cells = hide_events(study, place_cells(study, align(study), quotes), others)
    parts = [
        analyse(study, choice.label, estimate(study, choice, cells, quotes))
        for choice in study.models
    ]
    return Prepared(study, parts, known_days(study, cells, others))


def every_session(given: Prepared) -> list[Trial]:
    """Ask the question of each model on every session."""
    return [
        trial_of(given.study, choice, part, given.known)
        for choice, part in zip(given.study.models, given.parts, strict=True)
    ]


def placebo(given: Prepared, trials: list[Trial]) -> list[Comparison]:
    """Relabel the events of each model: all assets together, and each asset alone."""
    return [
        compared(given.study, part.label, trial)
        for part, trial in zip(given.parts, trials, strict=True)
    ]


def projections(given: Prepared, trials: list[Trial], found: list[Comparison]) -> int:
    """Project the paths of each model on signed events; return the number of responses."""
    study = given.study
    return sum(
        len(list(signed.projection_columns(study, part.label, trial, each, _rng(study, part))))
        for part, trial, each in zip(given.parts, trials, found, strict=True)
    )


def systems(given: Prepared) -> dict[str, pd.DataFrame]:
    """Estimate the systems of all assets and the pooled panel."""
    return joint_frames(given.study, given.parts, given.known)


def bootstrap(given: Prepared, trials: list[Trial]) -> None:
    """Draw series for every cell of each model by blocks."""
    for part, trial in zip(given.parts, trials, strict=True):
        StationaryBootstrap().test(trial, _rng(given.study, part))


def _rng(study: Study, part: Analysis) -> np.random.Generator:
    """Return the generator of one model."""
    return generator(study.seed, part.label, "benchmark")


def measured(given: Prepared) -> dict[str, dict[str, float]]:
    """Return the CPU time of every procedure, by the group that has a goal."""
    trials_in, trials = seconds(every_session, given)
    placebo_in, found = seconds(placebo, given, trials)
    first, second = GOALS
    return {
        first: {"every session as day 0": trials_in, "relabelling": placebo_in},
        second: {
            "local projections": seconds(projections, given, trials, found)[0],
            "systems and pooled panel": seconds(systems, given)[0],
            "stationary bootstrap": seconds(bootstrap, given, trials)[0],
        },
    }


def main() -> None:
    """Measure every procedure and print the table."""
    given = prepared(load(STUDY))
    measured(given)
    spent = measured(given)
    print(f"{'85 events, 2 assets, 2 models':<32}{'goal':>8}{'CPU s':>8}")
    for group, goal in GOALS.items():
        print(f"{group:<32}{goal:8.1f}{sum(spent[group].values()):8.2f}")
        for name, taken in spent[group].items():
            print(f"  {name:<30}{'':8}{taken:8.2f}")


if __name__ == "__main__":
    main()
