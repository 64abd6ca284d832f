"""Reports are written whole or not at all, and never over what is not ours."""

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from eventstudy.errors import ReportError, SpecError
from eventstudy.export import Wanted
from eventstudy.report.build import build
from eventstudy.report.options import Options
from eventstudy.spec import load
from eventstudy.study import gather

STUDY = "format: 1\ntitle: A study\nassets: [CSI300]\nevents: [{id: A, title: T, announced: 2023-08-27}]\n"
LOST = STUDY.replace("2023-08-27", "2004-03-01")


@pytest.fixture
def console(tmp_path):
    with (tmp_path / "output.txt").open("w", encoding="utf-8") as file:
        yield Console(file=file, width=200)


def write(folder, name, text):
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_run_writes_pages_numbers_and_manifest(tmp_path, console):
    out = tmp_path / "out"
    study = write(tmp_path, "a.yaml", f"{STUDY}export: [md]\n")
    options = Options(wanted=Wanted(("csv",)))
    assert build([study], out, console=console, options=options) == 0
    assert {path.name for path in out.iterdir()} == {
        "a",
        "index.html",
        "made.json",
        "numbers.json",
    }
    assert {path.name for path in (out / "a" / "export").iterdir()} == {"cars.csv", "csv"}
    assert {path.name for path in (out / "a").iterdir()} == {
        "export",
        "index.html",
        "made.json",
        "manifest.json",
        "numbers.json",
        "results",
    }


def test_what_is_unchanged_is_not_made_again(tmp_path, console):
    """Not until a file of the report, what it was made from, or the user says so; then with the same bytes."""
    out, study = tmp_path / "out", write(tmp_path, "a.yaml", STUDY)
    page, index = out / "a" / "index.html", out / "index.html"
    words, written = [], []

    def again(**options):
        before = (page.stat().st_ino, index.stat().st_ino) if page.exists() else (0, 0)
        assert build([study], out, console=console, options=Options(**options)) == 0
        console.file.flush()
        output = (tmp_path / "output.txt").read_text(encoding="utf-8")
        words.append(re.findall(r"a\.yaml: (\w+)$", output, re.MULTILINE)[-1])
        written.append((page.stat().st_ino != before[0], index.stat().st_ino != before[1]))

    again()
    first = page.read_bytes()
    again()
    page.write_bytes(first.replace(b"A study", b"My study"))
    again()
    assert page.read_bytes() == first
    again(force=True)
    assert page.read_bytes() == first
    study.write_text(STUDY.replace("A study", "Another"), encoding="utf-8")
    again()
    assert words == ["done", "unchanged", "done", "done", "done"]
    assert written == [(True, True), (False, False), (True, False), (True, True), (True, True)]


def test_every_cause_of_a_result_is_in_its_fingerprint(tmp_path):
    """The study, its prices, where they come from, what they are held against, events of other files."""
    other = write(tmp_path, "b.yaml", STUDY.replace("id: A", "id: B"))
    file = load(write(tmp_path, "a.yaml", f"{STUDY}away_from: [b.yaml]\n"))
    inputs = gather(file)
    values = {name: field.copy() for name, field in inputs.prices.values.items()}
    values["close"] *= 1.0001
    series = replace(inputs.prices.series[0], note="n")
    other.write_text(STUDY.replace("id: A", "id: C"), encoding="utf-8")
    found = [
        inputs,
        gather(file),
        replace(inputs, prices=replace(inputs.prices, values=values)),
        replace(inputs, prices=replace(inputs.prices, series=(series, *inputs.prices.series[1:]))),
        replace(inputs, study=inputs.study.model_copy(update={"seed": 7})),
        replace(inputs, beside=("no second source",)),
    ]
    assert len({each.fingerprint() for each in found}) == len(found)
    assert replace(inputs).fingerprint() == inputs.fingerprint()


def test_one_failure_stops_no_other_and_leaves_the_old_report(tmp_path, console):
    out, good = tmp_path / "out", write(tmp_path, "a.yaml", STUDY)
    build([good], out, console=console)
    before = (out / "a" / "index.html").read_bytes()
    write(tmp_path, "a.yaml", LOST)
    bad = write(tmp_path, "b.yaml", "format: 2\n")
    assert build([bad, good, write(tmp_path, "c.yaml", STUDY)], out, console=console) == 3
    assert (out / "a" / "index.html").read_bytes() == before
    assert (out / "c" / "index.html").exists()
    assert not (out / "b").exists()


def test_two_files_of_one_stem_are_refused_before_anything_runs(tmp_path, console):
    files = [write(tmp_path / name, "a.yaml", STUDY) for name in ("x", "y")]
    with pytest.raises(SpecError, match="shared-stem"):
        build(files, tmp_path / "out", console=console)
    assert not (tmp_path / "out").exists()


def test_what_is_not_ours_is_not_overwritten(tmp_path, console):
    out, study = tmp_path / "out", write(tmp_path, "a.yaml", STUDY)
    write(out, "index.html", "precious")
    with pytest.raises(ReportError, match="was not written by this program"):
        build([study], out, console=console)
    assert (out / "index.html").read_text(encoding="utf-8") == "precious"
    (out / "index.html").unlink()
    write(out, "numbers.json", "precious")
    with pytest.raises(ReportError, match="not written by this program"):
        build([study], out, console=console)
    (out / "numbers.json").unlink()
    mine = write(out / "a", "mine.txt", "precious")
    assert build([study], out, console=console) == 2
    assert mine.read_text(encoding="utf-8") == "precious"


def test_a_run_without_any_result_writes_no_page(tmp_path, console):
    out = tmp_path / "out"
    assert build([write(tmp_path, "a.yaml", LOST)], out, console=console) == 3
    assert list(out.iterdir()) == []


def test_a_report_left_aside_by_a_killed_run_comes_back(tmp_path, console):
    out = tmp_path / "out"
    build([write(tmp_path, "a.yaml", STUDY)], out, console=console)
    page = (out / "a" / "index.html").read_bytes()
    shutil.move(out / "a", out / ".a.old")
    assert build([write(tmp_path, "b.yaml", STUDY)], out, console=console) == 0
    assert (out / "a" / "index.html").read_bytes() == page
    assert "a/index.html" in (out / "index.html").read_text(encoding="utf-8")


def test_a_place_that_cannot_be_made(tmp_path, console):
    with pytest.raises(ReportError, match="cannot be made"):
        build(
            [write(tmp_path, "a.yaml", STUDY)], Path(write(tmp_path, "file", "x")), console=console
        )
