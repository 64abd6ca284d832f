"""One hash for a set of prices: equal prices have equal fingerprints on every machine."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from eventstudy.sources.base import FIELDS

if TYPE_CHECKING:
    from eventstudy.sources.base import Prices


def fingerprint(prices: Prices) -> str:
    """Return the sha256 of the content of a set of prices.

    Parameters
    ----------
    prices : Prices
        T dates, S instruments.

    Returns
    -------
    str
        64 hexadecimal digits.

    Notes
    -----
    Hashed in this order: the ids, one per line; the dates as days since 1970-01-01; the code of
    each cell's kind; then each field of :data:`~eventstudy.sources.base.FIELDS` that has a value,
    after its name. Arrays are row by row and little-endian; every missing value is the same NaN.
    Where the prices come from is not part of it.
    """
    import numpy as np

    digest = sha256("".join(f"{name}\n" for name in prices.instruments).encode())
    digest.update(prices.dates.astype("datetime64[D]").astype("<i8").tobytes())
    digest.update(np.ascontiguousarray(prices.kind, dtype="<i1").tobytes())
    for field in FIELDS:
        values = prices.values.get(field)
        if values is None or np.isnan(values).all():
            continue
        canonical = np.where(np.isnan(values), np.nan, values + 0.0)  # -0.0 becomes 0.0
        digest.update(f"{field}\n".encode() + canonical.astype("<f8").tobytes())
    return digest.hexdigest()
