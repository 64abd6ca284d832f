"""Other processes that use a cache.

``python -m tests.store_process`` does what each line of input says, ``MODE NUMBER FOLDER``, and answers on
one line; with ``MODE NUMBER FOLDER`` as arguments it does one thing.
"""

from __future__ import annotations

import itertools
import os
import random
import resource
import signal
import sys
import time
import warnings
from pathlib import Path

import numpy as np

from eventstudy.errors import DataError
from eventstudy.store import Download, Request, Store
from eventstudy.store.lock import locked
from eventstudy.store.tables import to_parquet

REQUEST = Request("yahoo", "^HSI", {"interval": "1d"})


def say(*words):
    """Print a line at once."""
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def made_up(number, *, rows=50, request=REQUEST, day="2026-11-01"):
    """A download of made-up prices, with a missing one and a negative zero."""
    close = np.exp(np.random.default_rng(number).normal(size=rows).cumsum() / 100)
    close[1:3] = np.nan, -0.0
    dates = np.datetime64("2000-01-01") + np.arange(rows) * np.timedelta64(1, "D")
    columns = {"close": close, "volume": np.round(close * 1e9)}
    at = np.datetime64(f"{day}T10:00:00") + np.timedelta64(number, "s")
    return Download(request, at, dates, columns, {"currency": "HKD", "name": "恒生"})


def both(folder, number):
    """Let two processes at once add twenty downloads each, ten of them the same."""
    children = [forked(add, folder, number + 10 * each) for each in range(2)]
    say([os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children])


def add(folder, number):
    """Add twenty downloads from a number on."""
    for each in range(number, number + 20):
        Store(folder).add(made_up(each))


def hold(folder, _):
    """Hold the lock until the next line of input."""
    with locked(folder / "v1" / "lock", limit=0):
        say("held")
        sys.stdin.readline()
    say("released")


def kill(folder, number):
    """Start a process that adds without end, and kill it somewhere after its first download."""
    begun, begins = os.pipe()
    child = forked(add_for_ever, folder, number, begins)
    os.read(begun, 1)
    time.sleep(random.Random(number).uniform(0.0, 0.04))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(begun)
    os.close(begins)
    say("killed")


def add_for_ever(folder, number, begins):
    """Add downloads, and tell by a pipe."""
    for each in itertools.count():
        Store(folder).add(made_up(1000 * number + each, rows=20_000))
        os.write(begins, b".")


def die(folder, number):
    """Let a process add, and kill itself at that call of the system; say how it ended."""
    child = forked(add_and_die, folder, number)
    say(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


def add_and_die(folder, number):
    """Kill this process at a call that touches a file, a write when half of it is done."""
    calls = itertools.count()

    def deadly(call):
        def called(*arguments, **named):
            if next(calls) == number:
                if call.__name__ == "write":
                    call(arguments[0], arguments[1][: len(arguments[1]) // 2])
                os.kill(os.getpid(), signal.SIGKILL)
            return call(*arguments, **named)

        return called

    for name in ("open", "write", "fsync", "replace", "ftruncate", "close"):
        setattr(os, name, deadly(getattr(os, name)))
    Store(folder).add(made_up(1000 + number))


def limit(folder, number):
    """Fill a cache in which no file may be larger than a number of bytes."""
    child = forked(limited, folder, number)
    os.waitpid(child, 0)


def limited(folder, number):
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (number, number))
    fill(folder, number)


def fill(folder, number):
    """Add larger and larger downloads until one is refused; say what is left."""
    store = Store(folder)
    try:
        for each in range(200):
            store.add(made_up(each, rows=number // 100 * (each + 1)))
    except DataError as error:
        say(error)
    left = sorted(path.name for path in folder.rglob("*") if path.is_file())
    listed = {path.name for path in folder.rglob("*.parquet")}
    say(each, [name for name in left if name.endswith((".new", ".damaged"))])
    say(len(store.entries()), len(listed), [check for check in store.verify() if check.fault])


def look(folder, _):
    """Read from a cache, then try to write."""
    say(Store(folder).latest(REQUEST).at)
    torn = Request("yahoo", "TORN")
    say(Store(folder).latest(torn))
    try:
        Store(folder).add(made_up(99))
    except DataError as error:
        say(error)


def forked(function, *arguments):
    """Start a process that calls a function and ends; return its number."""
    with warnings.catch_warnings():
        # The threads of the test's own process take no part in what the child does.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child:
        return child
    function(*arguments)
    os._exit(0)


MODES = {mode.__name__: mode for mode in (both, hold, kill, die, limit, fill, look)}


def serve(lines):
    """Do what each line of input says."""
    to_parquet(made_up(0))  # imports what would otherwise be imported after each fork
    for line in lines:
        mode, number, folder = line.rstrip("\n").split(" ", 2)
        MODES[mode](Path(folder), int(number))


if __name__ == "__main__":
    serve([" ".join(sys.argv[1:])] if sys.argv[1:] else iter(sys.stdin.readline, ""))
