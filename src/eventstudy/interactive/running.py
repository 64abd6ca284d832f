"""From a study file, or from frames, to a result: by the engines that the commands run."""

from __future__ import annotations

import re
import shlex
import shutil
import tempfile
import weakref
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

from eventstudy.errors import DataError, OptionError, SpecError
from eventstudy.interactive.options import checked
from eventstudy.interactive.result import Result
from eventstudy.panel import Inputs, run_panel
from eventstudy.panel.write import HELD
from eventstudy.spec import StudyFile
from eventstudy.spec import load as load_file
from eventstudy.study import run_study

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    import numpy as np
    import pandas as pd

    from eventstudy.interactive.options import Options

    Moment = str | date | np.datetime64

OPTION = re.compile(r"--([a-z]+(?:-[a-z]+)*)")
"""An option as messages of the command line name it."""

WORDS = {".parquet": "", "--percent": "percent=True", "`percent: true`": "percent=True"}
"""What messages say of files, and what is meant here."""


def load(path: Path | str) -> StudyFile:
    """Read a study file, and check all of it.

    Parameters
    ----------
    path : path
        A YAML file.

    Returns
    -------
    StudyFile
        The study, ``.study``, with its defaults filled in, and the hash of the file.

    Raises
    ------
    eventstudy.errors.SpecError
        With every mistake of the file at once, each with its place.

    Examples
    --------
    >>> import eventstudy as es
    >>> es.load("events/stamp-duty.yaml").study.assets
    ('CSI300', 'HSTECH')
    """
    return load_file(path)


def run(
    study: StudyFile | Path | str, *, cache: Path | str | None = None, offline: bool = False
) -> Result:
    """Answer the question of a study file.

    Parameters
    ----------
    study : StudyFile or path
        As :func:`load` returns it, or the file itself.
    cache : path, optional
        Folder of the downloads; that of the system unless given.
    offline : bool, optional
        Whether the network is never used.

    Returns
    -------
    Result
        The same numbers as of ``eventstudy run``; the same input gives the same numbers.

    Raises
    ------
    eventstudy.errors.SpecError
        When the file has mistakes.
    eventstudy.errors.DataError
        When prices cannot be had or trusted.
    eventstudy.errors.EventError
        When more events are lost than the study allows.

    Examples
    --------
    >>> import eventstudy as es
    >>> result = es.run("events/stamp-duty.yaml")
    >>> result.to_frame("verdicts")["asset"].unique().tolist()
    ['CSI300', 'HSTECH']
    """
    import numpy as np

    from eventstudy.sources.base import Access

    file = study if isinstance(study, StudyFile) else load_file(study)
    access = Access(
        file.path.parent,
        cache=Path(cache) if cache else None,
        offline=offline,
        now=np.datetime64("now", "s"),
    )
    command = shlex.join(["eventstudy", "run", file.path.as_posix()])
    return Result(run_study(file, access=access, command=command))


def study(
    returns: pd.DataFrame | pd.Series[Any],
    events: Moment | Iterable[Moment] | pd.DataFrame,
    market: pd.Series[Any] | str | None = None,
    **options: Unpack[Options],
) -> Result:
    """Study returns in memory: many securities as a panel, a single series as an index.

    Parameters
    ----------
    returns : DataFrame or Series
        Simple returns, decimal, by date. A DataFrame, one column per security, is studied as
        ``eventstudy panel`` studies a table; a Series as ``eventstudy run`` studies an index, with
        placebo and verdicts. Of an index with a time zone the local dates count.
    events : date, iterable of dates, or DataFrame
        Dates, as texts or timestamps: each is an event of every security. A DataFrame says which: a
        column ``date``, in a panel also ``asset`` (or ``security``); ``event_id``, and columns to group
        by or to regress on. The first session on or after a date is day 0. Of a Series an event may have
        a time of day, by which day 0 is found, and ``title``, ``category`` and ``expected_sign``.
    market : Series or str, optional
        Returns of the market by date, or the name of a column of `returns`. Models are ``market`` with,
        and ``constant_mean`` without it, unless named.
    **options
        See :class:`eventstudy.Options`: ``models``, ``windows``, ``estimation``, ``group`` …

    Returns
    -------
    Result
        With the tables that it was made of: :meth:`Result.save` writes them too.

    Raises
    ------
    eventstudy.errors.DataError
        When returns cannot be used: no dates, a date twice, per cent in the place of decimals.
    eventstudy.errors.SpecError, eventstudy.errors.OptionError, eventstudy.errors.UnknownNameError
        When events or options have mistakes.
    eventstudy.errors.EventError
        When no event can be studied.

    Examples
    --------
    From a frame of returns and a list of dates to a result in three lines:

    >>> import eventstudy as es
    >>> result = es.study(returns, events=["2023-08-28", "2023-11-06"], market=market)
    >>> result
    <Result of '80 events in a panel': 7 frames>
    >>> mean = result.to_frame("aggregate").head(2)
    >>> mean[["window_start", "window_end", "n"]].values.tolist()
    [[0, 0, 80], [-1, 1, 80]]

    One of its columns by itself, as an index:

    >>> single = es.study(returns["F01"], events=["2023-08-28"], calendar="XNYS", title="One firm")
    >>> single
    <Result of 'One firm': 44 frames>
    """
    import pandas as pd

    if not isinstance(returns, pd.DataFrame | pd.Series):
        raise DataError(f"returns are {type(returns).__name__}; give a pandas DataFrame or Series")
    chosen = checked(options, panel=isinstance(returns, pd.DataFrame))
    folder = Path(tempfile.mkdtemp(prefix="eventstudy-"))
    try:
        with _in_words_of_python(folder):
            if isinstance(returns, pd.DataFrame):
                found = _panel(returns, events, market, chosen, folder)
            else:
                found = _series(returns, events, market, chosen, folder)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    weakref.finalize(found, shutil.rmtree, folder, ignore_errors=True)
    return found


def _series(
    returns: pd.Series[Any],
    events: object,
    market: object,
    options: Mapping[str, Any],
    folder: Path,
) -> Result:
    """Study a single series."""
    import pandas as pd

    from eventstudy.interactive.series import STUDY, write_series

    if not (market is None or isinstance(market, pd.Series)):
        raise OptionError("beside a Series the market is a Series too: returns by date")
    file = load_file(write_series(returns, events, market, options, folder))
    numbers = run_study(file, command=f"eventstudy run {HELD}/{STUDY}")
    return Result(numbers, folder)


def _panel(
    returns: pd.DataFrame, events: object, market: object, options: Mapping[str, Any], folder: Path
) -> Result:
    """Study many securities."""
    from eventstudy.interactive.panels import command, design_of, write_panel_tables

    inputs = Inputs(
        *write_panel_tables(returns, events, market, folder),
        percent=options.get("percent", False),
        held=True,
    )
    design = design_of(options, market=bool(inputs.market))
    return Result(run_panel(inputs, design, command=command(inputs, design)), folder)


@contextmanager
def _in_words_of_python(folder: Path) -> Iterator[None]:
    """Say what is wrong of the frames, not of the files that stand for them, and of keywords."""

    def reworded(text: str) -> str:
        for there, here in {f"{folder}/": "", **WORDS}.items():
            text = text.replace(there, here)
        return OPTION.sub(lambda found: found[1].replace("-", "_"), text)

    try:
        yield
    except SpecError as error:
        problems = [
            replace(each, file=reworded(each.file), message=reworded(each.message), source="")
            for each in error.problems
        ]
        raise SpecError(problems) from None
    except (DataError, OptionError) as error:
        raise type(error)(reworded(str(error))) from None
