"""The question, the design and the method, in words."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from eventstudy import formats, given, labels
from eventstudy.benchmark import measured
from eventstudy.language import derived, join, marked, say, sentences

if TYPE_CHECKING:
    from eventstudy.language import Said
    from eventstudy.results import StudyResult
    from eventstudy.sources.base import Series
    from eventstudy.spec import Study

RETURNS = marked(
    "Abnormal return (AR): the return less the return that the model expects. Cumulative abnormal "
    "return (CAR): the sum of the abnormal returns of a window, both ends included."
)
ERRORS = marked(
    "Standard errors are those of a forecast: the residual variance times the length of the window, "
    "plus what the estimation of the model's parameters adds. Intervals use the t law with the "
    "residual degrees of freedom of the event's own estimation window."
)
_PLACEBO = marked(
    "The p-value of day 0 in the summary is the placebo: the abnormal return over the standard "
    "deviation of the {before} sessions before, held against the same number on every day of the same market "
    "in the same third of volatility and of past return, away from every known event. For a category "
    "its events are moved to other days of their strata, in clusters where their windows meet; events of other "
    "categories belong to these clusters, so that a study of one category alone can give it another p."
)
_MATCHED = marked(
    "What came after a reaction is held against matched days: days without an event whose reaction had "
    "the same sign and, over the standard deviation of the {before} sessions before, nearly the same size; what "
    "followed is brought to the volatility that the event found. Local projections regress the cumulative "
    "abnormal return on the expected sign of the event beside two lagged returns and the state of the "
    "market; their bands, and the p-values of the change since day 0, come from relabelled events, likewise "
    "in standard deviations; days that price limits may have held back are left out."
)
_JOINT = marked(
    "All indices at once: their returns are compounded over the sessions that all markets share. The "
    "effects of an event are tested jointly by Hotelling's T squared, whose F law is exact for normal "
    "errors and regressors that all equations share, on day 0 and for the sum of any window. A category is "
    "a dummy in a regression over the whole sample. Robust errors need dates: with one they are refused, "
    "below 30 they reject too often. A placebo gives an event the same other date in all markets."
)
_QUANTILE = marked(
    "The sample quantile, which decides the outcome where there is no placebo, is the share of "
    "days, those of the estimation window and day 0, whose abnormal return is at least as large in "
    "absolute value. It holds for one day only, and it is too small after turbulent weeks, when all days "
    "are larger than those of the estimation window."
)
PATHS = marked(
    "Paths are measured from the close of day {day}: before it they show minus the "
    "sum of what came until then, after it the sum since. Bands hold for each day taken by itself."
)
_OUTCOMES = marked(
    "Flows, volume (its logarithm) and volatility (the logarithm of the Garman-Klass standard deviation of a "
    "session, or the absolute return where there is no open, high and low) persist. Their placebo compares "
    "the mean of a window less that of the {before} sessions before, over the standard deviation of these, with "
    "days of the same market in the same state. Their forecast t is that of an autoregression of the "
    "estimation window, its order by BIC, its bias taken out; it is refused where the residuals are "
    "autocorrelated (Ljung-Box of {lags} lags, p below {white})."
)
_EPISODES = marked(
    "An episode is measured by its buy-and-hold abnormal return over the standard deviation of the {before} "
    "sessions before, among stretches of as many sessions; where its end was chosen afterwards, among the "
    "largest, up or down, that any window of up to that length reached in each block of that length."
)
_LEGS = marked(
    "Overnight and session are the legs of day 0: the open on the previous close, and the close on "
    "the open, each less its mean over the estimation window."
)
_LEGS_PLACEBO = marked(
    "Over its standard deviation of the {before} sessions before, the night is held against nights of days in "
    "the same state, the session against sessions of days with the same gap."
)
_LEGS_ALONE = marked("They are compared with the same legs of the estimation window.")


FEW_ASSETS = 4
"""Assets up to which each is named with the range of its data."""


def question(study: Study) -> str:
    """Return what a study asks: in its own words, or in one sentence made from its markets."""
    if study.description:
        return study.description
    names = formats.listing(labels.full_name(study, asset) for asset in study.assets)
    if study.looks_ahead:
        return say(
            "Did {indices} move abnormally on the first session that could react, and was the move kept?",
            indices=names,
        )
    return say(
        "Did {indices} move abnormally on the first session that could react?", indices=names
    )


KINDS = {
    "simple": marked("Simple returns, in per cent."),
    "log": marked("Log returns, in per cent."),
}
"""How returns are made."""

SIDES = {
    "greater": marked(
        "The tests of mean effects look at one side: effects above zero, as the study asks; a test without a "
        "one-sided form says so. Outcomes, intervals, the p-values of Table 1 and of every placebo are two-sided."
    ),
    "less": marked(
        "The tests of mean effects look at one side: effects below zero, as the study asks; a test without a "
        "one-sided form says so. Outcomes, intervals, the p-values of Table 1 and of every placebo are two-sided."
    ),
}
"""Which p-values look at one side only."""


def design(result: StudyResult) -> tuple[str, ...]:
    """Return the design in lines: events, model and windows; data and their range; one side, if so."""
    study = result.study
    first = sentences(
        say("{events}.", events=formats.capital(formats.count(given.events(study), "event"))),
        say(
            "Headline model: {model}, {window}: {measured}.",
            model=formats.capital(labels.term(study.models[0].label)),
            window=_window(study),
            measured=measured(study, study.models[0]),
        ),
        say(KINDS[study.returns]),
    )
    ranges = join(_ranges(result), say("; "))
    prices = len(result.frames["levels"])
    second = (
        say("Prices: {ranges}.", ranges=ranges)
        if prices
        else say("Given returns: {ranges}.", ranges=ranges)
    )
    if study.alternative == "two-sided":
        return first, second
    return first, second, say(SIDES[study.alternative])


def _ranges(result: StudyResult) -> list[Said]:
    """Return the range of each asset's data; assets that share one are counted where they are many."""
    assets = result.study.assets
    spans = {
        one.instrument: _span(one) for one in result.provenance.series if one.instrument in assets
    }
    if len(assets) <= FEW_ASSETS:
        return [
            say("{index} {span}", index=labels.full_name(result.study, asset), span=spans[asset])
            for asset in assets
        ]
    sharing = Counter(spans.values())
    return [
        say(
            "{assets} {span}",
            assets=formats.count(derived(n, f"manifest.json provenance series of {span}"), "asset"),
            span=span,
        )
        for span, n in sharing.items()
    ]


def _span(one: Series) -> Said:
    """Return the first and the last day of a series."""
    place = f"manifest.json provenance series {one.instrument}"
    return say(
        "{first} to {last}",
        first=formats.day(derived(str(one.first), f"{place} first")),
        last=formats.day(derived(str(one.last), f"{place} last")),
    )


def _window(study: Study) -> Said:
    """Return the estimation window in words."""
    return say(
        "estimated on the {length} sessions of {days}",
        length=formats.number(derived(study.estimation.length, "study: estimation, its length"), 0),
        days=formats.window(*given.bounds(*study.estimation, "estimation")),
    )


def estimation(study: Study) -> Said:
    """Return how event time and windows are set up."""
    least = derived(study.min_observations, "study: min_observations")
    return sentences(
        say(
            "Day 0 is the first session of a market able to react: the same day for news before the open or "
            "during the session, the next session for news at or after the close or on a closed day."
        ),
        say(
            "Expected returns are {window}; at least {least} returns must be there.",
            window=_window(study),
            least=formats.number(least, 0),
        ),
        _left_out(study),
        say(
            "Abnormal returns are computed for {days}.",
            days=formats.window(*given.bounds(*study.event_window, "event_window")),
        ),
    )


def _left_out(study: Study) -> str:
    """Return what estimation windows leave out; empty where they leave out nothing."""
    if study.estimation_without is None:
        return ""
    message = (
        marked(
            "The sessions of {days} of every other event of the catalogue are left out of it, as a dummy "
            "variable for each would do."
        )
        if study.estimation_without.events == "catalogue"
        else marked(
            "The sessions of {days} of every other event of the study are left out of it, as a dummy variable "
            "for each would do."
        )
    )
    days = given.bounds(*study.estimation_without.days, "estimation_without")
    return say(message, days=formats.window(*days))


def formulas(study: Study) -> tuple[Said, ...]:
    """Return the formulas behind the numbers, in words."""
    lasting = (_MATCHED,) if study.looks_ahead else ()
    compared = (_PLACEBO, *lasting) if study.procedures else ()
    legs = _LEGS_PLACEBO if study.procedures else _LEGS_ALONE
    joint = (_JOINT,) if len(study.assets) > 1 and not study.pool_assets else ()
    others = (_OUTCOMES,) if set(study.outcome) - {"return"} else ()
    episodes = (_EPISODES,) if any(event.until for event in study.events) else ()
    return (
        *map(explained, (RETURNS, ERRORS, *compared, *joint, _QUANTILE, PATHS)),
        sentences(explained(_LEGS), explained(legs)),
        *map(explained, (*others, *episodes)),
    )


def explained(message: str) -> Said:
    """Say a part of the method with the numbers that it has."""
    from eventstudy.outcomes.answer import WHITE
    from eventstudy.outcomes.autoregression import LAGS

    return given.filled(
        message,
        before=given.before(),
        day=formats.session(given.DAY_BEFORE),
        lags=formats.number(derived(LAGS, "method: lags of Ljung-Box"), 0),
        white=formats.as_given(derived(WHITE, "method: level of Ljung-Box")),
    )
