"""Charts as data: what is drawn, where, and that Vega-Lite's own schema accepts it."""

import json
import os
import re
import shutil

import altair as alt
import numpy as np
import pandas as pd
import pytest

from eventstudy import charts
from eventstudy.charts.compiled import _once as compiling
from eventstudy.charts.drawing import VEGA_LITE, converter, vega_svg
from eventstudy.charts.forest import HIGHEST, LINE
from eventstudy.charts.theme import CONFIG
from eventstudy.charts.timeline import POINTS, thinned
from eventstudy.report.drawing import slim

PATH = pd.DataFrame(
    {
        "tau": [1, -1, 0],
        "value": [0.03, 0.0, 0.0121],
        "low": [-0.01, 0.0, -0.0055],
        "high": [0.07, 0.0, 0.0297],
    }
)
# CSI 300 on 28 August 2023, levels of the embedded data
DAY = {
    "previous_close": 3709.15,
    "open": 3911.55,
    "high": 3911.55,
    "low": 3740.53,
    "close": 3752.62,
}
AGAINST = pd.DataFrame(
    {
        "tau": [2, 1],
        "value": [0.0123, 0.02],
        "usual": [0.001, 0.002],
        "low": [-0.01, -0.02],
        "high": [0.012, 0.024],
    }
)
AMONG = [
    charts.Among("1. A", "p = 0.002, K 438", -4.7, [(-2.0, 0.0, 5), (0.0, 2.0, 10)]),
    charts.Among("2. B", "p = 0.355, K 337", 0.85, [(-1.0, 0.0, 4), (0.0, 3.0, 2)]),
]
CLOSE_ONLY = {**DAY, "open": np.nan, "high": np.nan, "low": np.nan}


def layers(spec, mark):
    """Return the data of all layers with this mark."""
    found = [part for part in spec["layer"] if part["mark"]["type"] == mark]
    return [part.get("data", spec["data"])["values"] for part in found]


def texts(spec, field):
    """Return what the text marks print."""
    return [row[field] for values in layers(spec, "text") for row in values if field in row]


def effect(event, tone, value, market="CSI 300"):
    return charts.Effect(
        event, "Aug 2023", market, charts.accent(tone), value, value - 0.03, value + 0.03
    )


def levels(n):
    dates = pd.bdate_range("2010-01-04", periods=n).strftime("%Y-%m-%d")
    return pd.DataFrame({"date": dates, "close": np.linspace(2000.0, 4000.0, n)})


def every_chart():
    effects = [effect("A", 0, 0.01), effect("A", 1, -0.02, "HS TECH"), effect("B", 0, 0.0)]
    marks = [
        charts.Mark(1, "2010-02-01", 2100.0, "A"),
        charts.Mark(2, "2010-02-02", 2100.0, "B", apart=False),
    ]
    return {
        "path": charts.return_path(PATH, charts.accent(0), (-5, 10)),
        "day0": charts.day0_bars(DAY, charts.accent(1), charts.day0_bounds([DAY])),
        "close only": charts.day0_bars(CLOSE_ONLY, charts.accent(1), (0, 5)),
        "forest": charts.forest(effects, "AR"),
        "forest for phones": charts.forest(effects, "AR", layout=charts.NARROW),
        "timeline": charts.timeline(levels(400), marks, charts.accent(0)),
        "against": charts.against(AGAINST, charts.accent(0), (-5, 5), "Sessions"),
        "against no mean": charts.against(
            AGAINST.assign(usual=np.nan), charts.accent(1), (-5, 5), "Sessions"
        ),
        "ordinary days": charts.ordinary_days(AMONG, charts.accent(0), "Value"),
        "ordinary days for phones": charts.ordinary_days(
            AMONG, charts.accent(0), "Value", layout=charts.NARROW
        ),
        "strips": charts.strips(
            ["CSI 300 volume", "Northbound"],
            [
                charts.Dot(
                    "CSI 300 volume", "A", 1.5, "0.030", filled=True, accent=charts.accent(0)
                ),
                charts.Dot(
                    "Northbound", "A", -2.0, "0.200", filled=False, accent=charts.accent(None)
                ),
            ],
        ),
        "p-values": charts.p_value_bars([9, *[1] * 19], charts.accent(0), "p"),
    }


@pytest.mark.parametrize("name", every_chart())
def test_the_schema_of_vega_lite_accepts(name):
    """Altair carries the published schema of Vega-Lite."""
    alt.Chart.from_dict(every_chart()[name], validate=True)


def test_a_path_is_drawn_in_per_cent_in_the_order_of_sessions():
    """0.0121 is 1.21 per cent; the last value stands at the end."""
    spec = every_chart()["path"]
    (line,) = layers(spec, "line")
    assert [(row["t"], row["v"]) for row in line] == [(-1, 0.0), (0, 1.21), (1, 3.0)]
    assert texts(spec, "label") == ["+3.0"]
    (band,) = layers(spec, "area")
    assert (band[1]["t"], band[1]["l"], band[1]["h"]) == (0, -0.55, 2.97)


def test_a_path_without_band_is_a_line():
    """One event has no cross-sectional error; nothing is drawn in its place."""
    spec = charts.return_path(PATH.assign(low=np.nan, high=np.nan), charts.accent(0), (0, 5))
    assert layers(spec, "area") == []
    assert len(layers(spec, "line")[0]) == 3


def test_bounds_hold_every_band_and_zero():
    """Charts side by side share bounds that cut nothing off."""
    low, high = charts.path_bounds([PATH, PATH * 2])
    assert low <= -2.0
    assert high >= 14.0
    assert charts.path_bounds([PATH + 0.1])[0] == 0


def test_the_legs_of_28_august_2023():
    """Overnight +5.46, session -4.06, whole day +1.17 (to one decimal in the chart)."""
    spec = every_chart()["day0"]
    assert texts(spec, "name") == ["Overnight", "Session", "Whole day"]
    assert sorted(texts(spec, "label")) == sorted(["+5.5", "\N{MINUS SIGN}4.1", "+1.2"])
    bars = [values[0] for values in layers(spec, "rect")]
    assert [(bar["from"], bar["to"]) for bar in bars] == [(0, 5.457), (5.457, 1.172), (0, 1.172)]


def test_only_what_exists_is_drawn():
    """A day with a close only has one bar and no whisker."""
    spec = every_chart()["close only"]
    assert texts(spec, "name") == ["Whole day"]
    assert len(layers(spec, "rule")) == 1  # the line at zero


def test_a_negative_number_has_room_where_all_prices_are_above_the_close_before():
    """Up 3% overnight, down 2.9% in the session: the number of the session stands left of its bar."""
    day = {"previous_close": 100.0, "open": 103.0, "high": 103.0, "low": 100.0, "close": 100.01}
    assert charts.day0_bounds([day])[0] < -0.3


def test_day0_bounds_ignore_missing_prices():
    """The bounds come from the prices there are: the close, 1.17 per cent."""
    low, high = charts.day0_bounds([CLOSE_ONLY])
    assert low == 0
    assert 1.17 < high < 2


def test_forest_tells_indices_apart_by_colour_and_shape():
    """Neither colour nor shape repeats among the indices of a study."""
    points = [
        part["mark"] for part in every_chart()["forest"]["layer"] if part["mark"]["type"] == "point"
    ]
    assert len({mark["color"] for mark in points}) == 2
    assert len({mark["shape"] for mark in points}) == 2


def test_forest_rows_of_one_event_stand_together():
    """Events do not overlap, and each row carries its number."""
    spec = every_chart()["forest"]
    ys = sorted(row["y"] for values in layers(spec, "point") for row in values)
    assert ys[1] - ys[0] == LINE
    assert ys[2] - ys[1] > LINE
    assert "+1.0 [\N{MINUS SIGN}2.0, +4.0]" in texts(spec, "label")


def test_an_effect_that_is_not_known_has_its_name_and_no_point():
    """Nothing comes after a reaction that takes the last days of the event window."""
    spec = charts.forest([effect("A", 0, np.nan), effect("B", 0, 0.01)], "CAR")
    assert [row["event"] for values in layers(spec, "point") for row in values] == ["B"]
    assert len(texts(spec, "name")) == 2
    json.dumps(spec, allow_nan=False)


def test_a_long_forest_stands_in_parts_that_fit_on_paper():
    """Every event is in one of them, whole, and they share their scale."""
    effects = [effect(f"{n}", tone, n / 100) for n in range(60) for tone in (0, 1)]
    parts = charts.pages(effects)
    assert [each for part in parts for each in part] == effects
    assert len(parts) == 3
    assert not {each.event for each in parts[0]} & {each.event for each in parts[1]}
    specs = [charts.forest(part, "AR", among=effects) for part in parts]
    assert max(spec["height"] for spec in specs) <= HIGHEST
    assert max(spec["height"] for spec in specs) - min(spec["height"] for spec in specs) <= 35
    assert len({str(spec["layer"][0]["encoding"]["x"]["scale"]) for spec in specs}) == 1
    assert charts.pages(effects[:20]) == [effects[:20]]


def test_a_phone_gets_no_numbers_but_every_name():
    """The narrow forest is 370 px wide in all."""
    spec = every_chart()["forest for phones"]
    assert texts(spec, "label") == []
    assert len(texts(spec, "name")) == 2
    assert spec["width"] + spec["padding"]["left"] + spec["padding"]["right"] == 370


def test_neighbouring_numbers_of_a_timeline_stand_on_two_levels():
    """Events a day apart would print over each other."""
    spec = every_chart()["timeline"]
    heights = {part["mark"]["y"] for part in spec["layer"] if part["mark"]["type"] == "text"}
    assert len(heights) == 2


def test_a_long_series_keeps_its_last_close():
    """Thinning never loses the end of the line."""
    shown = thinned(levels(5001))
    assert len(shown) <= POINTS + 1
    assert shown["close"].iloc[-1] == 4000.0


def test_a_date_is_counted_without_time_zones():
    """1 January 1970 is day 0, 1 March is day 31 + 28."""
    spec = charts.timeline(
        pd.DataFrame({"date": ["1970-01-01", "1970-03-01"], "close": [1.0, 2.0]}),
        [],
        charts.accent(0),
    )
    assert [row["d"] for row in layers(spec, "line")[0]] == [0, 59]


def test_a_path_stands_before_the_band_and_the_mean_of_other_days():
    """Grey area and broken line in the order of sessions; the last value of the events at the end."""
    spec = every_chart()["against"]
    (area,) = layers(spec, "area")
    assert [(row["t"], row["l"], row["h"]) for row in area] == [(1, -2.0, 2.4), (2, -1.0, 1.2)]
    lines = [part for part in spec["layer"] if part["mark"]["type"] == "line"]
    assert [line["encoding"]["y"]["field"] for line in lines] == ["u", "v"]
    assert texts(spec, "label") == ["+1.2"]
    bare = every_chart()["against no mean"]
    assert len([part for part in bare["layer"] if part["mark"]["type"] == "line"]) == 1


def test_bounds_of_a_comparison_hold_the_band():
    """The band of other days sets the scale as much as the events do."""
    assert charts.against_bounds([AGAINST]) == (-2, 3)


def test_every_event_stands_among_its_own_days():
    """Each histogram fills its row, ends at zero, and the value is marked at its foot."""
    spec = every_chart()["ordinary days"]
    (steps,) = layers(spec, "area")
    first = [row for row in steps if row["e"] == 0]
    assert [(row["v"], row["b"] - row["y"]) for row in first] == [(-2.0, 17), (0.0, 34), (2.0, 0)]
    (points,) = layers(spec, "point")
    assert [(row["v"], row["y"] == row["top"] + 34) for row in points] == [
        (-4.7, True),
        (0.85, True),
    ]
    assert texts(spec, "note") == ["p = 0.002, K 438", "p = 0.355, K 337"]


def test_p_values_are_counted_beside_what_no_effect_would_give():
    """28 events in twenty bars: 1.4 each."""
    spec = every_chart()["p-values"]
    (bars,) = layers(spec, "rect")
    assert (bars[0]["v"], bars[0]["to"], bars[0]["top"]) == (0.0, 0.05, 9)
    assert texts(spec, "label") == ["1.4"]


def test_the_converter_leaves_the_environment_as_it_was(monkeypatch):
    """Where its fonts are is said to the converter alone, not to programs that are started later."""
    monkeypatch.delenv("FONTCONFIG_FILE", raising=False)
    converter.cache_clear()
    converter()
    assert "FONTCONFIG_FILE" not in os.environ
    monkeypatch.setenv("FONTCONFIG_FILE", "mine")
    converter.cache_clear()
    converter()
    assert os.environ["FONTCONFIG_FILE"] == "mine"


def without_clips(svg):
    """A drawing without its clip paths, of which a mark that cannot be seen has one too."""
    return re.sub(r'<clipPath.*?</clipPath>| clip-path="[^"]*"', "", svg)


def stretched(spec):
    """A chart of the same shape on other scales."""

    def other(part):
        return (
            part | {"domain": [7 * bound for bound in part["domain"]]} if "domain" in part else part
        )

    return json.loads(json.dumps(spec), object_hook=other)


@pytest.mark.parametrize("name", every_chart())
def test_a_chart_of_a_known_shape_is_drawn_as_if_it_was_compiled_itself(name):
    """The reference is Vega-Lite's own way to the drawing."""
    spec = every_chart()[name]
    direct = converter().vegalite_to_svg(spec, vl_version=VEGA_LITE, config=CONFIG)
    before, drawn = vega_svg(stretched(spec), "x"), vega_svg(spec, "x")
    assert slim(before) != slim(drawn)
    assert without_clips(slim(drawn)) == without_clips(slim(direct))


def test_a_shape_is_compiled_once_for_all_processes(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    spec = next(iter(every_chart().values()))
    drawn = []
    for _ in range(2):
        compiling.cache_clear()
        shutil.rmtree(tmp_path / "eventstudy" / "drawings", ignore_errors=True)
        drawn.append(vega_svg(spec, "x"))
        (shape,) = (tmp_path / "eventstudy" / "shapes").iterdir()
        drawn.append(shape.stat().st_mtime_ns)
    assert drawn[:2] == drawn[2:]
