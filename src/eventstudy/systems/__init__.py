"""Several assets at once: the same events on the sessions that all of their markets share."""

from eventstudy.systems.exact import Exact, exact
from eventstudy.systems.relabelling import Everyday, Relabelled, everyday, relabel
from eventstudy.systems.shared import Shared, on_shared_sessions

__all__ = [
    "Everyday",
    "Exact",
    "Relabelled",
    "Shared",
    "everyday",
    "exact",
    "on_shared_sessions",
    "relabel",
]
