"""From strokes to the picture that a network receives: what `browser/picture.js` does, in Python.

Strokes are points. Their box is fitted into MNIST's 20 x 20 pixels and the ink's centre of mass into the
middle; then they are inked, with one pen, whatever size they were drawn in. Must not know networks.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from convlens._typing import Array

__all__ = ["FINE", "PEN", "Placed", "Stroke", "fitted", "inked", "picture"]

FINE = 6
"""Dots a pixel, along each side, of the raster on which strokes are inked."""

PEN = 1.35
"""The pen's radius in pixels of a 28 x 28 picture: MNIST's own strokes are 2 to 4 pixels wide."""

_SIDE = 28
_COVER = 3.0
_BOX = 20.0
_DOT = 1.0
_SOFT = 0.6 * FINE


class Stroke(NamedTuple):
    """A line of the pen, or of what covers a part of the picture.

    Attributes:
        points: (n, 2), x and y from 0 to 255 across the pad.
        cover: whether it hides what lies under it.
    """

    points: Array
    cover: bool = False


class Placed(NamedTuple):
    """Where a drawing goes: pixel = scale · place on the pad + (x, y)."""

    scale: float
    x: float
    y: float


_PLAIN = Placed(1.0, 0.0, 0.0)


def picture(strokes: Sequence[Stroke], height: int, width: int, *, centred: bool = True) -> Array:
    """Return a drawing as the network receives it.

    Args:
        strokes: in any order.
        height: of the picture, in pixels.
        width: the same.
        centred: as MNIST was made, by box and centre of mass; False to leave it where it was drawn.

    Returns:
        float32 (height, width), 0 for paper and 1 for ink.
    """
    drawn = [stroke for stroke in strokes if not stroke.cover and len(stroke.points)]
    place = fitted(drawn, height, width) if centred and drawn else _PLAIN
    ink = inked(drawn, height, width, place)
    cover = inked([stroke for stroke in strokes if stroke.cover], height, width, place)
    seen = ink * (1 - cover)
    dots = seen.reshape(height, FINE, width, FINE).astype(np.float64)
    return np.asarray(dots.mean(axis=(1, 3)), np.float32)


def fitted(strokes: Sequence[Stroke], height: int, width: int) -> Placed:
    """Return where ink goes: into 20 pixels, the pen's width with it, its centre of mass in the middle."""
    unit = min(height, width) / _SIDE
    size = np.array([width, height])
    points = np.concatenate([stroke.points for stroke in strokes]) / 255 * size
    low, high = points.min(axis=0), points.max(axis=0)
    longest = float((high - low).max())
    scale = 1.0 if longest < _DOT * unit else (_BOX - 2 * PEN) * unit / longest
    first = size / 2 - scale * (low + high) / 2
    ink = inked(strokes, height, width, Placed(scale, *first)).astype(np.float64)
    rows, columns = np.mgrid[: ink.shape[0], : ink.shape[1]] + 0.5
    mass = np.array([(ink * columns).sum(), (ink * rows).sum()]) / ink.sum() / FINE
    x, y = first + size / 2 - mass
    return Placed(scale, float(x), float(y))


def inked(strokes: Sequence[Stroke], height: int, width: int, place: Placed = _PLAIN) -> Array:
    """Return strokes on the fine raster: ink with the pen as it is, covers as wide as what they cover.

    Returns:
        float32 (height · FINE, width · FINE), 0 to 1.
    """
    dots = np.zeros((height * FINE, width * FINE), np.float32)
    unit = min(height, width) / _SIDE
    for stroke in strokes:
        at = (place.scale * (stroke.points / 255 * (width, height)) + (place.x, place.y)) * FINE
        radius = (_COVER * place.scale if stroke.cover else PEN) * unit * FINE
        for i in range(len(at)):
            _stamp(dots, at[max(i - 1, 0)], at[i], radius)
    return dots


def _stamp(dots: Array, start: Array, end: Array, radius: float) -> None:
    """Lay a round brush along a line; what is darker stays."""
    reach = radius + _SOFT
    left, top = np.maximum(0, np.floor(np.minimum(start, end) - reach)).astype(int)
    right, bottom = np.ceil(np.maximum(start, end) + reach).astype(int) + 1
    part = dots[top : max(bottom, 0), left : max(right, 0)]
    rows, columns = np.mgrid[top : top + part.shape[0], left : left + part.shape[1]] + 0.5
    dx, dy = end - start
    along = np.clip(((columns - start[0]) * dx + (rows - start[1]) * dy) / (dx * dx + dy * dy or 1), 0, 1)
    far = np.hypot(columns - start[0] - along * dx, rows - start[1] - along * dy)
    np.maximum(part, np.clip((radius - far) / _SOFT + 0.5, 0, 1).astype(np.float32), out=part)
