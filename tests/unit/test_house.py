"""The rules of the house: sizes, names, what may be tracked, and that the papers match the code."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

import eventstudy

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "src").rglob("*.py"))
STUDIES = sorted((ROOT / "events").glob("*.yaml"))
GUIDES = [ROOT / name for name in ("README.md", "CONTRIBUTING.md")]
GUIDES += [ROOT / folder / "README.md" for folder in ("events", "reports")]

FORBIDDEN_MODULES = {"utils", "helpers", "core", "common", "manager", "calendar", "tests"}
FORBIDDEN_WORDS = {"Utils", "Helper", "Helpers", "Core", "Common", "Manager", "Test"}
# Joined here so that this file does not match itself.
REGISTRIES = ("pypi", "pythonhosted", "npmjs", "debian")
HOSTS = [f"{name}.{'org'}" for name in REGISTRIES]
REGISTRY = re.compile("|".join([*map(re.escape, HOSTS), r"^\s*--(?:extra-)?index-" + "url"]), re.M)
FOREIGN = re.compile(
    "|".join(["copyright " + r"\(c\)", "spdx-" + "license", "licensed " + "under"])
)


# A silenced rule names its code and says why.
SILENCED = re.compile(r"#\s*(?:noqa|type:\s*ignore)")
EXPLAINED = re.compile(r"# (?:noqa: [A-Z]+\d+(?:, [A-Z]+\d+)* - \w|type: ignore\[[\w, -]+\]  # \w)")


def tracked() -> list[Path]:
    """Every tracked file that exists in the working tree."""
    listing = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [path for name in listing.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def matches(pattern: re.Pattern[str], paths: list[Path]) -> list[str]:
    """The paths whose text, taken as bytes of Latin-1, the pattern finds."""
    found = (path for path in paths if pattern.search(path.read_text("latin-1").lower()))
    return [str(path.relative_to(ROOT)) for path in found]


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function's body without its docstring."""
    body = function.body[ast.get_docstring(function) is not None :]
    return body[-1].end_lineno - body[0].lineno + 1 if body else 0


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT / "src")))
def test_module_keeps_its_budget_and_its_names(path):
    """At most 300 lines a module, 40 a function body, and no name that says nothing."""
    text = path.read_text("utf-8")
    tree = ast.parse(text)
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    classes = [node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    assert len(text.splitlines()) <= 300
    assert {f.name: body_lines(f) for f in functions if body_lines(f) > 40} == {}
    assert not FORBIDDEN_MODULES & set(path.relative_to(ROOT / "src").with_suffix("").parts)
    assert [n for n in classes if FORBIDDEN_WORDS & set(re.findall("[A-Z][a-z]*", n))] == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT / "src")))
def test_silenced_rules_say_why(path):
    """Every `noqa` and `type: ignore` carries its code and its reason."""
    lines = path.read_text("utf-8").splitlines()
    assert [line for line in lines if SILENCED.search(line) and not EXPLAINED.search(line)] == []


def test_no_tracked_file_names_a_package_registry():
    """Locks and texts name packages and hashes, never the host they come from."""
    assert matches(REGISTRY, tracked()) == []


def test_no_tracked_file_carries_the_marks_of_foreign_code():
    """Nothing but the licence itself claims a copyright."""
    assert matches(FOREIGN, [path for path in tracked() if path.name != "LICENSE"]) == []


def test_no_tracked_file_is_larger_than_a_megabyte():
    """The repository stays light."""
    assert [str(path) for path in tracked() if path.stat().st_size > 1_000_000] == []


def test_generated_pages_are_current():
    """`docs/build_reference.py --check` finds nothing stale."""
    command = [sys.executable, "docs/build_reference.py", "--check"]
    outcome = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (outcome.returncode, outcome.stderr) == (0, "")


@pytest.mark.parametrize("path", STUDIES, ids=lambda path: path.stem)
def test_study_is_valid_and_helps_the_editor(path):
    """Every study in events/ loads, and its first line names the schema beside it."""
    from eventstudy.spec import load

    first = path.read_text("utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=study.schema.json"
    assert load(path).study.events


def test_there_are_studies():
    """The parametrised test above has something to look at."""
    assert {"stamp-duty", "regulator-statements", "tech-meetings"} <= {p.stem for p in STUDIES}


@pytest.mark.parametrize("path", GUIDES, ids=lambda path: str(path.relative_to(ROOT)))
def test_commands_of_the_guides_exist(path):
    """Every `make` target that a guide names is one of the Makefile."""
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    named = set(re.findall(r"(?:^|`)make ([a-z-]+)", path.read_text("utf-8"), re.M))
    assert named <= targets


def test_the_readme_has_its_two_commands():
    """A stranger starts with `make report` and `make test`."""
    assert "```sh\nmake report\nmake test\n```" in (ROOT / "README.md").read_text("utf-8")


def test_the_ci_script_is_a_program():
    """`.ci/run` may be executed, and the shell can read it."""
    script = ROOT / ".ci" / "run"
    assert script.stat().st_mode & 0o111
    subprocess.run(["bash", "-n", str(script)], check=True)


def test_the_changelog_has_room_for_the_next_change():
    """Changes since the last release stand under their own heading."""
    assert "## Unreleased\n" in (ROOT / "CHANGELOG.md").read_text("utf-8")


@pytest.mark.parametrize("name", eventstudy.__all__)
def test_public_name_resolves(name):
    """Each public name is imported when it is first asked for."""
    assert getattr(eventstudy, name).__name__ == name


def test_public_names_are_all_there_is():
    """`dir` shows the public names; any other name is an AttributeError."""
    assert dir(eventstudy) == sorted(eventstudy.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = eventstudy.nothing


def test_a_number_of_things_is_counted_by_one_function():
    """`1 events` and an `s` added by hand: formats.counted and formats.count write both right."""
    by_hand = re.compile(r"""['"]s?['"] if \w+ [=>]=? 1 else ['"]s?['"]""")
    listed = re.compile(
        r"\{(?:n|k|count|few|blank|len\([^{}]*\))\} (?:\w+ )?(?:event|session|day)s\b"
    )
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in SOURCES
        for line in path.read_text("utf-8").splitlines()
        if path.name != "counting.py" and (by_hand.search(line) or listed.search(line))
    ]
    assert found == []
