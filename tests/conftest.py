"""Options that all tests share, and the order of their files."""

import os

import pytest

from eventstudy.cli import main
from tests import studies

# as the command line does, before anything imports numpy: threads would only wait for each other
os.environ.setdefault("OMP_NUM_THREADS", "1")

LONGEST = (
    *("pages", "size", "report", "golden", "yahoo_command", "comparison_study", "study", "yahoo"),
    *("build", "numbers", "panel", "export", "panel40_command", "contract", "day0", "panel_report"),
)
"""Files that take more than some 13 seconds, the longest first; test_outcomes of golden is `golden`."""


def pytest_addoption(parser):
    parser.addoption(
        "--update-golden", action="store_true", help="write tests/golden anew, to be reviewed"
    )


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Put the longest files first: a file goes to one process whole, and none shall begin at the end."""
    items.sort(key=_place)


def _place(item):
    path = item.path
    name = "golden" if path.parent.name == "golden" else path.stem.removeprefix("test_")
    return LONGEST.index(name) if name in LONGEST else len(LONGEST)


@pytest.fixture(scope="session", autouse=True)
def _results_for_all(tmp_path_factory, worker_id):
    """Let the processes of one run share the results of studies."""
    if worker_id != "master":
        studies.SHARED.append(tmp_path_factory.getbasetemp().parent)


@pytest.fixture
def call(capsys):
    """Run a command in this process; return its exit code, output and complaints."""

    def _call(*arguments):
        code = main([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return _call
