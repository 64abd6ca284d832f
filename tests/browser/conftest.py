"""A real Chromium, and the pages: a study, one whose texts are hostile, a panel, the index."""

import os
import shutil
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from eventstudy.document import Entry
from eventstudy.panel import Design, Inputs, run_panel
from eventstudy.report.render import render_index, render_panel, render_study
from eventstudy.spec import Window, load
from eventstudy.study import run_study
from tests.panel40_tables import write_tables

EVENTS = Path(__file__).parents[2] / "events"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
HOSTILE = """\
format: 1
title: "<script>window.hacked=1</script>A study & its \\"quotes\\""
description: "<img src=x onerror=window.hacked=2> עברית 🎯 中文"
events:
  - id: SD2023
    announced: 2023-08-27 18:00
    title: "</script><script>window.hacked=3</script>"
    notes: "{{ 7 * 7 }} {% raw %} <style>*{display:none}</style>"
    sources:
      - title: "<a href='javascript:window.hacked=5'>x</a>"
        url: "https://example.org/?a=1&b=%22%3E&c='onload=1'"
  - id: EASING2024
    announced: 2024-09-24 09:00
    title: "LONG"
"""


@pytest.fixture(scope="session")
def chromium():
    """Start the system's Chromium; its absence is a skip, or a failure where it is required."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        message = "Chromium is not installed: the pages were not opened in a browser"
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(message)
        pytest.skip(message)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()


def two_events():
    """Return the stamp-duty study with two of its events and tests: every kind of section, few rows."""
    file = load(EVENTS / "stamp-duty.yaml")
    events = tuple(event for event in file.study.events if event.id in {"SD2007", "SD2023"})
    fewer = {"events": events, "statistics": file.study.statistics[:4]}
    return replace(file, study=file.study.model_copy(update=fewer))


@pytest.fixture(scope="session")
def whole_page(tmp_path_factory):
    """Write the page of a whole study."""
    file = tmp_path_factory.mktemp("whole") / "index.html"
    result = run_study(load(EVENTS / "stamp-duty.yaml"))
    file.write_text(render_study(result), encoding="utf-8")
    return file


@pytest.fixture(scope="session")
def pages(tmp_path_factory):
    """Write the pages as a run does: an index and a folder per study."""
    folder = tmp_path_factory.mktemp("reports")
    (folder / "hostile.yaml").write_text(HOSTILE.replace("LONG", "word " * 99), encoding="utf-8")
    files = {"study": two_events(), "hostile": load(folder / "hostile.yaml")}
    results = {stem: run_study(file) for stem, file in files.items()}
    for stem, result in results.items():
        (folder / stem).mkdir()
        (folder / stem / "index.html").write_text(render_study(result), encoding="utf-8")
    entries = [Entry(stem, result) for stem, result in results.items()]
    failed = Entry("failed", None, "failed.yaml:3:1: <b>no</b>\n    a: 1\n    ^")
    (folder / "index.html").write_text(render_index([*entries, failed]), encoding="utf-8")
    write_tables(folder)
    design = Design(estimation=Window(-270, -21), event_window=Window(-10, 10), group="grp")
    panel = run_panel(Inputs(folder / "R.csv", folder / "E.csv", f"{folder}/M.csv"), design)
    (folder / "panel.html").write_text(render_panel(panel), encoding="utf-8")
    return {
        "panel": folder / "panel.html",
        "study": folder / "study" / "index.html",
        "hostile": folder / "hostile" / "index.html",
        "index": folder / "index.html",
    }


@pytest.fixture
def opened(chromium, request):
    """Open a page; leaving it fails on any console message, page error or request but its own."""

    def file_of(name):
        if name == "whole":
            return request.getfixturevalue("whole_page")
        return request.getfixturevalue("pages")[name]

    @contextmanager
    def open_page(name, *, width=1280, **options):
        context = chromium.new_context(viewport={"width": width, "height": 900}, **options)
        page = context.new_page()
        address = file_of(name).as_uri()
        heard = []
        page.on("console", lambda message: heard.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: heard.append(f"error: {error}"))
        page.on(
            "request",
            lambda asked: (
                asked.url.startswith((address, "blob:", "data:"))
                or heard.append(f"request: {asked.url}")
            ),
        )
        page.goto(address)
        yield page
        context.close()
        assert heard == []

    return open_page
