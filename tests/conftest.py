"""Options that all tests share, and the order of their files."""

import os

import pytest

from eventstudy.cli import main

# as the command line does, before anything imports numpy: threads would only wait for each other
os.environ.setdefault("OMP_NUM_THREADS", "1")


def pytest_addoption(parser):
    parser.addoption(
        "--update-golden", action="store_true", help="write tests/golden anew, to be reviewed"
    )


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Put the pages first: a file goes to one worker whole, and theirs takes longest."""
    items.sort(key=lambda item: "browser" not in item.keywords)


@pytest.fixture
def call(capsys):
    """Run a command in this process; return its exit code, output and complaints."""

    def _call(*arguments):
        code = main([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return _call
