"""The text of a file: read once, checked for size and characters, cut into lines."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from eventstudy.errors import Problem, SpecError, closest
from eventstudy.yamlfile.document import STUDY, Kind, Place

if TYPE_CHECKING:
    from pathlib import Path

MAX_BYTES = 1_000_000

LINE_END = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
NOT_TEXT = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
"""Characters that YAML does not allow: control characters, lone surrogates, a mark of byte order."""


@dataclass(frozen=True, slots=True)
class Page:
    """A text file.

    Attributes
    ----------
    file : str
        Path as the user gave it.
    content : bytes
        The file as it was read.
    text : str
        Its text.
    lines : tuple of str
        The text cut where YAML ends a line.
    """

    file: str
    content: bytes
    text: str
    lines: tuple[str, ...]

    @classmethod
    def read(cls, path: Path, kind: Kind = STUDY) -> Page:
        """Read a file of UTF-8 text, whose messages say what it should hold.

        Raises
        ------
        eventstudy.errors.SpecError
            When the file does not exist, is no regular file, has more than :data:`MAX_BYTES` bytes
            (it is then not read), cannot be read, or is not text.
        """
        content = _content(path, kind)
        try:
            text, code, complaint = content.decode("utf-8-sig"), "control-character", ""
        except UnicodeDecodeError as error:
            text, code = content[: error.start].decode("utf-8-sig"), "not-utf-8"
            complaint = f"byte 0x{content[error.start]:02x} is not UTF-8: save the file as UTF-8"
        odd = NOT_TEXT.search(text)
        if odd and not complaint:
            text, complaint = text[: odd.start()], no_text(odd.group())
        page = cls(str(path), content, text, tuple(LINE_END.split(text)))
        if complaint:
            end = Place(len(page.lines), len(page.lines[-1]) + 1)
            raise SpecError([page.problem(end, code, "", complaint)])
        return page

    def problem(self, place: Place, code: str, path: str, message: str) -> Problem:
        """Return a problem with the line it is about.

        The parser may point behind the last line; the problem then stands at the end of the text.
        """
        line = min(place.line, len(self.lines))
        source = self.lines[line - 1]
        column = min(place.column, len(source) + 1) if line == place.line else len(source) + 1
        return Problem(code, self.file, line, column, path, message, source)


def no_text(character: str) -> str:
    """Return the message about a character that no text may contain."""
    return f"the character U+{ord(character):04X} is not allowed; remove it"


def _content(path: Path, holds: Kind) -> bytes:
    """Return the bytes of a file whose kind and size are checked first."""
    try:
        size = path.stat().st_size
        if not path.is_file():
            kind = "a directory" if path.is_dir() else "not a regular file"
            raise _refused(path, "not-a-file", f"is {kind}; give a {holds.name} file (*.yaml)")
        if size > MAX_BYTES:
            message = f"has {size:,} bytes, allowed are {MAX_BYTES:,}: split the {holds.name}"
            raise _refused(path, "file-too-large", message)
        return path.read_bytes()
    except FileNotFoundError as error:
        close = _beside(path)
        message = f"does not exist; {f'did you mean {close}?' if close else holds.start}"
        raise _refused(path, "file-not-found", message) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise _refused(path, "unreadable-file", f"cannot be read: {reason}") from error


def _beside(path: Path) -> str:
    """Return the study in the same folder, or in its folder ``events``, that was perhaps meant."""
    for folder in (path.parent, path.parent / "events"):
        try:
            studies = {each.stem: each for each in sorted(folder.glob("*.y*ml"))}
        except OSError:
            continue
        if close := closest(path.stem, studies):
            return str(studies[close])
    return ""


def _refused(path: Path, code: str, message: str) -> SpecError:
    return SpecError([Problem(code, str(path), 1, 1, "", message)])
