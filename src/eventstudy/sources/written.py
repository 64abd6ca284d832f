"""A whole set of prices in one Parquet file, and back to the last bit."""

from __future__ import annotations

import json
from dataclasses import asdict
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from eventstudy.errors import DataError
from eventstudy.sources.base import FIELDS, KINDS, Prices, Series
from eventstudy.sources.fingerprint import fingerprint

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

FORMAT = 1
HEAD, CHECK = b"eventstudy.prices", b"eventstudy.check"
"""Keys in the metadata of the schema: what is no cell, and the hash of it."""


def write_prices(prices: Prices, path: Path) -> str:
    """Write prices as one Parquet file.

    Parameters
    ----------
    prices : Prices
        T dates, S instruments.
    path : pathlib.Path
        The file; a file that is there is replaced.

    Returns
    -------
    str
        The fingerprint of the prices.

    Notes
    -----
    T x S rows, instrument by instrument: ``date``, ``instrument``, the fields, ``kind`` in words and,
    where cells come from several series, ``origin``. Where the series come from stands as JSON in the
    metadata of the schema, with the fingerprint. The same prices give the same bytes.
    """
    import pyarrow.parquet as pq

    mark = fingerprint(prices)
    head = json.dumps(_head(prices, mark), sort_keys=True).encode()
    metadata = {HEAD: head, CHECK: sha256(head).hexdigest().encode()}
    pq.write_table(_table(prices).replace_schema_metadata(metadata), path, compression="zstd")
    return mark


def read_prices(path: Path) -> Prices:
    """Read prices that :func:`write_prices` wrote.

    Parameters
    ----------
    path : pathlib.Path
        The file.

    Raises
    ------
    DataError
        When it cannot be read, is no such file, or is not as it was written.
    """
    import pyarrow as pa

    try:
        content = path.read_bytes()
    except OSError as error:
        raise DataError(
            f"{path} cannot be read ({error.strerror}); `eventstudy data freeze STUDY` writes such files"
        ) from error
    try:
        return _checked(content)
    except (pa.ArrowException, OSError, ValueError, KeyError, DataError) as error:
        raise DataError(
            f"{path} is no frozen prices, or was changed after it was written"
            f" ({type(error).__name__}: {error}); take it from a copy, or write it anew with"
            " `eventstudy data freeze STUDY`"
        ) from error


def _checked(content: bytes) -> Prices:
    """Return the prices in the bytes of a file, if they are as they were written."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    file = pq.ParquetFile(pa.BufferReader(content), pre_buffer=False)
    metadata = file.schema_arrow.metadata or {}
    if sha256(metadata[HEAD]).hexdigest().encode() != metadata[CHECK]:
        raise ValueError("what it says of its series has another hash")
    head = json.loads(metadata[HEAD])
    if head["format"] != FORMAT:
        raise ValueError(f"it has the format {head['format']}, not {FORMAT}")
    prices = _prices(file.read(use_threads=False), head)
    if (fingerprint(prices), _hash(prices.origin)) != (head["fingerprint"], head["origin"]):
        raise ValueError(f"its cells have not the fingerprint {head['fingerprint'][:12]}")
    return prices


def _head(prices: Prices, mark: str) -> dict[str, Any]:
    """Return everything that is no cell, fit for JSON."""
    return {
        "format": FORMAT,
        "fingerprint": mark,
        "origin": _hash(prices.origin),
        "instruments": prices.instruments,
        "series": [asdict(each) for each in prices.series],
        "parts": [asdict(each) for each in prices.parts],
    }


def _hash(origin: NDArray[np.int16] | None) -> str:
    """Return the hash of where cells come from; nothing where each column is one series."""
    return "" if origin is None else sha256(origin.astype("<i2").tobytes()).hexdigest()


def _table(prices: Prices) -> Any:  # noqa: ANN401 - pyarrow has no types
    """Return prices as a long table, instrument by instrument."""
    import numpy as np
    import pyarrow as pa

    days, count = len(prices.dates), len(prices.instruments)
    codes = np.repeat(np.arange(count, dtype=np.int32), days)
    words = pa.array(prices.kind.T.ravel().astype(np.int8))
    columns = {
        "date": pa.array(np.tile(prices.dates.astype("datetime64[D]"), count)),
        "instrument": pa.DictionaryArray.from_arrays(codes, list(prices.instruments)),
        **{field: pa.array(values.T.ravel()) for field, values in prices.values.items()},
        "kind": pa.DictionaryArray.from_arrays(words, list(KINDS)),
    }
    if prices.origin is not None:
        columns["origin"] = pa.array(prices.origin.T.ravel())
    return pa.table(columns)


def _prices(table: Any, head: dict[str, Any]) -> Prices:  # noqa: ANN401 - pyarrow has no types
    """Return the prices in a long table."""
    import numpy as np

    names = tuple(head["instruments"])
    days = table.num_rows // len(names)

    def cells(name: str) -> NDArray[Any]:
        column = table.column(name).to_numpy()
        return np.ascontiguousarray(column.reshape(len(names), days).T)

    kinds = table.column("kind").combine_chunks()
    codes = kinds.indices.to_numpy().reshape(len(names), days).T
    known: list[str] = kinds.dictionary.to_pylist()
    meaning = np.array([KINDS.index(word) for word in known], dtype=np.int8)
    has_origin = "origin" in table.column_names
    return Prices(
        dates=table.column("date").to_numpy()[:days].astype("datetime64[D]"),
        instruments=names,
        values={field: cells(field) for field in table.column_names if field in FIELDS},
        kind=np.ascontiguousarray(meaning[codes]),
        series=tuple(Series(**each) for each in head["series"]),
        origin=cells("origin").astype(np.int16) if has_origin else None,
        parts=tuple(Series(**each) for each in head["parts"]),
    )
