"""The works that methods come from: their entries in BibTeX, and how a text names them."""

from __future__ import annotations

import inspect
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from eventstudy.registry import build
from eventstudy.spec.plugins import PACKAGES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from eventstudy.spec import Choice

FILE = "references.bib"
SEVERAL = 3
"""Authors from which on a text names the first alone."""

ONLY_WITH: Mapping[str, tuple[str, tuple[object, ...]]] = {
    "cameron2008": ("cluster", ("date", "overlap")),
    "chung2013": ("of", ("welch_t",)),
    "glosten1993": ("volatility", ("gjr",)),
    "huber1981": ("estimator", ("huber",)),
    "janssen1997": ("of", ("welch_t",)),
    "koenker1978": ("estimator", ("lad",)),
    "maynes1993": ("missing", ("trade_to_trade",)),
    "nelson1991": ("volatility", ("egarch",)),
    "patton2009": ("block", (None,)),
    "politis2004": ("block", (None,)),
    "straumann2006": ("volatility", ("egarch",)),
}
"""Works that a plug-in rests on only with some values of one of its options."""

_SECTION = re.compile(r"References\n-+\n(.*?)(?:\n\n[A-Z]\w+\n-+\n|\Z)", re.DOTALL)
_CITED = re.compile(r"([^\W\d_]+(?:-[^\W\d_]+)?), (?:[A-Z]\.[- ]?)+[^()]*?\((\d{4})\)")
_ENTRY = re.compile(r"@\w+\{(\w+),\n(.*?)\n\}\n", re.DOTALL)
_FIELD = re.compile(r"^  (\w+) = \{(.*)\},$", re.MULTILINE)
_ACCENT = re.compile(r"\{\\([\"`'])(\w)\}")
_ACCENTS = {'"': "\N{COMBINING DIAERESIS}", "`": "\N{COMBINING GRAVE ACCENT}"}


@dataclass(frozen=True, slots=True)
class Work:
    """A paper or a book.

    Attributes
    ----------
    key : str
        Surname of its first author and year, in small letters without accents.
    entry : str
        Its entry in BibTeX.
    fields : mapping of str to str
        Fields of the entry as a reader sees them.
    """

    key: str
    entry: str
    fields: Mapping[str, str]

    @property
    def name(self) -> str:
        """Return authors and year as a text names the work."""
        names = [name.partition(",")[0] for name in self.fields["author"].split(" and ")]
        authors = f"{names[0]} et al." if len(names) >= SEVERAL else " and ".join(names)
        return f"{authors}, {self.fields['year']}"

    @property
    def line(self) -> str:
        """Return the work as a list of references has it."""
        known = self.fields
        names = known["author"].replace(" and ", "; ")
        if "journal" in known:
            where = f"{known['journal']} {known['volume']}, {known['pages']}"
        else:
            edition = f", {known['edition']} edition" if "edition" in known else ""
            where = f"{known['publisher']}{edition}"
        return f"{names} ({known['year']}). {known['title'].removesuffix('.')}. {where}."


@cache
def library() -> Mapping[str, Work]:
    """Return every work that a method of this package comes from, by key."""
    text = Path(__file__).with_name(FILE).read_text(encoding="utf-8")
    works = (Work(found[1], found[0], _fields(found[2])) for found in _ENTRY.finditer(text))
    return {work.key: work for work in works}


def _fields(text: str) -> Mapping[str, str]:
    """Return the fields of an entry without the marks of TeX."""
    return {name: _plain(value) for name, value in _FIELD.findall(text)}


def _plain(text: str) -> str:
    """Return words of TeX as a reader sees them."""
    words = _ACCENT.sub(lambda found: f"{found[2]}{_ACCENTS[found[1]]}", text)
    for marks, sign in (("--", "\N{EN DASH}"), ("``", "\N{LEFT DOUBLE QUOTATION MARK}")):
        words = words.replace(marks, sign)
    words = words.replace("''", "\N{RIGHT DOUBLE QUOTATION MARK}")
    return unicodedata.normalize("NFC", re.sub(r"[{}]", "", words))


def keys_in(docstring: str | None) -> tuple[str, ...]:
    """Return the keys of the works that the section References of a docstring names.

    Parameters
    ----------
    docstring : str or None
        Each work begins with the surname and the initials of its first author, its year in brackets.

    Examples
    --------
    >>> text = '''Test.
    ...
    ... References
    ... ----------
    ... Ljung, G. M. and Box, G. E. P. (1978), Biometrika 65. Engle, R. F. (1982), Econometrica 50.
    ... '''
    >>> keys_in(text)
    ('ljung1978', 'engle1982')
    """
    section = _SECTION.search(inspect.cleandoc(docstring or ""))
    words = " ".join(section[1].split()) if section else ""
    return tuple(dict.fromkeys(_key(*found.groups()) for found in _CITED.finditer(words)))


def _key(surname: str, year: str) -> str:
    """Return the key of a work."""
    plain = unicodedata.normalize("NFKD", surname.lower())
    return f"{re.sub('[^a-z]', '', plain)}{year}"


def works_of(kind: str, choice: Choice) -> tuple[str, ...]:
    """Return the keys of the works that a plug-in rests on, with the options that a study gives it.

    Parameters
    ----------
    kind : {'model', 'statistic', 'procedure'}
        What is chosen.
    choice : Choice
        The plug-in.
    """
    plugin = build(PACKAGES[kind], choice.name, choice.options, kind=kind)
    return tuple(key for key in keys_in(type(plugin).__doc__) if _used(key, plugin))


def _used(key: str, plugin: object) -> bool:
    """Tell whether a plug-in with its options rests on a work."""
    option, values = ONLY_WITH.get(key, ("", ()))
    return getattr(plugin, option, values[0]) in values if values else True


def bibliography(keys: Iterable[str]) -> str:
    """Return the entries of some works in BibTeX, in alphabetical order."""
    return "\n".join(library()[key].entry for key in sorted(set(keys)))
