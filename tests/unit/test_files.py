"""Tables of the user's own in a study: the numbers of the panel command, and what is refused."""

import numpy as np
import pandas as pd
import pytest

from eventstudy.errors import DataError, SpecError
from eventstudy.panel import Design, Inputs, run_panel
from eventstudy.report.render import render_study
from eventstudy.sources.base import Access
from eventstudy.sources.fingerprint import fingerprint
from eventstudy.spec import Window, load
from eventstudy.study import run_study
from eventstudy.study.fetching import fetch
from tests.panel40_study import write_study
from tests.panel40_tables import WINDOWS, tables

KEYS = {
    "parameters": ["model", "event_id", "parameter"],
    "abnormal": ["model", "event_id", "tau"],
    "car": ["model", "event_id", "window_start", "window_end"],
    "statistics": ["model", "group", "window_start", "window_end", "statistic"],
}
ONE = """\
format: 1
title: T
source: {source}
assets: [X]
instruments:
  - {{id: X, calendar: XNYS, timezone: America/New_York{more}}}
estimation: [-30, -6]
event_window: [-5, 5]
models: {models}
returns: {returns}
events:
  - {{id: A, title: T, announced: 2021-06-01}}
"""


def run(path):
    return run_study(load(path))


def one(folder, *, source, more="", models="[constant_mean]", returns="simple"):
    """Write a study of one asset X and return its path."""
    text = ONE.format(source=source, more=more, models=models, returns=returns)
    (folder / "one.yaml").write_text(text, encoding="utf-8")
    return folder / "one.yaml"


def table_of(**columns):
    """Return a table of the first firm and the market on the sessions of panel40, under other names."""
    returns, market, _ = tables()
    known = {"date": returns["date"], "F01": returns["F01"], "MKT": market["MKT"]}
    return pd.DataFrame({name: known[column] for name, column in columns.items()})


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("files")
    write_study(path)
    return path


@pytest.fixture(scope="module")
def study(folder):
    return run(folder / "study.yaml")


def test_the_numbers_are_those_of_the_panel_command(study, folder):
    """Three models with factors from the same source; groups are categories."""
    panel = run_panel(
        Inputs(folder / "R.csv", folder / "E.csv", f"{folder}/M.csv", folder / "F.csv"),
        Design(
            models=("market", "capm", "fama_french_3"),
            estimation=Window(-270, -21),
            event_window=Window(-10, 10),
            windows=tuple(Window(*window) for window in WINDOWS),
            group="grp",
            single=True,
        ),
    ).frames
    for name, key in KEYS.items():
        mine, theirs = study.frames[name], panel[name].copy()
        if name == "statistics":
            named = theirs["group"].isin(["0", "1"]) & (theirs["asset"] == "all")
            theirs["group"] = theirs["group"].where(~named, "g" + theirs["group"])
        both = theirs.merge(mine, on=key, suffixes=("", "_study"), validate="1:1")
        assert len(both) == len(theirs) == len(mine)
        for column in theirs.columns.drop(key):
            expected, got = both[column], both[f"{column}_study"]
            if expected.dtype == float:
                np.testing.assert_allclose(got, expected, rtol=1e-12, atol=1e-12, equal_nan=True)
            else:
                assert (got == expected).all(), (name, column)
    assert set(study.frames["statistics"].query("group == 'all'")["asset"]) == {"all"}


def test_a_page_of_returns_says_what_it_cannot_show(tmp_path):
    """No level, no split of day 0; the reason stands there once."""
    study = run(write_study(tmp_path, firms=3, models="[constant_mean]"))
    page = render_study(study)
    assert "Three assets given as returns: no level to draw" in page
    assert "Day 0 is not drawn where the data give returns and no prices" in page
    assert "All assets" in page
    assert study.frames["levels"].empty
    days = study.frames["day0"]
    assert days["close_to_close"].notna().all()
    assert days["overnight"].isna().all()
    quality = study.frames["quality"]
    said = quality.query("asset == 'F01' and check == 'returns instead of prices'")[
        "finding"
    ].item()
    assert said.startswith(
        "the source gives simple returns and no prices: they are used as they are"
    )
    assert set(quality["status"]) <= {"PASS", "REVIEW"}


def test_shapes_of_the_tables_do_not_matter(folder, tmp_path):
    """Wide or long, CSV or Parquet, per cent or decimals give one fingerprint."""
    table = table_of(date="date", X="F01", MKT="MKT")
    long = table.melt("date", var_name="asset", value_name="r")
    typed = table.assign(date=pd.to_datetime(table["date"]))
    table.to_csv(tmp_path / "wide.csv", index=False)
    long.sample(frac=1, random_state=1).to_csv(tmp_path / "long.csv", index=False)
    typed.to_parquet(tmp_path / "typed.parquet")
    prints = set()
    for name in ("wide.csv", "long.csv", "typed.parquet"):
        path = one(tmp_path, source=f"{{name: files, returns: {name}}}")
        prints.add(fingerprint(fetch(load(path).study, Access(tmp_path))))
    assert len(prints) == 1
    (table.set_index("date") * 100).to_csv(tmp_path / "percent.csv")
    path = one(tmp_path, source="{name: files, returns: percent.csv}")
    with pytest.raises(DataError, match=r"does not look like decimals.*say `percent: true`"):
        run(path)
    path = one(tmp_path, source="{name: files, returns: percent.csv, percent: true}")
    found = fetch(load(path).study, Access(tmp_path)).column("X", "return")
    np.testing.assert_allclose(found, table["X"], rtol=1e-14)
    path = one(tmp_path, source="{name: files, returns: wide.csv, percent: true}")
    with pytest.raises(
        DataError, match=r"wide\.csv looks like decimals.*leave out `percent: true`"
    ):
        run(path)


def test_prices_and_returns_of_one_firm_agree(tmp_path):
    """Closes give the returns they are made of; the day-0 move is the same."""
    table = table_of(date="date", X="F01")
    table.to_csv(tmp_path / "r.csv", index=False)
    table.assign(X=100 * (1 + table["X"]).cumprod()).to_csv(tmp_path / "p.csv", index=False)
    frames = [
        run(one(tmp_path, source=f"{{name: files, {key}}}")).frames
        for key in ("returns: r.csv", "prices: [p.csv]")
    ]
    first, second = (each["abnormal"]["ar"] for each in frames)
    np.testing.assert_allclose(first, second, rtol=1e-9, atol=1e-15)
    first, second = (each["day0"]["close_to_close"] for each in frames)
    np.testing.assert_allclose(first, second, rtol=1e-9)
    assert [len(each["levels"]) > 0 for each in frames] == [False, True]


def test_log_returns_of_given_returns(tmp_path):
    """log(1 + r), said among the checks; what has no logarithm is refused."""
    table = table_of(date="date", X="F01")
    table.to_csv(tmp_path / "r.csv", index=False)
    path = one(tmp_path, source="{name: files, returns: r.csv}", returns="log")
    frames = run(path).frames
    actual = frames["abnormal"]["ar"] + frames["abnormal"]["expected"]
    row = table["date"].searchsorted("2021-06-01")
    np.testing.assert_allclose(actual, np.log1p(table["X"])[row - 5 : row + 6], rtol=1e-12)
    assert frames["quality"]["finding"].str.contains(r"used as log\(1 \+ r\)").any()
    table.loc[5, "X"] = -1
    table.to_csv(tmp_path / "r.csv", index=False)
    with pytest.raises(
        DataError, match=r"the return of X on 2021-01-11 is -1, which has no logarithm"
    ):
        run(path)


def test_a_missing_session_is_a_missing_return(tmp_path):
    """Never filled, neither from prices nor from returns."""
    table = table_of(date="date", X="F01")
    table = table[table["date"] != "2021-06-03"]
    table.to_csv(tmp_path / "r.csv", index=False)
    frames = run(one(tmp_path, source="{name: files, returns: r.csv}")).frames
    ar = frames["abnormal"].set_index("tau")["ar"]
    assert ar.index[ar.isna()].tolist() == [2]
    table.assign(X=100 * (1 + table["X"]).cumprod()).to_csv(tmp_path / "p.csv", index=False)
    frames = run(one(tmp_path, source="{name: files, prices: p.csv}")).frames
    ar = frames["abnormal"].set_index("tau")["ar"]
    assert ar.index[ar.isna()].tolist() == [2, 3]


def test_a_date_that_is_no_session(tmp_path):
    """A return there is an error that names it; a return of zero and a price are only counted."""
    table = table_of(date="date", X="F01")
    sunday = pd.DataFrame({"date": ["2021-05-30"], "X": [0.01]})
    pd.concat([table, sunday]).to_csv(tmp_path / "r.csv", index=False)
    path = one(tmp_path, source="{name: files, returns: r.csv}")
    with pytest.raises(
        DataError, match=r"X has a return on 2021-05-30, which is no session of XNYS"
    ):
        run(path)
    pd.concat([table, sunday.assign(X=0.0)]).to_csv(tmp_path / "r.csv", index=False)
    quality = run(path).frames["quality"]
    found = quality.query("check == 'prices without a session'")
    assert found["finding"].str.contains("2021-05-30").all()
    assert len(found) == 1


def test_a_printed_figure_is_held_against_a_given_return(tmp_path):
    table = table_of(date="date", X="F01")
    table.to_csv(tmp_path / "r.csv", index=False)
    path = one(tmp_path, source="{name: files, returns: r.csv}")
    move = 100 * table.set_index("date").loc["2021-06-01", "X"]
    listed = ", ".join(
        f"{{asset: X, session: 2021-06-01, measure: {measure}, percent: {move:.2f}}}"
        for measure in ("close", "open")
    )
    text = path.read_text("utf-8").replace("2021-06-01}", f"2021-06-01, reported: [{listed}]}}")
    path.write_text(text, "utf-8")
    result = run(path)
    assert result.frames["press"]["verdict"].tolist() == ["PASS", "REVIEW"]
    assert "the data have no open" in result.frames["press_notes"]["note"][1]


@pytest.mark.parametrize(
    ("source", "more", "models", "message"),
    [
        ("returns: gone.csv", "", "", r"gone\.csv does not exist; a path begins"),
        (
            "returns: r.csv",
            ", symbols: {files: F1}",
            "",
            "no table has a series 'F1', which X should",
        ),
        ("returns: [r.csv, s.csv]", "", "", r"X stands in r\.csv and in s\.csv"),
        ("prices: p.csv, returns: r.csv", "", "", r"X stands in p\.csv and in r\.csv"),
        ("prices: link.csv", "", "", r"link\.csv leads out of the folder of the study file"),
        ("prices: {file: link.csv, sheet: S}", "", "", r"link\.csv leads out of the folder"),
        ("prices: sub", "", "", r"sub cannot be read \(it is no file\)"),
        (
            "returns: r.csv",
            "",
            "[{name: market, benchmark: SPX, lag: previous_close}]",
            "`lag: previous_close` needs closes of SPX",
        ),
        (
            "prices: p.csv",
            "",
            "[{name: factors, regressors: [RF]}]",
            "RF is of `kind: return`, and p",
        ),
    ],
)
def test_what_cannot_be_had(source, more, models, message, tmp_path):
    """Each with what to do next; no traceback, no number."""
    home = tmp_path / "home"
    home.mkdir()
    table = table_of(date="date", X="F01", SPX="MKT")
    for name, columns in (("r", ["date", "X", "SPX"]), ("s", ["date", "X"])):
        table[columns].to_csv(home / f"{name}.csv", index=False)
    prices = table_of(date="date", X="F01", RF="F01").set_index("date")
    (100 * (1 + prices).cumprod()).to_csv(home / "p.csv")
    (tmp_path / "outside.csv").write_bytes((home / "p.csv").read_bytes())
    (home / "sub").mkdir()
    (home / "link.csv").symlink_to(tmp_path / "outside.csv")
    path = one(
        home, source=f"{{name: files, {source}}}", more=more, models=models or "[constant_mean]"
    )
    text = path.read_text("utf-8")
    rate = "  - {id: RF, kind: return, calendar: XNYS, timezone: America/New_York}\n"
    path.write_text(text.replace("estimation:", f"{rate}estimation:"), "utf-8")
    with pytest.raises(DataError, match=message):
        run(path)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("files", "needs tables: `prices: FILE`, `returns: FILE`, or lists of files"),
        ("{name: files, prices: ../p.csv}", "must be a path inside the folder of this file"),
        ("{name: files, prices: [p.csv, /etc/p.csv]}", "must be a path inside the folder"),
        ("{name: files, prices: 'C:/p.csv'}", "must be a path inside the folder"),
        ("{name: files, prices: p.csv, per_cent: true}", "did you mean 'percent'"),
    ],
)
def test_options_are_checked_with_the_file(source, message, tmp_path):
    with pytest.raises(SpecError, match=message) as error:
        load(one(tmp_path, source=source))
    assert len(error.value.problems) == 1
    assert error.value.problems[0].path.startswith("source")


def test_instruments_that_differ_in_their_ids_alone(tmp_path):
    """Each id of a list is an instrument; what can belong to one only is refused."""
    path = one(tmp_path, source="snapshot")
    text = (
        path.read_text("utf-8")
        .replace("assets: [X]", "assets: [X, Y]")
        .replace("id: X", "id: [X, Y]")
    )
    path.write_text(text, "utf-8")
    known = load(path).study.instruments
    assert (known["Y"].name, known["Y"].short, known["Y"].calendar) == ("Y", "Y", "XNYS")
    for more, message in (
        ("name: Both", "belongs to one instrument, not to 2"),
        ("symbols: {files: Z}", "belongs to one instrument, not to 2"),
    ):
        path.write_text(text.replace("calendar:", f"{more}, calendar:"), "utf-8")
        with pytest.raises(SpecError, match=message):
            load(path)
    path.write_text(text.replace("id: [X, Y]", "id: [X, Y, X]"), "utf-8")
    with pytest.raises(SpecError, match="id X stands in entry 1 already; keep one"):
        load(path)
    path.write_text(text.replace("id: [X, Y]", "id: [X, '-']"), "utf-8")
    with pytest.raises(SpecError, match=r"instruments\[0\]\.id\[1\]: '-' is not allowed"):
        load(path)
