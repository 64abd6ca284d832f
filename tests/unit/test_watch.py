"""A report is built again when its study file, or one it takes events from, is saved."""

import threading
from contextlib import contextmanager
from functools import partial
from importlib import import_module

import numpy as np
import pytest

from eventstudy.errors import ReportError
from eventstudy.report.watch import affected, watch


@pytest.fixture
def studies(tmp_path):
    names = {"a.yaml": "events_from: [more/c.yaml]\n", "b.yaml": "title: b\n"}
    for name, text in names.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "c.yaml").write_text("title: c\n")
    return [tmp_path / name for name in names]


def test_a_study_is_built_again_with_those_that_name_it(studies):
    a, b = studies
    assert affected(studies, {a}) == [a]
    assert affected(studies, {a.parent / "more" / "c.yaml"}) == [a]
    assert affected(studies, {a.parent / "other.yaml"}) == []
    a.unlink()
    assert affected(studies, {a, b}) == [a, b]


@contextmanager
def changing(act):
    """Change files in the background: again and again, for the watch begins in its own time."""
    done = threading.Event()

    def change():
        for turn in range(200):
            act(turn)
            if done.wait(0.2):
                return

    changer = threading.Thread(target=change)
    changer.start()
    try:
        yield
    finally:
        done.set()
        changer.join()


@pytest.fixture
def during():
    """Watch while files are changed, until something was seen; what was built, and what was told."""

    def _during(paths, act, seen):
        built, told = [], []

        def note(kind, what):
            kind.append(what)
            if seen(built, told):
                raise KeyboardInterrupt

        with changing(act), pytest.raises(KeyboardInterrupt):
            watch(paths, lambda files: note(built, list(files)), partial(note, told))
        return built, told

    return _during


def test_saving_builds_and_a_broken_file_does_not_end_the_watch(studies, during):
    built, told = during(
        studies,
        lambda turn: studies[0].write_text(f"broken: [{turn}\n"),
        lambda built, _: len(built) == 2,
    )
    assert built == [[studies[0]]] * 2
    assert told == []


def test_a_new_file_of_a_folder_is_built(studies, during):
    folder, fresh = studies[0].parent, studies[0].parent / "new.yaml"
    built, _ = during(
        [folder], lambda turn: fresh.write_text(f"title: {turn}\n"), lambda built, _: built
    )
    assert built == [[fresh]]


def test_a_file_that_is_taken_away_is_told_and_watched_for(studies, during):
    """Only the other one is built from then on, until it comes back."""

    def act(turn):
        if turn < 5:
            studies[1].write_text(f"title: {turn}\n")
        elif turn == 5:
            studies[1].unlink()
        else:
            studies[0].write_text(f"title: {turn}\n")

    built, told = during(
        studies, act, lambda built, told: told and built and built[-1] == [studies[0]]
    )
    assert told == [f"{studies[1]} is gone; its report is left as it is"]
    assert studies[1] not in built[-1]
    built, _ = during(
        studies, lambda turn: studies[1].write_text(f"b: {turn}\n"), lambda built, _: built
    )
    assert built == [[studies[1]]]


def test_every_building_asks_the_clock_and_none_ends_the_watch(call, studies, monkeypatch):
    asked, days = [], iter(("2024-01-01", "2024-01-02", "2024-01-03"))

    def build(files, *, options, **_):
        asked.append((list(files), str(options.access.now)))
        if len(asked) == 2:
            raise ReportError("the disk is full")
        return 0

    def saved_twice(paths, rebuild, _tell):
        assert paths == [studies[0].parent]
        rebuild(studies[:1])
        rebuild(studies[1:])

    monkeypatch.setattr("eventstudy.cli.arguments.clock", lambda: np.datetime64(next(days)))
    monkeypatch.setattr(import_module("eventstudy.report.build"), "build", build)
    monkeypatch.setattr(import_module("eventstudy.report.watch"), "watch", saved_twice)
    code, _, complaint = call("run", studies[0].parent, "--watch")
    assert code == 0
    assert asked == [
        (studies, "2024-01-01"),
        (studies[:1], "2024-01-02"),
        (studies[1:], "2024-01-03"),
    ]
    assert complaint == "the disk is full\n"
