"""The question, the design and the method, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventstudy import formats, labels
from eventstudy.benchmark import measured

if TYPE_CHECKING:
    from eventstudy.results import StudyResult
    from eventstudy.spec import Study

RETURNS = (
    "Abnormal return (AR): the return less the return that the model expects. Cumulative abnormal "
    "return (CAR): the sum of the abnormal returns of a window, both ends included."
)
ERRORS = (
    "Standard errors are those of a forecast: the residual variance times the length of the window, "
    "plus what the estimation of the model's parameters adds. Intervals use the t law with the "
    "residual degrees of freedom of the event's own estimation window."
)
_PLACEBO = (
    "The p-value of day 0 in the summary is the placebo: the abnormal return over the standard "
    "deviation of the 20 sessions before, held against the same number on every day of the same market "
    "in the same third of volatility and of past return, away from every known event. For a category "
    "its events are moved to other days of their strata, in clusters where their windows meet."
)
_MATCHED = (
    "What came after a reaction is held against matched days: days without an event whose reaction had "
    "the same sign and, over the standard deviation of the 20 sessions before, nearly the same size; what "
    "followed is brought to the volatility that the event found. Local projections regress the cumulative "
    "abnormal return on the expected sign of the event beside two lagged returns and the state of the "
    "market; their bands, and the p-values of the change since day 0, come from relabelled events, likewise "
    "in standard deviations; days that price limits may have held back are left out."
)
_JOINT = (
    "All indices at once: their returns are compounded over the sessions that all markets share. The "
    "effects of an event are tested jointly by Hotelling's T squared, whose F law is exact for normal "
    "errors and regressors that all equations share, on day 0 and for the sum of any window. A category is "
    "a dummy in a regression over the whole sample. Robust errors need dates: with one they are refused, "
    "below 30 they reject too often. A placebo gives an event the same other date in all markets."
)
_QUANTILE = (
    "The sample quantile, which decides the outcome where there is no placebo, is the share of "
    "days, those of the estimation window and day 0, whose abnormal return is at least as large in "
    "absolute value. It holds for one day only, and it is too small after turbulent weeks, when all days "
    "are larger than those of the estimation window."
)
PATHS = (
    f"Paths are measured from the close of day {formats.session(-1)}: before it they show minus the "
    "sum of what came until then, after it the sum since. Bands hold for each day taken by itself."
)
_OUTCOMES = (
    "Flows, volume (its logarithm) and volatility (the logarithm of the Garman-Klass standard deviation of a "
    "session, or the absolute return where there is no open, high and low) persist. Their placebo compares "
    "the mean of a window less that of the 20 sessions before, over the standard deviation of these, with "
    "days of the same market in the same state. Their forecast t is that of an autoregression of the "
    "estimation window, its order by BIC, its bias taken out; it is refused where the residuals are "
    "autocorrelated (Ljung-Box of 10 lags, p below 0.01)."
)
_EPISODES = (
    "An episode is measured by its buy-and-hold abnormal return over the standard deviation of the 20 "
    "sessions before, among stretches of as many sessions; where its end was chosen afterwards, among the "
    "largest, up or down, that any window of up to that length reached in each block of that length."
)
_LEGS = (
    "Overnight and session are the legs of day 0: the open on the previous close, and the close on "
    "the open, each less its mean over the estimation window. "
)
_LEGS_PLACEBO = (
    "Over its standard deviation of the 20 sessions before, the night is held against nights of days in "
    "the same state, the session against sessions of days with the same gap."
)
_LEGS_ALONE = "They are compared with the same legs of the estimation window."


FEW_ASSETS = 4
"""Assets up to which each is named with the range of its data."""


def question(study: Study) -> str:
    """Return what a study asks: in its own words, or in one sentence made from its markets."""
    if study.description:
        return study.description
    names = formats.listing(labels.full_name(study, asset) for asset in study.assets)
    kept = ", and was the move kept" if study.looks_ahead else ""
    return f"Did {names} move abnormally on the first session that could react{kept}?"


SIDES = {"greater": "above", "less": "below"}


def design(result: StudyResult) -> tuple[str, ...]:
    """Return the design in lines: events, model and windows; data and their range; one side, if so."""
    study = result.study
    model = formats.capital(labels.term(study.models[0].label))
    asked = measured(study, study.models[0])
    first = (
        f"{formats.capital(formats.count(len(study.events), 'event'))}. Headline model: {model}, "
        f"{_window(study)}: {asked}. {formats.capital(study.returns)} returns, in per cent."
    )
    word = "Prices" if len(result.frames["levels"]) else "Given returns"
    lines = (first, f"{word}: {'; '.join(_ranges(result))}.")
    return lines if study.alternative == "two-sided" else (*lines, _one_sided(study.alternative))


def _one_sided(alternative: str) -> str:
    """Return which p-values look at one side only."""
    return (
        f"The tests of mean effects look at one side: effects {SIDES[alternative]} zero, as the study asks; "
        "a test without a one-sided form says so. Outcomes, intervals, the p-values of Table 1 and of every "
        "placebo are two-sided."
    )


def _ranges(result: StudyResult) -> list[str]:
    """Return the range of each asset's data; assets that share one are counted where they are many."""
    sharing: dict[str, list[str]] = {}
    for one in result.provenance.series:
        if one.instrument in result.study.assets:
            span = f"{formats.day(one.first)} to {formats.day(one.last)}"
            sharing.setdefault(span, []).append(one.instrument)
    if len(result.study.assets) > FEW_ASSETS:
        return [f"{formats.count(len(ids), 'asset')} {span}" for span, ids in sharing.items()]
    span_of = {name: span for span, ids in sharing.items() for name in ids}
    return [
        f"{labels.full_name(result.study, asset)} {span_of[asset]}" for asset in result.study.assets
    ]


def _window(study: Study) -> str:
    """Return the estimation window in words."""
    days = formats.window(study.estimation.start, study.estimation.end)
    return f"estimated on the {study.estimation.length} sessions of {days}"


def estimation(study: Study) -> str:
    """Return how event time and windows are set up."""
    events = formats.window(study.event_window.start, study.event_window.end)
    return (
        "Day 0 is the first session of a market able to react: the same day for news before the "
        "open or during the session, the next session for news at or after the close or on a closed "
        f"day. Expected returns are {_window(study)}; at least {study.min_observations} returns must "
        f"be there. {_left_out(study)}Abnormal returns are computed for {events}."
    )


def _left_out(study: Study) -> str:
    """Return what estimation windows leave out; empty where they leave out nothing."""
    if study.estimation_without is None:
        return ""
    days = formats.window(*study.estimation_without.days)
    whose = "of the catalogue" if study.estimation_without.events == "catalogue" else "of the study"
    return (
        f"The sessions of {days} of every other event {whose} are left out of it, as a dummy variable "
        "for each would do. "
    )


def formulas(study: Study) -> tuple[str, ...]:
    """Return the formulas behind the numbers, in words."""
    lasting = (_MATCHED,) if study.looks_ahead else ()
    compared = (_PLACEBO, *lasting) if study.procedures else ()
    legs = _LEGS + (_LEGS_PLACEBO if study.procedures else _LEGS_ALONE)
    joint = (_JOINT,) if len(study.assets) > 1 and not study.pool_assets else ()
    others = (_OUTCOMES,) if set(study.outcome) - {"return"} else ()
    episodes = (_EPISODES,) if any(event.until for event in study.events) else ()
    return (RETURNS, ERRORS, *compared, *joint, _QUANTILE, PATHS, legs, *others, *episodes)
