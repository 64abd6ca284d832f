"""Diagnostics of estimation residuals against statsmodels, window by window."""

import numpy as np
import pytest
from statsmodels.stats.diagnostic import acorr_ljungbox, het_arch
from statsmodels.stats.stattools import jarque_bera
from statsmodels.tsa.stattools import acf

from eventstudy import labels, prose, tables
from eventstudy.diagnostics import ARCH_LAGS, LAGS, diagnose
from tests.studies import result_of


@pytest.fixture(scope="module")
def residuals():
    """Forty windows of 120, some with gaps, some autocorrelated, some with clusters, one too short."""
    rng = np.random.default_rng(5)
    values = rng.standard_t(5, (40, 120)) * 0.01
    values[:10, 1:] += 0.4 * values[:10, :-1]
    values[10:20, 40:80] *= 3
    values[20:30][rng.random((10, 120)) < 0.1] = np.nan
    values[38, 25:] = np.nan
    values[39] = 0.0
    return values


@pytest.mark.filterwarnings("ignore:acorr_lm currently:FutureWarning")
def test_every_test_is_that_of_statsmodels(residuals):
    found = diagnose(residuals)
    for row, series in enumerate(residuals[:38]):
        known = series[~np.isnan(series)]
        centred = known - known.mean()
        assert found.n[row] == len(known)
        expected = [
            acf(known, nlags=1, fft=False)[1],
            acorr_ljungbox(known, lags=[LAGS])["lb_pvalue"].iloc[0],
            het_arch(centred, nlags=ARCH_LAGS)[1],
            jarque_bera(known)[1],
        ]
        got = [each[row] for each in found[1:5]]
        np.testing.assert_allclose(got, expected, rtol=1e-9, atol=1e-14)
        size = np.abs(centred) / centred.std()
        assert found.outliers[row] == (size > 4).sum()
        assert found.largest[row] == pytest.approx(size.max())


def test_short_windows_and_constant_residuals_have_no_p_value(residuals):
    found = diagnose(residuals)
    assert found.n[38:].tolist() == [25, 120]
    for values in found[1:5]:
        assert np.isnan(values[38:]).all()


def test_the_page_counts_what_the_table_lists():
    """Seven windows of the stamp-duty study; the counts are those of the table's p-values."""
    result = result_of("stamp-duty")
    table = tables.diagnostics(result)
    assert len(table.rows) == len(labels.headline(result, "diagnostics")) == 7
    below = [sum(row[column].value <= 0.05 for row in table.rows) for column in (6, 7, 8)]
    printed = [number.value for number in prose.residuals(result).numbers]
    assert printed == [0.05, below[0], 7, *below[1:], pytest.approx(0.35)]
