"""What differs between two sets of prices, and between the answers that they give to one study."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from eventstudy.formats import fixed
from eventstudy.sources.base import FIELDS

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from eventstudy.results import StudyResult
    from eventstudy.sources.base import Prices

    Dates = NDArray[np.datetime64]
    Floats = NDArray[np.float64]

CELL_COLUMNS = ("instrument", "field", "date", "before", "after")
CONCLUSION_COLUMNS = ("conclusion", "model", "of", "asset", "window", "before", "after")

LOST = "not there"
"""What a conclusion is where one of the results has none."""


def changed_cells(before: Prices, after: Prices) -> pd.DataFrame:
    """Return every price that differs between two sets, those of one set alone among them.

    Parameters
    ----------
    before, after : Prices
        Two sets of prices.

    Returns
    -------
    DataFrame
        One row per cell with the columns :data:`CELL_COLUMNS`; NaN where a set has no price.
    """
    import pandas as pd

    dates = np.union1d(before.dates, after.dates)
    names = dict.fromkeys((*before.instruments, *after.instruments))
    parts = []
    for name in names:
        for field in FIELDS:
            old, new = (_on(prices, dates, name, field) for prices in (before, after))
            rows = np.flatnonzero((old != new) & ~(np.isnan(old) & np.isnan(new)))
            values = (name, field, dates[rows].astype(str), old[rows], new[rows])
            parts.append(pd.DataFrame(dict(zip(CELL_COLUMNS, values, strict=True))))
    return pd.concat(parts, ignore_index=True)


def summary(cells: pd.DataFrame) -> list[dict[str, str]]:
    """Return one line per instrument and field of :func:`changed_cells`, for the terminal."""
    lines = []
    for (name, field), rows in cells.groupby(["instrument", "field"], sort=False):
        size = (rows["after"] / rows["before"] - 1).abs().max()
        lines.append(
            {
                "instrument": str(name),
                "field": str(field),
                "prices": f"{len(rows):,}",
                "first": rows["date"].iloc[0],
                "last": rows["date"].iloc[-1],
                "new": f"{int(rows['before'].isna().sum()):,}",
                "gone": f"{int(rows['after'].isna().sum()):,}",
                "largest change": "" if np.isnan(size) else f"{fixed(size, 1, 10_000)} bp",
            }
        )
    return lines


def _on(prices: Prices, dates: Dates, name: str, field: str) -> Floats:
    """Return one field of one instrument on some dates, shape (n,); NaN where there is none."""
    found = np.full(len(dates), np.nan)
    if name in prices.instruments:
        found[np.searchsorted(dates, prices.dates)] = prices.column(name, field)
    return found


def changed_conclusions(before: StudyResult, after: StudyResult) -> pd.DataFrame:
    """Return every conclusion of a study that two sets of prices do not share.

    Parameters
    ----------
    before, after : StudyResult
        The study with one set of prices, and with the other.

    Returns
    -------
    DataFrame
        One row per conclusion with the columns :data:`CONCLUSION_COLUMNS`: the outcome of an event, and
        on which side of the level of the study the p-value of an event or of a group lies.
    """
    old, new = (_conclusions(result) for result in (before, after))
    keys = list(CONCLUSION_COLUMNS[:-2])
    both = old.merge(new, on=keys, how="outer", validate="1:1", suffixes=("_old", "_new"))
    both = both.fillna(LOST).rename(columns={"says_old": "before", "says_new": "after"})
    return both[both["before"] != both["after"]].reset_index(drop=True)


def _conclusions(result: StudyResult) -> pd.DataFrame:
    """Return each conclusion with what it is about, and what it says in the column ``says``."""
    import pandas as pd

    verdicts = result.frames["verdicts"]
    outcomes = verdicts.assign(
        conclusion="outcome", of=verdicts["event_id"], window="", says=verdicts["outcome"]
    )
    tests = result.frames["statistics"].dropna(subset=["p_value"])
    window = tests["window_start"].astype(str) + " to " + tests["window_end"].astype(str)
    alpha = result.study.alpha
    below = tests["p_value"] <= alpha
    judged = tests.assign(
        conclusion="p of " + tests["statistic"],
        of=tests["group"],
        window=window,
        says=below.map({True: f"at or below {alpha:g}", False: f"above {alpha:g}"}),
    )
    return pd.concat([outcomes, judged])[[*CONCLUSION_COLUMNS[:-2], "says"]]
