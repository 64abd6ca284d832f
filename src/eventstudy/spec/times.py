"""The moment of an announcement: a bare date, or a time that knows its zone."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from eventstudy.spec.fields import RefusedError, zone_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from zoneinfo import ZoneInfo

    from eventstudy.spec.event import Event
    from eventstudy.spec.instrument import Instrument


def moment_of(event: Event, markets: Sequence[Instrument]) -> date | datetime:
    """Return when an event was announced; a time is aware of its zone.

    Parameters
    ----------
    event : Event
        With its time as the file writes it.
    markets : sequence of Instrument
        The assets on which the event is studied, at least one.

    Raises
    ------
    RefusedError
        When the zone cannot be known, disagrees with the offset, or the clocks changed then.
    """
    moment = event.announced
    if not isinstance(moment, datetime):
        if event.timezone:
            message = (
                "a date alone has no time zone: it means before the open of the first session on or"
                " after it; write the time too, or remove `timezone`"
            )
            raise RefusedError("zone-mismatch", message)
        return moment
    if moment.tzinfo is not None:
        return _agreeing(moment, event.timezone)
    if event.timezone:
        return _in_zone(moment, zone_of(event.timezone))
    return _common(moment, markets)


def _agreeing(moment: datetime, timezone: str | None) -> datetime:
    """Return a time that has an offset, in its zone where one is named."""
    if timezone is None:
        return moment
    local = moment.astimezone(zone_of(timezone))
    if local.utcoffset() != moment.utcoffset():
        message = (
            f"the offset {_offset(moment)} disagrees with the time zone {timezone}, which is at"
            f" {_offset(local)} then; remove one of them"
        )
        raise RefusedError("zone-mismatch", message)
    return local


def _offset(moment: datetime) -> str:
    """Return the offset from UTC as ISO 8601 writes it."""
    return moment.isoformat(timespec="seconds")[19:]


def _in_zone(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return a local time with its zone; refuse one that clocks skip or show twice."""
    first, second = (moment.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return first
    exists = first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == moment
    message = (
        f"{moment:%Y-%m-%d %H:%M} {'exists twice' if exists else 'does not exist'} in {zone.key},"
        " where the clocks change then; write the offset, such as +08:00, behind the time"
    )
    raise RefusedError("no-such-time", message)


def _common(moment: datetime, markets: Sequence[Instrument]) -> datetime:
    """Return a local time in the zone of the markets, if they agree on the offset."""
    local = {market.timezone: _in_zone(moment, zone_of(market.timezone)) for market in markets}
    if len({time.utcoffset() for time in local.values()}) > 1:
        zones = ", ".join(f"{market.id} {market.timezone}" for market in markets)
        message = (
            f"the time has no zone, and the markets are in different ones ({zones}); add a line"
            f" such as `timezone: {markets[0].timezone}`"
        )
        raise RefusedError("time-without-zone", message)
    return local[markets[0].timezone]
