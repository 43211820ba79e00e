"""The gradient of the filters where most outputs have one: convolutions without pooling.

Must not know layers. A register tile holds the gradient of some numbers of a patch by some filters while all
positions of a sample add to it: the outer product of a patch and a position's derivatives.
"""

from collections.abc import Callable
from functools import cache

from convlens.kernels.layout import unflatten
from convlens.kernels.masking import add_columns, mask_span
from convlens.kernels.runtime.compiler import entry, inner
from convlens.kernels.runtime.parallel import in_shares
from convlens.kernels.simd.vectors import fma_outer, loads, size, stores

__all__ = ["convolution_dense"]


@inner
def tile_sums(partial, k, x, xo, d, o, grid, steps, sizes):
    """partial[k] += sum_{i,j} (numbers of x's patch) (outer product) d[i, j] for one tile, in registers.

    grid: (P, Q, row, F) of d; steps: (step_y, step_x, row) of x; sizes: (tile, numbers, rows, lanes).
    """
    tile, numbers, rows, lanes = sizes
    P, Q, d_row, F = grid
    step_y, step_x, x_row = steps
    acc = loads(partial, k, 0, 1, tile, lanes)
    for i in range(P):
        xi, p = xo + i * step_y, o + i * d_row
        for _ in range(Q):
            acc = fma_outer(acc, x, xi, 1, x_row, numbers, rows, d, p)
            xi += step_x
            p += F
    stores(partial, k, 0, tile, acc)


@inner
def dense_share(t, shares, x, d, flat, mask, partial, db, n, is_first_piece, reads, output, shape, sizes):
    """Do share t of `convolution_dense`; sizes: (tile, numbers, rows, vectors, lanes)."""
    (x_size, patch, x_row, step_y, step_x), (d_size, origin, d_row, ld, mask_size) = reads, output
    (KH, KC, F, P, Q), (tile, numbers, rows, cols, lanes) = shape, sizes
    RU, RS, block = len(rows), len(numbers), len(cols) * len(lanes)
    blocks, nu, ns = (F + block - 1) // block, (KH + RU - 1) // RU, (KC + RS - 1) // RS
    grid, steps = (P, Q, d_row, F), (step_y, step_x, x_row)
    sums, db = partial[t], db[t]
    if is_first_piece:
        sums[:] = 0
        db[:] = 0
    for m in range(t * n // shares, (t + 1) * n // shares):
        o = m * d_size + origin
        if flat.size:
            unflatten(flat, m * ld, d, o, d_row, (F, P, Q))
        if mask.size:
            # The border too: dx is a convolution of d, which reads zeros there.
            mask_span(d, m * d_size, mask, m * mask_size, d_size - len(lanes), lanes)
            add_columns(d, o, grid, db, lanes)
        k = 0
        for q in range(blocks):
            f = max(min(q * block, F - block), 0)
            for tu in range(nu):
                u = min(tu * RU, KH - RU)
                for ts in range(ns):
                    xo = m * x_size + patch + u * x_row + min(ts * RS, KC - RS)
                    tile_sums(sums, k, x, xo, d, o + f, grid, steps, (tile, numbers, rows, lanes))
                    k += len(tile) * len(lanes)


@cache
def convolution_dense(RU: int, RS: int, V: int, L: int) -> Callable[..., None]:
    """Return the kernel for tiles of RU patch rows x RS numbers of each x V vectors of L filters."""
    SIZES = (size(RU * RS * V), size(RS), size(RU), size(V), size(L))

    @entry
    def backward(x, d, flat, mask, partial, db, n, is_first_piece, reads, output, shape, shares):
        """partial[t][q][tu][ts] += sum_m sum_{i,j} (patch of x) (outer product) d[m, i, j, block q].

        d is read from the rows of `flat`, if that is not empty, and masked, its border included (`mask`
        holds zeros there), and db[t, f] += sum d; an empty mask says that its border and those sums are 0
        already. In the first piece all sums start at 0. Lanes past F hold sums that mean nothing, and are not
        read. output: `MaskedSizes`; shape: `ConvolutionSizes`.
        """
        given = (x, d, flat, mask, partial, db, n, is_first_piece, reads, output, shape, SIZES)
        in_shares(dense_share, shares, given)

    return backward
