"""What models, tests and procedures are called in the methods section of a paper."""

from __future__ import annotations

from dataclasses import MISSING, fields
from typing import TYPE_CHECKING

from eventstudy import labels
from eventstudy.export.works import works_of
from eventstudy.formats import listing
from eventstudy.registry import build
from eventstudy.spec.plugins import PACKAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from eventstudy.models.base import Model
    from eventstudy.spec import Choice, Study

NAMES: Mapping[str, str] = {
    "adjusted_bmp": "the standardised cross-sectional test adjusted for cross-correlation",
    "adjusted_patell": "the Patell test adjusted for cross-correlation",
    "bmp": "the standardised cross-sectional test",
    "calendar_time": "the calendar-time portfolio test",
    "capm": "the capital asset pricing model",
    "carhart_4": "the Carhart four-factor model",
    "comparison_group": "the mean return of a comparison group",
    "conformal": "conformal inference",
    "constant_mean": "the constant mean return model",
    "corrado_rank": "the Corrado rank test",
    "corrado_zivney_rank": "the Corrado-Zivney rank test",
    "cross_sectional_t": "the cross-sectional t test",
    "crude_dependence": "the t test with crude dependence adjustment",
    "dimson": "the market model with the Dimson beta",
    "factors": "a factor model",
    "fama_french_3": "the Fama-French three-factor model",
    "fama_french_5": "the Fama-French five-factor model",
    "forecast_t": "the t test with forecast standard errors",
    "garch_quantile": "the quantile of filtered residuals",
    "generalized_rank_t": "the generalised rank t test",
    "generalized_rank_z": "the generalised rank z test",
    "generalized_sign": "the generalised sign test",
    "jackknife_t": "the jackknife t test",
    "johnson_bootstrap_t": "the bootstrapped skewness-adjusted t test",
    "market": "the market model",
    "market_adjusted": "market-adjusted returns",
    "market_garch": "the market model",
    "market_robust": "the market model",
    "patell": "the Patell test",
    "permutation": "the permutation test against the other events",
    "placebo": "the placebo test",
    "sample_quantile": "the sample quantile test",
    "scholes_williams": "the market model with the Scholes-Williams beta",
    "sign": "the sign test",
    "sign_flip": "the sign-flip test",
    "skewness_adjusted_t": "the skewness-adjusted t test",
    "stationary_bootstrap": "the stationary bootstrap",
    "synthetic_control": "a synthetic control",
    "wilcoxon": "the Wilcoxon signed-rank test",
    "wild_bootstrap": "the wild bootstrap test",
}
"""Names by plug-in."""

OPTIONS: Mapping[tuple[str, object], str] = {
    ("cluster", "date"): "with events of one date as a cluster",
    ("cluster", "overlap"): "with events whose windows overlap as a cluster",
    ("estimator", "huber"): "estimated by the method of Huber",
    ("estimator", "lad"): "estimated by least absolute deviations",
    ("lag", "previous_close"): (
        "taken over the sessions that close between the asset's previous close and its open"
    ),
    ("missing", "trade_to_trade"): "on returns from one trade to the next",
    ("slopes", "instrument"): "estimated with an instrumental variable",
    ("volatility", "egarch"): "with an EGARCH(1,1) variance",
    ("volatility", "garch"): "with a GARCH(1,1) variance",
    ("volatility", "gjr"): "with a GJR-GARCH(1,1) variance",
}
"""Values of options in words."""

ROLES: Mapping[str, str] = {"comparison_group": "of", "synthetic_control": "made of"}
"""How a model is joined to its series, where not by ``with``."""


def model_in_words(study: Study, choice: Choice) -> str:
    """Return a model with its series, its options and its citation.

    Parameters
    ----------
    study : Study
        Gives the names of the series.
    choice : Choice
        One of its models.
    """
    return model_with(choice, lambda name: labels.full_name(study, name))


def model_with(choice: Choice, named: Callable[[str], str]) -> str:
    """Return a model with its series, its options and its citation.

    Parameters
    ----------
    choice : Choice
        The model.
    named : callable
        Gives the name of a series.
    """
    model: Model = build(PACKAGES["model"], choice.name, choice.options, kind="model")
    series = dict.fromkeys(each.instrument for each in model.inputs())
    names = [named(name) for name in series]
    joined = f" {ROLES.get(choice.name, 'with')} {listing(names)}" if names else ""
    return f"{name_of(choice)}{joined}{_qualified('model', choice, set(series))}{cited('model', choice)}"


def test_in_words(kind: str, choice: Choice) -> str:
    """Return a test or a procedure with its options and its citation.

    Parameters
    ----------
    kind : {'statistic', 'procedure'}
        What is chosen.
    choice : Choice
        The plug-in.
    """
    return f"{name_of(choice)}{_qualified(kind, choice, set())}{cited(kind, choice)}"


def cited(kind: str, choice: Choice) -> str:
    """Return the citation of a plug-in behind a space."""
    return citation(works_of(kind, choice))


def citation(keys: Iterable[str]) -> str:
    """Return a citation behind a space, to be written in the way of a format; empty for no work."""
    marks = "; ".join(f"@{key}" for key in keys)
    return f" [{marks}]" if marks else ""


def name_of(choice: Choice) -> str:
    """Return the name of a plug-in in a sentence; one without has that of the files.

    Parameters
    ----------
    choice : Choice
        The plug-in.
    """
    return NAMES.get(choice.name, f"the {labels.term(choice.name)} method")


def _qualified(kind: str, choice: Choice, series: set[str]) -> str:
    """Return the options of a plug-in in brackets: those with words, and others that are no defaults."""
    parts = list(_options(kind, choice, series))
    return f" ({'; '.join(parts)})" if parts else ""


def _options(kind: str, choice: Choice, series: set[str]) -> Iterator[str]:
    """Yield the options of a plug-in in words, but for those that name its series."""
    plugin = build(PACKAGES[kind], choice.name, choice.options, kind=kind)
    for field in fields(plugin):
        value = getattr(plugin, field.name)
        if isinstance(value, str) and (field.name, value) in OPTIONS:
            yield OPTIONS[field.name, value]
        elif field.default is not MISSING and value != field.default and value not in series:
            yield f"{field.name.replace('_', ' ')}: {_shown(value)}"


def _shown(value: object) -> str:
    """Return the value of an option."""
    if isinstance(value, dict):
        return ", ".join(f"{key} {each}" for key, each in value.items())
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value).replace("_", " ")
