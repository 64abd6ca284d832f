"""Rates of rejection in simulations, and the tables of them in docs/explanation/which-test.md."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from benchmarks import pages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

PAGE = pages.DOCS / "which-test.md"
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
    pages.write(PAGE, marker, text)


def printed(marker: str) -> Mapping[str, Floats]:
    """Return by row the rates and errors that the page shows, shape (W, 2); NaN for a dash.

    Parameters
    ----------
    marker : str
        Name of the comments in the page between which the table stands.
    """
    head, *rows = pages.parts(PAGE, marker)[1].partition("\n|---")[2].splitlines()
    labels = 1 + head.count("---|")
    found = {}
    for row in rows:
        cells = row.strip("| ").split(" | ")
        values = [CELL.fullmatch(cell) for cell in cells[labels:]]
        each = [value.groups() if value else (np.nan, np.nan) for value in values]
        found[" | ".join(cells[:labels])] = np.array(each, float) / 100
    return found
