"""Published results: every number computed anew, and held against the ledger of the documentation."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from eventstudy.cli import main
from eventstudy.errors import UnknownNameError
from eventstudy.registry import plugins
from eventstudy.replication import RESULTS, Entry, Row, replicate
from eventstudy.replication.page import ledger_document

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def entries():
    return list(replicate())


def test_the_ledger_is_what_comes_out(entries):
    """Every row of docs/replications: theirs, ours, the difference and the grade."""
    path = ROOT / "docs" / "build_replications.py"
    spec = importlib.util.spec_from_file_location("build_replications", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.LEDGER.read_text(encoding="utf-8") == module.page(entries)


def test_a_number_that_fails_has_its_reason(entries):
    assert {entry.result.name for entry in entries if entry.grade == "fails"} == {"press_figures"}
    for entry in entries:
        assert entry.grade == "exact" or entry.result.difference or entry.missing


def test_what_every_result_says_of_itself():
    for name, result in plugins(RESULTS).items():
        assert result.__module__ == f"{RESULTS}.{name}"
        for text in (
            result.title,
            result.cite,
            result.source,
            result.design,
            result.data,
            result.tolerance,
        ):
            assert text.strip() == text != "", name


@pytest.mark.parametrize(
    ("expected", "found", "places", "tolerance", "grade"),
    [
        (-3.833, -3.83349, 3, 0.0, "exact"),
        (-3.833, -3.83351, 3, 0.0, "fails"),
        (-3.833, -3.83351, 3, 0.001, "close"),
        (863, 863.0, 0, 0.0, "exact"),
        (863, 864.0, 0, 0.0, "fails"),
        (0.05, float("nan"), 2, 1.0, "fails"),
    ],
)
def test_grades(expected, found, places, tolerance, grade):
    assert Row("a number", expected, found, places, tolerance).grade == grade


def test_a_result_without_its_data_is_listed(monkeypatch, entries):
    """The data of a package that is not installed: not possible, with the package's name."""
    known = plugins(RESULTS)["antidumping"]
    monkeypatch.setattr(known, "needs", ("no_such_package", "no_such.inner"))
    (entry,) = replicate(["antidumping"])
    assert (entry.grade, entry.missing) == ("not possible", ("no_such_package", "no_such.inner"))
    document = ledger_document([entry, *entries])
    assert "not possible" in document.design[0]


def test_the_grade_of_a_result_is_its_worst():
    rows = (Row("a", 1, 1, 0), Row("b", 1, 1.4, 1, 0.5))
    assert Entry(plugins(RESULTS)["longley"], rows).grade == "close"


def test_a_name_that_nobody_knows():
    with pytest.raises(UnknownNameError, match="did you mean 'longley'"):
        list(replicate(["longly"]))


def test_command(capsys, tmp_path):
    page = tmp_path / "new" / "ledger.html"
    assert main(["replicate", "darwin_maize", "--out", str(page)]) == 0
    said = capsys.readouterr().out
    assert "863" in said
    assert "0.0412597656" in said
    text = page.read_text(encoding="utf-8")
    assert "Fisher (1935)" in text
    assert "32,768" in text


def test_the_command_says_why_a_number_fails(capsys):
    assert main(["replicate", "press_figures"]) == 0
    assert "Why: 17 May 2022 closed up" in capsys.readouterr().out
