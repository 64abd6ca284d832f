"""Flow, volume, volatility and episodes in a study: numbers, reasons, and their size."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from eventstudy import formats, labels, prose, tables
from eventstudy.document.sections import outcomes
from eventstudy.document.sections.episodes import Episodes
from eventstudy.document.sections.outcomes import Outcomes
from eventstudy.outcomes.answer import answer
from eventstudy.outcomes.change import Days, among_days, by_market
from eventstudy.outcomes.placing import place
from eventstudy.outcomes.series import Series, log_or_nothing
from eventstudy.sources.base import Access
from eventstudy.spec import Window, load
from eventstudy.study import run_study
from eventstudy.study.fetching import fetch

STUDY = """
format: 1
title: Four days
assets: [CSI300, HSTECH]
models: [constant_mean]
statistics: [forecast_t]
procedures: [{name: placebo, draws: 99}]
outcome: [return, flow, volume, volatility]
events:
  - {id: SD2023, announced: 2023-08-27 18:00 +08:00, title: Stamp duty halved}
  - {id: EARLY, announced: 2019-03-01, title: Near the beginning}
  - {id: XMAS, announced: 2020-12-24, title: Northbound closed before a holiday}
  - {id: LATE, announced: 2025-01-13, title: Revaluation, until: 2025-03-06, end_known: no}
  - {id: SHORT, announced: 2023-03-01, title: Known, until: 2023-03-07, end_known: yes}
  - {id: LONG, announced: 2016-03-01, title: Years, until: 2019-03-07}
  - {id: NEVER, announced: 2023-06-03, title: Ends before it begins, until: 2023-06-04}
""".replace("end_known: no", "end_known: false").replace("end_known: yes", "end_known: true")
BEGIN = np.datetime64("2000-01-03", "D")


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    path = tmp_path_factory.mktemp("study") / "days.yaml"
    path.write_text(STUDY, "utf-8")
    return run_study(load(path))


def of(result, event_id, outcome, asset, window=(0, 0)):
    """Return one row of the frame ``outcomes``."""
    found = labels.cell(
        result.frames["outcomes"],
        event_id=event_id,
        outcome=outcome,
        asset=asset,
        window_start=window[0],
        window_end=window[1],
    )
    (row,) = labels.records(found)
    return row


def test_northbound_flow_of_the_stamp_duty_cut(result):
    """Net sales of 8,247 million yuan, as the exchange published, while the CSI 300 rose 1.17%."""
    row = of(result, "SD2023", "flow", "NORTHBOUND")
    assert (row.status, row.session) == ("ok", "2023-08-28")
    assert row.level == pytest.approx(-8247.24)
    assert row.abnormal == pytest.approx(row.level - row.usual)
    assert row.surprise < 0
    assert 0 < row.floor <= row.p_value <= 1
    day = labels.cell(result.frames["day0"], event_id="SD2023", asset="CSI300")
    assert day["close_to_close"].iloc[0] == pytest.approx(0.0117, abs=5e-5)
    assert "one way and the flow the other" in prose.apart(result)


def test_a_flow_adds_up_and_a_volume_does_not(result):
    """Five sessions: the sum of a flow and of what is usual, the mean of a volume."""
    flow = of(result, "SD2023", "flow", "NORTHBOUND", (1, 5))
    alone = of(result, "SD2023", "flow", "NORTHBOUND")
    assert flow.usual == pytest.approx(5 * alone.usual)
    volume = of(result, "SD2023", "volume", "CSI300", (1, 5))
    assert volume.usual == of(result, "SD2023", "volume", "CSI300").usual
    assert abs(volume.level - volume.usual) < 2


@pytest.mark.parametrize(
    ("event_id", "outcome", "asset", "reason"),
    [
        ("LATE", "flow", "NORTHBOUND", "the series ends on 2024-08-16, before day 0"),
        ("XMAS", "flow", "NORTHBOUND", "the series has no value on day 0, 2020-12-24"),
        ("EARLY", "flow", "NORTHBOUND", "begins before the series does, on 2019-01-02"),
        ("EARLY", "volatility", "HSTECH", "the series begins on 2019-07-03, after day 0"),
        ("SD2023", "volume", "HSTECH", "the data have no volume of Hang Seng TECH"),
    ],
)
def test_what_the_data_do_not_hold_is_left_out_with_the_reason(
    result, event_id, outcome, asset, reason
):
    row = of(result, event_id, outcome, asset)
    assert row.status == "not_applicable"
    assert reason in row.reason
    assert reason in row.forecast_reason
    assert np.isnan([row.level, row.p_value, row.p_forecast]).all()


def test_volatility_falls_back_on_absolute_returns(result):
    """Hang Seng TECH has closes alone from November 2024 on."""
    assert of(result, "SD2023", "volatility", "HSTECH").measure == "log_garman_klass"
    assert of(result, "LATE", "volatility", "HSTECH").measure == "absolute_return"


def test_the_measure_of_a_volatility_is_marked(result):
    """In the name of the series; in every row, and in the cells where a series has both."""
    titles = [column.title for column in tables.beside_returns(result).columns]
    assert "Flow in billion yuan," in tables.beside_returns(result).caption
    assert "CSI 300 volatility, Garman-Klass" in titles
    at = titles.index("HS TECH volatility, Garman-Klass or |return|")
    details = {row[0].value: row[at].detail for row in tables.beside_returns(result).rows}
    assert details["SD2023"].startswith("Garman-Klass, change")
    assert details["LATE"].startswith("|return|, change")
    rows = [row[-11].text for row in tables.every_window(result).rows]
    assert {"HS TECH volatility, Garman-Klass", "HS TECH volatility, |return|"} <= set(rows)
    assert any(
        text.startswith("CSI 300 volatility, Garman-Klass: ") for text in prose.outcomes(result)
    )


def test_no_table_without_rows(result):
    """Where no event has a place on any series only the reasons are left."""
    frame = result.frames["outcomes"].assign(
        measure="", status="not_applicable", reason="too early", level=np.nan
    )
    none = dataclasses.replace(result, frames={**result.frames, "outcomes": frame})
    blocks = Outcomes().blocks(none)
    assert {block.kind for block in blocks} == {"note"}
    assert all("too early" in block.text for block in blocks)


def test_a_p_value_or_a_reason(result):
    """Nothing is missing without a word."""
    for row in labels.records(result.frames["outcomes"]):
        assert (row.reason == "") == bool(np.isfinite(row.p_value)) == (row.status == "ok")
        assert (row.forecast_reason == "") == bool(np.isfinite(row.p_forecast))


def test_returns_alone_make_no_section(tmp_path):
    path = tmp_path / "plain.yaml"
    path.write_text(
        "format: 1\ntitle: t\nassets: [CSI300]\nmodels: [constant_mean]\nstatistics: [forecast_t]\n"
        "procedures: []\nevents:\n  - {id: A, announced: 2023-08-28, title: x}\n"
    )
    plain = run_study(load(path))
    assert plain.frames["outcomes"].empty
    assert plain.frames["episodes"].empty
    assert not Outcomes().blocks(plain)
    assert not Episodes().blocks(plain)
    assert "Garman-Klass" not in " ".join(prose.formulas(plain.study))


def test_sections(result):
    """Few events in a table with all windows behind it; the method says how both were made."""
    kinds = [block.kind for block in Outcomes().blocks(result)]
    assert kinds == ["bullets", "text", "note", "table", "table", "details"]
    assert [block.kind for block in Episodes().blocks(result)] == ["bullets", "note", "table"]
    method = " ".join(prose.formulas(result.study))
    assert "Garman-Klass" in method
    assert "buy-and-hold" in method


def test_many_events_are_drawn(result, monkeypatch):
    monkeypatch.setattr(outcomes, "MANY", 2)
    figure = Outcomes().blocks(result)[-1]
    assert figure.kind == "figure"
    drawn = [row for part in figure.spec["layer"] for row in part["data"]["values"]]
    assert {"Northbound", "CSI 300 volume"} <= {row.get("name") for row in drawn}
    known = labels.at_window(result, result.frames["outcomes"])["abnormal_sd"].notna()
    assert sum("event" in row for row in drawn) == known.sum()


def test_table_beside_the_returns(result):
    """The founding day in one row: index up, money out, volume and range far above the usual."""
    table = tables.beside_returns(result)
    row = next(row for row in table.rows if row[0].value == "SD2023")
    shown = dict(zip([column.title for column in table.columns], row, strict=True))
    assert shown["Northbound"].text == "\N{MINUS SIGN}8.2"
    assert shown["CSI 300 volatility, Garman-Klass"].text == "3.1\N{MULTIPLICATION SIGN}"
    assert shown["CSI 300 volatility, Garman-Klass"].strong
    assert not shown["Northbound"].strong
    flow = of(result, "SD2023", "flow", "NORTHBOUND")
    assert shown["Northbound"].detail == (
        f"change {formats.signed(flow.change / 1000, 1)}, {formats.p_equals(flow.p_value)}"
    )
    volatility = of(result, "SD2023", "volatility", "CSI300")
    times = f"{np.exp(volatility.change):.1f}\N{MULTIPLICATION SIGN}"
    assert shown["CSI 300 volatility, Garman-Klass"].detail.startswith(f"change {times}, p")
    assert "HS TECH volume" not in shown


def test_how_often_index_and_flow_part_on_ordinary_days(result):
    """Counted again, day by day, from the closes and the flow of the snapshot."""
    found = result.frames["against_flow"]
    assert set(found["asset"] + found["instrument"]) == {"CSI300NORTHBOUND"}
    row = labels.records(labels.cell(found, event_id="SD2023"))[0]
    prices = fetch(result.study, Access(Path()))
    flow = prices.column("NORTHBOUND", "flow")
    closes = prices.column("CSI300", "close")
    traded = np.isfinite(closes)
    moves = np.full(len(closes), np.nan)
    moves[traded] = np.r_[np.nan, closes[traded][1:] / closes[traded][:-1] - 1]
    dates = prices.dates[np.isfinite(flow)]
    moves, flow = moves[np.isfinite(flow)], flow[np.isfinite(flow)]
    moved = moves * flow
    far = np.ones(len(dates), bool)
    for event in set(result.frames["alignment"].query("calendar == 'XSHG'")["session"]) - {""}:
        at = np.searchsorted(dates, np.datetime64(event, "D"))
        far[max(at - 10, 0) : at + 11] = False
    far &= np.isfinite(moved) & (moved != 0)
    assert (row.sessions, row.opposite) == (far.sum(), (moved[far] < 0).sum())
    own = moves[dates == np.datetime64("2023-08-28")][0]
    like = far & (moves >= 0.75 * own) & (moves <= 1.25 * own)
    assert (row.similar, row.similar_opposite) == (like.sum(), (moved[like] < 0).sum())
    assert 0 < row.similar_opposite < row.similar
    share = formats.share(row.opposite / row.sessions)
    said = prose.apart(result)
    assert f". So do {share} of the {row.sessions:,} ordinary days of the same series, and " in said


def test_days_that_price_limits_held_back_are_marked(tmp_path):
    """19 September 2008: every share up by its limit, so that hardly anything traded."""
    path = tmp_path / "study.yaml"
    path.write_text(
        "format: 1\ntitle: t\nassets: [CSI300]\nmodels: [constant_mean]\nstatistics: [forecast_t]\n"
        "procedures: []\noutcome: [return, volatility]\nevents:\n"
        "  - {id: A, announced: 2008-09-18 19:00, title: Stamp duty on one side}\n"
        "  - {id: B, announced: 2023-08-27, title: Stamp duty halved}\n"
    )
    held = run_study(load(path))
    assert held.frames["against_flow"].empty
    assert of(held, "A", "volatility", "CSI300").limited == "yes"
    assert of(held, "B", "volatility", "CSI300").limited == "no"
    assert of(held, "A", "volatility", "CSI300").change < 0
    (said,) = prose.outcomes(held)
    assert "1 above and 1 below" in said
    assert "1 of these on a day that price limits may have held back" in said
    table = tables.beside_returns(held)
    assert table.rows[0][2].detail.endswith(", limited")
    assert table.notes == tables.outcomes_summary(held).notes[1:3]
    assert [cell.text for cell in tables.outcomes_summary(held).rows[0][3:5]] == ["1", "1"]


def episode(result, event_id, asset):
    """Return one row of the frame ``episodes``."""
    (row,) = labels.records(labels.cell(result.frames["episodes"], event_id=event_id, asset=asset))
    return row


def test_episode_whose_end_was_chosen_afterwards(result):
    row = episode(result, "LATE", "HSTECH")
    assert (row.session, row.until, row.length) == ("2025-01-13", "2025-03-06", 36)
    assert row.floor == pytest.approx(1 / (row.effective_n + 1))
    assert row.p_value < row.floor < row.p_maximum
    text = next(text for text in prose.episodes(result) if "TECH" in text and "+34" in text)
    assert f"the largest move, up or down, within each of {row.blocks} other blocks" in text
    assert "start may have been chosen" in Episodes().blocks(result)[1].text
    table = tables.episodes(result)
    line = next(
        each for each in table.rows if each[0].text == "HS TECH" and "2025" in each[1].detail
    )
    assert [column.title for column in table.columns][-2:] == ["p, largest move", "B"]
    assert [cell.text for cell in line[-2:]] == [formats.p_value(row.p_maximum), str(row.blocks)]
    assert row.p_maximum >= 1 / (row.blocks + 1)
    cells = [cell.text for row in tables.episodes(result).rows for cell in row]
    assert f"<{row.floor:.3f}" in cells


def test_episode_of_a_known_end(result):
    row = episode(result, "SHORT", "CSI300")
    assert (row.length, row.end_known, row.status) == (5, "yes", "ok")
    assert row.p_value > row.floor
    text = next(text for text in prose.episodes(result) if text.startswith("Known, CSI 300"))
    assert "other stretches of that length" in text


@pytest.mark.parametrize(
    ("event_id", "asset", "reason"),
    [
        ("LONG", "CSI300", "sessions are more than 500"),
        ("LONG", "HSTECH", "the returns of HSTECH begin on"),
        ("NEVER", "CSI300", "ends on 2023-06-04, before its day 0"),
    ],
)
def test_episodes_that_cannot_be_studied(result, event_id, asset, reason):
    row = episode(result, event_id, asset)
    assert row.status == "not_applicable"
    assert reason in row.reason
    assert np.isnan([row.bhar, row.p_value, row.p_maximum]).all()


def series_of(values):
    values = np.asarray(values, float)
    return Series("volume", "log_volume", "X", BEGIN + np.arange(len(values)), values)


def test_places_on_a_series():
    """Each reason, and the row where there is none."""
    values = np.arange(60.0)
    values[[50, *range(20, 26)]] = np.nan
    values[:2] = np.nan
    days = BEGIN + np.array([1, 8, 40, 50, 58, 70])
    row, reason = place(series_of(values), days, Window(-20, -11), 8)
    assert row[[2, 4]].tolist() == [40, 58]
    assert list(reason) == [
        "the series begins on 2000-01-05, after day 0",
        "the estimation window begins before the series does, on 2000-01-05",
        "4 of 10 values in the estimation window; 8 needed",
        "the series has no value on day 0, 2000-02-22",
        "",
        "the series ends on 2000-03-02, before day 0",
    ]


def test_what_has_no_logarithm_is_missing():
    found = log_or_nothing(np.array([1.0, 0.0, -1.0, np.nan]))
    np.testing.assert_array_equal(found, [0, np.nan, np.nan, np.nan])


def all_days(n):
    return Days(np.zeros(n, int), np.ones(n, bool))


def test_nothing_after_a_window_counts():
    """A forecast, and a change, rest on the days before the window and on the window."""
    rng = np.random.default_rng(2)
    values = rng.standard_normal(300)
    windows, estimation = [Window(-3, -1), Window(0, 0), Window(1, 4)], Window(-60, -11)
    first = answer(series_of(values), np.array([200]), windows, estimation, all_days(300))
    values[205:] += 50
    values[:120] -= 50
    later = answer(series_of(values), np.array([200]), windows, estimation, all_days(300))
    for name in ("level", "usual", "change", "surprise", "p_forecast", "order", "ljung_box_p"):
        np.testing.assert_array_equal(getattr(first, name), getattr(later, name))
    values[200] += 1
    moved = answer(series_of(values), np.array([200]), windows, estimation, all_days(300))
    np.testing.assert_allclose(moved.surprise - later.surprise, [[0, 1, 0]], atol=1e-12)


def test_units_do_not_matter():
    values = np.cumsum(np.random.default_rng(3).standard_normal(400)) * 0.1
    values += np.random.default_rng(4).standard_normal(400)
    arguments = np.array([200, 300]), [Window(0, 0), Window(0, 4)], Window(-100, -11), all_days(400)
    first, second = (answer(series_of(k * values + m), *arguments) for k, m in ((1, 0), (7, -3)))
    for name in ("abnormal_sd", "p_value", "p_forecast", "order"):
        np.testing.assert_allclose(getattr(first, name), getattr(second, name), rtol=1e-8)


def test_gaps_short_windows_and_standstill_have_reasons():
    """No autoregression: a gap, fewer than 40 sessions, no movement; no change: no 20 sessions."""
    rng = np.random.default_rng(5)
    values = rng.standard_normal(300)
    values[130] = np.nan
    found = answer(
        series_of(values), np.array([200, 140]), [Window(0, 0)], Window(-100, -11), all_days(300)
    )
    assert "estimation window" in found.forecast_reason[0, 0]
    assert "20 sessions before" in found.reason[1, 0]
    short = answer(
        series_of(rng.standard_normal(300)),
        *(np.array([200]), [Window(0, 0)], Window(-40, -11), all_days(300)),
    )
    assert "fewer than 40 sessions" in short.forecast_reason[0, 0]
    still = answer(
        series_of(np.ones(300)), np.array([200]), [Window(0, 0)], Window(-100, -11), all_days(300)
    )
    assert np.isnan([still.p_value, still.p_forecast, still.abnormal_sd]).all()
    assert (still.reason != "").all()
    assert (still.forecast_reason != "").all()
    few = dataclasses.replace(all_days(300), candidate=np.arange(300) < 30)
    values = rng.standard_normal(300)
    found = answer(series_of(values), np.array([200]), [Window(0, 0)], Window(-100, -11), few)
    assert found.reason[0, 0] == "10 candidate days; 19 needed"


def test_autocorrelated_residuals_refuse_the_forecast():
    """A seasonal of ten sessions that five lags do not catch."""
    t = np.arange(400)
    values = np.random.default_rng(6).standard_normal(400) + 3 * (t % 10 == 0)
    found = answer(
        series_of(values), np.array([300]), [Window(0, 0)], Window(-200, -11), all_days(400)
    )
    assert np.isnan(found.p_forecast).all()
    assert "autocorrelated: Ljung-Box(10) p" in found.forecast_reason[0, 0]
    assert np.isfinite(found.p_value).all()


def test_strata_are_those_of_the_market():
    """Dates of a series take the state of their market on the same day; events stand aside."""
    returns = np.random.default_rng(7).standard_normal(1500) * np.repeat([1, 3, 2], 500)
    sessions = BEGIN + np.arange(1500)
    dates = sessions[::2]
    found = by_market(returns, sessions, dates, np.array([300]))
    assert not found.candidate[290:311].any()
    assert found.candidate[289]
    assert found.label[0] == -1
    assert len(set(found.label[100:240]) & set(found.label[300:450])) == 0


def test_change_without_candidates_of_the_stratum():
    days = Days(np.r_[np.zeros(50, int), np.ones(50, int)], np.arange(100) < 50)
    found = among_days(
        np.random.default_rng(8).standard_normal(100), np.array([80]), [Window(0, 0)], days
    )
    assert found.n.tolist() == [[0]]
    assert np.isnan(found.p_value).all()
