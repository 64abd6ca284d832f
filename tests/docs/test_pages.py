"""Every block of every page runs, and prints what the page says."""

import re
from itertools import zip_longest

import pytest

from tests.docs.blocks import RUNS, blocks_of, prose_of
from tests.docs.runner import ROOT, Session, check_form, matches

PAGES = sorted([
    *(ROOT / "docs" / "tutorials").glob("*.md"), *(ROOT / "docs" / "how-to").glob("*.md"),
    *(ROOT / "docs" / "explanation").glob("*.md"),
    ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "events" / "README.md",
])  # fmt: skip
TUTORIALS = [page for page in PAGES if page.parent.name == "tutorials"]
NUMBER = re.compile(r"(?<![\w.])[+−-]?\d+\.\d+")
MOST_LEFT_OUT = 16
"""Blocks that may stand unrun: what needs a network, another computer or minutes, and sketches."""

NEEDS_MORE = {"cluster.md"}
"""Pages whose blocks need other computers: they are read and not run."""


def name(page):
    """The path of a page in the repository."""
    return str(page.relative_to(ROOT))


def slow(page):
    """A page with a slow part, as a parameter."""
    return pytest.param(page, id=name(page), marks=pytest.mark.slow)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty folder to work in, nothing of the user's, and a terminal of one width."""
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("EVENTSTUDY_CACHE", str(tmp_path / "downloads"))
    return work


def go(page, *, all_of_it):
    """Run a page, all of it or what is quick."""
    session = Session()
    blocks = blocks_of(page.read_text("utf-8"))
    for block, following in zip_longest(blocks, blocks[1:]):
        if block.left_out or page.name in NEEDS_MORE or (block.slow and not all_of_it):
            check_form(block)
        else:
            try:
                session.run(block, compared=getattr(following, "title", "") == "prints")
            except (Exception, SystemExit) as error:
                error.add_note(f"{name(page)}:{block.line}")
                raise


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_blocks_do_what_the_page_says(page, folder):
    """Files are written, commands and Python run, what is printed is compared; slow parts are read only."""
    go(page, all_of_it=False)


@pytest.mark.parametrize(
    "page",
    [slow(p) for p in PAGES if any(block.slow for block in blocks_of(p.read_text("utf-8")))],
)
def test_slow_blocks_do_what_the_page_says(page, folder):
    """The same pages from their first line to their last."""
    go(page, all_of_it=True)


@pytest.mark.parametrize("page", TUTORIALS, ids=name)
def test_numbers_in_sentences_of_a_tutorial_are_printed(page):
    """A number with decimals stands in a block of the page, where it is compared."""
    text = page.read_text("utf-8")
    shown = "\n".join(block.text for block in blocks_of(text))
    assert [each for each in NUMBER.findall(prose_of(text)) if each not in shown] == []


def test_few_blocks_are_left_out_and_each_says_why():
    """The others run, here or in the slow tests."""
    found = [block for page in PAGES for block in blocks_of(page.read_text("utf-8"))]
    left_out = [block for block in found if block.left_out]
    assert all(len(block.left_out) > 3 for block in left_out)
    assert len(left_out) <= MOST_LEFT_OUT
    assert len([block for block in found if block.language in RUNS]) > 3 * len(left_out)


@pytest.mark.parametrize(
    ("expected", "printed", "same"),
    [
        ("a 1.2\n", "a 1.2\n", True), ("a 1.2\n", "a 1.3\n", False), ("a …\n", "a 1.3\n", True),
        ("a\n…\nb\n", "a\nx\ny\nb\n", True), ("a\nb\n", "a\nx\nb\n", False), ("a\n", "a\nb\n", False),
    ],
)  # fmt: skip
def test_a_changed_number_is_seen(expected, printed, same):
    """Dots stand for what may differ; nothing else may."""
    assert matches(expected, printed) is same


def test_the_table_of_tests_is_backed_by_the_tables_below_it():
    """Each rate with decimals in "Which test when" stands in the section that its row links to."""
    page = (ROOT / "docs" / "explanation" / "which-test.md").read_text("utf-8")
    first, *others = page.split("\n## ")[1:]
    sections = {
        text.partition("\n")[0].lower().replace(",", "").replace(" ", "-"): text for text in others
    }
    rows = re.findall(r"^\| .+\(\[table\]\(#(.+?)\)\) \|$", first, re.MULTILINE)
    assert len(rows) > 4
    for line in first.splitlines():
        link = re.search(r"\[table\]\(#(.+?)\)", line)
        for number in re.findall(r"\d+\.\d+(?=%)", line):
            assert f" {number} (" in sections[link[1]], f"{number} of {link[1]}"
