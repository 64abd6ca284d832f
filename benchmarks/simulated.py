"""Rates of rejection in simulations, and the tables of them in docs/explanation/which-test.md."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

PAGE = Path(__file__).resolve().parents[1] / "docs" / "explanation" / "which-test.md"
LEVEL = 0.05
CELL = re.compile(r"([\d.]+) \(([\d.]+)\)")


@dataclass(frozen=True)
class Rate:
    """Share of p-values at or below .05, its Monte-Carlo error, and the number of p-values."""

    value: float
    error: float
    n: int

    def __str__(self) -> str:
        return f"{100 * self.value:.1f} ({100 * self.error:.1f})" if self.n else "–"


def low(p_value: Floats) -> tuple[Floats, Floats]:
    """Return how many p-values reject, and how many there are, over the last axis but one.

    Parameters
    ----------
    p_value : ndarray, shape (..., n, W)
        NaN where there is none.
    """
    known = np.isfinite(p_value)
    rejected = known & (np.nan_to_num(p_value, nan=1.0) <= LEVEL)
    return rejected.sum(axis=-2), known.sum(axis=-2)


def clustered(hits: Floats, counts: Floats) -> list[Rate]:
    """Return the rate of every column; events of one series may depend on each other.

    Parameters
    ----------
    hits, counts : ndarray, shape (series, W)
        Rejections, and p-values, of each series.
    """
    n = counts.sum(axis=0)
    value = hits.sum(axis=0) / np.maximum(n, 1)
    error = np.sqrt(((hits - value * counts) ** 2).sum(axis=0)) / np.maximum(n, 1)
    return [Rate(*each) for each in zip(value, error, n.astype(int), strict=True)]


def independent(p_value: Floats) -> Rate:
    """Return the rate of p-values that do not depend on each other, shape (n,), with its binomial error."""
    known = p_value[np.isfinite(p_value)]
    n = len(known)
    value = float((known <= LEVEL).mean()) if n else 0.0
    return Rate(value, float(np.sqrt(value * (1 - value) / max(n, 1))), n)


def markdown(
    caption: str,
    labels: Sequence[str],
    columns: Sequence[str],
    rows: Iterable[tuple[str, list[Rate]]],
) -> str:
    """Return rates as Markdown.

    Parameters
    ----------
    caption : str
        The line above the table.
    labels, columns : sequence of str
        Heads of what names a row, and of its rates.
    rows : iterable of (str, list of Rate)
        Names, joined by " | " where there are several, and rates.
    """
    return "\n".join(
        [
            caption,
            "",
            f"| {' | '.join(labels)} | {' | '.join(columns)} |",
            "|" + "---|" * len(labels) + "--:|" * len(columns),
            *(f"| {name} | " + " | ".join(map(str, rates)) + " |" for name, rates in rows),
            "",
        ]
    )


def tabulate(marker: str, size: int, table: Callable[[int], str]) -> None:
    """Print a table and write it into the page; the size may be given on the command line.

    Parameters
    ----------
    marker : str
        Name of the comments in the page between which the table stands.
    size : int
        How much is simulated.
    table : callable
        Simulates so much and returns the table.
    """
    text = table(int(sys.argv[1]) if len(sys.argv) > 1 else size)
    print(text)
    before, _, after = _parts(marker)
    begin, end = _comments(marker)
    PAGE.write_text(f"{before}{begin}{text}{end}{after}", encoding="utf-8")


def printed(marker: str) -> Mapping[str, Floats]:
    """Return by row the rates and errors that the page shows, shape (W, 2); NaN for a dash.

    Parameters
    ----------
    marker : str
        Name of the comments in the page between which the table stands.
    """
    head, *rows = _parts(marker)[1].partition("\n|---")[2].splitlines()
    labels = 1 + head.count("---|")
    found = {}
    for row in rows:
        cells = row.strip("| ").split(" | ")
        values = [CELL.fullmatch(cell) for cell in cells[labels:]]
        each = [value.groups() if value else (np.nan, np.nan) for value in values]
        found[" | ".join(cells[:labels])] = np.array(each, float) / 100
    return found


def _parts(marker: str) -> tuple[str, str, str]:
    """Return the page before, between and after two comments."""
    begin, end = _comments(marker)
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(begin)
    return before, *rest.partition(end)[::2]


def _comments(marker: str) -> tuple[str, str]:
    """Return the two comments."""
    return f"<!-- {marker}: begin -->\n", f"<!-- {marker}: end -->\n"
