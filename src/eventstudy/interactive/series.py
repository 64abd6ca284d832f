"""A single series as a study file: the index study answers it, as it answers any file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from eventstudy.errors import DataError, OptionError, UnknownNameError
from eventstudy.interactive.frames import events_frame, write_returns
from eventstudy.panel.models import read_model
from eventstudy.registry import find
from eventstudy.registry import options as options_of
from eventstudy.spec.calendars import from_package, listed
from eventstudy.spec.plugins import PACKAGES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

STUDY, RETURNS = "study.yaml", "returns.parquet"
MARKET = "MARKET"

CALENDARS = ("XNYS", "XSHG", "XHKG", "XLON", "XTKS")
"""Exchanges whose sessions the dates of a series are held against, in this order, unless one is named."""

COMPLETE = 0.99
"""Least share of the sessions of an exchange that a series of it has."""

AS_THEY_ARE = (
    *("estimation", "event_window", "windows", "min_observations"),
    *("alternative", "seed", "statistics"),
)
"""Options that a study file has under the same name."""


def write_series(
    returns: pd.Series[Any],
    events: object,
    market: pd.Series[Any] | None,
    options: Mapping[str, Any],
    folder: Path,
) -> Path:
    """Write the study file of a series, and its table beside it.

    Parameters
    ----------
    returns : Series
        Simple returns by date.
    events : str, date, iterable of these, or DataFrame
        As of :func:`eventstudy.study`.
    market : Series or None
        Returns of the market.
    options : mapping
        As :func:`eventstudy.interactive.options.checked` returns them.
    folder : pathlib.Path
        Where the files go.

    Returns
    -------
    pathlib.Path
        The study file.
    """
    import yaml

    name = str(returns.name) if returns.name is not None else "Series"
    table, names = returns.to_frame(name), {_id(name): name}
    if market is not None:
        other = str(market.name) if market.name is not None else "Market"
        other = f"{other} (market)" if other == name else other
        table, names = table.join(market.rename(other), how="outer"), {**names, MARKET: other}
    write_returns(table, folder / RETURNS, "returns")
    code, zone = _calendar(returns, options.get("calendar", ""))
    source: dict[str, Any] = {"name": "files", "returns": RETURNS}
    content = {
        "format": 1,
        "title": options.get("title", f"Event study of {name}"),
        "assets": [_id(name)],
        "instruments": [
            {
                "id": each,
                "name": called,
                "calendar": code,
                "timezone": zone,
                "symbols": {"files": called},
            }
            for each, called in names.items()
        ],
        "source": source,
        "models": _models(options, market=market is not None),
        "events": _events(events),
        **{key: _plain(options[key]) for key in AS_THEY_ARE if key in options},
    }
    if "percent" in options:
        source["percent"] = options["percent"]
    text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False)
    (folder / STUDY).write_text(text, encoding="utf-8")
    return folder / STUDY


def _id(name: str) -> str:
    """Return a name as the id of an instrument."""
    found = re.sub(r"[^A-Za-z0-9_.-]+", "_", name).strip("_.-")[:64]
    return f"{found or 'SERIES'}_" if found in {"all", MARKET} else found or "SERIES"


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever an option holds
    """Return a value as lists, which YAML can write."""
    return [_plain(each) for each in value] if isinstance(value, tuple | list) else value


def _models(options: Mapping[str, Any], *, market: bool) -> list[dict[str, Any]]:
    """Return models as a study file names them; the market is the benchmark where none is named."""
    names = options.get("models", ("market" if market else "constant_mean",))
    return [_model(text, market=market) for text in names]


def _model(text: str, *, market: bool) -> dict[str, Any]:
    """Return one model as a study file names it."""
    choice = read_model(text)
    known = options_of(find(PACKAGES["model"], choice.name, kind="model"))
    if "benchmark" not in known or "benchmark" in choice.options:
        return {"name": choice.name, **choice.options}
    if not market:
        raise OptionError(f"the model {choice.name} needs the market's returns; give market=…")
    return {"name": choice.name, "benchmark": MARKET, **choice.options}


def _events(events: object) -> list[dict[str, str]]:
    """Return events as a study file lists them."""
    import pandas as pd

    found = events_frame(events).rename(columns={"event_date": "announced", "event_id": "id"})
    rows = found.drop(columns=["asset"], errors="ignore").to_dict("records")
    return [
        {
            "id": f"E{number}",
            "title": f"Event {number}",
            **{str(key): str(value) for key, value in row.items() if not pd.isna(value)},
        }
        for number, row in enumerate(rows, start=1)
    ]


def _calendar(returns: pd.Series[Any], code: str) -> tuple[str, str]:
    """Return the exchange of a series and its time zone.

    Raises
    ------
    UnknownNameError
        When there is no such exchange.
    OptionError
        When none is named and the dates are those of none that is tried.
    """
    code = code or _fitting(returns)
    known = listed().get(code) or from_package(code)
    if known is None:
        raise UnknownNameError("exchange calendar", code, listed())
    return code, known.timezone


def _fitting(returns: pd.Series[Any]) -> str:
    """Return the first exchange whose sessions the dates of a series are."""
    import numpy as np
    import pandas as pd

    from eventstudy.alignment import sessions

    index = pd.DatetimeIndex(returns.dropna().index).tz_localize(None)
    days = np.unique(index.to_numpy().astype("datetime64[D]"))
    if not len(days):
        raise DataError("returns have no number")
    for code in CALENDARS:
        known = sessions(code)
        inside = known[(known >= days[:1]) & (known <= days[-1:])]
        if np.isin(days, inside).all() and len(days) >= COMPLETE * len(inside):
            return code
    raise OptionError(
        f"the dates of returns are not the sessions of {', '.join(CALENDARS)}; name the exchange, as in"
        " calendar='XSHG', see docs/reference/calendars.md"
    )
