"""A report that shows itself in a notebook, and can be saved as one file."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass, field
from functools import partial
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from eventstudy.document import panel_document, study_document
from eventstudy.errors import OptionError, ReportError, UnknownNameError
from eventstudy.interactive.result import Result
from eventstudy.language import LANGUAGES
from eventstudy.panel import PanelResult
from eventstudy.report.render import render_document
from eventstudy.writing import replace_file

if TYPE_CHECKING:
    from eventstudy.document import Document

HEIGHT = 800
"""Height of a report in a notebook, in pixels."""

PERMITTED = "allow-downloads allow-popups allow-scripts"
"""What a report may do in a notebook; it has no access to the notebook itself."""


@dataclass(slots=True, eq=False, repr=False)
class Report:
    """One self-contained page, as :func:`eventstudy.report` makes it.

    Attributes
    ----------
    title : str
        What it is called.
    html : str
        The whole page; the same result gives the same bytes.
    path : pathlib.Path or None
        The file that it was last saved as.
    """

    title: str
    html: str
    path: Path | None = field(default=None, init=False)

    def __repr__(self) -> str:
        where = f"saved as {self.path}" if self.path else "not saved"
        return f"<Report {self.title!r}: {len(self.html.encode()):,} bytes, {where}>"

    def _repr_html_(self) -> str:
        # not `srcdoc`: a link within the page would lead to the notebook that shows it
        page = b64encode(self.html.encode()).decode()
        return (
            f'<iframe title="{escape(self.title)}" src="data:text/html;base64,{page}"'
            f' sandbox="{PERMITTED}" width="100%" height="{HEIGHT}" style="border:0"></iframe>'
        )

    def save(self, path: Path | str) -> Path:
        """Write the page as one file.

        Parameters
        ----------
        path : path
            The file; a folder stands for ``report.html`` in it. Folders are made where there are none.

        Returns
        -------
        pathlib.Path
            The file.

        Raises
        ------
        eventstudy.errors.ReportError
            When it cannot be written; a file that was there is whole.
        """
        target = Path(path)
        target = target / "report.html" if target.is_dir() else target
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            replace_file(target, partial(Path.write_text, data=self.html, encoding="utf-8"))
        except OSError as error:
            raise ReportError(f"{target} cannot be written ({error.strerror})") from error
        self.path = target
        return target


def report(result: Result, *, language: str = "", static: bool = False) -> Report:
    """Make the report of a result.

    Parameters
    ----------
    result : Result
        Of :func:`eventstudy.run` or :func:`eventstudy.study`.
    language : str, optional
        ``en`` or ``zh-Hans``; that of the study unless given.
    static : bool, optional
        Whether charts stay as they are drawn, and the page holds no script.

    Returns
    -------
    Report
        It shows itself in a notebook.

    Raises
    ------
    eventstudy.errors.UnknownNameError
        When there are no reports in the language.

    Examples
    --------
    >>> import eventstudy as es
    >>> page = es.report(es.study(returns, events=["2023-08-28"], market=market))
    >>> page.save(folder / "august.html").name
    'august.html'
    >>> page.path == folder / "august.html"
    True
    """
    if language and language not in LANGUAGES:
        raise UnknownNameError("language", language, LANGUAGES)
    document = _document(result, language)
    return Report(str(document.title), render_document(document, static=static))


def _document(result: object, language: str) -> Document:
    """Return what the report says."""
    if not isinstance(result, Result):
        kind = type(result).__name__
        raise OptionError(f"a report is made of what es.run or es.study returns, not of {kind}")
    if isinstance(result.numbers, PanelResult):
        return panel_document(result.numbers, language or LANGUAGES[0])
    return study_document(result.numbers, language)
