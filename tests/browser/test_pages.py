"""The pages in a real Chromium: silent, offline, narrow and wide, accessible, safe."""

import csv
import io
import os
import re
from pathlib import Path

import axe_playwright_python
import pytest
from PIL import Image

from eventstudy.export import browser, print_page
from tests.browser import pictures

pytestmark = pytest.mark.browser

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
UNFOLD = "document.querySelectorAll('.part').forEach(e => e.style.contentVisibility = 'visible')"
LIVE = ".chart[data-state=live]"
STOPS = "a[href], button, input, summary, [tabindex]"
LISTEN = """() => {
  document.querySelectorAll("details").forEach((each) => { each.open = true; });
  window.reached = [];
  document.addEventListener("focusin", ({ target }) => {
    const style = getComputedStyle(target);
    const bar = target.closest(".tools");
    window.reached.push({
      target,
      seen: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2
        && target.getBoundingClientRect().width > 0 && (!bar || getComputedStyle(bar).opacity === "1"),
    });
  });
}"""
EXPECTED = f"""() => [...document.querySelectorAll({STOPS!r})]
  .filter((each) => each.checkVisibility({{ contentVisibilityAuto: false }}))"""


def violations(page, selector="html"):
    """Return what axe-core objects to within an element, with the first place of each."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    run = "selector => axe.run(selector, {resultTypes: ['violations']})"
    found = page.evaluate(run, selector)["violations"]
    return [(rule["id"], rule["nodes"][0]["html"][:200]) for rule in found]


@pytest.mark.parametrize("name", ["study", "hostile", "index", "panel"])
def test_no_sideways_scroll(opened, name):
    """Nothing is wider than the window; wide tables scroll in their own box."""
    with opened(name) as page:
        page.evaluate(UNFOLD)
        page.evaluate("document.querySelectorAll('details').forEach(e => e.open = true)")
        for width in (390, 768, 1280, 1920):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") == width


def slow(*values):
    """Return parameters of the slow suite."""
    return [pytest.param(value, marks=pytest.mark.slow) for value in values]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["study", "index", *slow("panel", "whole")])
def test_axe_has_no_objection(opened, name, scheme):
    """axe-core finds nothing, with every part laid out and every table open."""
    with opened(name, color_scheme=scheme) as page:
        page.evaluate(UNFOLD)
        page.evaluate("document.querySelectorAll('details').forEach(e => e.open = true)")
        assert violations(page) == []


@pytest.mark.parametrize(
    "figure",
    [
        "figure-ar0",
        "path-SD2023-CSI300",
        "day0-SD2023-CSI300",
        "figure-placebo-CSI300",
        *slow("figure-drift-CSI300", "figure-projection-CSI300"),
    ],
)
def test_a_chart_comes_alive_on_focus(opened, figure):
    """Vega starts on focus, not before, keeps size, words and name; axe has no objection."""
    with opened("study") as page:
        chart = page.locator(f"#{figure} .chart").first
        still = chart.locator("svg").bounding_box()
        words = sorted(chart.locator("svg text").all_text_contents())
        name = chart.get_by_role("img").get_attribute("aria-labelledby")
        assert page.evaluate("typeof window.vegaEmbed") == "undefined"
        chart.focus()
        page.wait_for_selector(f"#{figure} {LIVE}")
        live = chart.locator("svg").bounding_box()
        assert live["width"] == pytest.approx(still["width"], abs=1)
        assert live["height"] == pytest.approx(still["height"], abs=1)
        assert sorted(filter(None, chart.locator("svg text").all_text_contents())) == words
        assert chart.get_by_role("img").get_attribute("aria-labelledby") == name
        assert page.locator(".chart[data-state]").count() == 1
        assert violations(page, f"#{figure}") == []


def test_pointing_shows_the_value(opened):
    """The tooltip of session 0 of the path prints the abnormal return of Table 1: +1.21."""
    with opened("study") as page:
        chart = page.locator("#path-SD2023-CSI300 .chart")
        chart.scroll_into_view_if_needed()
        chart.focus()
        page.wait_for_selector(f"#path-SD2023-CSI300 {LIVE}")
        box = chart.bounding_box()
        page.mouse.move(box["x"] + 44 + 286 * 10 / 30, box["y"] + 90)
        tooltip = page.locator("#vg-tooltip-element.visible")
        tooltip.wait_for()
        assert "+1.21" in tooltip.inner_text()


def test_a_live_chart_is_dark_on_a_dark_page(opened):
    """The stylesheet colours static and live charts alike."""
    with opened("study", color_scheme="dark") as page:
        chart = page.locator("#path-SD2023-CSI300 .chart")
        line = '[stroke="#0b5fa5"]'
        still = chart.locator(line).first.evaluate("e => getComputedStyle(e).stroke")
        chart.focus()
        page.wait_for_selector(f"#path-SD2023-CSI300 {LIVE}")
        live = chart.locator(line).first.evaluate("e => getComputedStyle(e).stroke")
        assert live == still == "rgb(125, 184, 240)"


def test_phones_get_their_own_charts(opened):
    """Forest plots and timelines have a second drawing, of which one is shown at a time."""
    with opened("study", width=390) as page:
        assert page.locator("#figure-ar0 .chart:visible").count() == 1
        assert page.locator("#figure-ar0 .narrow svg").bounding_box()["width"] <= 370


def test_a_table_that_goes_on_has_a_shade_at_its_edge(opened):
    """What covers the shade moves with the table, so that the end of a table has none."""
    with opened("study", width=390) as page:
        box = page.locator("#section-summary .scroll").first
        assert box.evaluate("e => e.scrollWidth > e.clientWidth")
        style = (
            "e => [getComputedStyle(e).backgroundAttachment, getComputedStyle(e).backgroundImage]"
        )
        attachment, image = box.evaluate(style)
        assert attachment == "local, scroll"
        assert image.count("linear-gradient") == 2


def test_everything_is_there_without_scripting(opened):
    """Figures are drawn, tables can be opened, and charts are not in the tab order."""
    with opened("study", java_script_enabled=False) as page:
        figures = page.locator("figure")
        assert figures.count() >= 15
        for i in range(figures.count()):
            assert figures.nth(i).locator("svg").count() >= 1
            assert figures.nth(i).locator("tbody tr").count() >= 1
        page.locator("#figure-ar0 summary").click()
        assert page.locator("#figure-ar0 table").is_visible()
        assert page.locator(".chart[tabindex]").count() == 0


def test_every_figure_is_named_and_the_names_differ(opened):
    """A screen reader hears what each chart shows."""
    with opened("study") as page:
        page.evaluate(UNFOLD)
        names = page.evaluate(
            "[...document.querySelectorAll('.chart:not(.narrow) > svg > title')].map(e => e.textContent)"
        )
        assert len(names) == page.locator("figure").count()
        assert len(set(names)) == len(names)


@pytest.mark.parametrize("name", ["study", "panel"])
def test_ids_are_unique_and_links_lead_somewhere(opened, name):
    """Every anchor of the page exists once."""
    with opened(name) as page:
        ids = page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
        anchors = page.evaluate(
            "[...document.querySelectorAll('a[href^=\"#\"]')].map(e => e.hash.slice(1))"
        )
        assert len(ids) == len(set(ids))
        assert set(anchors) <= set(ids)


def test_hostile_texts_are_shown_and_not_run(opened):
    """Markup, template code and addresses in a study file are words on the page."""
    with opened("hostile") as page:
        assert page.evaluate("window.hacked") is None
        assert page.locator("h1").inner_text() == (
            '<script>window.hacked=1</script>A study & its "quotes"'
        )
        text = page.locator("main").text_content()
        assert "{{ 7 * 7 }}" in text
        assert "עברית 🎯 中文" in text
        assert page.locator("main a[href^=javascript]").count() == 0
        page.locator("#figure-ar0 .chart").first.focus()
        page.wait_for_selector(f"#figure-ar0 {LIVE}")
        assert page.evaluate("window.hacked") is None


def test_the_index_shows_failed_studies(opened):
    """A failed study is listed with its message, as text; the links lead to events."""
    with opened("index") as page:
        assert "<b>no</b>" in page.locator("#study-failed").text_content()
        link = page.locator("#table-events a[href='study/index.html#event-SD2023']")
        assert link.count() == 1


def test_print_puts_one_event_on_a_page(opened, tmp_path):
    """The first event stands below the heading of its section; none spills over to a second page."""
    with opened("study") as page:
        page.emulate_media(media="print")
        breaks = page.evaluate(
            "[...document.querySelectorAll('#section-events, .part.page')]"
            ".map(e => getComputedStyle(e).breakBefore)"
        )
        assert breaks == ["page", "avoid", "page"]
        heights = page.evaluate(
            "[...document.querySelectorAll('.part.page')].map((e, at) => "
            "e.getBoundingClientRect().bottom - (at ? e : e.parentElement).getBoundingClientRect().top)"
        )
        assert max(heights) < 267 / 25.4 * 96


def test_the_program_prints_every_page_without_a_network(chromium, tmp_path):
    """Two pages, and an address that would hang if it were asked for."""
    page, target = tmp_path / "report.html", tmp_path / "report.pdf"
    text = '<img src="http://192.0.2.1/x.png"><p>one<p style="break-before: page">two'
    page.write_text(text, encoding="utf-8")
    print_page(browser(), page, target)
    printed = target.read_bytes()
    assert printed.startswith(b"%PDF")
    assert len(re.findall(rb"/Type /Page\b", printed)) == 2


def test_a_link_leads_to_the_top_of_its_section(opened):
    """Over sections that are not drawn yet, whose heights are estimates."""
    with opened("study", width=1400) as page:
        for name in ("reversal", "robustness"):
            page.evaluate("window.scrollTo({top: 0, behavior: 'instant'})")
            page.evaluate(f"document.querySelector('nav a[href=\"#section-{name}\"]').click()")
            page.wait_for_timeout(500)
            box = page.locator(f"#section-{name}").bounding_box()
            assert abs(box["y"]) < 1


def saved(page, selector):
    """Press a button and return the file that it gives."""
    with page.expect_download() as given:
        page.locator(selector).click()
    return given.value.suggested_filename, Path(given.value.path()).read_bytes()


def test_figures_and_tables_are_saved_from_the_page(opened):
    """Without a network: the drawing as SVG and PNG, the cells as CSV and LaTeX."""
    with opened("study") as page:
        tools = "#figure-ar0 > .tools button"
        assert page.locator(tools).first.get_attribute("aria-label").startswith("Save as SVG: ")
        name, svg = saved(page, f"{tools} >> nth=0")
        assert (name, svg[:4]) == ("figure-ar0.svg", b"<svg")
        assert b'fill="#ffffff"' in svg
        name, png = saved(page, f"{tools} >> nth=1")
        assert (name, png[:8], len(png) > 5000) == ("figure-ar0.png", b"\x89PNG\r\n\x1a\n", True)
        tools = "#table-outcomes .tools button"
        name, text = saved(page, f"{tools} >> nth=0")
        lines = list(csv.reader(text.decode("utf-8-sig").splitlines()))
        assert name == "table-outcomes.csv"
        assert {len(line) for line in lines} == {len(lines[0])}
        assert lines[0][:4] == ["Event", "Event, beside it", "Index", "Outcome"]
        assert [line[0] for line in lines].count("Mainland stamp duty halved to 0.05 per cent") == 2
        assert "1.21" in lines[2]
        assert "\N{MINUS SIGN}" not in text.decode()
        low, high = (
            next(i for i, name in enumerate(lines[0]) if name.endswith(end))
            for end in (", low", ", high")
        )
        assert float(lines[1][low]) < float(lines[1][high])
        name, text = saved(page, f"{tools} >> nth=1")
        assert text.count(b"\\\\\n") == len(lines)
        name, text = saved(page, "#table-lasting .tools button >> nth=0")
        lines = list(csv.reader(text.decode("utf-8-sig").splitlines()))
        assert len(set(lines[0])) == len(lines[0])
        assert {"p", "p (2)", "p (3)"} <= set(lines[0])
        assert not any(cell.startswith("[") for line in lines for cell in line)
        link = page.locator("#event-SD2023 > .tools a")
        assert link.get_attribute("href") == "#event-SD2023"
        assert link.evaluate("e => getComputedStyle(e.parentElement).opacity") == "0"
        link.focus()
        assert link.evaluate("e => getComputedStyle(e.parentElement).opacity") == "1"


def test_a_reader_switches_light_and_dark(opened):
    """The page begins as the system has it; the choice goes against it."""
    with opened("index", color_scheme="dark") as page:
        shade = "getComputedStyle(document.body).backgroundColor"
        before = page.evaluate(shade)
        page.get_by_role("button", name="Light").click()
        after = page.evaluate(shade)
        assert (before, after) == ("rgb(17, 21, 28)", "rgb(255, 255, 255)")


def test_events_are_searched_and_ordered(opened):
    """By any word, and by the size of the reaction."""
    with opened("index") as page:
        rows = page.locator("#table-events tbody tr")
        everything = rows.count()
        page.get_by_label("Search").fill("halved STAMP")
        assert page.locator("#table-events tbody tr:visible").count() == 1
        assert page.get_by_role("status").inner_text() == f"1 of {everything}"
        page.get_by_label("Search").fill("")
        head = page.locator("#table-events thead th >> nth=2")
        head.get_by_role("button").click()
        assert head.get_attribute("aria-sort") == "ascending"
        sizes = [
            float(text.split()[-1].replace("\N{MINUS SIGN}", "-"))
            for text in page.locator(
                "#table-events tbody tr td:nth-child(3) small"
            ).all_text_contents()
            if "," not in text
        ]
        assert sizes == sorted(sizes)
        head.get_by_role("button").click()
        assert head.get_attribute("aria-sort") == "descending"
        cells = page.locator("#table-events tbody tr td:nth-child(3)").all_text_contents()
        studied = [not text.startswith("Not studied") for text in cells]
        assert studied == sorted(studied, reverse=True)


@pytest.mark.parametrize("name", ["index", "panel", pytest.param("study", marks=pytest.mark.slow)])
def test_the_tab_key_reaches_everything_once_in_the_order_of_the_page(opened, name):
    """From the first link to the last table, opened ones too; the focus is seen, and nothing holds it."""
    with opened(name) as page:
        page.evaluate(LISTEN)
        stops = page.evaluate(f"({EXPECTED})().length")
        assert page.locator("[tabindex]:not([tabindex='0'])").count() == 0
        for _ in range(stops):
            page.keyboard.press("Tab")
        found = page.evaluate(
            f"""() => ({EXPECTED})().map((each, at) => {{
                const mine = window.reached.filter((one) => one.target === each);
                const seen = mine.length === 1 && mine[0].seen && window.reached[at].target === each;
                return seen ? "" : `${{at}} ${{mine.length}} ${{each.outerHTML.slice(0, 150)}}`;
            }}).filter(Boolean)"""
        )
        assert found == []
        assert page.evaluate("window.reached.length") == stops


def test_arrow_keys_show_the_values_of_a_chart(opened):
    """From session -10 to session 0 of the path, where the abnormal return of Table 1 is printed."""
    with opened("study") as page:
        page.locator("#path-SD2023-CSI300 .chart").focus()
        page.wait_for_selector(f"#path-SD2023-CSI300 {LIVE}")
        tooltip = page.locator("#vg-tooltip-element.visible")
        page.keyboard.press("Home")
        assert "\N{MINUS SIGN}10" in tooltip.inner_text()
        for _ in range(10):
            page.keyboard.press("ArrowRight")
        assert "+1.21" in tooltip.inner_text()
        page.keyboard.press("Escape")
        assert tooltip.count() == 0
        page.keyboard.press("End")
        assert "+20" in tooltip.inner_text()
        page.keyboard.press("Tab")
        assert tooltip.count() == 0


FONTS = {"body": "Liberation Serif", "td": "Liberation Sans"}
PICTURES = Path(__file__).parents[1] / "golden" / "pictures"
ALONE = """e => {
    for (let here = e; here && here !== document.body; here = here.parentElement)
        for (let above = here.previousElementSibling; above; above = above.previousElementSibling)
            if (above.matches("main *")) above.style.display = "none";
    e.scrollIntoView({behavior: "instant", block: "start"});
    window.scrollTo(0, Math.round(window.scrollY));
}"""
"""Scroll to an element of which nothing in the text is above: what stands there moves no pixel below."""


def fonts(page):
    """Return the fonts with which Chromium draws running text and cells."""
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    found = {}
    for kind, selector in {"body": "main h1", "td": "main table td"}.items():
        asked = {"nodeId": root, "selector": selector}
        node = session.send("DOM.querySelector", asked)["nodeId"]
        used = session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
        found[kind] = max(used, key=lambda font: font["glyphCount"])["familyName"]
    return found


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize(
    ("name", "place"), [("index", "body"), ("study", "#event-SD2023"), ("panel", "body")]
)
def test_a_page_looks_as_it_did(opened, name, place, width, request, tmp_path):
    """One screen of three pages; where other fonts draw them, that is said and nothing compared."""
    golden = PICTURES / f"{name}-{width}.png"
    with opened(name, width=width) as page:
        page.evaluate(UNFOLD)
        used = fonts(page)
        if used != FONTS:
            said = f"the pictures show {FONTS}, Chromium has {used} here: install fonts-liberation"
            (pytest.fail if os.environ.get("REQUIRE_BROWSER") == "1" else pytest.skip)(said)
        page.locator(place).evaluate(ALONE)
        taken = Image.open(io.BytesIO(page.screenshot()))
    if request.config.getoption("--update-golden"):
        pictures.kept(taken, golden)
    new = tmp_path / golden.name
    pictures.kept(taken, new)
    share = pictures.share_that_differs(pictures.loaded(golden), pictures.loaded(new))
    assert share <= pictures.SHARE, (
        f"{share:.1%} of {golden.name} differs, {pictures.SHARE:.1%} may; the new picture is {new}; "
        "to accept it: python -m pytest tests/browser/test_pages.py -k looks --update-golden"
    )
