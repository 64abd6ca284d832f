"""Placebo p-values of night and session, against a loop over the days of the CSI 300 by pandas."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from eventstudy.alignment import align
from eventstudy.returns.panel import on_sessions
from eventstudy.reversal.legs import leg_placebo
from eventstudy.sources.base import Access
from eventstudy.spec import load
from eventstudy.study.analysis import analyse
from eventstudy.study.cells import estimate, place_cells, quote
from eventstudy.study.comparison import known_days
from eventstudy.study.fetching import fetch
from eventstudy.study.trial import compared, trial_of
from tests.studies import result_of

STUDY = Path(__file__).parents[2] / "events" / "stamp-duty.yaml"


@pytest.fixture(scope="module")
def parts():
    file = load(STUDY)
    study = file.study
    prices = fetch(study, Access(STUDY.parent))
    quotes = quote(study, prices)
    cells = place_cells(study, align(study), quotes)
    part = analyse(study, "constant_mean", estimate(study, study.models[0], cells, quotes))
    trial = trial_of(study, study.models[0], part, known_days(study, cells, ()))
    return quotes, trial, compared(study, "constant_mean", trial).days.strata


def test_both_legs_of_28_august_2023(parts):
    quotes, trial, strata = parts
    found = leg_placebo(trial, strata, quotes)
    ids, assets = trial.sample.event_ids, trial.sample.assets
    row = np.flatnonzero((ids == "SD2023") & (assets == "CSI300"))[0]
    every, group = trial.every["CSI300"], strata["CSI300"]
    close, opened = (
        pd.Series(on_sessions(quotes.prices, "CSI300", every.sessions, name))
        for name in ("close", "open")
    )
    night, day = np.log(opened / close.shift()), np.log(close / opened)
    legs = {}
    for name, leg in (("night", night), ("day", day)):
        mean = leg.shift(11).rolling(120, min_periods=61).mean()
        legs[name] = leg - mean, (leg - mean) / leg.shift(1).rolling(20).std()
    days, own = every.day0, trial.sample.day0[row]
    at = int(np.flatnonzero(days == own)[0])
    alike = days[group.candidate & (group.label == group.label[at])]

    def share(values, mine):
        known = values.dropna().abs()
        return (1 + (known >= abs(mine)).sum()) / (len(known) + 1)

    assert found.overnight[row] == pytest.approx(
        share(legs["night"][1][alike], legs["night"][1][own])
    )
    gap = legs["night"][0]
    pool = [t for t in days[group.candidate] if gap[t] > 0]
    pool.sort(key=lambda t: abs(gap[t] - gap[own]))
    near = sum(abs(gap[t] - gap[own]) <= gap[own] / 4 for t in pool)
    chosen = pool[: max(near, 30)]
    expected = share(legs["day"][1][chosen], legs["day"][1][own])
    assert found.open_to_close[row] == pytest.approx(expected)
    assert near < 30  # a gap of five per cent is rare


def test_without_an_open_the_sample_quantile_stands_in():
    legs = result_of("stamp-duty").frames["legs"]
    assert set(legs["p_test"]) == {"placebo"}
    closes_only = result_of("regulator-statements").frames["legs"]
    bare = closes_only[closes_only["overnight"].isna()]
    assert len(bare)
    assert set(bare["p_test"]) == {"sample_quantile"}
    assert bare["overnight_p"].isna().all()
