"""What a reader must bear in mind of the sample and of its prices."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from eventstudy import formats, labels
from eventstudy.language import LANGUAGES, Said, quoted, retold, say, source_of, using

if TYPE_CHECKING:
    from eventstudy.results import StudyResult

NAMED = 8
"""Events that a caution names; the checks of the data name all."""
CAUTIONS = (
    "overlapping windows",
    "price limits",
    "events before the launch",
    "episodes",
    "benchmark on day 0",
)
"""Checks of the sample that belong beside the findings."""
RUN = re.compile(r"no\. \d+(, no\. \d+)*")
"""Numbers of events where their ids stood."""


def cautions(result: StudyResult) -> tuple[str, ...]:
    """Say what keeps the sample from being what the tests take it for, finding by finding."""
    quality = result.frames["quality"]
    rows = quality[quality["check"].isin(CAUTIONS) & (quality["status"] != "PASS")]
    return tuple(
        say(
            "{index}: {finding} ({recommendation}).",
            index=labels.full_name(result.study, row.asset),
            finding=_numbered(result, row.finding),
            recommendation=_numbered(result, row.recommendation),
        )
        for row in labels.records(rows)
    )


def remarks(result: StudyResult) -> tuple[str, ...]:
    """Say what a reader must know of the prices: what stands for what, what is old, what is missing."""
    found = []
    for one in result.provenance.series:
        name = labels.full_name(result.study, one.instrument)
        if one.proxy:
            found.append(
                say(
                    "{index}: the prices are those of the {proxy}, not of the index.",
                    index=name,
                    proxy=one.proxy,
                )
            )
        if one.note:
            place = f"manifest.json provenance series {one.instrument} note"
            found.append(say("{index}: {note}.", index=name, note=retold(one.note, place)))
    return tuple(found)


def _numbered(result: StudyResult, text: str) -> Said:
    """Quote a finding with the numbers of events in place of their ids."""
    said = str(text)
    for event_id, number in labels.numbers(result.study).items():
        said = re.sub(rf"(?<![^ :]){re.escape(event_id)}(?=[ ,]|$)", f"no. {number}", said)
    place = source_of(text)
    if said != text:
        place = f"{place}, ids of events as their numbers"
    with using(LANGUAGES[0]):
        numbers = quoted(RUN.sub(_run, said), place).numbers
    return Said(retold(RUN.sub(_run, said)), numbers)


def _run(found: re.Match[str]) -> str:
    """Write a run of numbers of events: all of a few, the first of many."""
    numbers = sorted(found.group().replace("no. ", "").split(", "), key=int)
    if len(numbers) == 1:
        return say("no. {number}", number=numbers[0])
    if len(numbers) <= NAMED:
        return say("nos. {numbers}", numbers=formats.listing(numbers))
    return say(
        "nos. {numbers} and {n} more",
        numbers=", ".join(numbers[:NAMED]),
        n=formats.number(len(numbers) - NAMED, 0),
    )
