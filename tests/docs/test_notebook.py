"""The notebook in a kernel of its own: every cell runs, prints what is stored, and a report shows itself."""

import os
import sys
from pathlib import Path

import nbclient
import nbformat
import pytest

ROOT = Path(__file__).parents[2]
NOTEBOOK = ROOT / "docs" / "tutorials" / "from-python.ipynb"


@pytest.fixture
def kernel(tmp_path, monkeypatch):
    """An empty folder to run in, nothing of the user's, and the project as these tests have it."""
    for variable in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR"):
        monkeypatch.setenv(variable, str(tmp_path / variable))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(path for path in sys.path if path))
    work = tmp_path / "work"
    work.mkdir()
    return work


def printed(cell):
    """The lines that a cell prints, without spaces at their ends."""
    parts = [each["text"] for each in cell["outputs"] if each["output_type"] == "stream"]
    return [line.rstrip() for line in "".join(parts).splitlines()]


@pytest.mark.filterwarnings("default")
def test_the_notebook_runs_and_prints_what_is_stored(kernel):
    stored = nbformat.read(NOTEBOOK, as_version=4)
    fresh = nbformat.read(NOTEBOOK, as_version=4)
    fresh.cells.append(nbformat.v4.new_code_cell("page"))
    nbclient.NotebookClient(fresh, timeout=120, resources={"metadata": {"path": kernel}}).execute()
    *cells, last = fresh.cells
    assert [printed(cell) for cell in cells if cell["cell_type"] == "code"] == [
        printed(cell) for cell in stored.cells if cell["cell_type"] == "code"
    ]
    (shown,) = last["outputs"]
    assert shown["data"]["text/html"].startswith("<iframe ")
    assert (kernel / "firms.html").stat().st_size > 100_000
