"""``cars.csv``: one row per event and asset, ready for a regression."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from eventstudy.export.grid import unlike
from eventstudy.labels import in_order
from eventstudy.panel import PanelResult
from eventstudy.sheets.reading import open_table
from eventstudy.writing import write_csv

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from eventstudy.results import StudyResult
    from eventstudy.sheets.sheet import Sheet
    from eventstudy.spec import Event

FILE = "cars.csv"


KEYS = ["event_id", "asset"]


def write_cars(result: StudyResult | PanelResult, folder: Path) -> None:
    """Write ``cars.csv``.

    Parameters
    ----------
    result : StudyResult or PanelResult
        The study, or the panel.
    folder : pathlib.Path
        Where the file goes.
    """
    table = panel_cars(result) if isinstance(result, PanelResult) else cars(result)
    write_csv(table, folder / FILE)


def cars(result: StudyResult) -> pd.DataFrame:
    """Return CARs, standard errors and what the study says of the events, a row per event and asset.

    Parameters
    ----------
    result : StudyResult
        The study.

    Returns
    -------
    DataFrame
        ``event_id``, ``asset``, ``title``, ``category``, ``expected_sign`` (1 up, -1 down, else missing),
        ``announced``, ``day0``, ``scheduled``, ``end_known`` (1 yes, 0 no, missing where the study does not
        say), ``selection``, ``until``, ``confounded_by`` (ids), and of every model and window
        ``car_MODEL_START_END`` and ``se_MODEL_START_END``, decimals as in ``results/car.csv``; m stands for
        minus. Events and assets that no model could be estimated for are absent.
    """
    import pandas as pd

    days = result.frames["day0"].set_index(KEYS)["session"].rename("day0")
    numbers = pd.concat([days, by_window(result.frames["car"])], axis=1, join="inner")
    events = pd.DataFrame(
        [
            {"event_id": event.id, "asset": asset, **_characteristics(event)}
            for event in in_order(result.study)
            for asset in result.study.assets_of(event)
        ]
    )
    merged = events.merge(numbers.reset_index(), on=KEYS, validate="one_to_one")
    first = [*KEYS, "day0"]
    return merged[[*first, *(name for name in merged.columns if name not in first)]]


def by_window(found: pd.DataFrame) -> pd.DataFrame:
    """Return CARs and standard errors with a row per event and asset, columns per model and window.

    Parameters
    ----------
    found : DataFrame
        The frame ``car``.
    """
    import pandas as pd

    windows = list(zip(found["model"], found["window_start"], found["window_end"], strict=True))
    known = list(dict.fromkeys(windows))
    names = dict(zip(known, unlike(_suffix(*each) for each in known), strict=True))
    long = found.assign(suffix=[names[each] for each in windows])
    return pd.DataFrame(
        {
            f"{prefix}_{name}": part[value]
            for name, part in long.set_index(KEYS).groupby("suffix", sort=False)
            for prefix, value in (("car", "car"), ("se", "std_error"))
        }
    )


def panel_cars(result: PanelResult) -> pd.DataFrame:
    """Return CARs, standard errors and what the table of the events says, a row per event.

    Parameters
    ----------
    result : PanelResult
        The panel.

    Returns
    -------
    DataFrame
        ``event_id``, ``asset``, ``day0``, the other columns of the table of the events as they stand there,
        and CARs and standard errors as :func:`cars` has them. Events that no model could be estimated for
        are absent.
    """
    import pandas as pd

    abnormal = result.frames["abnormal"]
    first = abnormal[abnormal["tau"] == 0].drop_duplicates("event_id")
    days = pd.DataFrame({"event_id": first["event_id"], "day0": first["date"].astype(str)})
    table = open_table(result.inputs.events)
    sheet = table.read(table.names, table.names)
    told = pd.DataFrame({name: _texts(sheet, name) for name in table.names})
    numbers = by_window(result.frames["car"]).reset_index()
    merged = numbers.merge(days, on="event_id").merge(told, on=KEYS, suffixes=("", "_given"))
    more = [name for name in merged.columns if name not in {*KEYS, "day0", *numbers.columns}]
    return merged[[*KEYS, "day0", *more, *(n for n in numbers.columns if n not in KEYS)]]


def _texts(sheet: Sheet, name: str) -> list[str]:
    """Return a column as it stands in its file."""
    distinct, code = sheet.texts(name)
    return [distinct[at] for at in code]


def _suffix(model: str, start: int, end: int) -> str:
    """Return model and window as a part of a name that formulas can hold."""
    days = (f"{'m' if day < 0 else ''}{abs(day)}" for day in (start, end))
    return "_".join([re.sub(r"\W", "_", model), *days])


SIGNS = {"up": 1.0, "down": -1.0}
"""Numbers of the expected signs."""


def _characteristics(event: Event) -> dict[str, object]:
    """Return what the study says of an event."""
    return {
        "title": event.title,
        "category": event.category,
        "expected_sign": SIGNS.get(event.expected_sign, float("nan")),
        "announced": str(event.announced),
        "scheduled": _flag(value=event.scheduled),
        "end_known": _flag(value=event.end_known),
        "selection": event.selection or "",
        "until": str(event.until or ""),
        "confounded_by": " ".join(event.confounded_by),
    }


def _flag(*, value: bool | None) -> float:
    """Return 1 for yes, 0 for no, and no number where nothing is said."""
    return float("nan") if value is None else float(value)
