"""From a file to a study: defaults, times, instruments, and events of other files."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

import pytest

from eventstudy.errors import SpecError
from eventstudy.spec import Choice, Window, load

SHORTEST = "format: 1\ntitle: T\nevents:\n  - {id: A, announced: 2023-08-27, title: a}\n"


@pytest.fixture
def study(tmp_path):
    """Write a study file and load it."""

    def _study(text, name="study.yaml"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return load(path)

    return _study


def test_the_defaults_are_those_of_the_documentation(study):
    """An event of three lines, and nothing else, is a study."""
    found = study(SHORTEST).study
    assert found.assets == ("CSI300", "HSTECH")
    assert found.source == Choice(name="snapshot", label="snapshot")
    assert found.returns == "simple"
    assert found.estimation == Window(-130, -11)
    assert found.estimation.length == 120
    assert found.event_window == Window(-10, 20)
    assert found.windows == ((-5, -1), (0, 0), (0, 1), (1, 5), (1, 10), (0, 20))
    assert found.models == (
        Choice(name="constant_mean", label="constant_mean"),
        Choice(
            name="market", label="market", options={"benchmark": "SPX", "lag": "previous_close"}
        ),
    )
    assert {choice.name for choice in found.statistics} >= {
        *("forecast_t", "sample_quantile", "cross_sectional_t", "crude_dependence"),
        *("patell", "bmp", "generalized_sign", "wilcoxon"),
    }
    assert (found.min_observations, found.max_dropped, found.max_shift_days) == (100, 0.5, 12)
    assert (found.alpha, found.seed) == (0.05, 1)
    assert found.events[0].announced == date(2023, 8, 27)
    assert type(found.events[0].announced) is date
    assert found.events[0].category == "uncategorised"


def test_default_windows_outside_the_event_window_are_left_out(study):
    """Of the defaults only; a window that the file writes must fit."""
    found = study(SHORTEST + "event_window: [-3, 5]\n").study
    assert found.windows == ((0, 0), (0, 1), (1, 5))


def test_fewest_observations_are_five_sixths_of_the_window_rounded_up(study):
    """Five sixths of 100 are 83.3."""
    assert study(SHORTEST + "estimation: [-110, -11]\n").study.min_observations == 84


@pytest.mark.parametrize(
    ("written", "utc"),
    [
        ("announced: 2023-08-27 18:00", (10, 0, 0)),
        ("announced: 2023-08-27 9:30", (1, 30, 0)),
        ("announced: 2023-08-27T18:00:30", (10, 0, 30)),
        ("announced: 2023-08-27T18:00+09:00", (9, 0, 0)),
        ("announced: 2023-08-27 18:00 Z", (18, 0, 0)),
        ("announced: 2023-08-27 06:00, timezone: America/New_York", (10, 0, 0)),
        ("announced: 2023-08-27 06:00 -04:00, timezone: America/New_York", (10, 0, 0)),
    ],
)
def test_a_time_knows_its_zone(study, written, utc):
    """From its offset, its time zone, or the markets; Shanghai and Hong Kong are at UTC+8."""
    found = study(SHORTEST.replace("announced: 2023-08-27", written)).study.events[0].announced
    assert found.tzinfo is not None
    assert found == datetime(2023, 8, 27, *utc, tzinfo=UTC)


def test_zones_are_compared_at_the_moment_and_for_the_assets_of_the_event(study):
    """Shanghai had summer time in 1986 to 1991, Hong Kong did not; SPX is not studied here."""
    text = SHORTEST.replace("title: T", "title: T\nassets: [CSI300, HSTECH, SPX]").replace(
        "announced: 2023-08-27", "assets: [CSI300, HSTECH], announced: 2023-08-27 18:00"
    )
    assert study(text).study.events[0].announced.utcoffset() == timedelta(hours=8)
    with pytest.raises(SpecError, match="time-without-zone"):
        study(text.replace("2023-08-27", "1988-08-01"))


def test_a_study_adds_and_replaces_instruments(study):
    """Its own come on top of the built-in ones; a short name is the name unless given."""
    found = study(
        SHORTEST + "assets: [MINE, HSI]\ninstruments:\n"
        "  - {id: MINE, name: My index, calendar: XHKG, timezone: Asia/Hong_Kong}\n"
        "  - {id: HSI, name: Other, short: O, calendar: XHKG, timezone: Asia/Hong_Kong}\n"
    ).study
    assert found.instruments["MINE"].short == "My index"
    assert found.instruments["HSI"].name == "Other"
    assert found.instruments["CSI300"].calendar == "XSHG"


def test_the_built_in_instruments(study):
    """Hang Seng TECH has a fund as its Yahoo symbol, northbound flows are no prices."""
    known = study(SHORTEST).study.instruments
    assert list(known) == ["CSI300", "HSTECH", "HSI", "SPX", "NORTHBOUND"]
    assert [known[name].calendar for name in known] == ["XSHG", "XHKG", "XHKG", "XNYS", "XSHG"]
    assert known["HSTECH"].symbols["yahoo"] == "3033.HK"
    assert (known["HSTECH"].name, known["HSTECH"].short) == ("Hang Seng TECH", "HS TECH")
    assert known["NORTHBOUND"].kind == "flow"


def test_events_from_other_files_come_first_with_their_own_zone(study):
    """A file in a folder below; its times are those of its own markets."""
    part = SHORTEST.replace("id: A", "id: B").replace("08-27", "08-27 18:00")
    study(part + "assets: [SPX]\n", "parts/one.yaml")
    found = study(SHORTEST + "events_from: [parts/one.yaml]\n")
    assert [event.id for event in found.study.events] == ["B", "A"]
    assert found.study.events[0].announced == datetime(2023, 8, 27, 22, tzinfo=UTC)


def test_the_hash_covers_the_file_and_those_it_takes_events_from(study, tmp_path):
    """Of a lone file it is what sha256sum prints; of several, that of their bytes in a row."""
    one, two = SHORTEST.encode(), SHORTEST.replace("id: A", "id: B").encode()
    assert study(SHORTEST).sha256 == sha256(one).hexdigest()
    study(two.decode(), "two.yaml")
    both = SHORTEST + "events_from: [two.yaml]\n"
    found = study(both).sha256
    assert found == sha256(both.encode() + two).hexdigest()
    assert study(both).sha256 == found
    study(two.decode() + "# changed\n", "two.yaml")
    assert study(both).sha256 != found


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("../other.yaml", "include-outside"),
        ("/etc/hostname", "include-outside"),
        ("nowhere.yaml", "file-not-found"),
        ("study.yaml", "include-cycle"),
        ("link.yaml", "include-outside"),
        ("cycle.yaml", "include-cycle"),
        ('"a\\tb"', "file-not-found"),
    ],
)
def test_events_from_stays_in_the_folder_and_does_not_turn_in_circles(study, tmp_path, name, code):
    """A symbolic link that leads out of the folder is outside too."""
    (tmp_path / "link.yaml").symlink_to("/etc/hostname")
    again = SHORTEST.replace("id: A", "id: B") + "events_from: [study.yaml]\n"
    (tmp_path / "cycle.yaml").write_text(again, encoding="utf-8")
    with pytest.raises(SpecError) as caught:
        study(SHORTEST + f"events_from: [{name}]\n")
    assert [problem.code for problem in caught.value.problems] == [code]


def test_mistakes_in_a_file_whose_events_are_taken_over_carry_its_own_place(study, tmp_path):
    """And an id that both files use is reported with both places."""
    with pytest.raises(SpecError):
        study(SHORTEST + "x: y\n", "two.yaml")
    with pytest.raises(SpecError) as caught:
        study(SHORTEST + "events_from: [two.yaml]\n")
    found = [(problem.code, problem.file.rpartition("/")[2]) for problem in caught.value.problems]
    assert sorted(found) == [("duplicate-id", "study.yaml"), ("unknown-key", "two.yaml")]
    assert f"{tmp_path / 'two.yaml'}:4:10" in str(caught.value)


@pytest.mark.parametrize("name", ["none.yaml", "a\0b.yaml", "x" * 5_000])
def test_a_path_that_cannot_be_read_is_a_spec_error(tmp_path, name):
    """Whatever the system complains about; a path may be given as text."""
    with pytest.raises(SpecError) as caught:
        load(f"{tmp_path}/{name}")
    assert [problem.line for problem in caught.value.problems] == [1]


@pytest.mark.timeout(30)
def test_a_file_full_of_mistakes_is_read_in_linear_time(tmp_path):
    """Ten thousand wrong events: each is looked at once, or this test runs into its limit."""
    path = tmp_path / "study.yaml"
    path.write_text("format: 1\ntitle: T\nevents:\n" + "- {id: a/b}\n" * 10_000, encoding="utf-8")
    with pytest.raises(SpecError) as caught:
        load(path)
    assert len(caught.value.problems) == 30_000
