"""The papers: links lead somewhere, nothing is left undocumented. tests/docs runs their examples."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
import typer
import yaml

import eventstudy
from eventstudy.cli import app
from eventstudy.columns import FRAMES, PANEL_FRAMES
from eventstudy.errors import CODES, SpecError
from eventstudy.registry import plugins
from eventstudy.spec import json_schema, load

ROOT = Path(__file__).resolve().parents[2]
EVENTS = ROOT / "events"
PAGES = sorted([*ROOT.glob("*.md"), *EVENTS.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(#[^)\s]+)?\)")
PACKAGES = {
    "models": "eventstudy.models",
    "statistics": "eventstudy.inference",
    "procedures": "eventstudy.placebo",
    "sources": "eventstudy.sources",
}


def text_of(*parts: str) -> str:
    """The text of one page."""
    return ROOT.joinpath(*parts).read_text("utf-8")


def headings(text: str) -> set[str]:
    """The anchors that a page's headings make."""
    titles = re.findall(r"^#+ (.+)$", text, re.M)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    """Each relative link names a file that exists, each anchor a heading."""
    for target, anchor in LINK.findall(page.read_text("utf-8")):
        path = (page.parent / target).resolve() if target else page
        assert path.exists(), target
        if anchor:
            assert anchor[1:] in headings(path.read_text("utf-8")), anchor


@pytest.mark.parametrize("block", ["the file", "Event"])
def test_every_key_is_in_the_guide(block):
    """The tables of events/README.md name each key of the file and of an event."""
    schema = json_schema()
    keys = (schema if block == "the file" else schema["$defs"][block])["properties"]
    guide = text_of("events", "README.md").partition("## All keys")[2]
    named = set(re.findall(r"`(\w+)`", "".join(re.findall(r"^\| (.+?) \|", guide, re.M))))
    assert set(keys) - named == set()


@pytest.mark.parametrize(
    ("page", "name"), [(page, name) for page, pack in PACKAGES.items() for name in plugins(pack)]
)
def test_every_plugin_has_its_section(page, name):
    """Each registered plug-in stands in its list, with an option table where it has options."""
    assert f"\n## {name}\n" in text_of("docs", "reference", f"{page}.md")


@pytest.mark.parametrize(
    "name", [name for page, pack in PACKAGES.items() if page != "sources" for name in plugins(pack)]
)
def test_every_number_has_its_formula(name):
    """The page of formulas names each model, statistic and procedure, or the words of its name as a heading."""
    page = text_of("docs", "explanation", "numbers.md")
    assert f"`{name}`" in page or name.replace("_", "-") in headings(page)


def test_every_result_column_and_error_code_is_explained():
    """No column and no code without a line."""
    results, errors = (text_of("docs", "reference", f"{page}.md") for page in ("results", "errors"))
    for name, columns in {**FRAMES, **PANEL_FRAMES}.items():
        section = results.partition(f"\n## {name}.csv\n")[2].partition("\n## ")[0]
        assert re.findall(r"^\| `(\w+)` \| .", section, re.M) == list(columns)
    assert re.findall(r"^\| `([a-z0-9-]+)` \| .", errors, re.M) == sorted(CODES)


def test_the_reference_pages_say_between_which_numbers_an_option_must_lie():
    """Those that the JSON Schema gives, in the row of the option."""
    ends = ("minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum")
    blocks = json_schema()["$defs"]
    limited = [
        (kind, name, key, [f"{rule[end]:,}" for end in ends if end in rule])
        for kind, name, block in ((*each.partition(".")[::2], b) for each, b in blocks.items())
        for key, rule in block.get("properties", {}).items()
        if any(end in rule for end in ends)
    ]
    assert len(limited) > 10
    for kind, name, key, numbers in limited:
        section = text_of("docs", "reference", f"{kind}s.md").split(f"\n## {name}\n")[1]
        allowed = section.split(f"\n| `{key}` | ")[1].split(" | ")[0]
        assert re.findall(r"[\d,]+", allowed) == numbers, f"{name}.{key}"


def test_every_command_and_option_is_documented():
    """The page of the commands has a section for each, and in it a row for each option."""
    page = text_of("docs", "reference", "commands.md")
    program = typer.main.get_command(app)
    commands = {
        **program.commands,
        **{f"data {name}": each for name, each in program.commands["data"].commands.items()},
    }
    assert len(commands) > 10
    for name, command in commands.items():
        section = page.split(f"# {name}\n")[1].split("\n## ")[0].split("\n### ")[0]
        options = {each for param in command.params for each in param.opts if each.startswith("--")}
        assert options - {"--help"} <= set(re.findall(r"--[a-z-]+", section)), name


def test_every_public_name_is_documented():
    """Each name that the package promises has its section, each of its methods too."""
    page = text_of("docs", "reference", "python.md")
    for name in eventstudy.__all__:
        assert f"\n## {name}\n" in page
    assert "\n### Result.to_frame\n" in page


IN_A_STUDY = {
    "Acceptance": ("accept", {"check": "jumps", "reason": "R"}),
    "Event": ("events", {"id": "A", "title": "T", "announced": "2023-08-27"}),
    "Exclusion": ("estimation_without", None),
    "Instruments": ("instruments", {"id": "X", "calendar": "XHKG", "timezone": "Asia/Hong_Kong"}),
    "Presentation": ("report", None),
    "Variants": ("robustness", None),
}
IN_AN_EVENT = {
    "Reported": {"asset": "CSI300", "session": "2023-08-28", "measure": "open", "percent": "1"},
    "SourceNote": {"title": "T"},
    "SessionOverride": {"session": "2023-08-28", "reason": "R"},
}
BESIDE = {"timezone": {"announced": "2023-08-27 18:00"}, "end_known": {"until": "2023-09-08"}}
"""What an event needs beside a key."""

FIELDS = {"Reported": "reported", "SourceNote": "sources", "SessionOverride": "first_session"}


def examples_of_keys():
    """Every example of the page of the study file: block, key, text."""
    text = text_of("docs", "study_examples.yaml")
    blocks = yaml.load(text, Loader=yaml.BaseLoader)
    return [(block, key, each) for block, keys in blocks.items() for key, each in keys.items()]


def study_with(block, key, example):
    """A study in which an example stands where its block belongs."""
    value = yaml.load(example, Loader=yaml.BaseLoader)
    event = {"id": "A", "title": "T", "announced": "2023-08-27"}
    study = {"format": "1", "title": "T", "events": [event]}
    if block == "file":
        needs_more = {
            "as_of": {"source": "yahoo"},
            "second_fingerprint": {"second_source": "yahoo"},
            "pool_assets": {"procedures": []},
        }
        return {**study, **needs_more.get(key, {}), key: value}
    if block in IN_A_STUDY:
        field, rest = IN_A_STUDY[block]
        inside = {**(rest or {}), **(BESIDE.get(key, {}) if block == "Event" else {}), key: value}
        return {**study, field: [inside] if rest else inside}
    inside = {**IN_AN_EVENT[block], key: value}
    event[FIELDS[block]] = {"XSHG": inside} if block == "SessionOverride" else [inside]
    return study


@pytest.fixture(scope="module")
def folder_of_studies(tmp_path_factory):
    """A folder with a study that others name."""
    folder = tmp_path_factory.mktemp("studies")
    shutil.copy(EVENTS / "stamp-duty.yaml", folder)
    shutil.copy(EVENTS / "all-policy.yaml", folder)
    return folder


@pytest.mark.parametrize(("block", "key", "example"), examples_of_keys())
def test_the_example_of_a_key_is_allowed_there(block, key, example, folder_of_studies):
    """A study file with the example has no mistake."""
    path = folder_of_studies / "study.yaml"
    path.write_text(yaml.safe_dump(study_with(block, key, example), allow_unicode=True), "utf-8")
    try:
        load(path)
    except SpecError as error:
        pytest.fail(str(error))
