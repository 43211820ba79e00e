"""Gathering a batch: pictures by index, scaled to [0, 1], into a frame or a matrix.

Must not know data sets.
"""

from typing import Any

import numpy as np

from convlens.kernels.compiler import entry, inner
from convlens.kernels.parts import in_parts
from convlens.kernels.simd import load, splat, store, vmul

__all__ = ["gather"]


@inner
def gather_part(t, parts, images, index, scale, x, n, shape, target):
    """Do part t of `gather`."""
    C, H, W = shape
    size, origin, row = target
    scales = splat(scale, 4)
    for m in range(t * n // parts, (t + 1) * n // parts):
        for i in range(H):
            o, p = m * size + origin + i * row, (index[m] * C * H + i) * W
            if C == 1 and W >= 4:
                for j in range(0, W, 4):
                    k = min(j, W - 4)
                    store(x, o + k, vmul(load(images, p + k, 4), scales))
            else:
                for c in range(C):
                    for j in range(W):
                        x[o + j * C + c] = np.float32(images[p + c * H * W + j]) * scale


@entry
def gather(images: Any, index: Any, scale: Any, x: Any, n: int, shape: Any, target: Any, parts: int) -> None:
    """x[m, i, j, c] = scale * images[index[m], c, i, j] for m < n.

    Args:
        images: flat uint8 or float32, samples of (C, H, W).
        index: int64, which samples.
        scale: float32.
        x: the frame.
        n: the number of samples.
        shape: (C, H, W).
        target: (size, origin, row) of the frame. A matrix is a frame with C = H = 1.
        parts: into how many ranges of samples the work is split.

    With one channel whole vectors are copied; the last one of a row overlaps the one before it.
    """
    in_parts(gather_part, parts, (images, index, scale, x, n, shape, target))
