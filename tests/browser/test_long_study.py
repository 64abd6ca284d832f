"""A study of 200 events in a real Chromium: how large its pages are, how fast they open, what they take."""

import re
import time
from pathlib import Path

import numpy as np
import pytest

from eventstudy.alignment import sessions
from eventstudy.report.render import study_pages
from eventstudy.spec import load
from eventstudy.study import run_study
from tests.studies import result_of

pytestmark = [pytest.mark.browser, pytest.mark.slow]

HEAD = "format: 1\ntitle: Two hundred events\nevents:\n"
EVENT = "  - {{id: E{n}, title: Event {n}, category: kind_{kind}, announced: {day} 08:00}}\n"
LARGEST = 3_000_000
"""Bytes of a page of up to 40 events."""


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """The pages of 200 events of five categories on both indices, every sixth session."""
    folder = tmp_path_factory.mktemp("long")
    calendar = sessions("XSHG")
    first = int(np.searchsorted(calendar, np.datetime64("2020-06-01")))
    days = calendar[first : first + 1200 : 6]
    events = (EVENT.format(n=n, kind=n % 5, day=day) for n, day in enumerate(days, start=1))
    (folder / "long.yaml").write_text(HEAD + "".join(events), encoding="utf-8")
    result = run_study(load(folder / "long.yaml"))
    for name, text in study_pages(result):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def renderers(chromium):
    """Return the proportional memory of each renderer, in bytes."""
    session = chromium.new_browser_cdp_session()
    found = session.send("SystemInfo.getProcessInfo")["processInfo"]
    session.detach()
    rollups = [
        Path(f"/proc/{int(each['id'])}/smaps_rollup").read_text("utf-8")
        for each in found
        if each["type"] == "renderer"
    ]
    return [1024 * int(re.search(r"^Pss: +(\d+) kB", text, re.MULTILINE)[1]) for text in rollups]


def test_pages_stay_small_and_open_fast(pages, chromium):
    """Every page opens in two seconds and takes less than 300 MB; those of events are small."""
    files = sorted(pages.rglob("*.html"))
    assert len(files) == 6
    for file in files:
        assert file.stat().st_size < LARGEST or file.parent == pages
        page = chromium.new_page()
        start = time.monotonic()
        page.goto(file.as_uri())
        assert time.monotonic() - start < 2, file
        assert max(renderers(chromium)) < 300e6, file
        page.close()


def test_the_pages_of_the_longest_study_here_are_small():
    """The first page of `all-policy`, and each of up to 40 of its events."""
    pages = dict(study_pages(result_of("all-policy")))
    sizes = {name: len(text.encode()) for name, text in pages.items() if name.endswith(".html")}
    assert len(sizes) == 4
    assert max(sizes.values()) < LARGEST, sizes
