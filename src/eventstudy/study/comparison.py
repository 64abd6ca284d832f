"""The frames that compare events with other days: placebo, matched days, horizons, projections."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from eventstudy.aggregate import cumulate
from eventstudy.alignment import align
from eventstudy.placebo.placebo import Placebo
from eventstudy.power import curve, detectable, detectable_by_spread
from eventstudy.reversal import DAY0
from eventstudy.reversal.legs import leg_placebo
from eventstudy.spec import events_of
from eventstudy.study import aftermath as after
from eventstudy.study import frames, kinds, signed, trial
from eventstudy.study.draws import generator
from eventstudy.study.verdicts import LIMITED_DAY0, Headline

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from eventstudy.comparison import Trial
    from eventstudy.models.base import Floats
    from eventstudy.placebo.base import Comparison
    from eventstudy.returns.panel import Quotes
    from eventstudy.returns.sample import Ints
    from eventstudy.spec import Event, Study, StudyFile, Window
    from eventstudy.study.analysis import Analysis
    from eventstudy.study.cells import Cells
    from eventstudy.study.frames import Columns

COMPARED = (
    "drift",
    "placebo",
    "placebo_bins",
    "intervals",
    "multiplicity",
    "horizons",
    "lasting",
    "returning",
    "slopes",
    "projections",
    "kinds",
    "signed",
    "detectable",
    "power",
)
"""Frames that are made here; most are empty for a study without procedures."""


def away_from(file: StudyFile) -> tuple[Event, ...]:
    """Return the events of other files near whose days no day is taken for an ordinary one."""
    known = {event.id for event in file.study.events}
    found = {
        event.id: event
        for name in file.study.away_from
        for event in events_of(file.path.parent / name)
    }
    return tuple(event for event_id, event in found.items() if event_id not in known)


def known_days(study: Study, cells: Cells, others: tuple[Event, ...]) -> tuple[Ints, ...]:
    """Return day 0 of every known event, studied or not, as rows of each session axis."""
    placed = align(study.model_copy(update={"events": (*study.events, *others)})).session
    found = []
    for market, sessions in zip(cells.markets, placed.T, strict=True):
        days = sessions[~np.isnat(sessions)]
        found.append(np.unique(np.searchsorted(market.sessions, days)))
    return tuple(found)


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """What the comparison with other days gives.

    Attributes
    ----------
    frames : mapping of str to DataFrame
        The frames :data:`COMPARED`.
    tests : list of mapping
        The rows of the procedures in the frame ``statistics``.
    headlines : list of Headline
        Headline p-values of the events of each model, in the order of the models.
    """

    frames: Mapping[str, pd.DataFrame]
    tests: list[Columns]
    headlines: list[Headline]


def compare(
    study: Study, parts: Sequence[Analysis], catalogue: tuple[Ints, ...], quotes: Quotes
) -> Compared:
    """Compare the events of a study with other days, model by model.

    Parameters
    ----------
    study : Study
        The study.
    parts : sequence of Analysis
        Its models, in order.
    catalogue : tuple of ndarray of int
        By axis: day 0 of every known event.
    quotes : Quotes
        Prices, for the legs of day 0.
    """
    found: dict[str, list[Columns]] = defaultdict(list)
    headlines = []
    for number, (choice, part) in enumerate(zip(study.models, parts, strict=True)):
        headline = Headline(Placebo.name, {}, {})
        rows: dict[str, list[Columns]] = {
            "detectable": detectable_columns(study, part),
            "power": power_columns(study, part),
        }
        if study.procedures and len(part.abnormal):
            asked = trial.trial_of(study, choice, part, catalogue)
            placebo = trial.compared(study, part.label, asked)
            compared = _compare(study, part, asked, placebo)
            headline = _headline(study, part, asked, placebo, quotes)
            rows |= compared
        else:
            own = after.reactions(study, part)
            rows["drift"] = [after.drift_columns(part.label, part, own, None)]
        if number:
            rows.pop("horizons", None)  # they rest on no model
        headlines.append(headline)
        for name, columns in rows.items():
            found[name] += columns
    made = {name: frames.stack(name, found[name]) for name in COMPARED}
    return Compared(made, found["statistics"], headlines)


def _compare(
    study: Study, part: Analysis, asked: Trial, placebo: Comparison
) -> dict[str, list[Columns]]:
    """Compare one model's events with other days."""
    label = part.label

    def rng(purpose: str) -> np.random.Generator:
        return generator(study.seed, label, purpose)

    matched = after.aftermath(study, asked, placebo, rng("matched"))
    pairs = list(after.lasting_columns(label, asked, matched, study.alpha))
    return {
        "statistics": list(trial.procedure_columns(study, label, asked, placebo)),
        "drift": [after.drift_columns(label, part, matched.found.own, matched)],
        "placebo": [trial.placebo_columns(label, asked, placebo)],
        "placebo_bins": list(trial.bin_columns(label, asked, placebo)),
        "intervals": list(trial.interval_columns(study, label, asked)),
        "multiplicity": list(trial.multiplicity_columns(label, asked, placebo)),
        "horizons": list(after.horizon_columns(study, asked, placebo, rng("horizons"))),
        "lasting": [columns for columns, _ in pairs],
        "returning": [columns for _, columns in pairs],
        "kinds": list(kinds.kind_columns(study, label, asked, matched, rng("kinds"))),
        "signed": list(signed.signed_columns(study, label, asked, placebo, rng("signed"))),
        "slopes": list(after.slope_columns(label, matched, rng("slopes"))),
        "projections": list(
            signed.projection_columns(study, label, asked, placebo, rng("projections"))
        ),
    }


def _headline(
    study: Study, part: Analysis, asked: Trial, placebo: Comparison, quotes: Quotes
) -> Headline:
    """Return the placebo p-values of the events, by window; reactions have one though not listed."""
    held = after.reactions(study, part).limited.any()
    reactions = (DAY0, LIMITED_DAY0) if held else (DAY0,)
    unlisted = [
        window
        for window in reactions
        if window not in study.windows and study.event_window.contains(window)
    ]
    tests = [(study.windows, placebo.answers.events)]
    if unlisted:
        tests.append((tuple(unlisted), trial.tested_over(study, asked, unlisted)))
    p_value: dict[Window, Floats] = {}
    floor: dict[Window, Floats] = {}
    for windows, events in tests:
        least = np.where(np.isfinite(events.p_value), 1 / (events.n + 1), np.nan)
        p_value |= dict(zip(windows, events.p_value.T, strict=True))
        floor |= dict(zip(windows, least.T, strict=True))
    legs = leg_placebo(asked, placebo.days.strata, quotes)
    return Headline(Placebo.name, p_value, floor, legs)


def leg_p_values(part: Analysis, headline: Headline) -> dict[tuple[str, str], tuple[float, float]]:
    """Return the placebo p-values of night and session by event and asset, where both exist."""
    if headline.legs is None:
        return {}
    pairs = zip(headline.legs.overnight.tolist(), headline.legs.open_to_close.tolist(), strict=True)
    keys = zip(part.abnormal.event_ids, part.abnormal.assets, strict=True)
    return {key: pair for key, pair in zip(keys, pairs, strict=True) if np.isfinite(pair).all()}


def detectable_columns(study: Study, part: Analysis) -> list[Columns]:
    """Return the least effect that a t test of each group would find."""
    rows: list[Columns] = []
    for key, members in part.groups.items():
        events = part.abnormal.select(members)
        error, effect = detectable(events, study.windows, study.alpha)
        spread = detectable_by_spread(cumulate(events, study.windows).car, study.alpha)
        width = len(study.windows)
        rows.append(
            {
                **frames.by_group(part.label, key, width),
                **frames.bounds(study.windows),
                "n": np.full(width, len(members)),
                "std_error": error,
                "effect": effect,
                "cross_sectional_error": spread[0],
                "cross_sectional_effect": spread[1],
            }
        )
    return rows


def power_columns(study: Study, part: Analysis) -> list[Columns]:
    """Return how often a t test of one event, and of the mean of all, finds an effect."""
    rows: list[Columns] = []
    for key, members in part.groups.items():
        events = part.abnormal.select(members)
        for n in sorted({1, len(members)}) if key[0] == kinds.EVERY else ():
            effects, found = curve(events, study.windows, n, level=study.alpha)
            width, points = found.shape
            key_columns = frames.by_group(part.label, key, width * points)
            ends = frames.bounds(study.windows).items()
            rows.append(
                {
                    **key_columns,
                    **{name: np.repeat(end, points) for name, end in ends},
                    "n": np.full(width * points, n),
                    "effect": effects.ravel(),
                    "power": found.ravel(),
                }
            )
    return rows
