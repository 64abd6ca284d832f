"""Messages in the language of the reader: English as the code has them, others from their catalogue.

A message is one whole clause with named gaps. ``say`` and ``say_n`` take it where it is said; ``marked``
leaves it for later, where it is a constant. A test holds every catalogue against the messages in the code.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import TYPE_CHECKING

from eventstudy.language.numbers import Said, join, numbers_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LANGUAGES = ("en", "zh-Hans")
"""Languages of reports; the first is that of the code."""

_CURRENT: ContextVar[str] = ContextVar("language", default=LANGUAGES[0])


@contextmanager
def using(language: str) -> Iterator[None]:
    """Say everything in a language of :data:`LANGUAGES` until the block ends."""
    before = _CURRENT.set(language)
    try:
        yield
    finally:
        _CURRENT.reset(before)


def current() -> str:
    """Return the language that is spoken."""
    return _CURRENT.get()


def marked(message: str) -> str:
    """Return a message as it is, for :func:`say` to say later."""
    return message


def say(message: str, /, **values: object) -> Said:
    """Return a message in the language of the reader.

    Parameters
    ----------
    message : str
        In English, with a name in braces for every value.
    **values : str
        Words and numbers for the gaps. Numbers come from :mod:`eventstudy.formats`.
    """
    text = _translated(message)
    return Said(text.format(**values) if values else text, numbers_of(*values.values()))


def say_n(one: str, many: str, n: int, /, **values: object) -> Said:
    """Return a message about a number of things.

    Parameters
    ----------
    one, many : str
        In English: of one thing, and of any other number.
    n : int
        The number of things that chooses.
    **values : str
        As in :func:`say`.
    """
    language = current()
    text = (one if n == 1 else many) if language == LANGUAGES[0] else _translated(one)
    return Said(text.format(**values), numbers_of(*values.values()))


def sentences(*parts: str) -> Said:
    """Put sentences one after the other, as the language does; empty ones are left out."""
    return join(parts, " " if current() == LANGUAGES[0] else "")


def _translated(message: str) -> str:
    """Return a message in the current language; one that its catalogue lacks stays as it is."""
    language = current()
    if language == LANGUAGES[0] or not message:
        return message
    return _messages(language).get(message, message)


@cache
def _messages(language: str) -> Mapping[str, str]:
    """Return a catalogue: what every message is called in a language."""
    from importlib.resources import files
    from io import BytesIO

    from babel.messages.pofile import read_po

    path = files("eventstudy.language") / f"{language}.po"
    found: dict[str, str] = {}
    for message in read_po(BytesIO(path.read_bytes())):
        key, text = _first(message.id), _first(message.string)
        if key and text:
            found[key] = text
    return found


def _first(text: object) -> str:
    """Return a message, or the first of its forms where it has several by number."""
    return (
        text if isinstance(text, str) else next(iter(text), "") if isinstance(text, tuple) else ""
    )
