"""Quantiles of columns with gaps, against numpy column by column."""

import numpy as np
import pytest

from eventstudy.aggregate import quantiles


@pytest.mark.parametrize("n", [1, 2, 3, 8, 200])
def test_quantiles_of_columns_with_gaps(n):
    rng, shares = np.random.default_rng(n), (0.0, 0.025, 0.5, 0.77, 1.0)
    values = rng.standard_normal((n, 6))
    np.testing.assert_array_equal(quantiles(values, shares), np.quantile(values, shares, axis=0))
    values[rng.random(values.shape) < 0.3] = np.nan
    values[:, 0] = np.nan
    expected = [
        np.quantile(column[known], shares) if (known := np.isfinite(column)).any() else [np.nan] * 5
        for column in values.T
    ]
    np.testing.assert_array_equal(quantiles(values, shares), np.transpose(expected))
