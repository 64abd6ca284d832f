"""Every reason, finding and note that the analysis writes has its words in every language of reports.

The texts are read from the source, so that one that is reworded fails here and not in a report.
"""

import ast
import re
from itertools import product
from pathlib import Path

import pytest

from eventstudy.language import LANGUAGES, retold, using

SOURCE = Path(__file__).parents[2] / "src" / "eventstudy"
ROOMS = (
    *("abnormal.py", "aggregate.py", "alignment", "benchmark.py", "comparison", "diagnostics.py"),
    *("inference", "models", "outcomes", "panel", "placebo", "press.py", "quality", "regressions"),
    *("returns", "reversal", "study", "systems", "verdict.py"),
)
"""Where results are made; sources and stores speak on the terminal."""
DECLARED = frozenset({"reference", "title", "null", "description"})
"""Class attributes that stand in the catalogue by themselves."""

UNSEEN = {
    "alignment/exchanges.py": ("*",),
    "models/comparison_group.py": ("every peer needs", "7 is not among the peers"),
    "models/market.py": ("leads and lags do not go",),
    "panel/cells.py": ("none is given",),
    "panel/chunks.py": ("7 events on 7 sessions", " in each of 7 processes"),
    "panel/events.py": ("*",),
    "panel/gathering.py": ("leave out --memory",),
    "panel/models.py": ("option of the model",),
    "panel/run.py": ("no event can be studied:",),
    "placebo/_filtered.py": ("the procedure garch_quantile needs",),
    "quality/gate.py": ("  - {check",),
    "regressions/base.py": ("iid, HC0",),
    "study/cells.py": ("more than max_dropped", "none is left"),
}
"""What no report shows: messages of errors, sources of calendars."""

NO_PRICES = "the source gives simple returns and no prices: they are {used}; day 0 has no overnight part, and no level is drawn"
COMPOSED = {
    "7 events on both sides and cannot change sides as a whole": (
        "1 cluster has events on both sides and cannot change sides as a whole",
        "2 clusters have events on both sides and cannot change sides as a whole",
    ),
    "for a variance that changes; 7 needed": ("12 returns for a variance that changes; 30 needed",),
    "7, in the estimation window": (
        "the regressor of MKT does not vary, or is a combination of the others, in the estimation window",
    ),
    "in the estimation window; 7 needed": ("1 return in the estimation window; 3 needed",),
    "residuals of AR(7) are autocorrelated: Ljung-Box(7) 7": (
        "residuals of AR(2) are autocorrelated: Ljung-Box(10) p = 0.012",
        "residuals of AR(2) are autocorrelated: Ljung-Box(10) p < 0.001",
    ),
    "7 sessions of 7 is not in 7: missing there": (
        "1 session of R.csv is not in M.csv: missing there",
    ),
    "as few as 7 for 7 of 7 to move to; 7 needed": (
        "as few as 7 candidate days for 1 of 5 events to move to; 19 needed",
        "together with the other assets: as few as 1 candidate day for 1 of 5 events to move to; 19 needed",
    ),
    "7 of 9 events share sessions of days 0 to +1 with another7; 7 lies apart": (
        "9 of 9 events share sessions of days −1 to +5 with another; one cluster lies apart: A, B",
    ),
    "7 of 9 events share sessions of days 0 to +1 with another7; 7 lie apart": (
        "0 of 9 events share sessions of days −1 to +5 with another; nine clusters lie apart",
    ),
    " or are confounded by one": (
        "2 of 9 events share sessions of days 0 to +1 with another or are confounded by one; 8 clusters lie apart: A",
    ),
    "; 7 are left out there: 7 to 7 of 7, 7 on average": (),
    "days 0 to +1 of every event of the 7": (
        (
            "2 of 9 events have another of this study in their estimation window; days −1 to +1 of every event of the"
            " study are left out there: 0 to 3 of 250, 1.2 on average"
        ),
    ),
    "7 of 7 7s are more than 7 from 7": (
        "3 of 400 closes are more than 5 bp from the second source: 2024-01-02 (+7 bp)",
        "0 of 400 returns are more than 50 bp from the embedded data",
    ),
    NO_PRICES.format(used="7"): (),
    "used as they are": (NO_PRICES.format(used="used as they are"),),
    "used as log(1 + r)": (NO_PRICES.format(used="used as log(1 + r)"),),
    "7; at least 7 others are needed": (
        "3 of 4 dates left out: too few different events for 2 coefficients; at least 2 others are needed",
    ),
    "the estimation window begins 7, the returns of 7 begin on 7": (
        "the estimation window begins on 2020-01-02, the returns of X begin on 2020-03-02",
    ),
    "before the calendar": (
        "the estimation window begins before the calendar, the returns of X begin on 2020-03-02",
    ),
    "7 of 7 returns in the estimation window7; 7 needed": (
        "20 of 250 returns in the estimation window; 100 needed",
    ),
    ", those near other events left out": (
        "20 of 250 returns in the estimation window, those near other events left out; 100 needed",
    ),
    "at or below 7": (),
    "the expected returns are no regression on a constant: 7": (
        (
            "the expected returns are no regression on a constant: equations that do not share their regressors"
            " have no exact joint test"
        ),
    ),
}
"""Texts that are put together of parts: how they read then, or nothing where another entry has them."""


def filled(node):
    """Return the ways in which a text of the source may read, with 7 for what differs."""
    if isinstance(node, ast.Constant):
        return [node.value] if isinstance(node.value, str) else []
    if not isinstance(node, ast.JoinedStr):
        return []
    return ["".join(parts) for parts in product(*map(ways, node.values))]


def ways(part):
    """Return what a part of a formatted text may be."""
    if isinstance(part, ast.Constant):
        return [part.value]
    given = part.value
    if isinstance(given, ast.IfExp) and isinstance(given.body, ast.Constant):
        return [str(given.body.value), *(filled(given.orelse) or ["7"])]
    if isinstance(given, ast.Call):
        name = getattr(given.func, "id", getattr(given.func, "attr", ""))
        if name == "counted":
            things = [word for argument in given.args[1:] for word in filled(argument)]
            return [f"7 {things[-1]}" if things[1:] else f"7 {(things or ['thing'])[0]}s"]
        return [{"_of": "7 of 9", "window": "days 0 to +1"}.get(name, "7")]
    return ["'7'" if part.conversion == ord("r") else "7"]


def skipped(tree):
    """Return what of a module no reader sees: documentation, errors, and parts of texts."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            found.add(id(node.value))
        inside = []
        if isinstance(node, ast.JoinedStr):
            inside = [each for part in node.values for each in ast.walk(part)]
        elif (
            isinstance(node, ast.Raise)
            or getattr(getattr(node, "target", None), "id", "") in DECLARED
        ):
            inside = ast.walk(node)
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Rule":
            inside = [node.args[2]]  # what is counted: part of a finding
        found |= {id(each) for each in inside}
    return found


def written(path):
    """Yield the texts of a module that may be a reason, a finding or a note."""
    tree = ast.parse(path.read_text("utf-8"))
    unseen = skipped(tree)
    for node in ast.walk(tree):
        if id(node) not in unseen:
            for text in filled(node):
                if len(re.findall(r"[A-Za-z]{2,}", text)) >= 3 and " " in text:
                    yield text
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Rule":
            for what in filled(node.args[2]):
                yield from (f"7 of 99 {what}", f"7 of 99 {what}: 2024-01-02, 2024-02-05")


def modules():
    for room in ROOMS:
        path = SOURCE / room
        yield from [path] if path.suffix else sorted(path.rglob("*.py"))


@pytest.fixture(scope="module")
def texts():
    """The texts of every module that have no translation as they stand, by module."""
    with using(LANGUAGES[1]):
        return {
            path.relative_to(SOURCE).as_posix(): [
                text for text in dict.fromkeys(written(path)) if str(retold(text)) == text
            ]
            for path in modules()
        }


def is_unseen(module, text):
    return any(start == "*" or text.startswith(start) for start in UNSEEN.get(module, ()))


def test_every_reason_in_the_source_has_its_words(texts):
    """A new or changed reason belongs in language/reasons.py, and its translation in the catalogue."""
    left = {
        (module, text)
        for module, found in texts.items()
        for text in found
        if not is_unseen(module, text) and text not in COMPOSED
    }
    assert left == set()


def test_what_is_left_out_is_still_there(texts):
    for module, starts in UNSEEN.items():
        for start in starts:
            assert any(start == "*" or text.startswith(start) for text in texts[module]), module
    every = [text for found in texts.values() for text in found]
    assert [text for text in COMPOSED if text not in every] == []


@pytest.mark.parametrize("text", [text for found in COMPOSED.values() for text in found])
@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_texts_of_several_parts_are_told(text, language):
    """No run of English words is left but names."""
    with using(language):
        told = str(retold(text))
    assert not re.search(r"[a-z]{3,} [a-z]{2,} [a-z]{2,}", told), told
