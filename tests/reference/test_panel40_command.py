"""The command line on the synthetic panel of 40 firms: numbers from outside, through CSV and back."""

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from tests.panel40_tables import WINDOWS, arguments, write_tables
from tests.samples import PANEL40

CLOSE = {"rtol": 1e-10, "atol": 1e-13}


def expected(name, *key):
    table = pd.read_csv(PANEL40 / "expected" / f"{name}.csv")
    return table.set_index(list(key)).sort_index()


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = write_tables(tmp_path_factory.mktemp("panel40"))
    windows = [word for start, end in WINDOWS for word in ("--window", f"{start}:{end}")]
    command = [sys.executable, "-m", "eventstudy", *arguments(folder, *windows)]
    subprocess.run(command, check=True, capture_output=True)
    return {path.stem: pd.read_csv(path) for path in (folder / "out").glob("*.csv")}


def test_parameters(results):
    found = results["parameters"].pivot_table("estimate", "event_id", "parameter")
    table = expected("params", "event_id")
    np.testing.assert_allclose(found["alpha"], table["alpha"], rtol=1e-9, atol=1e-16)
    np.testing.assert_allclose(found["beta"], table["beta"], **CLOSE)
    np.testing.assert_allclose(found["sigma"] ** 2, table["s2"], **CLOSE)
    np.testing.assert_allclose(found["r_squared"], table["R2"], **CLOSE)
    assert set(found["dof"]) == {248}


def test_abnormal_returns(results):
    found = results["abnormal"].set_index(["event_id", "tau"]).sort_index()
    table = expected("ar_sar", "event_id", "rel_day")
    np.testing.assert_allclose(found["ar"], table["AR"], **CLOSE)
    np.testing.assert_allclose(found["sar"], table["SAR"], **CLOSE)


def test_cars_of_every_event(results):
    found = results["car"].set_index(["event_id", "window_start", "window_end"]).sort_index()
    table = expected("event_cars", "event_id", "win_start", "win_end")
    np.testing.assert_allclose(found["car"], table["CAR"], **CLOSE)
    np.testing.assert_allclose(found["std_error"] ** 2, table["varCAR"], **CLOSE)
    np.testing.assert_allclose(found["scar"], table["SCAR"], **CLOSE)
    two_sided = 2 * stats.t.sf(np.abs(table["SCAR"]), 248)
    np.testing.assert_allclose(found["p_value"], two_sided, rtol=1e-9)


def rows(results, statistic):
    table = results["statistics"]
    assert set(table["group"]) == set(table["asset"]) == {"all"}
    found = table[table["statistic"] == statistic]
    return found.set_index(["window_start", "window_end"]).sort_index()


@pytest.mark.parametrize(
    ("statistic", "column"),
    [
        ("cross_sectional_t", "t_crosssec"),
        ("patell", "J2"),
        ("bmp", "t_BMP"),
        ("corrado_rank", "corrado_rank"),
        ("generalized_rank_t", "GRANK_T"),
        ("generalized_rank_z", "GRANK_Z"),
        ("generalized_sign", "Z_gensign"),
        ("sign", "Z_sign"),
    ],
)
def test_windows(results, statistic, column):
    table = expected("car_tests", "win_start", "win_end")
    found = rows(results, statistic).loc[table.index]
    np.testing.assert_allclose(found["value"], table[column], **CLOSE)
    np.testing.assert_allclose(found["estimate"], table["CAAR"], **CLOSE)
    assert set(found["n"]) == {40}


@pytest.mark.parametrize(
    ("statistic", "column"),
    [("crude_dependence", "t_brownwarner"), ("patell", "Z_patell"), ("bmp", "t_BMP")],
)
def test_every_day_is_a_window(results, statistic, column):
    table = expected("daily_tests", "rel_day")
    found = rows(results, statistic)
    found = found.loc[[(day, day) for day in table.index]]
    np.testing.assert_allclose(found["value"], table[column], **CLOSE)


def test_each_window_stands_once(results):
    """Five windows and twenty-one days; [0,0] is both."""
    assert len(rows(results, "bmp")) == 25
    assert not results["statistics"].duplicated(["window_start", "window_end", "statistic"]).any()


@pytest.mark.parametrize(("model", "name"), [("fama_french_3", "ff3"), ("fama_french_5", "ff5")])
def test_factor_models(tmp_path, model, name):
    """Coefficients, abnormal returns and CARs of an independent package; factors by column name."""
    folder = write_tables(tmp_path)
    factors = PANEL40 / "inputs" / "factors_daily_decimal.csv"
    command = arguments(folder, "--model", model, "--factors", factors, "--statistic", "bmp")
    subprocess.run([sys.executable, "-m", "eventstudy", *command], check=True, capture_output=True)
    found = pd.read_csv(folder / "out" / "abnormal.csv").set_index(["event_id", "tau"]).sort_index()
    table = expected(f"single_{name}", "event_id", "rel_day")
    np.testing.assert_allclose(found["ar"], table["AR"], rtol=1e-8, atol=1e-12)
    wide = pd.read_csv(folder / "out" / "parameters.csv")
    first = wide["parameter"].drop_duplicates().iloc[0]
    alpha = wide[wide["parameter"] == first].set_index("event_id").sort_index()["estimate"]
    np.testing.assert_allclose(alpha, expected(f"params_{name}", "event_id")["b0"], atol=1e-12)
