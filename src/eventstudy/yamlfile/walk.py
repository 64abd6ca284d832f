"""One pass over the events of the YAML parser, from text to plain values with places."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from yaml import CBaseLoader, YAMLError, parse
from yaml.events import (
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from eventstudy.errors import Problem, SpecError
from eventstudy.yamlfile.document import STUDY, Document, Kind, Place, Where, kind_of, spell
from eventstudy.yamlfile.page import NOT_TEXT, Page, no_text
from eventstudy.yamlfile.syntax import complaint

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Value: TypeAlias = "str | list[Value] | dict[str, Value] | None"

MAX_DEPTH = 50


class Walk:
    """The pass over one file; everything that is wrong but can be stepped over is noted.

    Parameters
    ----------
    page : Page
        The file.
    kind : Kind, optional
        What it should hold.
    """

    def __init__(self, page: Page, kind: Kind = STUDY) -> None:
        self._page, self._kind = page, kind
        self._events: Iterator[Event] = parse(page.text, Loader=CBaseLoader)
        self._keys: dict[Where, Place] = {}
        self._values: dict[Where, Place] = {(): Place(1, 1)}
        self._blanks: set[Where] = set()
        self._problems: list[Problem] = []

    def document(self) -> Document:
        """Return the file's only document.

        Raises
        ------
        eventstudy.errors.SpecError
            When the text is not YAML, empty, nested too deep, or not a map.
        """
        try:
            data = self._top()
        except YAMLError as error:
            self._problems.append(complaint(self._page, error))
            raise SpecError(self._problems) from error
        if not isinstance(data, dict):
            raise SpecError(self._problems)
        places = self._keys, self._values
        return Document(self._page, data, *places, frozenset(self._blanks), tuple(self._problems))

    def _top(self) -> Value:
        """Return the value of the first document; note directives and further documents."""
        next(self._events)
        start = next(self._events)
        if isinstance(start, DocumentStartEvent) and (start.version or start.tags):
            message = "a directive (%) is not allowed; remove the line"
            self._note("directive", _place(start), (), message)
        first = start if isinstance(start, StreamEndEvent) else next(self._events)
        if isinstance(first, StreamEndEvent) or (
            isinstance(first, ScalarEvent) and not first.value
        ):
            self._note("empty-file", Place(1, 1), (), f"the file is empty; {self._kind.start}")
            return None
        data = self._node(first, ())
        if not isinstance(data, dict) and () not in self._blanks:
            message = (
                f"a {self._kind.name} is a block of keys, not {kind_of(data)}; {self._kind.start}"
            )
            self._note("wrong-type", _place(first), (), message)
        next(self._events)
        after = next(self._events)
        if not isinstance(after, StreamEndEvent):
            message = (
                f"a second document starts here; a file holds one {self._kind.name}: remove the ---"
            )
            self._note("several-documents", _place(after), (), message)
        return data

    def _note(self, code: str, place: Place, where: Where, message: str) -> None:
        self._problems.append(self._page.problem(place, code, spell(where), message))

    def _blank(self, code: str, where: Where, message: str) -> None:
        """Note a value that cannot be used; it becomes None."""
        self._blanks.add(where)
        self._note(code, self._values[where], where, message)

    def _node(self, event: Event, where: Where) -> Value:
        """Return the value that starts with an event."""
        self._values[where] = _place(event)
        if isinstance(event, ScalarEvent):
            self._refuse_ornaments(event, where)
            return self._scalar(event, where)
        if isinstance(event, CollectionStartEvent):
            self._refuse_ornaments(event, where)
            self._refuse_depth(event, len(where))
            listed = isinstance(event, SequenceStartEvent)
            return self._sequence(where) if listed else self._map(where)
        self._blank("alias", where, "an alias (*) is not allowed; repeat what it stands for")
        return None

    def _refuse_ornaments(self, event: ScalarEvent | CollectionStartEvent, where: Where) -> None:
        """Note a tag or an anchor."""
        if event.tag is not None:
            message = f"a tag ({event.tag}) is not allowed; write the value alone"
            self._note("tag", _place(event), where, message)
        if event.anchor is not None:
            message = f"an anchor (&{event.anchor}) is not allowed; write the value alone"
            self._note("alias", _place(event), where, message)

    def _refuse_depth(self, event: Event, depth: int) -> None:
        """Stop at a nesting that no study needs."""
        if depth >= MAX_DEPTH:
            message = f"lists and blocks are nested more than {MAX_DEPTH} deep"
            self._note("too-deep", _place(event), (), message)
            raise SpecError(self._problems)

    def _scalar(self, event: ScalarEvent, where: Where) -> str | None:
        """Return a text; note an empty one, and characters smuggled in by escapes."""
        if not event.value and event.implicit[0]:
            self._values[where] = self._keys.get(where, self._values[where])
            self._blank("empty-value", where, "has no value; write one or remove the line")
            return None
        odd = NOT_TEXT.search(event.value)
        if odd:
            self._blank("control-character", where, no_text(odd.group()))
        return None if odd else str(event.value)

    def _sequence(self, where: Where) -> list[Value]:
        entries: list[Value] = []
        while not isinstance(event := next(self._events), SequenceEndEvent):
            entries.append(self._node(event, (*where, len(entries))))
        return entries

    def _map(self, where: Where) -> dict[str, Value]:
        """Return a map; of a repeated key the first value counts."""
        entries: dict[str, Value] = {}
        while not isinstance(event := next(self._events), MappingEndEvent):
            key = self._key(event, where, entries)
            value = next(self._events)
            if key is None:
                self._skip(value, len(where) + 1)
            else:
                entries[key] = self._node(value, (*where, key))
        return entries

    def _key(self, event: Event, where: Where, entries: Mapping[str, Value]) -> str | None:
        """Return a key; None, with its problem, when its value is to be passed over."""
        if not isinstance(event, ScalarEvent) or not event.value:
            message = "a key must be a word, followed by a colon"
            self._note("bad-key", _place(event), where, message)
            self._skip(event, len(where) + 1)
            return None
        path = (*where, event.value)
        self._refuse_ornaments(event, path)
        if event.value == "<<":
            message = "a merge key (<<) is not allowed; write the keys out"
            self._note("merge-key", _place(event), where, message)
            return None
        if event.value in entries:
            message = f"the key stands twice, first in line {self._keys[path].line}; keep one"
            self._note("repeated-key", _place(event), path, message)
            return None
        self._keys[path] = _place(event)
        return str(event.value)

    def _skip(self, event: Event, depth: int) -> None:
        """Pass over a value without reading it."""
        level = 0
        while True:
            level += isinstance(event, CollectionStartEvent)
            level -= isinstance(event, CollectionEndEvent)
            if not level:
                return
            self._refuse_depth(event, depth + level)
            event = next(self._events)


def _place(event: Event) -> Place:
    mark = event.start_mark
    return Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)
