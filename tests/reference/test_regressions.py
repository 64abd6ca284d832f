"""Regressions on panel40: files made by statsmodels, linearmodels and pyfixest, and pyfixest here."""

import warnings

import numpy as np
import pandas as pd
import pyfixest as pf
import pytest
from pyfixest.demeaners import MapDemeaner

from eventstudy.regressions import (
    Characteristics,
    characteristics,
    cross_section,
    event_time,
    fama_macbeth,
    parse_errors,
)
from eventstudy.regressions.cross_section import least_squares
from eventstudy.regressions.event_time import EventDays
from tests.samples import PANEL40

CLOSE = {"rtol": 1e-8, "atol": 1e-14}
NAMES = ("grp", "log_mcap", "leverage")


def feols(formula, table, **options):
    """Return the table of pyfixest, which uses what pandas is about to give up."""
    with warnings.catch_warnings(action="ignore"):
        return pf.feols(formula, table, **options).tidy()


def expected(name):
    return pd.read_csv(PANEL40 / "expected" / "regressions" / f"{name}.csv")


@pytest.fixture(scope="module")
def cars():
    return expected("input_car_cross_section")


def regressors(table, names=NAMES):
    return characteristics({name: table[name].to_numpy(float) for name in names})


def rows(package, vcov):
    table = expected("car_cross_section")
    return table[(table["package"] == package) & (table["vcov"] == vcov)]


@pytest.mark.parametrize(
    ("errors", "vcov", "p_from"),
    [
        ("iid", "nonrobust", ("statsmodels", "nonrobust")),
        ("HC0", "HC0", None),
        ("HC1", "HC1", ("pyfixest", "HC1")),
        ("HC2", "HC2", None),
        ("HC3", "HC3", None),
    ],
)
def test_cross_section(cars, errors, vcov, p_from):
    """statsmodels' robust p-values are normal; ours are those of t(36), as in pyfixest."""
    found = cross_section(cars["CAR"].to_numpy(), regressors(cars), parse_errors(errors))
    table = rows("statsmodels", vcov)
    np.testing.assert_allclose(found.estimate, table["coef"], **CLOSE)
    np.testing.assert_allclose(found.std_error, table["se"], **CLOSE)
    np.testing.assert_allclose(found.statistic, table["t"], **CLOSE)
    np.testing.assert_allclose(found.r_squared, table["r2"].iloc[0], **CLOSE)
    if p_from:
        np.testing.assert_allclose(found.p_value, rows(*p_from)["p"], **CLOSE)
    assert (found.n, found.distribution, found.clusters) == (40, "t(36)", None)


def test_clusters_by_date(cars):
    """Standard errors of statsmodels and pyfixest, p-values of pyfixest.

    `grp` is one exactly on the date that twelve firms share, so the residuals of that cluster add up
    to zero: the error of the file, .0080 beside .0122 without clusters, is refused.
    """
    labels = cars["event_date"].to_numpy(object)
    errors = parse_errors("cluster:date")
    found = cross_section(cars["CAR"].to_numpy(), regressors(cars), errors, [labels])
    table, other = rows("statsmodels", "cluster_event_date"), rows("pyfixest", "CRV1_event_date")
    usable = np.array([True, False, True, True])
    np.testing.assert_allclose(found.estimate, table["coef"], **CLOSE)
    np.testing.assert_allclose(found.std_error[usable], table["se"][usable], **CLOSE)
    np.testing.assert_allclose(found.statistic[usable], table["t"][usable], **CLOSE)
    np.testing.assert_allclose(found.p_value[usable], other["p"][usable], **CLOSE)
    assert found.status.tolist() == ["caution", "not_applicable", "caution", "caution"]
    assert "grp rests on one of the clusters by date" in found.reason[1]
    assert np.isnan([found.std_error[1], found.p_value[1], found.low[1]]).all()
    raw = least_squares(cars["CAR"].to_numpy(), regressors(cars), errors, [pd.factorize(labels)[0]])
    np.testing.assert_allclose(np.sqrt(raw.variance), table["se"], **CLOSE)


@pytest.mark.parametrize(
    ("errors", "vcov"),
    [
        ("cluster:date", {"CRV1": "date"}),
        ("cluster:sector,date", {"CRV1": "sector + date"}),
    ],
)
def test_clusters_as_pyfixest(errors, vcov):
    """Words as dummies, one and two ways of clustering, 400 events on 40 dates in 35 sectors."""
    rng = np.random.default_rng(8)
    table = pd.DataFrame(
        {
            "date": rng.integers(0, 40, 400).astype(str),
            "sector": rng.integers(0, 35, 400).astype(str),
            "size": rng.normal(20, 2, 400),
            "owner": rng.choice(["state", "private", "foreign"], 400),
        }
    )
    shock = rng.standard_normal((2, 40))
    table["car"] = 0.02 * (
        rng.standard_normal(400)
        + shock[0, table["date"].astype(int)]
        + shock[1, table["sector"].astype(int)]
    )
    outside = feols("car ~ size + C(owner)", table, vcov=vcov, ssc=pf.ssc(G_df="conventional"))
    chosen = characteristics(
        {"size": table["size"].to_numpy(), "owner": table["owner"].to_numpy(object)}
    )
    parsed = parse_errors(errors)
    labels = [table[name].to_numpy(object) for name in parsed.by]
    found = cross_section(table["car"].to_numpy(), chosen, parsed, labels)
    assert found.terms == (
        "intercept",
        "size",
        "owner[private vs foreign]",
        "owner[state vs foreign]",
    )
    np.testing.assert_allclose(found.estimate, outside["Estimate"], rtol=1e-8)
    np.testing.assert_allclose(found.std_error, outside["Std. Error"], rtol=1e-8)
    np.testing.assert_allclose(found.p_value, outside["Pr(>|t|)"], rtol=1e-7)
    limits = outside[["2.5%", "97.5%"]].to_numpy().T
    np.testing.assert_allclose([found.low, found.high], limits, rtol=1e-7)
    assert set(found.status) == {"ok"}


@pytest.mark.parametrize("kernel", [False, True])
def test_fama_macbeth(kernel):
    """Daily returns of forty firms on two characteristics, 400 dates."""
    returns = pd.read_csv(PANEL40 / "inputs" / "returns_wide.csv").drop(columns="MKT")
    events = pd.read_csv(PANEL40 / "inputs" / "events.csv")
    table = returns.melt("date", var_name="ticker", value_name="ret").merge(events, on="ticker")
    found = fama_macbeth(
        table["ret"].to_numpy(),
        regressors(table, ("log_mcap", "leverage")),
        table["date"].to_numpy(object),
        kernel=kernel,
    )
    outside = expected(f"famamacbeth_{'kernel' if kernel else 'robust'}")
    for ours, theirs in (
        (found.estimate, "coef"),
        (found.std_error, "se"),
        (found.statistic, "t"),
        (found.p_value, "p"),
    ):
        np.testing.assert_allclose(ours, outside[theirs], **CLOSE)
    assert (found.n, found.clusters, found.distribution) == (16_000, 400, "t(399)")


def days(kept):
    """Return panel40 around its events, with a dummy for each day that is kept."""
    table = expected("input_panel")
    return EventDays(
        returns=table["ret"].to_numpy(),
        dummies=np.column_stack([(table["rel"] == day).to_numpy(float) for day in kept]),
        terms=tuple(f"day {day}" for day in kept),
        asset=pd.factorize(table["ticker"])[0],
        date=table["t"].to_numpy(),
    )


def test_event_time():
    found, outside = event_time(days((0, 1)), "cluster:asset"), expected("panelols_linearmodels")
    for ours, theirs in (
        (found.estimate, "coef"),
        (found.std_error, "se"),
        (found.statistic, "t"),
        (found.p_value, "p"),
    ):
        np.testing.assert_allclose(ours, outside[theirs], **CLOSE)
    assert (found.n, found.clusters, found.distribution) == (1634, 40, "t(1449)")
    assert found.status.tolist() == ["caution", "caution"]


def test_every_day_but_one_is_not_identified():
    """The file of pyfixest has errors of 7.4 for a return of -0.05: the dummies are collinear.

    All firms have an event and no day is far from it, so a line in event time is a line in dates and
    a constant of each firm. Its estimates are exact only up to that line; without a second day they
    are those of pyfixest.
    """
    every = [day for day in range(-20, 21) if day != -1]
    found = event_time(days(every), "cluster:asset")
    assert set(found.status) == {"not_applicable"}
    assert (
        "effects of assets and dates explain day -20, day -19, day -18 and 37 more"
        in found.reason[0]
    )
    table = expected("twfe_eventstudy_pyfixest")
    assert (table["Std. Error"] > 0.38).all()
    identified = event_time(days(every[1:]), "cluster:asset")
    outside = feols(
        "ret ~ i(rel, ref=-1) | ticker + t",
        expected("input_panel").assign(rel=lambda x: x["rel"].where(x["rel"] != -20, -1)),
        vcov={"CRV1": "ticker"},
        demeaner=MapDemeaner(fixef_tol=1e-12),
    )
    np.testing.assert_allclose(identified.estimate, outside["Estimate"], rtol=1e-6, atol=1e-9)
    theirs = table["Estimate"].to_numpy()[1:]
    line = theirs - identified.estimate
    np.testing.assert_allclose(
        line, np.polyval(np.polyfit(every[1:], line, 1), every[1:]), atol=1e-9
    )


def test_driscoll_kraay_by_its_definition():
    """Sums of scores by date, Bartlett weights over floor(4 (T/100)^(2/9)) dates."""
    panel = days((0, 1))
    found = event_time(panel, "driscoll_kraay")
    effects = pd.get_dummies(pd.DataFrame({"a": panel.asset, "d": panel.date}).astype(str))
    effects = effects.to_numpy(float)

    def within(values):
        return values - effects @ np.linalg.lstsq(effects, values, rcond=None)[0]

    x, y = within(panel.dummies), within(panel.returns)
    residuals = y - x @ found.estimate
    score = pd.DataFrame(x * residuals[:, None]).groupby(panel.date).sum().to_numpy()
    lags = int(4 * (len(score) / 100) ** (2 / 9))
    inner = score.T @ score
    for lag in range(1, lags + 1):
        cross = score[lag:].T @ score[:-lag]
        inner += (1 - lag / (lags + 1)) * (cross + cross.T)
    bread = np.linalg.inv(x.T @ x)
    n, dof = len(y), int(found.distribution[2:-1])
    variance = np.diag(bread @ inner @ bread) * n / dof
    np.testing.assert_allclose(found.std_error, np.sqrt(variance), rtol=1e-6)
    assert found.clusters == len(score)


def test_a_market_value_in_units_is_no_trouble(cars):
    """Regressors of very different size: the coefficient scales, its t does not."""
    table = cars.assign(big=1e13 * cars["leverage"])
    small, big = (
        cross_section(cars["CAR"].to_numpy(), regressors(table, ("grp", name)), parse_errors("HC3"))
        for name in ("leverage", "big")
    )
    np.testing.assert_allclose(small.statistic, big.statistic, rtol=1e-9)
    assert isinstance(regressors(table), Characteristics)
