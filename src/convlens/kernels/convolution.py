"""The forward convolution with bias, ReLU and 2x2 max-pooling in one pass. Must not know layers.

Also the gradient with respect to the input of a convolution with stride 1, which is a convolution of the
output's gradient with the filters upside down.

Sizes that both kernels take: source = (size, origin of the first patch, row, step_y, step_x) of x, target =
(size, origin, row, ld) of out and of flat, shape = (KH, KC, F, P, Q). A patch row has KC = KW*C numbers.
`flat`, if it is not empty, gets each sample
in the book's order too, in rows of ld numbers. `sizes` holds tuples whose lengths are constants: (all vectors
of the tile, positions side by side, vectors of filters, lanes).
"""

from collections.abc import Callable
from functools import cache

from convlens.kernels.compiler import entry, inner
from convlens.kernels.endings import pool_store, relu_store
from convlens.kernels.layout import flatten
from convlens.kernels.parts import in_parts
from convlens.kernels.simd import fma_outer, size, stores, zeros

__all__ = ["convolution", "convolution_pool"]


@inner
def plain_part(t, parts, x, w, bias, floor, out, flat, n, source, target, shape, sizes):
    """Do part t of `convolution`."""
    (x_size, first, row, step_y, step_x), (out_size, origin, out_row, ld) = source, target
    (KH, KC, F, P, Q), (tile, positions, cols, lanes) = shape, sizes
    RX, block = len(positions), len(cols) * len(lanes)
    blocks = (F + block - 1) // block
    for m in range(t * n // parts, (t + 1) * n // parts):
        for i in range(P):
            line = m * out_size + origin + i * out_row
            for jj in range(0, Q, RX):
                j = min(jj, Q - RX)
                xo = m * x_size + first + i * step_y + j * step_x
                for q in range(blocks):
                    acc = zeros(tile, lanes)
                    k = q * KH * KC * block
                    for u in range(KH):
                        for s in range(KC):
                            acc = fma_outer(acc, x, xo + u * row + s, step_x, 0, positions, 1, w, k)
                            k += block
                    f = max(min(q * block, F - block), 0)
                    relu_store(acc, bias, f, floor, out, line + j * F + f, F, cols)
            if block > F:
                stores(out, line + Q * F, 0, cols, zeros(cols, lanes))
        if flat.size:
            flatten(out, m * out_size + origin, out_row, flat, m * ld, (F, P, Q))


@cache
def convolution(RX: int, V: int, L: int) -> Callable[..., None]:
    """Return the kernel for tiles of RX positions x V vectors of L filters."""
    SIZES = (size(RX * V), size(RX), size(V), size(L))

    @entry
    def forward(x, w, bias, floor, out, flat, n, source, target, shape, parts):
        """out[m, i, j, f] = max(floor, sum_{u,s} x[m, i*sy + u, (j*sx)*C + s] * w[f, u, s] + bias[f]).

        s runs over the KW*C contiguous numbers of a patch row. w is in blocks (`pack_blocks`); the lanes
        past F of a single block spill onto the next position, which is written later; zeros end the row.
        """
        in_parts(plain_part, parts, (x, w, bias, floor, out, flat, n, source, target, shape, SIZES))

    return forward


@inner
def pool_part(t, parts, x, w, bias, floor, out, arg, flat, n, source, target, shape, sizes):
    """Do part t of `convolution_pool`."""
    (x_size, first, row, step_y, step_x), (out_size, origin, out_row, ld) = source, target
    (KH, KC, F, P, Q), (tile, positions, cols, lanes) = shape, sizes
    windows, block = len(positions) // 2, len(cols) * len(lanes)
    blocks = (F + block - 1) // block
    for m in range(t * n // parts, (t + 1) * n // parts):
        y, a = out[(t if flat.size else m) * out_size :], arg[m * out_size :]
        for i in range(P):
            line = origin + i * out_row
            for jj in range(0, Q, windows):
                j = min(jj, Q - windows)
                xo = m * x_size + first + 2 * (i * step_y + j * step_x)
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


@cache
def convolution_pool(RX: int, V: int, L: int) -> Callable[..., None]:
    """Return the kernel with pooling for tiles of 2 x RX positions x V vectors of L filters."""
    SIZES = (size(2 * RX * V), size(RX), size(V), size(L))

    @entry
    def forward(x, w, bias, floor, out, arg, flat, n, source, target, shape, parts):
        """out[m, i, j, f] = max(floor, max_{2x2 window} sum_{u,s} x * w + bias[f]); arg as in `pool_store`.

        P, Q count windows; all else is as in `convolution`. With `flat` nobody reads `out` again: then it has
        room for one sample of each part only.
        """
        in_parts(pool_part, parts, (x, w, bias, floor, out, arg, flat, n, source, target, shape, SIZES))

    return forward
