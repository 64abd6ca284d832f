"""The package `event-study-toolkit`: tables merged on a calendar, a formula of statsmodels per security."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from event_study_toolkit.eventstudy import eventstudy
from measuring import measured

if TYPE_CHECKING:
    from collections.abc import Mapping


def prepared(arrays: Mapping[str, Any]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return tables of returns and events: every event is a security of its own, with its sessions only."""
    dates = pd.date_range("2015-01-01", periods=len(arrays["market"])).to_numpy()
    column, day0 = arrays["column"], arrays["day0"]
    at = day0[:, None] + np.arange(-270, 11)
    number = np.arange(len(column))
    returns = pd.DataFrame(
        {
            "permno": np.repeat(number, at.shape[1]),
            "date": dates[at.ravel()],
            "ret_dlst_adj": arrays["returns"][at, column[:, None]].ravel(),
            "vwretd": arrays["market"][at.ravel()],
        }
    )
    return returns, pd.DataFrame({"permno": number, "EVT_DATE": dates[day0], "group": 1})


def run(tables: tuple[pd.DataFrame, pd.DataFrame]) -> dict[str, float]:
    """Return the mean CAR of the event window; the calendar is the one with all days."""
    returns, events = tables
    study = eventstudy(250, 10, -10, 10, returns, events, calType="24/7", groups=["group"])
    found = study.getFullSampleTestStatistic("market")
    return {"caar": float(found["car_mean"].iloc[0]), "events": int(found["evt_count"].iloc[0])}


measured(prepared, run)
