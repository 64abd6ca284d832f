"""What is asked of a live source, and what it answered, with a hash of the answer."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

NAME = re.compile(r"[a-z0-9_]+")
"""What a source may be called: its name is a folder of the cache."""


def canonical(value: Any) -> str:  # noqa: ANN401 - whatever JSON can hold
    """Return a value as JSON that is the same text for equal values."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


@dataclass(frozen=True)
class Request:
    """What is asked of a source; equal requests have one place in the cache.

    Attributes
    ----------
    source : str
        Name of the source plug-in.
    symbol : str
        The source's own symbol.
    options : mapping of str to str
        Everything else that makes the answer what it is.

    Raises
    ------
    ValueError
        When the name of the source cannot be that of a folder.
    """

    source: str
    symbol: str
    options: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not NAME.fullmatch(self.source):
            raise ValueError(f"source {self.source!r} is not made of a-z, 0-9 and _")

    @cached_property
    def key(self) -> str:
        """The name of its folder: the symbol's letters and digits, and 12 digits of a hash."""
        letters = re.sub(r"[^A-Za-z0-9.]+", "-", self.symbol).strip("-.")[:40]
        return f"{letters or 'series'}-{sha256(canonical(self.facts()).encode()).hexdigest()[:12]}"

    def facts(self) -> dict[str, Any]:
        """Return source, symbol and options, fit for JSON."""
        return {"source": self.source, "symbol": self.symbol, "options": dict(self.options)}


@dataclass(frozen=True)
class Download:
    """What a source gave, unchanged: no price is adjusted, no row left out.

    Attributes
    ----------
    request : Request
        What was asked.
    at : datetime64[s]
        When, UTC.
    dates : ndarray of datetime64[D], shape (n,)
        Local dates, in the order of the source.
    columns : mapping of str to ndarray of float, shape (n,)
        By the source's names in lower case: open, high, low, close, volume, dividends, splits; NaN =
        missing.
    notes : mapping of str to str
        What the source says of the whole series: currency, time zone, name.
    revision : str
        What differs from the download before it, in a line; empty for nothing. No part of the content.

    Raises
    ------
    ValueError
        When a column is not as long as the dates, a type is wrong, or a date is missing.
    """

    request: Request
    at: np.datetime64
    dates: NDArray[np.datetime64]
    columns: Mapping[str, NDArray[np.float64]]
    notes: Mapping[str, str] = field(default_factory=dict)
    revision: str = ""

    def __post_init__(self) -> None:
        import numpy as np

        if self.at.dtype != "datetime64[s]" or np.isnat(self.at):
            raise ValueError("Download: `at` is not a time in seconds")
        if self.dates.dtype != "datetime64[D]" or self.dates.ndim != 1:
            raise ValueError("Download: the dates are not a row of days")
        if np.isnat(self.dates).any():
            raise ValueError("Download: a date is missing")
        for name, values in self.columns.items():
            if values.shape != self.dates.shape or values.dtype != np.float64:
                raise ValueError(f"Download: {name} is not one float per date")

    @cached_property
    def sha256(self) -> str:
        """Hash of request, dates, columns and notes; not of the time.

        Notes
        -----
        Hashed in this order: request, notes and the names of the columns as JSON; the dates as days since
        1970-01-01; each column. Arrays are little-endian; every missing value is the same NaN, and -0.0
        is not 0.0.
        """
        import numpy as np

        head = [self.request.facts(), dict(self.notes), list(self.columns)]
        digest = sha256(canonical(head).encode())
        digest.update(self.dates.astype("<i8").tobytes())
        for values in self.columns.values():
            digest.update(np.where(np.isnan(values), np.nan, values).astype("<f8").tobytes())
        return digest.hexdigest()

    def facts(self) -> dict[str, Any]:
        """Return its line in a log, fit for JSON."""
        days = [str(self.dates.min()), str(self.dates.max())] if len(self.dates) else ["", ""]
        return {
            "at": str(self.at),
            "request": self.request.facts(),
            "sha256": self.sha256,
            "rows": len(self.dates),
            "first": days[0],
            "last": days[1],
            **({"revision": self.revision} if self.revision else {}),
        }
