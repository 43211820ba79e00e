"""What is asked of a pixel's neighbours: the largest, who is joined, how far the edge is. Must not know ink.

Every answer is a choice or a root of a whole number, so that the page's twin comes to the same bits.
"""

from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from convlens._typing import Array, IntArray

__all__ = ["Mask", "closed", "distances", "joined", "sides_of", "thickened"]

Mask = NDArray[np.bool_]


def thickened(picture: Array) -> Array:
    """Return the largest of each pixel, the one above and the one below."""
    return np.asarray(_ndimage().maximum_filter1d(picture, 3, axis=0, mode="nearest"))


def closed(picture: Array, radius: int) -> Array:
    """Return the picture without what is small and low: the least of the largest values around each pixel.

    Both squares have `2 · radius + 1` pixels a side, as far as they lie inside.
    """
    for extreme in (_ndimage().maximum_filter1d, _ndimage().minimum_filter1d):
        for axis in (0, 1):
            picture = extreme(picture, 2 * radius + 1, axis=axis, mode="nearest")
    return picture


def joined(mask: Mask) -> tuple[IntArray, int]:
    """Return the number of the piece that each pixel of a mask belongs to, 0 outside; and how many there are.

    Pixels are joined along sides and corners.
    """
    labels, n = _ndimage().label(mask, np.ones((3, 3), bool))
    return labels, int(n)


def sides_of(labels: IntArray) -> IntArray:
    """Return the longer side of each piece's box, (pieces,)."""
    boxes = _ndimage().find_objects(labels)
    return np.array([max(part.stop - part.start for part in box) for box in boxes])


def distances(mask: Mask) -> Array:
    """Return how far each pixel of a mask is from the nearest one outside of it; 0 outside."""
    return np.asarray(_ndimage().distance_transform_edt(mask))


def _ndimage() -> ModuleType:
    from scipy import ndimage  # noqa: PLC0415 -- it takes half a second to load

    return ndimage
