"""Charts as Vega-Lite specifications: plain dicts made from results, testable without pixels.

A chart has a fixed size and padding, so that its layout does not hang on fonts; labels stand at the
marks instead of in legends. Colours are sentinels (:mod:`eventstudy.charts.theme`) that the report's
stylesheet replaces for dark pages.
"""

from eventstudy.charts.across import WIDE, across, outer_width
from eventstudy.charts.against import against, against_bounds
from eventstudy.charts.curve import Curve, Point, specification_curve
from eventstudy.charts.day0 import day0_bars, day0_bounds
from eventstudy.charts.forest import NARROW, Effect, forest, pages
from eventstudy.charts.histogram import histogram
from eventstudy.charts.ordinary import STEP, Among, ordinary_days, p_value_bars
from eventstudy.charts.paths import path_bounds, return_path
from eventstudy.charts.power_curve import power_curve
from eventstudy.charts.strips import Dot, strips
from eventstudy.charts.theme import ACCENTS, CONFIG, Accent, accent
from eventstudy.charts.timeline import PHONE, POINTS, Mark, timeline

__all__ = [
    "ACCENTS",
    "CONFIG",
    "NARROW",
    "PHONE",
    "POINTS",
    "STEP",
    "WIDE",
    "Accent",
    "Among",
    "Curve",
    "Dot",
    "Effect",
    "Mark",
    "Point",
    "accent",
    "across",
    "against",
    "against_bounds",
    "day0_bars",
    "day0_bounds",
    "forest",
    "histogram",
    "ordinary_days",
    "outer_width",
    "p_value_bars",
    "pages",
    "path_bounds",
    "power_curve",
    "return_path",
    "specification_curve",
    "strips",
    "timeline",
]
