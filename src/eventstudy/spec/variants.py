"""Rules about the blocks of a study's design: what estimation leaves out, what is varied."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventstudy.formats import counted
from eventstudy.spec.design import Robustness
from eventstudy.spec.messages import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from eventstudy.spec.base import Choice, Window
    from eventstudy.spec.draft import Draft, Pieces
    from eventstudy.yamlfile import Where


def varied_models(pieces: Pieces) -> list[tuple[Where, Choice]]:
    """Return the models of the block ``robustness`` with their places in the file."""
    varied = pieces.draft.robustness
    models = (varied and varied.models) or ()
    return [(("robustness", "models", i), choice) for i, choice in enumerate(models)]


def check_variants(pieces: Pieces) -> Iterator[Finding]:
    """Yield the mistakes in the blocks ``estimation_without`` and ``robustness``."""
    draft = pieces.draft
    without, varied = draft.estimation_without, draft.robustness or Robustness()
    if without and without.events == "catalogue" and "away_from" not in pieces.wrong:
        yield from _uncatalogued(draft)
    if pieces.wrong & {"event_window", "estimation"}:
        return
    if without:
        yield from _outside(draft, without.days, ("estimation_without", "days"))
    for i, window in enumerate(varied.windows or ()):
        yield from _outside(draft, window, ("robustness", "windows", i))
    for i, window in enumerate(varied.estimation or ()):
        yield from _late(draft, window, ("robustness", "estimation", i))
    yield from _twice(varied)
    labels = [choice.label for choice in varied.models or ()]
    for i, label in enumerate(labels):
        if label in labels[:i]:
            message = f"label {label} stands in entry {labels.index(label) + 1} already; add a `label` to one"
            yield Finding("duplicate-label", ("robustness", "models", i), message)


def _twice(varied: Robustness) -> Iterator[Finding]:
    """Yield the entries of a list that stand there before."""
    for key in ("windows", "estimation", "returns", "events"):
        entries: Sequence[object] = getattr(varied, key) or ()
        for i, entry in enumerate(entries):
            if entry in entries[:i]:
                place = entries.index(entry) + 1
                message = f"{entry} stands in entry {place} already; keep one"
                yield Finding("duplicate-entry", ("robustness", key, i), message)


def _uncatalogued(draft: Draft) -> Iterator[Finding]:
    """Yield a catalogue that no file is named for."""
    if not draft.away_from:
        message = (
            "the catalogue is the events of the files under `away_from`, which names none; add"
            " a line such as `away_from: [all-policy.yaml]`, or write `events: study`"
        )
        yield Finding("no-effect", ("estimation_without", "events"), message)


def _outside(draft: Draft, window: Window, where: Where) -> Iterator[Finding]:
    """Yield a window that reaches beyond the event window."""
    if not draft.event_window.contains(window):
        message = (
            f"{window} reaches beyond the event window {draft.event_window}; shorten it, or widen"
            " `event_window`"
        )
        yield Finding("window-outside", where, message)


def _late(draft: Draft, window: Window, where: Where) -> Iterator[Finding]:
    """Yield an estimation window that is too short or runs into the event window."""
    if window.length < 3:
        message = f"{window} has {counted(window.length, 'session')}; a model needs at least 3"
        yield Finding("out-of-range", where, message)
    if window.end >= draft.event_window.start:
        message = (
            f"the estimation window {window} must end before the event window {draft.event_window}"
            " starts; move it"
        )
        yield Finding("window-overlap", where, message)
