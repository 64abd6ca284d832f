"""Golden pictures of pages: taken, compared block by block, and kept small."""

import numpy as np
from PIL import Image

BLOCK = 4
"""Pixels a side of the blocks whose means are compared: letters may be smoothed otherwise."""
SHADES = 24
"""Difference of a block's mean, of 255, that counts."""
SHARE = 0.002
"""Largest share of blocks that may differ."""
COLOURS = 64


def kept(picture, file):
    """Write a picture with few colours."""
    file.parent.mkdir(exist_ok=True)
    picture.convert("RGB").quantize(COLOURS, Image.Quantize.MAXCOVERAGE).save(file, optimize=True)


def _blocks(picture):
    """Return the mean colour of every block."""
    pixels = np.asarray(picture.convert("RGB"), dtype=float)
    rows, columns = (size // BLOCK for size in pixels.shape[:2])
    cut = pixels[: rows * BLOCK, : columns * BLOCK]
    return cut.reshape(rows, BLOCK, columns, BLOCK, 3).mean(axis=(1, 3))


def share_that_differs(picture, other):
    """Return the share of blocks that differ between two pictures; 1 where their sizes do."""
    if picture.size != other.size:
        return 1.0
    apart = np.abs(_blocks(picture) - _blocks(other)).max(axis=2)
    return float((apart > SHADES).mean())


def loaded(file):
    """Return a picture from its file."""
    with Image.open(file) as opened:
        return opened.convert("RGB")
