"""Did it last: day 0 split into its legs, and the sessions after it beside those of matched days.

A reversal is never read off one number alone: half of all price paths come back.
"""

from eventstudy.reversal.day0 import DAY0, Bars, Day0, Legs, day0_bars, day0_legs, split_day0
from eventstudy.reversal.effect import LIMITED, Effect, effect

__all__ = [
    "DAY0",
    "LIMITED",
    "Bars",
    "Day0",
    "Effect",
    "Legs",
    "day0_bars",
    "day0_legs",
    "effect",
    "split_day0",
]
