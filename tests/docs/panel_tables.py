"""Write the tables that the page on panels speaks of into this folder, from those of the case panel40."""

from pathlib import Path

import pandas as pd

INPUTS = Path(__file__).parents[1] / "reference" / "panel40" / "inputs"


def write():
    """Write returns.csv, market.csv and events.csv, and the returns as Parquet in returns/."""
    wide = pd.read_csv(INPUTS / "returns_wide.csv", parse_dates=["date"])
    wide.drop(columns="MKT").to_csv("returns.csv", index=False)
    wide[["date", "MKT"]].to_csv("market.csv", index=False)
    events = pd.read_csv(INPUTS / "events.csv").rename(columns={"ticker": "asset"})
    events.to_csv("events.csv", index=False)
    Path("returns").mkdir()
    long = wide.drop(columns="MKT").melt("date", var_name="asset", value_name="return")
    long.to_parquet("returns/part.parquet", index=False)


if __name__ == "__main__":
    write()
