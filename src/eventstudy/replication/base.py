"""What a replication is: a published or analytic result, and the same numbers computed here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

Kind = Literal["printed", "analytic", "computed"]
"""``printed`` in the source; ``analytic``, from a closed formula; ``computed`` from the data of the source by
a program other than this one."""

Grade = Literal["exact", "close", "fails", "not possible"]
"""From best to worst."""


@dataclass(frozen=True, slots=True)
class Row:
    """One number of a result.

    Attributes
    ----------
    what : str
        What it is, with its unit.
    expected, found : float
        The number of the source, and ours.
    places : int
        Decimals that the source gives.
    tolerance : float
        Largest difference that counts as close; 0 where only the printed digits will do.
    """

    what: str
    expected: float
    found: float
    places: int
    tolerance: float = 0.0

    @property
    def difference(self) -> float:
        """Ours less theirs."""
        return self.found - self.expected

    @property
    def grade(self) -> Grade:
        """``exact`` where ours rounds to theirs, ``close`` within the tolerance."""
        off = abs(self.difference)
        if off <= 0.5 * 10.0**-self.places * (1 + 1e-9):
            return "exact"
        return "close" if off <= self.tolerance else "fails"


class Replication(Protocol):
    """A result of others, recomputed; one file each.

    Attributes
    ----------
    name, title : str
        What ``replicate`` calls it, and what it is.
    cite : str
        Author and year, short.
    source : str
        Author, year, where it was published, and the table, page or equation.
    kind : {'printed', 'analytic', 'computed'}
        Where the expected numbers come from.
    design, data : str
        Model, windows and statistics; the data and how to get them.
    needs : tuple of str
        Packages that hold the data, by the names under which they are imported.
    simulates : bool
        Whether it draws random samples, which takes a minute or so.
    tolerance : str
        Why a difference may be left, and how large; or that none may.
    difference : str
        Why the numbers differ where they do; empty where they do not.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    cite: ClassVar[str]
    source: ClassVar[str]
    kind: ClassVar[Kind]
    design: ClassVar[str]
    data: ClassVar[str]
    needs: ClassVar[tuple[str, ...]]
    simulates: ClassVar[bool]
    tolerance: ClassVar[str]
    difference: ClassVar[str]

    def rows(self) -> Sequence[Row]:
        """Compute every number anew."""
        ...
