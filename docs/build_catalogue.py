"""Bring the message catalogues up to date with the code: new messages in, gone ones out.

``python docs/build_catalogue.py`` merges what reports say into every ``language/*.po``; a new message waits there
without a translation. ``--check`` changes nothing and names what a catalogue lacks.
"""

from __future__ import annotations

import ast
import re
import sys
from io import BytesIO
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING, Any, BinaryIO

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

from eventstudy import labels
from eventstudy.formats.counting import THINGS
from eventstudy.language import LANGUAGES
from eventstudy.language.kept import KEPT
from eventstudy.registry import plugins
from eventstudy.yamlfile import read

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    Found = tuple[int, str, str | tuple[str, ...], list[str]]
    Message = str | tuple[str, str]

ROOT = Path(__file__).parents[1]
CODE = ROOT / "src" / "eventstudy"
CATALOGUES = CODE / "language"
LOCALES = {"zh-Hans": "zh_Hans"}
HEADER = """# What reports say, in {language}. `make generated` brings it up to date; translations are written here.
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""
DATES = frozenset({"day", "month", "name", "weekday", "year"})
"""Gaps of a date: a language uses the name of the month or its number."""
SINGLE, PAIR = "say", "say_n"
KEYWORDS = {SINGLE: None, PAIR: (1, 2)}
"""Functions that say a message, and one of two by a number, as Babel has them."""
FIRST = frozenset({"say", "marked"})
"""Functions whose first argument is a message."""
EVERY = frozenset({"figure", "tooltip"})
"""Functions whose arguments are messages, all that are written out."""
COUNTED = frozenset({"count", "counted", "of_all"})
"""Functions that count things, in the singular and the plural."""
ROOMS = frozenset(
    {"charts", "document", "export", "formats", "labels.py", "prose", "report", "tables"}
)
"""Where things are counted for a report, and not for the terminal."""
NAMED = ("eventstudy.models", "eventstudy.inference", "eventstudy.placebo")
"""Folders of plug-ins whose names, descriptions and null hypotheses a report prints."""


def written(
    fileobj: BinaryIO,
    _keywords: object,
    _comment_tags: object,
    **_options: object,
) -> Iterator[Found]:
    """Yield the messages of a Python file, as an extraction method of Babel."""
    for node in ast.walk(ast.parse(fileobj.read())):
        if isinstance(node, ast.Call):
            for message in _of_call(node):
                yield node.lineno, SINGLE if isinstance(message, str) else PAIR, message, []


def printed(
    fileobj: BinaryIO,
    _keywords: object,
    _comment_tags: object,
    **_options: object,
) -> Iterator[Found]:
    """Yield the messages of a Python file, and the things that it counts for a report."""
    text = fileobj.read()
    yield from written(BytesIO(text), _keywords, _comment_tags)
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and _name(node) in COUNTED:
            words = [text for given in node.args[1:] for text in _texts(given)]
            if words and words[0] not in THINGS:
                many = words[-1] if words[1:] else f"{words[0]}s"
                yield node.lineno, PAIR, (f"{{n}} {words[0]}", f"{{n}} {many}"), []


def _name(node: ast.Call) -> str:
    """Return the name of the function that a call calls."""
    return str(getattr(node.func, "attr", getattr(node.func, "id", "")))


def _of_call(node: ast.Call) -> Iterator[Message]:
    """Yield the messages that a call says."""
    name = _name(node)
    if name in FIRST and node.args:
        yield from _texts(node.args[0])
    elif name == "say_n":
        yield from zip(_texts(node.args[0]), _texts(node.args[1]), strict=True)
    elif name in EVERY:
        for given in (*node.args, *(keyword.value for keyword in node.keywords)):
            yield from _texts(given)


def _texts(node: ast.expr) -> Iterator[str]:
    """Yield the words of an argument that is written out, or of both where it is one of two."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _texts(node.body)
        yield from _texts(node.orelse)


def messages() -> Catalog:
    """Return every message that a report may say, without translations."""
    found = Catalog()
    for path in sorted(CODE.rglob("*.py")):
        method = printed if path.relative_to(CODE).parts[0] in ROOMS else written
        _add(found, extract(method, BytesIO(path.read_bytes()), KEYWORDS))
    for path in sorted(CODE.rglob("*.jinja")):
        _add(found, extract("jinja2", BytesIO(path.read_bytes()), KEYWORDS))
    for singular, plural in THINGS.values():
        found.delete(singular)
        found.delete(plural)
        found.add((singular, plural))
    for message in (*KEPT, *_names(), *_categories()):
        if message and message not in found:
            found.add(message)
    return found


def _add(catalogue: Catalog, found: Iterable[tuple[Any, ...]]) -> None:
    """Add what Babel found in a file."""
    for _, message, *_ in found:
        catalogue.add(message)


def _names() -> Iterator[str]:
    """Yield what reports print of plug-ins."""
    for package in NAMED:
        for name, plugin in sorted(plugins(package).items()):
            yield labels.term(name)
            yield (plugin.__doc__ or "").strip().partition("\n")[0].rstrip(".")
            yield str(getattr(plugin, "null", ""))


def _categories() -> Iterator[str]:
    """Yield the categories of the studies in events/."""
    for path in sorted((ROOT / "events").glob("*.yaml")):
        for event in read(path).data.get("events", ()):
            yield str(event.get("category", "")).replace("_", " ")


def merged(language: str) -> tuple[Catalog, list[str]]:
    """Return the catalogue of a language with the messages of the code, and what is wrong with it."""
    path = CATALOGUES / f"{language}.po"
    known = read_po(BytesIO(path.read_bytes()), locale=LOCALES[language])
    wanted = messages()
    fresh, wrong = Catalog(locale=LOCALES[language]), []
    for message in sorted((each for each in wanted if each.id), key=_key):
        old = known.get(_key(message))
        text = _translation(old.string) if old else ""
        plural = isinstance(message.id, tuple)
        fresh.add(message.id, (text,) if plural else text)
        if not text:
            wrong.append(f"{path.name} lacks {_key(message)!r}")
        elif not _same_gaps(message.id, text):
            wrong.append(f"{path.name} has other gaps in {text!r} than {_key(message)!r}")
    gone = {_key(each) for each in known if each.id} - {_key(each) for each in wanted}
    return fresh, [*wrong, *(f"{path.name} has {each!r}, which nothing says" for each in gone)]


def _key(message: object) -> str:
    """Return the English of a message, in the singular."""
    name = getattr(message, "id", "")
    return name if isinstance(name, str) else str(name[0])


def _translation(text: Any) -> str:  # noqa: ANN401 - Babel has a text or its forms
    """Return a translation, the first of its forms."""
    return text if isinstance(text, str) else str(next(iter(text or ("",))))


def _same_gaps(message: str | Iterable[str], text: str) -> bool:
    """Tell whether a translation has the gaps of its message; a date may name any of its parts."""
    english = message if isinstance(message, str) else " ".join(message)
    gaps, own = _gaps(english), _gaps(text)
    return gaps == own or (own <= DATES and gaps <= DATES and "name" in gaps)


def _gaps(text: str) -> frozenset[str]:
    """Return the names of the gaps in a text."""
    return frozenset(name for _, name, *_ in Formatter().parse(text) if name)


def as_text(catalogue: Catalog, language: str) -> str:
    """Return a catalogue as a file: in order of the messages, with nothing of when or where."""
    out = BytesIO()
    write_po(out, catalogue, width=100, omit_header=True, sort_output=True, no_location=True)
    return HEADER.format(language=language) + re.sub(r"\n{3,}", "\n\n", out.getvalue().decode())


def main() -> int:
    """Write or check the catalogues."""
    wrong = []
    for language in LANGUAGES[1:]:
        catalogue, found = merged(language)
        path, text = CATALOGUES / f"{language}.po", as_text(catalogue, language)
        if "--check" in sys.argv[1:]:
            stale = (
                [] if path.read_text("utf-8") == text else [f"{path.name}: run `make generated`"]
            )
            wrong += [*found, *stale]
        else:
            path.write_text(text, "utf-8")
            wrong += [each for each in found if " lacks " in each or " other gaps " in each]
    print(*wrong, sep="\n", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
