"""The command line as users meet it: output, exit codes, and what it does not import."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from eventstudy.cli import study_files
from eventstudy.errors import SpecError

ROOT = Path(__file__).parents[2]
SHORTEST = "format: 1\ntitle: T\nevents:\n  - {id: A, announced: 2023-08-27, title: a}\n"


@pytest.fixture
def folder(tmp_path):
    """A directory with a good study and a bad one."""
    (tmp_path / "good.yaml").write_text(SHORTEST, encoding="utf-8")
    (tmp_path / "bad.yaml").write_text(SHORTEST.replace("title: T", "titel: T"), encoding="utf-8")
    (tmp_path / "notes.txt").write_text("no study", encoding="utf-8")
    return tmp_path


def test_check_prints_a_line_for_each_good_file(call):
    """The studies of the repository."""
    code, out, err = call("check", ROOT / "events")
    assert (code, err) == (0, "")
    assert f"{ROOT / 'events' / 'tech-meetings.yaml'}: " in out
    assert "(4 events)" in out


def test_check_shows_all_mistakes_of_all_files(call, folder):
    """Good files go to the output, mistakes to the error stream; the code is the highest."""
    code, out, err = call("check", folder, folder / "none.yaml")
    assert code == 2
    assert out == f"{folder / 'good.yaml'}: T (1 event)\n"
    assert "did you mean 'title'?" in err
    assert "[missing-key]" not in err  # a misspelt key is one mistake
    assert "[file-not-found]" in err
    assert "Traceback" not in err


def test_a_directory_stands_for_its_yaml_files_in_order(folder):
    """A file that is named twice is studied once."""
    bad, good = folder / "bad.yaml", folder / "good.yaml"
    assert study_files([good, folder]) == [good, bad]
    assert study_files([folder]) == [bad, good]


def test_a_directory_without_a_study_is_a_mistake(call, tmp_path):
    """Rather than a run that does nothing."""
    with pytest.raises(SpecError):
        study_files([tmp_path])
    code, _, err = call("check", tmp_path)
    assert code == 2
    assert "no study" in err


def test_new_writes_a_study_that_passes_check(call, tmp_path):
    """And does not write over a file."""
    path = tmp_path / "mine.yaml"
    assert call("new", path)[0] == 0
    assert call("check", path)[0] == 0
    before = path.read_bytes()
    code, _, err = call("new", path)
    assert (code, path.read_bytes()) == (2, before)
    assert "choose another name" in err
    code, _, err = call("new", tmp_path / "none" / "mine.yaml")
    assert code == 2
    assert "cannot be written" in err


@pytest.mark.parametrize(
    ("topic", "words"),
    [
        ("models", ("market", "benchmark (required), lag=none", "MacKinlay (1997)")),
        ("statistics", ("patell", "Patell (1976)", "bmp")),
        ("sources", ("snapshot",)),
        ("instruments", ("HSTECH", "Asia/Hong_Kong", "yahoo 3033.HK")),
    ],
)
def test_list_shows_names_options_and_references(call, topic, words):
    """One aligned line each where the output is not a terminal."""
    code, out, _ = call("list", topic)
    assert code == 0
    assert all(word in out for word in words)


def test_an_unknown_list_is_refused_with_those_that_exist(call):
    """As any other unknown name."""
    code, _, err = call("list", "modles")
    assert code == 2
    assert "did you mean 'models'?" in err


def test_schema_prints_json(call):
    """The text that editors read."""
    code, out, _ = call("schema")
    assert code == 0
    assert json.loads(out)["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_data_status_shows_the_series(call):
    """With their ranges and hashes."""
    code, out, _ = call("data", "status")
    assert code == 0
    assert out.splitlines()[0].split()[0] == "instrument"
    assert "2025-12-31" in out


def test_version_and_help(call):
    """What every program answers."""
    assert call("--version")[:2] == (0, f"eventstudy {version('policy-eventstudy')}\n")
    code, out, _ = call("--help")
    assert code == 0
    assert all(word in out for word in ("run", "check", "new", "list", "schema", "data"))


@pytest.mark.parametrize("arguments", [("chek",), ("check", "--no-such-option"), ("new",)])
def test_a_wrong_command_line_is_the_users_mistake(call, arguments):
    """Exit code 2, and where help is to be had."""
    code, _, err = call(*arguments)
    assert code == 2
    assert "--help" in err


def test_our_own_bug_gives_one_message_and_a_traceback_only_on_demand(call, monkeypatch):
    """A module that is gone stands for any bug."""
    monkeypatch.setitem(sys.modules, "eventstudy.spec.schema", None)
    monkeypatch.delitem(sys.modules, "eventstudy.spec", raising=False)
    code, _, err = call("schema")
    assert code == 1
    assert "Please report it" in err
    assert "Traceback" not in err
    assert "Traceback" in call("--debug", "schema")[2]


def test_an_interrupted_command_ends_with_130():
    """As shells expect of Ctrl-C."""
    program = (
        "import sys; from eventstudy import cli;"
        "cli.study_files = lambda paths: (_ for _ in ()).throw(KeyboardInterrupt);"
        "sys.exit(cli.main(['check']))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert done.returncode == 130


@pytest.mark.parametrize(
    ("command", "forbidden"),
    [
        ("--help", {"numpy", "pandas", "scipy", "exchange_calendars", "pydantic", "yaml", "rich"}),
        ("check", {"numpy", "pandas", "scipy", "exchange_calendars", "pyarrow"}),
        ("list models", {"numpy", "pandas", "scipy", "exchange_calendars"}),
        ("schema", {"numpy", "pandas", "scipy", "exchange_calendars"}),
    ],
)
def test_light_commands_import_nothing_heavy(command, forbidden):
    """They answer in a blink; seen in a fresh interpreter."""
    program = (
        "import sys; from eventstudy.cli import main;"
        f"code = main({command.split()!r});"
        "print(*sorted({name.partition('.')[0] for name in sys.modules}), file=sys.stderr);"
        "sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert done.returncode == 0, done.stderr
    assert forbidden & set(done.stderr.splitlines()[-1].split()) == set()


@pytest.mark.parametrize(("given", "used"), [(None, "1"), ("4", "4")])
def test_one_thread_multiplies_matrices_unless_the_user_wants_more(call, monkeypatch, given, used):
    """Threads that wait for each other doubled the CPU time of a panel."""
    monkeypatch.setenv("OMP_NUM_THREADS", given or "")
    if given is None:
        monkeypatch.delenv("OMP_NUM_THREADS")
    call("--help")
    assert os.environ["OMP_NUM_THREADS"] == used


def test_the_module_runs_as_the_command_does():
    """`python -m eventstudy`."""
    done = subprocess.run(
        [sys.executable, "-m", "eventstudy", "--version"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("eventstudy ")


def test_on_a_terminal_no_date_or_hash_is_cut():
    """A drawn table of 100 columns wraps long texts and leaves short ones whole."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "eventstudy", "data", "status"]
    environment = {**os.environ, "COLUMNS": "100", "TERM": "dumb"}
    with subprocess.Popen(command, stdout=theirs, stderr=theirs, env=environment) as process:
        os.close(theirs)
        shown = b""
        while True:
            try:
                shown += os.read(ours, 65_536)
            except OSError:
                break
    os.close(ours)
    assert process.returncode == 0
    assert b"2025-12-31" in shown
    assert "…".encode() not in shown
