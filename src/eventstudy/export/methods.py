"""The methods section of a paper: what was run, in plain English, with the works that it rests on.

It is English whatever the language of the report: the works, the names of the tests and the journals that
ask for such a section are. Citations stand as ``[@key; @key]`` until a format writes them in its own way.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from eventstudy import formats, given, labels
from eventstudy.export import phrases
from eventstudy.export.analyses import analyses, together
from eventstudy.export.terms import cited, model_in_words, name_of, test_in_words
from eventstudy.formats import listing
from eventstudy.language import LANGUAGES, using
from eventstudy.registry import build, find
from eventstudy.rows import of_model
from eventstudy.spec.plugins import PACKAGES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventstudy.results import StudyResult
    from eventstudy.sources.base import Series
    from eventstudy.spec import Choice, Study

FEW = 6
"""Assets or categories up to which each is named."""


def methods(result: StudyResult) -> tuple[str, ...]:
    """Return the paragraphs of the methods section of a study.

    Parameters
    ----------
    result : StudyResult
        The study: every sentence follows from its options and its frames.
    """
    study = result.study
    with using(LANGUAGES[0]):
        paragraphs = (
            (*_events(study), *_data(result), *_alignment(study), *_lost(result)),
            (
                *_estimation(study),
                *phrases.returns("logarithmic" if study.returns == "log" else "simple"),
                phrases.cumulated(study.event_window, study.windows),
            ),
            (
                *_averages(study),
                *_tests(result),
                *_procedures(study),
                *phrases.sides(study.alternative, study.alpha, "placebo tests and intervals"),
            ),
            (*together(result), *analyses(result), *_software(result)),
        )
    return tuple(" ".join(sentences) for sentences in paragraphs)


def _events(study: Study) -> Iterator[str]:
    """Yield how many events there are, when, and of which category."""
    days = [formats.as_date(event.announced) for event in labels.in_order(study)]
    n = len(days)
    if n == 1:
        yield f"The sample is one event, announced on {formats.day(days[0])}."
    else:
        span = f"announced between {formats.day(days[0])} and {formats.day(days[-1])}"
        yield f"The sample consists of {formats.in_words(n)} events, {span}{_categories(study)}."
    names = [labels.full_name(study, asset) for asset in study.assets]
    assets = listing(names) if len(names) <= FEW else f"{len(names):,} assets"
    yield f"We study {'its' if n == 1 else 'their'} effect on {assets}."


def _categories(study: Study) -> str:
    """Return the number of events of each category, where there are several."""
    counts = Counter(labels.group_name(event.category) for event in study.events)
    if len(counts) < 2:
        return ""
    if len(counts) > FEW:
        return f", in {len(counts):,} categories"
    return ": " + listing(f"{name} ({n:,})" for name, n in counts.items())


def _data(result: StudyResult) -> Iterator[str]:
    """Yield where the data come from and what they span."""
    known = [each for each in result.provenance.series if each.instrument in _series(result.study)]
    kind = "Daily prices" if len(result.frames["levels"]) else "Daily returns"
    if not known:
        return
    sources = listing(dict.fromkeys(each.source for each in known))
    named = f"{kind} come from the source {sources}"
    if len(known) <= FEW:
        yield f"{named}: {listing(_span(result.study, each) for each in known)}."
    else:
        first, last = min(each.first for each in known), max(each.last for each in known)
        yield f"{named}: {len(known):,} series between {formats.day(first)} and {formats.day(last)}."


def _series(study: Study) -> set[str]:
    """Return the ids of the assets and of the series of the models."""
    models = (build(PACKAGES["model"], c.name, c.options, kind="model") for c in study.models)
    return {*study.assets, *(each.instrument for model in models for each in model.inputs())}


def _span(study: Study, series: Series) -> str:
    """Return a series with its first and its last day."""
    loaded = f", downloaded on {formats.day(series.downloaded)}" if series.downloaded else ""
    days = f"{formats.day(series.first)} to {formats.day(series.last)}"
    return f"{labels.full_name(study, series.instrument)} ({days}{loaded})"


def _alignment(study: Study) -> Iterator[str]:
    """Yield how day 0 is found."""
    yield (
        "Day 0 is the first session of a market that could react: the same day for news before the open or "
        "during the session, the next session for news at or after the close or on a closed day."
    )
    n = sum(bool(event.first_session) for event in study.events)
    if n:
        yield f"For {formats.count(n, 'event')} day 0 was set by hand."


def _lost(result: StudyResult) -> Iterator[str]:
    """Yield how many cells each model loses."""
    study = result.study
    n = sum(len(study.assets_of(event)) for event in study.events)
    kept = []
    for choice in study.models:
        found = of_model(result.frames["dropped"], choice.label)
        kept.append(n - len(found[["event_id", "asset"]].drop_duplicates()))
    whole = f"{formats.in_words(n)} pair{'s' * (n > 1)} of event and asset"
    if min(kept) == n:
        yield f"Every model could be estimated for the {whole}."
        return
    each = listing(
        f"{formats.in_words(left)} with {name_of(choice)}"
        for left, choice in zip(kept, study.models, strict=True)
    )
    yield f"Of the {whole} those with the data that a model needs remain: {each}."


def _estimation(study: Study) -> Iterator[str]:
    """Yield the models and their estimation window."""
    models = [model_in_words(study, choice) for choice in study.models]
    yield from phrases.expected_returns(models, study.estimation, study.min_observations)
    without = study.estimation_without
    if without is not None:
        whose = "every other event of the catalogue" if without.events == "catalogue" else ""
        yield (
            f"The sessions of {formats.window(*without.days)} around {whose or 'every other event of the study'} "
            "are left out of the estimation window."
        )


def _averages(study: Study) -> Iterator[str]:
    """Yield what is averaged."""
    if len(study.events) > 1:
        apart = ", asset by asset" if len(study.assets) > 1 else ""
        over = ", the assets taken together" if study.pool_assets else apart
        yield f"CARs are averaged by category and over all events{over}."


def _tests(result: StudyResult) -> Iterator[str]:
    """Yield the tests of single events, of means and of categories against the others, by what they test."""
    known = result.frames["statistics"]
    ran = set(known.loc[known["status"] == "ok", "statistic"])
    yield from phrases.tests(result.study.statistics, ran)


def _procedures(study: Study) -> Iterator[str]:
    """Yield the tests that draw other dates or the data anew."""
    for choice in study.procedures:
        if choice.name == "placebo":
            yield _placebo(choice)
        else:
            yield f"We also use {test_in_words('procedure', choice)}."


def _placebo(choice: Choice) -> str:
    """Return what an event is compared with."""
    plugin = find(PACKAGES["procedure"], choice.name, kind="procedure")(**choice.options)
    among = {
        "state": "in the same third of volatility and of past return",
        "volatility": "in the same third of volatility",
        "year": "in the same year",
        "none": "without further conditions",
    }[plugin.by]
    over = {
        "deviation": f"the CAR over the standard deviation of the {given.before()} sessions before",
        "ewma": "the CAR over the exponentially weighted standard deviation of the sessions before",
        "none": "the CAR",
    }[plugin.scale]
    return (
        f"The placebo test{cited('procedure', choice)} compares {over} with the same number on days of the same "
        f"market {among}, more than {plugin.exclude:,} sessions away from every known event; categories are "
        f"compared with {plugin.draws:,} relabellings of their dates."
    )


def _software(result: StudyResult) -> Iterator[str]:
    """Yield the seed and the versions of the programs."""
    study = result.study
    if study.procedures or phrases.draws(study.statistics):
        yield f"Random numbers follow from the seed {study.seed}."
    yield phrases.programs(result.provenance.versions)
