"""The order of a study: prices, event time, cells, models, tests, reversal, checks."""

from __future__ import annotations

from dataclasses import astuple
from typing import TYPE_CHECKING

from eventstudy.alignment import align, alignment_rows
from eventstudy.press import check_press
from eventstudy.quality import benchmark_rows, design_rows, doubt_rows, inspect, rows_of
from eventstudy.results import Provenance, StudyResult, versions
from eventstudy.reversal import day0_legs
from eventstudy.sources.fingerprint import fingerprint
from eventstudy.study.analysis import (
    Analysis,
    analyse,
    estimate_columns,
    group_columns,
    statistic_parts,
)
from eventstudy.study.cells import check_losses, estimate, place_cells, quote, with_history
from eventstudy.study.comparison import compare, known_days, leg_p_values
from eventstudy.study.day0 import day0_frames
from eventstudy.study.episodes import episode_frames
from eventstudy.study.exclusion import hide_events
from eventstudy.study.frames import from_rows, stack
from eventstudy.study.inputs import gather
from eventstudy.study.joint import joint_frames
from eventstudy.study.members import overlap_columns
from eventstudy.study.origins import origin_rows
from eventstudy.study.outcomes import outcome_frames
from eventstudy.study.robustness import Question, specification_columns
from eventstudy.study.spreads import spread_rows
from eventstudy.study.verdicts import verdict_columns

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from eventstudy.quality import Checked
    from eventstudy.returns.panel import Quotes
    from eventstudy.returns.sample import Sample
    from eventstudy.reversal import Legs
    from eventstudy.sources.base import Access, Prices
    from eventstudy.spec import Study, StudyFile
    from eventstudy.study.comparison import Compared
    from eventstudy.study.inputs import Inputs

PACKAGES = ("policy-eventstudy", "numpy", "scipy", "pandas", "exchange-calendars")
"""Packages that make the numbers; their versions are part of the provenance."""


def run_study(
    file: StudyFile,
    *,
    prices: Prices | None = None,
    access: Access | None = None,
    command: str = "",
) -> StudyResult:
    """Answer the question of one study.

    Parameters
    ----------
    file : StudyFile
        The study and the file it came from, see ``eventstudy.spec.load``.
    prices : Prices, optional
        Prices of the assets and benchmarks; fetched from the study's source by default.
    access : Access, optional
        Where the source may look; by default the folder of the file, and the network now.
    command : str, optional
        The command that rebuilds the result, for its provenance.

    Returns
    -------
    StudyResult
        Everything as numbers; the same input gives the same numbers.

    Raises
    ------
    DataError
        When prices cannot be had, or fail a check that the study does not accept.
    EventError
        When more events are lost than the study allows.
    """
    return answer(gather(file, prices=prices, access=access), command)


def answer(inputs: Inputs, command: str = "") -> StudyResult:
    """Answer the question of one study from what was gathered for it.

    Parameters
    ----------
    inputs : Inputs
        File, prices and events of other files.
    command : str, optional
        The command that rebuilds the result, for its provenance.

    Returns
    -------
    StudyResult
        As of :func:`run_study`, which says what is raised.
    """
    study, prices, others = inputs.study, inputs.prices, inputs.others
    aligned = align(study)
    checked = inspect(study, prices, aligned, inputs.beside)
    quotes = quote(study, prices)
    cells = hide_events(study, place_cells(study, aligned, quotes), others)
    studied = [estimate(study, choice, cells, quotes) for choice in study.models]
    dropped = [*cells.dropped, *(drop for part in studied for drop in part.dropped)]
    check_losses(study, studied, dropped)
    priced = with_history(study, cells)
    parts = [
        analyse(study, choice.label, part)
        for choice, part in zip(study.models, studied, strict=True)
    ]
    known = known_days(study, cells, others)
    compared = compare(study, parts, known, quotes)
    frames = {
        "alignment": from_rows("alignment", alignment_rows(aligned, study)),
        "events": _events(study),
        "dropped": from_rows("dropped", [astuple(drop) for drop in dropped]),
        "quality": _quality(study, checked, prices, priced, parts),
        "doubts": from_rows("doubts", doubt_rows(study, aligned, checked)),
        "origins": from_rows("origins", list(origin_rows(prices))),
        **_press(study, prices),
        **day0_frames(study, priced, quotes, leg_p_values(parts[0], compared.headlines[0])),
        **_model_frames(study, parts, quotes, compared),
        **compared.frames,
        **joint_frames(study, parts, known),
        **outcome_frames(study, others, quotes),
        **episode_frames(study, parts[0]),
        **_robustness_frames(Question(study, aligned, quotes, others), priced),
    }
    return StudyResult(study, _provenance(inputs, command), frames)


def _model_frames(
    study: Study, parts: Sequence[Analysis], quotes: Quotes, compared: Compared
) -> dict[str, pd.DataFrame]:
    """Return the frames that have a column for the model."""
    by_cell = [estimate_columns(study, part) for part in parts]
    by_group = [group_columns(part, study.windows, study.alpha) for part in parts]
    found = {name: stack(name, [each[name] for each in by_cell]) for name in by_cell[0]}
    for name in by_group[0]:
        found[name] = stack(name, [columns for each in by_group for columns in each[name]])
    tests = [
        columns
        for part in parts
        for columns in statistic_parts(
            part,
            study.statistics,
            study.windows,
            seed=study.seed,
            alternative=study.alternative,
        )
    ]
    verdicts = [
        verdict_columns(study, part, _legs(study, part, quotes), headline)
        for part, headline in zip(parts, compared.headlines, strict=True)
    ]
    return {
        **found,
        "statistics": stack("statistics", [*compared.tests, *tests]),
        "verdicts": stack("verdicts", verdicts),
    }


def _robustness_frames(question: Question, priced: Sample) -> dict[str, pd.DataFrame]:
    """Return the clusters of the events and the mean effect of every specification."""
    found = stack("specifications", list(specification_columns(question, priced)))
    return {
        "overlaps": stack("overlaps", overlap_columns(question.study, priced)),
        "specifications": found,
        "spreads": from_rows("spreads", list(spread_rows(found, question.study.alpha))),
    }


def _legs(study: Study, part: Analysis, quotes: Quotes) -> Legs:
    """Return the day-0 legs of the cells of one model."""
    return day0_legs(part.estimated.sample, quotes, study.assets, study.min_observations)


def _quality(
    study: Study,
    checked: Sequence[Checked],
    prices: Prices,
    priced: Sample,
    parts: Sequence[Analysis],
) -> pd.DataFrame:
    """Return what the checks of prices, sample and benchmarks found."""
    samples = {part.label: part.estimated.sample for part in parts}
    rows = [
        *rows_of(checked),
        *design_rows(study, priced, prices),
        *benchmark_rows(study, samples),
    ]
    return from_rows("quality", rows)


def _press(study: Study, prices: Prices) -> dict[str, pd.DataFrame]:
    """Return the printed figures beside the measured ones, and what is to be said of each."""
    rows = [astuple(check) for check in check_press(study, prices)]
    return {
        "press": from_rows("press", [row[:-1] for row in rows]),
        "press_notes": from_rows("press_notes", [(*row[:4], row[-1]) for row in rows]),
    }


def _events(study: Study) -> pd.DataFrame:
    """Return what the study file says of its events."""
    rows = [
        (event.id, event.title, event.category, event.expected_sign, event.announced.isoformat())
        for event in study.events
    ]
    return from_rows("events", rows)


def _provenance(inputs: Inputs, command: str) -> Provenance:
    """Return what is needed to rebuild the result."""
    file, prices = inputs.file, inputs.prices
    second = (
        each.prices
        for each in inputs.beside
        if not isinstance(each, str) and each.name == "second-source"
    )
    return Provenance(
        study_file=file.path.name,
        study_sha256=file.sha256,
        prices_sha256=fingerprint(prices),
        second_prices_sha256=next(map(fingerprint, second), ""),
        series=prices.series,
        versions=versions(PACKAGES),
        seed=file.study.seed,
        command=command,
    )
