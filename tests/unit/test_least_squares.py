"""The closed form for one regressor against the factorisation, on real returns and at the edges."""

import numpy as np
import pytest

from eventstudy.alignment import exchange
from eventstudy.models._least_squares import least_squares, simple_regression
from eventstudy.returns.panel import lagged_returns, on_sessions, session_returns
from eventstudy.sources.snapshot import Snapshot
from eventstudy.spec import built_in


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
