"""Gathering a batch: pictures by index, scaled to [0, 1], into a frame or a matrix.

Must not know data sets.
"""

from typing import Any

import numpy as np

from convlens.kernels.runtime.compiler import entry, inner
from convlens.kernels.runtime.parallel import in_shares
from convlens.kernels.shares import many
from convlens.kernels.simd.vectors import load, splat, store, vmul

__all__ = ["gather"]


@inner
def gather_share(t, shares, images, index, scale, x, n, shape, frame):
    """Do share t of `gather`."""
    C, H, W = shape
    size, origin, row = frame
    scales = splat(scale, 4)
    for m in range(t * n // shares, (t + 1) * n // shares):
        for i in range(H):
            o, p = m * size + origin + i * row, (index[m] * C * H + i) * W
            if C == 1 and W >= 4:  # 28 numbers are 7 vectors of 4, but 3.5 of 8
                for j in range(0, W, 4):
                    k = min(j, W - 4)
                    store(x, o + k, vmul(load(images, p + k, 4), scales))
            else:
                for c in range(C):
                    for j in range(W):
                        x[o + j * C + c] = np.float32(images[p + c * H * W + j]) * scale


@entry
def gather(images: Any, index: Any, scale: Any, x: Any, n: int, shape: Any, frame: Any, shares: int) -> None:
    """x[m, i, j, c] = scale * images[index[m], c, i, j] for m < n.

    Args:
        images: flat uint8 or float32, samples of (C, H, W).
        index: int64, which samples.
        scale: float32.
        x: the frame.
        n: the number of samples.
        shape: `Picture`.
        frame: `FrameSizes` of x. A matrix is a frame of pictures with C = H = 1.
        shares: into how many ranges of samples the work is split at most.

    With one channel whole vectors are copied; the last one of a row overlaps the one before it.
    """
    C, H, W = shape
    in_shares(gather_share, min(shares, many(n * C * H * W)), (images, index, scale, x, n, shape, frame))
