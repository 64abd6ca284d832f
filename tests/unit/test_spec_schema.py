"""The JSON Schema says what the loader says, with the meaning of every key."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from eventstudy.cli import main
from eventstudy.errors import SpecError
from eventstudy.registry import plugins
from eventstudy.simulate import load as simulation_file
from eventstudy.simulate.schema import simulation_schema
from eventstudy.spec import json_schema, load
from tests.property.mutations import FULL

ROOT = Path(__file__).parents[2]
STUDIES = sorted((ROOT / "events").glob("*.yaml"))


class Editor(yaml.SafeLoader):
    """Types as editors see them: YAML 1.2 knows numbers and true, but neither dates nor 15:00."""


Editor.yaml_implicit_resolvers = {}
Editor.add_implicit_resolver("tag:yaml.org,2002:null", re.compile("(~|null|)$"), None)
Editor.add_implicit_resolver("tag:yaml.org,2002:int", re.compile("[-+]?[0-9]+$"), None)
Editor.add_implicit_resolver("tag:yaml.org,2002:float", re.compile(r"[-+]?[0-9]+\.[0-9]+$"), None)
Editor.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("(true|false)$"), None)


@pytest.fixture(scope="module")
def validator():
    """The schema, itself valid under its own draft."""
    schema = json_schema()
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def errors(validator, text):
    """Paths of the values that the schema refuses."""
    tree = yaml.load(text, Loader=Editor)  # noqa: S506 - a safe loader with fewer types
    found = validator.iter_errors(tree)
    return ["/".join(map(str, error.absolute_path)) for error in found]


@pytest.mark.parametrize("path", STUDIES, ids=lambda path: path.stem)
def test_the_studies_of_the_repository_are_valid(validator, path):
    """What `check` passes, an editor does not underline."""
    assert load(path)
    assert errors(validator, path.read_text("utf-8")) == []


def test_a_study_that_says_everything_is_valid(validator):
    """Every key with a value, models and statistics with options."""
    assert errors(validator, FULL) == []


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("format: 1", "format: 2", "format"),
        ("returns: log", "returns: logs", "returns"),
        ("alpha: 0.05", "alpha: 5", "alpha"),
        ("seed: 1", "sead: 1", ""),
        ("- constant_mean", "- constant_man", "models/0"),
        ("- constant_mean", "- market", "models/0"),
        ("lag: previous_close", "lag: previous", "models/1"),
        ("benchmark: SPX, ", "", "models/1"),
        ("id: A", "id: ../A", "events/0/id"),
        ("until: 2023-09-01", "until: 1 Sep 2023", "events/0/until"),
        ("timezone: Asia/Shanghai\n", "timezone:\n", "events/0/timezone"),
        ('url: "https:', 'url: "ftp:', "events/0/sources/0/url"),
        ("windows: [[0, 0],", "windows: [0,", "windows/0"),
        ("title: First", "titel: First", "events/0"),
        ("windows: [[0, 0],", "windows: [[0, 5001],", "windows/0/1"),
    ],
)
def test_what_the_loader_refuses_the_schema_refuses(validator, old, new, where):
    """One mistake each in the full study."""
    assert old in FULL
    assert where in errors(validator, FULL.replace(old, new, 1))


def test_every_registered_plugin_can_be_completed():
    """By name alone where it needs no option, and as a block."""
    blocks = json_schema()["$defs"]
    for kind, package in (("model", "models"), ("statistic", "inference"), ("source", "sources")):
        for name, plugin in plugins(f"eventstudy.{package}").items():
            assert blocks[f"{kind}.{name}"]["properties"]["name"]["const"] == name
            assert plugin.reference in blocks[f"{kind}.{name}"]["description"]
    assert "market" not in blocks["model"]["enum"]
    assert "constant_mean" in blocks["model"]["enum"]


def test_every_key_has_a_description():
    """An editor shows it; the reference page is made from it."""
    schema = json_schema()
    blocks = {"": schema, **schema["$defs"]}
    silent = [
        f"{name}.{key}"
        for name, block in blocks.items()
        for key, rule in block.get("properties", {}).items()
        if not rule.get("description")
    ]
    assert silent == []


def test_patterns_are_understood_by_editors():
    """JavaScript with its unicode flag refuses escapes that Python lets pass."""
    patterns = re.findall('"pattern": "(.*?[^\\\\])"', json.dumps(json_schema()))
    escapes = {
        escape for pattern in patterns for escape in re.findall(r"\\.", json.loads(f'"{pattern}"'))
    }
    assert len(patterns) > 20
    assert escapes == {r"\d"}


def test_the_defaults_are_written_as_a_file_writes_them():
    """A reader may copy them from the schema into a study."""
    keys = json_schema()["properties"]
    market = {"name": "market", "benchmark": "SPX", "lag": "previous_close"}
    assert keys["models"]["default"] == ["constant_mean", market]
    assert keys["source"]["default"] == "snapshot"
    assert keys["estimation"]["default"] == [-130, -11]


@pytest.fixture(scope="module")
def of_designs():
    schema = simulation_schema()
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


DESIGN = """format: 1
title: T
alternatives: greater
models: [market, {name: dimson, leads_lags: 2}]
statistics: [bmp, {name: sign_flip, draws: 99}]
law: {tails: [normal, 5], garch: 0.1/0.85, correlation: [0, 0.1]}
events: 10
effect: [0, 0.5]
windows: [[0, 0], [-1, 1]]
"""


def test_designs_are_valid(of_designs, tmp_path):
    """What `simulate` takes, an editor does not underline: a design with every kind of key, and the examples."""
    (tmp_path / "design.yaml").write_text(DESIGN, "utf-8")
    assert simulation_file(tmp_path / "design.yaml")
    assert errors(of_designs, DESIGN) == []
    grouped = f"{DESIGN}groups: {{share: [0.2, 0.5], difference: 1}}\n".replace(
        "bmp,", "permutation,"
    )
    (tmp_path / "design.yaml").write_text(grouped, "utf-8")
    assert simulation_file(tmp_path / "design.yaml")
    assert errors(of_designs, grouped) == []
    for path in (ROOT / "docs" / "examples").glob("*.yaml"):
        text = path.read_text("utf-8")
        assert errors(of_designs, text) == []
        assert text.startswith("# yaml-language-server: $schema=simulation.schema.json")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("format: 1", "format: 2"),
        ("alternatives: greater", "alternatives: larger"),
        ("{name: dimson, leads_lags: 2}", "{name: dimson, leads_lags: 3}"),
        ("models: [market,", "models: [capm,"),
        ("statistics: [bmp,", "statistics: [permutation,"),
        ("bmp, {name: sign_flip", "bmp, {name: permutation"),
        ("events: 10", "events: 10\ngroups: {share: 1}"),
        ("events: 10", "events: 10\ngroups: {shares: 0.5}"),
        ("draws: 99", "drows: 99"),
        ("tails: [normal, 5]", "tails: [normal, 2]"),
        ("garch: 0.1/0.85", "garch: 0.1"),
        ("correlation: [0, 0.1]", "correlation: [0, 1]"),
        ("events: 10", "events: []"),
        ("effect: [0, 0.5]", "effects: [0, 0.5]"),
        ("law: {", "returns: {market: M}\nlaw: {"),
    ],
)
def test_what_simulate_refuses_the_schema_refuses(of_designs, tmp_path, old, new):
    """One mistake each in the design."""
    assert old in DESIGN
    text = DESIGN.replace(old, new, 1)
    (tmp_path / "design.yaml").write_text(text, "utf-8")
    with pytest.raises(SpecError):
        simulation_file(tmp_path / "design.yaml")
    assert errors(of_designs, text) != []


def test_every_key_of_a_design_has_a_description(of_designs):
    blocks = {"": of_designs.schema, **of_designs.schema["$defs"]}
    silent = [
        f"{name}.{key}"
        for name, block in blocks.items()
        for key, rule in block.get("properties", {}).items()
        if not rule.get("description")
    ]
    assert silent == []


def test_both_schemas_are_printed(capsys):
    assert main(["schema"]) == 0
    assert json.loads(capsys.readouterr().out)["title"] == "Study"
    assert main(["schema", "simulation"]) == 0
    assert json.loads(capsys.readouterr().out)["title"] == "Simulation"
    assert main(["schema", "simulations"]) == 2
    assert "did you mean 'simulation'" in capsys.readouterr().err
