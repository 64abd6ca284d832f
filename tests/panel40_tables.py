"""The tables of tests/reference/panel40 as `eventstudy panel` reads them."""

from __future__ import annotations

import pandas as pd

from tests.samples import PANEL40

WINDOWS = ((-10, 10), (0, 0), (0, 1), (-1, 1), (-5, 5))


def tables():
    """Return the returns of the firms, of the market, and the events, as frames of text and numbers."""
    returns = pd.read_csv(PANEL40 / "inputs" / "returns_wide.csv")
    events = pd.read_csv(PANEL40 / "inputs" / "events.csv")
    events = events.rename(columns={"ticker": "asset"}).drop(columns=["firm_id", "event_index"])
    return returns.drop(columns="MKT"), returns[["date", "MKT"]], events


def write_tables(folder, *, returns=None, market=None, events=None):
    """Write R.csv, M.csv and E.csv; what is not given is as in panel40."""
    given = zip((returns, market, events), tables(), strict=True)
    chosen = [other if table is None else table for table, other in given]
    for name, table in zip("RME", chosen, strict=True):
        table.to_csv(folder / f"{name}.csv", index=False)
    return folder


def arguments(folder, *more, out="out"):
    """Return the command line of a panel on the three tables, estimation window as in panel40."""
    files = ("--returns", "R.csv", "--market", "M.csv", "--events", "E.csv")
    paths = [str(folder / word) if word.endswith(".csv") else word for word in files]
    spans = ["--estimation", "-270:-21", "--event-window", "-10:10"]
    return ["panel", *paths, *spans, *map(str, more), "--out", str(folder / out)]
