"""Between channels-last frames and the book's channel-major vectors. Must not know layers."""

from typing import Any

from convlens.kernels.runtime.compiler import entry, inner
from convlens.kernels.runtime.parallel import in_shares
from convlens.kernels.simd.vectors import loads, size, stores, transposed

__all__ = ["flatten", "to_channel_major", "to_channels_last", "transpose", "unflatten"]

BLOCK = 8  # a vector of 8 is what every processor has, alone or as two of 4
TILE, ONE, LANES = size(BLOCK), size(1), size(BLOCK)


@inner
def transpose(x: Any, xo: int, x_row: int, y: Any, yo: int, y_row: int, rows: int, cols: int) -> None:
    """y[j, i] = x[i, j] for i < rows, j < cols, in blocks of 8 x 8 in registers.

    The last block of each direction overlaps the one before; fewer than 8 rows or columns go one by one.
    """
    if rows < BLOCK or cols < BLOCK:
        for i in range(rows):
            for j in range(cols):
                y[yo + j * y_row + i] = x[xo + i * x_row + j]
        return
    for i0 in range(0, rows, BLOCK):
        i = min(i0, rows - BLOCK)
        for j0 in range(0, cols, BLOCK):
            j = min(j0, cols - BLOCK)
            block = transposed(loads(x, xo + i * x_row + j, x_row, TILE, ONE, LANES))
            stores(y, yo + j * y_row + i, y_row, ONE, block)


@inner
def flatten(x: Any, xo: int, row: int, y: Any, yo: int, shape: Any) -> None:
    """y[c, i, j] = x[i, j, c] for one sample: from a frame with its interior at xo to a row of a matrix.

    shape: `Picture`. Rows without a border between them are transposed as one.
    """
    C, H, W = shape
    if row == W * C:
        transpose(x, xo, C, y, yo, H * W, H * W, C)
    else:
        for i in range(H):
            transpose(x, xo + i * row, C, y, yo + i * W, H * W, W, C)


@inner
def unflatten(y: Any, yo: int, x: Any, xo: int, row: int, shape: Any) -> None:
    """x[i, j, c] = y[c, i, j] for one sample: the way back."""
    C, H, W = shape
    if row == W * C:
        transpose(y, yo, H * W, x, xo, C, C, H * W)
    else:
        for i in range(H):
            transpose(y, yo + i * W, H * W, x, xo + i * row, C, C, W)


@inner
def flatten_share(t, shares, x, y, n, frame, ld, shape):
    """Do share t of `to_channel_major`."""
    size_, origin, row = frame
    for m in range(t * n // shares, (t + 1) * n // shares):
        flatten(x, m * size_ + origin, row, y, m * ld, shape)


@entry
def to_channel_major(x: Any, y: Any, n: int, frame: Any, ld: int, shape: Any, shares: int) -> None:
    """`flatten` for a batch; frame: `FrameSizes` of x; ld: numbers in a row of the matrix y."""
    in_shares(flatten_share, min(n, shares), (x, y, n, frame, ld, shape))


@inner
def unflatten_share(t, shares, y, x, n, frame, ld, shape):
    """Do share t of `to_channels_last`."""
    size_, origin, row = frame
    for m in range(t * n // shares, (t + 1) * n // shares):
        unflatten(y, m * ld, x, m * size_ + origin, row, shape)


@entry
def to_channels_last(y: Any, x: Any, n: int, frame: Any, ld: int, shape: Any, shares: int) -> None:
    """`unflatten` for a batch."""
    in_shares(unflatten_share, min(n, shares), (y, x, n, frame, ld, shape))
