"""Results to pages: one self-contained HTML file each, with a strict content policy."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from typing import TYPE_CHECKING, Any

from eventstudy import formats, labels
from eventstudy.charts import ACCENTS, CONFIG
from eventstudy.document import (
    NUMBERS,
    numbers_json,
    overview_document,
    panel_document,
    study_document,
)
from eventstudy.language import LANGUAGES, current, say, using
from eventstudy.report.cells import body, words
from eventstudy.report.drawing import as_json, draw
from eventstudy.report.live import bundle
from eventstudy.report.paging import INDEX, Page, event_pages, paged

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jinja2 import Environment
    from markupsafe import Markup

    from eventstudy.document import Document, Entry
    from eventstudy.document.blocks import Figure
    from eventstudy.panel import PanelResult
    from eventstudy.results import StudyResult
    from eventstudy.spec import Presentation


ABOVE = "../index.html"
"""The page of all studies, from the folder of one."""


def render_study(result: StudyResult, *, static: bool = False) -> str:
    """Return a study whole, on one page, however long it is.

    Parameters
    ----------
    result : StudyResult
        The study; the same result gives the same bytes.
    static : bool, optional
        Whether charts stay as they are drawn, and the page holds no script.
    """
    with using(result.study.report.language):
        document = study_document(result)
        page = Page(INDEX, document.sections)
        return _written(page, document, home=ABOVE, static=static)


def study_pages(result: StudyResult, *, static: bool = False) -> Iterator[tuple[str, str]]:
    """Yield the pages of a study, and the numbers in their words: place in its folder, and text.

    Parameters
    ----------
    result : StudyResult
        The study; the same result gives the same bytes.
    static : bool, optional
        As in :func:`render_study`.

    Notes
    -----
    One page holds all, unless the events are more than :data:`eventstudy.report.paging.MOST`: then they
    go to pages of their own, and the first page lists them under their anchors.
    """
    with using(result.study.report.language):
        document = study_document(result)
        for page in paged(document):
            yield page.file, _written(page, document, home=f"{page.up}{ABOVE}", static=static)
        yield NUMBERS, numbers_json(document)


def render_document(document: Document, *, static: bool = False) -> str:
    """Return a document whole, on one page.

    Parameters
    ----------
    document : Document
        The same document gives the same bytes.
    static : bool, optional
        As in :func:`render_study`.
    """
    with using(document.language):
        return _written(Page(INDEX, document.sections), document, static=static)


def _written(page: Page, document: Document, *, home: str = "", static: bool) -> str:
    """Return one page; `home` leads from that of a study to the page of all studies."""
    scripts = [] if static else [_asset("reader.js"), _asset("live.js"), bundle().code]
    return _page(
        "result.html.jinja",
        scripts,
        home=home,
        kicker=document.kind,
        document=document,
        here=page,
        title=document.title,
        live="" if static else _live(),
        tools="" if static else _tools(),
    )


@cache
def _live() -> Markup:
    """Return what makes charts live: their configuration, Vega packed, and the script that starts it."""
    return _safe(
        f'<script type="application/json" id="chart-config">{as_json(CONFIG)}</script>\n'
        f'<script type="application/gzip" id="vega">{bundle().packed}</script>\n'
        f"<script>{_asset('live.js')}</script>\n"
    )


def _tools() -> Markup:
    """Return what a reader can do with a page, with its words: links, downloads, light and dark."""
    words = {
        "beside": say("{title}, beside it"),
        "dark": say("Dark"),
        "found": say("{found} of {all}"),
        "high": say("{title}, high"),
        "light": say("Light"),
        "link": say("Link to {name}"),
        "low": say("{title}, low"),
        "save": say("Save as {kind}: {name}"),
        "search": say("Search"),
        "table": say("Table"),
    }
    return _safe(
        f'<script type="application/json" id="words">{as_json(words)}</script>\n'
        f"<script>{_asset('reader.js')}</script>\n"
    )


def render_panel(
    result: PanelResult,
    language: str = LANGUAGES[0],
    *,
    static: bool = False,
    shown: Presentation | None = None,
) -> str:
    """Return the page of a panel.

    Parameters
    ----------
    result : PanelResult
        The panel; the same result gives the same bytes.
    language : str, optional
        Of :data:`eventstudy.language.LANGUAGES`.
    static : bool, optional
        As in :func:`render_study`.
    shown : Presentation, optional
        What stands in brackets, and the levels of stars.
    """
    with using(language):
        document = panel_document(result, language, shown=shown)
        return _written(Page(INDEX, document.sections), document, static=static)


def render_index(entries: Sequence[Entry], *, static: bool = False) -> str:
    """Return the page of all studies, as :func:`index_pages` has it."""
    return dict(index_pages(entries, static=static))[INDEX]


def index_pages(entries: Sequence[Entry], *, static: bool = False) -> Iterator[tuple[str, str]]:
    """Yield the page of all studies, and the numbers in its words: place, and text.

    It has answers, timelines and every event; failed studies with their message.

    Parameters
    ----------
    entries : sequence of Entry
        Studies in the order in which the page lists them.
    static : bool, optional
        As in :func:`render_study`.

    Notes
    -----
    It is in the language of the studies where they share one, else in English.
    """
    results = {entry.stem: entry.result for entry in entries if entry.result is not None}
    pages = {
        (stem, event): file
        for stem, result in results.items()
        for event, file in event_pages(result.study).items()
    }
    languages = {result.study.report.language for result in results.values()}
    with using(languages.pop() if len(languages) == 1 else LANGUAGES[0]):
        document = overview_document(entries, pages)
        yield INDEX, _written(Page(INDEX, document.sections), document, static=static)
        yield NUMBERS, numbers_json(document)


def _page(template: str, scripts: Sequence[str], **values: object) -> str:
    """Write a page with a policy that allows its own style and scripts and nothing else."""
    style = _asset("style.css") + _colours()
    policy = (
        "default-src 'none'; "
        f"script-src {' '.join(map(_hash, scripts)) or _NONE}; style-src {_hash(style)}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    shared = {"policy": policy, "style": _safe(style), "language": current()}
    return _environment().get_template(template).render(**shared, **values)


_NONE = "'none'"


def _hash(text: str) -> str:
    """Return the source expression that allows exactly this inline text."""
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"


def _colours() -> str:
    """Return the rules that put the page's colours in place of the charts' sentinels."""
    from eventstudy.charts import theme

    names = {
        theme.INK: "ink",
        theme.MUTED: "muted",
        theme.GRID: "grid",
        theme.RULE: "rule",
        theme.DAY0: "day0",
        **{accent.colour: f"tone{i}" for i, accent in enumerate(ACCENTS)},
    }
    return "".join(
        f'.chart [{kind}="{colour}"]{{{kind}:var(--{name})}}\n'
        for colour, name in names.items()
        for kind in ("fill", "stroke")
    )


@cache
def _asset(name: str) -> str:
    """Return a file of the template folder."""
    from importlib.resources import files

    return (files("eventstudy.report") / "templates" / name).read_text(encoding="utf-8")


def _safe(text: str) -> Markup:
    """Mark our own style, script and drawings as markup; text from a study never passes here."""
    from markupsafe import Markup

    return Markup(text)  # noqa: S704 - made by this package; the words inside are escaped


@cache
def _environment() -> Environment:
    """Return the one template environment."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("eventstudy.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        anchor=labels.anchor,
        body=lambda table, link: _safe(body(table, link)),
        capital=formats.capital,
        drawing=_drawing,
        say=say,
        shape=lambda tone: ACCENTS[tone % len(ACCENTS)].shape,
        specification=lambda spec: _safe(as_json(spec)),
        words=lambda value, link: _safe(words(value, link)),
    )
    return environment


def _drawing(figure: Figure, spec: dict[str, Any], variant: str) -> Markup:
    """Return a figure as SVG, drawn from one of its specifications."""
    text = f"{figure.title} {figure.caption}".strip()
    return _safe(draw(spec, f"{figure.id}-{variant}", figure.name, text))
