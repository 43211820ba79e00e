"""The gradient of the filters behind 2x2 max-pooling, for a first layer of many filters.

Must not know layers. A patch of one channel fills few lanes, many filters fill all of them. So lanes run over
filters, as in dense.py, and each of a window's four members adds the derivatives of those filters whose
maximum it was, zeros for the others: four times the multiply-adds of sparse.py, all in lanes that count.
"""

from collections.abc import Callable
from functools import cache

from convlens.kernels.compiler import entry, inner
from convlens.kernels.layout import unflatten
from convlens.kernels.masking import add_columns, mask_rows
from convlens.kernels.parts import in_parts
from convlens.kernels.simd import fma_chosen, loads, size, stores

__all__ = ["convolution_chosen"]


@inner
def chosen_sums(part, k, x, xo, d, arg, o, grid, steps, sizes):
    """part[k] += sum_{windows} sum_{members} (numbers of x's patch) (outer product) d where chosen; one tile.

    grid: (P, Q, row, F) of d and arg; steps: (step_y, step_x, row) of x; sizes: (tile, numbers, rows, lanes).
    """
    tile, numbers, rows, lanes = sizes
    P, Q, d_row, F = grid
    step_y, step_x, x_row = steps
    acc = loads(part, k, 0, 1, tile, lanes)
    for i in range(P):
        xi, p = xo + 2 * i * step_y, o + i * d_row
        for _ in range(Q):
            below = xi + step_y
            acc = fma_chosen(acc, x, xi, 1, x_row, numbers, rows, d, arg, p, 0)
            acc = fma_chosen(acc, x, xi + step_x, 1, x_row, numbers, rows, d, arg, p, 1)
            acc = fma_chosen(acc, x, below, 1, x_row, numbers, rows, d, arg, p, 2)
            acc = fma_chosen(acc, x, below + step_x, 1, x_row, numbers, rows, d, arg, p, 3)
            xi += 2 * step_x
            p += F
    stores(part, k, 0, tile, acc)


@inner
def chosen_part(t, parts, x, d, flat, arg, part, db, n, fresh, source, target, shape, sizes):
    """Do part t of `convolution_chosen`; sizes: (tile, numbers, rows, vectors, lanes)."""
    (x_size, first, x_row, step_y, step_x), (d_size, origin, d_row, ld) = source, target
    (KH, KC, F, P, Q), (tile, numbers, rows, cols, lanes) = shape, sizes
    RU, RS, block = len(rows), len(numbers), len(cols) * len(lanes)
    blocks, nu, ns = (F + block - 1) // block, (KH + RU - 1) // RU, (KC + RS - 1) // RS
    grid, steps = (P, Q, d_row, F), (step_y, step_x, x_row)
    sums, db = part[t], db[t]
    if fresh:
        sums[:] = 0
        db[:] = 0
    for m in range(t * n // parts, (t + 1) * n // parts):
        dy, a = d[(t if flat.size else m) * d_size :], arg[m * d_size :]
        if flat.size:
            unflatten(flat, m * ld, dy, origin, d_row, (F, P, Q))
        mask_rows(dy, a, origin, grid, lanes)
        add_columns(dy, origin, grid, db, lanes)
        k = 0
        for q in range(blocks):
            f = origin + max(min(q * block, F - block), 0)
            for tu in range(nu):
                u = min(tu * RU, KH - RU)
                for ts in range(ns):
                    xo = m * x_size + first + u * x_row + min(ts * RS, KC - RS)
                    chosen_sums(sums, k, x, xo, dy, a, f, grid, steps, (tile, numbers, rows, lanes))
                    k += len(tile) * len(lanes)


@cache
def convolution_chosen(RU: int, RS: int, V: int, L: int) -> Callable[..., None]:
    """Return the kernel for tiles of RU patch rows x RS numbers of each x V vectors of L filters."""
    SIZES = (size(RU * RS * V), size(RS), size(RU), size(V), size(L))

    @entry
    def backward(x, d, flat, arg, part, db, n, fresh, source, target, shape, parts):
        """part[t][q][tu][ts] and db as in dense.py.

        d is read from the rows of `flat`, if that is not empty (d then has room for one sample of each part),
        and masked in place by arg. P, Q: windows.
        source: (size, origin of the first patch, row, step_y, step_x); target: (size, origin, row, ld);
        shape: (KH, KC, F, P, Q).
        """
        in_parts(chosen_part, parts, (x, d, flat, arg, part, db, n, fresh, source, target, shape, SIZES))

    return backward
