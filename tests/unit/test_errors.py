"""Exit codes, the look of a problem, and names that are close."""

from __future__ import annotations

import pytest

from eventstudy.errors import (
    DataError,
    EventError,
    EventStudyError,
    Problem,
    SpecError,
    UnknownNameError,
    did_you_mean,
)


@pytest.mark.parametrize(
    ("error", "code"), [(EventStudyError, 1), (SpecError, 2), (DataError, 3), (EventError, 3)]
)
def test_exit_codes(error, code):
    """2 for the user's mistakes, 3 for data that cannot be had, 1 for ours."""
    assert error.exit_code == code


def test_a_problem_shows_its_place_its_line_and_a_caret():
    """In the form that editors and terminals turn into a link."""
    problem = Problem("unknown-key", "s.yaml", 3, 5, "events[0].x", "wrong", "    x: 1")
    assert str(problem) == "s.yaml:3:5: events[0].x: wrong [unknown-key]\n        x: 1\n        ^"


def test_the_caret_stands_below_a_wide_character():
    """A Chinese character takes two columns of a terminal."""
    problem = Problem("bad-date", "s", 1, 4, "", "wrong", "标题: x")
    assert str(problem).splitlines()[2] == "    " + " " * 5 + "^"


def test_of_a_long_line_only_the_part_around_the_mistake_is_shown():
    """A file of a megabyte may be one line."""
    line = "a" * 5_000 + "!" + "b" * 5_000
    _, echo, caret = str(Problem("not-yaml", "s", 1, 5_001, "", "wrong", line)).splitlines()
    assert len(echo) == 104
    assert echo[caret.index("^")] == "!"


def test_a_line_cannot_steer_the_terminal():
    """Escape sequences and tabs are shown as spaces."""
    assert "\x1b" not in str(Problem("not-yaml", "s", 1, 1, "", "wrong", "\x1b[2Ja\tb"))


def test_a_close_name_is_suggested_and_a_distant_one_is_not():
    """Upper and lower case do not matter."""
    assert did_you_mean("Markt", ["market", "bmp"]) == "; did you mean 'market'?"
    assert did_you_mean("capm", ["market", "bmp"]) == ""
    assert did_you_mean("market" * 50_000, ["market"]) == ""


def test_an_unknown_name_lists_those_that_exist():
    """In alphabetical order, as attributes too."""
    error = UnknownNameError("model", "x" * 200, ["market", "constant_mean"])
    assert error.allowed == ("constant_mean", "market")
    assert str(error) == (f"there is no model '{'x' * 57}...'; allowed: constant_mean, market")
