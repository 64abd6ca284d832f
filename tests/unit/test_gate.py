"""What stops a study before estimation, what it may accept, and what its page then says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from eventstudy import prose, tables
from eventstudy.alignment import align
from eventstudy.document import Entry
from eventstudy.errors import DataError
from eventstudy.quality import Other, doubt_rows, inspect, rules
from eventstudy.quality.faults import badly_split, beyond_limits, disordered, splits, stale
from eventstudy.report.render import render_index, render_study
from eventstudy.sources.base import Access
from eventstudy.sources.written import write_prices
from eventstudy.spec import Acceptance, load
from eventstudy.spec.acceptance import CheckName
from eventstudy.study import run_study
from eventstudy.study.beside import other_prices
from eventstudy.study.fetching import fetch

DOCS = Path(__file__).parents[2] / "docs"
STUDY = """\
format: 1
title: The stamp duty of August 2023
source: {source}
assets: [CSI300]
estimation: [-60, -6]
event_window: [-5, 5]
windows: [[0, 0], [1, 5]]
models: [constant_mean]
statistics: [forecast_t]
procedures: []
robustness: false
{more}
events:
  - {{id: SD2023, announced: 2023-08-27, title: Mainland stamp duty halved}}
"""
FRIDAY, MONDAY = "2023-08-25", "2023-08-28"


def study_file(folder, *, source="snapshot", more=""):
    path = folder / "study.yaml"
    path.write_text(STUDY.format(source=source, more=more), encoding="utf-8")
    return load(path)


def prices_of(file):
    return fetch(file.study, Access(file.path.parent))


def moved(prices, day, **factors):
    """The prices of the CSI 300 with fields of one session multiplied."""
    row, column = np.searchsorted(prices.dates, np.datetime64(day)), 0
    values = {name: array.copy() for name, array in prices.values.items()}
    for name, factor in factors.items():
        values[name][row, column] *= factor
    return replace(prices, values=values)


def inspected(file, prices, *others):
    return inspect(file.study, prices, align(file.study), others)


def status(checked, name):
    (found,) = (each.finding for each in checked if each.name == name)
    return found.status


# -- the rules on arrays -------------------------------------------------------------------------


def test_stale_bars():
    """One price all day needs no volume to be stale; unknown volume proves nothing."""
    bars = np.array([[10.0] * 4, [10.0] * 4, [10.0] * 4, [10, 11, 10, 10], [np.nan] * 3 + [10.0]])
    assert stale(bars, np.array([0, 5, np.nan, 0, 0])).tolist() == [True] + [False] * 4


@pytest.mark.parametrize("ratio", [2, 1 / 2, 10, 1 / 10, 4, 1.01 / 3])
def test_a_split_is_a_move_by_its_ratio_that_stays(ratio):
    calm = [1.01, 0.99] * 6
    assert (
        splits(np.cumprod([*calm, ratio, *calm])).tolist() == [False] * 12 + [True] + [False] * 12
    )


@pytest.mark.parametrize("moves", [[2, 1 / 2], [1.5], [1.2], [0.7]])
def test_a_misprint_or_another_size_is_no_split(moves):
    calm = [1.01, 0.99] * 6
    assert not splits(np.cumprod([*calm, *moves, *calm])).any()


@pytest.mark.parametrize(
    ("move", "expected"),
    [(1 / 1.5, True), (1.5, True), (1.5**-2, True), (1.0, False), (1.02, False), (0.8, False)],
)
def test_a_recorded_split_must_not_move_the_close(move, expected):
    """Three shares for two: not adjusted, adjusted twice, the wrong way round; or as it should be."""
    close = np.cumprod([1.01, 0.99, 1.01, 0.99, move, 1.01, 0.99])
    days = np.datetime64("2023-01-02") + np.arange(7)
    found = badly_split(days, close, "2000-01-03 2; 2023-01-06 1.5; 2030-01-02 2")
    assert found.tolist() == [False] * 4 + [expected] + [False] * 2


def test_short_series_have_no_split():
    assert splits(np.array([1.0])).tolist() == [False]


@pytest.mark.parametrize(
    ("day", "move", "expected"),
    [
        (
            "2008-09-19",
            0.0934,
            (False, False),
        ),  # the CSI 300, nearly all of its shares at their limit
        ("2008-09-19", 0.11, (True, True)),
        ("2019-07-22", 0.11, (True, False)),
        ("2024-09-30", -0.2, (True, False)),
        ("2024-09-30", -0.31, (True, True)),
        ("1996-12-13", 0.31, (False, False)),
        ("2024-09-30", np.nan, (False, False)),
    ],
)
def test_an_index_moves_no_further_than_its_shares(day, move, expected):
    """10 per cent since 16 December 1996, 20 from 22 July 2019, 30 from 15 November 2021."""
    found = beyond_limits("XSHG", np.array([day], "datetime64[D]"), np.array([move]))
    assert tuple(bool(each[0]) for each in found) == expected
    other = beyond_limits("XHKG", np.array([day], "datetime64[D]"), np.array([move]))
    assert not any(each[0] for each in other)


# -- what stops a study --------------------------------------------------------------------------


def test_a_failure_stops_the_study_and_says_how_to_accept_it(tmp_path):
    file = study_file(tmp_path)
    with pytest.raises(DataError) as caught:
        run_study(file, prices=moved(prices_of(file), MONDAY, high=0.5))
    assert str(caught.value) == (
        "the prices fail 1 check; nothing was estimated\n"
        "  CSI300, order of open, high, low, close: 1 of 67 bars have an open or close outside their low and"
        f" high, or a price that is not positive: {MONDAY}; take these sessions from another source\n"
        "if they are right all the same, say so in the study file, with the reason:\n"
        "accept:\n"
        "  - {check: bar-order, asset: CSI300, reason: WHY}"
    )
    assert caught.value.exit_code == 3


def test_an_open_outside_the_bar_does_not_stop_a_study(tmp_path):
    """Closing returns do not rest on it; the outcome says that the split of day 0 is in doubt."""
    file = study_file(tmp_path)
    checked = inspected(file, moved(prices_of(file), MONDAY, open=1.2))
    assert status(checked, "bar-order") == "REVIEW"
    (row,) = doubt_rows(file.study, align(file.study), checked)
    assert row[2:4] == (MONDAY, "an open outside low and high")


def test_what_arithmetic_leaves_of_a_price_is_no_contradiction():
    """0.1 * 3 is above 0.3 by one bit, 4,000.01 above 4,000.004 by the last of two digits."""
    bars = np.array([[0.3, 0.3, 0.3, 0.1 * 3], [0.3, 0.3, 0.2, 0.3001]])
    assert disordered(bars).tolist() == [False, True]
    index = np.array([[4000.0, 4000.004, 3990.0, close] for close in (4000.01, 4000.1)])
    assert disordered(index).tolist() == [False, True]


def test_the_command_ends_with_exit_code_3(tmp_path, call):
    prices = moved(prices_of(study_file(tmp_path)), MONDAY, high=0.5)
    write_prices(prices, tmp_path / "prices.parquet")
    file = study_file(tmp_path, source="{name: frozen, file: prices.parquet}")
    code, said, _ = call("run", file.path, "--out", tmp_path / "out")
    assert code == 3
    assert "accept:\n  - {check: bar-order, asset: CSI300, reason: WHY}" in said
    assert not (tmp_path / "out" / "study").exists()


@pytest.mark.parametrize("asset", ["", ", asset: CSI300"])
def test_an_accepted_failure_stands_in_the_report_with_its_reason(tmp_path, asset):
    file = study_file(tmp_path, more=f"accept: [{{check: bar-order{asset}, reason: a test}}]")
    result = run_study(file, prices=moved(prices_of(file), MONDAY, high=0.5))
    rows = result.frames["quality"].set_index("check")
    assert tuple(rows.loc["order of open, high, low, close", ["status", "recommendation"]]) == (
        "FAIL",
        "accepted by the study: a test",
    )
    assert result.frames["doubts"].to_numpy().tolist() == [
        [
            *("SD2023", "CSI300", MONDAY, "open, high, low and close contradict each other"),
            *("order of open, high, low, close", "FAIL"),
        ]
    ]
    assert "accepted by the study: a test" in render_study(result)


def test_accepting_what_does_not_fail_is_noted(tmp_path):
    more = "accept: [{check: splits, asset: CSI300, reason: a test}]"
    file = study_file(tmp_path, more=more)
    (found,) = (
        each.finding
        for each in inspected(file, prices_of(file))
        if "accepted" in each.finding.check
    )
    assert (found.status, found.check) == ("REVIEW", "accepted: splits")


def test_a_move_beyond_the_limits_and_a_split_stop_a_study(tmp_path):
    file = study_file(tmp_path)
    prices = prices_of(file)
    values = {name: array.copy() for name, array in prices.values.items()}
    for name in ("open", "high", "low", "close"):
        values[name][prices.dates >= np.datetime64(MONDAY)] /= 2
    with pytest.raises(DataError, match=r"(?s)fail 2 checks.*check: splits.*check: price-limits"):
        inspected(file, replace(prices, values=values))


def test_the_gate_costs_little(tmp_path):
    """The checks of 85 events on three series, far below the 0.3 s that they may take."""
    from time import process_time

    file = load(Path(__file__).parents[2] / "events" / "all-policy.yaml")
    prices, aligned = prices_of(file), align(file.study)
    inspect(file.study, prices, aligned)
    start = process_time()
    inspect(file.study, prices, aligned)
    assert process_time() - start < 0.3


# -- against the embedded data and a second source --------------------------------------------------


@pytest.fixture(scope="module")
def control(tmp_path_factory):
    """The study on frozen prices with Yahoo's wrong close of 25 August 2023: 58 bp too high."""
    folder = tmp_path_factory.mktemp("control")
    prices = moved(prices_of(study_file(folder)), FRIDAY, close=1.0058)
    series = (replace(prices.series[0], source="yahoo", symbol="000300.SS"),)
    write_prices(replace(prices, series=series), folder / "prices.parquet")
    return run_study(study_file(folder, source="{name: frozen, file: prices.parquet}"))


def test_a_wrong_close_before_day_0_is_no_silent_result(control):
    """+1.17 per cent, as printed, becomes +0.58; it comes out REVIEW, with the date and the size."""
    ((gap),) = control.frames["day0"]["close_to_close"]
    assert gap == pytest.approx(1.0117 / 1.0058 - 1, abs=1e-4)
    said = "close 58.0 bp above the embedded data"
    (row,) = control.frames["doubts"].itertuples(index=False)
    assert tuple(row) == (
        *("SD2023", "CSI300", FRIDAY, said),
        *("level against the embedded data", "REVIEW"),
    )


def test_the_page_says_review_where_it_matters(control):
    """In the first lines, in Table 1, in the verdict, in the checks, and on the page of all studies."""
    assert (
        prose.in_doubt(control)
        .replace("\N{NO-BREAK SPACE}", " ")
        .endswith("no. 1 on CSI 300 (25 Aug 2023: close 58.0 bp above the embedded data)")
    )
    (row,) = tables.outcomes(control).rows
    assert "REVIEW: prices in doubt" in [cell.detail for cell in row]
    page = render_study(control).replace("\N{NO-BREAK SPACE}", " ")
    first = page.index("Prices in doubt")
    assert page.index('id="section-summary"') < first < page.index('id="table-outcomes"')
    assert "REVIEW: rests on prices in doubt, 25 Aug 2023" in page
    assert "2023-08-25 (58.0 bp)" in page
    pages = {("s", event.id): "#x" for event in control.study.events}
    (cell,) = (c for c in tables.every_event({"s": control}, pages).rows[0] if c.detail)
    assert cell.detail.endswith(", REVIEW")
    index = render_index([Entry("s", control, "")])
    assert "REVIEW: One outcome rests on prices in doubt" in index


def test_sound_prices_say_nothing(tmp_path):
    result = run_study(study_file(tmp_path))
    assert result.frames["doubts"].empty
    assert prose.in_doubt(result) == ""
    assert "Prices in doubt" not in render_study(result)


def second(prices):
    return Other("second-source", "other", prices)


@pytest.mark.parametrize(
    ("day", "factor", "expected"),
    [
        (MONDAY, 1.0004, "PASS"),
        (MONDAY, 1.0024, "REVIEW"),
        (MONDAY, 1.0026, "FAIL"),
        (FRIDAY, 1.0026, "FAIL"),
        ("2023-08-29", 1.0026, "REVIEW"),
    ],
)
def test_a_second_source_stops_a_study_where_day_0_depends_on_it(tmp_path, day, factor, expected):
    more = "second_source: yahoo\naccept: [{check: second-source, reason: a test}]"
    file = study_file(tmp_path, more=more)
    prices = prices_of(file)
    checked = inspected(file, prices, second(moved(prices, day, close=factor)))
    assert status(checked, "second-source") == expected


def test_a_second_source_is_fetched_and_compared(tmp_path):
    """Frozen prices, 58 bp off on the session before day 0, against the embedded ones."""
    prices = moved(prices_of(study_file(tmp_path)), FRIDAY, close=1.0058)
    write_prices(prices, tmp_path / "prices.parquet")
    more = "second_source: {name: frozen, file: prices.parquet}"
    said = r"second source: 1 of 67 closes are more than 5 bp from frozen: 2023-08-25 \(−57\.7 bp\)"
    with pytest.raises(DataError, match=said):
        run_study(study_file(tmp_path, more=more))


def test_a_fund_beside_its_index_is_compared_by_returns(tmp_path):
    """A fund at a hundredth of the index, 58 bp off: within what a fund may differ by."""
    file = study_file(tmp_path)
    prices = prices_of(file)
    fund = (replace(prices.series[0], proxy="a tracker fund", adjusted=True),)
    values = {name: array / 100 for name, array in prices.values.items()}
    other = replace(prices, values=values, series=fund)
    assert (
        status(inspected(file, moved(other, FRIDAY, close=1.0058), second(prices)), "second-source")
        == "PASS"
    )
    higher = moved(other, FRIDAY, open=1.02, high=1.02, low=1.02, close=1.02)
    checked = inspected(file, higher, second(prices))
    (found,) = (each for each in checked if each.name == "second-source")
    assert found.finding.status == "REVIEW"
    assert sorted(str(day) for day in found.dates) == [FRIDAY, MONDAY]


def test_another_series_altogether_is_named_as_such(tmp_path):
    file = study_file(
        tmp_path, more="second_source: yahoo\naccept: [{check: second-source, reason: a test}]"
    )
    prices = prices_of(file)
    values = {name: array * 7 for name, array in prices.values.items()}
    checked = inspected(file, prices, second(replace(prices, values=values)))
    (found,) = (each for each in checked if each.name == "second-source")
    assert found.finding.finding.startswith("67 of 67 closes are more than 5 bp from other")


def test_a_second_source_without_the_sessions_is_named(tmp_path):
    file = study_file(tmp_path)
    prices = prices_of(file)
    early = prices.dates < np.datetime64("2010-01-01")
    values = {name: array[early] for name, array in prices.values.items()}
    other = replace(prices, dates=prices.dates[early], kind=prices.kind[early], values=values)
    assert status(inspected(file, prices, second(other)), "second-source") == "REVIEW"


def test_a_second_source_that_cannot_be_had_is_named(tmp_path):
    """The cache is empty and the network not used: the study runs, and the page says why."""
    file = study_file(tmp_path, more="second_source: yahoo")
    access = Access(tmp_path, cache=tmp_path / "cache", offline=True)
    (why,) = other_prices(file.study, prices_of(file), access)
    (found,) = (
        each.finding
        for each in inspected(file, prices_of(file), why)
        if each.name == "second-source"
    )
    assert found.status == "REVIEW"
    assert "CSI300 (yahoo 000300.SS)" in found.finding


def test_the_embedded_data_are_not_held_against_themselves(tmp_path):
    file = study_file(tmp_path)
    assert list(other_prices(file.study, prices_of(file), Access(tmp_path))) == []


def test_doubts_concern_the_sessions_that_an_outcome_rests_on(tmp_path):
    """Day -1 and day +5 are in, day -2 is not; the event window ends on day +5."""
    file = study_file(tmp_path)
    prices = prices_of(file)
    other = prices
    for day in ("2023-08-24", FRIDAY, "2023-09-04", "2023-09-05"):
        other = moved(other, day, close=1.001)
    checked = inspected(file, prices, second(other))
    found = doubt_rows(file.study, align(file.study), checked)
    assert [row[2] for row in found] == [FRIDAY, "2023-09-04"]


def test_doubts_about_a_benchmark_of_the_first_model_are_those_of_the_outcome(tmp_path):
    """On Monday 28 the S&P 500 of Friday over Thursday is taken away; of its open nothing is used."""
    file = study_file(tmp_path)
    file.path.write_text(
        file.path.read_text("utf-8").replace(
            "[constant_mean]",
            "[{name: market, benchmark: SPX, lag: previous_close}, constant_mean]",
        ),
        "utf-8",
    )
    file = load(file.path)
    days = ["2023-08-23", "2023-08-24", "2023-09-01", "2023-09-05"]
    finding = rules.Finding("SPX", "c", "REVIEW", "", "")
    checked = [
        rules.Checked(finding, "jumps", np.array(days, "M8[D]"), ("a jump",) * 4),
        rules.Checked(finding, "bar-order", np.array(days, "M8[D]"), (rules.OPENS.doubt,) * 4),
    ]
    found = doubt_rows(file.study, align(file.study), checked)
    assert [row[:4] for row in found] == [
        ("SD2023", "CSI300", day, "S&P 500, a jump") for day in days[1:3]
    ]
    second = file.study.model_copy(update={"models": file.study.models[1:]})
    assert doubt_rows(second, align(second), checked) == []


# -- the papers ---------------------------------------------------------------------------------------


def test_every_check_is_in_the_table_of_the_docs():
    page = (DOCS / "explanation" / "data-checks.md").read_text("utf-8")
    names = Acceptance.model_fields["check"].annotation.__args__
    assert CheckName.__args__ == names
    words = {each.name: each.check for each in vars(rules).values() if isinstance(each, rules.Rule)}
    for name in names:
        (line,) = (line for line in page.splitlines() if line.startswith(f"| `{name}` |"))
        assert words.get(name, "") in line
