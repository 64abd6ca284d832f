"""A result in the hands of its user: a summary to read, frames to go on with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from eventstudy.errors import UnknownNameError
from eventstudy.interactive.summary import Summary, summary_of, title_of

if TYPE_CHECKING:
    import pandas as pd

    from eventstudy.panel import PanelResult
    from eventstudy.results import StudyResult


@dataclass(frozen=True, slots=True, eq=False, repr=False, weakref_slot=True)
class Result:
    """What :func:`eventstudy.run` and :func:`eventstudy.study` return; nothing in it changes.

    Attributes
    ----------
    numbers : StudyResult or PanelResult
        All numbers, as the command line writes them: of an index study, or of a panel of securities.
    tables : pathlib.Path or None
        Folder of the tables that were studied where they were frames; it is gone when the result is.

    Examples
    --------
    >>> import eventstudy as es
    >>> result = es.run(es.load("events/stamp-duty.yaml"))
    >>> result
    <Result of 'Changes of the stamp duty on share trading': 44 frames; 6 dropped, see to_frame('dropped')>
    >>> car = result.to_frame("car")
    >>> list(car.columns[:6])
    ['model', 'event_id', 'asset', 'window_start', 'window_end', 'car']
    >>> result.to_frame("cra")
    Traceback (most recent call last):
    eventstudy.errors.UnknownNameError: there is no frame 'cra'; allowed: ...; did you mean 'car'?
    """

    numbers: StudyResult | PanelResult
    tables: Path | None = None

    def __repr__(self) -> str:
        lost = self.numbers.frames["dropped"][["event_id", "asset"]].drop_duplicates()
        left = f"; {len(lost)} dropped, see to_frame('dropped')" if len(lost) else ""
        return f"<Result of {title_of(self.numbers)!r}: {len(self.frames)} frames{left}>"

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()

    @property
    def frames(self) -> tuple[str, ...]:
        """Names that :meth:`to_frame` knows; docs/reference/results.md describes every column."""
        return tuple(sorted(self.numbers.frames))

    def to_frame(self, name: str) -> pd.DataFrame:
        """Return one table of numbers.

        Parameters
        ----------
        name : str
            One of :attr:`frames`: ``car``, ``abnormal``, ``statistics``, ``aggregate`` …

        Returns
        -------
        DataFrame
            Tidy and long, the user's to change; returns are decimals, a number that does not exist is NaN.

        Raises
        ------
        eventstudy.errors.UnknownNameError
            When there is no such frame.
        """
        if name not in self.frames:
            raise UnknownNameError("frame", str(name), self.frames)
        return self.numbers.frames[name].rename_axis(None)

    def summary(self) -> Summary:
        """Return what was found, in sentences and one table; it shows itself on a terminal and in a notebook."""
        return summary_of(self.numbers)

    def save(self, folder: Path | str) -> None:
        """Write every frame as CSV, and ``manifest.json`` with what is needed to make them again.

        Parameters
        ----------
        folder : path
            Made when it is not there; what an earlier result left in it is replaced. Where frames were
            studied, they go into ``inputs/``.

        Raises
        ------
        eventstudy.errors.OptionError
            When the folder holds something else.
        eventstudy.errors.ReportError
            When it cannot be written.

        Examples
        --------
        >>> import eventstudy as es
        >>> result = es.study(returns, events=["2023-08-28"], market=market)
        >>> result.save(folder / "august")
        >>> sorted(path.name for path in (folder / "august").iterdir())[:4]
        ['abnormal.csv', 'aggregate.csv', 'car.csv', 'dropped.csv']
        """
        from eventstudy.interactive.saving import save

        save(self.numbers, Path(folder), self.tables)
