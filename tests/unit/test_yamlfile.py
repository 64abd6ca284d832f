"""YAML text to plain values with places; every structural mistake found at once."""

from __future__ import annotations

import re

import pytest

from eventstudy.errors import SpecError
from eventstudy.yamlfile import Place, read


@pytest.fixture
def write(tmp_path):
    """Write bytes or text to a file and return its path."""

    def _write(content):
        path = tmp_path / "study.yaml"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return _write


def marks(problems):
    """Code, line and column of each problem."""
    return [(problem.code, problem.line, problem.column) for problem in problems]


def refused(path):
    """The problems with which a file is refused."""
    with pytest.raises(SpecError) as caught:
        read(path)
    return marks(caught.value.problems)


def test_every_value_stays_the_text_that_was_written(write):
    """NO is not False, 1e3 and 2023-02-31 are text, a quoted empty text is a text."""
    document = read(write("a: NO\nb: [1e3, 2023-02-31]\nc: {d: '', e: 0o7}\n"))
    assert document.data == {"a": "NO", "b": ["1e3", "2023-02-31"], "c": {"d": "", "e": "0o7"}}
    assert document.problems == ()


def test_every_key_and_value_has_its_place(write):
    """Lines and columns are counted from 1, in characters, not bytes."""
    document = read(write("a: x\nb:\n  - 中文: [é, y]\n"))
    assert document.keys["b", 0, "中文"] == Place(3, 5)
    assert document.values["b", 0, "中文", 1] == Place(3, 13)
    assert document.values["a",] == Place(1, 4)


def test_an_empty_value_stands_where_its_key_stands(write):
    """The parser points behind the colon, which is of no use to a reader."""
    document = read(write("a: x\nbb:\n"))
    assert marks(document.problems) == [("empty-value", 2, 1)]
    assert document.blanks == {("bb",)}


def test_all_repeated_keys_are_found_and_the_first_value_counts(write):
    """A constructing reader would keep the last value, or stop at the first repetition."""
    document = read(write("a: 1\nb: {c: 1, c: 2}\na: 3\na: 4\n"))
    assert document.data == {"a": "1", "b": {"c": "1"}}
    expected = [("repeated-key", 2, 11), ("repeated-key", 3, 1), ("repeated-key", 4, 1)]
    assert marks(document.problems) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: &x 1\nb: *x\n", [("alias", 1, 4), ("alias", 2, 4)]),
        ("a: &x [*x]\n", [("alias", 1, 4), ("alias", 1, 8)]),
        ("a: !!str b\n", [("tag", 1, 4)]),
        ("!!map {a: !x b}\n", [("tag", 1, 1), ("tag", 1, 11)]),
        ("<<: {a: b}\nc: d\n", [("merge-key", 1, 1)]),
        ("? [a, b]\n: c\n", [("bad-key", 1, 3)]),
        ("%YAML 1.1\n---\na: b\n", [("directive", 1, 1)]),
        ("a: b\n---\nc: d\n", [("several-documents", 2, 1)]),
        ('a: "\\x00"\n', [("control-character", 1, 4)]),
    ],
)
def test_what_plain_studies_do_not_need_is_refused_but_stepped_over(write, text, expected):
    """The rest of the file stays readable, so that its mistakes are reported too."""
    assert marks(read(write(text)).problems) == expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", ("empty-file", 1, 1)),
        ("# nothing\n", ("empty-file", 1, 1)),
        ("---\n", ("empty-file", 1, 1)),
        ("- a\n", ("wrong-type", 1, 1)),
        ("a\n", ("wrong-type", 1, 1)),
        ("a: b: c\n", ("not-yaml", 1, 5)),
        ("a: [1, 2\nb: c\n", ("not-yaml", 1, 4)),
        ('a: "x\nb: c\n', ("not-yaml", 1, 4)),
        ("a: @x\n", ("not-yaml", 1, 4)),
        ("a: b\n...\nc\n", ("not-yaml", 3, 1)),
        ("a:\n\t- b\n", ("tab", 2, 1)),
        ("a: b\n  \tc: d\n", ("tab", 2, 3)),
        ("[" * 100_000, ("too-deep", 1, 51)),
        ("{a: " * 100_000, ("too-deep", 1, 201)),
        (b"a: b\nc: d\xff\n", ("not-utf-8", 2, 5)),
        ("a: b\nc: d".encode("utf-16"), ("not-utf-8", 1, 1)),
        ("a: b\nc: \x00", ("control-character", 2, 4)),
    ],
)
def test_a_file_with_nothing_to_go_on_with_is_refused(write, content, expected):
    """One problem, at the place where reading ends."""
    assert refused(write(content)) == [expected]


def test_fifty_levels_are_enough_and_fifty_one_too_many(write):
    """The file's own map is the first level."""
    assert read(write("a: " + "[" * 49 + "]" * 49)).problems == ()
    assert refused(write("a: " + "[" * 50 + "]" * 50)) == [("too-deep", 1, 53)]


def test_mistakes_before_a_syntax_error_are_reported_with_it(write):
    """All at once holds for the part that could be read."""
    assert refused(write("a: 1\na: 2\nb: @\n")) == [("repeated-key", 2, 1), ("not-yaml", 3, 4)]


def test_a_file_over_one_million_bytes_is_refused_by_its_size(tmp_path):
    """A sparse file of a terabyte would not fit into memory, were it read."""
    path = tmp_path / "large.yaml"
    with path.open("wb") as file:
        file.truncate(2**40)
    assert refused(path) == [("file-too-large", 1, 1)]


def test_what_is_no_file_is_refused(tmp_path):
    """A directory, a missing file, a name with NUL, a device that never ends."""
    assert refused(tmp_path) == [("not-a-file", 1, 1)]
    assert refused(tmp_path / "none.yaml") == [("file-not-found", 1, 1)]
    assert refused(tmp_path / "a\0b") == [("unreadable-file", 1, 1)]
    assert refused(type(tmp_path)("/dev/zero")) == [("not-a-file", 1, 1)]


def test_the_study_that_was_meant_is_named(tmp_path):
    """By the name alone, without the folder or the ending, or with a letter missing."""
    (tmp_path / "events").mkdir()
    meant = tmp_path / "events" / "stamp-duty.yaml"
    meant.touch()
    for name in ("stamp-duty", "stamp-duty.yaml", "events/stamp-duty.yml", "events/stampduty.yaml"):
        with pytest.raises(SpecError, match=re.escape(f"does not exist; did you mean {meant}?")):
            read(tmp_path / name)


def test_a_byte_order_mark_is_passed_over(write):
    """Editors on Windows write one."""
    assert read(write("\ufeffa: b\n")).data == {"a": "b"}
