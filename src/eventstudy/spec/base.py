"""The base of every entry of a study file, and the window."""

from __future__ import annotations

from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict


class Entry(BaseModel):
    """A validated, frozen part of a study file; an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Window(NamedTuple):
    """A closed interval of sessions relative to day 0, both ends included.

    Attributes
    ----------
    start, end : int
        First and last session; ``start <= end``.

    Examples
    --------
    >>> Window(-5, -1).length
    5
    >>> str(Window(0, 1))
    '[0,+1]'
    """

    start: int
    end: int

    @property
    def length(self) -> int:
        """Number of sessions in the window."""
        return self.end - self.start + 1

    def contains(self, other: Window) -> bool:
        """Tell whether `other` lies inside this window."""
        return self.start <= other.start and other.end <= self.end

    def __str__(self) -> str:
        return f"[{signed(self.start)},{signed(self.end)}]"


def signed(day: int) -> str:
    """Return a session number as the field writes it: -5, 0, +1."""
    return f"{day:+d}" if day else "0"


class Choice(Entry):
    """A plug-in chosen by name, with options.

    Attributes
    ----------
    name : str
        Name of the plug-in.
    label : str
        Name under which the results list it; the plug-in's name unless the study gives another.
    options : dict
        The remaining keys of the entry, given to the plug-in.
    """

    name: str
    label: str
    options: dict[str, Any] = {}
