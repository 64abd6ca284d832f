"""From columns of a table to regressors: numbers as they are, words as dummies against a base."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from eventstudy.formats import counted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from eventstudy.models.base import Floats

DEPENDENT = 1e-10
"""Share of a regressor's own size that may be left beside the others; less is rounding."""


@dataclass(frozen=True, slots=True, eq=False)
class Characteristics:
    """Regressors of n events.

    Attributes
    ----------
    terms : tuple of str
        Name of each: that of the column, or ``column[level vs base]``.
    values : ndarray, shape (n, k)
        NaN = missing.
    """

    terms: tuple[str, ...]
    values: Floats

    def select(self, rows: NDArray[np.bool_] | NDArray[np.int64]) -> Characteristics:
        """Return some events."""
        return Characteristics(self.terms, self.values[rows])


def characteristics(columns: Mapping[str, NDArray[np.object_] | Floats]) -> Characteristics:
    """Return the regressors that columns stand for.

    Parameters
    ----------
    columns : mapping of str to ndarray, shape (n,)
        Floats enter as they are, NaN being missing. Texts become dummies, one for each level but the
        first in the alphabet; an empty text is missing.
    """
    terms: list[str] = []
    values: list[Floats] = []
    for name, column in columns.items():
        if column.dtype != object:
            terms.append(name)
            values.append(column.astype(float))
            continue
        base, *others = sorted(set(column) - {""}) or [""]
        terms += [f"{name}[{level} vs {base}]" for level in others] or [name]
        dummies = [np.where(column == level, 1.0, 0.0) for level in others or [base]]
        values += [np.where(column == "", np.nan, dummy) for dummy in dummies]
    return Characteristics(tuple(terms), np.column_stack(values))


def with_intercept(values: Floats) -> Floats:
    """Return regressors behind a column of ones, shape (n, 1 + k)."""
    return np.column_stack([np.ones(len(values)), values])


def not_identified(characteristics: Characteristics) -> str:
    """Return why the coefficients cannot be told apart; an empty text where they can.

    Constant terms, and those that are a combination of the intercept and the terms before them, are
    named; none is dropped.
    """
    n, k = characteristics.values.shape
    if n <= k + 1:
        return f"{counted(n, 'event')} for {counted(k + 1, 'coefficient')}; more events than coefficients are needed"
    spread = np.ptp(characteristics.values, axis=0)
    size = np.abs(characteristics.values).max(axis=0)
    constant = spread <= DEPENDENT * size
    if constant.any():
        names = _names(characteristics.terms, constant)
        return f"constant over the {counted(n, 'event')}: {names}; leave out what does not vary"
    x = with_intercept(characteristics.values)
    left = np.abs(np.diag(np.linalg.qr(x / np.linalg.norm(x, axis=0), mode="r")))[1:]
    if (left <= DEPENDENT).any():
        names = _names(characteristics.terms, left <= DEPENDENT)
        return f"a combination of the terms before it: {names}; leave out one of them"
    return ""


def _names(terms: tuple[str, ...], chosen: NDArray[np.bool_]) -> str:
    return ", ".join(term for term, here in zip(terms, chosen, strict=True) if here)


def units_behind(column: Floats, unit: NDArray[np.int64]) -> int:
    """Return how many units tell a term from the others.

    A term of two values rests on the units that hold the rarer of them, any other on all units.

    Parameters
    ----------
    column : ndarray, shape (n,)
        The term.
    unit : ndarray of int, shape (n,)
        Event, cluster or date of each observation.
    """
    levels = np.unique(column)
    if len(levels) != 2:
        return len(np.unique(unit))
    return min(len(np.unique(unit[column == level])) for level in levels)
