"""Figures for print: SVG, PDF and PNG at the width of a column, on white."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from eventstudy.charts import WIDE, across, outer_width
from eventstudy.charts.drawing import converter, vega_svg
from eventstudy.export.pdforder import in_order

if TYPE_CHECKING:
    from pathlib import Path

    from eventstudy.document import Document
    from eventstudy.document.blocks import Figure

WIDTHS = {"single": 3.5, "double": 7.0}
"""Widths of a figure in inches: one column of a journal, and both."""

POINTS = 72
DOTS = 300
"""Points, and dots of a PNG, to the inch."""

GROUND = '<rect width="100%" height="100%" fill="white"/>'
"""Below every drawing, which is transparent for pages."""

_ROOT = re.compile(r'(<svg\b[^>]*?) width="([\d.]+)" height="([\d.]+)"([^>]*>)')


class Drawings:
    """The figures of a document at the widths of columns, each drawn once from its specification.

    A figure has a drawing of its own for each width: what a page draws over its whole width is drawn for one
    column as for phones, the others are drawn anew for both. So type is of about 7 points in every file.
    """

    def __init__(self) -> None:
        self._drawn: dict[tuple[str, str], tuple[str, float, float]] = {}

    def usual(self, figure: Figure) -> str:
        """Return the width that a figure has where only one is shown: as much of the text as in the page."""
        return "double" if outer_width(figure.spec) >= WIDE else "single"

    def svg(self, figure: Figure, width: str = "") -> str:
        """Return a figure as SVG, its words as text.

        Parameters
        ----------
        figure : Figure
            Of a document.
        width : {'single', 'double'}, optional
            Column width; the usual one unless given.
        """
        width = width or self.usual(figure)
        return _sized(*self._plain(figure, width), WIDTHS[width], "in")

    def pdf(self, figure: Figure, width: str = "") -> bytes:
        """Return a figure as PDF with its fonts embedded."""
        width = width or self.usual(figure)
        sized = _sized(*self._plain(figure, width), WIDTHS[width] * POINTS, "")
        return in_order(converter().svg_to_pdf(sized))

    def png(self, figure: Figure, width: str = "") -> bytes:
        """Return a figure as PNG with 300 dots to the inch."""
        width = width or self.usual(figure)
        plain, wide, _ = self._plain(figure, width)
        made: bytes = converter().svg_to_png(plain, scale=WIDTHS[width] * POINTS / wide, ppi=DOTS)
        return made

    def _plain(self, figure: Figure, width: str) -> tuple[str, float, float]:
        """Return the drawing for a width, with its size in pixels."""
        key = (figure.id, width)
        if key not in self._drawn:
            spec = across(figure.spec) if width == "double" else figure.narrow or figure.spec
            svg = vega_svg(spec, f"{figure.id}-{width[0]}")
            found = _ROOT.search(svg)
            if found is None:
                raise ValueError(f"{figure.id}: a drawing without a size")
            svg = svg.replace(found[0], found[0] + GROUND, 1)
            self._drawn[key] = (svg, float(found[2]), float(found[3]))
        return self._drawn[key]


def _sized(svg: str, wide: float, high: float, width: float, unit: str) -> str:
    """Return a drawing of another width; its height follows."""
    size = rf'\g<1> width="{width:g}{unit}" height="{width * high / wide:.4g}{unit}"\g<4>'
    return _ROOT.sub(size, svg, count=1)


def write_figures(document: Document, drawings: Drawings, folder: Path) -> None:
    """Write ``<figure>-single`` and ``<figure>-double`` of every figure.

    Parameters
    ----------
    document : Document
        What the report says.
    drawings : Drawings
        Where its figures are drawn.
    folder : pathlib.Path
        Where the files go: SVG, PDF and PNG of each.
    """
    for figure in document.figures():
        for width in WIDTHS:
            name = f"{figure.id}-{width}"
            (folder / f"{name}.svg").write_text(drawings.svg(figure, width), encoding="utf-8")
            (folder / f"{name}.pdf").write_bytes(drawings.pdf(figure, width))
            (folder / f"{name}.png").write_bytes(drawings.png(figure, width))
