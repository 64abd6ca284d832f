"""The printed report, page by page: what stands last on each, and what is not cut."""

import re
import subprocess
from html import unescape
from shutil import which

import pytest

from eventstudy.document import study_document
from eventstudy.export import browser, print_page
from eventstudy.report.render import render_document
from tests.studies import result_of

pytestmark = [pytest.mark.browser, pytest.mark.slow]

HEADINGS = re.compile(r"<(h[1-4]|figcaption)\b[^>]*>(.*?)</\1>", re.DOTALL)
BEFORE = re.compile(r"(?:Table|Figure) \d+\.|.*, by window\.")
"""How the caption of a table or figure begins."""


def plain(text):
    """Return words as the paper has them, without markup and with single spaces."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def lines_of(page):
    """Return the lines of a printed page that are not empty."""
    return [line for line in map(plain, page.splitlines()) if line]


@pytest.fixture(scope="module", params=["stamp-duty", "geopolitics"])
def printed(request, chromium, tmp_path_factory):
    """The page of a study, and the lines of each of its printed pages."""
    if not which("pdftotext"):
        pytest.skip("no pdftotext here")
    folder = tmp_path_factory.mktemp("print")
    html = render_document(study_document(result_of(request.param)))
    (folder / "report.html").write_text(html, encoding="utf-8")
    print_page(browser(), folder / "report.html", folder / "report.pdf")
    command = ["pdftotext", "-layout", "report.pdf", "-"]
    found = subprocess.run(command, cwd=folder, capture_output=True, check=True, text=True)
    return html, [lines_of(page) for page in found.stdout.split("\f")[:-1]]


def test_no_heading_stands_last_on_a_page(printed):
    html, pages = printed
    headings = {plain(text) for _, text in HEADINGS.findall(html)}
    assert {"Summary", "Reversal", "Data and rebuild"} <= headings
    last = [lines[-1] for lines in pages]
    assert [line for line in last if line in headings or BEFORE.match(line)] == []


def test_no_page_is_empty_and_no_table_of_tests_is_cut(printed):
    _, pages = printed
    assert min(map(len, pages)) > 3
    tables = [sum(", by window." in line for line in lines) for lines in pages]
    ends = [sum(line.startswith("p, Wilcoxon") for line in lines) for lines in pages]
    assert sum(tables) > 1
    assert ends == tables
