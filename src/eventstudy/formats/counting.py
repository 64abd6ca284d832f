"""Numbers of things, lists of things, and words cut to size."""

from __future__ import annotations

import math
from functools import reduce
from typing import TYPE_CHECKING
from unicodedata import east_asian_width

from eventstudy.formats.numbers import NOTHING
from eventstudy.language import (
    LANGUAGES,
    Number,
    Said,
    as_number,
    current,
    marked,
    numbers_of,
    same_numbers,
    say,
    say_n,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

THINGS = {
    "event": (marked("{n} event"), marked("{n} events")),
    "session": (marked("{n} session"), marked("{n} sessions")),
    "cluster": (marked("{n} cluster"), marked("{n} clusters")),
    "category": (marked("{n} category"), marked("{n} categories")),
    "asset": (marked("{n} asset"), marked("{n} assets")),
    "date": (marked("{n} date"), marked("{n} dates")),
    "day": (marked("{n} day"), marked("{n} days")),
    "model": (marked("{n} model"), marked("{n} models")),
    "specification": (marked("{n} specification"), marked("{n} specifications")),
    "outcome": (marked("{n} outcome"), marked("{n} outcomes")),
    "other": (marked("{n} other"), marked("{n} others")),
    "estimation window": (marked("{n} estimation window"), marked("{n} estimation windows")),
    "kind of return": (marked("{n} kind of return"), marked("{n} kinds of return")),
    "set of events": (marked("{n} set of events"), marked("{n} sets of events")),
}
"""Things that a report counts, in the singular and the plural."""

LISTED = {"and": marked("{first} and {last}"), "or": marked("{first} or {last}")}
"""How the last of several things is joined to the others."""

_NONE = "none"
_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def part_of(value: float, n: int) -> str:
    """Write a share of n things as their number.

    Examples
    --------
    >>> part_of(14 / 27, 27)
    '14 of 27'
    """
    if not math.isfinite(value):
        return as_number(NOTHING, value)
    return say("{part} of {n}", part=portion(value, n), n=as_number(f"{n}", n))


def portion(value: float, n: int) -> Number:
    """Write a share of n things as their number, where the words name n beside it.

    Examples
    --------
    >>> portion(14 / 27, 27)
    '14'
    """
    return as_number(f"{round(value * n)}" if math.isfinite(value) else NOTHING, value, n)


def out_of(part: int, total: int) -> str:
    """Write a number of things beside the number of all.

    Examples
    --------
    >>> out_of(3, 1200)
    '3 of 1,200'
    """
    return say("{part} of {n}", part=as_number(f"{part:,}", part), n=as_number(f"{total:,}", total))


def place_of(rank: int, total: int) -> str:
    """Write the place of one thing beside the number of all.

    Examples
    --------
    >>> place_of(23, 30)
    '23 of 30'
    """
    return say("{rank} of {n}", rank=as_number(f"{rank:,}", rank), n=as_number(f"{total:,}", total))


def count(n: int, one: str, many: str = "") -> Said:
    """Write a number of things; numbers below ten as words.

    Examples
    --------
    >>> count(1, "event"), count(12, "event"), count(2, "index", "indices"), count(0, "event")
    ('one event', '12 events', 'two indices', 'no events')
    """
    return _things(in_words(n), n, one, many)


def in_words(n: int) -> Number:
    """Write a number below ten as a word, where the language does.

    Examples
    --------
    >>> in_words(4), in_words(12)
    ('four', '12')
    """
    plain = current() != LANGUAGES[0] or not 0 <= n < len(_WORDS)
    return as_number(f"{n:,}" if plain else _WORDS[n], n)


def or_none(n: int) -> Number:
    """Write a number in figures, and zero as a word where the language does.

    Examples
    --------
    >>> or_none(4), or_none(0)
    ('4', 'none')
    """
    return as_number(f"{n:,}" if n or current() != LANGUAGES[0] else _NONE, n)


def some(n: int) -> Number:
    """Write a number of things spoken of already, below ten as a word.

    Examples
    --------
    >>> some(4), some(0), some(12)
    ('four', 'none', '12')
    """
    return in_words(n) if n else or_none(n)


def counted(n: int, one: str, many: str = "") -> Said:
    """Write a number of things in figures, to stand beside another number.

    Examples
    --------
    >>> counted(1, "event"), counted(1200, "event"), counted(0, "cluster has", "clusters have")
    ('1 event', '1,200 events', '0 clusters have')
    """
    return _things(as_number(f"{n:,}", n), n, one, many)


def _things(shown: Number, n: int, one: str, many: str) -> Said:
    """Write a number of things whose number is written already."""
    singular, plural = THINGS.get(one, (f"{{n}} {one}", f"{{n}} {many or f'{one}s'}"))
    return say_n(singular, plural, n, n=shown)


def of_all(n: int, total: int, one: str, many: str = "") -> Said:
    """Write a number of things out of all of them, which is not said where it is all.

    Examples
    --------
    >>> of_all(4, 5, "event"), of_all(5, 5, "event"), of_all(1, 12, "index", "indices")
    ('four of five events', 'five events', 'one of 12 indices')
    """
    whole = count(total, one, many)
    return whole if n == total else say("{part} of {all}", part=in_words(n), all=whole)


def from_to(low: str, high: str) -> str:
    """Join the ends of a range; ends that are written alike are one.

    Examples
    --------
    >>> from_to("0.010", "0.020"), from_to("0.010", "0.010")
    ('0.010 to 0.020', '0.010')
    """
    return low if low == high else say("{low} to {high}", low=low, high=high)


def listing(items: Iterable[str], last: str = "and") -> str:
    """Join words as a sentence does.

    Examples
    --------
    >>> listing(["a"]), listing(["a", "b"]), listing(["a", "b", "c"])
    ('a', 'a and b', 'a, b and c')
    """
    *head, tail = items
    if not head:
        return tail
    message = LISTED.get(last, f"{{first}} {last} {{last}}")
    first = reduce(lambda before, item: say("{before}, {item}", before=before, item=item), head)
    return say(message, first=first, last=tail)


def bare(title: str) -> str:
    """Return a title without its stop.

    Examples
    --------
    >>> bare("Event by event.")
    'Event by event'
    """
    return same_numbers(
        title.rstrip(".?\N{IDEOGRAPHIC FULL STOP}\N{FULLWIDTH QUESTION MARK}"), title
    )


def capital(text: str) -> str:
    """Return a sentence with its first letter in upper case and the rest as it is."""
    written = text[:1].upper() + text[1:]
    return Said(
        written,
        (
            Number(written[: len(each)], each.value, each.source, each.scale)
            if not at and text.startswith(each)
            else each
            for at, each in enumerate(numbers_of(text))
        ),
    )


def shorten(text: str, width: int) -> str:
    """Cut a text at a word so that it is at most `width` characters wide, with an ellipsis.

    A Chinese character is as wide as two, and ends a word.

    Examples
    --------
    >>> shorten("Stamp duty on share trades halved", 20), shorten("证券交易印花税减半", 10)
    ('Stamp duty on share…', '证券交易…')
    """
    words = " ".join(text.split())
    if width_of(words) <= width:
        return words
    kept = next(n for n in range(len(words), -1, -1) if width_of(words[:n]) <= width - 1)
    head, following = words[:kept], words[kept]
    ends = following == " " or width_of(following) == WIDE
    whole = head if ends else head.rpartition(" ")[0] or head
    return same_numbers(f"{whole.rstrip(' ,;:')}…", text)


WIDE = 2
"""Width of a Chinese character."""


def width_of(text: str) -> int:
    """Return how wide a text is in characters, of which a Chinese one counts as two."""
    return sum(WIDE if east_asian_width(each) in "FW" else 1 for each in text)
