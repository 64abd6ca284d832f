"""The page as text: self-contained, the same bytes each time, every text escaped."""

import base64
import gzip
import hashlib
import json
import os
import re
import runpy
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest

from eventstudy import charts
from eventstudy.charts import drawing as charts_drawing
from eventstudy.document import Entry, study_document
from eventstudy.document.document import SECTIONS
from eventstudy.kept import kept, tidy
from eventstudy.registry import plugins
from eventstudy.report import drawing, live, paging
from eventstudy.report.paging import INDEX, Page
from eventstudy.report.render import index_pages, render_index, render_study, study_pages
from eventstudy.spec import load
from eventstudy.study import run_study
from tests.studies import result_of

EVENTS = Path(__file__).parents[2] / "events"
PROGRAM = """
import hashlib, sys
from eventstudy.report.render import render_study
from eventstudy.spec import load
from eventstudy.study import run_study
page = render_study(run_study(load(sys.argv[1]), command="eventstudy run"))
print(hashlib.sha256(page.encode()).hexdigest())
"""


@pytest.fixture(scope="module")
def result():
    found = result_of("tech-meetings")
    return replace(found, provenance=replace(found.provenance, command="eventstudy run"))


@pytest.fixture(scope="module")
def page(result):
    return render_study(result)


class Outline(HTMLParser):
    """What the tests need of a page: ids, addresses, and the text of scripts and styles."""

    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.ids, self.addresses, self.inline, self.tags = [], [], [], set()
        self._open = None
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self._open = (tag, values.get("type", ""))
        self.ids += [values["id"]] if "id" in values else []
        self.addresses += [values[key] for key in ("href", "src") if key in values]
        self.tags.add(tag)

    def handle_data(self, data):
        if self._open and self._open[0] in {"script", "style"}:
            self.inline.append((*self._open, data))
        self._open = None


def test_sections_stand_in_their_order(page):
    """Summary first, provenance last, each once."""
    found = re.findall(r'<section id="section-([a-z_]+)"', page)
    orders = [plugins(SECTIONS)[name].order for name in found]
    assert found[0] == "summary"
    assert found[-1] == "provenance"
    assert orders == sorted(orders)
    assert len(set(found)) == len(found)


def test_a_section_that_has_nothing_to_say_is_absent(result, page, tmp_path):
    """A study without reported figures has no press check."""
    (tmp_path / "plain.yaml").write_text(
        "format: 1\ntitle: t\nevents:\n  - {id: A, announced: 2023-08-28, title: x}\n"
    )
    plain = render_study(run_study(load(tmp_path / "plain.yaml")))
    assert 'id="section-press_check"' in page
    assert 'id="section-press_check"' not in plain


def test_the_policy_allows_the_inline_code_of_the_page_and_no_other(page):
    """Hashes for the scripts and the style; nothing unsafe, nothing from outside."""
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', page)
    policy = policy.replace("&#39;", "'")
    assert "unsafe" not in policy
    assert "http" not in policy
    inline = Outline(page).inline
    code = [text for _, kind, text in inline if not kind]
    code += [unpacked(text) for _, kind, text in inline if kind == "application/gzip"]
    assert len(code) == 4
    for text in code:
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy


def unpacked(text):
    """Undo what the page's own script undoes before it runs the code of live charts."""
    return gzip.decompress(base64.b64decode(text)).decode()


def test_nothing_is_loaded_from_outside(page):
    """Addresses are sources to read, anchors, or the page of all studies."""
    outline = Outline(page)
    assert all(
        a.startswith(("https://", "http://", "#", "../index.html")) for a in outline.addresses
    )
    assert "@import" not in page
    assert "url(http" not in page
    assert not outline.tags & {"img", "iframe", "link", "object", "embed", "video", "audio"}


def test_inline_styles_are_absent(page):
    """The policy would refuse them, and charts would lose their colours."""
    assert not re.search(r'<[^>]* style="', page)


def test_anchors_exist_once(page):
    """Links within the page lead somewhere, and ids are unique."""
    outline = Outline(page)
    assert len(outline.ids) == len(set(outline.ids))
    assert {a[1:] for a in outline.addresses if a.startswith("#")} <= set(outline.ids)


def test_every_figure_has_its_numbers(page):
    """As many tables behind figures as figures, none empty."""
    figures = re.findall(r"<figure\b.*?</figure>", page, flags=re.DOTALL)
    assert figures
    assert all("<tbody>" in figure and "<td" in figure for figure in figures)


def test_the_page_is_small_enough(page):
    """Four events on two indices, with 0.4 MB of packed code of live charts."""
    assert len(page.encode()) < 1.4e6


def test_a_study_without_procedures_compares_with_no_other_day(tmp_path):
    """The sections of the comparison are absent; the table of reversals says what it lacks."""
    (tmp_path / "plain.yaml").write_text(
        "format: 1\ntitle: t\nprocedures: []\n"
        "events:\n  - {id: A, announced: 2023-08-28, title: x}\n"
    )
    plain = render_study(run_study(load(tmp_path / "plain.yaml")))
    for name in ("placebo", "horizons", "projection"):
        assert f'id="section-{name}"' not in plain
    assert "which this study does not compute" in plain


def test_many_events_are_counted_by_their_p_value(result, page, monkeypatch):
    """A row for each event up to a dozen; beyond that, bars of p-values and a closed table."""
    monkeypatch.setattr("eventstudy.document.sections.placebo.MANY", 3)
    many = render_study(result)
    assert "in colour the event" in page
    assert "events by placebo p of the reaction" in many
    assert "in colour the event" not in many
    for each in (page, many):
        assert each.count('<figure id="figure-placebo-') == len(result.study.assets)


def test_one_event_without_a_sign_has_a_placebo_and_no_projection(tmp_path):
    """Sections appear as far as there is something to say."""
    (tmp_path / "one.yaml").write_text(
        "format: 1\ntitle: t\nevents:\n  - {id: A, announced: 2023-08-28, title: x}\n"
    )
    one = render_study(run_study(load(tmp_path / "one.yaml")))
    assert 'id="section-placebo"' in one
    assert 'id="section-projection"' not in one
    assert (
        "nan" not in re.sub(r"<script.*?</script>|<style.*?</style>", "", one, flags=re.S).split()
    )


def test_the_same_input_gives_the_same_bytes(page):
    """Across processes and hash seeds."""
    program = [sys.executable, "-c", PROGRAM, str(EVENTS / "tech-meetings.yaml")]
    environment = {**os.environ, "PYTHONHASHSEED": "7"}
    done = subprocess.run(program, capture_output=True, text=True, check=True, env=environment)
    assert done.stdout.strip() == hashlib.sha256(page.encode()).hexdigest()


def test_the_page_of_all_studies_has_its_numbers(result):
    """Every one with its source, in the folder of its study; the language is that of all studies."""
    chinese = result.study.report.model_copy(update={"language": "zh-Hans"})
    other = replace(result, study=result.study.model_copy(update={"report": chinese}))
    for language, entries in {
        "en": [Entry("tech", result), Entry("other", other)],
        "zh-Hans": [Entry("other", other)],
    }.items():
        files = dict(index_pages(entries))
        assert f'<html lang="{language}">' in files["index.html"]
        texts = json.loads(files["numbers.json"])["texts"]
        numbers = [(number, each) for each in texts for number in each["numbers"]]
        assert len(numbers) > 10
        assert [each for each in numbers if not each[0]["source"]] == []
        assert [each for each in numbers if each[0]["printed"] not in each[1]["text"]] == []
        assert any("other/results/verdicts.csv" in number["source"] for number, _ in numbers)
        assert any(
            number.get("rows", {}).get("file", "").startswith("other/") for number, _ in numbers
        )
        assert not any(" results/" in number["source"] for number, _ in numbers)
        assert {each["section"] for each in texts} >= {"section-answers", "section-timeline"}


def test_the_index_lists_failed_studies_as_text(result):
    """Markup in a message is shown, not run."""
    entries = [Entry("tech-meetings", result), Entry("bad", None, "<b>line 3</b>")]
    index = render_index(entries)
    assert "&lt;b&gt;line 3&lt;/b&gt;" in index
    assert 'href="tech-meetings/index.html#event-CPPCC2022"' in index


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "//host/x#y:z",
    ],
)
def test_only_web_addresses_become_links(address):
    """Everything else stays text."""
    assert Page(INDEX, ()).link(address) == ""


def test_clip_paths_are_named_after_their_figure():
    """The converter counts clips through the life of a process; two figures must not share one."""
    svg = '<svg><clipPath id="clip7"/><g clip-path="url(#clip7)"/><clipPath id="clip9"/></svg>'
    assert charts_drawing._own_clips(svg, "f") == (
        '<svg><clipPath id="f-c1"/><g clip-path="url(#f-c1)"/><clipPath id="f-c2"/></svg>'
    )


def test_a_drawing_does_not_depend_on_those_before_it():
    """Drawn first, or after others whose clips and ids the converter has counted: the same text."""
    value = {"data": {"values": [{"x": 1, "y": 2}, {"x": 2, "y": 9}]}, "width": 90, "height": 60}
    place = {name: {"field": name, "type": "quantitative"} for name in "xy"}
    specs = [
        {**value, "layer": [{"encoding": place, "mark": {"type": mark, "clip": True}}]}
        for mark in ("line", "area")
    ]
    raw = [charts_drawing._draw(spec) for spec in (*specs, *specs)]
    own = [charts_drawing._own_clips(text, "f") for text in raw]
    assert raw[:2] != raw[2:]
    assert own[:2] == own[2:]
    assert re.findall(r' id="([^"]+)"', own[0]) == ["f-c1"]


def test_slimming_keeps_what_is_seen():
    """Invisible targets, empty groups and long digits go; text and marks stay."""
    svg = (
        '<g class="a" role="x"><line x2="1.23456" opacity="0" stroke="#000"/></g>'
        '<path d="M1.26,-0.04L3,100.06" fill="#0b5fa5"/><text>1.23456</text>'
    )
    assert drawing.slim(svg) == ('<path d="M1.3,0L3,100.1" fill="#0b5fa5"/><text>1.23456</text>')


def test_a_path_has_both_its_axes():
    """Sessions below, per cent at the left: -10 to +10 in steps of five."""
    days = range(-1, 3)
    path = pd.DataFrame({"tau": days, "value": 0.0, "low": -0.1, "high": 0.1})
    bounds = charts.path_bounds([path])
    svg = drawing.draw(charts.return_path(path, charts.accent(0), bounds), "p", "a", "b")
    printed = re.findall(r"<text[^>]*>([^<]*)</text>", svg)
    assert {"+10", "+5", "0", "\N{MINUS SIGN}5", "\N{MINUS SIGN}10"} <= set(printed)
    assert "Trading day relative to the event" in printed


def test_words_in_a_chart_are_escaped():
    """An event's title in a chart is text, in the drawing and in the data behind it."""
    bad = "</script><b>&"
    effects = [charts.Effect(bad, "Aug 2023", bad, charts.accent(0), 0.01, 0.0, 0.02)]
    spec = charts.forest(effects, "AR")
    svg = drawing.draw(spec, "f", bad, bad)
    assert "<b>" not in svg
    assert "<" not in drawing.as_json(spec)


def test_the_bundle_is_its_packed_form():
    """The browser unpacks what the policy allows; a script reads its line ends as they are."""
    made = live.bundle()
    assert unpacked(made.packed) == made.code
    assert re.fullmatch(r"[A-Za-z0-9+/]+={0,2}", made.packed)
    assert "\r" not in made.code
    assert "vegaEmbed" in made.code


def test_a_torn_bundle_in_the_cache_is_made_again(tmp_path, monkeypatch):
    """A cache that was cut short costs time, never a page."""
    monkeypatch.setattr("platformdirs.user_cache_dir", lambda name: str(tmp_path / name))
    live.bundle.cache_clear()
    whole = live.bundle()
    (file,) = (tmp_path / "eventstudy").iterdir()
    file.write_bytes(file.read_bytes()[:1000])
    live.bundle.cache_clear()
    assert live.bundle() == whole
    live.bundle.cache_clear()
    assert live.bundle() == whole


def test_a_study_chooses_and_orders_its_sections():
    result = result_of("stamp-duty")
    report = result.study.report.model_copy(update={"sections": ("method", "summary")})
    chosen = replace(result, study=result.study.model_copy(update={"report": report}))
    names = [section.id for section in study_document(chosen).sections]
    assert names == ["section-method", "section-summary"]


@pytest.fixture(scope="module")
def pages(result):
    """The pages of four events, three of which would be too many for one page."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(paging, "MOST", 2)
        files = study_pages(result, static=True)
        return {file: text for file, text in files if file.endswith(".html")}


def ids(page):
    return re.findall(r' id="([^"]+)"', page)


def test_events_stand_on_pages_of_their_own(result, pages):
    events = [event.id for event in result.study.events]
    assert list(pages) == ["index.html", "events/1-2.html", "events/3-4.html"]
    parts = [
        re.findall(r'<section class="part page" id="event-(\w+)"', page) for page in pages.values()
    ]
    assert parts[0] == []
    assert sorted(parts[1] + parts[2]) == sorted(events)
    assert {f"event-{event}" for event in events} <= set(ids(pages["index.html"]))


def test_every_link_between_the_pages_leads_to_an_anchor(pages):
    for here, page in pages.items():
        assert len(ids(page)) == len(set(ids(page)))
        for address in re.findall(
            r'href="((?!http|\.\./\.\./index|\.\./index.html")[^"]*#[^"]+)"', page
        ):
            file, anchor = address.split("#")
            where = file.removeprefix("../") if file else here
            assert anchor in ids(pages[where]), (here, address)


def test_table_1_links_to_the_page_of_the_event(result, pages):
    study = result.study
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(paging, "MOST", 2)
        for event, file in paging.event_pages(study).items():
            assert f'<a href="{file}#event-{event}">' in pages["index.html"]
    assert set(paging.event_pages(study).values()) == {"index.html"}
    only = study.report.model_copy(update={"sections": ("summary",)})
    assert set(paging.event_pages(study.model_copy(update={"report": only})).values()) == {
        "index.html"
    }


def test_a_static_page_holds_no_script(pages):
    for page in pages.values():
        assert "<script" not in page
        assert "script-src &#39;none&#39;" in page


def test_what_is_kept_is_made_once(tmp_path, monkeypatch):
    monkeypatch.setattr("platformdirs.user_cache_dir", lambda name: str(tmp_path / name))
    made = []
    for _ in range(2):
        text, packed = kept("drawings/a.svg", lambda: made.append(1) or "<svg/>")
    (file,) = (tmp_path / "eventstudy" / "drawings").iterdir()
    assert (text, made, file.read_bytes()) == ("<svg/>", [1], packed)
    monkeypatch.setattr("eventstudy.kept.MOST", 2)
    for name in "bcd":
        kept(f"drawings/{name}.svg", lambda: "x")
    tidy("drawings")
    assert len(list(file.parent.iterdir())) == 1


def test_the_sample_report_is_what_the_code_writes(result):
    """``python docs/build_sample.py`` writes reports/sample/ anew."""
    built = runpy.run_path(str(EVENTS.parent / "docs" / "build_sample.py"))
    kept_page = built["SAMPLE"].read_bytes()
    assert built["page"](result).encode() == kept_page
    assert len(kept_page) < 0.7e6
    assert b"<script" not in kept_page


def test_making_the_script_of_live_charts_is_not_heard(capfd):
    with live._unheard():
        os.write(2, b"tree-shaker; pass=1\n")
    os.write(2, b"heard again\n")
    assert capfd.readouterr().err == "heard again\n"
