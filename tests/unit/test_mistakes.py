"""The mistakes that event-study programs make: each is computed here on purpose, and is not ours.

Each test states the right number from its definition, or from the program named in
tests/reference/panel40, the number that the mistake gives, and that they are told apart. The refusals
of robust errors on one-day dummies (11) and the laws of the resampling tests (14, 15) stand beside the
procedures that they belong to.
"""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from eventstudy.abnormal import abnormal_returns
from eventstudy.aggregate import cumulate
from eventstudy.errors import OptionError
from eventstudy.inference._correlation import average_correlation
from eventstudy.inference.bmp import BMP
from eventstudy.inference.corrado_rank import CorradoRank
from eventstudy.inference.cross_sectional_t import CrossSectionalT
from eventstudy.inference.crude_dependence import CrudeDependence
from eventstudy.inference.generalized_sign import GeneralizedSign
from eventstudy.inference.patell import Patell
from eventstudy.models.constant_mean import ConstantMean
from eventstudy.models.market import Market
from eventstudy.panel import Design
from eventstudy.spec import Window, load
from eventstudy.study import run_study
from tests.samples import PANEL40, common_date, make_sample, panel40, run, simulated

MARKET = Market("MKT")
WINDOWS = [(0, 0), (-10, 10)]
EXACT = {"rtol": 1e-12}


@pytest.fixture(scope="module")
def cars():
    return run(panel40(), MARKET, WINDOWS)


@pytest.fixture(scope="module")
def windows():
    """Return asset and market over both windows of the 40 events: (40, 250), (40, 21) each."""
    sample = panel40()
    parts = [sample.gather(slice(None), window) for window in (sample.estimation, Window(-10, 10))]
    return [(part.asset, part.factors[:, :, 0]) for part in parts]


def study_of(folder, text):
    path = folder / "study.yaml"
    path.write_text(f"format: 1\ntitle: T\n{text}\n", encoding="utf-8")
    return run_study(load(path))


def test_01_the_estimation_window_ends_before_the_event_window():
    with pytest.raises(OptionError, match="must end before the event window"):
        Design(estimation=Window(-220, -5), event_window=Window(-10, 10))


def test_01_another_event_in_the_estimation_window_is_said(tmp_path):
    found = study_of(
        tmp_path,
        "assets: [CSI300]\nevents:\n- {id: first, title: A, announced: 2023-07-24}\n"
        "- {id: second, title: B, announced: 2023-08-27}",
    ).frames["quality"]
    row = found[found["check"] == "events in estimation windows"].iloc[0]
    assert row["status"] == "REVIEW"
    assert row["finding"].endswith(": second")


def test_02_an_abnormal_return_is_what_happened_minus_what_was_expected():
    """A rise of five per cent on a flat market is +5, not -5."""
    estimation = 0.01 * np.array([1, -1, 1, -1, 1, -1])
    panel = np.append(estimation, 0.05)[:, None]
    sample = make_sample(panel, None, [0], [6], estimation=(-6, -1), event_window=(0, 0))
    assert run(sample, ConstantMean(), [(0, 0)]).car[0, 0] == pytest.approx(0.05)


def test_03_sigma_divides_by_the_degrees_of_freedom(cars):
    residuals = cars.abnormal.residuals(slice(None))
    square = (residuals**2).sum(axis=1)
    np.testing.assert_allclose(cars.abnormal.sigma**2, square / 248, **EXACT)
    assert (np.abs(cars.abnormal.sigma**2 / residuals.var(axis=1, ddof=1) - 249 / 248) < 1e-9).all()


def test_04_the_forecast_error_uses_the_events_own_dates(cars, windows):
    """h = 1/M + (x - mean)^2 / SSX; left out, or taken from the first firm's dates, it is another."""
    (_, before), (_, event) = windows
    ssx = ((before - before.mean(axis=1, keepdims=True)) ** 2).sum(axis=1)
    h = 1 / 250 + (event[:, 10] - before.mean(axis=1)) ** 2 / ssx
    share = cars.variance[:, 0] / cars.abnormal.sigma**2
    np.testing.assert_allclose(share, 1 + h, **EXACT)
    assert (share > 1).all()
    assert np.ptp(h) > 1e-3


def test_05_the_variance_of_a_car_shares_its_estimation_error(cars, windows):
    """L + L^2/M + (sum d)^2/SSX, not L: on 21 days the difference is 8 per cent and more."""
    (_, before), (_, event) = windows
    mean = before.mean(axis=1)
    ssx = ((before - mean[:, None]) ** 2).sum(axis=1)
    full = 21 + 21**2 / 250 + (event.sum(axis=1) - 21 * mean) ** 2 / ssx
    np.testing.assert_allclose(cars.variance[:, 1] / cars.abnormal.sigma**2, full, **EXACT)
    assert (full / 21 > 1.08).all()


def test_06_patell_is_not_divided_by_the_spread_on_the_event(cars):
    """Patell: sum SCAR / sqrt(N (M-2)/(M-4)). The cross-sectional spread belongs to BMP."""
    scar = cars.scar
    patell, bmp = Patell().test(cars).statistic, BMP().test(cars).statistic
    np.testing.assert_allclose(patell, scar.sum(axis=0) / np.sqrt(40 * 248 / 246), **EXACT)
    np.testing.assert_allclose(
        bmp, np.sqrt(40) * scar.mean(axis=0) / scar.std(axis=0, ddof=1), **EXACT
    )
    assert (np.abs(patell / bmp - 1) > 0.1).any()


def test_07_r_is_over_pairs_of_estimation_residuals():
    """Neither the diagonal nor the days of the event: firms that only jump together have r = 0."""
    panel, market = simulated(np.random.default_rng(4), n=20, length=250, event_days=1)
    sample = common_date(panel, market, length=250)
    panel[250] += 0.05
    jumped = common_date(panel, market, length=250)
    quiet, loud = (
        average_correlation(run(each, MARKET, [(0, 0)]), "overlap")[0] for each in (sample, jumped)
    )
    residuals = run(sample, MARKET, [(0, 0)]).abnormal.residuals(slice(None))
    rho = np.corrcoef(residuals)
    assert quiet == loud
    assert quiet == pytest.approx((rho.sum() - 20) / (20 * 19), rel=1e-9)
    assert rho.mean() == pytest.approx(quiet + (1 - quiet) / 20, rel=1e-9)  # with the diagonal
    assert quiet < 0.03 < rho.mean()


def test_08_a_missing_return_is_not_zero():
    """A firm that does not trade on day 1 has no CAR over [0,1]; with zero it would have AR_0."""
    sample = panel40()
    panel = sample.panel.copy()
    panel[sample.day0[0] + 1, sample.column[0]] = np.nan
    sample = make_sample(
        panel, sample.factors[0], sample.column, sample.day0,
        estimation=(-270, -21), event_window=(-10, 10), dates=sample.axes[0],
    )  # fmt: skip
    car = run(sample, MARKET, [(0, 0), (0, 1)])
    assert np.isfinite(car.car[0, 0])
    assert np.isnan(car.car[0, 1])
    found = CrossSectionalT().test(car)
    complete = car.car[1:, 1]
    assert found.n.tolist() == [40, 39]
    assert found.statistic[1] == pytest.approx(stats.ttest_1samp(complete, 0).statistic, rel=1e-12)


def test_08_the_portfolio_of_each_estimation_day_averages_who_traded():
    """Gaps in the estimation window: the mean of the residuals there, neither zeros nor fewer firms."""
    panel, market = simulated(np.random.default_rng(8), n=6, length=60, event_days=1)
    panel[10:25, 0], panel[40, 3] = np.nan, np.nan
    car = run(common_date(panel, market, length=60), MARKET, [(0, 0)])
    residuals = car.abnormal.residuals(slice(None))
    portfolio = np.nanmean(residuals, axis=0)
    found = CrudeDependence().test(car).statistic[0]
    assert found == pytest.approx(car.car.mean() / portfolio.std(ddof=1), rel=1e-12)
    zeroed = np.nan_to_num(residuals).mean(axis=0).std(ddof=1)
    complete = residuals[:, np.isfinite(residuals).all(axis=0)].mean(axis=0).std(ddof=1)
    assert abs(found - car.car.mean() / zeroed) > 1e-3
    assert abs(found - car.car.mean() / complete) > 1e-3


def test_09_the_share_of_positive_residuals_is_averaged_over_firms():
    """Firms of unequal history count the same: 0.4 and 0.5 of 10 and 30 days give 0.45, not 0.475."""
    short = np.tile([2.0, 2.0, -1.0, -1.0, -2.0], 2)
    long = np.tile([1.0, -1.0], 15)
    panel = np.full((31, 2), np.nan)
    panel[20:30, 0], panel[:30, 1], panel[30] = short, long, 5.0
    sample = make_sample(panel, None, [0, 1], [30, 30], estimation=(-30, -1), event_window=(0, 0))
    found = GeneralizedSign().test(run(sample, ConstantMean(), [(0, 0)]))
    fair, pooled = 0.45, 19 / 40
    assert found.statistic[0] == pytest.approx((2 - 2 * fair) / np.sqrt(2 * fair * (1 - fair)))
    assert found.statistic[0] != pytest.approx(
        (2 - 2 * pooled) / np.sqrt(2 * pooled * (1 - pooled))
    )


def test_10_ranks_and_their_spread_take_in_the_event_days():
    """Four events ranked over estimation and event day; without the event day Z is another."""
    panel, market = simulated(np.random.default_rng(10), n=4, length=40, event_days=1)
    panel[40] += 0.02
    car = run(common_date(panel, market, length=40), MARKET, [(0, 0)])
    residuals = car.abnormal.residuals(slice(None))
    whole = np.column_stack([residuals, car.abnormal.ar])
    deviation = (stats.rankdata(whole, axis=1) / 42 - 0.5).mean(axis=0)
    found = CorradoRank().test(car).statistic[0]
    assert found == pytest.approx(deviation[-1] / np.sqrt((deviation**2).mean()), rel=1e-12)
    assert abs(found - deviation[-1] / np.sqrt((deviation[:-1] ** 2).mean())) > 0.05


def test_12_five_events_are_held_against_t4():
    panel, market = simulated(np.random.default_rng(12), n=5, length=120, event_days=1)
    panel[120] += 0.008
    car = run(common_date(panel, market), MARKET, [(0, 0)])
    for test in (CrossSectionalT(), BMP()):
        found = test.test(car)
        statistic = found.statistic[0]
        assert found.distribution[0] == "t(4)"
        assert found.p_value[0] == pytest.approx(2 * stats.t.sf(abs(statistic), 4), rel=1e-10)
        assert found.p_value[0] > 1.1 * 2 * stats.norm.sf(abs(statistic))


def test_13_an_event_is_not_moved_over_a_long_holiday_in_silence(tmp_path):
    """Within Golden Week, with a limit of three days: six days to the next session are too many."""
    text = (
        "assets: [CSI300]\nmax_shift_days: 3\nevents:\n"
        "- {id: holiday, title: A, announced: 2024-10-02}\n"
        "- {id: before, title: B, announced: 2024-09-24 09:00}"
    )
    dropped = study_of(tmp_path, text).frames["dropped"]
    assert set(dropped["event_id"]) == {"holiday"}
    assert dropped["reason"].str.contains("max_shift_days").all()


def test_16_log_returns_sum_and_simple_returns_do_not(tmp_path):
    """CAR over [0,1] of log returns plus its expectation is the log of what the index did."""
    text = "assets: [CSI300]\nevents: [{id: a, title: A, announced: 2023-08-27}]\nwindows: [[0, 1]]"
    sums = {}
    for kind in ("log", "simple"):
        found = study_of(tmp_path, f"{text}\nreturns: {kind}").frames
        days = found["abnormal"].query("tau in (0, 1) and model == 'constant_mean'")
        sums[kind] = (days["ar"] + days["expected"]).sum()
        close = found["day0_prices"].set_index("event_id").loc["a"]
    level = found["levels"].query("asset == 'CSI300'").set_index("date")["close"]
    moved = level["2023-08-29"] / close["previous_close"] - 1
    assert sums["log"] == pytest.approx(np.log1p(moved), abs=1e-12)
    assert abs(sums["simple"] - moved) > 1e-5


def test_16_what_is_held_compounds_in_either_kind_of_return(tmp_path):
    """Buy-and-hold against the Hang Seng: log and simple returns give one number, their CARs two."""
    text = (
        "assets: [CSI300]\nevents: [{id: a, title: A, announced: 2022-03-15}]\nwindows: [[0, 10]]\n"
        "models: [{name: market_adjusted, benchmark: HSI}]"
    )
    found = [
        study_of(tmp_path, f"{text}\nreturns: {kind}").frames["car"].iloc[0]
        for kind in ("log", "simple")
    ]
    assert found[0]["bhar"] == pytest.approx(found[1]["bhar"], abs=1e-12)
    assert abs(found[0]["car"] - found[1]["car"]) > 0.005
    assert abs(found[1]["car"] - found[1]["bhar"]) > 1e-4


def test_17_shanghai_and_hong_kong_have_their_own_day_0(tmp_path):
    """12 May 2025 at 15:00: the mainland has closed, Hong Kong trades."""
    found = study_of(
        tmp_path,
        "assets: [CSI300, HSTECH]\nevents: [{id: a, title: A, announced: 2025-05-12 15:00}]",
    ).frames["day0"]
    assert dict(zip(found["asset"], found["session"], strict=True)) == {
        "CSI300": "2025-05-13",
        "HSTECH": "2025-05-12",
    }


def test_18_overlapping_events_are_counted_as_one_cluster(tmp_path):
    found = study_of(
        tmp_path,
        "assets: [CSI300]\nevents:\n- {id: a, title: A, announced: 2023-08-25 08:00}\n"
        "- {id: b, title: B, announced: 2023-08-27}\n- {id: c, title: C, announced: 2022-03-16 08:00}",
    ).frames["quality"]
    row = found[found["check"] == "overlapping windows"].iloc[0]
    assert row["status"] == "REVIEW"
    assert row["recommendation"].endswith("read n as 2")


def test_the_reference_panel_tells_the_forms_of_the_variance_apart(cars):
    """panel40 keeps the sum of SARs and the full variance of a CAR as two columns; both are ours."""
    table = pd.read_csv(PANEL40 / "expected" / "car_tests.csv").query("win_start == -10").iloc[0]
    full = Patell().test(cars).statistic[1]
    summed = Patell(window_form="sar_sum").test(cars).statistic[1]
    assert full == pytest.approx(table["J2"], rel=1e-10)
    assert summed == pytest.approx(table["Z_patell_sumSAR"], rel=1e-10)
    assert abs(full - summed) > 0.01


@pytest.mark.parametrize("n", [1, 2, 40, 1000])
def test_missing_returns_and_staggered_dates_at_every_size(n):
    """Four per cent missing: every event equals the same event estimated alone."""
    rng = np.random.default_rng(n)
    width = max(1, n // 4)
    market = 0.01 * rng.standard_normal(420)
    panel = market[:, None] + 0.02 * rng.standard_normal((420, width))
    panel[rng.random(panel.shape) < 0.04] = np.nan
    column, day0 = np.arange(n) % width, 130 + rng.integers(0, 280, n)
    panel[day0, column] = 0.01
    sample = make_sample(
        panel, market, column, day0, estimation=(-120, -11), event_window=(-5, 9)
    )  # fmt: skip
    batch = cumulate(abnormal_returns(sample, MARKET.fit(sample)), [Window(0, 0), Window(-1, 1)])
    for row in {0, n // 2, n - 1}:
        alone = run(sample.select(np.array([row])), MARKET, [(0, 0), (-1, 1)])
        np.testing.assert_allclose(batch.car[[row]], alone.car, rtol=1e-10, atol=1e-15)
        np.testing.assert_allclose(batch.variance[[row]], alone.variance, rtol=1e-10)
