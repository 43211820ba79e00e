"""The forward convolution for few filters of one channel, with 2x2 max-pooling. Must not know layers.

Six filters fill six of sixteen lanes. Here lanes run over the columns of the picture, where all are used: a
tile is two rows of L neighbouring positions x B filters, and pooling makes L/2 windows of it.
"""

from collections.abc import Callable
from functools import cache

from convlens.kernels.layout import flatten
from convlens.kernels.runtime.compiler import entry, inner
from convlens.kernels.runtime.parallel import in_shares
from convlens.kernels.runtime.slots import give, take
from convlens.kernels.simd.epilogues import pool_columns_store
from convlens.kernels.simd.vectors import fma_outer, size, stores, zeros

__all__ = ["convolution_columns"]


@inner
def columns_share(t, shares, x, w, bias, floor, out, winner, flat, slots, n, reads, output, shape, sizes):
    """Do share t of `convolution_columns`; sizes: (filters, lanes)."""
    (x_size, patch, row, _, _), (out_size, origin, out_row, ld) = reads, output
    (KH, KC, F, P, Q), (filters, lanes) = shape, sizes
    windows, slot = len(lanes) // 2, take(slots)
    for m in range(t * n // shares, (t + 1) * n // shares):
        y, a = out[(slot if flat.size else m) * out_size :], winner[m * out_size :]
        for i in range(P):
            line = origin + i * out_row
            for jj in range(0, Q, windows):
                j = min(jj, Q - windows)
                top, bottom = zeros(filters, lanes), zeros(filters, lanes)
                xo, k = m * x_size + patch + 2 * (i * row + j), 0
                for u in range(KH):
                    for s in range(KC):
                        o = xo + u * row + s
                        # Here the picture's columns are the vector and the filters' weights the scalars.
                        top = fma_outer(top, w, k, 1, 0, filters, 1, x, o)
                        bottom = fma_outer(bottom, w, k, 1, 0, filters, 1, x, o + row)
                        k += len(filters)
                pool_columns_store(top, bottom, bias, floor, y, a, line + j * F, F)
            stores(y, line + Q * F, 0, 1, zeros(1, lanes))  # the last window's spare lanes: a border of zeros
        if flat.size:
            flatten(y, origin, out_row, flat, m * ld, (F, P, Q))
    give(slots, slot)


@cache
def convolution_columns(B: int, L: int) -> Callable[..., None]:
    """Return the kernel for blocks of B filters x two rows of L positions.

    Takes what `convolution_pool` takes (see forward.py).
    """
    SIZES = (size(B), size(L))

    @entry
    def forward(x, w, bias, floor, out, winner, flat, slots, n, reads, output, shape, shares):
        """out[m, i, j, f] = max(floor, max_{2x2 window} sum_{u,s} x * w + bias[f]); winner: `pool_store`.

        One channel, a stride of one. The lanes past F of a window spill onto the next one.
        """
        given = (x, w, bias, floor, out, winner, flat, slots, n, reads, output, shape, SIZES)
        in_shares(columns_share, min(n, shares), given)

    return forward
