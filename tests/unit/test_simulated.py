"""Rates of rejection: counted by hand, and the same after a page has been written and read."""

import numpy as np
import pytest
from benchmarks import simulated
from benchmarks.simulated import Rate


def test_rates_of_series():
    """Two of four p-values of a column reject; the series deviate by 1 - 1/2 * 1 and 1 - 1/2 * 3."""
    p_value = np.array([[[0.05, np.nan]], [[0.2, np.nan]]])
    hits, counts = simulated.low(p_value)
    assert hits.tolist() == [[1, 0], [0, 0]]
    assert counts.tolist() == [[1, 0], [1, 0]]
    hits, counts = np.array([[1.0, 0], [1, 0]]), np.array([[1.0, 0], [3, 0]])
    first, none = simulated.clustered(hits, counts)
    assert first == Rate(0.5, pytest.approx(np.sqrt(0.5**2 + 0.5**2) / 4), 4)
    assert none.n == 0


def test_rates_of_independent_p_values():
    found = simulated.independent(np.array([0.01, 0.05, 0.051, 0.9, np.nan]))
    assert found == Rate(0.5, pytest.approx(0.25), 4)
    assert str(simulated.independent(np.array([np.nan]))) == "–"


def test_page_written_and_read(tmp_path, monkeypatch, capsys):
    page = tmp_path / "page.md"
    page.write_text("Before\n<!-- this: begin -->\nold\n<!-- this: end -->\nafter\n", "utf-8")
    monkeypatch.setattr(simulated, "PAGE", page)
    monkeypatch.setattr("sys.argv", ["", "3"])
    rows = [("a | b", [Rate(0.05, 0.012, 7), Rate(0.0, 0.0, 0)])]
    simulated.tabulate(
        "this", 5, lambda n: simulated.markdown(f"{n} events:", ["x", "y"], ["[0,0]", "z"], rows)
    )
    assert page.read_text("utf-8") == (
        "Before\n<!-- this: begin -->\n3 events:\n\n| x | y | [0,0] | z |\n|---|---|--:|--:|\n"
        "| a | b | 5.0 (1.2) | – |\n<!-- this: end -->\nafter\n"
    )
    assert capsys.readouterr().out.startswith("3 events:")
    np.testing.assert_allclose(simulated.printed("this")["a | b"], [[0.05, 0.012], [np.nan] * 2])
