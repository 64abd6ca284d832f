"""Every number that the page of a panel says in words, and the page in Chinese."""

import json
import re

import pandas as pd
import pytest

from eventstudy.document import NUMBERS, numbers_json, panel_document
from eventstudy.export import Wanted
from eventstudy.panel import Design, Inputs, run_panel, write_panel
from eventstudy.report.panel import PanelReport
from eventstudy.spec import Window
from tests.panel40_tables import tables, write_tables
from tests.printed import CELL, counted_again, read, stands_for
from tests.unit.test_panel_report import LOST, SPANS, words

CHINESE = "zh-Hans"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The folder that the command writes, with a Chinese page, and exports as JSON."""
    place = tmp_path_factory.mktemp("panel")
    _, _, events = tables()
    write_tables(place, events=pd.concat([events, LOST]).assign(size=range(44)))
    inputs = Inputs(place / "R.csv", place / "E.csv", f"{place}/M.csv")
    windows = (Window(0, 0), Window(-1, 1))
    design = Design(**SPANS, windows=windows, group="grp", regress=("size",), errors=("HC3",))
    result = run_panel(inputs, design)
    made = PanelReport(page=True, language=CHINESE, wanted=Wanted(("json",)))
    write_panel(
        result,
        place / "out",
        pages=made.pages(result),
        more=lambda fresh: made.write(result, fresh),
    )
    (place / "out" / "english.json").write_text(numbers_json(panel_document(result)), "utf-8")
    return place / "out"


@pytest.fixture(scope="module", params=[NUMBERS, "english.json"])
def texts(request, folder):
    return json.loads((folder / request.param).read_text("utf-8"))["texts"]


def test_every_number_of_a_panel_has_its_source(texts):
    numbers = [(number, each) for each in texts for number in each["numbers"]]
    assert len(numbers) > 50
    for number, each in numbers:
        assert number["printed"] in each["text"]
        assert number["source"], (number, each["text"])
        assert "results/" not in number["source"]


def test_every_cell_named_is_the_number_printed(texts, folder):
    files, checked = {}, 0
    for each in texts:
        for number in each["numbers"]:
            if found := CELL.fullmatch(number["source"]):
                file, row, column = found.groups()
                if file not in files:
                    files[file] = read(folder, file)
                assert stands_for(number, files[file][int(row) - 1][column]), (number, each)
                checked += 1
    assert checked > 15
    assert {"aggregate.csv", "mean_paths.csv", "statistics.csv"} <= set(files)


def test_what_a_panel_counts_is_counted_in_its_manifest(texts, folder):
    """Events given and studied, and rows of dropped.csv."""
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    found = {n["source"]: n["value"] for each in texts for n in each["numbers"]}
    assert found["manifest.json events"] == manifest["events"] == 44
    assert found["manifest.json studied market"] == manifest["studied"]["market"]
    assert found["rows of dropped.csv"] == len(read(folder, "dropped.csv"))
    counts = [n for each in texts for n in each["numbers"] if "rows" in n]
    assert all(counted_again(folder, n["rows"]) == n["value"] for n in counts)
    assert manifest["options"]["estimation"] == [-270, -21]


def test_the_exports_name_the_same_files(folder):
    text = (folder / "export" / "json" / "report.json").read_text("utf-8")
    assert "aggregate.csv row" in text
    assert "results/" not in text


def test_a_panel_in_chinese(folder):
    page = (folder / "report.html").read_text("utf-8")
    assert '<html lang="zh-Hans">' in page
    text = words(page)
    assert "摘要" in text
    assert re.findall(r"[a-z]{3,} [a-z]{2,} [a-z]{2,}", text) == []
    assert re.findall(r"\d中的\d", text) == []
    assert "16个中的" in text


def test_a_chinese_panel_has_the_numbers_of_the_english_one(folder):
    chinese, english = (
        json.loads((folder / name).read_text("utf-8"))["texts"]
        for name in (NUMBERS, "english.json")
    )
    for one, other in zip(chinese, english, strict=True):
        assert len(one["numbers"]) == len(other["numbers"]), (one["text"], other["text"])


def test_cars_of_a_panel_are_those_of_its_results_beside_its_own_columns(folder):
    table = pd.read_csv(folder / "export" / "cars.csv", dtype={"event_id": str})
    found = pd.read_csv(folder / "car.csv", dtype={"event_id": str})
    assert list(table.columns[:5]) == ["event_id", "asset", "day0", "event_date", "grp"]
    assert set(table["event_id"]) == set(found["event_id"])
    for row in found.itertuples():
        (mine,) = table[table["event_id"] == row.event_id].to_dict("records")
        name = f"{row.model}_{row.window_start}_{row.window_end}".replace("-", "m")
        assert (mine[f"car_{name}"], mine[f"se_{name}"]) == (row.car, row.std_error)
    given = pd.read_csv(folder.parent / "E.csv", dtype={"event_id": str}).set_index("event_id")
    assert [given["size"][row.event_id] for row in table.itertuples()] == list(table["size"])
    assert all(row.day0 >= row.event_date for row in table.itertuples())
