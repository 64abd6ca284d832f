"""What benchmarks take away, which sessions estimation leaves out, and benchmarks that moved."""

from dataclasses import replace

import numpy as np
import pytest

from eventstudy.abnormal import abnormal_returns
from eventstudy.aggregate import cumulate
from eventstudy.benchmark import measured, relation
from eventstudy.comparison import every_session
from eventstudy.models.constant_mean import ConstantMean
from eventstudy.spec import Window, load
from eventstudy.study import run_study
from tests.samples import make_sample

HEAD = "format: 1\ntitle: T\nprocedures: []\nstatistics: [patell]\nrobustness: false\n"
MODELS = """models:
  - constant_mean
  - {name: market, benchmark: SPX, lag: previous_close}
  - {name: market, label: hsi, benchmark: HSI}
  - {name: synthetic_control, donors: [HSI, CSI300]}
"""
EVENTS = """
events:
  - {id: A, title: One, announced: 2023-08-27 18:00}
  - {id: B, title: Two, announced: 2024-09-24 09:00}
  - {id: C, title: Three, announced: 2024-10-08 09:00}
"""


def written(folder, text):
    path = folder / "study.yaml"
    path.write_text(f"{HEAD}{text}{EVENTS}", encoding="utf-8")
    return load(path)


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    return run_study(written(tmp_path_factory.mktemp("found"), MODELS))


def of(frames, check, asset="HSTECH"):
    rows = frames["quality"]
    return rows[(rows["check"] == check) & (rows["asset"] == asset)]


def test_each_model_says_what_it_measures(found):
    study = found.study
    said = {choice.label: measured(study, choice) for choice in study.models}
    assert "whatever moved the world that day included" in said["constant_mean"]
    assert said["market"].startswith("the move beyond what goes with S&P 500")
    assert said["market"].endswith("the shock at home stays")
    assert said["hsi"].endswith("removes the China shock itself")
    assert "Hang Seng Index and CSI 300; removes the China shock" in said["synthetic_control"]


@pytest.mark.parametrize(
    ("asset", "benchmark", "kind"),
    [
        ("CSI300", "HSI", "china"),
        ("HSTECH", "HSI", "china"),
        ("CSI300", "SPX", "abroad"),
        ("SPX", "SPX", "itself"),
    ],
)
def test_relations(found, asset, benchmark, kind):
    assert relation(found.study, asset, benchmark) == kind


def test_a_market_that_is_not_chinese_is_removed_by_its_own_index(tmp_path):
    text = (
        "assets: [SPX]\ninstruments:\n  - {id: NDX, calendar: XNYS, timezone: America/New_York,"
        " symbols: {snapshot: SPX}}\nmodels: [{name: market, benchmark: NDX}]\n"
    )
    study = written(tmp_path, text).study
    assert measured(study, study.models[0]).endswith("removes what moves that whole market")


def test_a_benchmark_that_moved_on_the_event_asks_for_review(found):
    """On 24 September 2024 the Hang Seng Index rose by 4.1 per cent, with the package."""
    row = of(found.frames, "benchmark on day 0")
    hsi = row[row["finding"].str.startswith("HSI in hsi")].iloc[0]
    assert hsi["status"] == "REVIEW"
    assert "B +4." in hsi["finding"]
    assert "without a Chinese benchmark" in hsi["recommendation"]
    spx = row[row["finding"].str.startswith("SPX in market")].iloc[0]
    assert spx["status"] == "PASS"
    assert spx["finding"].endswith("0 of 3 events at 5 per cent, by chance 0.2")


def test_the_sessions_of_other_events_leave_the_estimation_window(found, tmp_path):
    """C has the three sessions round B in its window, neither A nor B has another event there."""
    text = f"estimation_without: {{}}\nestimation: [-40, -5]\nevent_window: [-4, 20]\n{MODELS}"
    frames = run_study(written(tmp_path, text.replace("[-4, 20]", "[-2, 20]"))).frames
    counts = frames["parameters"].query("model == 'constant_mean' and parameter == 'n_obs'")
    counts = counts.set_index(["event_id", "asset"])["estimate"]
    whole, left = 36, counts["C", "HSTECH"]
    assert counts["A", "HSTECH"] == counts["B", "HSTECH"] == whole
    assert left == whole - 3
    row = of(frames, "events in estimation windows").iloc[0]
    assert row["status"] == "PASS"
    assert (
        "days −1 to +1 of every event of the study are left out there: 0 to 3 of 36"
        in row["finding"]
    )


def test_what_is_left_out_touches_no_estimate():
    """Returns of hidden sessions may be anything: neither the event nor any ordinary day sees them."""
    rng = np.random.default_rng(3)
    panel = 0.01 * rng.standard_normal((200, 1))
    hidden = np.zeros((1, 200), bool)
    hidden[0, [60, 61, 62, 110]] = True
    cars = []
    for shock in (0.0, 0.5):
        moved = panel.copy()
        moved[hidden[0], 0] += shock
        sample = make_sample(moved, None, [0], [150], estimation=(-100, -11), event_window=(-2, 5))
        sample = replace(sample, hidden=hidden)
        windows = [Window(0, 0), Window(-2, 5)]
        event = cumulate(abnormal_returns(sample, ConstantMean().fit(sample.estimable)), windows)
        days = every_session(sample, ConstantMean(), windows, least=80)["s0"]
        far = days.positions(np.arange(125, 190))
        assert event.abnormal.n_est[0] == 86
        cars.append((event.car, event.variance, days.cars.car[far], days.cars.variance[far]))
    for first, second in zip(*cars, strict=True):
        np.testing.assert_array_equal(first, second)


def test_too_few_sessions_left_say_why(tmp_path):
    """With [-15,+15] round B the estimation window of C keeps too little."""
    text = (
        "estimation_without: {days: [-15, 15]}\nestimation: [-40, -17]\nevent_window: [-16, 20]\n"
        "models: [constant_mean]\n"
    )
    dropped = run_study(written(tmp_path, text)).frames["dropped"]
    assert set(dropped["event_id"]) == {"C"}
    assert dropped["reason"].str.contains("those near other events left out; 20 needed").all()
