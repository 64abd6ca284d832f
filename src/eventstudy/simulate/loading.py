"""From the file of a simulation to its design: every mistake with its place."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from eventstudy.errors import SpecError
from eventstudy.simulate.design import Law, Returns, Simulation
from eventstudy.simulate.factors import Factor
from eventstudy.simulate.groups import Groups
from eventstudy.spec.messages import findings
from eventstudy.yamlfile import Kind, read

if TYPE_CHECKING:
    from eventstudy.spec.base import Entry
    from eventstudy.yamlfile import Where

DESIGN = Kind(
    "design", "`eventstudy schema simulation` prints what one may say; format and title will do"
)
BLOCKS: dict[str, type[Entry]] = {"groups": Groups, "law": Law, "returns": Returns}


@dataclass(frozen=True, slots=True)
class SimulationFile:
    """A design and the file that it was read from.

    Attributes
    ----------
    path : pathlib.Path
        The file.
    sha256 : str
        Of its bytes.
    design : Simulation
        What it says, with the samples asked for.
    samples : int
        Samples asked for in the place of the file's; 0 where it has its say.
    """

    path: Path
    sha256: str
    design: Simulation
    samples: int = 0


def load(path: Path | str, samples: int = 0) -> SimulationFile:
    """Read the file of a simulation.

    Parameters
    ----------
    path : pathlib.Path or str
        The file.
    samples : int, optional
        Samples of every cell, in the place of those of the file: 10 or more.

    Raises
    ------
    eventstudy.errors.SpecError
        With every problem of the file.
    """
    document = read(Path(path), DESIGN)
    problems = list(document.problems)
    try:
        design = Simulation.model_validate(document.data)
    except ValidationError as error:
        found = findings(error, (), keys_of=_keys_of)
        problems += [
            document.problem(code, where, message, at_key=at_key)
            for code, where, message, at_key in found
        ]
    if problems:
        raise SpecError(sorted(problems, key=lambda problem: (problem.line, problem.column)))
    if samples:
        design = design.model_copy(update={"samples": samples})
    return SimulationFile(Path(path), sha256(document.page.content).hexdigest(), design, samples)


def _keys_of(where: Where) -> tuple[str, ...]:
    """Return the keys that the block at a place knows."""
    if where[:2] == ("law", "factors"):
        return tuple(Factor.model_fields)
    block = BLOCKS.get(str(where[0])) if where else Simulation
    return tuple(block.model_fields) if block else ()
