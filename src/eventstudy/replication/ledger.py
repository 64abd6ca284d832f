"""The ledger: every result that is recomputed, with its numbers and its grade."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, get_args

from eventstudy.errors import UnknownNameError
from eventstudy.registry import plugins
from eventstudy.replication.base import Grade

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from eventstudy.replication.base import Replication, Row

RESULTS = "eventstudy.replication.results"
GRADES: tuple[Grade, ...] = get_args(Grade)


@dataclass(frozen=True, slots=True)
class Entry:
    """One result with the numbers found.

    Attributes
    ----------
    result : type of Replication
        What was recomputed.
    rows : tuple of Row
        Its numbers; none where it is not possible.
    missing : tuple of str
        Packages that are not installed.
    """

    result: type[Replication]
    rows: tuple[Row, ...]
    missing: tuple[str, ...] = ()

    @property
    def grade(self) -> Grade:
        """The worst grade of its numbers."""
        if self.missing:
            return "not possible"
        return max((row.grade for row in self.rows), key=GRADES.index)

    def count(self, grade: Grade) -> int:
        """Return how many numbers have a grade."""
        return Counter(row.grade for row in self.rows)[grade]


def names() -> tuple[str, ...]:
    """Return the name of every result, in alphabetical order."""
    return tuple(plugins(RESULTS))


def replicate(
    wanted: Sequence[str] = (), announce: Callable[[type[Replication]], None] | None = None
) -> Iterator[Entry]:
    """Recompute results, one after the other.

    Parameters
    ----------
    wanted : sequence of str, optional
        Their names, each once; all unless given.
    announce : callable, optional
        Called with every result before it is recomputed.

    Yields
    ------
    Entry
        A failed result is listed like any other, and so is one whose data are not installed.

    Raises
    ------
    UnknownNameError
        When a name is not known.
    """
    known = plugins(RESULTS)
    for name in wanted:
        if name not in known:
            raise UnknownNameError("replication", name, known)
    for name in dict.fromkeys(wanted) or known:
        if announce:
            announce(known[name])
        yield _recomputed(known[name])


def quick() -> tuple[str, ...]:
    """Return the names of results that draw no samples."""
    return tuple(name for name, result in plugins(RESULTS).items() if not result.simulates)


def _recomputed(result: type[Replication]) -> Entry:
    """Recompute one result where its data are installed."""
    missing = tuple(name for name in result.needs if not _installed(name))
    return Entry(result, () if missing else tuple(result().rows()), missing)


def _installed(name: str) -> bool:
    """Tell whether a module can be imported; one inside a package needs the package."""
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:
        return False
