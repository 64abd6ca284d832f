"""Names that say so where a series only stands for an instrument."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from eventstudy.sources.base import Prices
    from eventstudy.spec import Study


def with_proxies(study: Study, prices: Prices) -> Study:
    """Return the study with its instruments named after what the prices are of.

    Parameters
    ----------
    study : Study
        As its file says.
    prices : Prices
        Some series of which may only stand for their instrument, such as a tracker fund for an index.

    Returns
    -------
    Study
        In which such an instrument is called "Hang Seng TECH (tracker fund 3033.HK)", and "HS TECH
        (3033.HK)" in narrow tables; every table, figure and sentence takes its names from there.
    """
    named = {}
    for series in prices.series:
        known = study.instruments.get(series.instrument)
        if series.proxy and known is not None:
            names = {
                "name": f"{known.name} ({series.proxy})",
                "short": f"{known.short} ({series.symbol})",
            }
            named[series.instrument] = known.model_copy(update=names)
    return (
        study.model_copy(update={"instruments": {**study.instruments, **named}}) if named else study
    )
