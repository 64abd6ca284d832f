"""What differs between two sets of prices, cell by cell, and between the answers that they give."""

import dataclasses

import numpy as np
import pytest

from eventstudy.sources.base import LEVELS
from eventstudy.sources.snapshot import Snapshot
from eventstudy.spec import built_in, load
from eventstudy.study import run_study
from eventstudy.study.differences import changed_cells, changed_conclusions, summary

DAY = np.datetime64("2023-08-25")
STUDY = """
format: 1
title: Stamp duty
assets: [CSI300]
models: [constant_mean]
statistics: [forecast_t]
robustness: false
events:
  - {id: SD2023, announced: 2023-08-27 18:00, title: Stamp duty halved}
"""


@pytest.fixture(scope="module")
def prices():
    return Snapshot().fetch([built_in()["CSI300"]])


def changed(prices, day, factor, fields=("close",)):
    """The same prices with those of one day changed."""
    scale = np.where(prices.dates == day, factor, 1.0)[:, None]
    values = {field: prices.values[field] * scale for field in fields}
    return dataclasses.replace(prices, values={**prices.values, **values})


def test_equal_prices_do_not_differ(prices):
    assert changed_cells(prices, prices).empty


def test_one_close(prices):
    other = changed(prices, DAY, 1.0058)
    (row,) = changed_cells(prices, other).to_dict("records")
    assert (row["instrument"], row["field"], row["date"]) == ("CSI300", "close", "2023-08-25")
    assert row["after"] == pytest.approx(1.0058 * row["before"], rel=1e-12)
    (line,) = summary(changed_cells(prices, other))
    assert line["largest change"] == "58.0 bp"
    assert (line["prices"], line["new"], line["gone"]) == ("1", "0", "0")


def test_a_session_that_one_set_lacks(prices):
    rows = prices.dates != DAY
    fewer = dataclasses.replace(
        prices,
        dates=prices.dates[rows],
        values={name: values[rows] for name, values in prices.values.items()},
        kind=prices.kind[rows],
    )
    (gone,) = [r for r in summary(changed_cells(prices, fewer)) if r["field"] == "close"]
    assert (gone["prices"], gone["gone"], gone["new"]) == ("1", "1", "0")
    (new,) = [r for r in summary(changed_cells(fewer, prices)) if r["field"] == "close"]
    assert (new["gone"], new["new"], new["largest change"]) == ("0", "1", "")


def test_conclusions_that_change(prices, tmp_path):
    """The prices of the day before the event 5% higher turn a day of +1.2% into one of -3.7%."""
    path = tmp_path / "study.yaml"
    path.write_text(STUDY)
    file = load(path)
    other = changed(prices, DAY, 1.05, LEVELS)
    results = [run_study(file, prices=each) for each in (prices, other)]
    assert changed_conclusions(results[0], results[0]).empty
    found = changed_conclusions(*results)
    one = found[(found["conclusion"] == "p of forecast_t") & (found["window"] == "0 to 0")]
    assert one[["before", "after"]].to_numpy().tolist() == [["above 0.05", "at or below 0.05"]]
    tests = [result.frames["statistics"] for result in results]
    p_values = [
        frame[
            (frame["statistic"] == "forecast_t")
            & (frame["window_start"] == 0)
            & (frame["window_end"] == 0)
        ]
        for frame in tests
    ]
    assert p_values[0]["p_value"].iloc[0] > 0.05 >= p_values[1]["p_value"].iloc[0]
