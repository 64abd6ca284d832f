"""The CSI 300 against printed days and against programs of others: see csi300_moves/README.md."""

from pathlib import Path

import numpy as np
import pytest

from eventstudy.alignment import align
from eventstudy.placebo.placebo import Placebo
from eventstudy.reversal import Bars, split_day0
from eventstudy.reversal.slope import slope
from eventstudy.spec import load
from tests.trials import csi300, trial_of

ROOT = Path(__file__).parents[2]
DATES, CLOSE = csi300()
OPEN, HIGH, LOW = (csi300(field)[1] for field in ("open", "high", "low"))
RETURNS = CLOSE[1:] / CLOSE[:-1] - 1
"""Return number t is that of date t + 1."""


@pytest.fixture(scope="module")
def split():
    """Every session after the first, in parts."""
    bars = Bars(CLOSE[:-1], OPEN[1:], HIGH[1:], LOW[1:], CLOSE[1:], np.ones(len(RETURNS), int))
    return split_day0(bars, np.full(len(RETURNS), 0.01))


@pytest.fixture(scope="module")
def events():
    """Day 0 of the 85 events on the mainland, as rows of DATES[1:]."""
    study = load(ROOT / "events" / "all-policy.yaml").study
    aligned = align(study)
    sessions = aligned.session[:, aligned.calendars.index("XSHG")]
    sessions = sessions[sessions <= DATES[-1]]
    assert len(sessions) == 85
    return np.searchsorted(DATES[1:], sessions)


def row(day):
    return int(np.searchsorted(DATES[1:], np.datetime64(day)))


@pytest.mark.parametrize(
    ("day", "percent"),
    [
        ("2007-02-27", -9.24),
        ("2007-05-30", -6.76),
        ("2013-06-24", -6.31),
        ("2015-01-19", -7.70),
        ("2016-01-04", -7.02),
        ("2018-03-23", -2.87),
        ("2018-10-19", 2.97),
        ("2019-05-06", -5.84),
        ("2020-02-03", -7.88),
        ("2020-07-06", 5.67),
        ("2008-09-22", 6.49),
    ],
)
def test_days_as_printed(split, day, percent):
    assert round(100 * split.close_to_close[row(day)], 2) == percent


@pytest.mark.parametrize(
    ("day", "night", "session"),
    [
        ("2015-07-06", 8.55, -5.21),
        ("2008-11-27", 6.42, -4.66),
        ("2015-06-29", 2.55, -5.74),
        ("2008-04-24", 8.27, 0.94),
        ("2008-09-19", 8.96, 0.36),
    ],
)
def test_fades_and_continuations(split, day, night, session):
    found = split.overnight[row(day)], split.open_to_close[row(day)]
    assert [round(100 * part, 2) for part in found] == [night, session]


def test_overnight_puzzle(split):
    """-0.069 and +0.127 per cent from April 2005; the embedded data begin nine months later."""
    until = DATES[1:] <= np.datetime64("2020-10-16")
    night, session = split.overnight[until], split.open_to_close[until]
    assert len(night) == 3590
    assert 100 * night.mean() == pytest.approx(-0.0718, abs=5e-5)
    assert 100 * np.append(session, CLOSE[0] / OPEN[0] - 1).mean() == pytest.approx(
        0.1322, abs=5e-5
    )


@pytest.mark.parametrize(
    ("first", "last", "expected", "t", "n"),
    [
        (2006, 2025, 0.0079198, 0.1214, 503),
        (2006, 2009, 0.0965, 0.956, 247),
        (2010, 2014, -0.0752, -0.866, 128),
        (2015, 2016, -0.1818, -1.246, 48),
        (2017, 2025, -0.1282, -0.859, 80),
    ],
)
def test_no_reversal_after_large_moves_as_such(events, first, last, expected, t, n):
    abnormal = RETURNS - RETURNS.mean()
    far = np.ones(len(RETURNS), bool)
    for day in events:
        far[max(day - 10, 0) : day + 11] = False
    years = DATES[1:].astype("datetime64[Y]").astype(int) + 1970
    wanted = far & (np.abs(RETURNS) > 0.02) & (years >= first) & (years <= last)
    days = np.flatnonzero(wanted[:-5])
    later = np.array([abnormal[day + 1 : day + 6].sum() for day in days])
    none = np.zeros((2, len(days)))
    found = slope(abnormal[days], later, (none, none), np.random.default_rng(1))
    assert found.n == n
    assert found.slope == pytest.approx(expected, abs=5e-8 if n == 503 else 5e-5)
    assert found.t == pytest.approx(t, abs=5e-4)


def table():
    """Return the rows of the last table of the README: day, stratum, values and counts, K."""
    lines = (Path(__file__).parent / "csi300_moves" / "README.md").read_text("utf-8").splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("| day 0 |"))
    rows = [line.strip("| ").split(" | ") for line in lines[start + 2 :] if line.startswith("|")]
    return [(day, state, [float(cell) for cell in rest]) for day, state, *rest in rows]


def test_placebo_of_single_events(events):
    trial = trial_of(
        [RETURNS],
        [(str(day), 0, int(day)) for day in events],
        axes=(DATES[1:],),
        windows=((0, 0), (0, 1), (1, 5)),
        estimation=(-130, -11),
        event_window=(-10, 20),
        least=100,
    )
    found = Placebo(draws=99).compare(trial, np.random.default_rng(1))
    assert len(trial.every["s0"].cells) == 4726
    assert len(table()) == 5
    for day, state, numbers in table():
        event = int(np.flatnonzero(events == row(day))[0])
        k, values, counts = numbers[-1], numbers[0:6:2], numbers[1:6:2]
        volatility, past = state.split(", ")
        name = found.days.strata["s0"].names[found.label[event]]
        assert name == f"volatility {volatility}, past return {past}"
        np.testing.assert_allclose(found.value[event], values, atol=5e-5)
        assert found.answers.events.n[event].tolist() == [k] * 3
        np.testing.assert_allclose(
            found.answers.events.p_value[event], (1 + np.array(counts)) / (k + 1), rtol=1e-12
        )
