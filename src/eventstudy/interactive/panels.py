"""Many securities in frames as the tables and options of ``eventstudy panel``."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

from eventstudy.errors import DataError, OptionError, did_you_mean
from eventstudy.interactive.frames import panel_events, write_returns, write_table
from eventstudy.panel import Design
from eventstudy.panel.write import HELD
from eventstudy.spec import Window

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    import pandas as pd

    from eventstudy.panel import Inputs

FLAGS = {
    "models": "model",
    "statistics": "statistic",
    "windows": "window",
    "regress": "regress",
    "errors": "errors",
}
"""Options of the command that are repeated, by what the design calls them."""


def write_panel_tables(
    returns: pd.DataFrame,
    events: object,
    market: object,
    folder: Path,
) -> tuple[Path, Path, str]:
    """Write the tables of a panel.

    Parameters
    ----------
    returns : DataFrame
        One column per security.
    events : str, date, iterable of these, or DataFrame
        As of :func:`eventstudy.study`.
    market : Series or str or None
        Returns of the market, or the column that has them.
    folder : pathlib.Path
        Where the files go.

    Returns
    -------
    returns, events : pathlib.Path
        The tables.
    market : str
        Path of the table of the market, or name of the column; empty for none.
    """
    import pandas as pd

    names = list(map(str, returns.columns))
    if isinstance(market, str) and market not in names:
        some = ", ".join(names[:5]) + (", …" if len(names) > 5 else "")
        raise OptionError(
            f"returns have no column {market!r}; they have {some}, and a market beside them is a Series of"
            f" returns{did_you_mean(market, names)}"
        )
    if not (market is None or isinstance(market, str | pd.Series)):
        raise DataError(
            f"the market is {type(market).__name__}; give a Series of returns, or a column"
        )
    files = [folder / f"{name}.parquet" for name in ("returns", "events", "market")]
    write_returns(returns, files[0], "returns")
    own = market if isinstance(market, str) else ""
    table = panel_events(events, [name for name in names if name != own])
    write_table(table, files[1], "events")
    if isinstance(market, pd.Series):
        write_returns(market.to_frame(str(market.name or "market")), files[2], "market")
        return files[0], files[1], str(files[2])
    return files[0], files[1], own


def design_of(options: Mapping[str, Any], *, market: bool) -> Design:
    """Return the design of a panel.

    Parameters
    ----------
    options : mapping
        As :func:`eventstudy.interactive.options.checked` returns them.
    market : bool
        Whether there is one.
    """
    values = {
        "models": ("market" if market else "constant_mean",),
        **{key: value for key, value in options.items() if key != "percent"},
    }
    for key in ("estimation", "event_window"):
        if key in values:
            values[key] = Window(*values[key])
    if "windows" in values:
        values["windows"] = tuple(Window(*bounds) for bounds in values["windows"])
    return Design(**values)


def command(inputs: Inputs, design: Design) -> str:
    """Return the command that makes the result again, in the folder that it is saved in."""
    return shlex.join(["eventstudy", "panel", *_arguments(inputs, design), "--out=again"])


def _arguments(inputs: Inputs, design: Design) -> Iterator[str]:
    """Yield the options of the command that differ from what it does by itself."""
    yield f"--returns={HELD}/{inputs.returns.name}"
    yield f"--events={HELD}/{inputs.events.name}"
    if inputs.market:
        name = inputs.market.rpartition("/")[2]
        yield f"--market={name if name == inputs.market else f'{HELD}/{name}'}"
    if inputs.percent:
        yield "--percent"
    usual = Design()
    for key in Design.__dataclass_fields__:
        value = getattr(design, key)
        if value == getattr(usual, key):
            continue
        flag = f"--{FLAGS.get(key, key).replace('_', '-')}"
        if value is True:
            yield flag
        else:
            yield from (f"{flag}={_shown(each)}" for each in (value if key in FLAGS else (value,)))


def _shown(value: object) -> str:
    """Return a value as the command line takes it."""
    return f"{value.start}:{value.end}" if isinstance(value, Window) else str(value)
