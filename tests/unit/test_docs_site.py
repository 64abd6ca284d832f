"""The documentation as pages: all are in the navigation, and what is wrong with a link is seen."""

import json
import re
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
GOOD = '<h2 id="here">A</h2><a href="#here">x</a><a href="b/c.html#there">x</a><a href="https://example.org">x</a>'


@pytest.fixture(scope="module")
def site():
    """The script that builds the pages, as a module."""
    sys.path.insert(0, str(ROOT / "docs"))
    import build_site

    yield build_site
    sys.path.remove(str(ROOT / "docs"))


def test_the_notebook_is_the_page(site):
    """Its cells are the blocks of the page, and their output what the page says they print."""
    import build_notebook

    text = build_notebook.NOTEBOOK.read_text("utf-8")
    assert text == build_notebook.notebook(build_notebook.PAGE.read_text("utf-8"))
    cells = json.loads(text)["cells"]
    assert len([cell for cell in cells if cell.get("outputs")]) > 4


def navigation():
    """The paths in the navigation of mkdocs.yml."""
    found = yaml.safe_load((ROOT / "mkdocs.yml").read_text("utf-8"))["nav"]
    return re.findall(r"[\w/-]+\.md", str(found))


def test_every_page_stands_in_the_navigation_once():
    """Also those of the repository's own folders that readers need."""
    pages = [str(path.relative_to(ROOT)) for path in (ROOT / "docs").rglob("*.md")]
    named = navigation()
    assert sorted(named) == sorted({*named})
    assert {*pages, "README.md", "events/README.md", "data/README.md", "CHANGELOG.md"} <= {*named}


@pytest.mark.parametrize(
    ("added", "fault"),
    [
        ("", None),
        ('<a href="d.html">x</a>', "a.html: d.html leads to no file"),
        ('<a href="#nowhere">x</a>', "a.html: #nowhere leads to no place in the page"),
        ('<a href="b/c.html#no">x</a>', "a.html: b/c.html#no leads to no place in the page"),
        ('<script src="//cdn.example.org/x.js">', "a.html loads //cdn.example.org/x.js"),
        ('<link href="https://x.example.org">', "a.html loads https://x.example.org"),
    ],
)
def test_what_is_wrong_with_a_page_is_said(site, added, fault, tmp_path):
    """A link without a file, one without a heading, anything that comes from elsewhere."""
    (tmp_path / "b").mkdir()
    (tmp_path / "a.html").write_text(GOOD + added, "utf-8")
    (tmp_path / "b" / "c.html").write_text('<h2 id="there">C</h2>', "utf-8")
    assert list(site.faults(tmp_path)) == ([fault] if fault else [])


def test_the_readme_shows_a_small_picture_of_a_report():
    """It is in the repository, is a PNG and loads fast."""
    picture = ROOT / "docs" / "pictures" / "report.png"
    assert "(docs/pictures/report.png)](reports/sample/index.html)" in (
        ROOT / "README.md"
    ).read_text("utf-8")
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert picture.stat().st_size < 150_000
