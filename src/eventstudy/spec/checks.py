"""Rules about values that must fit together, each a generator of findings."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from eventstudy import registry
from eventstudy.formats import counted
from eventstudy.spec.messages import Finding
from eventstudy.spec.plugins import (
    HEADLINE,
    HEADLINE_OPTIONS,
    PACKAGES,
    check_choice,
    default_statistics,
    is_headline,
    place_of,
    unknown_instrument,
    without_price,
)
from eventstudy.spec.price_checks import check_prices
from eventstudy.spec.study import flows_of, source_names
from eventstudy.spec.variants import check_variants, varied_models

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from eventstudy.spec.base import Choice
    from eventstudy.spec.draft import Draft, Pieces
    from eventstudy.spec.instrument import Instrument
    from eventstudy.yamlfile import Where


def check_study(pieces: Pieces, instruments: Mapping[str, Instrument]) -> Iterator[Finding]:
    """Yield the mistakes that concern the design of a study; a rule with a wrong input is skipped.

    Parameters
    ----------
    pieces : Pieces
        What is right in the file.
    instruments : mapping of str to Instrument
        Every instrument that the study can name.
    """
    yield from _repeated_instruments(pieces)
    yield from _repeated(pieces, "models", "duplicate-label", "label")
    yield from _repeated(pieces, "statistics", "duplicate-label", "label")
    yield from _repeated(pieces, "procedures", "duplicate-label", "label")
    yield from _taken_labels(pieces)
    yield from _repeated(pieces, "assets", "duplicate-entry")
    yield from _repeated(pieces, "windows", "duplicate-entry")
    yield from _repeated(pieces, "outcome", "duplicate-entry")
    yield from _repeated(pieces, "events_from", "duplicate-entry")
    yield from _repeated(pieces, "away_from", "duplicate-entry")
    yield from check_variants(pieces)
    if not pieces.wrong & {"estimation", "event_window"}:
        yield from _check_windows(pieces)
    if not pieces.wrong & {"estimation", "min_observations"}:
        yield from _check_observations(pieces.draft)
    if not pieces.wrong & {"outcome", "instruments", "source"}:
        yield from _check_outcomes(pieces.draft, instruments)
    if "instruments" not in pieces.wrong:
        yield from _check_names(pieces, instruments)


def _repeated(pieces: Pieces, key: str, code: str, field: str = "") -> Iterator[Finding]:
    """Yield the entries of a list that stand there before."""
    first: dict[Any, Where] = {}
    for where, entry in pieces.entries(key):
        value = getattr(entry, field) if field else entry
        if value in first:
            place = int(first[value][1]) + 1
            remedy = "add a `label` to one of them" if field == "label" else "keep one"
            message = f"{field} {value} stands in entry {place} already; {remedy}".lstrip()
            yield Finding(code, (*where, *filter(None, [field])), message)
        first.setdefault(value, where)


def _taken_labels(pieces: Pieces) -> Iterator[Finding]:
    """Yield procedures under the name of the headline, or of a statistic, that are another."""
    tests = {each.label for each in pieces.draft.statistics or default_statistics()}
    for where, choice in pieces.entries("procedures"):
        if choice.label in tests:
            message = (
                f"label {choice.label} is that of a statistic too; add a `label` to one of them"
            )
            yield Finding("duplicate-label", where, message)
        if choice.label == HEADLINE.label and not is_headline(choice):
            words = " and ".join(f"`{key}: {value}`" for key, value in HEADLINE_OPTIONS.items())
            message = (
                f"{HEADLINE.label!r} is the headline, with {words}, which runs too; give this one a"
                " `label` of its own, such as `label: variant`"
            )
            yield Finding("duplicate-label", where, message)


def _repeated_instruments(pieces: Pieces) -> Iterator[Finding]:
    """Yield the instruments that are described before."""
    first: dict[str, Where] = {}
    for where, entry in pieces.entries("instruments"):
        for name in entry.id:
            if name in first:
                message = f"id {name} stands in entry {int(first[name][1]) + 1} already; keep one"
                yield Finding("duplicate-id", (*where, "id"), message)
            first.setdefault(name, where)


def _check_windows(pieces: Pieces) -> Iterator[Finding]:
    """Yield windows that do not fit to the estimation window or the event window."""
    draft = pieces.draft
    estimation, event_window = draft.estimation, draft.event_window
    if estimation.length < 3:
        message = (
            f"{estimation} has {counted(estimation.length, 'session')}; a model needs at least 3"
        )
        yield Finding("out-of-range", ("estimation",), message)
    if estimation.end >= event_window.start:
        at = "event_window" if "event_window" in draft.model_fields_set else "estimation"
        message = (
            f"the estimation window {estimation} must end before the event window {event_window}"
            " starts; move one of them"
        )
        yield Finding("window-overlap", (at,), message)
    if not event_window.start <= 0 <= event_window.end:
        message = f"{event_window} does not contain day 0; widen it"
        yield Finding("window-without-day-0", ("event_window",), message)
    for where, window in pieces.entries("windows") if "windows" in draft.model_fields_set else ():
        if not event_window.contains(window):
            message = (
                f"{window} reaches beyond the event window {event_window}; shorten it, or widen"
                " `event_window`"
            )
            yield Finding("window-outside", where, message)


def _check_observations(draft: Draft) -> Iterator[Finding]:
    length, needed = draft.estimation.length, draft.min_observations
    if needed is not None and needed > length:
        message = f"{needed} is more than the {counted(length, 'session')} of the estimation window"
        yield Finding("out-of-range", ("min_observations",), message)


def _check_outcomes(draft: Draft, instruments: Mapping[str, Instrument]) -> Iterator[Finding]:
    """Yield outcomes that pooled assets do not have, and a flow of which the source has no series."""
    others = [each for each in draft.outcome if each != "return"]
    if others and draft.pool_assets:
        message = f"{others[0]} is studied asset by asset; remove it, or `pool_assets: true`"
        yield Finding("no-outcome", ("outcome",), message)
    names = source_names(draft.source)
    if "flow" in others and names and not flows_of(instruments, draft.source):
        message = (
            f"the source {draft.source.name!r} has no series of `kind: flow`; describe one under"
            f" `instruments` with `symbols: {{{names[0]}: NAME}}`, or remove the flow"
        )
        yield Finding("no-outcome", ("outcome",), message)


def _check_names(pieces: Pieces, instruments: Mapping[str, Instrument]) -> Iterator[Finding]:
    """Yield instruments that nobody knows and options that plug-ins do not have."""
    for where, asset in pieces.entries("assets"):
        if asset not in instruments:
            yield unknown_instrument(asset, where, instruments)
        else:
            yield from without_price(instruments[asset], where)
    for kind, key in (("statistic", "statistics"), ("procedure", "procedures")):
        for where, choice in pieces.entries(key):
            yield from check_choice(kind, choice, where, instruments)
    for where, choice in pieces.entries("models"):
        yield from _check_model(choice, where, pieces, instruments)
    for where, choice in varied_models(pieces):
        yield from _check_model(choice, where, pieces, instruments)
    yield from check_choice("source", pieces.draft.source, ("source",), instruments)
    yield from check_prices(pieces, instruments)
    yield from _check_pins(pieces.draft)


def _check_pins(draft: Draft) -> Iterator[Finding]:
    """Yield a day or a fingerprint that cannot hold the prices fast."""
    if draft.as_of and not _live(draft.source):
        message = (
            f"the source {draft.source.name!r} downloads nothing, so that no day of download can be chosen;"
            " remove the line, or write `fingerprint` to hold the prices fast"
        )
        yield Finding("no-effect", ("as_of",), message, at_key=True)
    if draft.as_of and draft.fingerprint:
        message = (
            "means nothing beside `fingerprint`, which says which prices are meant; remove one"
        )
        yield Finding("no-effect", ("as_of",), message, at_key=True)
    yield from _check_second_pin(draft)


def _check_second_pin(draft: Draft) -> Iterator[Finding]:
    """Yield a second source that is not held fast as the first is, or a fingerprint without one."""
    if draft.second_source is None:
        if draft.second_fingerprint:
            message = "means nothing without `second_source`; remove the line, or name one"
            yield Finding("no-effect", ("second_fingerprint",), message, at_key=True)
    elif draft.fingerprint and not draft.second_fingerprint and _live(draft.second_source):
        message = (
            f"{draft.second_source.name!r} may give other prices tomorrow, and the checks of a study with a"
            " `fingerprint` are to stay the same; hold it fast by `second_fingerprint`, the beginning of"
            " `second_prices_sha256` in `manifest.json`, or remove the line"
        )
        yield Finding("not-pinned", ("second_source",), message, at_key=True)


def _live(source: Choice) -> bool:
    """Tell whether a source, or one in a chain, downloads."""
    known = registry.plugins(PACKAGES["source"])
    return any(known[name].live for name in source_names(source) if name in known)


def _check_model(
    choice: Choice, where: Where, pieces: Pieces, instruments: Mapping[str, Instrument]
) -> Iterator[Finding]:
    """Yield the mistakes in the options of one model, then those in what it asks for."""
    found = list(check_choice("model", choice, where, instruments))
    yield from found or _check_inputs(choice, where, pieces, instruments)


def _check_inputs(
    choice: Choice, where: Where, pieces: Pieces, instruments: Mapping[str, Instrument]
) -> Iterator[Finding]:
    """Yield the series of a model that do not fit to the returns or to the assets of the study."""
    model = registry.build(PACKAGES["model"], choice.name, choice.options, kind="model")
    if choice.options.get("missing") == "trade_to_trade":
        yield from _check_bridging(where, pieces.draft)
    for request in {each.instrument: each for each in model.inputs()}.values():
        place = (*where, *place_of(request.instrument, choice.options))
        clockless = request.instrument == getattr(model, "risk_free", None)
        if request.kind == "return" and pieces.draft.returns == "log":
            message = (
                f"{request.instrument} holds simple returns and the study asks for log returns, which"
                " do not mix; write `returns: simple`"
            )
            yield Finding("mixed-returns", place, message)
        elif request.lag == "none" and "assets" not in pieces.wrong and not clockless:
            series = instruments[request.instrument]
            yield from _check_hours(series, place, pieces.draft.assets, instruments)


def _check_bridging(where: Where, draft: Draft) -> Iterator[Finding]:
    """Yield what does not go with a model that measures returns from trade to trade."""
    if draft.returns != "log":
        message = "returns from trade to trade sum over sessions; write `returns: log`"
        yield Finding("mixed-returns", (*where, "missing"), message)
    if draft.estimation_without:
        message = (
            "returns from trade to trade would bridge the sessions that `estimation_without` leaves"
            " out, event and all; remove one of the two"
        )
        yield Finding("bad-value", (*where, "missing"), message)


def _check_hours(
    series: Instrument,
    where: Where,
    assets: Collection[str],
    instruments: Mapping[str, Instrument],
) -> Iterator[Finding]:
    """Yield a series without a lag whose exchange trades at other hours than an asset's."""
    known = [asset for asset in assets if asset in instruments]
    far = [asset for asset in known if hours_apart(instruments[asset], series) > 3]
    if far:
        remedy = (
            "write `lag: previous_close`"
            if where[-1] == "benchmark"
            else "choose one that does, or a model with a benchmark and `lag: previous_close`"
        )
        message = f"{series.id} ({series.timezone}) does not trade at the hours of {', '.join(far)}; {remedy}"
        yield Finding("needs-lag", where, message)


def hours_apart(first: Instrument, second: Instrument) -> float:
    """Return by how many hours the clocks of two exchanges differ in winter."""
    moment = datetime(2024, 1, 15, 12, tzinfo=UTC)
    offsets = [moment.astimezone(ZoneInfo(each.timezone)).utcoffset() for each in (first, second)]
    seconds = [offset.total_seconds() for offset in offsets if offset is not None]
    return (max(seconds) - min(seconds)) / 3600
