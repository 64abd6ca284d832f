"""Whether a download is fit for the cache, and what it changes of the one before it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from eventstudy.errors import DataError
from eventstudy.formats import counted

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from eventstudy.spec import Instrument
    from eventstudy.store import Download

SETTLED = 3600
"""Seconds after the close until a session's prices count as final: closing auctions, delayed quotes."""

REVISED = 1e-6
"""Relative change of a past price beyond which it counts as another."""

FEW, SHARE = 5, 0.01
"""Sessions of an older download that a newer one may lack, and the share of them, whichever is more."""


def without_unfinished(instrument: Instrument, download: Download) -> Download:
    """Leave out sessions that were not over, and dates still to come, when the download was made."""
    import numpy as np
    import pandas as pd

    from eventstudy.alignment import exchange

    known = exchange(instrument.calendar)
    local = pd.Timestamp(download.at, tz="UTC").tz_convert(instrument.timezone)
    today = np.datetime64(local.date(), "D")
    at_today = known.sessions == today
    over = known.closes[at_today] + np.timedelta64(SETTLED, "s") <= download.at
    # A date that is no session has nothing to wait for; the checks of the data count it.
    last = today if over.all() else today - np.timedelta64(1, "D")
    keep = download.dates <= last
    columns = {name: values[keep] for name, values in download.columns.items()}
    return replace(download, dates=download.dates[keep], columns=columns)


def refuse_unfit(new: Download, old: Download | None) -> None:
    """Raise unless a download has prices, on rising dates, and no fewer than the one before it."""
    import numpy as np

    if (np.diff(new.dates) <= np.timedelta64(0, "D")).any():
        raise DataError(
            f"{new.request.source} gave dates out of order; nothing of it is kept, try again"
        )
    after = priced(new)
    if not len(after):
        raise DataError(
            f"{new.request.source} gave no price; nothing of it is kept: try again later, or take another"
            " source"
        )
    before = priced(old) if old is not None else after
    lost = np.setdiff1d(before, after)
    if old is not None and len(lost) > max(FEW, SHARE * len(before)):
        raise DataError(
            f"{new.request.source} gave prices without {len(lost):,} of the"
            f" {counted(len(before), 'session')} that the download of {day_of(old)} has, first {lost[0]}; it is"
            " not kept: try again later"
        )


def revision(new: Download, old: Download | None) -> str:
    """Return which past closes or flows differ from those of the download before; empty for none.

    A common factor, with which a source works in a later split, changes no return and is none.
    """
    import numpy as np

    column = "close" if "close" in new.columns else "flow"
    if old is None or column not in old.columns:
        return ""
    days, mine, theirs = np.intersect1d(new.dates, old.dates, return_indices=True)
    after, before = new.columns[column][mine], old.columns[column][theirs]
    known = ~np.isnan(after) & ~np.isnan(before) & (before != 0)
    if not known.any():
        return ""
    ratio = after[known] / before[known]
    changed = days[known][np.abs(ratio / np.median(ratio) - 1) > REVISED]
    if not len(changed):
        return ""
    return (
        f"{counted(len(changed), f'past {column}')} not as in the download of {day_of(old)}, first"
        f" {changed[0]}"
    )


def priced(download: Download) -> NDArray[np.datetime64]:
    """Return the dates with a number in any column that is no action."""
    import numpy as np

    known = np.zeros(len(download.dates), dtype=bool)
    for name in ("close", "flow"):
        if name in download.columns:
            known |= ~np.isnan(download.columns[name])
    return download.dates[known]


def day_of(download: Download) -> str:
    return str(download.at.astype("datetime64[D]"))
