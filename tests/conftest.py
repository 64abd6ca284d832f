"""Options that all tests share, and the order of their files."""

import pytest


def pytest_addoption(parser):
    parser.addoption(
        "--update-golden", action="store_true", help="write tests/golden anew, to be reviewed"
    )


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Put the pages first: a file goes to one worker whole, and theirs takes longest."""
    items.sort(key=lambda item: "browser" not in item.keywords)
