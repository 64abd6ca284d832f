"""The page of a panel: averages and spreads, losses by reason, and no list of events."""

import json
import re

import numpy as np
import pandas as pd
import pytest

from eventstudy.cli import main
from eventstudy.panel import Design, Inputs, run_panel
from eventstudy.panel.describe import histogram, losses, spread
from eventstudy.report.render import render_panel
from eventstudy.spec import Window
from tests.panel40_tables import arguments, tables, write_tables

SPANS = {"estimation": Window(-270, -21), "event_window": Window(-10, 10)}
LOST = pd.DataFrame(
    {
        "event_id": ["late", "early", "gone", "short"],
        "asset": ["F01", "F02", "XX", "F03"],
        "event_date": ["2030-01-02", "2021-06-01", "2022-04-26", "2021-06-15"],
        "grp": [0, 1, 1, 1],
    }
)
HIDDEN = r"<style>.*?</style>|<script.*?</script>|<[^>]+>"


def run(folder, *, events, **design):
    write_tables(folder, events=events)
    inputs = Inputs(folder / "R.csv", folder / "E.csv", f"{folder}/M.csv")
    return run_panel(inputs, Design(**SPANS, **design), command="eventstudy panel --out <here>")


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    _, _, events = tables()
    folder = tmp_path_factory.mktemp("report")
    return run(folder, events=pd.concat([events, LOST]), group="grp")


@pytest.fixture(scope="module")
def page(result):
    return render_panel(result)


def words(page):
    """Return the text of a page."""
    return re.sub(r"\s+", " ", re.sub(HIDDEN, " ", page, flags=re.S))


def test_the_page_says_what_was_found(page, result):
    text = words(page)
    assert "of 44 events given, market 40. Not studied, for the reasons below: four events." in text
    assert "Grp 0: the mean abnormal return on day 0 is +2.00 per cent over 28 events" in text
    assert "the 40 events lie on 26 dates" in text
    assert "44 cells: 40 studied, 4 dropped" in text
    assert "eventstudy panel --out &lt;here&gt;" in page
    for role in ("R.csv", "M.csv", "E.csv"):
        assert role in text
    mean = result.frames["aggregate"].query("group == 'all' and window_start == 0 == window_end")
    assert f"{100 * mean['mean'].item():+.2f}" == "+1.40"


def test_a_static_page_is_small_and_runs_nothing(result):
    """No script, nothing from outside, no list of events, and the same bytes again."""
    page = render_panel(result, static=True)
    assert len(page.encode()) < 1_000_000
    assert "<script" not in page
    assert "http" not in re.sub(r'http-equiv|"https?://www\.w3\.org/[^"]*"', "", page)
    assert render_panel(result, static=True) == page
    assert not re.search(r"\bF1[0-9]\b", words(page))


def test_a_page_of_many_groups_windows_and_models_stays_small(tmp_path):
    """Twelve groups, six windows, three models: the largest groups have a part, the rest a line."""
    _, _, events = tables()
    groups = [f"g{number % 12}" for number in range(40)]
    windows = tuple(Window(-k, k) for k in range(6))
    models = ("market", "constant_mean", "market_adjusted")
    found = run(
        tmp_path, events=events.assign(grp=groups), group="grp", windows=windows, models=models
    )
    page = render_panel(found, static=True)
    assert len(page.encode()) < 1_000_000
    assert page.count('aria-labelledby="group-') == 9
    assert page.count("Grp g") > 12


def test_one_event_has_a_page(tmp_path):
    """Nothing but reasons in the tests; no band, no spread, no group."""
    _, _, events = tables()
    text = words(render_panel(run(tmp_path, events=events.head(1))))
    assert "One event in a panel" in text
    assert "over one event (no test applies)" in text
    assert "1 event; 2 needed" in text
    assert "nan" not in text.lower()


def test_words_of_the_tables_are_words_on_the_page(tmp_path):
    """Group names and ids are data, not markup."""
    _, _, events = tables()
    bad = '<img src=x onerror="alert(1)">'
    events = pd.concat([events.assign(grp=bad), LOST.head(1).assign(event_id=f"{bad}2", grp="b")])
    page = render_panel(run(tmp_path, events=events, group="grp"))
    assert "<img" not in page
    assert "&lt;img src=x" in page


def test_losses_are_counted_by_reason(result):
    """What differs in the reasons is an ellipsis, what does not is kept."""
    found = [(loss.reason, loss.n, loss.example) for loss in losses(result)]
    assert found == [
        ("… of 250 returns in the estimation window; 100 needed", 2, "early"),
        ("there are no returns of this asset", 1, "gone"),
        ("no session on or after the event; the last is 2022-08-04", 1, "late"),
    ]


def test_the_folder_holds_the_page_where_it_is_asked_for(tmp_path):
    write_tables(tmp_path)
    command = arguments(tmp_path, "--report", "--static", "--statistic", "bmp")
    assert main(command) == 0
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8"))
    assert {"report.html", "numbers.json"} <= set(manifest["files"])
    assert manifest["command"].endswith(
        "--report --static --statistic bmp --out " + str(tmp_path / "out")
    )
    assert manifest["command"] in (tmp_path / "out" / "report.html").read_text("utf-8")
    assert main([word if word != "--report" else "--export=csv" for word in command]) == 0
    exported = {path.name for path in (tmp_path / "out" / "export" / "csv").iterdir()}
    assert {"contents.csv", "table-effects.csv"} <= exported
    assert not (tmp_path / "out" / "report.html").exists()


def test_a_histogram_counts_everything_once():
    """1,000 draws and two far ones: round edges, the far ones beyond the ends."""
    values = np.append(np.random.default_rng(1).normal(0, 0.02, 1000), [-0.5, 0.7, np.nan])
    found = histogram(values)
    assert found.counts.sum() + found.below + found.above == 1002
    assert found.below >= 1
    assert found.above >= 1
    widths = np.diff(found.edges)
    np.testing.assert_allclose(widths, 0.01, rtol=1e-9)
    inside = np.histogram(values[np.isfinite(values)], found.edges)[0]
    assert (inside == found.counts).all()


def test_a_histogram_of_one_number():
    found = histogram(np.array([0.013]))
    assert found.counts.sum() == 1
    assert found.below == found.above == 0


def test_a_spread_by_hand():
    """1, 2, 3, 4: quartiles 1.75, 2.5, 3.25; sd sqrt(5/3)."""
    found = spread(np.array([4.0, 1.0, np.nan, 3.0, 2.0]))
    assert (found.n, found.mean) == (4, 2.5)
    assert found.sd == pytest.approx(np.sqrt(5 / 3))
    least, _, _, first, middle, third, _, _, most = found.quantiles
    assert (least, first, middle, third, most) == (1, 1.75, 2.5, 3.25, 4)
    empty = spread(np.array([np.nan]))
    assert empty.n == 0
    assert np.isnan(empty.quantiles).all()


def test_regressions_stand_in_tables_of_their_own(tmp_path):
    """The coefficient of day 0 and its HC3 error as they are in the frame; none without --regress."""
    _, _, events = tables()
    events["size"] = np.linspace(-1, 1, len(events)) ** 3
    found = run(tmp_path, events=events, regress=("size",), errors=("HC3",), event_time=True)
    page = words(render_panel(found))
    row = found.frames["regressions"].query("term == 'size' and window_end == 0").iloc[0]
    assert "CARs on characteristics of the events." in page
    assert f"{row.estimate:.4f}".replace("-", "−") in page
    assert f"({row.std_error:.4f})" in page
    assert "Returns on the days of the event window." in page


def test_a_page_without_regressions_does_not_speak_of_them(page):
    assert "Regressions" not in words(page)
