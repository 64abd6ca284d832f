"""The days that events are compared with: every session, in strata, and events moved onto them."""

from eventstudy.comparison.apart import Apart, apart
from eventstudy.comparison.draws import Days, mean_by_group, relabelled, two_sided
from eventstudy.comparison.multiplicity import (
    false_discovery,
    holm,
    same_events,
    step_down,
    step_down_by_p,
)
from eventstudy.comparison.sessions import EverySession, deviations, every_session, studentised
from eventstudy.comparison.strata import Strata, away, by_state, strata
from eventstudy.comparison.trial import Trial

__all__ = [
    "Apart",
    "Days",
    "EverySession",
    "Strata",
    "Trial",
    "apart",
    "away",
    "by_state",
    "deviations",
    "every_session",
    "false_discovery",
    "holm",
    "mean_by_group",
    "relabelled",
    "same_events",
    "step_down",
    "step_down_by_p",
    "strata",
    "studentised",
    "two_sided",
]
