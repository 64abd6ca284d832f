"""Models and samples side by side: every mean is that of the results, and one column is no table."""

from dataclasses import replace

import pandas as pd
import pytest

from eventstudy import formats, tables
from eventstudy.document import study_document
from eventstudy.spec import Presentation
from tests.studies import result_of

KEYS = ["model", "group", "asset"]


@pytest.fixture(scope="module")
def result():
    return result_of("stamp-duty")


def test_every_cell_is_a_mean_of_the_results(result):
    for asset in result.study.assets:
        table = tables.side_by_side(result, asset)
        *rows, last = table.rows
        assert [str(column.title) for column in table.columns] == [
            "Window",
            "Constant mean",
            "Market",
        ]
        assert len(rows) == len(result.study.windows)
        for window, row in zip(result.study.windows, rows, strict=True):
            for choice, cell, events in zip(result.study.models, row[1:], last[1:], strict=True):
                means = result.frames["aggregate"].set_index([*KEYS, "window_start", "window_end"])
                mine = means.loc[(choice.label, "all", asset, *window)]
                assert cell.value == mine["mean"]
                assert cell.text == formats.percent(mine["mean"])
                assert cell.detail == f"({100 * mine['std_error']:.2f})"
                assert events.value == mine["n"]


def test_categories_are_columns_where_they_have_two_events(result):
    apart = result.frames["aggregate"]
    extra = apart[apart["group"] == "stamp_duty"].assign(group="other")
    frames = {**result.frames, "aggregate": _joined(apart, extra)}
    table = tables.side_by_side(replace(result, frames=frames), "CSI300")
    assert [str(column.title) for column in table.columns[1:]] == [
        f"{group}: {model}"
        for group in ("Stamp duty", "Other", "All events")
        for model in ("Constant mean", "Market")
    ]


def _joined(first, second):
    """Rows of a frame and more of them, under its name."""
    found = pd.concat([first, second], ignore_index=True)
    found.index.name = first.index.name
    return found


def test_one_model_and_one_category_have_nothing_beside_them(result):
    alone = result.study.model_copy(update={"models": result.study.models[:1]})
    frames = dict(result.frames)
    frames["aggregate"] = frames["aggregate"].query("model == 'constant_mean'")
    assert tables.side_by_side(replace(result, study=alone, frames=frames), "CSI300") is None


def test_brackets_hold_what_the_user_wants(result):
    shown = Presentation(brackets="p", sections=("comparison",), stars=(0.1,))
    study = result.study.model_copy(update={"report": shown})
    first = next(study_document(replace(result, study=study)).tables())
    (test,) = (
        result.frames["statistics"]
        .query("model == 'market' and asset == 'CSI300' and group == 'all'")
        .query("window_start == -5 and window_end == -1 and statistic == 'cross_sectional_t'")
        .itertuples()
    )
    cell = first.rows[0][2]
    assert cell.detail == f"({formats.p_value(test.p_value)})"
    assert cell.stars == ("*" if test.p_value <= 0.1 else "")
    assert first.caption == "Mean CAR, per cent."
