"""A report is built again when its study file, or one it takes events from, is saved."""

import threading

import pytest

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


def test_saving_builds_and_a_broken_file_does_not_end_the_watch(studies):
    """Saved until seen, for the watch begins in its own time; the second building is interrupted."""
    built, done = [], threading.Event()

    def rebuild(files):
        built.append(files)
        if len(built) == 2:
            raise KeyboardInterrupt

    def save():
        for text in range(200):
            studies[0].write_text(f"broken: [{text}\n")
            if done.wait(0.3):
                return

    saver = threading.Thread(target=save)
    saver.start()
    try:
        with pytest.raises(KeyboardInterrupt):
            watch(studies, rebuild)
    finally:
        done.set()
        saver.join()
    assert built == [[studies[0]]] * 2
