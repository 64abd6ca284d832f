"""The public names: examples, frames in memory, what is saved, what is said when something is wrong."""

import doctest
import gc
import importlib
import json
import re
import subprocess
import sys
from base64 import b64decode
from html import unescape
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import eventstudy as es
from eventstudy.alignment import sessions
from eventstudy.cli import main
from eventstudy.errors import DataError, EventError, OptionError, SpecError, UnknownNameError
from eventstudy.interactive import frames, page, running, summary
from eventstudy.interactive import result as results
from eventstudy.interactive.options import OF_PANEL, OF_SERIES, Options
from eventstudy.panel import Design
from eventstudy.spec import load
from eventstudy.spec.draft import Draft
from eventstudy.study import run_study
from tests.studies import result_of

ROOT = Path(__file__).resolve().parents[2]
EVENTS = ["2023-08-28", "2023-11-06"]


def _frames():
    """Returns of 40 securities and of a market on the sessions of New York, 2022 and 2023."""
    days = sessions("XNYS")
    days = pd.DatetimeIndex(
        days[(days >= np.datetime64("2022-01-01")) & (days < np.datetime64("2024-01-01"))]
    )
    rng = np.random.default_rng(1)
    market = pd.Series(rng.normal(0, 0.01, len(days)), index=days, name="M")
    noise = rng.normal(0, 0.02, (len(days), 40))
    names = [f"F{number:02}" for number in range(1, 41)]
    return pd.DataFrame(noise + market.to_numpy()[:, None], index=days, columns=names), market


RETURNS, MARKET = _frames()


@pytest.fixture(scope="module")
def panel():
    """Forty securities, two dates."""
    return es.study(RETURNS, events=EVENTS, market=MARKET)


@pytest.fixture(scope="module")
def single():
    """One series with a market, two events."""
    return es.study(RETURNS["F01"], events=EVENTS, market=MARKET)


@pytest.fixture(scope="module")
def stamp_duty():
    """A study of events/, as `es.run` returns it."""
    return es.Result(result_of("stamp-duty"))


@pytest.mark.parametrize("module", [frames, page, results, running, summary])
def test_examples_in_the_docstrings(module, tmp_path, monkeypatch):
    """They run from the folder of the repository; the study of events/ that they share is run once."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(running, "run_study", _once)
    names = {**vars(module), "returns": RETURNS, "market": MARKET, "folder": tmp_path}
    assert doctest.testmod(module, extraglobs=names, optionflags=doctest.ELLIPSIS).failed == 0


def _once(file, **rest):
    return result_of(file.stem) if file.stem == "stamp-duty" else run_study(file, **rest)


def test_a_study_file_gives_the_numbers_of_the_command(tmp_path, call):
    """`es.run` and `eventstudy run` say the same, and the result names the command."""
    file = tmp_path / "small.yaml"
    file.write_text(
        "{format: 1, title: One, assets: [CSI300], robustness: false, models: [constant_mean],"
        " statistics: [forecast_t], report: {sections: [summary]}, events: [{id: A, title: Halved, announced: 2023-08-27 18:00}]}\n",
        "utf-8",
    )
    result = es.run(es.load(file))
    assert call("run", file, "--out", tmp_path / "reports")[0] == 0
    result.save(tmp_path / "mine")
    for written in sorted((tmp_path / "mine" / "results").iterdir()):
        theirs = tmp_path / "reports" / "small" / "results" / written.name
        assert written.read_bytes() == theirs.read_bytes()
    assert result.numbers.provenance.command == f"eventstudy run {file.as_posix()}"


def test_the_summary_is_text_and_markup(stamp_duty):
    """Both say the title, the sentences and every event; nothing in the markup is unescaped."""
    found = stamp_duty.summary()
    study = stamp_duty.numbers.study
    assert str(found).startswith(study.title)
    for text in (str(found), unescape(stamp_duty._repr_html_())):
        assert "In short:" in text
        assert all(event.title in text for event in study.events)
    prose = str(found).partition("Table 1.")[0]
    assert max(map(len, prose.splitlines())) <= 100
    assert repr(found) == str(found)


def test_columns_stand_below_each_other_in_chinese_too(stamp_duty):
    """A Chinese letter is two columns wide."""
    from eventstudy.document import study_document
    from eventstudy.interactive.summary import Summary, _width

    text = str(Summary(study_document(stamp_duty.numbers, "zh-Hans", sections=("summary",))))
    rule = next(line for line in text.splitlines() if line.startswith("--"))
    at = text.splitlines().index(rule)
    rows = text.splitlines()[at - 1 : at + 3]
    assert len({_width(row) for row in rows}) == 1


def test_a_frame_is_the_users_own(stamp_duty):
    """Changing it changes nothing of the result."""
    car = stamp_duty.to_frame("car")
    car["car"] = 0.0
    assert (stamp_duty.to_frame("car")["car"] != 0).any()
    assert stamp_duty.to_frame("car").index.name is None
    assert set(stamp_duty.frames) == set(stamp_duty.numbers.frames)


def test_a_frame_that_does_not_exist_names_those_that_do(panel):
    """With the one that was meant."""
    with pytest.raises(UnknownNameError, match=r"no frame 'agregate'.*did you mean 'aggregate'\?"):
        panel.to_frame("agregate")


def test_a_report_shows_itself_and_is_saved(panel, tmp_path):
    """In a notebook it is closed in; the file is the page."""
    report = es.report(panel)
    assert report.path is None
    shown = report._repr_html_()
    assert b64decode(re.search(r'base64,([^"]*)"', shown)[1]).decode() == report.html
    assert "allow-same-origin" not in shown
    assert report.save(tmp_path) == tmp_path / "report.html" == report.path
    assert report.path.read_text("utf-8") == report.html
    assert report.save(str(tmp_path / "new" / "page.html")).exists()
    assert es.report(panel).html == report.html
    assert str(tmp_path.parent) not in report.html
    assert "eventstudy-" not in report.html
    (tmp_path / "a-file").write_text("")
    with pytest.raises(es.EventStudyError, match="cannot be written"):
        report.save(tmp_path / "a-file" / "page.html")


def test_a_report_in_another_language(panel):
    """Or in one that there is not."""
    assert 'lang="zh-Hans"' in es.report(panel, language="zh-Hans", static=True).html
    with pytest.raises(UnknownNameError, match="no language 'zh'"):
        es.report(panel, language="zh")


def test_a_frame_gives_the_numbers_of_the_command(panel, tmp_path, monkeypatch):
    """What is saved holds the tables, and the command that makes the numbers again."""
    panel.save(tmp_path / "saved")
    manifest = json.loads((tmp_path / "saved" / "manifest.json").read_text("utf-8"))
    assert manifest["inputs"]["returns"]["path"] == "inputs/returns.parquet"
    monkeypatch.chdir(tmp_path / "saved")
    assert main(manifest["command"].split()[1:]) == 0
    for name in ("car", "statistics", "parameters"):
        ours = (tmp_path / "saved" / f"{name}.csv").read_bytes()
        assert ours == (tmp_path / "saved" / "again" / f"{name}.csv").read_bytes()
    panel.save(tmp_path / "again")
    panel.save(tmp_path / "again")  # what an earlier result left is replaced


def test_a_command_says_every_option_that_was_given():
    """Keywords are the options of the command."""
    from eventstudy.interactive.panels import command, design_of
    from eventstudy.panel import Inputs

    options = {
        "models": ("market", "constant_mean"),
        "windows": [(0, 1)],
        "single": True,
        "seed": 7,
    }
    inputs = Inputs(Path("r.parquet"), Path("e.parquet"), "M", percent=True)
    assert command(inputs, design_of(options, market=True)) == (
        "eventstudy panel --returns=inputs/r.parquet --events=inputs/e.parquet --market=M --percent"
        " --model=market --model=constant_mean --window=0:1 --single --seed=7 --out=again"
    )


def test_a_series_is_a_study_that_can_be_run_again(single, tmp_path):
    """Its study file is saved beside its table, and gives the same numbers."""
    single.save(tmp_path / "saved")
    again = run_study(load(tmp_path / "saved" / "inputs" / "study.yaml"))
    pd.testing.assert_frame_equal(
        again.frames["verdicts"], single.numbers.frames["verdicts"], check_exact=True
    )
    assert single.numbers.study.models[0].options == {"benchmark": "MARKET"}
    assert single.to_frame("alignment")["session"].tolist() == EVENTS
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("")
    with pytest.raises(OptionError, match="no result of a study"):
        single.save(tmp_path / "mine")


def test_the_abnormal_returns_of_a_series_are_returns_less_the_mean():
    """Hand arithmetic: constant mean over 120 sessions before day -10; the event at 18:00 is of the next day."""
    series = RETURNS["F02"].tz_localize("America/New_York")
    events = pd.DataFrame({"date": [pd.Timestamp("2023-08-28 18:00")], "title": ["Late news"]})
    result = es.study(series, events, calendar="XNYS", windows=[(0, 0)], title="Late")
    at = RETURNS.index.get_loc(pd.Timestamp("2023-08-29"))
    mean = RETURNS["F02"].iloc[at - 130 : at - 10].mean()
    ar = result.to_frame("abnormal").set_index("tau").loc[0, "ar"]
    assert ar == pytest.approx(RETURNS["F02"].iloc[at] - mean, rel=1e-12)
    assert result.to_frame("events")["title"].tolist() == ["Late news"]


@pytest.mark.parametrize(
    "events",
    [
        EVENTS,
        tuple(pd.to_datetime(EVENTS)),
        pd.DatetimeIndex(EVENTS, tz="America/New_York"),
        pd.Series(pd.to_datetime(EVENTS)),
        np.array(EVENTS, dtype="datetime64[D]"),
        pd.DataFrame({"date": EVENTS}),
        pd.DataFrame(
            {"security": np.repeat(RETURNS.columns, 2), "date": pd.to_datetime(EVENTS * 40)}
        ),
    ],
    ids=lambda value: type(value).__name__,
)
def test_dates_may_be_given_in_many_ways(panel, events):
    """All of them mean the same."""
    local = RETURNS.tz_localize("America/New_York")
    found = es.study(local, events, market=MARKET, statistics="bmp")
    pd.testing.assert_frame_equal(found.to_frame("aggregate"), panel.to_frame("aggregate"))


def test_an_event_may_be_of_one_security_and_of_a_group():
    """Columns beside the date are groups."""
    events = pd.DataFrame(
        {"asset": ["F01", "F02"], "event_date": EVENTS, "event_id": ["a", "b"], "kind": ["x", "y"]}
    )
    found = es.study(RETURNS, events, market="F03", group="kind", statistics="bmp")
    assert found.to_frame("car")["event_id"].unique().tolist() == ["a", "b"]
    assert set(found.to_frame("aggregate")["group"]) == {"all", "x", "y"}


def test_the_column_of_the_market_has_no_events():
    """A list of dates is of every other column."""
    found = es.study(RETURNS[["F01", "F02"]], EVENTS, market="F02", statistics="bmp")
    assert set(found.to_frame("car")["asset"]) == {"F01"}


WRONG = [
    (DataError, "returns are list; give", lambda: es.study([0.1], EVENTS)),
    (DataError, "index of returns holds int64", lambda: es.study(RETURNS.reset_index(drop=True), EVENTS)),
    (DataError, r"^returns, row 502: the date stands in row 501", lambda: es.study(pd.concat([RETURNS, RETURNS.tail(1)]), EVENTS)),
    (DataError, "say percent=True; if only", lambda: es.study(RETURNS * 100, EVENTS)),
    (DataError, "say percent=True; if only", lambda: es.study(RETURNS["F01"] * 100, EVENTS)),
    (DataError, "a column 'date'", lambda: es.study(RETURNS.rename(columns={"F01": "date"}), EVENTS)),
    (DataError, "two columns of one name", lambda: es.study(RETURNS.rename(columns={"F01": "F02"}), EVENTS)),
    (DataError, "no column 'date'; they have dat; did you mean 'dat'", lambda: es.study(RETURNS, pd.DataFrame({"dat": EVENTS}))),
    (DataError, "there is no event", lambda: es.study(RETURNS, [])),
    (DataError, "the market is list", lambda: es.study(RETURNS, EVENTS, market=[0.1])),
    (SpecError, r"^events:1:1: event_date: '2023-13-28'", lambda: es.study(RETURNS, "2023-13-28")),
    (SpecError, r"events\[0\]\.announced: '2023-13-28' is not a date", lambda: es.study(RETURNS["F01"], "2023-13-28")),
    (OptionError, "has a time of day", lambda: es.study(RETURNS, ["2023-08-28T18:00"])),
    (OptionError, "no column 'F1'", lambda: es.study(RETURNS, EVENTS, market="F1")),
    (OptionError, "the market is a Series too", lambda: es.study(RETURNS["F01"], EVENTS, market="F1")),
    (OptionError, r"needs the market's returns; name them with market$", lambda: es.study(RETURNS, EVENTS, models="market")),
    (OptionError, "needs the market's returns; give market", lambda: es.study(RETURNS["F01"], EVENTS, models="market")),
    (OptionError, "min_observations 300 is more than .* lengthen estimation$", lambda: es.study(RETURNS, EVENTS, min_observations=300)),
    (OptionError, "calendar goes with returns in a Series", lambda: es.study(RETURNS, EVENTS, calendar="XNYS")),
    (OptionError, "group goes with returns in a DataFrame", lambda: es.study(RETURNS["F01"], EVENTS, group="x")),
    (OptionError, "not the sessions of XNYS.*calendar='XSHG'", lambda: es.study(RETURNS["F01"].iloc[::2], EVENTS)),
    (UnknownNameError, "no option 'model'.*did you mean 'models'", lambda: es.study(RETURNS, EVENTS, model="market")),
    (UnknownNameError, "no model 'markt'.*did you mean 'market'", lambda: es.study(RETURNS, EVENTS, models="markt")),
    (UnknownNameError, "no exchange calendar 'XNYC'", lambda: es.study(RETURNS["F01"], EVENTS, calendar="XNYC")),
    (DataError, "returns have no number", lambda: es.study(RETURNS["F01"] * np.nan, EVENTS, calendar="")),
    (DataError, "events have a column with values of several kinds", lambda: es.study(RETURNS, pd.DataFrame({"date": EVENTS, "x": [1, "a"]}))),
    (SpecError, "event_date: 'NaT' is not a date", lambda: es.study(RETURNS, [pd.NaT])),
    (OptionError, r"windows is '-1'; give first and last", lambda: es.study(RETURNS, EVENTS, windows=(-1, 1))),
    (OptionError, r"windows is '\(3, 1\)'; give first", lambda: es.study(RETURNS, EVENTS, windows=[(3, 1)])),
    (OptionError, "windows is '3'; give a list of windows", lambda: es.study(RETURNS, EVENTS, windows=3)),
    (OptionError, r"estimation is '\(-100.5, -20\)'", lambda: es.study(RETURNS, EVENTS, estimation=(-100.5, -20))),
    (OptionError, "seed is 'x'; give a whole number", lambda: es.study(RETURNS["F01"], EVENTS, seed="x")),
    (OptionError, "models is '3'; give a name", lambda: es.study(RETURNS, EVENTS, models=3)),
    (OptionError, "single is '1'; give True or False", lambda: es.study(RETURNS, EVENTS, single=1)),
    (OptionError, "title is '1'; give a text", lambda: es.study(RETURNS["F01"], EVENTS, title=1)),
    (OptionError, "made of what es.run or es.study returns, not of StudyResult", lambda: es.report(result_of("stamp-duty"))),
    (UnknownNameError, "no alternative 'bigger'", lambda: es.study(RETURNS, EVENTS, alternative="bigger")),
    (EventError, "no session on or after the event", lambda: es.study(RETURNS, "2030-01-01")),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "message", "wrong"), WRONG, ids=[each[1][:30] for each in WRONG])
def test_what_is_wrong_is_said_of_the_frames(kind, message, wrong):
    """No message names a file or an option of the command line."""
    with pytest.raises(kind) as error:
        wrong()
    assert re.search(message, str(error.value))
    assert "eventstudy-" not in str(error.value)
    assert ".parquet" not in str(error.value)
    assert "--" not in str(error.value)


def test_every_option_is_one_of_the_engines():
    """Those of a panel are of its design, those of a series keys of a study file."""
    named = set(Options.__annotations__) - {"percent", "calendar"}
    assert named - OF_SERIES <= set(Design.__dataclass_fields__)
    assert named - OF_PANEL <= set(Draft.model_fields)


def test_the_tables_go_with_the_result():
    """Nothing is left on disk when nobody holds the result any more, or when there is none."""
    result = es.study(RETURNS, EVENTS, statistics="bmp")
    folder = result.tables
    assert (folder / "returns.parquet").exists()
    before = set(folder.parent.glob("eventstudy-*"))
    with pytest.raises(OptionError):
        es.study(RETURNS, EVENTS, models="market")
    assert set(folder.parent.glob("eventstudy-*")) == before
    del result
    gc.collect()
    assert not folder.exists()


def test_a_room_does_not_hide_the_function_of_its_name():
    """`eventstudy.report` and `eventstudy.study` are folders too, which others import before and after."""
    for name in ("report", "study"):
        room = importlib.import_module(f"eventstudy.{name}")
        assert room.__name__ == f"eventstudy.{name}"
        assert name not in vars(es)
        setattr(es, name, room)  # as the import of a room does
        assert getattr(es, name).__module__.startswith("eventstudy.interactive")
    assert es.errors.__name__ == "eventstudy.errors"


def test_the_package_imports_nothing_heavy():
    """`import eventstudy` and its names cost nothing until one is used."""
    program = "import sys, eventstudy; dir(eventstudy); print(*{n.partition('.')[0] for n in sys.modules})"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    heavy = {"numpy", "pandas", "scipy", "pydantic", "yaml", "jinja2", "typer", "rich", "pyarrow"}
    assert heavy & set(done.stdout.split()) == set()


def test_the_types_come_with_the_package():
    """`make check` holds tests/typing against them."""
    assert (ROOT / "src" / "eventstudy" / "py.typed").exists()
    assert "$(BIN)/mypy tests/typing\n" in (ROOT / "Makefile").read_text("utf-8")


def test_what_is_not_studied_is_seen_at_once():
    events = pd.DataFrame({"date": ["2023-03-15"] * 2, "asset": [RETURNS.columns[0], "ZZ"]})
    assert "; 1 dropped, see" in repr(es.study(RETURNS, events=events, market=MARKET))


def test_prices_in_the_place_of_returns_are_asked_about():
    with pytest.raises(DataError, match="none is negative: are they prices"):
        es.study(100 * (1 + RETURNS).cumprod(), events=["2023-03-15"], market=MARKET)
