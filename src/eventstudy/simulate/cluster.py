"""A Dask cluster that exists already, for joblib."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from eventstudy.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Iterator

PATIENCE = 10
"""Seconds to wait for a cluster."""


@contextmanager
def connected(address: str) -> Iterator[str]:
    """Connect to a cluster while it is used.

    Parameters
    ----------
    address : str
        Address of its scheduler, such as ``tcp://127.0.0.1:8786``.

    Yields
    ------
    str
        Name of joblib's backend.

    Raises
    ------
    OptionError
        When Dask is not installed, or nobody answers at the address.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise OptionError(
            "--dask needs the package distributed: pip install 'policy-eventstudy[dask]'"
        ) from error
    try:
        client = Client(address, timeout=PATIENCE)
    except (OSError, ValueError) as error:
        raise OptionError(
            f"--dask {address}: no scheduler answers there; write its address, such as"
            f" tcp://127.0.0.1:8786 ({error})"
        ) from error
    with client:
        yield "dask"
