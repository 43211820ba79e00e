"""A picture's pixels as squares: sums over other squares, and means around a pixel. Must not know ink.

All is float64 and plain arithmetic, so that the page's twin (`explorer/browser/hand/sampling.js`) comes to
the same numbers.
"""

import numpy as np

from convlens._typing import Array

__all__ = ["averaged", "between", "box_mean", "interpolated"]


def averaged(picture: Array, rows: Array, columns: Array) -> Array:
    """Return the mean of a picture over rectangles; what lies outside of the picture counts as 0.

    Args:
        picture: (H, W); pixel (i, j) is the square from (i, j) to (i + 1, j + 1).
        rows: ascending, (n + 1,), where the rectangles begin and end.
        columns: the same for the columns, (m + 1,).

    Returns:
        (n, m).
    """
    return _shares(rows, picture.shape[0]) @ picture @ _shares(columns, picture.shape[1]).T


def _shares(edges: Array, n: int) -> Array:
    """Return how much each of `n` pixels adds to the mean of each interval, (intervals, n)."""
    pixel = np.arange(n)
    start, stop = edges[:-1, None], edges[1:, None]
    overlap = np.minimum(stop, pixel + 1.0) - np.maximum(start, pixel)
    return np.maximum(overlap, 0.0) / (stop - start)


def between(n: int, parts: int) -> Array:
    """Return the edges of so many equal parts of a side of `n` pixels, (parts + 1,)."""
    return np.arange(parts + 1) * (n / parts)


def interpolated(cells: Array, height: int, width: int) -> Array:
    """Return a coarse picture at (height, width), linear between the middles of its cells."""
    return _weights(height, cells.shape[0]) @ cells @ _weights(width, cells.shape[1]).T


def _weights(n: int, cells: int) -> Array:
    """Return how much each cell counts for each of `n` pixels, (n, cells)."""
    place = np.clip((np.arange(n) + 0.5) * (cells / n) - 0.5, 0.0, cells - 1.0)
    return np.maximum(0.0, 1.0 - np.abs(place[:, None] - np.arange(cells)))


def box_mean(picture: Array, radius: int) -> Array:
    """Return the mean of `2 · radius + 1` squared pixels around each pixel, of those that lie inside."""
    return _run_mean(_run_mean(picture, radius).T, radius).T


def _run_mean(picture: Array, radius: int) -> Array:
    """Return the mean of the pixels above and below, from running sums: any radius costs the same."""
    n = len(picture)
    sums = np.concatenate([np.zeros((1, picture.shape[1])), np.cumsum(picture, axis=0)])
    start = np.maximum(np.arange(n) - radius, 0)
    stop = np.minimum(np.arange(n) + radius + 1, n)
    return np.asarray((sums[stop] - sums[start]) / (stop - start)[:, None])
