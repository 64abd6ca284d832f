"""What is known of all events, filled in chunk by chunk: arrays in memory, residuals on disk."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from eventstudy.abnormal import abnormal_returns
from eventstudy.errors import OptionError
from eventstudy.returns.sample import chunks
from eventstudy.spill import Spill
from eventstudy.study.cells import Estimated

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from eventstudy.abnormal import AbnormalReturns
    from eventstudy.ledger import Dropped
    from eventstudy.models.base import Fit, Floats, Rows
    from eventstudy.returns.sample import Ints, Sample

    Modelled = tuple[Estimated, AbnormalReturns]

BY_EVENT = ("event_ids", "assets", "day0")
"""What of a sample is kept of every event."""

ESTIMATES = (
    "coefficients",
    "std_errors",
    "sigma",
    "dof",
    "n_obs",
    "r_squared",
    "expected",
    "leverage",
    "scale",
)
"""What of a fit is kept of every event."""

ON_DISK = ("residuals", "hat")
"""What of a fit is kept on disk: as many numbers as the estimation window has sessions."""


class Table:
    """Arrays with a row for each of N events, filled in by parts.

    Parameters
    ----------
    length : int
        N.
    """

    def __init__(self, length: int) -> None:
        self._length = length
        self._filled = np.zeros(length, dtype=bool)
        self._arrays: dict[str, Any] = {}

    def __len__(self) -> int:
        return int(self._filled.sum())

    def fill(self, rows: Ints, values: dict[str, Any]) -> None:
        """Fill in some rows.

        Raises
        ------
        OptionError
            When what a model estimates differs in shape from chunk to chunk.
        """
        self._filled[rows] = True
        for name, found in values.items():
            if name not in self._arrays:
                self._arrays[name] = np.empty((self._length, *found.shape[1:]), found.dtype)
            if self._arrays[name].shape[1:] != found.shape[1:]:
                raise OptionError(
                    "a model has more coefficients in one chunk than in another; leave out --memory"
                )
            self._arrays[name][rows] = found

    def close(self) -> tuple[Ints, dict[str, Any]]:
        """Return the rows that have been filled in, and their values; the table is empty then."""
        rows, arrays = np.flatnonzero(self._filled), self._arrays
        self._arrays = {}
        if len(rows) < self._length:
            for name in arrays:  # one at a time, so that no two tables are there together
                arrays[name] = arrays[name][rows]
        return rows, arrays


@dataclass(frozen=True, slots=True)
class Evaluated:
    """Numbers of n events by session that have been computed.

    Attributes
    ----------
    values : ndarray, shape (n, L1)
        Residuals, or leverage.
    """

    values: Floats

    def __call__(self, rows: Rows) -> Floats:
        """Return those of some events."""
        return self.values[rows]


def evaluated(part: Estimated, abnormal: AbnormalReturns) -> Modelled:
    """Return what :class:`Gathering` takes of a chunk, without returns: fit to be sent."""
    fit = part.fit
    residuals = _computed(fit.residuals, len(part.sample))
    hat = _computed(fit.hat, len(part.sample)) if fit.hat else None
    bare = without_returns(part.sample, kept(part.sample, BY_EVENT))
    sent = Estimated(bare, replace(fit, residuals=residuals, hat=hat), part.dropped)
    return sent, replace(abnormal, residuals=residuals, hat=hat)


def _computed(compute: Callable[[Rows], Floats], length: int) -> Callable[[Rows], Floats]:
    """Return the residuals, or the leverage, of N events as numbers."""
    if not length:
        return _nothing
    return Evaluated(np.concatenate([compute(some) for some in chunks(length)]))


class Gathering:
    """One model's estimates and abnormal returns of N events, filled in by chunks.

    Parameters
    ----------
    length : int
        N.
    """

    def __init__(self, length: int) -> None:
        self._length, self._table = length, Table(length)
        self._disk: dict[str, Spill] = {}
        self._lost: list[tuple[bool, int, Dropped]] = []
        self._like: Estimated | None = None

    def add(self, row_of: dict[str, int], part: Estimated, abnormal: AbnormalReturns) -> None:
        """Fill in the events of one chunk, whose rows are given by id."""
        self._lost += [
            (drop.stage != "returns", row_of[drop.event_id], drop) for drop in part.dropped
        ]
        if self._like is None or not len(self._table):
            self._like = _emptied(part)
        if not len(part.sample):
            return
        rows = rows_of(row_of, part.sample)
        self._table.fill(
            rows,
            {
                **kept(part.sample, BY_EVENT),
                **kept(part.fit, ESTIMATES),
                "actual": abnormal.actual,
            },
        )
        for name in ON_DISK:
            if compute := getattr(part.fit, name):
                self._store(name, rows, compute, part.sample.estimation.length)

    def _store(self, name: str, rows: Ints, compute: Any, width: int) -> None:  # noqa: ANN401 - residuals or leverage
        """Write what a fit says of every estimation session to disk."""
        if name not in self._disk:
            self._disk[name] = Spill(
                self._length, width, "residuals", "leave out --memory and --workers"
            )
        for some in chunks(len(rows)):
            self._disk[name].write(rows[some], compute(some))

    def close(self) -> Modelled:
        """Return the model with all its events."""
        if self._like is None:
            raise ValueError("no chunk has been added")
        dropped = tuple(drop for *_, drop in sorted(self._lost, key=lambda each: each[:2]))
        like, disk = self._like, self._disk
        rows, found = self._table.close()
        by_row = {name: partial(_read, spill, rows) for name, spill in disk.items()}
        residuals, hat = by_row.get("residuals", _nothing), by_row.get("hat")
        failures = np.full(len(rows), "", dtype=object)
        sample = without_returns(like.sample, found)
        estimates = _of(found, ESTIMATES)
        fit = replace(like.fit, **estimates, failures=failures, residuals=residuals, hat=hat)
        abnormal = abnormal_returns(sample, fit)
        if len(rows):
            actual = found["actual"]
            abnormal = replace(
                abnormal,
                actual=actual,
                ar=actual - fit.expected,
                residuals=residuals,
                hat=hat,
            )
        return Estimated(sample, fit, dropped), abnormal


def _read(spill: Spill, rows: Ints, some: Rows) -> Floats:
    """Return what is on disk of some of the rows that were kept."""
    return spill(rows[some])


def rows_of(row_of: dict[str, int], sample: Sample) -> Ints:
    """Return the rows of the events of a sample, shape (n,)."""
    return np.array([row_of[event_id] for event_id in sample.event_ids], dtype=np.int64)


def kept(of: Sample | Fit | AbnormalReturns, names: Sequence[str]) -> dict[str, Any]:
    """Return some of the arrays of an object, those that are there."""
    return {name: values for name in names if (values := getattr(of, name)) is not None}


def _of(found: dict[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """Return some arrays, those that are there."""
    return {name: found[name] for name in names if name in found}


def without_returns(sample: Sample, found: dict[str, Any]) -> Sample:
    """Return the sample of other events on the same sessions, with no returns to look at."""
    sessions, names = len(sample.panel), _of(found, BY_EVENT) or _none_of(sample)
    return replace(
        sample,
        **names,
        column=np.zeros(len(names["day0"]), dtype=np.int64),
        panel=np.full((sessions, 1), np.nan),
        column_axis=np.zeros(1, dtype=np.int64),
        factors=np.empty((1, sessions, 0)),
    )


def _none_of(sample: Sample) -> dict[str, Any]:
    """Return the names of no events."""
    return {name: values[:0].copy() for name, values in kept(sample, BY_EVENT).items()}


def _emptied(part: Estimated) -> Estimated:
    """Return what a chunk says of its model, without its events and returns."""
    none = {name: values[:0].copy() for name, values in kept(part.fit, ESTIMATES).items()}
    fit = replace(part.fit, **none, failures=np.empty(0, object), residuals=_nothing, hat=None)
    return Estimated(without_returns(part.sample, {}), fit, ())


def _nothing(rows: Rows) -> Floats:  # noqa: ARG001 - as every fit has it
    """Return the residuals of no events."""
    return np.empty((0, 0))
