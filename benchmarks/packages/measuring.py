"""Runs one package on a saved panel and prints CPU seconds and its mean CAR; needs numpy only."""

from __future__ import annotations

import contextlib
import io
import json
import resource
import sys
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Arrays = Mapping[str, Any]

ENOUGH = 3.0
"""CPU seconds after which a measurement is not repeated; it is run five times at most."""


def spent() -> float:
    """Return user and system time of this process and its children."""
    parts = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(part.ru_utime + part.ru_stime for part in parts)


def measured(prepare: Callable[[Arrays], Any], work: Callable[[Any], dict[str, float]]) -> None:
    """Print what `work` finds and the least CPU time of its runs; what `prepare` takes does not count.

    Parameters
    ----------
    prepare : callable
        Brings the arrays of the panel into the form that the package takes.
    work : callable
        Runs the package; returns numbers by name, ``caar`` among them where there is one.
    """
    with np.load(sys.argv[1]) as arrays:
        given = prepare({name: arrays[name] for name in arrays.files})
    taken: list[float] = []
    while len(taken) < 5 and sum(taken) < ENOUGH:
        before = spent()
        with contextlib.redirect_stdout(io.StringIO()):
            found = work(given)
        taken.append(spent() - before)
    print(json.dumps({"seconds": min(taken), "runs": len(taken), **found}))
