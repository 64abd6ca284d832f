"""Between a study and the network: what is taken from the cache, what enters it, what is said."""

import re
from dataclasses import dataclass, field, replace

import numpy as np
import pytest

from eventstudy.alignment import exchange
from eventstudy.errors import DataError
from eventstudy.sources._live import through_cache
from eventstudy.sources.base import Access
from eventstudy.sources.fingerprint import fingerprint
from eventstudy.spec import Instrument
from eventstudy.store import Download, Request, Store

INDEX = Instrument(id="X", name="X", calendar="XSHG", timezone="Asia/Shanghai")
OTHER = Instrument(id="Y", name="Y", calendar="XSHG", timezone="Asia/Shanghai")
SESSIONS = exchange("XSHG").sessions
DAYS = SESSIONS[slice(*np.searchsorted(SESSIONS, np.array(["2024-01-01", "2024-03-30"], "M8[D]")))]
EVENING = np.datetime64("2024-03-29T10:00:00")


@dataclass
class Scripted:
    """A source that answers by symbol from a dict: closes by date, or a fault."""

    answers: dict
    name = "scripted"
    origin = "a test"
    licence = "none"
    asked: list = field(default_factory=list)

    def request(self, instrument):
        return Request("scripted", instrument.id)

    def download(self, requests, access):
        for request in requests:
            self.asked.append(request.symbol)
            answer = self.answers[request.symbol]
            if isinstance(answer, DataError):
                yield request, answer
                continue
            days = np.array(list(answer), dtype="datetime64[D]")
            close = np.array(list(answer.values()), dtype=float)
            yield request, Download(request, access.now, days, {"close": close}, {})

    def bars(self, _instrument, download):
        return {"close": download.columns["close"]}

    def adjusted(self, _instrument):
        return False

    def proxy(self, _instrument):
        return ""


def closes(days=DAYS):
    return {str(day): 100.0 + position for position, day in enumerate(days)}


@pytest.fixture
def access(tmp_path):
    return Access(tmp_path, cache=tmp_path / "cache", until=DAYS[-1], now=EVENING)


def files(access):
    """Every file of the cache with its content."""
    paths = sorted(path for path in access.cache.rglob("*") if path.is_file())
    return {str(path.relative_to(access.cache)): path.read_bytes() for path in paths}


def test_past_closes_that_a_source_changes_are_counted(access):
    """In every run on that download; a common factor, as after a split, changes no return."""
    through_cache(Scripted({"X": closes()}), [INDEX], access)
    revised = closes() | {str(DAYS[10]): 110 * 1.02, str(DAYS[20]): 120 * 1.01}
    later = replace(access, now=EVENING + np.timedelta64(1, "h"), refresh=True)
    said = f"2 past closes not as in the download of 2024-03-29, first {DAYS[10]}"
    source = Scripted({"X": revised})
    assert through_cache(source, [INDEX], later).series[0].note == said
    assert through_cache(source, [INDEX], replace(later, refresh=False)).series[0].note == said
    halved = Scripted({"X": {day: close / 2 for day, close in revised.items()}})
    last = replace(later, now=later.now + np.timedelta64(1, "h"))
    assert through_cache(halved, [INDEX], last).series[0].note == ""
    assert [each.rows for each in Store(access.cache).entries()] == [len(DAYS)] * 3


def test_a_download_is_kept_and_used_again(access):
    source = Scripted({"X": closes()})
    first = through_cache(source, [INDEX], access)
    second = through_cache(source, [INDEX], replace(access, now=EVENING + np.timedelta64(400, "D")))
    assert source.asked == ["X"]
    assert fingerprint(first) == fingerprint(second)
    assert first.info("X").downloaded == "2024-03-29T10:00:00"
    assert (first.info("X").note, first.info("X").n_obs) == ("", len(DAYS))


@pytest.mark.parametrize(
    ("now", "until", "asks"),
    [
        ("2024-03-29T09:30:00", "2024-03-29", 1),  # an hour and a half after the close
        ("2024-03-29T06:00:00", "2024-03-29", 2),  # while the last session was still on
        ("2024-03-29T06:00:00", "2024-03-28", 1),  # the session before it was over
        ("2024-03-28T10:00:00", "2024-06-28", 2),  # a session has ended since
        ("2024-03-30T10:00:00", "2024-03-31", 1),  # no session since: the weekend
    ],
)
def test_a_download_suffices_when_no_needed_session_has_ended_since(access, now, until, asks):
    source = Scripted({"X": closes()})
    early = replace(access, now=np.datetime64(now), until=np.datetime64(until))
    through_cache(source, [INDEX], early)
    through_cache(source, [INDEX], replace(early, now=np.datetime64("2024-03-31T10:00:00")))
    assert len(source.asked) == asks


@pytest.mark.parametrize(("days", "asks"), [(0, 2), (6, 2), (8, 1)])
def test_a_session_that_the_source_brings_late_is_asked_for_again(access, days, asks):
    """The last session is not there two hours after its end; a week later it will not come."""
    source = Scripted({"X": closes(DAYS[:-1])})
    late = replace(access, now=EVENING + np.timedelta64(days, "D"))
    through_cache(source, [INDEX], late)
    source.answers["X"] = closes()
    again = replace(late, now=late.now + np.timedelta64(1, "D"))
    prices = through_cache(source, [INDEX], again)
    assert (len(source.asked), prices.info("X").n_obs) == (asks, len(DAYS) - 2 + asks)
    through_cache(source, [INDEX], again)
    assert len(source.asked) == asks


def test_refresh_asks_again(access):
    source = Scripted({"X": closes()})
    for _ in range(2):
        through_cache(source, [INDEX], replace(access, refresh=True))
    assert source.asked == ["X", "X"]


@pytest.mark.parametrize(
    ("now", "last"),
    [
        ("2024-03-29T06:59:00", "2024-03-28"),
        ("2024-03-29T07:30:00", "2024-03-28"),
        ("2024-03-29T08:00:00", "2024-03-29"),
    ],
)
def test_a_session_that_is_not_over_is_left_out(access, now, last):
    """The mainland closes at 07:00 UTC; an hour later the close is final."""
    prices = through_cache(
        Scripted({"X": closes()}), [INDEX], replace(access, now=np.datetime64(now))
    )
    assert prices.info("X").last == last
    assert str(prices.dates[-1]) == last


def test_offline_names_what_is_missing(access):
    source = Scripted({"X": closes()})
    through_cache(source, [INDEX], access)
    with pytest.raises(DataError, match=r"no download of Y \(scripted Y\).*data fetch"):
        through_cache(source, [INDEX, OTHER], replace(access, offline=True))
    prices = through_cache(source, [INDEX], replace(access, offline=True, refresh=True))
    assert prices.info("X").n_obs == len(DAYS)
    assert source.asked == ["X"]


def test_as_of_takes_the_download_of_that_day_and_never_the_network(access):
    source = Scripted({"X": closes(DAYS[:-5])})
    through_cache(source, [INDEX], replace(access, now=np.datetime64("2024-03-22T10:00:00")))
    source.answers["X"] = closes()
    through_cache(source, [INDEX], replace(access, refresh=True))
    pinned = replace(access, refresh=True, as_of=np.datetime64("2024-03-25"))
    assert through_cache(source, [INDEX], pinned).info("X").n_obs == len(DAYS) - 5
    assert through_cache(source, [INDEX], access).info("X").n_obs == len(DAYS)
    with pytest.raises(DataError, match="no download of 2024-01-05 or before of X"):
        through_cache(source, [INDEX], replace(access, as_of=np.datetime64("2024-01-05")))
    assert source.asked == ["X", "X"]


@pytest.mark.parametrize("day", ["2024-03-29", "2024-03-30"])
def test_a_day_that_is_not_over_pins_nothing(access, day):
    """A download of the same evening would change it."""
    source = Scripted({"X": closes()})
    through_cache(source, [INDEX], access)
    with pytest.raises(DataError, match=f"`as_of: {day}` holds no prices fast before that day"):
        through_cache(source, [INDEX], replace(access, as_of=np.datetime64(day)))
    day_after = replace(
        access, now=EVENING + np.timedelta64(1, "D"), as_of=np.datetime64("2024-03-29")
    )
    assert through_cache(source, [INDEX], day_after).info("X").n_obs == len(DAYS)


def test_an_older_download_never_stands_in_silence_for_one_that_is_damaged(access):
    """It is fetched again; offline a line says so, and `as_of` gives those prices or none."""
    source = Scripted({"X": closes(DAYS[:-5])})
    through_cache(source, [INDEX], replace(access, now=np.datetime64("2024-03-22T10:00:00")))
    source.answers["X"] = closes()
    through_cache(source, [INDEX], access)
    newest = Store(access.cache).latest(Request("scripted", "X"))
    (path,) = access.cache.rglob(f"{newest.sha256}.parquet")
    path.write_bytes(b"prizes")
    later = replace(access, now=EVENING + np.timedelta64(2, "D"))
    lost = "the download of 2024-03-29 is gone or not as it was written"

    prices = through_cache(source, [INDEX], replace(later, offline=True))
    assert (prices.info("X").note, prices.info("X").n_obs) == (lost, len(DAYS) - 5)
    pinned = replace(later, as_of=np.datetime64("2024-03-29"))
    with pytest.raises(DataError, match=rf"X \(scripted X\); {lost}, and `as_of`"):
        through_cache(source, [INDEX], pinned)
    assert through_cache(source, [INDEX], later).info("X").note == ""
    assert source.asked == ["X"] * 3
    assert through_cache(source, [INDEX], pinned).info("X").n_obs == len(DAYS)


def test_without_network_the_old_download_is_used_and_a_line_says_its_age(access):
    source = Scripted({"X": closes()})
    through_cache(source, [INDEX], access)
    before = files(access)
    source.answers["X"] = DataError("the network is gone")
    later = replace(access, refresh=True, now=EVENING + np.timedelta64(21, "D"))
    prices = through_cache(source, [INDEX], later)
    assert prices.info("X").note == (
        "no new prices on 2024-04-19: the download of 2024-03-29 is used, 21 days old"
        " (the network is gone)"
    )
    assert files(access) == before


def test_every_series_that_cannot_be_had_is_named(access):
    """What could be had is in the cache all the same."""
    third = Instrument(id="Z", name="Z", calendar="XSHG", timezone="Asia/Shanghai")
    answers = {"X": DataError("no"), "Y": DataError("neither"), "Z": closes()}
    with pytest.raises(DataError) as caught:
        through_cache(Scripted(answers), [INDEX, OTHER, third], access)
    assert str(caught.value) == "X (scripted X): no\nY (scripted Y): neither"
    held = [Store(access.cache).latest(Request("scripted", name)) for name in "XYZ"]
    assert [download is not None for download in held] == [False, False, True]


@pytest.mark.parametrize(
    ("worse", "message"),
    [
        ({}, "gave no price"),
        (dict.fromkeys(map(str, DAYS), np.nan), "gave no price"),
        (closes(DAYS[:40]), r"without 18 of the 58 sessions .* first 2024-03-06"),
        (dict(reversed(closes().items())), "out of order"),
    ],
)
def test_a_worse_download_replaces_nothing_in_silence(access, worse, message):
    source = Scripted({"X": closes()})
    good = through_cache(source, [INDEX], access)
    before = files(access)
    source.answers["X"] = worse
    prices = through_cache(source, [INDEX], replace(access, refresh=True))
    assert fingerprint(prices) == fingerprint(good)
    assert files(access) == before
    assert re.search(message, prices.info("X").note)


def test_sessions_without_a_price_stay_missing_and_are_counted(access):
    holes = {**closes(), str(DAYS[3]): np.nan, str(DAYS[4]): np.nan, "2024-02-12": np.nan}
    prices = through_cache(Scripted({"X": dict(sorted(holes.items()))}), [INDEX], access)
    assert np.isnan(prices.column("X")).sum() == 3
    assert prices.info("X").note == "2 sessions without a price, kept as missing"


def test_a_download_needs_a_time(access):
    with pytest.raises(ValueError, match="`now`"):
        through_cache(Scripted({"X": closes()}), [INDEX], replace(access, now=None))
