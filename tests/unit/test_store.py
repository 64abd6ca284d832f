"""The cache on disk: what comes back, what is kept, and what it survives."""

from __future__ import annotations

import numpy as np
import pytest

from eventstudy.store import Download, Request, Store

REQUEST = Request("yahoo", "^HSI", {"interval": "1d"})


def download(seed=0, *, at="2026-11-01T10:00:00", rows=50, request=REQUEST):
    """A download of made-up prices, with a missing one and a negative zero."""
    close = np.exp(np.random.default_rng(seed).normal(size=rows).cumsum() / 100)
    close[1:3] = np.nan, -0.0
    dates = np.datetime64("2020-01-01") + np.arange(rows)
    columns = {"close": close, "volume": np.round(close * 1e9)}
    return Download(
        request, np.datetime64(at, "s"), dates, columns, {"currency": "HKD", "name": "恒生"}
    )


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "cache", patience=0.2)


def test_a_download_comes_back_to_the_last_bit(store):
    """Dates, columns in their order, NaN, the sign of zero, notes, request and time."""
    given = download()
    store.add(given)
    found = store.latest(REQUEST)
    assert (found.request, found.at, found.notes) == (given.request, given.at, given.notes)
    assert list(found.columns) == ["close", "volume"]
    for name in ("close", "volume"):
        assert found.columns[name].tobytes() == given.columns[name].tobytes()
    assert found.dates.tobytes() == given.dates.tobytes()
    assert found.sha256 == given.sha256


def test_what_was_never_downloaded_is_absent(store):
    """Neither the cache nor the series need exist."""
    assert store.latest(REQUEST) is None
    store.add(download())
    assert store.latest(Request("yahoo", "^HSI", {"interval": "1wk"})) is None


def test_as_of_picks_by_day(store):
    """The newest of that day or before, in whatever order they were added."""
    for seed, day in enumerate(("2026-11-03", "2026-11-01", "2026-11-02")):
        store.add(download(seed, at=f"{day}T23:59:59"))
    picked = {
        day: found and str(found.at)[:10]
        for day in ("2026-10-31", "2026-11-01", "2026-11-02", "2026-12-01")
        for found in [store.latest(REQUEST, as_of=np.datetime64(day))]
    }
    assert list(picked.values()) == [None, "2026-11-01", "2026-11-02", "2026-11-03"]
    assert str(store.latest(REQUEST).at) == "2026-11-03T23:59:59"
