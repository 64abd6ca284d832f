"""The package `easy-es`: tables merged on calendar days, a regression by statsmodels per event."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from easy_es import EventStudy, calculate_car_stats
from measuring import measured

if TYPE_CHECKING:
    from collections.abc import Mapping


def prepared(arrays: Mapping[str, Any]) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return tables of returns, factors and events; its dates are objects."""
    dates = pd.date_range("2015-01-01", periods=len(arrays["market"]))
    columns = np.unique(arrays["column"])
    returns = pd.DataFrame(
        {
            "Ret": arrays["returns"][:, columns].T.ravel(),
            "Date": np.tile(dates.date, len(columns)),
            "ticker": np.repeat([f"s{column}" for column in columns], len(dates)),
            "Volume": 1.0,
        }
    )
    factors = pd.DataFrame({"Date": dates.date, "Mkt-RF": arrays["market"], "RF": 0.0})
    events = pd.DataFrame(
        {
            "ticker": [f"s{column}" for column in arrays["column"]],
            "event_date": dates[arrays["day0"]],
        }
    )
    return returns, factors, events


def run(tables: tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]) -> dict[str, float]:
    """Return the mean CAR of the event window."""
    returns, factors, events = tables
    study = EventStudy(
        estimation_days=250,
        gap_days=10,
        window_before=10,
        window_after=10,
        estimator_type="capm",
        n_cores=1,
    )
    study.add_factors(factors)
    study.add_returns(ret_df=returns)
    found = study.run_study(events)
    means = calculate_car_stats(found)["mean"]
    return {"caar": float(means.iloc[-1]), "events": int(found["event_id"].nunique())}


measured(prepared, run)
