"""The package `eventstudy` of PyPI: a regression by statsmodels per event."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from measuring import measured

import eventstudy

if TYPE_CHECKING:
    from collections.abc import Mapping


def prepared(arrays: Mapping[str, Any]) -> list[dict[str, object]]:
    """Return the events; the returns stand where the package keeps what it read from CSV."""
    dates = pd.date_range("2015-01-01", periods=len(arrays["market"])).to_numpy()
    columns = {"date": dates, "MKT": arrays["market"]}
    for column in np.unique(arrays["column"]):
        columns[f"s{column}"] = np.ascontiguousarray(arrays["returns"][:, column])
    eventstudy.Single._save_parameter("returns", columns)  # noqa: SLF001 - as its reader of CSV does
    return [
        {"event_date": dates[day0], "security_ticker": f"s{column}", "market_ticker": "MKT"}
        for column, day0 in zip(arrays["column"], arrays["day0"], strict=True)
    ]


def run(events: list[dict[str, object]]) -> dict[str, float]:
    """Return the mean CAR of the event window."""
    found = eventstudy.Multiple.from_list(
        events,
        eventstudy.Single.market_model,
        event_window=(-10, 10),
        estimation_size=250,
        buffer_size=10,
    )
    return {"caar": float(found.CAAR[-1]), "events": len(found.sample)}


measured(prepared, run)
