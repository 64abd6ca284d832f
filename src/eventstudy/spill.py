"""Rows of numbers that wait on disk instead of in memory."""

from __future__ import annotations

import tempfile
import weakref
from typing import TYPE_CHECKING

import numpy as np

from eventstudy.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Rows = Ints | slice


class Spill:
    """A table of N rows in a temporary file, which is gone with the object.

    Parameters
    ----------
    rows, width : int
        Its shape.
    holds, instead : str
        What it holds, and what to do without room for it: for messages.
    """

    def __init__(self, rows: int, width: int, holds: str, instead: str) -> None:
        self._rows, self._width, self._holds, self._instead = rows, width, holds, instead
        self._file = tempfile.TemporaryFile(buffering=0, prefix="eventstudy-")  # noqa: SIM115 - lives with the object
        weakref.finalize(self, self._file.close)
        self._file.truncate(rows * width * 8)

    def write(self, rows: Ints, values: Floats) -> None:
        """Put values, shape (n, width), into the rows given, ascending.

        Raises
        ------
        DataError
            When the disk refuses.
        """
        values = np.ascontiguousarray(values, dtype=np.float64)
        try:
            for part in _runs(rows):
                self._file.seek(int(rows[part.start]) * self._width * 8)
                left = values[part].data.cast("B")
                while left:
                    left = left[self._file.write(left) :]
        except OSError as error:
            size = self._rows * self._width * 8
            raise DataError(
                f"{tempfile.gettempdir()} has no room for {self._holds} of {size / 1e6:,.0f} MB"
                f" ({error.strerror}); name another folder in the variable TMPDIR, or {self._instead}"
            ) from error

    def __call__(self, rows: Rows) -> Floats:
        """Return some rows, shape (n, width)."""
        if isinstance(rows, slice):
            rows = np.arange(*rows.indices(self._rows))
        found = np.empty((len(rows), self._width))
        for part in _runs(rows):
            self._file.seek(int(rows[part.start]) * self._width * 8)
            left = found[part].data.cast("B")
            while left:
                left = left[self._file.readinto(left) :]
        return found


def _runs(rows: Ints) -> Iterator[slice]:
    """Yield the stretches of numbers that follow each other by one."""
    if not len(rows):
        return
    ends = np.flatnonzero(np.diff(rows) != 1) + 1
    yield from map(slice, (0, *ends.tolist()), (*ends.tolist(), len(rows)))
