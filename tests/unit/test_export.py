"""Exports read back by other programs: every cell, its value and its print."""

import csv
import json
import re
import struct
import subprocess
import xml.etree.ElementTree as ET
import zipfile
from dataclasses import replace
from decimal import Decimal
from html.parser import HTMLParser
from itertools import zip_longest
from shutil import which

import pandas as pd
import pyarrow.parquet as pq
import pytest
from python_calamine import CalamineWorkbook
from statsmodels.formula.api import ols

from eventstudy import formats
from eventstudy.charts.drawing import converter
from eventstudy.document import Document, Filled, study_document
from eventstudy.document.blocks import Figure
from eventstudy.errors import OptionError, ReportError, UnknownNameError
from eventstudy.export import FORMATS, Wanted, browser, chosen, print_page, write_exports
from eventstudy.export.drawings import Drawings, write_figures
from eventstudy.export.excel import number_format
from eventstudy.export.grid import filled, grid_of
from eventstudy.export.latex import latex_table
from eventstudy.export.letters import escape
from eventstudy.export.names import names_of
from eventstudy.export.outline import Exhibit
from eventstudy.export.pdforder import in_order
from eventstudy.tables import Cell, Column, Table, number, words
from tests.latex_faults import faults
from tests.printed import by_excel, by_hand
from tests.studies import result_of

MINUS = "−"
TIMES = "\N{MULTIPLICATION SIGN}"
HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "</td><script>alert(1)</script>", r"\input{/etc/passwd}"]
HOSTILE += ["a & b | c _d_ #e $f% {g} ~h ^i <j> \"k\" 'l' `m`", "多行\nطويل", "*x* [y](z)", "[3pt]"]


class Stub(Drawings):
    """Figures that cost nothing: other tests look at the real ones."""

    def usual(self, _figure):
        return "single"

    def svg(self, _figure, _width=""):
        return "<svg/>"

    def pdf(self, _figure, _width=""):
        return b"%PDF"

    def png(self, _figure, _width=""):
        return b"\x89PNG"


@pytest.fixture(scope="module")
def document():
    """The report of a study, and a table of what may not be taken for a command."""
    whole = study_document(result_of("stamp-duty"))
    rows = tuple((words(text, detail=text), number(1.0, formats.number(1.0))) for text in HOSTILE)
    table = Table("hostile", HOSTILE[0], (Column(HOSTILE[0]), Column(HOSTILE[4])), rows)
    more = Filled("section-hostile", HOSTILE[4], (table,))
    return Document(HOSTILE[0], whole.question, whole.design, (*whole.sections, more))


@pytest.fixture(scope="module")
def folder(document, tmp_path_factory):
    """All formats but the figures."""
    target = tmp_path_factory.mktemp("export")
    for name, write in FORMATS.items():
        if name != "figures":
            (target / name).mkdir()
            write(document, Stub(), target / name)
    return target


def as_printed(value, text):
    """Write a value anew in the style of a printed text: its decimals, its sign, its unit."""
    if not isinstance(value, float):
        return value
    style = re.fullmatch(rf"([+{MINUS}]?)([\d,]+)(?:\.(\d+))?([%{TIMES}]?)", text)
    if style is None:
        return text if not text.startswith("<") or value < float(text[1:]) else value
    decimals = len(style[3] or "")
    shown = by_hand(f"{abs(Decimal(repr(value)) * (100 if style[4] == '%' else 1))}", decimals)
    sign = MINUS if value < 0 else "+" if style[1] == "+" else ""
    return f"{sign if shown.strip('0.,') else ''}{shown}{style[4]}"


def as_date(value, text):
    return formats.day(value) if re.fullmatch(r"\d{4}-\d\d-\d\d", str(value)) else value


def test_every_number_of_a_table_formats_to_what_is_printed(document):
    seen = 0
    for table in document.tables():
        for row in grid_of(table).rows:
            for entry in row:
                if isinstance(entry.value, float):
                    seen += 1
                    assert as_printed(entry.value, entry.text) == entry.text, table.id
                elif entry.value is not None:
                    assert entry.text in {entry.value, as_date(entry.value, entry.text)}, table.id
                else:
                    assert entry.text in {"", formats.NOTHING}, table.id
    assert seen > 5_000


def test_numbers_beside_a_number_have_columns_of_their_own(document):
    grid = grid_of(next(iter(document.tables())))
    at = next(i for i, title in enumerate(grid.columns) if title.startswith("CAR,"))
    car = result_of("stamp-duty").frames["verdicts"].iloc[0]
    assert [grid.rows[0][at + i].value for i in range(3)] == [
        float(Decimal(repr(float(car[name]))) * 100) for name in ("car", "car_low", "car_high")
    ]
    assert [title.rpartition(", ")[2] for title in grid.columns[at + 1 : at + 3]] == ["low", "high"]
    assert len(grid.columns) == len(set(grid.columns))


def test_csv_has_every_value_before_it_is_rounded(document, folder):
    for table in document.tables():
        grid = grid_of(table)
        with (folder / "csv" / f"{table.id}.csv").open(encoding="utf-8", newline="") as file:
            head, *rows = csv.reader(file)
        assert tuple(head) == grid.names
        for got, row in zip(rows, grid.rows, strict=True):
            for cell, entry in zip(got, row, strict=True):
                value = float(cell) if isinstance(entry.value, float) else cell or None
                assert value == entry.value
    with (folder / "csv" / "contents.csv").open(encoding="utf-8", newline="") as file:
        listed = list(csv.DictReader(file))
    assert [line["file"] for line in listed] == [f"{t.id}.csv" for t in document.tables()]
    assert listed[0]["notes"].split("\n") == list(next(iter(document.tables())).notes)


def test_columns_have_names_for_code(document, folder):
    """Each once in its table, the same in every language, and listed with what is printed above them."""
    tables = list(document.tables())
    for table in tables:
        names = grid_of(table).names
        assert len(set(names)) == len(names)
        assert all(re.fullmatch("[^\\W\\dA-Z][^\\WA-Z]*", name) for name in names), names
    listed = pd.read_csv(folder / "csv" / "columns.csv")
    first = listed[listed["file"] == f"{tables[0].id}.csv"]
    assert tuple(first["column"]) == grid_of(tables[0]).names
    assert tuple(first["heading"]) == grid_of(tables[0]).columns
    assert grid_of(tables[0]).names[-4:] == (
        "car_days_1_to_5_or_days_2_to_6",
        "car_days_1_to_5_or_days_2_to_6_low",
        "car_days_1_to_5_or_days_2_to_6_high",
        "car_days_1_to_5_or_days_2_to_6_p",
    )
    content = json.loads((folder / "json" / "report.json").read_text(encoding="utf-8"))
    shown = [piece for piece in content["pieces"] if piece["kind"] == "table"]
    for piece in shown:
        assert len({column["name"] for column in piece["columns"]}) == len(piece["columns"])


def test_names_do_not_hang_on_the_language():
    result = result_of("regulator-statements")
    report = result.study.report.model_copy(update={"language": "zh-Hans"})
    chinese = replace(result, study=result.study.model_copy(update={"report": report}))
    english = study_document(result)
    told = study_document(chinese).named_as(english)
    for mine, other in zip(english.tables(), told.tables(), strict=True):
        assert grid_of(mine).names == grid_of(other, told.headings[other.id]).names
        assert mine.id == other.id


@pytest.mark.parametrize(
    ("headings", "endings", "names"),
    [
        (["n", "Drift", "p", "Back", "p"], [(i, "") for i in range(5)], "n drift p back back_p"),
        (["CAR", "p"], [(0, ""), (0, "low"), (0, "p"), (1, "")], "car car_low car_p p"),
        (["p", "p"], [(0, ""), (1, "")], "p p_2"),
        (["−5 %", "恒生 指数", "?"], [(0, ""), (1, ""), (2, "")], "m5_pct 恒生_指数 x_"),
    ],
)
def test_a_name_that_stands_twice_says_of_what(headings, endings, names):
    assert list(dict.fromkeys(names_of(headings, endings))) == names.split()


def test_parquet_has_the_columns_of_the_csv(document, folder):
    for table in document.tables():
        grid = grid_of(table)
        content = pq.read_table(folder / "parquet" / f"{table.id}.parquet")
        assert tuple(content.column_names) == grid.names
        heads = [field.metadata[b"heading"].decode() for field in content.schema]
        assert tuple(heads) == grid.columns
        for at, column in enumerate(content.columns):
            entries = [row[at].value for row in grid.rows]
            if all(isinstance(value, float | None) for value in entries):
                assert column.to_pylist() == entries
            else:
                assert [c for c in column.to_pylist() if c] == [
                    v if isinstance(v, str) else f"{v:.17g}" for v in entries if v is not None
                ] or any(isinstance(v, float) for v in entries)
        assert json.loads(content.schema.metadata[b"notes"]) == list(table.notes)


def test_json_has_value_and_print_of_every_cell(document, folder):
    content = json.loads((folder / "json" / "report.json").read_text(encoding="utf-8"))
    found = [piece for piece in content["pieces"] if piece["kind"] == "table"]
    for got, table in zip(found, document.tables(), strict=True):
        assert (got["id"], got["notes"]) == (table.id, list(table.notes))
        for cells, row in zip(got["rows"], table.rows, strict=True):
            assert [cell["text"] for cell in cells] == [cell.text for cell in row]
            assert [cell.get("detail", "") for cell in cells] == [cell.detail for cell in row]
            for cell, mine in zip(cells, row, strict=True):
                known = isinstance(mine.value, str) or mine.value == mine.value
                assert cell.get("value") == (mine.value if known else None)


SPREADSHEET = {"s": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


def excel_prints(value, code):
    """What Excel prints for a number and one of the formats that we write."""
    sections = code.split(";")
    negative, zero = value < 0 and len(sections) > 1, value == 0 and len(sections) > 2
    section = sections[2 if zero else 1 if negative else 0]
    literal = "".join(re.findall(r'"([^"]*)"', section))
    rest = re.sub(r'"[^"]*"', "", section)
    if not rest:
        return literal
    decimals = len(rest.partition(".")[2].rstrip("%"))
    shown = by_excel(abs(Decimal(repr(value)) * (100 if rest.endswith("%") else 1)), decimals)
    sign = MINUS if MINUS in literal else rest[0] if rest[0] == "+" else ""
    return f"{sign}{shown}{rest[-1] if rest[-1] == '%' else literal.strip(MINUS)}"


def test_excel_has_numbers_that_print_as_the_page(document, folder):
    path = folder / "xlsx" / "tables.xlsx"
    book = CalamineWorkbook.from_path(str(path))
    tables = list(document.tables())
    assert len(book.sheet_names) == len(tables) + 1
    for name, table in zip(book.sheet_names[1:], tables, strict=True):
        grid = grid_of(table)
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        assert tuple(rows[3][: len(grid.columns)]) == grid.columns
        for got, row in zip(rows[4:], grid.rows, strict=False):
            for cell, entry in zip_longest(got[: len(row)], row):
                if isinstance(entry.value, float):
                    assert cell == pytest.approx(entry.value, rel=1e-15, abs=0)
                    code = number_format(entry.text, entry.value)
                    assert excel_prints(entry.value, code) == entry.text
                elif hasattr(cell, "isoformat"):
                    assert cell.isoformat()[:10] == entry.value
                else:
                    assert cell == entry.text
        below = [row[0] for row in rows[5 + len(grid.rows) :]]
        assert below == [re.sub("\r", "", note) for note in table.notes]


def test_excel_holds_no_formula_and_freezes_the_heading(folder):
    with zipfile.ZipFile(folder / "xlsx" / "tables.xlsx") as book:
        sheets = [name for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
        roots = [ET.fromstring(book.read(name)) for name in sheets]  # noqa: S314 - our own file
    assert [root.find(".//s:f", SPREADSHEET) for root in roots] == [None] * len(sheets)
    panes = [root.find(".//s:pane", SPREADSHEET) for root in roots]
    assert (
        sum(pane is not None and pane.get("state") == "frozen" for pane in panes) == len(panes) - 1
    )


def test_the_same_tables_give_the_same_bytes(document, tmp_path):
    few = Document(document.title, "", (), document.sections[-1:])
    for name in ("a", "b"):
        write_exports(few, tmp_path / name, [name for name in FORMATS if name != "figures"])
    first, second = (
        {
            path.relative_to(tmp_path / name): path.read_bytes()
            for path in (tmp_path / name).rglob("*.*")
        }
        for name in ("a", "b")
    )
    assert first == second
    assert len(first) > 8


class Rows(HTMLParser):
    """The words of every cell, row by row; and what a page may not have."""

    def __init__(self):
        super().__init__()
        self.tables, self.tags, self._open = [], set(), False

    def handle_starttag(self, tag, _attrs):
        self.tags.add(tag)
        self._open = tag in {"th", "td"} or (self._open and tag in {"b", "span"})
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in {"th", "td"}:
            self.tables[-1][-1].append("")

    def handle_endtag(self, tag):
        if tag in {"th", "td", "table"}:
            self._open = False

    def handle_data(self, data):
        if self._open:
            self.tables[-1][-1][-1] += data


def joined(cell):
    return f"{cell.text} {cell.detail}" if cell.detail else cell.text


def test_word_opens_plain_tables(document, folder):
    page = Rows()
    page.feed((folder / "docx-html" / "report.html").read_text(encoding="utf-8"))
    for rows, table in zip(page.tables, document.tables(), strict=True):
        assert rows[0] == [column.title for column in table.columns]
        assert rows[1:] == [list(map(joined, row)) for row in table.rows]
    assert not page.tags & {"script", "iframe", "link", "form", "details", "svg"}


def test_markdown_prints_every_cell(document, folder):
    lines = (folder / "md" / "report.md").read_text(encoding="utf-8").splitlines()
    piped = [line for line in lines if re.match(r"\| (?!---)", line)]
    expected = []
    for table in document.tables():
        expected.append([column.title for column in table.columns])
        blanks = ([""] * (len(table.columns) - len(row)) for row in table.rows)
        expected += [
            blank + list(map(joined, row)) for blank, row in zip(blanks, table.rows, strict=True)
        ]
    for line, cells in zip(piped, expected, strict=True):
        got = [part.strip() for part in re.split(r"(?<!\\)\|", line)[1:-1]]
        assert list(map(unmarked, got)) == [" ".join(cell.split("\n")).strip() for cell in cells]


def unmarked(text):
    bold = re.sub(r"(?<!\\)\*\*", "", text)
    return re.sub(r"\\([\\`*_{}\[\]<>#|~$+-])", r"\1", bold).replace("&amp;", "&")


def test_latex_prints_every_cell(document, folder):
    whole = (folder / "tex" / "tables.tex").read_text(encoding="utf-8")
    for table in document.tables():
        text = (folder / "tex" / f"{table.id}.tex").read_text(encoding="utf-8")
        assert rf"\input{{{table.id}.tex}}" in whole
        assert all(f"\\{rule}" in text for rule in ("toprule", "midrule", "bottomrule"))
        assert text.count("{") == text.count("}")
        lines = re.sub(r"\} \\\\ \{\\(?:scriptsize|tiny) ", " ", text)
        for row in filled(table):
            for cell in row:
                assert escape(cell.text) in text
                assert escape(cell.detail) in lines
        assert all(escape(note) in text for note in table.notes)
    names = [figure.id for figure in document.figures()]
    assert re.findall(r"\\includegraphics\[width=3.5in\]\{(.*)\.pdf\}", whole) == names


def test_latex_has_the_numbers_of_the_report(document, folder):
    """Of the exhibits that the report numbers; the others count from A1, tables and figures apart."""
    whole = (folder / "tex" / "tables.tex").read_text(encoding="utf-8")
    said = re.findall(
        r"\\renewcommand\{\\the(table|figure)\}\{(A?)(\d+)\}\n(?:\\input\{|(?:.*\n){2}\\includegraphics.*\{)(.*)\.",
        whole,
    )
    assert len(said) == len([*document.tables(), *document.figures()])
    for kind, appendix, at, name in said:
        number_ = document.numbered.get(name, "")
        assert bool(appendix) != bool(number_), name
        assert appendix or number_ == f"{kind.capitalize()} {at}."
    for kind in ("table", "figure"):
        rest = [int(at) for found, appendix, at, _ in said if found == kind and appendix]
        assert rest == list(range(1, len(rest) + 1))


def test_a_printed_table_speaks_of_type_and_not_of_colour():
    table = Table("t", "T", (Column("A"),), ((words("a"),),), caption="In grey x; in grey y")
    text = latex_table(table, Exhibit(table, "Table 1.", "T", ""))
    assert "In small type x; in small type y" in text


def _latex_of(rows, notes=()):
    """A table of words in LaTeX, in two columns."""
    columns = (Column("Name"), Column("What"))
    table = Table("t", "T", columns, rows, notes=notes)
    return latex_table(table, Exhibit(table, "Table 1.", "T", ""))


@pytest.mark.parametrize(
    ("rows", "notes", "long"),
    [
        ((words("a"), words("b")), (), False),
        # 10 rows of 200 letters in lines of 34: some 70 lines of 12 points
        ((words("a"), words("word " * 40)), (), True),
        ((words("a"), words("b", detail="word " * 40)), (), True),
        ((words("a"), words("b")), ("word " * 1200,), True),
    ],
)
def test_latex_goes_over_pages_where_one_is_too_low(rows, notes, long):
    text = _latex_of((rows,) * 10, notes)
    assert (r"\begin{longtable}" in text) == long
    assert (r"\begin{tabular}{@{}l" in text) != long
    assert r"\begin{longtable}" in _latex_of(((words("a"), words("b")),) * 50)


@pytest.mark.slow
@pytest.mark.skipif(not (which("pdflatex") and which("pdftotext")), reason="no TeX here")
def test_every_row_of_the_tables_is_on_the_paper(document, folder, tmp_path):
    for file in (folder / "tex").glob("*.tex"):
        text = re.sub(r"[^\x00-\u2e7f]", "?", file.read_text(encoding="utf-8"))
        text = re.sub(r"\\includegraphics\[.*?\]\{.*?\}|.usepackage\{xeCJK\}.*", "", text)
        (tmp_path / file.name).write_text(text, encoding="utf-8")
    for _ in range(2):
        command = ["pdflatex", "-interaction=nonstopmode", "tables.tex"]
        said = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).stdout
        assert rb"Overfull \vbox" not in said
    printed = subprocess.run(
        ["pdftotext", "tables.pdf", "-"], cwd=tmp_path, capture_output=True, check=False
    )
    held = set(re.findall(r"[A-Za-z]{5,}", printed.stdout.decode()))
    for table in document.tables():
        if table.id != "hostile":
            cells = [row[0] for row in table.rows if len(row) == len(table.columns)]
            first = {word for cell in cells for word in re.findall(r"[A-Za-z]{5,}", cell.text)}
            assert first <= held, table.id


def test_latex_has_no_fault_of_syntax(folder):
    files = sorted((folder / "tex").glob("*.tex"))
    assert len(files) > 40
    for file in files:
        text = file.read_text(encoding="utf-8")
        assert faults(text) == [], file.name
        foreign = re.search("[^\\x00-\\u00ff]", text)
        assert not foreign or file.stem == "hostile", file.name


def test_latex_escapes_what_it_would_obey():
    assert escape("5% of $1 & {a_b} #2 ~^\\") == (
        r"5\% of \$1 \& \{a\_b\} \#2 \textasciitilde{}\textasciicircum{}\textbackslash{}"
    )
    assert escape("−1.2 [−3, 4]\n\x00– x") == "$-$1.2 [$-$3, 4] -- x"


@pytest.fixture(scope="module")
def drawn(document, tmp_path_factory):
    """A figure as wide as the page, and a small one, each drawn by two who share nothing."""
    figures = list(document.figures())
    pair = (figures[0], figures[4])
    few = Document("", "", (), (Filled("s", "S", pair),))
    folders = [tmp_path_factory.mktemp("figures") for _ in range(2)]
    for target in folders:
        write_figures(few, Drawings(), target)
    return (*folders, [figure.id for figure in pair])


def test_figures_have_the_widths_of_columns(drawn):
    target, again, (wide, small) = drawn
    widths = {"double": 7.0, "single": 3.5}
    names = {
        f"{name}-{width}": inches for name in (wide, small) for width, inches in widths.items()
    }
    assert {path.stem for path in target.iterdir()} == set(names)
    for name, inches in names.items():
        svg = (target / f"{name}.svg").read_text(encoding="utf-8")
        root = ET.fromstring(svg)  # noqa: S314 - our own file
        assert root.get("width") == f"{inches:g}in"
        assert "<text" in svg
        assert 'fill="white"' in svg
        points = 72 * inches / float(root.get("viewBox").split()[2])
        sizes = [float(size) for size in re.findall(r'font-size="([\d.]+)px"', svg)]
        assert min(sizes) * points >= 7
        png = (target / f"{name}.png").read_bytes()
        assert struct.unpack(">I", png[16:20])[0] == pytest.approx(300 * inches, abs=1)
        at = png.index(b"pHYs") + 4
        assert struct.unpack(">IIB", png[at : at + 9]) == (11811, 11811, 1)
        box = re.search(rb"/MediaBox \[0 0 ([\d.]+) ", (target / f"{name}.pdf").read_bytes())
        assert float(box[1]) == pytest.approx(72 * inches, abs=0.5)
        for kind in ("svg", "png"):
            file = f"{name}.{kind}"
            assert (target / file).read_bytes() == (again / file).read_bytes()
        assert b"/FontFile2" in (target / f"{name}.pdf").read_bytes()


def test_cars_are_those_of_the_results_and_a_regression_runs(tmp_path):
    result = result_of("stamp-duty")
    few = Document("", "", (), ())
    write_exports(few, tmp_path, ["csv"], result=result)
    table = pd.read_csv(tmp_path / "export" / "cars.csv")
    assert len(table) == len(result.frames["car"][["event_id", "asset"]].drop_duplicates())
    for row in result.frames["car"].itertuples():
        mine = table[(table["event_id"] == row.event_id) & (table["asset"] == row.asset)].iloc[0]
        name = "_".join(
            f"{'m' if day < 0 else ''}{abs(day)}" for day in (row.window_start, row.window_end)
        )
        assert mine[f"car_{row.model}_{name}"] == row.car
        assert mine[f"se_{row.model}_{name}"] == row.std_error
    days = result.frames["day0"].set_index(["event_id", "asset"])["session"]
    assert [days[row.event_id, row.asset] for row in table.itertuples()] == list(table["day0"])
    fit = ols("car_constant_mean_0_0 ~ expected_sign + C(asset)", data=table).fit()
    assert fit.nobs == len(table)
    assert fit.params.notna().all()
    means = result.frames["aggregate"].query("model == 'constant_mean' and window_start == 0")
    for row in means.query("group == 'stamp_duty' and window_end == 0 and n > 1").itertuples():
        mine = table[(table["category"] == row.group) & (table["asset"] == row.asset)]
        fit = ols("car_constant_mean_0_0 ~ 1", data=mine).fit()
        assert fit.nobs == row.n
        assert fit.params["Intercept"] == pytest.approx(row.mean, rel=1e-12)
        assert fit.bse["Intercept"] == pytest.approx(row.std_error, rel=1e-12)


def test_names_of_formats():
    assert chosen("tex, XLSX,tex,") == ("tex", "xlsx")
    assert chosen("md csv;json") == ("md", "csv", "json")
    assert chosen(" , ") == ()


@pytest.mark.parametrize(
    ("name", "meant"),
    [("xslx", "xlsx"), ("tec", "tex"), ("latex", "tex"), ("excel", "xlsx"), ("word", "docx-html")],
)
def test_a_format_that_was_meant_is_named(name, meant):
    with pytest.raises(UnknownNameError, match=rf"no export format '{name}'.*mean '{meant}'"):
        chosen(f"csv,{name}")


def test_an_unknown_format_ends_the_command(call):
    code, _, complaint = call("run", "--export", "csv,latex")
    assert code == 2
    assert "allowed: csv, docx-html, figures, json, md, parquet, tex, xlsx" in complaint


def test_a_run_asks_in_place_of_the_study(monkeypatch, tmp_path):
    result, asked = result_of("stamp-duty"), []

    def write(_document, _folder, formats, **_):
        asked.append(formats)

    monkeypatch.setattr("eventstudy.export.wanted.write_exports", write)
    empty = Document("", "", (), ())
    monkeypatch.setattr("eventstudy.export.wanted.study_document", lambda _: empty)
    study = result.study.model_copy(update={"export": ("csv", "tex")})
    exporting = replace(result, study=study)
    for wanted in (Wanted(), Wanted(("md",)), Wanted(())):
        wanted.write(exporting, tmp_path)
    Wanted().write(result, tmp_path)
    assert asked == [("csv", "tex"), ("md",)]


def test_without_a_browser_the_user_reads_what_to_install(call, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("EVENTSTUDY_CHROMIUM", raising=False)
    code, _, complaint = call("run", "--pdf", "--out", tmp_path / "out")
    assert code == 2
    assert "apt install chromium" in complaint
    monkeypatch.setenv("EVENTSTUDY_CHROMIUM", "/nowhere/chromium")
    with pytest.raises(OptionError, match="EVENTSTUDY_CHROMIUM is /nowhere/chromium"):
        browser()


@pytest.fixture
def fake(tmp_path):
    """A program in the place of the browser, that does what it is told."""

    def make(script):
        program = tmp_path / "browser.sh"
        program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        program.chmod(0o755)
        return str(program)

    return make


def test_a_page_is_printed_without_a_network(fake, tmp_path):
    page, target = tmp_path / "a page.html", tmp_path / "report.pdf"
    page.write_text("<p>", encoding="utf-8")
    program = fake(
        'for a in "$@"; do case "$a" in --print-to-pdf=*) echo "$@" > "${a#*=}";; esac; done'
    )
    print_page(program, page, target)
    said = target.read_text(encoding="utf-8")
    assert "--host-resolver-rules=MAP * ~NOTFOUND" in said
    assert "--user-data-dir=" in said
    assert said.rstrip().endswith("/a%20page.html")


def test_a_browser_that_fails_is_named(fake, tmp_path, monkeypatch):
    page = tmp_path / "index.html"
    page.write_text("<p>", encoding="utf-8")
    with pytest.raises(ReportError, match=r"did not print index.html: broken"):
        print_page(fake("echo broken >&2; exit 1"), page, tmp_path / "report.pdf")
    monkeypatch.setattr("eventstudy.export.pages.SECONDS", 0.1)
    with pytest.raises(ReportError, match=r"did not print index.html within 0.1 seconds"):
        print_page(fake("exec sleep 20"), page, tmp_path / "report.pdf")


def test_figures_and_their_tables_are_all_there(document):
    figures = [figure for figure in document.figures() if isinstance(figure, Figure)]
    assert len({figure.id for figure in figures}) == len(figures)
    ids = [table.id for table in document.tables()]
    assert len(set(ids)) == len(ids)
    assert all(
        isinstance(cell, Cell) for table in document.tables() for row in table.rows for cell in row
    )


FONTS = """<svg xmlns="http://www.w3.org/2000/svg" width="90" height="60" viewBox="0 0 90 60">
<text x="1" y="10" font-family="sans-serif">plain</text>
<text x="1" y="25" font-family="sans-serif" font-weight="bold">bold</text>
<g opacity="0.3"><rect width="9" height="9"/><circle r="5"/></g>
<g opacity="0.5"><rect width="9" height="9"/><circle r="5"/></g>
<g opacity="0.7"><rect width="9" height="9"/><circle r="5"/></g></svg>"""


def test_a_drawing_gives_the_same_pdf_every_time():
    """The converter orders fonts and resources by a hash of its own, another one at every call."""
    made = [converter().svg_to_pdf(FONTS) for _ in range(8)]
    ordered = {in_order(pdf) for pdf in made}
    assert len(ordered) == 1
    pdf = ordered.pop()
    assert in_order(pdf) == pdf
    start = int(re.search(rb"startxref\n(\d+)\n%%EOF$", pdf)[1])
    places = re.findall(rb"(\d{10}) 00000 n", pdf[start:])
    for at, place in enumerate(places, start=1):
        assert pdf[int(place) :].startswith(b"%d 0 obj\n" % at)
    assert in_order(b"%PDF-1.7 of another kind") == b"%PDF-1.7 of another kind"
