"""What stands in brackets beside an estimate: p or standard error, and stars, the same in every format."""

import csv
import re
from decimal import Decimal

import pytest

from eventstudy.cli import main
from eventstudy.document import Document, Filled, study_document
from eventstudy.document.brackets import bracketed
from eventstudy.export.drawings import Drawings
from eventstudy.export.grid import grid_of
from eventstudy.export.latex import write_latex
from eventstudy.export.markdown import write_markdown
from eventstudy.export.tabular import write_csv_tables
from eventstudy.export.word import write_word
from eventstudy.report.render import render_document
from eventstudy.spec import Presentation
from eventstudy.tables import Table
from tests.studies import result_of

CARS = "numbers-car-CSI300-SD2023"
PRINTED = re.compile(r"([+−]?\d+\.\d\d)(\**) ?\n?\(([<\d.]+)\)")


@pytest.fixture(scope="module")
def plain():
    return study_document(result_of("stamp-duty"))


def shown(plain, **wanted):
    return bracketed(plain, result_of("stamp-duty").frames, Presentation(**wanted))


def table_of(document, name) -> Table:
    return next(table for table in document.tables() if table.id == name)


def alone(document, *tables):
    """Return a document of nothing but some tables."""
    return Document(document.title, "", (), (Filled("section-one", "One", tables),))


def test_nothing_wanted_changes_nothing(plain):
    assert shown(plain) is plain


def times(value, scale):
    """Return a cell of the results in the unit of print, without an error of multiplication."""
    return float(Decimal(repr(value)) * scale)


@pytest.mark.parametrize(("brackets", "column"), [("p", "p_value"), ("se", "std_error")])
def test_brackets_hold_the_cell_of_the_results(plain, brackets, column):
    table = table_of(shown(plain, brackets=brackets), CARS)
    found = (
        result_of("stamp-duty").frames["car"].query("event_id == 'SD2023' and asset == 'CSI300'")
    )
    grid = grid_of(table)
    at = grid.names.index({"p": "car_p", "se": "car_se"}[brackets])
    scale = {"p": 1, "se": 100}[brackets]
    assert [row[at].value for row in grid.rows] == [times(v, scale) for v in found[column]]
    car = grid.names.index("car")
    assert [row[car].value for row in grid.rows] == [times(v, 100) for v in found["car"]]


@pytest.mark.parametrize("brackets", ["p", "se"])
def test_every_format_prints_the_csv_cell(plain, brackets, tmp_path):
    document = shown(plain, brackets=brackets, stars=(0.1, 0.05, 0.01))
    one = alone(document, table_of(document, CARS))
    for write in (write_latex, write_markdown, write_word, write_csv_tables):
        write(one, Drawings(), tmp_path)
    with (tmp_path / f"{CARS}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    tex = (tmp_path / f"{CARS}.tex").read_text("utf-8")
    tex = re.sub(
        r"\\begin\{tabular\}\[t\]\{@\{\}r@\{\}\}(.*?) \\\\ \{\\(?:scriptsize|tiny) (.*?)\}",
        r"\1 \2",
        tex,
    )
    tex = re.sub(r"\$\^\{(\**)\}\$", r"\1", tex).replace("$-$", "−").replace(r"\textless{}", "<")
    texts = [
        tex,
        (tmp_path / "report.md").read_text("utf-8").replace("\\", ""),
        re.sub("<[^>]+>", "", (tmp_path / "report.html").read_text("utf-8")).replace("&lt;", "<"),
        re.sub("<[^>]+>", "", render_document(one, static=True)).replace("&lt;", "<"),
    ]
    first, *others = [PRINTED.findall(text) for text in texts]
    assert all(other == first for other in others)
    for row, (car, stars, beside) in zip(rows, first, strict=True):
        assert float(car.replace("−", "-")) == round(float(row["car"]), 2)
        exact = float(row["car_p" if brackets == "p" else "car_se"])
        places = 3 if brackets == "p" else 2
        assert exact < 0.001 if beside == "<0.001" else float(beside) == round(exact, places)
        assert stars == row["car_stars"]


def test_stars_are_those_of_the_levels_that_the_user_sets(plain):
    found = (
        result_of("stamp-duty").frames["car"].query("event_id == 'SD2023' and asset == 'HSTECH'")
    )
    table = table_of(shown(plain, stars=(0.2, 0.4)), "numbers-car-HSTECH-SD2023")
    stars = [next(cell.stars for cell in row if cell.text[0] in "+−") for row in table.rows]
    assert stars == [("*" * ((p <= 0.2) + (p <= 0.4))) for p in found["p_value"]]
    assert {"", "*", "**"} == set(stars)
    assert table.notes[-1] == "p of an estimate: forecast t. * p ≤ 0.4, ** p ≤ 0.2."


def test_the_first_table_takes_the_p_of_its_verdict(plain):
    table = table_of(shown(plain, brackets="p"), "table-outcomes")
    assert "intervals" not in table.caption
    assert table.notes[-1] == "In round brackets: p."
    assert table.rows[0][4].detail == f"({table.rows[0][5].text})"
    second = table.rows[1][4].detail
    assert second == f"({table.rows[1][5].text}), days 0 to +1"


def test_what_is_not_known_keeps_its_interval(plain):
    """The days after a reaction of two days are no window of the study."""
    cells = table_of(shown(plain, brackets="se"), "table-outcomes").rows
    assert cells[0][6].detail == "(4.92)"
    assert cells[1][6].detail == table_of(plain, "table-outcomes").rows[1][6].detail


@pytest.mark.parametrize("options", [["--brackets", "t"], ["--stars", "5"], ["--stars", "a,b"]])
def test_the_command_says_what_is_allowed(options, tmp_path, capsys):
    for name in "RE":
        (tmp_path / f"{name}.csv").write_text("date,A\n")
    tables = ["--returns", f"{tmp_path}/R.csv", "--events", f"{tmp_path}/E.csv"]
    assert main(["panel", *tables, "--out", f"{tmp_path}/out", *options]) == 2
    assert "brackets hold p or se" in re.sub(r"\s+", " ", capsys.readouterr().err)
