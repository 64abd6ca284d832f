"""Words that a result holds in English, in the language of the reader."""

from __future__ import annotations

import re
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from functools import cache
from string import Formatter
from types import MappingProxyType
from typing import TYPE_CHECKING

from eventstudy.language.catalogue import LANGUAGES, current, marked, say
from eventstudy.language.kept import KEPT
from eventstudy.language.numbers import Said, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

DATE = r"\w+day \d+ \w+ \d{4}"
"""A date as reasons write it, such as ``Monday 28 Aug 2023``."""
WRITTEN = "%A %d %b %Y"
FILLS = {"day": rf"{DATE}|.+?", "some": r"[\d,]+|…"}
"""What a gap of some name may hold: a date, or a number; any other holds any words."""

_NAMES: ContextVar[Mapping[str, str]] = ContextVar("names", default=MappingProxyType({}))


@contextmanager
def naming(names: Mapping[str, str]) -> Iterator[None]:
    """Call instruments in retold words by names of the reader, by id and English name, until the block ends."""
    before = _NAMES.set(names)
    try:
        yield
    finally:
        _NAMES.reset(before)


def retold(text: str, source: str = "") -> Said:
    """Return words of a result in the language of the reader; those that are not known stay as they are.

    Parameters
    ----------
    text : str
        A reason, a finding, a stage: data, which a result keeps in English.
    source : str, optional
        Where they stand, if they do not know it.

    Examples
    --------
    >>> from eventstudy.language import using
    >>> with using("zh-Hans"):
    ...     str(retold("not studied on CSI300"))
    '未研究CSI300'
    """
    told = text if current() == LANGUAGES[0] else _told(text)
    return Said(told, quoted(text, source).numbers)


def _told(text: str) -> str:
    """Return words of a result, or a part of them, in the language of the reader."""
    if named := _NAMES.get().get(text):
        return named
    if (known := say(text)) != text:
        return known
    if re.fullmatch(DATE, text):
        return _dated(datetime.strptime(text, WRITTEN))  # noqa: DTZ007 - a date, of no zone
    for pattern, message in _patterns():
        if found := pattern.fullmatch(text):
            return say(message, **{name: _told(part) for name, part in found.groupdict().items()})
    return _in_parts(text)


def _in_parts(text: str) -> str:
    """Return words with what is known of them told: sentences after a semicolon, names after a colon."""
    for mark, between in (("; ", say("; ")), (": ", say("{what}: {reason}", what="", reason=""))):
        head, found, tail = text.partition(mark)
        if found and (told := _told(head)) != head:
            return f"{told}{between}{_told(tail)}"
    return text


def _dated(moment: datetime) -> str:
    """Return a date with its day of the week."""
    return say(
        marked("{weekday} {day} {name} {year}"),
        weekday=say(f"{moment:%A}"),
        day=moment.day,
        name=f"{moment:%b}",
        month=moment.month,
        year=moment.year,
    )


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    """Return the messages with gaps and what matches them, those with most words first."""
    gapped = [message for message in KEPT if "{" in message]
    gapped.sort(key=lambda message: len(re.sub(r"\{\w+\}", "", message)), reverse=True)
    return [(re.compile(_pattern(message)), message) for message in gapped]


def _pattern(message: str) -> str:
    """Return what matches a message; a gap that stands twice is the same both times."""
    parts, seen = [], set()
    for words, gap, *_ in Formatter().parse(message):
        parts.append(re.escape(words))
        if gap:
            fill = f"(?P<{gap}>{FILLS.get(gap, '.+?')})"
            parts.append(rf"(?P={gap})" if gap in seen else fill)
            seen.add(gap)
    return "".join(parts)
