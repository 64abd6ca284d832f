"""Results as tables: one cell object per number, with the text that is printed and its value.

The page and, later, every export are made from the same tables.
"""

from eventstudy.tables.apart import with_and_without
from eventstudy.tables.beside import beside_returns, every_window, left_out, outcomes_summary
from eventstudy.tables.diagnostics import diagnostics
from eventstudy.tables.effects import (
    day0_split,
    effects,
    outcomes,
    path_table,
    timeline_table,
)
from eventstudy.tables.episodes import episodes
from eventstudy.tables.events import cars, drift, legs, reversal
from eventstudy.tables.groups import daily, group_statistics, group_windows
from eventstudy.tables.horizons import horizons, horizons_by_group
from eventstudy.tables.joint import joint_events, joint_groups, joint_refused
from eventstudy.tables.kinds import kinds, power_table
from eventstudy.tables.lasting import against_table, lasting, lasting_by_category, returning, slopes
from eventstudy.tables.method import models, outcome_rules, procedures, tests
from eventstudy.tables.overview import answers, closes, every_event, listed, markets
from eventstudy.tables.panel import (
    car_spreads,
    estimates,
    histogram_table,
    panel_day_tests,
    panel_days,
    panel_dropped,
    panel_effects,
    panel_losses,
    panel_tests,
    panel_windows,
)
from eventstudy.tables.placebo import (
    among_days,
    p_value_counts,
    placebo_adjusted,
    placebo_events,
    placebo_groups,
)
from eventstudy.tables.pooled import pooled_days
from eventstudy.tables.projection import projections, reasons, signed, signed_by_category
from eventstudy.tables.record import (
    dropped,
    origins,
    press,
    press_of_event,
    printed,
    quality,
    series,
)
from eventstudy.tables.regressions import panel_regressions
from eventstudy.tables.robustness import (
    SIGNED,
    by_choice,
    choices_of,
    lost,
    robustness,
    studied,
    tested,
    varied_windows,
)
from eventstudy.tables.specifications import side_by_side
from eventstudy.tables.table import Cell, Column, Table, figure, number, whole, words

__all__ = [
    "SIGNED",
    "Cell",
    "Column",
    "Table",
    "against_table",
    "among_days",
    "answers",
    "beside_returns",
    "by_choice",
    "car_spreads",
    "cars",
    "choices_of",
    "closes",
    "daily",
    "day0_split",
    "diagnostics",
    "drift",
    "dropped",
    "effects",
    "episodes",
    "estimates",
    "every_event",
    "every_window",
    "figure",
    "group_statistics",
    "group_windows",
    "histogram_table",
    "horizons",
    "horizons_by_group",
    "joint_events",
    "joint_groups",
    "joint_refused",
    "kinds",
    "lasting",
    "lasting_by_category",
    "left_out",
    "legs",
    "listed",
    "lost",
    "markets",
    "models",
    "number",
    "origins",
    "outcome_rules",
    "outcomes",
    "outcomes_summary",
    "p_value_counts",
    "panel_day_tests",
    "panel_days",
    "panel_dropped",
    "panel_effects",
    "panel_losses",
    "panel_regressions",
    "panel_tests",
    "panel_windows",
    "path_table",
    "placebo_adjusted",
    "placebo_events",
    "placebo_groups",
    "pooled_days",
    "power_table",
    "press",
    "press_of_event",
    "printed",
    "procedures",
    "projections",
    "quality",
    "reasons",
    "returning",
    "reversal",
    "robustness",
    "series",
    "side_by_side",
    "signed",
    "signed_by_category",
    "slopes",
    "studied",
    "tested",
    "tests",
    "timeline_table",
    "varied_windows",
    "whole",
    "with_and_without",
    "words",
]
