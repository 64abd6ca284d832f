"""Regressions: what is refused, named or left out, and how often it rejects."""

import dataclasses

import numpy as np
import pytest
import statsmodels.api as sm

from eventstudy.errors import OptionError
from eventstudy.formats import counted
from eventstudy.regressions import (
    Characteristics,
    characteristics,
    cross_section,
    event_time,
    fama_macbeth,
    parse_errors,
)
from eventstudy.regressions.event_time import EventDays, within

HC3 = parse_errors("HC3")


def normal(n, k=1, seed=3):
    """Return n CARs and k characteristics without any relation."""
    rng = np.random.default_rng(seed)
    names = tuple(f"x{number}" for number in range(k))
    return 0.01 * rng.standard_normal(n), Characteristics(names, rng.standard_normal((n, k)))


@pytest.mark.parametrize(
    "text",
    [
        "iid",
        "HC0",
        "HC3",
        "cluster:date",
        "cluster:date,asset",
        "fama_macbeth",
        "fama_macbeth:kernel",
    ],
)
def test_names_of_errors(text):
    assert str(parse_errors(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hc9",
        "HC3:date",
        "cluster",
        "cluster:",
        "cluster:a,b,c",
        "cluster:a,a",
        "fama_macbeth:x",
    ],
)
def test_what_names_no_errors(text):
    with pytest.raises(OptionError, match="allowed: iid, HC0"):
        parse_errors(text)


def test_a_misspelt_name_is_guessed():
    with pytest.raises(OptionError, match="did you mean 'fama_macbeth'"):
        parse_errors("famamacbeth")


def test_words_become_dummies_against_the_first():
    found = characteristics(
        {
            "size": np.array([1.5, np.nan, 3.0, 4.0]),
            "owner": np.array(["state", "private", "", "foreign"], dtype=object),
        }
    )
    assert found.terms == ("size", "owner[private vs foreign]", "owner[state vs foreign]")
    nan = np.nan
    expected = [[1.5, 0, 1], [nan, 1, 0], [3, nan, nan], [4, 0, 0]]
    np.testing.assert_array_equal(found.values, expected)


def test_missing_values_are_left_out():
    car, x = normal(60, 2)
    car[3], x.values[5, 0], x.values[9, 1] = np.nan, np.nan, np.nan
    found = cross_section(car, x, HC3)
    keep = np.setdiff1d(np.arange(60), [3, 5, 9])
    outside = sm.OLS(car[keep], sm.add_constant(x.values[keep])).fit(cov_type="HC3", use_t=True)
    assert found.n == 57
    np.testing.assert_allclose(found.statistic, outside.tvalues, rtol=1e-9)
    np.testing.assert_allclose(found.p_value, outside.pvalues, rtol=1e-9)
    np.testing.assert_allclose(np.column_stack([found.low, found.high]), outside.conf_int())


@pytest.mark.parametrize(
    ("column", "reason"),
    [
        (lambda x: np.full(len(x), 7.0), "constant over the 60 events: x2"),
        (lambda x: 2 * x[:, 0] - x[:, 1] + 5, "a combination of the terms before it: x2"),
    ],
)
def test_what_cannot_be_told_apart_is_named(column, reason):
    car, x = normal(60, 2)
    values = np.column_stack([x.values, column(x.values)])
    found = cross_section(car, Characteristics(("x0", "x1", "x2"), values), HC3)
    assert all(text.startswith(reason) for text in found.reason)
    assert set(found.status) == {"not_applicable"}
    assert np.isnan(found.estimate).all()


@pytest.mark.parametrize("n", [0, 1, 3])
def test_too_few_events(n):
    found = cross_section(*normal(n, 2), HC3)
    assert (
        found.reason[0]
        == f"{counted(n, 'event')} for 3 coefficients; more events than coefficients are needed"
    )
    assert found.distribution == ""


def test_an_exact_fit_has_no_error():
    _, x = normal(40)
    found = cross_section(0.5 + 2 * x.values[:, 0], x, HC3)
    assert set(found.reason) == {"the terms fit the CARs exactly: no residual is left"}


@pytest.mark.parametrize("errors", ["HC0", "HC1", "HC2", "HC3"])
def test_one_event_alone_has_no_robust_error(errors):
    """Its dummy fits it: a residual of zero. With iid errors it is a forecast test."""
    car, x = normal(80)
    alone = Characteristics(("x0", "alone"), np.column_stack([x.values, np.arange(80) == 7]))
    found = cross_section(car, alone, parse_errors(errors))
    assert found.status.tolist() == ["ok", "ok", "not_applicable"]
    assert "alone rests on one of the events" in found.reason[2]
    assert np.isfinite(found.estimate).all()
    assert set(cross_section(car, alone, parse_errors("iid")).status) == {"ok"}


def test_few_units_call_for_caution():
    car, x = normal(80)
    few = Characteristics(("few",), (np.arange(80) < 9).astype(float)[:, None])
    found = cross_section(car, few, parse_errors("HC1"))
    assert found.status.tolist() == ["ok", "caution"]
    assert found.reason[1] == "few rests on 9 events; below 30 such errors reject too often"
    assert set(cross_section(car, few, HC3).status) == {"ok"}
    dates = np.repeat(np.arange(10), 8).astype(str).astype(object)
    clustered = cross_section(car, x, parse_errors("cluster:date"), [dates])
    assert (clustered.clusters, clustered.distribution) == (10, "t(9)")
    assert set(clustered.status) == {"caution"}
    one = cross_section(car, x, parse_errors("cluster:date"), [np.full(80, "d", dtype=object)])
    assert set(one.reason) == {"all events have one date: no clusters to compare"}
    gaps = np.where(np.arange(80) < 3, "", dates)
    assert cross_section(car, x, parse_errors("cluster:date"), [gaps]).n == 77


def rejections(errors, treated, draws=400):
    """Return the share of p-values below .05 for a dummy that is one on some of 120 dates."""
    rng, hits = np.random.default_rng(9), []
    dummy = Characteristics(("day",), np.isin(np.arange(120), treated).astype(float)[:, None])
    for _ in range(draws):
        y = rng.standard_normal(120)
        x = np.column_stack([np.ones(120), dummy.values])
        if errors == "iid":
            hits.append(cross_section(y, dummy, parse_errors("iid")).p_value[1] < 0.05)
        else:
            hits.append(sm.OLS(y, x).fit(cov_type=errors, use_t=True).pvalues[1] < 0.05)
    return np.mean(hits)


def test_11_robust_errors_on_a_one_day_dummy_are_refused():
    """White errors reject about nine times in ten; ours give no number, and iid ones keep 5 per cent."""
    assert rejections("HC1", [60]) > 0.8
    assert abs(rejections("iid", [60]) - 0.05) < 4 * np.sqrt(0.05 * 0.95 / 400)
    dummy = Characteristics(("day",), (np.arange(120) == 60).astype(float)[:, None])
    for errors in ("HC0", "HC1", "HC2", "HC3"):
        found = cross_section(normal(120)[0], dummy, parse_errors(errors))
        assert found.status[1] == "not_applicable"
        assert np.isnan(found.p_value[1])


def test_11_a_group_that_is_one_date_is_refused():
    """Twelve firms on one day: clustered by date the sum of their residuals is zero."""
    rng = np.random.default_rng(2)
    car = 0.01 * rng.standard_normal(60)
    grp = Characteristics(("grp",), (np.arange(60) < 12).astype(float)[:, None])
    dates = np.where(np.arange(60) < 12, "d", np.arange(60).astype(str)).astype(object)
    found = cross_section(car, grp, parse_errors("cluster:date"), [dates])
    assert found.status.tolist() == ["ok", "not_applicable"]
    x = np.column_stack([np.ones(60), grp.values])
    codes = np.unique(dates, return_inverse=True)[1]
    naive = sm.OLS(car, x).fit(cov_type="cluster", cov_kwds={"groups": codes})
    assert naive.bse[1] < 0.6 * sm.OLS(car, x).fit().bse[1]


def test_11_one_date_has_no_panel_error():
    """Clusters by asset and Driscoll-Kraay are refused on one date, marked on few, ok on many."""
    rng = np.random.default_rng(4)
    asset, date = (
        each.ravel() for each in np.meshgrid(np.arange(60), np.arange(50), indexing="ij")
    )
    returns = 0.01 * rng.standard_normal(3000)
    one = ((date == 20) & (asset < 30)).astype(float)
    many = (date == asset % 40).astype(float)
    panel = EventDays(returns, np.column_stack([one, many]), ("one", "many"), asset, date)
    for errors in ("cluster:asset", "driscoll_kraay"):
        found = event_time(panel, errors)
        assert found.status.tolist() == ["not_applicable", "ok"]
        assert "one rests on one of the dates" in found.reason[0]
    few = dataclasses.replace(
        panel, **{name: getattr(panel, name)[asset < 20] for name in ("returns", "asset", "date")}
    )
    few = dataclasses.replace(few, dummies=panel.dummies[asset < 20][:, 1:], terms=("many",))
    found = event_time(few, "cluster:asset")
    assert found.reason.tolist() == ["20 assets; clustering by asset needs 30"]
    assert event_time(few, "driscoll_kraay").status.tolist() == ["caution"]
    assert event_time(few, "iid").status.tolist() == ["ok"]


def test_effects_are_taken_out_exactly():
    """Gaps in the panel; the residuals of dummies by least squares."""
    rng = np.random.default_rng(5)
    here = rng.random((12, 30)) > 0.2
    asset, date = np.nonzero(here)
    y = rng.standard_normal(len(asset))
    panel = EventDays(y, y[:, None], ("y",), asset, date)
    dummies = np.column_stack([asset[:, None] == np.arange(12), date[:, None] == np.arange(30)])
    expected = y - dummies @ np.linalg.lstsq(dummies.astype(float), y, rcond=None)[0]
    np.testing.assert_allclose(within(panel, y[:, None])[:, 0], expected, atol=1e-12)
    across = dataclasses.replace(panel, asset=date, date=asset)
    np.testing.assert_allclose(within(across, y[:, None])[:, 0], expected, atol=1e-12)


def test_days_that_dates_explain_are_refused():
    """Every asset has its event on the same date; and a day on which there is no return."""
    rng = np.random.default_rng(6)
    asset, date = (
        each.ravel() for each in np.meshgrid(np.arange(40), np.arange(30), indexing="ij")
    )
    dummies = np.column_stack([date == 9, date == 10]).astype(float)
    panel = EventDays(rng.standard_normal(1200), dummies, ("day 0", "day 1"), asset, date)
    found = event_time(panel, "driscoll_kraay")
    assert "effects of assets and dates explain day 0, day 1" in found.reason[0]
    empty = dataclasses.replace(panel, dummies=np.zeros((1200, 2)))
    assert set(event_time(empty, "iid").reason) == {"no return on day 0, day 1"}


@pytest.mark.filterwarnings("error")
def test_fama_macbeth_with_fewer_dates_than_coefficients_keeps_each_t():
    """Two dates, three coefficients: the mean of two over half their distance, t(1), by arithmetic."""
    y, x = normal(40, 2)
    period = np.repeat([0, 1], 20)
    found = fama_macbeth(y, x, period)
    each = [
        np.linalg.lstsq(sm.add_constant(x.values[period == day]), y[period == day], rcond=None)[0]
        for day in (0, 1)
    ]
    half = np.abs(each[0] - each[1]) / 2
    np.testing.assert_allclose(found.statistic, np.mean(each, axis=0) / half, rtol=1e-9)
    assert (found.distribution, set(found.status)) == ("t(1)", {"ok"})


def test_dates_that_cannot_tell_coefficients_apart_are_left_out():
    """Twenty dates of ten events; on one date the characteristic is constant, one has two events."""
    y, x = normal(200, 1)
    period = np.repeat(np.arange(20), 10)
    x.values[:10], period[10:18] = 1.0, 2
    found = fama_macbeth(y, x, period)
    kept = np.isin(period, [0, 1], invert=True)
    slopes = np.array(
        [np.polyfit(x.values[period == day, 0], y[period == day], 1) for day in range(2, 20)]
    )[:, ::-1]
    two = np.polyfit(x.values[period == 1, 0], y[period == 1], 1)[::-1]
    slopes = np.vstack([slopes, two])
    np.testing.assert_allclose(found.estimate, slopes.mean(axis=0), rtol=1e-9)
    error = slopes.std(axis=0, ddof=1) / np.sqrt(19)
    np.testing.assert_allclose(found.std_error, error, rtol=1e-9)
    assert (found.clusters, found.distribution, found.n) == (19, "t(18)", int(kept.sum()) + 2)
    assert set(found.reason) == {
        "1 of 20 dates left out: too few different events for 2 coefficients"
    }
    assert set(fama_macbeth(y, x, period, kernel=True).status) == {"caution"}
    few = fama_macbeth(y, x, np.repeat(np.arange(3), [60, 60, 80]), kernel=True)
    assert set(few.reason) == {"3 dates; Newey-West errors need at least 4"}
    assert set(few.status) == {"not_applicable"}
    none = fama_macbeth(y, x, np.arange(200))
    assert set(none.status) == {"not_applicable"}
    assert "200 of 200 dates left out" in none.reason[0]
