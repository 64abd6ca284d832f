"""The objects of a PDF in an order of their own: the same drawing gives the same bytes in every process."""

from __future__ import annotations

import re

_START = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*\Z")
_ENTRY = re.compile(rb"(\d{10}) \d{5} n")
_HEAD = re.compile(rb"(\d+) 0 obj\n")
_REFERENCE = re.compile(rb"\b(\d+) 0 R\b")
_RESOURCES = re.compile(rb"(?m)(?:^ +/[a-z]+\d+ .*\n){2,}")
_STREAM = b"\nstream\n"


def in_order(pdf: bytes) -> bytes:
    """Return a PDF with its objects numbered and written in the order in which its pages name them.

    Parameters
    ----------
    pdf : bytes
        With a table of references and no generations, as the converter writes it.

    Returns
    -------
    bytes
        The same objects; what is no such file comes back as it is.

    Notes
    -----
    The converter writes fonts and resources in the order of a hash table that is another one in every
    process. Streams are not touched.
    """
    start = _START.search(pdf)
    if start is None:
        return pdf
    table, _, trailer = pdf[int(start[1]) :].partition(b"trailer\n")
    places = sorted(int(found[1]) for found in _ENTRY.finditer(table))
    ends = [*places[1:], int(start[1])]
    objects = dict(_object(pdf[a:b]) for a, b in zip(places, ends, strict=True))
    closing = trailer.partition(b"startxref")[0]
    numbers = {old: new for new, old in enumerate(_reached(closing, objects), start=1)}
    if len(numbers) < len(objects):
        return pdf
    return _written(pdf[: places[0]], objects, numbers, closing)


def _object(text: bytes) -> tuple[int, tuple[bytes, bytes]]:
    """Return number, dictionary and stream of an object, its resources in alphabetical order."""
    head = _HEAD.match(text)
    if head is None:
        return -1, (text, b"")
    words, mark, stream = text[head.end() :].partition(_STREAM)
    words = _RESOURCES.sub(lambda run: b"".join(sorted(run[0].splitlines(keepends=True))), words)
    return int(head[1]), (words, mark + stream)


def _reached(closing: bytes, objects: dict[int, tuple[bytes, bytes]]) -> list[int]:
    """Return the numbers of the objects in the order in which they are named."""
    found: list[int] = []
    todo = _named(closing)
    while todo:
        number = todo.pop(0)
        if number not in found and number in objects:
            found.append(number)
            todo = _named(objects[number][0]) + todo
    return found


def _named(words: bytes) -> list[int]:
    """Return the objects that a dictionary names."""
    return [int(found[1]) for found in _REFERENCE.finditer(words)]


def _written(
    head: bytes,
    objects: dict[int, tuple[bytes, bytes]],
    numbers: dict[int, int],
    closing: bytes,
) -> bytes:
    """Return the file with new numbers."""

    def renamed(words: bytes) -> bytes:
        return _REFERENCE.sub(lambda found: b"%d 0 R" % numbers[int(found[1])], words)

    text, table = head, [b"0000000000 65535 f\r\n"]
    for old, new in numbers.items():
        words, stream = objects[old]
        table.append(b"%010d 00000 n\r\n" % len(text))
        text += b"%d 0 obj\n%b%b" % (new, renamed(words), stream)
    start = b"xref\n0 %d\n%b" % (len(table), b"".join(table))
    end = b"trailer\n%bstartxref\n%d\n%%%%EOF" % (renamed(closing), len(text))
    return text + start + end
