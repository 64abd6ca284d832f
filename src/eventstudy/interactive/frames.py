"""Frames of the user as tables on disk, which the commands read too: dates, returns, events."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, time
from typing import TYPE_CHECKING, Any

from eventstudy.errors import DataError, OptionError, did_you_mean

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

DATE = "date"
TIME = re.compile(r"\dT\d")
CALLED = {"security": "asset", "date": "event_date", "announced": "event_date"}
"""Other names for columns of events."""


def write_returns(returns: pd.DataFrame, path: Path, what: str) -> None:
    """Write returns as a wide table.

    Parameters
    ----------
    returns : DataFrame
        One column per series; the index holds dates, of which a zone and the time of day are left out.
    path : pathlib.Path
        The file, Parquet.
    what : str
        What they are, for messages.

    Raises
    ------
    DataError
        When the index holds no dates, or the names of the columns cannot be told apart.
    """
    import pandas as pd

    if not isinstance(returns.index, pd.DatetimeIndex):
        raise DataError(
            f"the index of {what} holds {returns.index.dtype}, not dates; set it with"
            " `pd.to_datetime`"
        )
    names = list(map(str, returns.columns))
    if DATE in names or len({*names}) < len(names):
        said = f"a column {DATE!r}" if DATE in names else "two columns of one name"
        raise DataError(f"{what} has {said}; rename it")
    table = returns.set_axis(names, axis="columns").reset_index(drop=True)
    table.insert(0, DATE, returns.index.tz_localize(None).normalize())
    write_table(table, path, what)


def write_table(table: pd.DataFrame, path: Path, what: str) -> None:
    """Write a frame as Parquet.

    Raises
    ------
    DataError
        When a column holds values of several kinds.
    """
    import pyarrow as pa

    try:
        table.to_parquet(path, index=False)
    except pa.ArrowException as error:
        raise DataError(
            f"{what} have a column with values of several kinds; make them all numbers or all texts"
            f" ({error})"
        ) from error


def events_frame(events: object) -> pd.DataFrame:
    """Return events as a frame with a column ``event_date`` of texts, and others that the user has.

    Parameters
    ----------
    events : str, date, iterable of these, or DataFrame
        A frame has a column ``date``; of a panel also ``asset`` or ``security``.

    Raises
    ------
    DataError
        When there is no date.
    """
    import pandas as pd

    if isinstance(events, pd.DataFrame):
        found = events.rename(columns=CALLED)
        if "event_date" not in found:
            names = list(map(str, events.columns))
            raise DataError(
                f"events have no column {DATE!r}; they have {', '.join(names)}{did_you_mean(DATE, names)}"
            )
    elif isinstance(events, Iterable) and not isinstance(events, str):
        found = pd.DataFrame({"event_date": list(events)})
    else:
        found = pd.DataFrame({"event_date": [events]})
    if found.empty:
        raise DataError("there is no event; give at least one date")
    found = found.reset_index(drop=True)
    found["event_date"] = [written(moment) for moment in found["event_date"]]
    return found


def written(moment: Any) -> str:  # noqa: ANN401 - whatever stands in a frame
    """Return a date, or a time, as study files write it.

    Examples
    --------
    >>> written(datetime(2023, 8, 27, 18))
    '2023-08-27T18:00'
    """
    import numpy as np
    import pandas as pd

    if isinstance(moment, np.datetime64):
        moment = pd.Timestamp(moment)
    if not isinstance(moment, datetime) or pd.isna(moment):
        return str(moment)
    if moment.time() == time():
        return moment.date().isoformat()
    return moment.isoformat(timespec="minutes")


def panel_events(events: object, assets: Iterable[str]) -> pd.DataFrame:
    """Return the events of a panel: with an asset each, or on every asset; each with an id.

    Raises
    ------
    OptionError
        When an event has a time of day.
    """
    import pandas as pd

    found = events_frame(events)
    if timed := [day for day in found["event_date"] if TIME.search(day)]:
        raise OptionError(
            f"the event {timed[0]} has a time of day, and a panel has dates only; give the date of the"
            " first session that could react"
        )
    if "asset" not in found:
        found = found.merge(pd.DataFrame({"asset": list(assets)}), how="cross")
    found["asset"] = [str(asset) for asset in found["asset"]]
    if "event_id" not in found:
        found["event_id"] = [
            f"{asset} {day}" for asset, day in zip(found["asset"], found["event_date"], strict=True)
        ]
    return found
