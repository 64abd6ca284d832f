"""Event time: from an announcement to the first session able to react, per market."""

from eventstudy.alignment.align import AlignedEvents, align, alignment_rows
from eventstudy.alignment.exchanges import Exchange, exchange, sessions

__all__ = ["AlignedEvents", "Exchange", "align", "alignment_rows", "exchange", "sessions"]
