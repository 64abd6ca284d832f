"""The tables of tests/reference/panel40 as a study in YAML, and as the panel command reads them."""

from __future__ import annotations

import pandas as pd

from tests.panel40_tables import WINDOWS, tables, write_tables
from tests.samples import PANEL40

MODELS = "[{name: market, benchmark: MKT}, capm, fama_french_3]"
WHERE = "calendar: XNYS, timezone: America/New_York"


def write_study(folder, *, firms=40, models=MODELS):
    """Write R.csv, M.csv, E.csv, factors F.csv, all series in A.csv, and study.yaml; return that."""
    write_tables(folder)
    returns, market, events = tables()
    events = events.head(firms)
    returns.merge(market, on="date").to_csv(folder / "A.csv", index=False)
    factors = pd.read_csv(PANEL40 / "inputs" / "factors_daily_decimal.csv")
    factors.to_csv(folder / "F.csv", index=False)
    assets, names = ", ".join(events["asset"]), ", ".join(factors.columns.drop("date"))
    source = "{name: files, returns: [A.csv, F.csv]}"
    listed = "".join(
        f"  - {{id: '{row.event_id}', title: T, announced: {row.event_date}, assets: [{row.asset}],"
        f" category: g{row.grp}}}\n"
        for row in events.itertuples()
    )
    windows = ", ".join(f"[{start}, {end}]" for start, end in WINDOWS)
    (folder / "study.yaml").write_text(
        f"format: 1\ntitle: Forty firms\nsource: {source}\nassets: [{assets}]\npool_assets: true\n"
        f"instruments:\n  - {{id: [{assets}, MKT], kind: stock, {WHERE}}}\n"
        f"  - {{id: [{names}], kind: return, {WHERE}}}\n"
        f"estimation: [-270, -21]\nevent_window: [-10, 10]\nwindows: [{windows}]\nmodels: {models}\n"
        f"events:\n{listed}",
        encoding="utf-8",
    )
    return folder / "study.yaml"
