"""The gradient of the filters behind 2x2 max-pooling, for a first layer of many filters.

Must not know layers. A patch of one channel fills few lanes, many filters fill all of them. So lanes run over
filters, as in filters_dense.py, and each of a window's four members adds the derivatives of those filters
whose winner it was, zeros for the others: four times the multiply-adds of filters_sparse.py, all in lanes
that count.
"""

from collections.abc import Callable
from functools import cache

from convlens.kernels.layout import unflatten
from convlens.kernels.masking import add_columns, mask_rows
from convlens.kernels.runtime.compiler import entry, inner
from convlens.kernels.runtime.parallel import in_shares
from convlens.kernels.runtime.slots import give, take
from convlens.kernels.simd.vectors import fma_winner, loads, size, stores

__all__ = ["convolution_pooled"]


@inner
def pooled_sums(partial, k, x, xo, d, winner, o, grid, steps, sizes):
    """partial[k] += sum_{windows} sum_{members} (numbers of x's patch) (outer product) d where it won.

    For one tile. grid: (P, Q, row, F) of d and winner; steps: (step_y, step_x, row) of x; sizes: (tile,
    numbers, rows, lanes).
    """
    tile, numbers, rows, lanes = sizes
    P, Q, d_row, F = grid
    step_y, step_x, x_row = steps
    # In registers over all windows of a sample: the sums go to memory once a sample, not once a window.
    acc = loads(partial, k, 0, 1, tile, lanes)
    for i in range(P):
        xi, p = xo + 2 * i * step_y, o + i * d_row
        for _ in range(Q):
            below = xi + step_y
            # No branch on the winner: lanes are filters, and each has another one. `OFF` is none of the four.
            acc = fma_winner(acc, x, xi, 1, x_row, numbers, rows, d, winner, p, 0)
            acc = fma_winner(acc, x, xi + step_x, 1, x_row, numbers, rows, d, winner, p, 1)
            acc = fma_winner(acc, x, below, 1, x_row, numbers, rows, d, winner, p, 2)
            acc = fma_winner(acc, x, below + step_x, 1, x_row, numbers, rows, d, winner, p, 3)
            xi += 2 * step_x
            p += F
    stores(partial, k, 0, tile, acc)


@inner
def pooled_share(t, shares, x, d, flat, winner, slots, partial, db, n, is_first_piece,
                 reads, output, shape, sizes):  # fmt: skip
    """Do share t of `convolution_pooled`; sizes: (tile, numbers, rows, vectors, lanes)."""
    (x_size, patch, x_row, step_y, step_x), (d_size, origin, d_row, ld) = reads, output
    (KH, KC, F, P, Q), (tile, numbers, rows, cols, lanes) = shape, sizes
    RU, RS, block = len(rows), len(numbers), len(cols) * len(lanes)
    blocks, nu, ns = (F + block - 1) // block, (KH + RU - 1) // RU, (KC + RS - 1) // RS
    grid, steps = (P, Q, d_row, F), (step_y, step_x, x_row)
    sums, db, slot = partial[t], db[t], take(slots)
    if is_first_piece:
        sums[:] = 0
        db[:] = 0
    for m in range(t * n // shares, (t + 1) * n // shares):
        dy, a = d[(slot if flat.size else m) * d_size :], winner[m * d_size :]
        if flat.size:
            unflatten(flat, m * ld, dy, origin, d_row, (F, P, Q))
        mask_rows(dy, a, origin, grid, lanes)  # for db: the sums below ask for the winner themselves
        add_columns(dy, origin, grid, db, lanes)
        k = 0
        for q in range(blocks):
            # The last block begins earlier rather than read past the filters. It overlaps the one before, and
            # has sums of its own, so that nothing is added twice; the same holds for rows and numbers.
            f = origin + max(min(q * block, F - block), 0)
            for tu in range(nu):
                u = min(tu * RU, KH - RU)
                for ts in range(ns):
                    xo = m * x_size + patch + u * x_row + min(ts * RS, KC - RS)
                    pooled_sums(sums, k, x, xo, dy, a, f, grid, steps, (tile, numbers, rows, lanes))
                    k += len(tile) * len(lanes)
    give(slots, slot)


@cache
def convolution_pooled(RU: int, RS: int, V: int, L: int) -> Callable[..., None]:
    """Return the kernel for tiles of RU patch rows x RS numbers of each x V vectors of L filters."""
    SIZES = (size(RU * RS * V), size(RS), size(RU), size(V), size(L))

    @entry
    def backward(x, d, flat, winner, slots, partial, db, n, is_first_piece, reads, output, shape, shares):
        """partial[t][q][tu][ts] and db as in filters_dense.py.

        d is read from the rows of `flat`, if that is not empty (d then has room for one sample of each
        slot), and masked in place by `winner`. output: `OutputSizes`; shape: `ConvolutionSizes`.
        """
        given = (x, d, flat, winner, slots, partial, db, n, is_first_piece, reads, output, shape, SIZES)
        in_shares(pooled_share, shares, given)

    return backward
