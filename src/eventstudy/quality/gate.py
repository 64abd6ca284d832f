"""What stands between prices and estimation: every check, what is accepted, what stops a study."""

from __future__ import annotations

from dataclasses import astuple, replace
from typing import TYPE_CHECKING

import numpy as np

from eventstudy.errors import DataError
from eventstudy.formats import counted
from eventstudy.quality.checks import check_prices
from eventstudy.quality.levels import CHECKS, Other, compare
from eventstudy.quality.rules import Checked, Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from eventstudy.alignment import AlignedEvents
    from eventstudy.sources.base import Prices
    from eventstudy.spec import Acceptance, Study

    Dates = NDArray[np.datetime64]


def inspect(
    study: Study, prices: Prices, aligned: AlignedEvents, others: Sequence[Other | str] = ()
) -> list[Checked]:
    """Return the findings of every check of the prices, with what the study accepts of them.

    Parameters
    ----------
    study : Study
        Its design, and what it accepts.
    prices : Prices
        Assets and benchmarks of the study.
    aligned : AlignedEvents
        Day 0 of its events.
    others : sequence of Other or str
        Prices of other sources; or why those of the second source cannot be had.

    Raises
    ------
    DataError
        When a check fails that the study does not accept.
    """
    day0 = {asset: _days(study, aligned, asset) for asset in study.assets}
    found = check_prices(study, prices)
    for other in others:
        if isinstance(other, str):
            found.append(_unavailable(study, other))
        else:
            found += compare(study, prices, other, day0)
    _refuse(study, found)
    return [*(_accepted(study, each) for each in found), *_unneeded(study, found)]


def _days(study: Study, aligned: AlignedEvents, asset: str) -> Dates:
    """Return day 0 of the events that are studied on an asset."""
    column = aligned.calendars.index(study.instruments[asset].calendar)
    mine = [asset in study.assets_of(event) for event in study.events]
    days: Dates = aligned.session[np.array(mine, bool), column]
    return days[~np.isnat(days)]


def _unavailable(study: Study, why: str) -> Checked:
    """Say that the second source could not be had."""
    finding = Finding(
        study.assets[0],
        CHECKS["second-source"],
        "REVIEW",
        f"the second source could not be had, so that nothing is held against it: {why}",
        "run again when it can be had, or remove `second_source`",
    )
    return Checked(finding, "second-source", np.empty(0, "datetime64[D]"))


def _acceptance(study: Study, checked: Checked) -> Acceptance | None:
    """Return the entry under which a study accepts a finding."""
    return next((entry for entry in study.accept if _covers(entry, checked)), None)


def _covers(entry: Acceptance, checked: Checked) -> bool:
    return entry.check == checked.name and entry.asset in (None, checked.finding.asset)


def _accepted(study: Study, checked: Checked) -> Checked:
    """Return a finding with the reason for which the study accepts it, if it does."""
    entry = _acceptance(study, checked)
    if entry is None or checked.finding.status == "PASS":
        return checked
    said = f"accepted by the study: {entry.reason}"
    return checked._replace(finding=replace(checked.finding, recommendation=said))


def _unneeded(study: Study, found: Sequence[Checked]) -> Iterator[Checked]:
    """Yield a remark for every entry of ``accept`` that accepts nothing."""
    for entry in study.accept:
        mine = [each for each in found if _covers(entry, each)]
        if all(each.finding.status == "PASS" for each in mine):
            asset = entry.asset or study.assets[0]
            text = f"the study accepts {entry.check!r}, and that check finds nothing"
            advice = "remove the entry, so that it cannot hide anything later"
            finding = Finding(asset, f"accepted: {entry.check}", "REVIEW", text, advice)
            yield Checked(finding, "", np.empty(0, "datetime64[D]"))


def _refuse(study: Study, found: Sequence[Checked]) -> None:
    """Raise when a check fails that the study does not accept; every one is named."""
    failed = [
        each for each in found if each.finding.status == "FAIL" and _acceptance(study, each) is None
    ]
    if not failed:
        return
    names = "\n".join(_said(each.finding) for each in failed)
    lines = "\n".join(
        f"  - {{check: {each.name}, asset: {each.finding.asset}, reason: WHY}}" for each in failed
    )
    raise DataError(
        f"the prices fail {counted(len(failed), 'check')}; nothing was estimated\n{names}\n"
        f"if they are right all the same, say so in the study file, with the reason:\naccept:\n{lines}"
    )


def _said(finding: Finding) -> str:
    return f"  {finding.asset}, {finding.check}: {finding.finding}; {finding.recommendation}"


def rows_of(checked: Sequence[Checked]) -> list[tuple[str, ...]]:
    """Return the rows of the frame ``quality`` about the prices."""
    return [astuple(each.finding) for each in checked]
