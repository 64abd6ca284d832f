"""The methods section of a panel, in the sentences of a study where it does the same."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from eventstudy import formats
from eventstudy.export import phrases
from eventstudy.export.terms import citation, model_with, name_of
from eventstudy.formats import listing
from eventstudy.language import LANGUAGES, using
from eventstudy.panel.cells import MARKET
from eventstudy.panel.models import read_model
from eventstudy.panel.run import ALPHA
from eventstudy.panel.write import PACKAGES as MADE_BY
from eventstudy.registry import find, options
from eventstudy.regressions.base import FAMA_MACBETH
from eventstudy.regressions.cross_section import OLS
from eventstudy.regressions.event_time import EVENT_TIME
from eventstudy.results import versions
from eventstudy.spec import Choice
from eventstudy.spec.plugins import PACKAGES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventstudy.panel import PanelResult
    from eventstudy.panel.job import Inputs
    from eventstudy.regressions import Errors

ERRORS = {
    "HC0": "heteroscedasticity-robust errors (HC0)",
    "HC1": "heteroscedasticity-robust errors (HC1)",
    "HC2": "heteroscedasticity-robust errors (HC2)",
    "HC3": "heteroscedasticity-robust errors (HC3)",
    "iid": "ordinary errors",
}
"""Standard errors in words, by their name; those by clusters and of Fama and MacBeth apart."""
PANEL_ERRORS = {
    "cluster:asset": "errors clustered by security",
    "driscoll_kraay": f"Driscoll-Kraay errors{citation(['driscoll1998'])}",
    "iid": "ordinary errors",
}
"""Standard errors of the regression on event days in words, by their name."""
CITED = {"HC0": ("mackinnon1985",), "HC1": ("mackinnon1985",), "HC2": ("mackinnon1985",)}
CITED |= {"HC3": ("mackinnon1985",)}


def panel_methods(result: PanelResult) -> tuple[str, ...]:
    """Return the paragraphs of the methods section of a panel.

    Parameters
    ----------
    result : PanelResult
        The panel: every sentence follows from its options and its frames.
    """
    design = result.design
    with using(LANGUAGES[0]):
        paragraphs = (
            (*_events(result), *_data(result.inputs), _alignment(), *_lost(result)),
            (
                *phrases.expected_returns(_models(result), design.estimation, design.least),
                *phrases.returns("simple"),
                phrases.cumulated(design.event_window, design.car_windows),
            ),
            (*_averages(result), *_tests(result)),
            (*_regressions(result), *_event_time(result), *_software(result)),
        )
    return tuple(" ".join(sentences) for sentences in paragraphs)


def _events(result: PanelResult) -> Iterator[str]:
    """Yield how many events were studied, of how many assets, on which days."""
    table = result.frames["abnormal"]
    days = table.loc[(table["model"] == result.headline) & (table["tau"] == 0)]
    first, last = formats.day(days["date"].min()), formats.day(days["date"].max())
    assets, dates = days["asset"].nunique(), days["date"].nunique()
    yield (
        f"The sample consists of {formats.count(len(days), 'event')} of {formats.count(assets, 'asset')} "
        f"on {formats.count(dates, 'date')} between {first} and {last}."
    )


def _data(inputs: Inputs) -> Iterator[str]:
    """Yield where the data come from."""
    kind = "Prices" if inputs.prices else "Returns"
    more = [f"those of the market from {_market(inputs)}"] if inputs.market else []
    more += [f"factors from the table {inputs.factors.name}"] if inputs.factors else []
    yield f"{listing([f'{kind} come from the table {inputs.returns.name}', *more])}."


def _market(inputs: Inputs) -> str:
    """Return where the returns of the market come from."""
    path = Path(inputs.market)
    return f"the table {path.name}" if path.is_file() else f"its column {inputs.market}"


def _alignment() -> str:
    """Return how day 0 is found."""
    return "Day 0 is the first session of the table on or after the date of an event."


def _lost(result: PanelResult) -> Iterator[str]:
    """Yield how many events each model loses."""
    if set(result.studied.values()) == {result.events}:
        yield f"Every model could be estimated for all {formats.count(result.events, 'event')}."
        return
    each = listing(
        f"{formats.in_words(n)} with {name_of(read_model(label))}"
        for label, n in result.studied.items()
    )
    yield f"Of {formats.count(result.events, 'event')} given those with the data that a model needs remain: {each}."


def _models(result: PanelResult) -> list[str]:
    """Return the models in words."""
    inputs = result.inputs
    market = inputs.market if inputs.market and not Path(inputs.market).is_file() else MARKET

    def named(name: str) -> str:
        return "the market return" if name == market else name

    return [model_with(_whole(read_model(text), market), named) for text in result.design.labels]


def _whole(choice: Choice, market: str) -> Choice:
    """Return a model with the market as its benchmark unless it names another."""
    known = options(find(PACKAGES["model"], choice.name, kind="model"))
    more = {"benchmark": market} if "benchmark" in known else {}
    return Choice(name=choice.name, label=choice.label, options={**more, **choice.options})


def _averages(result: PanelResult) -> Iterator[str]:
    """Yield what is averaged."""
    group = result.design.group
    by = f" and by {group}" if group else ""
    yield f"CARs are averaged over all events{by}."


def _tests(result: PanelResult) -> Iterator[str]:
    """Yield the tests, their sides and their level."""
    yield from phrases.tests(result.design.choices, _tested(result))
    yield from phrases.sides(result.design.alternative, ALPHA, "regressions and intervals")


def _tested(result: PanelResult) -> set[str]:
    """Return the names of the statistics that gave numbers."""
    known = result.frames["statistics"]
    return set(known.loc[known["status"] == "ok", "statistic"])


def _regressions(result: PanelResult) -> Iterator[str]:
    """Yield the regressions of CARs, and their errors."""
    if not result.design.regress:
        return
    columns = listing(result.design.regress)
    ran = _ran(result, OLS) | _ran(result, FAMA_MACBETH)
    used = [each for each in result.design.standard_errors if str(each) in ran]
    kinds = [_errors(each) for each in used if each.kind != FAMA_MACBETH]
    if kinds:
        yield f"The CARs are regressed on {columns} by least squares, with {listing(kinds)}."
    for each in used:
        if each.kind == FAMA_MACBETH:
            lead = "They are regressed" if kinds else "The CARs are regressed"
            kernel = " with Newey-West errors" if each.by else ""
            cites = citation(["fama1973", "newey1987"] if each.by else ["fama1973"])
            yield f"{lead} on {columns} date by date by the method of Fama and MacBeth{kernel}{cites}."


def _errors(each: Errors) -> str:
    """Return the standard errors of a cross-section in words."""
    if each.by:
        cites = citation(["cameron2011"]) if len(each.by) > 1 else ""
        return f"errors clustered by {listing(each.by)}{cites}"
    return f"{ERRORS[each.kind]}{citation(CITED.get(each.kind, ()))}"


def _event_time(result: PanelResult) -> Iterator[str]:
    """Yield the regression of returns on event days."""
    words = [
        PANEL_ERRORS[name] for name in sorted(_ran(result, EVENT_TIME)) if name in PANEL_ERRORS
    ]
    if words:
        yield (
            "The returns of all securities are regressed on dummies of the days of the event window, beside effects "
            f"of securities and of dates{citation(['borusyak2024'])}, with {listing(words)}."
        )


def _ran(result: PanelResult, estimator: str) -> set[str]:
    """Return the names of the errors with which a regression gave numbers."""
    table = result.frames.get("regressions")
    if table is None:
        return set()
    known = table[(table["estimator"] == estimator) & table["std_error"].notna()]
    return set(known["errors"])


def _software(result: PanelResult) -> Iterator[str]:
    """Yield the seed and the versions of the programs."""
    design = result.design
    if phrases.draws(each for each in design.choices if each.label in _tested(result)):
        yield f"Random numbers follow from the seed {design.seed}."
    yield phrases.programs(versions(MADE_BY))
