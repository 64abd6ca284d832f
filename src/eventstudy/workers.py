"""Who does the work: this process, others on this machine, or a Dask cluster that exists already.

What can be cut into tasks goes through :func:`spread`: samples of a simulation, events of a panel, draws of
a placebo, cells of a bootstrap, studies. How a task is cut, and where its random numbers come from, depends on
the task alone, so that who does it changes no number.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import partial
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from eventstudy.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

T = TypeVar("T")
R = TypeVar("R")

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

    @property
    def apart(self) -> bool:
        """Whether other processes than this one work."""
        return bool(self.dask) or self.processes > 1


ALONE = Workers()
"""This process."""


class Spread(Protocol):
    """A way to do tasks."""

    def __call__(self, work: Callable[[T], R], tasks: Iterable[T]) -> Iterator[R]:
        """Return the results in the order of the tasks, as they come."""
        ...


def _in_turn(work: Callable[[T], R], tasks: Iterable[T]) -> Iterator[R]:
    """Do the work in this process."""
    return map(work, tasks)


_EMPLOYED: ContextVar[tuple[Workers, Spread]] = ContextVar("employed", default=(ALONE, _in_turn))


def spread(work: Callable[[T], R], tasks: Iterable[T]) -> Iterator[R]:
    """Do tasks by the workers that are employed, or one after the other in this process.

    Parameters
    ----------
    work : callable
        ``work(task)``, a function of a module, or a partial one.
    tasks : iterable
        Taken as workers become free.

    Returns
    -------
    iterator
        The results in the order of the tasks, as they come.

    Raises
    ------
    OptionError
        When a worker is lost that cannot be replaced.
    """
    return _EMPLOYED.get()[1](work, tasks)


def at_work() -> Workers:
    """Return who does what is spread; of a cluster, how many processes it has."""
    return _EMPLOYED.get()[0]


@contextmanager
def employed(workers: Workers) -> Iterator[None]:
    """Employ workers for everything that is spread meanwhile.

    Parameters
    ----------
    workers : Workers
        Who they are.

    Raises
    ------
    OptionError
        When Dask is not installed, a cluster cannot be reached or runs another version.

    Notes
    -----
    Every process computes in one thread: local ones are told so, and those of Dask are by default.
    """
    if workers.dask:
        with _cluster(workers.dask) as number:
            yield from _using(replace(workers, processes=number), _parallel("dask", -1))
    elif workers.apart:
        way = _parallel("loky", workers.processes, inner_max_num_threads=1)
        yield from _using(workers, way)
    else:
        yield from _using(ALONE, _in_turn)


def _using(workers: Workers, way: Spread) -> Iterator[None]:
    """Let tasks be done in one way for a while."""
    before = _EMPLOYED.set((workers, way))
    try:
        yield
    finally:
        _EMPLOYED.reset(before)


def _parallel(backend: str, jobs: int, **options: Any) -> Spread:  # noqa: ANN401 - joblib's own
    """Return a way to do the work with a backend of joblib."""

    def run(work: Callable[[T], R], tasks: Iterable[T]) -> Iterator[R]:
        from concurrent.futures.process import BrokenProcessPool

        from joblib import Parallel, delayed, parallel_config

        with parallel_config(backend, **options):
            parallel = Parallel(n_jobs=jobs, return_as="generator", batch_size=1, max_nbytes=None)
            # a task is part of what is done: as an argument it would live on one worker, and die with it
            results = parallel(delayed(partial(work, task))() for task in tasks)
        try:
            yield from results
        except BrokenProcessPool as error:
            raise OptionError(
                "a worker process was killed, perhaps for want of memory; try fewer with --workers"
            ) from error

    return run


@contextmanager
def _cluster(address: str) -> Iterator[int]:
    """Connect to a cluster whose workers run this version; yield how many tasks it does at a time."""
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
        yield sum(client.nthreads().values())


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
