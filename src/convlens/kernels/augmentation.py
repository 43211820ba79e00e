"""Gathering a batch of pictures, each moved, turned and thickened as its row of numbers says.

Must not know where those numbers come from. `data/augmentation.py` computes the same in NumPy, to the bit.
"""

from typing import Any

import numpy as np

from convlens.kernels.runtime.compiler import entry, inner
from convlens.kernels.runtime.parallel import in_shares
from convlens.kernels.simd.sampling import mixed, store_between
from convlens.kernels.simd.vectors import load, splat, store, vmax, vmul

__all__ = ["MARGIN", "SHARES", "move", "plane_size"]

MARGIN = 3
"""Rows and columns of zeros around a picture in its plane: one before it, two behind."""

SHARES = 16
"""Into how many shares a batch is split at most; each has two planes."""


def plane_size(height: int, width: int) -> int:
    """Return the numbers of one plane, with a vector's slack."""
    return (height + MARGIN) * (width + MARGIN) + 16


@inner
def lay(images, p, plane, shape, lanes):
    """Copy a picture into the middle of a plane."""
    H, W = shape
    row = W + MARGIN
    for i in range(H):
        for j in range(0, W, len(lanes)):
            k = min(j, W - len(lanes))  # the last vector of a row overlaps the one before it
            store(plane, (i + 1) * row + 1 + k, load(images, p + i * W + k, lanes))


@inner
def most_of_three(plane, o, sign, lanes):
    """Return the largest of sign * plane[o - 1], sign * plane[o] and sign * plane[o + 1], lane by lane."""
    beside = vmax(vmul(sign, load(plane, o - 1, lanes)), vmul(sign, load(plane, o, lanes)))
    return vmax(beside, vmul(sign, load(plane, o + 1, lanes)))


@inner
def thicken(plane, thick, weight, of, shape, lanes):
    """thick = (plane * (256 - |weight|) + extreme * |weight|) / 256, rounded as pixels of the array `of`.

    The extreme of the nine pixels around: the largest where weight > 0, the smallest where it is not.
    """
    H, W = shape
    row, sign = W + MARGIN, splat(np.float32(1 if weight > 0 else -1), lanes)
    for j in range(0, W, len(lanes)):
        o = min(j, W - len(lanes)) + 1
        above = below = splat(np.float32(0), lanes)
        beside = most_of_three(plane, o + row, sign, lanes)
        for _ in range(H):
            o += row
            below = most_of_three(plane, o + row, sign, lanes)
            most = vmul(sign, vmax(vmax(above, beside), below))
            store(thick, o, mixed(load(plane, o, lanes), most, abs(weight), of, lanes))
            above, beside = beside, below


@inner
def resample(plane, rows, r, out, o, shape, lanes):
    """out[o + i*W + j] = what the plane holds at the place that row r says for (i, j)."""
    H, W = shape
    right, down = (rows[r + 4], rows[r + 1]), (rows[r + 3], rows[r])
    for i in range(H):
        for j in range(0, W, len(lanes)):
            k = min(j, W - len(lanes))
            y = rows[r + 5] + i * down[0] + k * right[0]
            x = rows[r + 2] + i * down[1] + k * right[1]
            store_between(plane, (y, x), right, shape, W + MARGIN, out, o + i * W + k, lanes)


@inner
def move_share(t, shares, images, index, rows, planes, out, n, shape, lanes):
    """Do share t of `move`."""
    C, H, W = shape
    size = planes.size // (2 * SHARES)
    plain, thick = planes[2 * t * size : (2 * t + 1) * size], planes[(2 * t + 1) * size : (2 * t + 2) * size]
    for m in range(t * n // shares, (t + 1) * n // shares):
        r = index[m] * 7
        for c in range(C):
            lay(images, (index[m] * C + c) * H * W, plain, (H, W), lanes)
            if rows[r + 6] != 0:
                thicken(plain, thick, rows[r + 6], images, (H, W), lanes)
                resample(thick, rows, r, out, (m * C + c) * H * W, (H, W), lanes)
            else:
                resample(plain, rows, r, out, (m * C + c) * H * W, (H, W), lanes)


@entry
def move(images: Any, index: Any, rows: Any, planes: Any, out: Any, n: int, shape: Any, lanes: Any) -> None:
    """out[m] = images[index[m]], moved as the row of that number says, for m < n.

    Args:
        images: flat uint8 or float32, samples of (C, H, W).
        index: int64, which samples.
        rows: flat int64, seven numbers a sample: see `data/augmentation.py`.
        planes: float32 zeros, two planes a share; what lies around the pictures stays zero.
        out: flat, of the dtype of `images`.
        n: the number of samples.
        shape: (C, H, W).
        lanes: a tuple whose length is that of a vector, at most W.
    """
    in_shares(move_share, min(n, SHARES), (images, index, rows, planes, out, n, shape, lanes))
