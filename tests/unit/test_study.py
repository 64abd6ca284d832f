"""Whole studies on the embedded data: printed facts, the ledger, the contract of the files."""

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from eventstudy.alignment import align
from eventstudy.columns import FRAMES
from eventstudy.errors import DataError, EventError
from eventstudy.results import StudyResult
from eventstudy.spec import Study, load
from eventstudy.study import run_study
from tests.studies import result_of
from tests.trials import csi300

EVENTS = Path(__file__).parents[2] / "events"


@pytest.fixture(scope="module")
def stamp_duty():
    return result_of("stamp-duty")


@pytest.fixture(scope="module")
def meetings():
    return result_of("tech-meetings")


def write(folder, text):
    path = folder / "study.yaml"
    path.write_text(f"format: 1\ntitle: A study\n{text}", encoding="utf-8")
    return load(path)


def one(frame, **key):
    """Return the only row of a frame with this key."""
    for column, value in key.items():
        frame = frame[frame[column] == value]
    assert len(frame) == 1, key
    return frame.iloc[0]


def test_28_august_2023(stamp_duty):
    """Opened 5.5 per cent up and closed 1.17 per cent up: faded by the close."""
    day = one(stamp_duty.frames["day0"], event_id="SD2023", asset="CSI300")
    assert day["session"] == "2023-08-28"
    assert day["overnight"] == pytest.approx(0.0546, abs=5e-5)
    assert day["open_to_close"] == pytest.approx(-0.0406, abs=5e-5)
    assert day["close_to_close"] == pytest.approx(0.0117, abs=5e-5)
    verdict = one(
        stamp_duty.frames["verdicts"], event_id="SD2023", asset="CSI300", model="constant_mean"
    )
    assert verdict["outcome"] == "faded by the close"
    assert verdict["p0_test"] == "placebo"


def thirds(values):
    """Return 0, 1 or 2 by the thirds of all values."""
    return np.searchsorted(values.quantile([1 / 3, 2 / 3]), values, side="right")


def test_the_days_that_28_august_2023_is_compared_with(stamp_duty):
    """Counted from the closes by pandas: the same thirds, more than ten sessions from all 85 events."""
    dates, closes = csi300()
    returns = pd.Series(closes, pd.DatetimeIndex(dates)).pct_change(fill_method=None)
    days = pd.DataFrame(
        {
            "volatility": returns.rolling(20).std().shift(),
            "past": returns.rolling(20).sum().shift(),
            "row": np.arange(len(returns)),
        },
        index=returns.index,
    ).iloc[131:]
    placed = align(load(EVENTS / "all-policy.yaml").study)
    sessions = placed.session[:, placed.calendars.index("XSHG")]
    known = np.searchsorted(dates, np.unique(sessions[~np.isnat(sessions)]))
    away = np.abs(days["row"].to_numpy()[:, None] - known).min(axis=1) > 10
    state = pd.Series(list(zip(thirds(days["volatility"]), thirds(days["past"]), strict=True)))
    own = state[days.index.get_loc(pd.Timestamp("2023-08-28"))]
    count = int((state[away] == own).sum())
    key = {"event_id": "SD2023", "asset": "CSI300", "model": "constant_mean"}
    placebo = one(stamp_duty.frames["placebo"], **key, window_start=0, window_end=0)
    assert placebo["n"] == count
    assert one(stamp_duty.frames["verdicts"], **key)["floor"] == 1 / (count + 1)


def test_17_and_18_may_2022(meetings):
    """The rally of the 17th is session -1; day 0 is the 18th, on which the index fell."""
    abnormal = meetings.frames["abnormal"]
    key = {"event_id": "CPPCC2022", "asset": "HSTECH", "model": "constant_mean"}
    eve, day = (one(abnormal, tau=tau, **key) for tau in (-1, 0))
    assert (eve["date"], day["date"]) == ("2022-05-17", "2022-05-18")
    assert eve["ar"] + eve["expected"] == pytest.approx(0.0578, abs=5e-5)
    assert day["ar"] + day["expected"] == pytest.approx(-0.0029, abs=5e-5)


def test_16_march_2022():
    """HSTECH rose 22.2 per cent: 22.4 above its mean in simple returns, 20.3 in log returns."""
    result = result_of("regulator-statements")
    verdict = one(
        result.frames["verdicts"], event_id="FSDC2022", asset="HSTECH", model="constant_mean"
    )
    assert verdict["ar0"] == pytest.approx(0.224, abs=5e-4)


def test_log_returns(tmp_path):
    file = write(
        tmp_path, "returns: log\nevents: [{id: F, title: Pledge, announced: 2022-03-16 12:20}]"
    )
    key = {"event_id": "F", "asset": "HSTECH", "model": "constant_mean"}
    assert one(run_study(file).frames["verdicts"], **key)["ar0"] == pytest.approx(0.203, abs=5e-4)


def test_24_september_2024(tmp_path):
    """CSI 300 over [0,20]: t 6.16 with the exact variance, 6.68 with L s^2."""
    file = write(tmp_path, "events: [{id: E, title: Package, announced: 2024-09-24 09:00}]")
    key = {"model": "constant_mean", "event_id": "E", "asset": "CSI300"}
    frames = run_study(file).frames
    car = one(frames["car"], window_start=0, window_end=20, **key)
    assert car["t"] == pytest.approx(6.16, abs=5e-3)
    sigma = one(frames["parameters"], parameter="sigma", **key)["estimate"]
    assert car["car"] / (np.sqrt(21) * sigma) == pytest.approx(6.68, abs=5e-3)


def test_7_april_2025_with_the_lagged_benchmark(tmp_path):
    """HSTECH against the S&P 500 of the sessions in between: t -3.4, not -4.8."""
    file = write(tmp_path, "events: [{id: T, title: Tariffs, announced: 2025-04-04 18:00}]")
    car = one(
        run_study(file).frames["car"],
        model="market", event_id="T", asset="HSTECH", window_start=0, window_end=0,
    )  # fmt: skip
    assert car["t"] == pytest.approx(-3.4, abs=0.05)


def test_one_announcement_two_event_days(tmp_path):
    """News between 15:00 and 16:00 Beijing time reaches Hong Kong the same day, the mainland not."""
    file = write(tmp_path, "events: [{id: R, title: RRR cut, announced: 2024-01-24 15:10}]")
    day0 = run_study(file).frames["day0"]
    assert one(day0, asset="CSI300")["session"] == "2024-01-25"
    assert one(day0, asset="HSTECH")["session"] == "2024-01-24"


def test_cells_in_equal_cells_studied_plus_dropped(stamp_duty):
    """Five events, two markets, two models; nothing is lost in silence."""
    studied = stamp_duty.frames["verdicts"][["event_id", "asset", "model"]]
    dropped = stamp_duty.frames["dropped"][["event_id", "asset", "model"]]
    cells = pd.concat([studied, dropped])
    assert len(cells) == 5 * 2 * 2
    assert not cells.duplicated().any()
    assert (stamp_duty.frames["dropped"]["reason"] != "").all()


def test_keys_are_unique(stamp_duty):
    keys = {
        "statistics": ["model", "group", "asset", "window_start", "window_end", "statistic"],
        "aggregate": ["model", "group", "asset", "window_start", "window_end"],
        "abnormal": ["model", "event_id", "asset", "tau"],
        "car": ["model", "event_id", "asset", "window_start", "window_end"],
        "parameters": ["model", "event_id", "asset", "parameter"],
        "day0": ["event_id", "asset"],
        "alignment": ["event_id", "calendar"],
    }
    for name, key in keys.items():
        assert not stamp_duty.frames[name].duplicated(key).any(), name


def test_every_statistic_has_a_number_or_a_reason(stamp_duty):
    table = stamp_duty.frames["statistics"]
    usable = table["status"] == "ok"
    assert table.loc[usable, ["value", "p_value"]].notna().all(axis=None)
    assert (table.loc[~usable, "reason"] != "").all()
    assert table.loc[~usable, "value"].isna().all()


def test_groups_are_not_pooled_over_markets(stamp_duty):
    groups = stamp_duty.frames["aggregate"][["group", "asset"]].drop_duplicates()
    assert set(map(tuple, groups.to_numpy())) == {
        (group, asset) for group in ("stamp_duty", "all") for asset in ("CSI300", "HSTECH")
    }


def test_an_event_at_the_end_of_the_data(tmp_path):
    """CSI 300 ends on 31 December 2025: [0,20] does not exist, the day does."""
    file = write(tmp_path, "events: [{id: E, title: Late, announced: 2025-12-24 09:00}]")
    frames = run_study(file).frames
    key = {"model": "constant_mean", "event_id": "E", "asset": "CSI300", "window_start": 0}
    assert np.isnan(one(frames["car"], window_end=20, **key)["car"])
    assert np.isfinite(one(frames["car"], window_end=0, **key)["car"])
    rows = frames["statistics"]
    rows = rows[(rows["group"] == "E") & (rows["asset"] == "CSI300") & (rows["window_end"] == 20)]
    assert set(rows["status"]) == {"not_applicable"}


def test_a_study_that_loses_too_many_events_stops(tmp_path):
    file = write(
        tmp_path,
        "assets: [HSTECH]\nevents: [{id: A, title: Before the index, announced: 2008-04-23 20:00}]",
    )
    with pytest.raises(
        EventError,
        match=r"1 of 1 event cannot be studied, none is left:\n  A, HSTECH: the estimation",
    ):
        run_study(file)


def test_what_the_source_lacks_is_said(tmp_path):
    file = write(
        tmp_path,
        "instruments: [{id: X, name: Unknown, calendar: XSHG, timezone: Asia/Shanghai}]\n"
        "assets: [X]\nevents: [{id: A, title: T, announced: 2023-08-27}]",
    )
    with pytest.raises(DataError, match="no prices of X; it has CSI300"):
        run_study(file)


@pytest.mark.parametrize("name", [path.stem for path in sorted(EVENTS.glob("*.yaml"))])
def test_every_study_survives_saving(name):
    """What the manifest keeps of a study is read back as the study, whatever its events leave out."""
    study = load(EVENTS / f"{name}.yaml").study
    assert Study.model_validate(study.model_dump(mode="json")) == study


def test_a_result_survives_saving(stamp_duty, tmp_path):
    stamp_duty.save(tmp_path)
    loaded = StudyResult.load(tmp_path)
    assert loaded.study == stamp_duty.study
    assert loaded.provenance == stamp_duty.provenance
    for name in FRAMES:
        pd.testing.assert_frame_equal(
            loaded.frames[name], stamp_duty.frames[name], check_exact=True
        )


def test_the_same_study_gives_the_same_bytes(stamp_duty, tmp_path):
    stamp_duty.save(tmp_path / "a")
    run_study(load(EVENTS / "stamp-duty.yaml")).save(tmp_path / "b")
    for path in (tmp_path / "a").rglob("*.*"):
        other = tmp_path / "b" / path.relative_to(tmp_path / "a")
        assert path.read_bytes() == other.read_bytes(), path.name


def test_an_edited_result_is_refused(stamp_duty, tmp_path):
    stamp_duty.save(tmp_path)
    car = tmp_path / "results" / "car.csv"
    car.write_text(car.read_text(encoding="utf-8").replace("0.0", "0.1", 1), encoding="utf-8")
    with pytest.raises(DataError, match=r"car\.csv was changed"):
        StudyResult.load(tmp_path)
    shutil.rmtree(tmp_path / "results")
    with pytest.raises(DataError, match="cannot be read"):
        StudyResult.load(tmp_path)


def test_a_benchmark_that_is_the_asset_is_no_benchmark(tmp_path):
    file = write(
        tmp_path,
        "assets: [CSI300, HSI]\nmodels: [constant_mean, {name: market, benchmark: HSI}]\n"
        "events: [{id: A, title: T, announced: 2023-08-27}]",
    )
    dropped = one(run_study(file).frames["dropped"], asset="HSI", model="market")
    assert dropped["reason"] == "HSI would be its own benchmark"


@pytest.mark.parametrize("window", ["[0, 0]", "[-1, 0]", "[-10, 0]"])
def test_an_event_window_that_ends_on_day_0(tmp_path, window):
    file = write(
        tmp_path, f"event_window: {window}\nevents: [{{id: A, title: T, announced: 2022-03-16}}]"
    )
    verdicts = run_study(file).frames["verdicts"]
    assert set(verdicts["outcome"]) == {"undecided"}
    assert verdicts["car"].isna().all()


def test_a_level_that_p_cannot_reach_leaves_the_outcome_undecided(tmp_path):
    """Twenty estimation days: p is at least 1/21 = .048, however large the move."""
    file = write(
        tmp_path,
        "alpha: 0.01\nestimation: [-30, -11]\nmodels: [constant_mean]\nprocedures: []\n"
        "events: [{id: A, title: Pledge, announced: 2022-03-16 12:20}]",
    )
    verdict = one(run_study(file).frames["verdicts"], asset="HSTECH")
    assert (verdict["p0"], verdict["floor"]) == (1 / 21, 1 / 21)
    assert verdict["outcome"] == "undecided"


@pytest.mark.parametrize("level", [0.0, -5.0, float("inf")])
def test_an_impossible_price_stops_the_study(level):
    import dataclasses

    from eventstudy.sources.snapshot import Snapshot
    from eventstudy.spec import built_in

    prices = Snapshot().fetch([built_in()["CSI300"]])
    close = prices.values["close"].copy()
    close[100] = level
    with pytest.raises(DataError, match=r"the close of CSI300 on 2006-.* is no price"):
        dataclasses.replace(prices, values={**prices.values, "close": close})


def test_a_damaged_manifest_is_refused(stamp_duty, tmp_path):
    stamp_duty.save(tmp_path)
    manifest = tmp_path / "manifest.json"
    whole = manifest.read_text(encoding="utf-8")
    for text in (
        "{",
        "{}",
        "[]",
        whole.replace('"files"', '"fils"'),
        whole.replace('"seed"', '"x"'),
    ):
        manifest.write_text(text, encoding="utf-8")
        with pytest.raises(DataError, match="is damaged, or of another version"):
            StudyResult.load(tmp_path)
