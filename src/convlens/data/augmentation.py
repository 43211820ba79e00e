"""Pictures varied anew for each epoch: moved, turned, scaled, slanted, thicker or thinner, mirrored.

What happens to a picture follows from (seed, epoch, number of the sample) alone, so a resumed run sees the
pictures that it would have seen. First the numbers are drawn, one row a picture; then the pictures are read
where the rows say, between pixels, with zeros outside. `kernels/augmentation.py` does the second part faster;
this is what it does, to the bit. Must not know networks.
"""

from collections.abc import Mapping
from functools import reduce
from typing import Annotated, Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlens.arguments import Whole, Within, as_annotated, listed
from convlens.arrays import as_array
from convlens.errors import ShapeError, UsageError, did_you_mean, shown
from convlens.streams import stream

__all__ = ["TRANSFORMS", "Transform", "augmented", "drawn_rows", "moved", "rows_for", "strengths"]

ONE = 1 << 16
"""A pixel's side in a row; what lies between two pixels is told apart in 1/256."""

_HALF = 128  # of 1/256 of a pixel, so that a place is rounded and not cut off

FIELDS = 7
"""Numbers of a row: x by row and by column, x of the first pixel; the same of y; how much thicker."""


class Transform(NamedTuple):
    """One way in which pictures are varied; each picture gets a strength from -s to s (of `flip`: a chance).

    Attributes:
        usual: the strength where none is given.
        most: the largest.
        unit: of the strength.
    """

    usual: float
    most: float
    unit: str


TRANSFORMS: dict[str, Transform] = {
    "shift": Transform(2, 100, "pixels"),
    "rotate": Transform(15, 180, "degrees"),
    "scale": Transform(0.2, 0.5, "a share"),
    "shear": Transform(0.2, 1, "pixels a row"),
    "stroke": Transform(1, 2, "pixels"),
    "flip": Transform(0.5, 1, "a share of the pictures, mirrored left to right"),
}
"""Every one by name, in the order in which they are said. What they are worth: docs/lab-log.md."""

_BLOCK = 4096
"""Samples whose rows are made together: what is computed on the way stays in the cache."""

_RULE = "names of transforms, or their strengths by name, such as {'shift': 2, 'rotate': 15}"


def strengths(given: Any, owner: str) -> dict[str, float]:  # noqa: ANN401
    """Return strengths by name, in the table's order; those of 0, which change nothing, are left out.

    Args:
        given: a name, several names, or strengths by name (None: as usual); None for nothing.
        owner: whose `augment` it is, for messages.

    Raises:
        UsageError: there is no such transform, or a strength is out of range.

    >>> strengths({"rotate": None, "shift": 3}, "a run")
    {'shift': 3, 'rotate': 15}
    """
    found = _by_name(given, owner)
    for name in found:
        if not isinstance(name, str) or name not in TRANSFORMS:
            known, near = ", ".join(TRANSFORMS), did_you_mean(name, TRANSFORMS)
            raise UsageError(f"`augment` of {owner} knows {known}. Got {shown(name)}.{near}")
    checked = {name: _strength(name, found[name]) for name in TRANSFORMS if name in found}
    return {name: strength for name, strength in checked.items() if strength}


def _by_name(given: Any, owner: str) -> dict[Any, Any]:  # noqa: ANN401
    """Return what was given as a dict, None where nothing is said of a strength."""
    if given is None or isinstance(given, Mapping):
        return dict(given or {})
    names = [given] if isinstance(given, str) else listed(given)
    if names is None or not all(isinstance(name, str) for name in names):
        raise UsageError(f"`augment` of {owner} must be {_RULE}. Got {shown(given)}.")
    return dict.fromkeys(names)


def _strength(name: str, value: Any) -> float:  # noqa: ANN401
    """Return a strength, which must be within its transform's range."""
    row = TRANSFORMS[name]
    if value is None:
        return row.usual
    is_number = isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)
    if not is_number or not 0 <= value <= row.most:
        raise UsageError(f"`{name}` of `augment` must be 0 to {row.most:g} ({row.unit}). Got {shown(value)}.")
    return int(value) if value == int(value) else float(value)


@as_annotated
def augmented(
    pictures: ArrayLike, augment: Any, *, seed: Annotated[int, Within(0)] = 0, epoch: Whole = 0,  # noqa: ANN401
) -> NDArray[Any]:  # fmt: skip
    """Return pictures as a training sees them in one epoch.

    Args:
        pictures: all training pictures, (N, C, H, W); outside of them all is 0.
        augment: names of transforms, or strengths by name, as `Trainer` takes them.
        seed: the training's.
        epoch: counted from 0.

    Returns:
        a new array of the same shape: uint8 of uint8, else float32.

    Raises:
        ShapeError: the pictures have other axes.
        UsageError: there is no such transform, or a strength is out of range.
    """
    found = strengths(augment, "augmented")
    x = as_array("`pictures` of augmented", pictures)
    if x.ndim != 4 or x.dtype.kind not in "biuf":
        got = f"{x.dtype} {x.shape}"
        raise ShapeError(f"`pictures` of augmented must be numbers of shape (N, C, H, W). Got {got}.")
    return moved(x, drawn_rows(found, seed, epoch, len(x), x.shape[2:]))


def drawn_rows(
    augment: Mapping[str, float], seed: int, epoch: int, count: int, size: tuple[int, ...]
) -> NDArray[np.int64]:
    """Return for each of the first `count` samples what happens to it in an epoch, (count, FIELDS).

    A row is the same whatever `count` is, and what one transform draws does not depend on the others.

    Args:
        augment: as `strengths` returns them.
        seed: the training's, 0 or more.
        epoch: counted from 0.
        count: of samples.
        size: (height, width).
    """
    drawn = {name: stream(seed, "augmentation", name, epoch).random((count, 2)) for name in augment}
    rows = np.empty((count, FIELDS), np.int64)
    for start in range(0, count, _BLOCK):
        block = rows[start : start + _BLOCK]
        some = {name: numbers[start : start + len(block)] for name, numbers in drawn.items()}
        block[...] = _rows(len(block), augment, some, size)
    return rows


def _rows(
    count: int, augment: Mapping[str, float], drawn: Mapping[str, NDArray[np.float64]], size: tuple[int, ...]
) -> NDArray[np.int64]:
    """Return rows for what was drawn: two numbers a sample from 0 to 1, for each transform."""
    signed = {name: augment[name] * (2 * numbers.T - 1) for name, numbers in drawn.items()}
    nothing = np.zeros((2, 1))
    return rows_for(
        count,
        size,
        shift=signed.get("shift", nothing),
        turn=signed.get("rotate", nothing)[0],
        scale=1 + signed.get("scale", nothing)[0],
        shear=signed.get("shear", nothing)[0],
        stroke=signed.get("stroke", nothing)[0],
        flip=drawn["flip"][:, 0] < augment["flip"] if "flip" in drawn else False,
    )


def rows_for(
    count: int, size: tuple[int, ...], *, shift: ArrayLike = (0, 0), turn: ArrayLike = 0,
    scale: ArrayLike = 1, shear: ArrayLike = 0, stroke: ArrayLike = 0, flip: ArrayLike = False,
) -> NDArray[np.int64]:  # fmt: skip
    """Return rows that do this to `count` pictures; each argument is one number, or one a picture.

    A picture is mirrored, then slanted, turned and scaled around its middle, then shifted. A row says the
    opposite way: from each place of the new picture to where it comes from in the old one.

    Args:
        count: of pictures.
        size: (height, width).
        shift: (down, right), in pixels.
        turn: clockwise, in degrees.
        scale: above 0.
        shear: pixels to the left, for each row further down.
        stroke: how much thicker bright strokes become, -2 to 2 pixels.
        flip: left to right.
    """
    (height, width), (down, right) = size, np.asarray(shift, np.float64)
    angle, factor, slant = np.radians(turn), np.asarray(scale, np.float64), np.asarray(shear, np.float64)
    cos, sin = np.cos(angle) / factor, np.sin(angle) / factor
    by_column = np.rint(ONE * (cos - slant * sin)), np.rint(-ONE * sin)
    by_row = np.rint(ONE * (sin + slant * cos)), np.rint(ONE * cos)
    middle, rows = ((width - 1) / 2, (height - 1) / 2), np.zeros((count, FIELDS), np.int64)
    for axis in (0, 1):  # x, y
        start = ONE * middle[axis] - by_column[axis] * (middle[0] + right) - by_row[axis] * (middle[1] + down)
        for field, value in enumerate((by_row[axis], by_column[axis], np.rint(start))):
            rows[:, 3 * axis + field] = value
    mirrored = np.broadcast_to(flip, count)
    if mirrored.any():
        rows[mirrored, :3] *= -1
        rows[mirrored, 2] += ONE * (width - 1)
    rows[:, [2, 5]] += _HALF
    rows[:, 6] = np.rint(_HALF * np.asarray(stroke, np.float64))
    return rows


def moved(pictures: NDArray[Any], rows: NDArray[np.int64]) -> NDArray[Any]:
    """Return pictures (N, C, H, W) as their rows say: uint8 of uint8, else float32.

    Each new pixel is the mean of the four pixels around the place that it comes from, by their nearness.
    """
    N, C, H, W = pictures.shape
    pictures = pictures if pictures.dtype == np.uint8 else pictures.astype(np.float32)
    plane = _thickened(np.pad(pictures, ((0, 0), (0, 0), (1, 2), (1, 2))), rows[:, 6])
    i, j = np.arange(H)[:, None], np.arange(W)
    by_i, by_j, start = (rows[:, [field, field + 3], None, None] for field in range(3))
    places = by_i * i + by_j * j + start  # (N, 2, H, W): x and y of each new pixel, in 1/65536 pixel
    x, y = (np.clip(places[:, axis], -ONE, side * ONE) for axis, side in enumerate((W, H)))
    first = (np.arange(N * C) * plane[0, 0].size).reshape(N, C, 1, 1)  # of each plane, in memory
    corner = first + (((y >> 16) + 1) * plane.shape[3] + (x >> 16) + 1)[:, None]
    right, down = ((axis >> 8 & 255)[:, None] for axis in (x, y))
    total = np.zeros((N, C, H, W))
    for row, column in ((0, 0), (0, 1), (1, 0), (1, 1)):
        weight = (down if row else 256 - down) * (right if column else 256 - right)
        total += weight * plane.take(corner + row * plane.shape[3] + column)
    return _shared(total, ONE, plane.dtype)


def _shared(total: NDArray[np.float64], parts: int, dtype: np.dtype[Any]) -> NDArray[Any]:
    """Return total / parts: of bytes to the nearest one."""
    return ((total + parts / 2) // parts if dtype == np.uint8 else total / parts).astype(dtype)


def _thickened(plane: NDArray[Any], weights: NDArray[np.int64]) -> NDArray[Any]:
    """Return each picture mixed with the largest of the nine pixels around each, or the smallest.

    As a stroke is brighter than what is around it, it grows, or shrinks, by the weight's share of a pixel on
    each side.
    """
    if not weights.any():
        return plane
    is_thicker, share = (weights > 0)[:, None, None, None], abs(weights)[:, None, None, None]
    height, width = plane.shape[2] - 3, plane.shape[3] - 3
    around = [plane[:, :, y : y + height, x : x + width] for y in range(3) for x in range(3)]
    extreme = np.where(is_thicker, reduce(np.maximum, around), reduce(np.minimum, around))
    total = around[4] * (256.0 - share) + extreme * share.astype(np.float64)
    thickened = np.zeros_like(plane)
    thickened[:, :, 1:-2, 1:-2] = _shared(total, 256, plane.dtype)
    return thickened
