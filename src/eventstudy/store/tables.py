"""A download as a Parquet file, and back to the last bit."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from eventstudy.store.download import Download, Request, canonical

if TYPE_CHECKING:
    import numpy as np

HEAD = b"eventstudy.download"
"""Key of request and notes in the metadata of the schema."""

DATE = "date"
"""Column of the dates."""


def to_parquet(download: Download) -> bytes:
    """Return a download as the bytes of a Parquet file; its time is not in it."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    names = [DATE, *download.columns]
    arrays = [pa.array(values) for values in (download.dates, *download.columns.values())]
    head = canonical({"request": download.request.facts(), "notes": dict(download.notes)})
    table = pa.table(arrays, names=names).replace_schema_metadata({HEAD: head.encode()})
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, use_dictionary=False, write_statistics=False)
    return bytes(sink.getvalue())


def from_parquet(content: bytes, at: np.datetime64) -> Download:
    """Return the download in a Parquet file whose hash was found right.

    Parameters
    ----------
    content : bytes
        The file.
    at : datetime64[s]
        When it was downloaded, UTC.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pq.ParquetFile(pa.BufferReader(content), pre_buffer=False).read(use_threads=False)
    head = json.loads(table.schema.metadata[HEAD])
    dates, *columns = (column.to_numpy() for column in table.columns)
    _, *names = table.column_names
    named = dict(zip(names, columns, strict=True))
    return Download(Request(**head["request"]), at, dates, named, head["notes"])
