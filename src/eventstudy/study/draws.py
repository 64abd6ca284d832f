"""The random numbers of each test."""

from __future__ import annotations

from zlib import crc32

import numpy as np


def generator(seed: int, *names: str) -> np.random.Generator:
    """Return the random numbers of one test: the same whatever else is run, in whatever order.

    Parameters
    ----------
    seed : int
        Seed of the study.
    *names : str
        Labels of the model and of the statistic, group and asset.
    """
    return np.random.default_rng([seed, *(crc32(name.encode()) for name in names)])
