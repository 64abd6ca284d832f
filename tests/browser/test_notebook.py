"""A report inside another page, as a notebook shows it."""

import pytest

import eventstudy as es
from tests.studies import result_of

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_report_in_a_notebook_stays_within_its_frame(chromium, tmp_path):
    """Charts come alive, links lead to its own sections, and nothing is complained of."""
    shown = es.report(es.Result(result_of("episodes")))._repr_html_()
    (tmp_path / "notebook.html").write_text(f"<!doctype html><title>N</title>{shown}", "utf-8")
    page = chromium.new_page(viewport={"width": 1100, "height": 900})
    said = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto((tmp_path / "notebook.html").as_uri())
    frame = page.frames[1]
    frame.locator("nav a[href^='#section']").last.click()
    frame.wait_for_function("scrollY > 500")
    assert frame.evaluate("location.hash").startswith("#section-")
    assert page.evaluate("location.hash") == ""
    assert frame.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert frame.locator("figure svg").count() > 0
    assert said == []
    page.close()
