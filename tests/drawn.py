"""What stands in a drawn sheet: its blocks, their tiles, numbers and bars."""

import numpy as np

from convlens.inspection.drawing.sheet import NUMBERS, STRENGTH

_KEY = (1, 65)  # the image that says what the colours stand for


def blocks(figure):
    """Return the images of a figure without the keys of their colours, in the order of drawing."""
    images = [image for axes in figure.axes for image in axes.images]
    return [image for image in images if image.get_array().shape[:2] != _KEY]


def keys(figure):
    """Return what is written below the keys and elsewhere, as one text."""
    return "\n".join(text.get_text() for axes in figure.axes for text in axes.texts)


def tiles(image):
    """Return the tiles of a block, (rows, columns, h, w): one number for each dot that is drawn."""
    array = np.ma.masked_invalid(image.get_array())
    there = ~np.ma.getmaskarray(array)
    rows, columns = _bands(there.any(axis=1)), _bands(there.any(axis=0))
    return np.stack([[np.asarray(array[r, c]) for c in columns] for r in rows])


def shares(image):
    """Return the different numbers of a block, from the lowest to the highest."""
    return np.unique(np.ma.compressed(np.ma.masked_invalid(image.get_array())))


def numbers(figure):
    """Return what is written above the tiles, a list for each block."""
    return [patch.get_label().split(" ") for patch in figure.axes[0].patches if patch.get_gid() == NUMBERS]


def bars(figure):
    """Return the lengths of the bars in centimetres, an array for each block."""
    found = [lines for lines in figure.axes[0].collections if lines.get_gid() == STRENGTH]
    return [np.array([np.ptp(segment[:, 0]) for segment in lines.get_segments()]) for lines in found]


def _bands(there):
    """Return slices of what is true without a gap."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], there, [False]]).astype(int)))
    return [slice(start, stop) for start, stop in edges.reshape(-1, 2)]
