"""The forward convolution with bias, ReLU and 2x2 max-pooling in one pass. Must not know layers.

Also the gradient with respect to the input of a convolution with stride 1, which is a convolution of the
output's gradient with the filters upside down.

`reads`, `output` and `shape` are `Reads`, `OutputSizes` and `ConvolutionSizes` of `kernels/sizes.py`. `sizes`
holds tuples whose lengths are constants: (all vectors of the tile, positions side by side, vectors of
filters, lanes).
"""

from collections.abc import Callable
from functools import cache

from convlens.kernels.layout import flatten
from convlens.kernels.runtime.compiler import entry, inner
from convlens.kernels.runtime.parallel import in_shares
from convlens.kernels.runtime.slots import give, take
from convlens.kernels.simd.epilogues import pool_store, relu_store
from convlens.kernels.simd.vectors import fma_outer, size, stores, zeros

__all__ = ["convolution", "convolution_pool"]


@inner
def plain_share(t, shares, x, w, bias, floor, out, flat, n, reads, output, shape, sizes):
    """Do share t of `convolution`."""
    (x_size, patch, row, step_y, step_x), (out_size, origin, out_row, ld) = reads, output
    (KH, KC, F, P, Q), (tile, positions, cols, lanes) = shape, sizes
    RX, block = len(positions), len(cols) * len(lanes)
    blocks = (F + block - 1) // block
    for m in range(t * n // shares, (t + 1) * n // shares):
        for i in range(P):
            line = m * out_size + origin + i * out_row
            for jj in range(0, Q, RX):
                j = min(jj, Q - RX)  # the last tile of a row overlaps the one before it
                xo = m * x_size + patch + i * step_y + j * step_x
                for q in range(blocks):
                    acc = zeros(tile, lanes)
                    k = q * KH * KC * block
                    for u in range(KH):
                        for s in range(KC):
                            acc = fma_outer(acc, x, xo + u * row + s, step_x, 0, positions, 1, w, k)
                            k += block
                    f = max(min(q * block, F - block), 0)
                    relu_store(acc, bias, f, floor, out, line + j * F + f, F, cols)
            if block > F:  # the last position's spare lanes lie in the border, which must hold zeros
                stores(out, line + Q * F, 0, cols, zeros(cols, lanes))
        if flat.size:  # at once, while the sample is in the cache
            flatten(out, m * out_size + origin, out_row, flat, m * ld, (F, P, Q))


@cache
def convolution(RX: int, V: int, L: int) -> Callable[..., None]:
    """Return the kernel for tiles of RX positions x V vectors of L filters."""
    SIZES = (size(RX * V), size(RX), size(V), size(L))

    @entry
    def forward(x, w, bias, floor, out, flat, n, reads, output, shape, shares):
        """out[m, i, j, f] = max(floor, sum_{u,s} x[m, i*sy + u, (j*sx)*C + s] * w[f, u, s] + bias[f]).

        s runs over the KC contiguous numbers of a patch row. w is in blocks (`pack_blocks`); the lanes
        past F of a single block spill onto the next position, which is written later; zeros end the row.
        """
        in_shares(plain_share, min(n, shares), (x, w, bias, floor, out, flat, n, reads, output, shape, SIZES))

    return forward


@inner
def pool_share(t, shares, x, w, bias, floor, out, winner, flat, slots, n, reads, output, shape, sizes):
    """Do share t of `convolution_pool`."""
    (x_size, patch, row, step_y, step_x), (out_size, origin, out_row, ld) = reads, output
    (KH, KC, F, P, Q), (tile, positions, cols, lanes) = shape, sizes
    windows, block = len(positions) // 2, len(cols) * len(lanes)
    blocks, slot = (F + block - 1) // block, take(slots)
    for m in range(t * n // shares, (t + 1) * n // shares):
        # Winners of all samples are kept, for the backward pass.
        y, a = out[(slot if flat.size else m) * out_size :], winner[m * out_size :]
        for i in range(P):
            line = origin + i * out_row
            for jj in range(0, Q, windows):
                j = min(jj, Q - windows)
                xo = m * x_size + patch + 2 * (i * step_y + j * step_x)
                for q in range(blocks):
                    acc = zeros(tile, lanes)
                    k = q * KH * KC * block
                    for u in range(KH):
                        for s in range(KC):
                            acc = fma_outer(acc, x, xo + u * row + s, step_x, step_y, positions, 2, w, k)
                            k += block
                    f = max(min(q * block, F - block), 0)
                    pool_store(acc, positions, bias, f, floor, y, a, line + j * F + f, F)
            if block > F:
                stores(y, line + Q * F, 0, cols, zeros(cols, lanes))
        if flat.size:
            flatten(y, origin, out_row, flat, m * ld, (F, P, Q))
    give(slots, slot)


@cache
def convolution_pool(RX: int, V: int, L: int) -> Callable[..., None]:
    """Return the kernel with pooling for tiles of 2 x RX positions x V vectors of L filters."""
    SIZES = (size(2 * RX * V), size(RX), size(V), size(L))

    @entry
    def forward(x, w, bias, floor, out, winner, flat, slots, n, reads, output, shape, shares):
        """out[m, i, j, f] = max(floor, max_{2x2 window} sum_{u,s} x * w + bias[f]); winner: `pool_store`.

        P, Q count windows; all else is as in `convolution`. With `flat` nobody reads `out` again: then it has
        room for one sample of each slot only.
        """
        given = (x, w, bias, floor, out, winner, flat, slots, n, reads, output, shape, SIZES)
        in_shares(pool_share, min(n, shares), given)

    return forward
