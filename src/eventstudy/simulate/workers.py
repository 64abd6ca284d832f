"""Who does the work of a simulation: local processes, or a Dask cluster that exists already."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from eventstudy.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from eventstudy.simulate.task import Counted, Task

    Work = Callable[[Task], list[Counted]]
    Run = Callable[[Work, Sequence[Task]], Iterable[list[Counted]]]

PACKAGE = "policy-eventstudy"

PATIENCE = 10
"""Seconds to wait for a cluster."""


@dataclass(frozen=True, slots=True)
class Workers:
    """Who does the work; results do not depend on it.

    Attributes
    ----------
    processes : int
        Local processes.
    dask : str
        Address of a Dask cluster that does it instead, such as ``tcp://127.0.0.1:8786``.
    """

    processes: int = 1
    dask: str = ""


ALONE = Workers()
"""This process."""


@contextmanager
def employed(workers: Workers) -> Iterator[Run]:
    """Employ workers, for as long as they are needed.

    Parameters
    ----------
    workers : Workers
        Who they are.

    Yields
    ------
    callable
        ``run(work, tasks)``: the results of the tasks in their order, as they come.

    Raises
    ------
    OptionError
        When Dask is not installed, a cluster cannot be reached or runs another version, or workers die.

    Notes
    -----
    Every process computes in one thread: local ones are told so, and those of Dask are by default.
    """
    if workers.dask:
        with _cluster(workers.dask):
            yield _parallel("dask", -1)
    elif workers.processes > 1:
        yield _parallel("loky", workers.processes, inner_max_num_threads=1)
    else:
        yield _in_turn


def _in_turn(work: Work, tasks: Sequence[Task]) -> Iterator[list[Counted]]:
    """Do the work in this process."""
    return map(work, tasks)


def _parallel(backend: str, jobs: int, **options: Any) -> Run:  # noqa: ANN401 - joblib's own
    """Return a way to do the work with a backend of joblib."""

    def run(work: Work, tasks: Sequence[Task]) -> Iterator[list[Counted]]:
        from concurrent.futures.process import BrokenProcessPool

        from joblib import Parallel, delayed, parallel_config

        with parallel_config(backend, **options):
            parallel = Parallel(n_jobs=jobs, return_as="generator", batch_size=1)
            results = parallel(delayed(work)(task) for task in tasks)
        try:
            yield from results
        except BrokenProcessPool as error:
            raise OptionError(
                "a worker process was killed, perhaps for want of memory; try fewer with --workers"
            ) from error

    return run


@contextmanager
def _cluster(address: str) -> Iterator[None]:
    """Connect to a cluster whose workers run this version."""
    try:
        from distributed import Client
    except ImportError as error:
        raise OptionError(
            "--dask needs the package distributed: pip install 'policy-eventstudy[dask]'"
        ) from error
    try:
        connect: Any = Client
        client = connect(address, timeout=PATIENCE)
    except (OSError, ValueError) as error:
        raise OptionError(
            f"--dask {address}: no scheduler answers there; write its address, such as"
            f" tcp://127.0.0.1:8786 ({error})"
        ) from error
    with client:
        _refuse_others(address, client.run(version, PACKAGE, on_error="return"))
        yield


def _refuse_others(address: str, found: dict[str, Any]) -> None:
    """Raise when a cluster has no workers, or some that would not compute what this program does."""
    if not found:
        raise OptionError(f"--dask {address}: the cluster has no workers; start some first")
    here = version(PACKAGE)
    for worker, there in found.items():
        if there != here:
            says = f"version {there}" if isinstance(there, str) else "none"
            raise OptionError(
                f"--dask {address}: worker {worker} has {says} of {PACKAGE}, this is {here};"
                " install the same version on all workers"
            )
