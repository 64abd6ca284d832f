"""What the specifications of one asset and window say together."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

KEYS = ["asset", "window_start", "window_end"]


def spread_rows(specifications: pd.DataFrame, alpha: float) -> Iterator[tuple[object, ...]]:
    """Yield the rows of the frame ``spreads``.

    Parameters
    ----------
    specifications : DataFrame
        The frame ``specifications``; those of all events count.
    alpha : float
        Level up to which p-values are counted.

    Notes
    -----
    The sign that is counted is that of the chosen effect, or of the median where it does not exist;
    the rank of the chosen effect is one more than the number of lower effects.
    """
    found = specifications[(specifications["group"] == "all") & (specifications["status"] == "ok")]
    for key, mine in found.groupby(KEYS, sort=False):
        effect = mine["effect"]
        own = effect[mine["chosen"] == "yes"]
        median = float(effect.median())
        chosen = float(own.iloc[0]) if len(own) else float("nan")
        same = effect[mine["events_as_chosen"] == "yes"]
        sign = chosen if len(own) else median
        yield (
            *key,
            len(mine),
            int(mine["n"].min()),
            int(mine["n"].max()),
            chosen,
            int((effect < chosen).sum()) + 1 if len(own) else 0,
            median,
            float(effect.min()),
            float(effect.max()),
            int((effect * sign > 0).sum()),
            int((mine["p_value"] <= alpha).sum()),
            len(same),
            float(same.median()) if len(same) else float("nan"),
        )
