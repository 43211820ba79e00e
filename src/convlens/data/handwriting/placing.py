"""Where a digit goes in the picture that a network receives. Must not know paper or pens.

MNIST's digits were scaled until they fitted into 20 x 20 pixels with their aspect kept, by averaging, and
then moved until their centre of mass was the middle of 28 x 28 (Y. LeCun, C. Cortes, "The MNIST database").
Measured on its 60,000 training images: all 20 pixels long, and the mean centre of mass within 0.01 pixels of
the middle of pixel 14, counted from 0.
"""

from typing import NamedTuple

import numpy as np

from convlens._typing import Array
from convlens.data.handwriting.sampling import averaged, box_mean

__all__ = ["BOX", "FINE", "SIDE", "Extent", "extent_of", "fine_raster", "is_in_place", "unit_of"]

SIDE = 28
"""Lengths below are pixels of a picture of so many."""

BOX = 19.5
"""The longer side of a digit between the middles of its edges; with their soft ends it is MNIST's 20."""

FINE = 6
"""Dots a pixel, along each side, of the raster on which a digit is placed and its pen changed."""

_FULL = 0.95  # of white: MNIST's ink reaches it
_CENTRAL = 0.6  # pixels: MNIST moved digits by whole pixels, which leaves up to half of one


class Extent(NamedTuple):
    """Where ink is in a picture, in its own pixels: the centre of mass and the longer side."""

    row: float
    column: float
    side: float


def unit_of(height: int, width: int) -> float:
    """Return what is a pixel of MNIST in a picture of this size."""
    return min(height, width) / SIDE


def extent_of(ink: Array, inside: Array) -> Extent:
    """Return where ink is, and how far the part of it that is `inside` reaches; some must be."""
    rows, columns = (np.flatnonzero(inside.any(axis=axis)) for axis in (1, 0))
    side = max(rows[-1] - rows[0], columns[-1] - columns[0]) + 1
    by_row, by_column = ink.sum(axis=1), ink.sum(axis=0)
    total = by_row.sum()
    row = (by_row * (np.arange(len(by_row)) + 0.5)).sum() / total
    column = (by_column * (np.arange(len(by_column)) + 0.5)).sum() / total
    return Extent(float(row), float(column), float(side))


def fine_raster(ink: Array, at: Extent, scale: float, height: int, width: int) -> Array:
    """Return ink on the fine raster, its centre of mass in the middle, (height · FINE, width · FINE).

    Where pixels become larger than dots, their steps are smoothed away.
    """
    fine = averaged(ink, _edges(at.row, scale, height), _edges(at.column, scale, width))
    radius = int(scale * FINE / 2)
    return box_mean(fine, radius) if radius > 1 else fine


def _edges(centre: float, scale: float, n: int) -> Array:
    """Return where the dots' edges lie in the picture that they are taken from."""
    middle = (n + 1) / 2  # the middle of pixel n / 2
    return np.asarray(centre + (np.arange(n * FINE + 1) / FINE - middle) / scale)


def is_in_place(ink: Array, at: Extent, height: int, width: int) -> bool:
    """Whether a picture is one of MNIST's already: its size, its box, its middle, and ink from 0 to 1."""
    if ink.shape != (height, width) or ink.max() < _FULL:
        return False
    own = extent_of(ink, ink > 0.0)
    is_central = max(abs(at.row - (height + 1) / 2), abs(at.column - (width + 1) / 2)) <= _CENTRAL
    return is_central and own.side == round(BOX * unit_of(height, width))
