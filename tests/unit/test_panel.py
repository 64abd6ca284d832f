"""`eventstudy panel`: tables of every shape in, the same numbers out, and what it refuses."""

import json
import re
import shlex
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pytest
import statsmodels.api as sm

from eventstudy.cli import main
from eventstudy.columns import FRAMES, PANEL_FRAMES
from eventstudy.errors import DataError, EventError, OptionError, SpecError, UnknownNameError
from eventstudy.panel import Design, Inputs, run_panel, write_panel
from eventstudy.sheets.dates import parse_dates
from eventstudy.sheets.series import SeriesTable
from eventstudy.sheets.units import decimals
from eventstudy.spec import Window, load
from eventstudy.study import run_study
from eventstudy.writing import replace_folder, write_csv
from tests.panel40_tables import arguments, tables, write_tables
from tests.samples import PANEL40

SPANS = {"estimation": Window(-270, -21), "event_window": Window(-10, 10)}
DESIGN = Design(**SPANS)


def inputs(folder, **changes):
    files = {"returns": folder / "R.csv", "events": folder / "E.csv", "market": f"{folder}/M.csv"}
    return Inputs(**{**files, **changes})


def run(folder, design=DESIGN, **changes):
    return run_panel(inputs(folder, **changes), design)


def written(result, folder):
    """Return the bytes of every CSV of a result."""
    write_panel(result, folder)
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.csv"))}


@pytest.fixture(scope="module")
def panel40(tmp_path_factory):
    return write_tables(tmp_path_factory.mktemp("tables"))


@pytest.fixture(scope="module")
def result(panel40):
    return run(panel40, Design(group="grp", **SPANS))


def melted(returns):
    return returns.melt("date", var_name="asset", value_name="return")


def test_columns_are_those_of_a_study(result, tmp_path):
    for name, content in written(result, tmp_path / "out").items():
        header = content.partition(b"\n")[0].decode()
        assert tuple(header.split(",")) == FRAMES[name.removesuffix(".csv")]


def test_every_shape_of_the_tables_gives_the_same_bytes(result, tmp_path):
    """Wide, long, Parquet with dates as dates, rows in any order, gaps as rows that are not there."""
    expected = written(result, tmp_path / "expected")
    returns, market, events = tables()
    order = np.random.default_rng(1)
    typed = [table.copy() for table in (returns, market, events)]
    for table, column in zip(typed, ("date", "date", "event_date"), strict=True):
        table[column] = pd.to_datetime(table[column])
    shapes = {
        "shuffled": [table.sample(frac=1, random_state=order) for table in tables()],
        "long": [melted(returns), market, events],
        "columns": [
            returns[["F07", "date", *returns.columns.drop(["F07", "date"])]],
            market,
            events,
        ],
        "compact": [
            returns.assign(date=returns["date"].str.replace("-", "")),
            market.assign(date=pd.to_datetime(market["date"]).dt.strftime("%d/%m/%Y")),
            events,
        ],
    }
    design = Design(group="grp", **SPANS)
    for name, (first, second, third) in shapes.items():
        folder = tmp_path / name
        folder.mkdir()
        write_tables(folder, returns=first, market=second, events=third)
        assert written(run(folder, design), folder / "out") == expected, name
    for name, table in zip("RME", typed, strict=True):
        table.to_parquet(tmp_path / f"{name}.parquet")
    melted(typed[0]).to_parquet(tmp_path / "L.parquet")
    for name in "RL":
        files = {
            "returns": tmp_path / f"{name}.parquet",
            "events": tmp_path / "E.parquet",
            "market": str(tmp_path / "M.parquet"),
        }
        assert written(run_panel(Inputs(**files), design), tmp_path / f"out{name}") == expected


def test_a_gap_may_be_an_empty_cell_a_word_or_a_row_that_is_not_there(tmp_path):
    returns, _, _ = tables()
    returns.loc[100:110, "F03"] = np.nan
    folders = {}
    for name, table, word in (
        ("empty", returns, ""),
        ("word", returns, "NA"),
        ("long", melted(returns).dropna(), ""),
    ):
        folders[name] = tmp_path / name
        folders[name].mkdir()
        write_tables(folders[name])
        table.to_csv(folders[name] / "R.csv", index=False, na_rep=word)
    first, *others = (written(run(folder), folder / "out") for folder in folders.values())
    assert all(other == first for other in others)


def test_the_market_may_be_a_column_of_the_returns(result, panel40, tmp_path):
    returns, market, events = tables()
    write_tables(tmp_path, returns=returns.merge(market, on="date"), events=events)
    other = run(tmp_path, Design(group="grp", **SPANS), market="MKT")
    for name in ("parameters", "abnormal", "car", "statistics"):
        pd.testing.assert_frame_equal(other.frames[name], result.frames[name])


def test_groups_are_tested_beside_all(result):
    table = result.frames["statistics"]
    assert set(table["group"]) == {"all", "0", "1"}
    assert set(table["asset"]) == {"all"}
    n = table[table["statistic"] == "bmp"].groupby("group")["n"].max()
    assert n["0"] + n["1"] == n["all"] == 40


def test_a_study_in_yaml_gives_the_same_numbers(tmp_path):
    """CSI 300 against the Hang Seng index, closes of the snapshot on Shanghai's sessions."""
    from eventstudy.alignment import exchange
    from eventstudy.returns.panel import on_sessions
    from eventstudy.sources.snapshot import Snapshot
    from eventstudy.spec import built_in

    dates = {"A": "2019-05-05", "B": "2022-03-16", "C": "2023-08-27"}
    listed = ", ".join(f"{{id: {key}, title: T, announced: {day}}}" for key, day in dates.items())
    (tmp_path / "study.yaml").write_text(
        "format: 1\ntitle: T\nassets: [CSI300]\nestimation: [-220, -21]\nmin_observations: 100\n"
        "event_window: [-10, 10]\nwindows: [[0, 0], [-1, 1], [0, 10]]\n"
        f"models: [{{name: market, benchmark: HSI}}, constant_mean]\nevents: [{listed}]\n",
        encoding="utf-8",
    )
    study = run_study(load(tmp_path / "study.yaml")).frames
    prices = Snapshot().fetch([built_in()[name] for name in ("CSI300", "HSI")])
    days = exchange("XSHG").sessions
    days = days[(days >= prices.dates[0]) & (days <= prices.dates[-1])]
    closes = {name: on_sessions(prices, name, days) for name in prices.instruments}
    for file, name in (("P.csv", "CSI300"), ("M.csv", "HSI")):
        pd.DataFrame({"date": days.astype(str), name: closes[name]}).to_csv(
            tmp_path / file, index=False
        )
    pd.DataFrame(
        {"event_id": dates.keys(), "asset": "CSI300", "event_date": dates.values()}
    ).to_csv(tmp_path / "E.csv", index=False)
    design = Design(
        models=("market", "constant_mean"),
        windows=(Window(0, 0), Window(-1, 1), Window(0, 10)),
        single=True,
    )
    panel = run(tmp_path, design, returns=tmp_path / "P.csv", prices=True).frames
    for name in ("parameters", "abnormal", "car"):
        pd.testing.assert_frame_equal(panel[name], study[name], check_exact=True)
    tests = study["statistics"]
    tests = tests[(tests["group"] == "all") | ~tests["group"].isin(["all", "uncategorised"])]
    key = ["model", "group", "window_start", "window_end", "statistic"]
    both = panel["statistics"].merge(tests, on=key, suffixes=("", "_study"), validate="1:1")
    assert len(both) == len(panel["statistics"])
    for column in ("estimate", "value", "p_value", "n", "distribution", "reason"):
        pd.testing.assert_series_equal(
            both[column], both[f"{column}_study"], check_names=False, check_exact=True
        )


def test_per_cent_is_refused_until_it_is_said(result, tmp_path):
    returns, market, events = tables()
    for table in (returns, market):
        table[table.columns[1:]] *= 100
    write_tables(tmp_path, returns=returns, market=market, events=events)
    with pytest.raises(DataError, match=r"R\.csv does not look like decimals.*say --percent"):
        run(tmp_path)
    found = run(tmp_path, Design(group="grp", **SPANS), percent=True).frames["car"]
    np.testing.assert_allclose(found["t"], result.frames["car"]["t"], rtol=1e-9)
    write_tables(tmp_path, market=market)
    with pytest.raises(DataError, match=r"M\.csv does not look like decimals"):
        run(tmp_path)


def test_decimals_that_are_said_to_be_per_cent_are_refused(tmp_path):
    """They would be divided by 100 in silence; a rate of interest has no falls and may be so small."""
    write_tables(tmp_path)
    with pytest.raises(
        DataError, match=r"R\.csv looks like decimals.*leave out --percent; if only"
    ):
        run(tmp_path, percent=True)
    days = np.arange("2021-01-04", "2021-01-09", dtype="datetime64[D]")
    rate = SeriesTable("RF.csv", days, ("RF",), np.array([[0.01], [0.02], [0.0], [0.01], [0.02]]))
    assert decimals(rate, percent=True, say="--percent").values[1, 0] == pytest.approx(0.0002)


def test_a_return_of_three_hundred_per_cent_is_no_sign_of_per_cent(tmp_path):
    """First days of trading are like that; nothing but a fall by more than all is impossible."""
    returns, _, _ = tables()
    returns.loc[0, "F01"] = 3.06
    assert run(write_tables(tmp_path, returns=returns)).studied == {"market": 40}
    returns.loc[0, "F01"] = -1.01
    with pytest.raises(DataError, match=r"F01 on 2021-01-04 is -1\.01"):
        run(write_tables(tmp_path, returns=returns))


def test_ragged_histories_against_statsmodels(tmp_path):
    """F05 begins late, F06 misses every fifth day: OLS on what is there; F07 has too little."""
    returns, market, events = tables()
    day0 = {
        name: returns["date"].searchsorted(day)
        for name, day in events.set_index("asset")["event_date"].items()
    }
    returns.loc[: day0["F05"] - 150, "F05"] = np.nan
    returns.loc[1::5, "F06"] = np.nan
    returns.loc[: day0["F07"] - 100, "F07"] = np.nan
    found = run(write_tables(tmp_path, returns=returns))
    dropped = found.frames["dropped"]
    assert dropped[["asset", "stage", "reason"]].to_numpy().tolist() == [
        ["F07", "returns", "79 of 250 returns in the estimation window; 100 needed"]
    ]
    assert any("2 events have fewer than 250 returns" in note for note in found.notes)
    table = found.frames["parameters"].set_index(["asset", "parameter"])["estimate"]
    for name in ("F05", "F06"):
        rows = slice(day0[name] - 270, day0[name] - 21)
        y, x = returns.loc[rows, name], sm.add_constant(market.loc[rows, "MKT"])
        fit = sm.OLS(y, x, missing="drop").fit()
        got = table[name][["alpha", "beta", "sigma", "n_obs"]]
        wanted = [*fit.params, np.sqrt(fit.mse_resid), fit.nobs]
        np.testing.assert_allclose(got, wanted, rtol=1e-9, atol=1e-15)


def test_a_gap_in_the_event_window_leaves_the_car_empty(tmp_path):
    returns, _, events = tables()
    day = returns["date"].searchsorted(events["event_date"][0])
    returns.loc[day + 1, "F01"] = np.nan
    frames = run(write_tables(tmp_path, returns=returns)).frames
    car = frames["car"][frames["car"]["event_id"] == "1"].set_index("window_end")["car"]
    assert np.isfinite(car[0])
    assert np.isnan(car[1])
    tests = frames["statistics"].query("statistic == 'bmp' and window_end == 1")
    assert tests.set_index("window_start")["n"].to_dict() == {-1: 39, 1: 39}


def test_one_security_with_two_events(tmp_path):
    """The id is the key: each has its own estimates, the other is as if alone."""
    _, _, events = tables()
    second = events.iloc[[0]].assign(event_id=99, event_date="2022-05-24")
    both = run(write_tables(tmp_path, events=pd.concat([events, second]))).frames["car"]
    alone = run(write_tables(tmp_path, events=second)).frames["car"]
    mine = both[both["asset"] == "F01"]
    assert mine["event_id"].unique().tolist() == ["1", "99"]
    pd.testing.assert_frame_equal(
        mine[mine["event_id"] == "99"].reset_index(drop=True),
        alone.reset_index(drop=True),
        check_exact=True,
    )


def test_patell_says_that_estimation_was_too_short(panel40):
    """4 returns less 2 coefficients: t(2) has no variance."""
    short = Design(("market",), ("patell", "adjusted_patell"), Window(-14, -11), Window(-10, 10))
    found = run(panel40, short).frames["statistics"]
    assert set(found["reason"]) == {"more than 2 degrees of freedom needed in 2 events"}


def test_an_event_that_stands_twice_under_two_ids_is_noted(result, tmp_path):
    """2022-04-23 is a Saturday; day 0 of both is Monday."""
    _, _, events = tables()
    again = events.iloc[[0, 0]].assign(event_id=[98, 99], event_date=["2022-04-23", "2022-04-25"])
    found = run(write_tables(tmp_path, events=pd.concat([events, again])))
    note = "events that repeat the asset and day 0 of another: 1; the same returns count more than once"
    assert sum(each.startswith(note) for each in found.notes) == 1
    assert not any("repeat" in each for each in result.notes)


def test_one_event_gives_numbers_or_reasons(tmp_path):
    _, _, events = tables()
    found = run(write_tables(tmp_path, events=events.head(1)), Design(single=True, **SPANS))
    table = found.frames["statistics"]
    usable = table["status"] == "ok"
    assert table.loc[usable, ["value", "p_value"]].notna().all(axis=None)
    assert (table.loc[~usable, "reason"] != "").all()
    assert set(table.loc[table["statistic"] == "bmp", "reason"]) == {"1 event; 2 needed"}
    assert set(table.loc[table["statistic"] == "forecast_t", "status"]) == {"ok"}


def test_events_that_cannot_be_placed_are_in_the_ledger(tmp_path):
    _, _, events = tables()
    wrong = pd.DataFrame(
        {
            "event_id": ["late", "early", "end", "unknown"],
            "asset": ["F01", "F02", "F03", "GONE"],
            "event_date": ["2030-01-02", "1999-01-04", "2022-08-04", "2022-04-26"],
        }
    )
    found = run(write_tables(tmp_path, events=pd.concat([events, wrong])))
    reasons = found.frames["dropped"].set_index("event_id")["reason"]
    assert reasons.to_dict() == {
        "late": "no session on or after the event; the last is 2022-08-04",
        "early": "the first session on or after the event is 2021-01-04, 8,036 days later",
        "unknown": "there are no returns of this asset",
    }
    assert found.studied["market"] + len(reasons) == found.events == 44
    late = found.frames["abnormal"].query("event_id == 'end'").set_index("tau")
    assert np.isfinite(late.loc[0, "ar"])
    assert late.loc[1:, "ar"].isna().all()


def test_a_day_without_trading_leads_to_the_next_session(tmp_path):
    """23 April 2022 was a Saturday."""
    _, _, events = tables()
    events.loc[0, "event_date"] = "2022-04-23"
    table = run(write_tables(tmp_path, events=events)).frames["abnormal"]
    assert table.query("event_id == '1' and tau == 0")["date"].tolist() == ["2022-04-25"]


def test_no_event_left_is_an_error(tmp_path):
    _, _, events = tables()
    with pytest.raises(EventError, match=r"no event can be studied:\n  1, GONE, market: there are"):
        run(write_tables(tmp_path, events=events.head(1).assign(asset="GONE")))


def test_the_asset_is_not_its_own_market(tmp_path):
    returns, market, events = tables()
    both = returns.merge(market, on="date")
    events = pd.concat([events, events.head(1).assign(event_id="M", asset="MKT")])
    found = run(write_tables(tmp_path, returns=both, events=events), market="MKT")
    assert found.frames["dropped"]["reason"].tolist() == ["MKT would be its own benchmark"]


def test_the_guide_does_what_it_says(tmp_path, monkeypatch):
    """Every command of docs/how-to/panel.md on the tables that it describes."""
    guide = (Path(__file__).parents[2] / "docs" / "how-to" / "panel.md").read_text("utf-8")
    commands = re.findall(r"^```sh\n(.+?)^```", guide, re.M | re.S)
    write_tables(tmp_path)
    for name, file in (("returns", "R"), ("market", "M"), ("events", "E")):
        (tmp_path / f"{file}.csv").rename(tmp_path / f"{name}.csv")
    (tmp_path / "returns").mkdir()
    melted(tables()[0]).to_parquet(tmp_path / "returns" / "all.parquet", index=False)
    monkeypatch.chdir(tmp_path)
    for command in commands:
        assert main(shlex.split(command.replace("\\\n", ""))[1:]) == 0
    assert len(commands) == 5
    groups = pd.read_csv(tmp_path / "by-group" / "statistics.csv", dtype=str)["group"]
    assert set(groups) == {"all", "0", "1"}


def edited(text, old, new):
    assert old in text
    return text.replace(old, new, 1)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("date,F01", "day,F01", "has no column 'date'; it has day, F01"),
        ("date,F01", "date,", "column 2 has no name"),
        ("F01,F02", "F01,F01", "two columns called 'F01'"),
        ("2021-01-05,", "2021-01-04,", r"line 3: the date stands in line 2 already"),
        ("2021-01-05,", "2021-02-30,", r"line 3: date: '2021-02-30' is no day of the calendar"),
        ("2021-01-05,", "05.01.2021,", r"line 3: date: '05\.01\.2021' is written in another form"),
        ("2021-01-05,", ",", r"line 3: date: '' is no date; write one, or remove the row"),
        ("2021-01-05,", "2021-01-05,x,", r"R\.csv cannot be read as a table"),
        ("\n2021-01-05,", "\n2021-01-05,0.5%,", r"cannot be read as a table"),
    ],
)  # fmt: skip
def test_faults_of_the_returns(panel40, tmp_path, old, new, message):
    text = (panel40 / "R.csv").read_text("utf-8")
    write_tables(tmp_path)
    (tmp_path / "R.csv").write_text(edited(text, old, new), encoding="utf-8")
    with pytest.raises(DataError, match=message) as error:
        run(tmp_path)
    assert error.value.exit_code == 3


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("0.5%", r"line 12: F04: '0\.5%' is not a number; write decimals such as 0\.012"),
        ("0,5", r"cannot be read as a table|is not a number"),
        ("inf", r"line 12: F04 is infinite"),
    ],
)
def test_a_cell_that_is_no_number(tmp_path, value, message):
    returns, _, _ = tables()
    returns["F04"] = returns["F04"].astype(object)
    returns.loc[10, "F04"] = value
    with pytest.raises(DataError, match=message):
        run(write_tables(tmp_path, returns=returns))


def test_faults_of_long_tables(tmp_path):
    returns, _, _ = tables()
    long = melted(returns)
    with pytest.raises(DataError, match=r"line 16002: the date of F01 stands in line 2 already"):
        run(write_tables(tmp_path, returns=pd.concat([long, long.head(1)])))
    with pytest.raises(DataError, match="several columns of numbers: return, volume"):
        run(write_tables(tmp_path, returns=long.assign(volume=1.0)))
    long.loc[4, "asset"] = ""
    with pytest.raises(DataError, match=r"line 6: asset is empty"):
        run(write_tables(tmp_path, returns=long))


def test_faults_of_files(panel40, tmp_path):
    write_tables(tmp_path)
    for content, message in [
        (b"", "is empty"),
        (b"date,F01\n", "a header and no rows"),
        (b"date;F01\n2021-01-04;0.1\n", "separate columns by commas"),
        (b"PAR1 and no more", "damaged Parquet"),
        ("日期,F01\n".encode("gbk"), "neither CSV in UTF-8 nor Parquet"),
    ]:
        (tmp_path / "R.csv").write_bytes(content)
        with pytest.raises(DataError, match=message):
            run(tmp_path)


def test_every_mistake_of_the_events_at_once(tmp_path):
    _, _, events = tables()
    events["event_id"] = events["event_id"].astype(object)
    events.loc[1, "event_id"] = 1
    events.loc[2, "event_id"] = "all"
    events.loc[3, "asset"] = ""
    events.loc[4, "event_date"] = "2022-13-01"
    write_tables(tmp_path, events=events)
    with pytest.raises(SpecError) as caught:
        run(tmp_path)
    found = [(problem.line, problem.path, problem.code) for problem in caught.value.problems]
    assert found == [
        (3, "event_id", "duplicate-id"),
        (4, "event_id", "reserved-id"),
        (5, "asset", "empty-value"),
        (6, "event_date", "bad-date"),
    ]
    with pytest.raises(SpecError, match=r"group: there is no such column; the table has event_id"):
        run(tmp_path, Design(group="group", **SPANS))
    (tmp_path / "E.csv").write_text("", encoding="utf-8")
    with pytest.raises(SpecError, match=r"E\.csv is empty \[not-a-table\]"):
        run(tmp_path)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["2023-08-27", "2023-8-1"], ["2023-08-27", "2023-08-01"]),
        (["20230827"], ["2023-08-27"]),
        (["2023-08-27 00:00:00"], ["2023-08-27"]),
        (["27/08/2023", "01/02/2023"], ["2023-08-27", "2023-02-01"]),
        (["08/27/2023", "01/02/2023"], ["2023-08-27", "2023-01-02"]),
        (["01.02.2023"], ["2023-02-01"]),
    ],
)
def test_dates(texts, expected):
    days, problems = parse_dates(texts)
    assert (days.astype(str).tolist(), problems) == (expected, {})


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        (["01/02/2023"], "the day or the month first"),
        (["13/01/2023", "01/13/2023"], "the day or the month first"),
        (["2023-08-27 18:00"], "is not a date"),
        (["yesterday"], "is not a date"),
        (["2023-02-29"], "is no day of the calendar"),
    ],
)
def test_dates_that_leave_a_doubt(texts, message):
    days, problems = parse_dates(texts)
    assert np.isnat(days).all()
    assert all(message in text for text in problems.values())


@pytest.mark.parametrize(
    ("design", "message"),
    [
        ({"windows": (Window(0, 11),)}, "reaches beyond the event window"),
        ({"estimation": Window(-100, -10)}, "must end before the event window"),
        ({"event_window": Window(1, 5)}, "does not contain day 0"),
        ({"estimation": Window(-60, -21), "min_observations": 41}, "more than the 40 sessions"),
        ({"statistics": ("forecast_t",)}, "tests each event by itself.*add --single"),
    ],
)
def test_options_that_do_not_fit(design, message):
    with pytest.raises(OptionError, match=message):
        Design(**design)


def test_unknown_names_are_named_with_those_that_exist():
    with pytest.raises(UnknownNameError, match="did you mean 'market'"):
        Design(models=("markt",))
    with pytest.raises(UnknownNameError, match="allowed: adjusted_bmp, adjusted_patell, all, "):
        Design(statistics=("t",))


def test_what_a_model_needs_is_asked_for(panel40):
    with pytest.raises(OptionError, match="the model market needs the market's returns"):
        run(panel40, market="")
    with pytest.raises(OptionError, match=r"neither a file nor a column.*did you mean 'F01'"):
        run(panel40, market="f01")
    studied = run(panel40, Design(models=("constant_mean",), **SPANS), market="").studied
    assert studied == {"constant_mean": 40}


def test_only_named_statistics_and_a_shorter_estimation_window(panel40):
    design = Design(statistics=("bmp", "forecast_t"), single=True, estimation=Window(-60, -11))
    assert design.least == 50
    table = run(panel40, design).frames["statistics"]
    assert table.groupby("statistic").size().to_dict() == {"bmp": 22, "forecast_t": 80}


def test_the_command_reports_and_its_exit_codes(panel40, tmp_path, capsys):
    given = arguments(panel40, "--group", "grp", out=tmp_path / "out")
    assert main(given) == 0
    assert "market: 40 of 40 events studied" in capsys.readouterr().out
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8"))
    assert manifest["command"].startswith("eventstudy panel --returns ")
    assert manifest["options"]["min_observations"] == 100
    assert set(manifest["inputs"]) == {"returns", "market", "events"}
    before = (tmp_path / "out" / "car.csv").read_bytes()
    for word, replacement, code in [
        ("-10:10", "10", 2),
        ("-10:10", "10:-10", 2),
        ("-10:10", "-9999:10", 2),
        ("--group", "--grop", 2),
        ("grp", "size", 2),
        (str(panel40 / "E.csv"), "none.csv", 2),
        (str(panel40 / "R.csv"), str(panel40 / "E.csv"), 3),
    ]:
        assert main([replacement if text == word else text for text in given]) == code
        assert "Traceback" not in capsys.readouterr().err
    assert main([*given, "--prices", str(panel40 / "R.csv")]) == 2
    levels = ["--prices" if word == "--returns" else word for word in given]
    assert main([*levels, "--percent"]) == 2
    assert "leave out --percent" in capsys.readouterr().err
    assert (tmp_path / "out" / "car.csv").read_bytes() == before


def test_a_folder_with_something_else_is_not_touched(result, tmp_path):
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(OptionError, match=r"holds notes\.txt, which is no result"):
        write_panel(result, tmp_path)
    with pytest.raises(OptionError, match="is a file"):
        write_panel(result, tmp_path / "notes.txt")
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_a_folder_is_written_whole_or_not_at_all(tmp_path):
    target = tmp_path / "out"
    replace_folder(target, lambda folder: (folder / "a").write_text("first"))

    def half(folder):
        (folder / "a").write_text("second")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        replace_folder(target, half)
    assert (target / "a").read_text() == "first"
    replace_folder(target, lambda folder: (folder / "b").write_text("third"))
    assert [path.name for path in target.iterdir()] == ["b"]
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_csv_reads_back_to_the_same_doubles(tmp_path):
    """Every size of number; commas, quotation marks and line ends in texts; empty texts."""
    rng = np.random.default_rng(5)
    number = rng.standard_normal(5000) * 10.0 ** rng.integers(-300, 300, 5000)
    number[::7], number[1], number[2] = np.nan, 0.1 + 0.2, -0.0
    text = np.array(["plain", 'says "no"', "a, b", "two\nlines", ""], dtype=object)
    table = pd.DataFrame({"text": pd.Series(np.tile(text, 1000), dtype="str"), "x": number})
    write_csv(table, tmp_path / "t.csv")
    content = (tmp_path / "t.csv").read_bytes()
    assert content.startswith(b"text,x\nplain,\n")
    back = pa.csv.read_csv(
        tmp_path / "t.csv", parse_options=pa.csv.ParseOptions(newlines_in_values=True)
    )
    np.testing.assert_array_equal(back["x"].to_numpy(), number)
    assert back["text"].to_pylist() == table["text"].tolist()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "comparison_group",
            r"the model comparison_group needs peers; write --model comparison_group:peers=…",
        ),
        ("market:leads_lags", r"'leads_lags' is not an option; write --model market:OPTION=VALUE"),
        ("constant_mean:1", r"of the options missing"),
        ("market:leads_lag=1", r"called 'leads_lag'; .* did you mean 'leads_lags'\?"),
        ("market:leads_lags=9", r"--model market:leads_lags=9: leads_lags: .* at most 5"),
        ("market:leads_lags=1:leads_lags=2", r"leads_lags stands twice; keep one"),
        ("market:lag=previous_close", r"no trading hours"),
        ("market:missing=trade_to_trade", r"log returns made from prices"),
        ("comparison_group:peers=A,B:weights=A=1", r"every peer needs one weight"),
    ],
)
def test_options_of_a_model_on_the_command_line_that_are_wrong(text, message):
    with pytest.raises(OptionError, match=message):
        Design(models=(text,))


def test_options_of_a_model_on_the_command_line(panel40):
    """Each way of running a model is listed under the text that asks for it."""
    texts = (
        "market",
        "market:leads_lags=1",
        "comparison_group:peers=F02,F03:weights=F02=1,F03=3",
        "factors:regressors=SMB,HML",
    )
    design = Design(models=texts, statistics=("bmp",), **SPANS)
    result = run(panel40, design, factors=PANEL40 / "inputs" / "factors_daily_decimal.csv")
    assert result.frames["statistics"]["model"].unique().tolist() == list(texts)
    own = result.frames["dropped"].set_index("model")
    assert set(own["asset"]) == {"F02", "F03"}
    assert set(own.index) == {texts[2]}
    parameters = result.frames["parameters"].query("event_id == '1'").set_index("model")
    assert parameters.loc[texts[1], "parameter"].tolist()[:4] == [
        *("alpha", "beta", "beta_lag1", "beta_lead1"),
    ]
    returns = tables()[0]
    group = (returns["F02"] + 3 * returns["F03"]) / 4
    day = result.frames["abnormal"].query("model == @texts[2] and event_id == '1' and tau == 0")
    expected = group[returns["date"] == day["date"].iloc[0]]
    assert day["expected"].iloc[0] == pytest.approx(expected.iloc[0], rel=1e-12)


CHOSEN = {"regress": ("grp", "log_mcap", "leverage"), "windows": (Window(0, 1),), **SPANS}


def test_regressions_through_the_command_line(panel40, tmp_path):
    """Coefficients and errors of statsmodels and pyfixest, from tables to tables."""
    named = (
        "--regress",
        "grp",
        "--regress",
        "log_mcap",
        "--regress",
        "leverage",
        "--window",
        "0:1",
    )
    errors = ("--errors", "iid", "--errors", "HC3", "--errors", "cluster:date")
    command = arguments(panel40, *named, *errors, "--statistic", "bmp")
    assert main([*command[:-1], str(tmp_path / "out")]) == 0
    found = pd.read_csv(tmp_path / "out" / "regressions.csv", keep_default_na=False, na_values=[""])
    assert tuple(found.columns) == PANEL_FRAMES["regressions"]
    table = pd.read_csv(PANEL40 / "expected" / "regressions" / "car_cross_section.csv")
    pairs = {"iid": "nonrobust", "HC3": "HC3", "cluster:date": "cluster_event_date"}
    for name, vcov in pairs.items():
        ours = found[found["errors"] == name]
        theirs = table[(table["package"] == "statsmodels") & (table["vcov"] == vcov)]
        usable = (ours["status"] != "not_applicable").to_numpy()
        np.testing.assert_allclose(ours["estimate"], theirs["coef"], rtol=1e-8, atol=1e-12)
        np.testing.assert_allclose(ours["std_error"][usable], theirs["se"][usable], rtol=1e-8)
    assert found["status"].tolist().count("not_applicable") == 1
    options = json.loads((tmp_path / "out" / "manifest.json").read_text())["options"]
    assert options["errors"] == ["iid", "HC3", "cluster:date"]
    assert options["regress"] == ["grp", "log_mcap", "leverage"]


def test_no_regression_without_being_asked(result, tmp_path):
    """And one that was asked for earlier does not stay behind."""
    write_panel(result, tmp_path / "out")
    (tmp_path / "out" / "regressions.csv").write_text("old\n")
    write_panel(result, tmp_path / "out")
    assert not (tmp_path / "out" / "regressions.csv").exists()


def test_event_days_against_dummies(panel40):
    """Least squares of statsmodels on dummies of firms, sessions and days of the event window."""
    short = {"estimation": Window(-60, -2), "event_window": Window(0, 1)}
    found = run(panel40, Design(event_time=True, min_observations=30, **short)).frames[
        "regressions"
    ]
    returns, _, events = tables()
    day0 = returns["date"].searchsorted(events["event_date"])
    rows = slice(day0.min() - 60, day0.max() + 2)
    block = returns.iloc[rows].drop(columns="date")
    session, firm = (each.ravel() for each in np.indices(block.shape))
    own = dict(zip(events["asset"], day0 - rows.start, strict=True))
    tau = session - np.array([own[name] for name in block.columns])[firm]
    x = np.column_stack(
        [tau == 0, tau == 1, *(firm == each for each in range(40)),
         *(session == each for each in range(1, len(block)))]
    )  # fmt: skip
    outside = sm.OLS(block.to_numpy().ravel(), x.astype(float)).fit()
    ours = found[found["errors"] == "driscoll_kraay"]
    np.testing.assert_allclose(ours["estimate"], outside.params[:2], rtol=1e-8)
    assert set(ours["distribution"]) == {f"t({int(outside.df_resid)})"}
    assert ours[["window_start", "window_end"]].to_numpy().tolist() == [[0, 0], [1, 1]]


def test_events_without_a_characteristic_are_counted(tmp_path):
    """Empty cells and NA; words as levels; a cluster column of the events."""
    _, _, events = tables()
    events["owner"] = ["state", "private", "NA", ""] * 10
    events["leverage"] = events["leverage"].mask(events["event_id"] == 5)
    events["sector"] = [f"s{number % 7}" for number in range(40)]
    write_tables(tmp_path, events=events)
    chosen = Design(
        regress=("owner", "leverage"), errors=("HC3", "cluster:sector"), windows=(Window(0, 0),), **SPANS
    )  # fmt: skip
    found = run(tmp_path, chosen)
    frame = found.frames["regressions"]
    assert frame["term"].tolist()[:3] == ["intercept", "owner[state vs private]", "leverage"]
    assert set(frame["n"]) == {19}
    assert set(frame.loc[frame["errors"] == "cluster:sector", "clusters"]) == {7}
    assert "20 events have no owner: left out of the regressions that use it" in found.notes
    assert "1 event has no leverage: left out of the regressions that use it" in found.notes


def test_the_order_of_events_moves_no_regression(panel40, tmp_path):
    _, _, events = tables()
    write_tables(tmp_path, events=events.sample(frac=1, random_state=3))
    straight, shuffled = (run(each, Design(**CHOSEN)) for each in (panel40, tmp_path))
    pd.testing.assert_frame_equal(straight.frames["regressions"], shuffled.frames["regressions"])


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("12,5", "'12,5' is not a number, others of the column are"),
        ("inf", "'inf' is not finite"),
    ],
)
def test_a_column_is_of_numbers_or_of_words(tmp_path, value, message):
    _, _, events = tables()
    events["leverage"] = events["leverage"].astype(str)
    events.loc[3, "leverage"] = value
    write_tables(tmp_path, events=events)
    with pytest.raises(SpecError, match=rf"E\.csv:5:1: leverage: {message}"):
        run(tmp_path, Design(**CHOSEN))


def test_options_of_regressions_that_do_not_fit(panel40):
    with pytest.raises(OptionError, match="--errors without --regress"):
        Design(errors=("HC3",))
    with pytest.raises(OptionError, match="--regress event_date names the event"):
        Design(regress=("event_date",))
    with pytest.raises(OptionError, match="--regress '' names no column"):
        Design(regress=("",))
    with pytest.raises(OptionError, match="'HC7' names no standard errors"):
        Design(regress=("grp",), errors=("HC7",))
    with pytest.raises(SpecError, match=r"levarage.*did you mean 'leverage'"):
        run(panel40, Design(regress=("levarage",), **SPANS))
    with pytest.raises(SpecError, match="sector: there is no such column"):
        run(panel40, Design(regress=("grp",), errors=("cluster:sector",), **SPANS))
