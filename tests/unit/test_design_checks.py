"""Checks of the sample: counted by hand on small calendars and on the embedded data."""

from pathlib import Path

import numpy as np

from eventstudy.quality import design_rows
from eventstudy.sources.base import Access
from eventstudy.spec import load
from eventstudy.study.fetching import fetch
from tests.samples import make_sample
from tests.studies import result_of

EVENTS = Path(__file__).parents[2] / "events"


def rows_of(day0, tmp_path, returns=0.01):
    """The findings on CSI 300 of a study with windows [-1,+2] and estimation [-40,-11]."""
    path = tmp_path / "study.yaml"
    path.write_text(
        "format: 1\ntitle: T\nassets: [CSI300]\nestimation: [-40, -11]\nevent_window: [-5, 5]\n"
        "windows: [[-1, -1], [0, 2]]\nevents: [{id: A, title: T, announced: 2023-08-27}]\n",
        encoding="utf-8",
    )
    sample = make_sample(
        np.full((200, 1), returns), None, [0] * len(day0), day0,
        estimation=(-40, -11), event_window=(-5, 5),
    )  # fmt: skip
    sample.assets[:] = "CSI300"
    study = load(path).study
    return {row[1]: row for row in design_rows(study, sample, fetch(study, Access(path.parent)))}


def test_overlapping_windows_are_counted_in_clusters(tmp_path):
    """Windows of four sessions: days 100 and 103 share one, 107 none; 3 of 5 stand alone."""
    row = rows_of([100, 103, 107, 150, 160], tmp_path)["overlapping windows"]
    assert row[2] == "REVIEW"
    assert row[3] == (
        "2 of 5 events share sessions of days −1 to +2 with another; four clusters lie apart: 1, 2"
    )


def test_events_in_estimation_windows(tmp_path):
    """Estimation -40..-11: day 120 has day 100 in it, day 161 has 121 and no other."""
    row = rows_of([100, 120, 175], tmp_path)["events in estimation windows"]
    assert row[3] == "1 of 3 events have another of this study in their estimation window: 2"


def test_a_clean_sample_passes(tmp_path):
    found = rows_of([60, 120, 180], tmp_path)
    assert {row[2] for row in found.values()} == {"PASS"}


def test_a_fall_in_the_estimation_window(tmp_path):
    """.994^20 - 1 = -11.3%, .995^20 - 1 = -9.5%; the window -40..-11 holds ten of the twenty sessions."""
    row = rows_of([60], tmp_path, returns=-0.006)["falls in estimation windows"]
    assert row[2] == "REVIEW"
    assert row[3].startswith("1 of 1 events follow a fall of more than 10% in 20 sessions")
    assert row[4].endswith("estimation: [-50, -21]")
    assert rows_of([60], tmp_path, returns=-0.005)["falls in estimation windows"][2] == "PASS"


def test_price_limits(tmp_path):
    row = rows_of([60], tmp_path, returns=-0.08)["price limits"]
    assert row[2:4] == ("REVIEW", "1 of 1 days 0 moved by 7 per cent or more: 1")


def test_the_stamp_duty_of_2008_moved_the_index_to_its_limits():
    quality = result_of("stamp-duty").frames["quality"]
    row = quality[(quality["check"] == "price limits") & (quality["asset"] == "CSI300")].iloc[0]
    assert row["finding"] == "2 of 5 days 0 moved by 7 per cent or more: SD2008A, SD2008B"


def test_the_newspaper_of_july_2020_rests_on_values_from_before_the_launch():
    """Hang Seng TECH was launched on 27 July 2020; the estimation window of 2021 begins after it."""
    quality = result_of("regulator-statements").frames["quality"]
    rows = quality[quality["check"] == "events before the launch"].set_index("asset")
    assert rows.loc["HSTECH", "finding"].endswith("in a window: CSJ2020")
    assert rows.loc["CSI300", "status"] == "PASS"
