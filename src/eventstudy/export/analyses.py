"""The methods section of a paper: p-values read together, and the analyses beside the tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventstudy import formats, given
from eventstudy.export.terms import citation
from eventstudy.formats import listing

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from eventstudy.results import StudyResult

ADJUSTED = {
    "p_min_p": ("the minimum of the p-values", ("westfall1993", "ge2003")),
    "p_max_t": ("the maximum of the statistics", ("westfall1993", "romano2005", "romano2016")),
    "p_bh": ("the Benjamini-Hochberg method", ("benjamini1995",)),
    "p_by": ("the Benjamini-Yekutieli method, for any dependence", ("benjamini2001",)),
}
"""How the p-values of groups are adjusted, by column of the frame ``multiplicity``."""
ROBUST = {
    "HC3": ("HC3 errors", "mackinnon1985"),
    "driscoll_kraay": ("Driscoll-Kraay errors", "driscoll1998"),
}
"""Errors of regressions by name in the frames."""

_VOLATILITY = {
    "log_garman_klass": f"the logarithm of the range-based standard deviation of a session{citation(['garman1980'])}",
    "absolute_return": "the absolute return where there is no range",
}
"""Measures of volatility by name in the frames."""


def together(result: StudyResult) -> Iterator[str]:
    """Yield how p-values are adjusted for their number, where any is.

    Parameters
    ----------
    result : StudyResult
        The study.
    """
    frames = result.frames
    if _known(frames["verdicts"], "p0_adjusted"):
        yield f"The day-0 p-values of the events are adjusted for their number by Holm's method{citation(['holm1979'])}."
    found = frames["multiplicity"]
    ways = [
        f"{words}{citation(keys)}"
        for column, (words, keys) in ADJUSTED.items()
        if _known(found, column)
    ]
    if ways:
        yield f"The placebo p-values of all categories, assets and windows are adjusted together by {listing(ways)}."


def analyses(result: StudyResult) -> Iterator[str]:
    """Yield the analyses that gave numbers beside the tests.

    Parameters
    ----------
    result : StudyResult
        The study.
    """
    yield from _residuals(result)
    yield from _joint(result)
    yield from _pooled(result)
    yield from _aftermath(result)
    yield from _outcomes(result)
    yield from _episodes(result)
    yield from _robustness(result)


def _known(frame: pd.DataFrame, column: str) -> bool:
    """Tell whether a column of a frame holds any number."""
    return bool(frame[column].notna().any())


def _residuals(result: StudyResult) -> Iterator[str]:
    """Yield the tests of the residuals."""
    if _known(result.frames["diagnostics"], "ljung_box_p"):
        yield (
            "The residuals of every estimation window are tested for autocorrelation"
            f"{citation(['ljung1978'])}, for clustered variance{citation(['engle1982'])} and for normality"
            f"{citation(['jarque1980'])}."
        )


def _joint(result: StudyResult) -> Iterator[str]:
    """Yield the joint test of all assets."""
    found = result.frames["joint"]
    ran = found[found["status"] != "not_applicable"]
    if not (ran["test"] == "exact_f").any():
        return
    keys = citation(("hotelling1931", "schipper1983", "binder1985"))
    holm = (
        f", adjusted for the number of events by Holm's method{citation(['holm1979'])}"
        if _known(found, "p_adjusted")
        else ""
    )
    yield f"The effects on all assets are tested jointly by Hotelling's T squared{keys}{holm}."


def _pooled(result: StudyResult) -> Iterator[str]:
    """Yield the regression on all assets together with its robust errors."""
    found = result.frames["pooled"]
    ran = set(found.loc[found["status"] != "not_applicable", "errors"])
    robust = [f"{words}{citation([key])}" for name, (words, key) in ROBUST.items() if name in ran]
    if ran:
        errors = f", with {listing(robust)} beside the ordinary ones" if robust else ""
        yield f"The common effect of a day on all assets is estimated in one regression{errors}."


def _aftermath(result: StudyResult) -> Iterator[str]:
    """Yield what is done about the days after."""
    frames = result.frames
    if _known(frames["lasting"], "give_back_p"):
        limits = (
            f", with Fieller limits of the share given back{citation(['fieller1954'])}"
            if _known(frames["lasting"], "fieller_low")
            else ""
        )
        yield (
            "What follows a reaction is compared with days without an event whose reaction had the same sign and "
            f"nearly the same size{limits}."
        )
    if _known(frames["projections"], "estimate"):
        yield f"The path after the event is estimated by local projections{citation(['jorda2005'])}."


def _outcomes(result: StudyResult) -> Iterator[str]:
    """Yield what is measured beside returns."""
    found = result.frames["outcomes"]
    ran = found[found["status"] == "ok"]
    names = list(dict.fromkeys(ran["outcome"]))
    if not names:
        return
    measures = [words for name, words in _VOLATILITY.items() if (ran["measure"] == name).any()]
    own = f"; volatility is {listing(measures, 'or')}" if measures else ""
    yield f"Beside returns we study {listing(names)}, against the {given.before()} sessions before{own}."
    if _known(found, "p_forecast"):
        keys = citation(("ljung1978",))
        yield (
            "Their forecasts are those of autoregressions"
            f"{citation(('box1994',))} whose order is chosen by BIC{citation(('schwarz1978', 'luetkepohl2005'))} and "
            f"whose coefficients are corrected for their bias{citation(('kendall1954', 'pope1990'))}; they are not "
            f"used where the residuals are autocorrelated{keys}."
        )


def _episodes(result: StudyResult) -> Iterator[str]:
    """Yield what is done about episodes of several sessions."""
    if _known(result.frames["episodes"], "p_value"):
        yield (
            "Episodes are measured by their buy-and-hold abnormal return among stretches of as many sessions."
        )


def _robustness(result: StudyResult) -> Iterator[str]:
    """Yield over what the design is varied."""
    found = result.frames["specifications"]
    ran = found[found["status"] == "ok"]
    if ran.empty:
        return
    windows = ran[["window_start", "window_end"]].drop_duplicates()
    counts = {
        "models": ran["model"].nunique(),
        "estimation windows": len(ran[["estimation_start", "estimation_end"]].drop_duplicates()),
        "kinds of return": ran["returns"].nunique(),
        "sets of events": ran["event_set"].nunique(),
    }
    varied = [f"{formats.in_words(n)} {name}" for name, n in counts.items() if n > 1]
    if varied:
        yield (
            f"As a check of robustness, mean effects are computed for the combinations of {listing(varied)}, over "
            f"{formats.in_words(len(windows))} window{'s' * (len(windows) > 1)}."
        )
