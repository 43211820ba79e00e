"""The gradient of the filters behind 2x2 max-pooling, for a first layer of many filters.

Must not know layers. A patch of one channel fills few lanes, many filters fill all of them. So lanes run over
filters, as in dense.py, and each of a window's four members adds the derivatives of those filters whose
maximum it was, zeros for the others: four times the multiply-adds of sparse.py, all in lanes that count.
"""

from collections.abc import Callable
from functools import cache

from convlens.kernels.compiler import inner, parallel, prange
from convlens.kernels.layout import unflatten
from convlens.kernels.masking import add_columns, mask_rows
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


@cache
def convolution_chosen(RU: int, RS: int, V: int, L: int) -> Callable[..., None]:
    """Return the kernel for tiles of RU patch rows x RS numbers of each x V vectors of L filters."""
    block, LANES = V * L, size(L)
    SIZES = (size(RU * RS * V), size(RS), size(RU), LANES)

    @parallel
    def backward(x, d, flat, arg, part, db, n, source, target, shape, parts):
        """part[t][q][tu][ts] as in dense.py, db[t, f] = sum d.

        d is read from the rows of `flat`, if that is not empty (d then has room for one sample of each part),
        and masked in place by arg. P, Q: windows.
        source: (size, origin of the first patch, row, step_y, step_x); target: (size, origin, row, ld);
        shape: (KH, KC, F, P, Q).
        """
        (x_size, first, x_row, step_y, step_x), (d_size, origin, d_row, ld) = source, target
        KH, KC, F, P, Q = shape
        blocks, nu, ns = (F + block - 1) // block, (KH + RU - 1) // RU, (KC + RS - 1) // RS
        grid, steps = (P, Q, d_row, F), (step_y, step_x, x_row)
        for t in prange(parts):
            part[t, :], db[t, :] = 0, 0
            for m in range(t * n // parts, (t + 1) * n // parts):
                xo = m * x_size + first
                dy, a = d[(t if flat.size else m) * d_size :], arg[m * d_size :]
                if flat.size:
                    unflatten(flat, m * ld, dy, origin, d_row, (F, P, Q))
                mask_rows(dy, a, origin, grid, LANES)
                add_columns(dy, origin, grid, db[t], LANES)
                k = 0
                for q in range(blocks):
                    f = max(min(q * block, F - block), 0)
                    for tu in range(nu):
                        u = min(tu * RU, KH - RU)
                        for ts in range(ns):
                            at = xo + u * x_row + min(ts * RS, KC - RS)
                            chosen_sums(part[t], k, x, at, dy, a, origin + f, grid, steps, SIZES)
                            k += len(SIZES[0]) * L

    return backward
