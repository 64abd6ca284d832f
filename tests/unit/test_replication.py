"""Published results: every number computed anew, and held against the ledger of the documentation."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from eventstudy.alignment import align
from eventstudy.cli import main
from eventstudy.errors import UnknownNameError
from eventstudy.registry import plugins
from eventstudy.replication import RESULTS, Entry, Row, names, quick, replicate
from eventstudy.replication.page import ledger_document
from eventstudy.replication.results import large_moves, press_figures
from eventstudy.replication.results._simulated import Cell, apart, off, rates
from eventstudy.replication.results._snapshot import days
from eventstudy.simulate import Simulation
from eventstudy.spec import Choice, Window, load

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def entries():
    """Everything but what draws random samples."""
    return list(replicate(quick()))


@pytest.fixture(scope="module")
def builder():
    path = ROOT / "docs" / "build_replications.py"
    spec = importlib.util.spec_from_file_location("build_replications", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_ledger_is_what_comes_out(entries, builder):
    """Every row of docs/replications: theirs, ours, the difference and the grade."""
    written = builder.parts(builder.LEDGER.read_text(encoding="utf-8"))
    recomputed = builder.parts(builder.page(entries))
    assert set(written) == {result.title for result in plugins(RESULTS).values()}
    assert {title: written[title] for title in recomputed} == recomputed


@pytest.mark.slow
def test_the_ledger_with_its_simulations_is_what_comes_out(entries, builder):
    known = {entry.result.name: entry for entry in entries}
    everything = [known.get(name) or next(replicate([name])) for name in names()]
    assert builder.LEDGER.read_text(encoding="utf-8") == builder.page(everything)
    assert failing(everything) == {"press_figures", "brown_warner"}
    (sign,) = [
        row
        for entry in everything
        if entry.result.name == "brown_warner"
        for row in entry.rows
        if row.grade == "fails"
    ]
    assert "N = 5" in sign.what
    assert "generalised sign" in sign.what


def failing(entries):
    return {entry.result.name for entry in entries if entry.grade == "fails"}


def test_a_number_that_fails_has_its_reason(entries):
    assert failing(entries) == {"press_figures"}
    for entry in entries:
        assert entry.grade == "exact" or entry.result.difference or entry.missing


def test_days_of_large_moves_lie_apart_from_the_events_of_the_catalogue():
    study = load(ROOT / "events" / "all-policy.yaml").study
    aligned = align(study)
    sessions = aligned.session[:, aligned.calendars.index("XSHG")]
    last = days("CSI300").dates[-1]
    assert large_moves.EVENTS.split() == sorted(str(day) for day in sessions if day <= last)


def test_rates_of_a_simulation_by_cell():
    """An effect of 50 per cent is always found; four standard errors by hand."""
    design = Simulation(
        format=1,
        title="rates",
        samples=10,
        estimation=Window(-40, -2),
        statistics=(Choice(name="patell", label="patell", options={}),),
        events=(5,),
        effect=(0.0, 50.0),
    )
    found = rates(design)
    assert found[Cell("patell", "two-sided", 5, effect=50.0)] == 1.0
    assert found[Cell("patell", "two-sided", 5)] < 1.0
    assert off(0.05, 2000) == pytest.approx(4 * 0.0048734, abs=1e-6)
    assert apart(1.0, 0.998, 1000) == pytest.approx(4 * 0.0014135, abs=1e-6)


def test_a_simulation_is_announced(capsys, monkeypatch):
    known = plugins(RESULTS)["brown_warner"]
    monkeypatch.setattr(known, "needs", ("no_such_package",))
    assert main(["replicate", "brown_warner"]) == 3
    printed = capsys.readouterr()
    assert "brown_warner draws its samples" in printed.err
    assert "not installed: no_such_package" in printed.out


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
    assert "Not possible here, for their data are not installed: 1." in document.design[0]


def test_the_grade_of_a_result_is_its_worst():
    rows = (Row("a", 1, 1, 0), Row("b", 1, 1.4, 1, 0.5))
    assert Entry(plugins(RESULTS)["longley"], rows).grade == "close"


def test_a_name_that_nobody_knows():
    with pytest.raises(UnknownNameError, match="did you mean 'longley'"):
        list(replicate(["longly"]))


def test_a_name_that_stands_twice_is_recomputed_once():
    assert [entry.result.name for entry in replicate(["longley", "longley"])] == ["longley"]


def test_a_folder_for_the_page_is_refused_before_anything_is_computed(
    capsys, tmp_path, monkeypatch
):
    monkeypatch.setattr("eventstudy.replication.replicate", None)
    assert main(["replicate", "--out", str(tmp_path)]) == 2
    assert "is a folder; name a file in it" in capsys.readouterr().err
    assert main(["replicate", "--out", ""]) == 2
    assert "such as ledger.html" in capsys.readouterr().err


def test_more_than_200_billion_may_be_exceeded_but_not_missed():
    grades = {net: press_figures._left("then", net).grade for net in (-190, -199, -223, -230)}
    assert grades == {-190: "fails", -199: "fails", -223: "close", -230: "fails"}


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
