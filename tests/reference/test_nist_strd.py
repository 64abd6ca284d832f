"""Least squares against the certified values of NIST, see nist_strd/README.md."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import scipy
from statsmodels.datasets import longley

from eventstudy.models._least_squares import least_squares, simple_regression

HERE = Path(__file__).parent / "nist_strd"
NORRIS = Path(scipy.__file__).parent / "stats/tests/data/nist_linregress/Norris.dat"
DELTA = [759, -2048, 2048, -2048, 2523, -2048, 2048, -2048, 1838, -2048]
WAMPLER = np.array([*DELTA, 2048, *DELTA[::-1]])


def digits(found, certified):
    """Return the smallest number of correct digits, 15 where all are."""
    found, certified = np.asarray(found), np.asarray(certified)
    error = np.abs(found - certified) / np.where(certified == 0, 1, np.abs(certified))
    return float(np.min(-np.log10(np.maximum(error, 1e-15))))


def polynomial(x, degree, *, first=0):
    return np.power.outer(np.asarray(x, float), np.arange(first, degree + 1))


def fit(y, x):
    return least_squares(np.asarray(y, float)[None], np.asarray(x, float)[None])


def norris():
    if not NORRIS.is_file():
        pytest.skip("scipy was installed without its test data")
    lines = NORRIS.read_text(encoding="ascii").splitlines()
    certified = np.array([line.split()[1:] for line in lines if re.match(r"\s+B\d ", line)], float)
    y, x = np.loadtxt(lines[60:96]).T
    return y, polynomial(x, 1), certified


def pontius():
    data = pd.read_csv(HERE / "pontius.csv")
    certified = [
        (0.673565789473684e-03, 0.107938612033077e-03),
        (0.732059160401003e-06, 0.157817399981659e-09),
        (-0.316081871345029e-14, 0.486652849992036e-16),
    ]
    return data["y"], polynomial(data["x"], 2), certified


def filip():
    data = pd.read_csv(HERE / "filip.csv")
    certified = [
        (-1467.48961422980, 298.084530995537),
        (-2772.17959193342, 559.779865474950),
        (-2316.37108160893, 466.477572127796),
        (-1127.97394098372, 227.204274477751),
        (-354.478233703349, 71.6478660875927),
        (-75.1242017393757, 15.2897178747400),
        (-10.8753180355343, 2.23691159816033),
        (-1.06221498588947, 0.221624321934227),
        (-0.670191154593408e-01, 0.142363763154724e-01),
        (-0.246781078275479e-02, 0.535617408889821e-03),
        (-0.402962525080404e-04, 0.896632837373868e-05),
    ]
    return data["y"], polynomial(data["x"], 10), certified


def longley_1967():
    data = longley.load_pandas()
    certified = [
        (-3482258.63459582, 890420.383607373),
        (15.0618722713733, 84.9149257747669),
        (-0.358191792925910e-01, 0.334910077722432e-01),
        (-2.02022980381683, 0.488399681651699),
        (-1.03322686717359, 0.214274163161675),
        (-0.511041056535807e-01, 0.226073200069370),
        (1829.15146461355, 455.478499142212),
    ]
    return data.endog, np.column_stack([np.ones(16), data.exog]), certified


def no_intercept_1():
    return np.arange(130, 141), np.arange(60, 71)[:, None], [(2.07438016528926, 0.0165289256198347)]


def no_intercept_2():
    return [3, 4, 4], np.array([[4], [5], [6]]), [(0.727272727272727, 0.0420827318078432)]


@pytest.mark.parametrize(
    ("data", "estimates", "errors"),
    [
        (norris, 12, 12),
        (pontius, 11, 11),
        (filip, 7, 7),
        (longley_1967, 10, 10),
        (no_intercept_1, 14, 13),
        (no_intercept_2, 14, 13),
    ],
)
def test_certified_regressions(data, estimates, errors):
    """Estimates and their standard deviations, to so many digits."""
    y, x, certified = data()
    found, (coefficients, deviations) = fit(y, x), np.transpose(certified)
    assert digits(found.coefficients[0], coefficients) >= estimates
    assert digits(found.std_errors[0], deviations) >= errors


def test_norris_by_the_closed_form():
    y, x, certified = norris()
    found = simple_regression(y[None], x[None, :, 1])
    assert digits(found.coefficients[0], certified[:, 0]) >= 12
    assert digits(found.std_errors[0], certified[:, 1]) >= 12
    assert digits(found.r_squared[0], 0.999993745883712) >= 14


@pytest.mark.parametrize(
    ("coefficients", "noise", "estimates"),
    [
        (np.ones(6), 0, 9),
        (0.1 ** np.arange(6), 0, 9),
        (np.ones(6), 1, 9),
        (np.ones(6), 100, 7),
        (np.ones(6), 10_000, 5),
    ],
    ids=["Wampler1", "Wampler2", "Wampler3", "Wampler4", "Wampler5"],
)
def test_wampler(coefficients, noise, estimates):
    """A polynomial of degree 5, disturbed by a vector orthogonal to it, times 1, 100, 10,000."""
    x = polynomial(np.arange(21), 5)
    y = np.round(x @ coefficients, 5) + noise * WAMPLER
    found = fit(y, x)
    assert digits(found.coefficients[0], coefficients) >= estimates
    if noise:
        certified = [2152.32624678170, 2363.55173469681, 779.343524331583]
        certified += [101.475507550350, 5.64566512170752, 0.112324854679312]
        assert digits(found.std_errors[0] / noise, certified) >= 10
    else:
        assert found.sigma[0] == 0
