"""Results of others, recomputed: what was published, what comes out here, and why it differs where it does."""

from eventstudy.replication.base import Grade, Kind, Replication, Row
from eventstudy.replication.ledger import GRADES, RESULTS, Entry, names, quick, replicate

__all__ = [
    "GRADES",
    "RESULTS",
    "Entry",
    "Grade",
    "Kind",
    "Replication",
    "Row",
    "names",
    "quick",
    "replicate",
]
