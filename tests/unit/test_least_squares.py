"""The closed form for one regressor against the factorisation, on real returns and at the edges."""

import numpy as np
import pytest

from eventstudy.alignment import exchange
from eventstudy.models._least_squares import fit_regression, least_squares, simple_regression
from eventstudy.models._window_sums import SlidingSums, window_moments
from eventstudy.returns.panel import lagged_returns, on_sessions, session_returns
from eventstudy.sources.snapshot import Snapshot
from eventstudy.spec import built_in
from tests.samples import make_sample


@pytest.fixture(scope="module")
def real():
    """Return every window of 120 sessions of CSI 300 and Hang Seng returns with a benchmark."""
    known = built_in()
    names = ("CSI300", "HSI", "SPX")
    prices = Snapshot().fetch([known[name] for name in names])
    market, new_york = exchange("XHKG"), exchange("XNYS")
    asset, local = (
        session_returns(on_sessions(prices, name, market.sessions), "simple")
        for name in ("CSI300", "HSI")
    )
    closes = on_sessions(prices, "SPX", new_york.sessions)
    abroad = lagged_returns(closes, new_york, market, "simple")
    pairs = [(asset, local), (asset, abroad), (local, abroad)]
    cut = np.lib.stride_tricks.sliding_window_view
    y, x = (np.concatenate([cut(pair[side], 120)[::5] for pair in pairs]) for side in (0, 1))
    enough = (np.isfinite(y) & np.isfinite(x)).sum(axis=1) > 60
    return y[enough], x[enough]


def both(y, x):
    return simple_regression(y, x), least_squares(y, np.stack([np.ones_like(x), x], axis=2))


@pytest.mark.parametrize("missing", [False, True])
def test_the_closed_form_agrees_on_real_returns(real, missing):
    """To 1e-12, with and without the sessions on which one of the markets was shut."""
    y, x = real
    complete = np.isfinite(y).all(axis=1) & np.isfinite(x).all(axis=1)
    y, x = y[complete != missing], x[complete != missing]
    assert len(y) > 100
    fast, slow = both(y, x)
    size = np.nanstd(y, axis=1)
    np.testing.assert_allclose(fast.coefficients[:, 1], slow.coefficients[:, 1], rtol=1e-12)
    alpha = (fast.coefficients[:, 0] - slow.coefficients[:, 0]) / size
    np.testing.assert_allclose(alpha, 0, atol=1e-12)
    np.testing.assert_allclose(fast.std_errors, slow.std_errors, rtol=1e-12)
    np.testing.assert_allclose(fast.sigma, slow.sigma, rtol=1e-12)
    np.testing.assert_allclose(fast.r_squared, slow.r_squared, atol=1e-12)
    np.testing.assert_array_equal(fast.dof, slow.dof)
    np.testing.assert_array_equal(fast.n_obs, slow.n_obs)
    row = np.array([1.0, 0.05])
    leverage = [((row @ part.basis) ** 2).sum(axis=1) for part in (fast, slow)]
    np.testing.assert_allclose(*leverage, rtol=1e-12)


def test_the_edges_of_the_closed_form_are_those_of_the_factorisation():
    """Constant regressor, too few returns, nothing at all, exact fit: the same verdicts."""
    rng = np.random.default_rng(1)
    y, x = rng.standard_normal((5, 30)), rng.standard_normal((5, 30))
    x[0] = 0.001
    y[1, 2:] = np.nan
    y[2] = np.nan
    y[3] = 2 + 3 * x[3]
    fast, slow = both(y, x)
    np.testing.assert_array_equal(fast.collinear[[0, 3, 4]], slow.collinear[[0, 3, 4]])
    np.testing.assert_array_equal(np.isnan(fast.sigma), np.isnan(slow.sigma))
    assert np.isnan(fast.sigma).tolist() == [True, True, True, False, False]
    assert fast.collinear[0].tolist() == [False, True]
    assert fast.sigma[3] == slow.sigma[3] == 0
    assert np.isnan(fast.coefficients[:3]).all(axis=1).tolist() == [True, True, True]
    assert fast.n_obs.tolist() == [30, 2, 0, 30, 30]


def test_a_level_a_million_times_the_spread_costs_six_digits_not_all():
    """Sums of raw squares would leave four digits."""
    rng = np.random.default_rng(2)
    x = 1e6 + rng.standard_normal((1, 50))
    found = simple_regression(3 + 2 * x, x)
    np.testing.assert_allclose(found.coefficients[0, 1], 2, rtol=1e-9)


def every_day(y, x, *, length=120):
    """Return a sample with an event on every session that a series has, its last columns included."""
    y = np.atleast_2d(y)
    days, column = np.tile(np.arange(y.shape[1]), len(y)), np.repeat(np.arange(len(y)), y.shape[1])
    window = (-length - 10, -11)
    return make_sample(y.T, x, column, days, estimation=window, event_window=(0, 0))


def test_sums_over_the_series_agree_with_the_factorisation_on_real_returns():
    """To 1e-12, for every window of CSI 300 and S&P 500 on the days of Hong Kong, holidays missing."""
    known = built_in()
    prices = Snapshot().fetch([known[name] for name in ("CSI300", "HSI", "SPX")])
    sessions = exchange("XHKG").sessions
    mainland, local, abroad = (
        session_returns(on_sessions(prices, name, sessions), "simple")
        for name in ("CSI300", "HSI", "SPX")
    )
    sample = every_day([mainland, abroad], local)
    rows, moments = window_moments(sample)
    window = sample.gather(rows, sample.estimation)
    assert len(rows) > 2000
    assert np.isnan(window.asset).any()
    slow = least_squares(
        window.asset, np.stack([np.ones_like(window.asset), window.factors[..., 0]], axis=2)
    )
    beta = moments.xy / moments.xx
    alpha = moments.mean_y - beta * moments.mean_x
    size = np.nanstd(window.asset, axis=1)
    np.testing.assert_array_equal(moments.n_obs, slow.n_obs)
    np.testing.assert_allclose(beta, slow.coefficients[:, 1], atol=1e-12)
    np.testing.assert_allclose(alpha / size, slow.coefficients[:, 0] / size, atol=1e-12)
    np.testing.assert_allclose(np.sqrt(moments.sse / slow.dof), slow.sigma, rtol=1e-12)
    np.testing.assert_allclose(1 - moments.sse / moments.yy, slow.r_squared, atol=1e-12)


def test_a_calm_window_behind_a_wild_one_keeps_its_digits():
    """A million times wilder before: differences of running sums would leave four digits."""
    rng = np.random.default_rng(3)
    y, x = rng.standard_normal((2, 600))
    y[:200] *= 1e6
    x[:200] *= 1e6
    sample = every_day(y, x, length=50)
    window = sample.gather(np.arange(600), sample.estimation)
    found = fit_regression(sample, ("alpha", "beta"))
    slow = least_squares(
        window.asset, np.stack([np.ones_like(window.asset), window.factors[..., 0]], axis=2)
    )
    calm = slice(300, None)
    np.testing.assert_allclose(found.sigma[calm], slow.sigma[calm], rtol=1e-12)
    np.testing.assert_allclose(
        found.coefficients[calm, 1], slow.coefficients[calm, 1], rtol=1e-9, atol=1e-12
    )


def test_windows_that_sums_would_spoil_are_gathered():
    """A constant, a level far above its spread, an exact line, no returns: left to the regression."""
    rng = np.random.default_rng(4)
    x, noise = rng.standard_normal((2, 400))
    series = [np.full(400, 0.1), 1e4 + noise, 2 + 3 * x, np.full(400, np.nan), noise]
    sample = every_day(series, x, length=50)
    rows, _ = window_moments(sample)
    assert np.unique(sample.column[rows]).tolist() == [4]
    fit = fit_regression(sample, ("alpha", "beta"))
    whole = sample.day0 >= 60
    assert (fit.sigma[whole & (sample.column == 0)] == 0).all()
    assert (fit.sigma[whole & (sample.column == 2)] == 0).all()
    assert np.isnan(fit.sigma[sample.column == 3]).all()


@pytest.mark.parametrize("length", [2, 3, 4, 9, 10, 30, 99])
@pytest.mark.parametrize("sessions", [1, 5, 30, 31, 100])
def test_sums_of_windows_are_those_of_their_values(length, sessions):
    """Windows at every place, before the first session and after the last included."""
    values = np.random.default_rng(5).standard_normal((sessions, 3))
    first = np.arange(-length - 3, sessions + 3)
    which = first % 3
    sums = SlidingSums(sessions, length, 3)
    places, blocks = sums.places(which, first), sums.blocked(values)
    found = sums.of(blocks, places), sums.of(blocks, places, times=blocks)
    cut = [
        values[max(start, 0) : max(start + length, 0), column]
        for start, column in zip(first, which, strict=True)
    ]
    np.testing.assert_allclose(found[0], [part.sum() for part in cut], atol=1e-13)
    np.testing.assert_allclose(found[1], [(part**2).sum() for part in cut], atol=1e-13)
