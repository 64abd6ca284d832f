"""Any file is a study or a SpecError with places and codes, never another exception."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random

import pytest

from eventstudy.errors import CODES, SpecError
from eventstudy.spec import StudyFile, load
from tests.property.mutations import FULL, as_text, by_node

EVENTS = sorted((Path(__file__).parents[2] / "events").glob("*.yaml"))
JARGON = re.compile("Input should|Value error|validation error|pydantic|Traceback|%:z")


def outcome(path, content):
    """Load a file; return the codes of its problems after looking at each of them."""
    path.write_bytes(content)
    try:
        assert isinstance(load(path), StudyFile)
    except SpecError as error:
        problems = error.problems
    else:
        return ["ok"]
    assert problems
    assert len(set(problems)) == len(problems)
    for problem in problems:
        assert problem.line >= 1
        assert problem.column >= 1
        assert problem.code in CODES
        assert not JARGON.search(str(problem))
    return [problem.code for problem in problems]


def fuzz(mutate, seeds, path):
    """Return every code met; a failure names its seed."""
    texts = [FULL, FULL, *(file.read_text("utf-8") for file in EVENTS)]
    met = set()
    for seed in seeds:
        draw = Random(seed)
        content = mutate(draw.choice(texts), draw)
        try:
            met |= set(outcome(path, content))
        except Exception as error:
            error.add_note(f"{mutate.__name__}, seed {seed}: {content!r}")
            raise
    return met


def test_the_unbroken_file_is_a_study(tmp_path):
    """Otherwise the mutations would only repeat its own mistakes."""
    assert outcome(tmp_path / "study.yaml", FULL.encode()) == ["ok"]


def test_text_mutations_end_in_a_study_or_a_spec_error(tmp_path):
    """250 files broken as text."""
    met = fuzz(as_text, range(250), tmp_path / "study.yaml")
    assert {"ok", "not-yaml", "unknown-key"} <= met


def test_node_mutations_end_in_a_study_or_a_spec_error(tmp_path):
    """250 files broken node by node reach most rules of validation."""
    met = fuzz(by_node, range(250), tmp_path / "study.yaml")
    assert len(met) >= 25


@pytest.mark.slow
@pytest.mark.parametrize("part", range(10))
@pytest.mark.parametrize("mutate", [as_text, by_node], ids=lambda f: f.__name__)
def test_ten_thousand_mutations(mutate, part, tmp_path):
    """The long run: 5,000 files broken as text, 5,000 node by node."""
    fuzz(mutate, range(1_000 + 500 * part, 1_500 + 500 * part), tmp_path / "study.yaml")
