"""Matrix products of an affine layer as register tiles, with bias and ReLU in them. Must not know layers.

    z = max(floor, a W + b)      da = dz W^T      dW = a^T dz      db = sum of dz's rows

a (N, K) and z (N, M) are matrices with rows of `lda`, `ldz` numbers, W is (K, M) with rows of `ldw`. A tile
has R rows and up to V vectors; the last panel of M has as many as it needs and ends with the last column, so
that no lane is spare and nothing is read past W. Fewer than R samples are computed as R: all matrices have
at least R rows.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from convlens.kernels.layout import transpose
from convlens.kernels.masking import add_columns, mask_span
from convlens.kernels.runtime.compiler import entry, inner
from convlens.kernels.runtime.parallel import in_shares
from convlens.kernels.simd.vectors import fma_outer, load, size, splat, store, stores, vadd, vmax, zeros

__all__ = ["affine_backward", "affine_forward", "copy_rows"]


@inner
def tile_product(a, xo, row, col, w, yo, ldw, k, out, o, ldo, sizes):
    """out[r, v] = sum_k a[r, k] w[k, v] for one tile of R rows x V vectors.

    a[r, k] lies at xo + r*row + k*col, w[k, 0] at yo + k*ldw, out[r, 0] at o + r*ldo. All
    are run-time numbers, 1 too: a constant is a type of its own, for which Numba would compile this again.
    sizes: (R * V, R, V, lanes) as tuples.
    """
    tile, rows, cols, lanes = sizes
    acc = zeros(tile, lanes)
    for _ in range(k):
        acc = fma_outer(acc, a, xo, row, 0, rows, 1, w, yo)
        xo += col
        yo += ldw
    stores(out, o, ldo, cols, acc)


@inner
def product(a, xo, row, col, w, yo, ldw, k, out, o, ldo, vectors, sizes):
    """The same for a number of vectors known at run time only; sizes: those for 1, 2, 3, 4 vectors."""
    if vectors == 4:
        tile_product(a, xo, row, col, w, yo, ldw, k, out, o, ldo, sizes[3])
    elif vectors == 3:
        tile_product(a, xo, row, col, w, yo, ldw, k, out, o, ldo, sizes[2])
    elif vectors == 2:
        tile_product(a, xo, row, col, w, yo, ldw, k, out, o, ldo, sizes[1])
    else:
        tile_product(a, xo, row, col, w, yo, ldw, k, out, o, ldo, sizes[0])


@inner
def finish(partial, count, z, b, floor, first, end, shape, lanes):
    """z = max(floor, partial[0] + partial[1] + … + b) for rows first to end, in this order.

    shape: (N, ld, M). b has whole vectors.
    """
    N, ld, M = shape
    low = splat(floor, lanes)
    for n in range(first, end):
        for m in range(0, M, len(lanes)):
            s = load(partial, n * ld + m, lanes)
            for g in range(1, count):
                s = vadd(s, load(partial, (g * N + n) * ld + m, lanes))
            store(z, n * ld + m, vmax(vadd(s, load(b, m, lanes)), low))


def _sizes(R: int, V: int, L: int) -> tuple[Any, ...]:
    """Return the sizes of tiles of R rows x 1, 2, 3, 4 vectors, never more than V."""
    return tuple((size(R * v), size(R), size(v), size(L)) for v in (1, min(2, V), min(3, V), min(4, V)))


@inner
def forward_share(task, tasks, a, w, b, partial, z, floor, shape, lds, G, sizes):
    """Do one of G * P tasks of `affine_forward`."""
    N, K, M = shape
    lda, ldw, ldz, unit, width = lds
    R, L, P = len(sizes[0][1]), len(sizes[0][3]), tasks // G
    rows, tiles, g, p = max(N, R), (N + R - 1) // R, task // P, task % P
    k0, k1 = g * K // G, (g + 1) * K // G
    for m0 in range(0, M, width):
        vectors = min(width // L, (M - m0 + L - 1) // L)
        m = min(m0, M - vectors * L)
        for r in range(p * tiles // P, (p + 1) * tiles // P):
            n = min(r * R, rows - R)  # the last tile overlaps the one before: no rows are left over
            xo, yo, o = n * lda + k0, k0 * ldw + m, (g * rows + n) * ldz + m
            product(a, xo, lda, unit, w, yo, ldw, k1 - k0, partial, o, ldz, vectors, sizes)
    first, end = p * tiles // P, (p + 1) * tiles // P
    if G == 1 and end > first:  # all of the inner dimension of these rows is done
        first, end = min(first * R, rows - R), min(end * R, rows)
        finish(partial, G, z, b, floor, first, end, (rows, ldz, M), sizes[0][3])


@inner
def finish_share(t, shares, partial, G, z, b, floor, N, shape, lanes):
    """Add the G partial sums of a range of the N rows."""
    finish(partial, G, z, b, floor, t * N // shares, (t + 1) * N // shares, shape, lanes)


@cache
def affine_forward(R: int, V: int, L: int) -> Callable[..., None]:
    """Return the kernel for tiles of R rows x up to V vectors of L."""
    SIZES, LANES = _sizes(R, V, L), size(L)

    @entry
    def forward(a, w, b, partial, z, floor, shape, lds, splits):
        """z = max(floor, a W + b). The inner dimension is split into G ranges, the rows into P.

        shape: (N, K, M); lds: `AffineRows`; splits: `AffineSplits`, (G, P, P2): G * P tasks, and if G > 1
        another P2 ranges of rows, which add the G partial sums in order.
        """
        (N, _, M), (G, P, P2) = shape, splits
        in_shares(forward_share, G * P, (a, w, b, partial, z, floor, shape, lds, G, SIZES))
        if G > 1:
            in_shares(finish_share, P2, (partial, G, z, b, floor, N, (max(N, R), lds[2], M), LANES))

    return forward


@inner
def weight_gradient(a, dz, dw, k0, k1, shape, lds, sizes):
    """Rows k0 to k1 of dW = a^T dz, in tiles of R rows; the last one may overlap the one before.

    Fewer than R rows are computed as R: dW must have rows for them.
    """
    N, _, M = shape
    lda, ldw, ldz, unit, width = lds
    R, L = len(sizes[0][1]), len(sizes[0][3])
    for r in range(k0, k1, R):
        k = max(min(r, k1 - R), k0)  # never before k0: those rows are another share's
        for m0 in range(0, M, width):
            vectors = min(width // L, (M - m0 + L - 1) // L)
            m = min(m0, M - vectors * L)
            product(a, k, unit, lda, dz, m, ldz, N, dw, k * ldw + m, ldw, vectors, sizes)


@inner
def input_gradient(dz, w, da, panel, at, k0, k1, shape, lds, sizes):
    """Columns k0 to k1 of da = dz W^T; lanes run along W's rows, transposed into panel[at:]."""
    N, _, M = shape
    lda, ldw, ldz, unit, width = lds
    R, L = len(sizes[0][1]), len(sizes[0][3])
    # Lanes along W's columns would make each number of da a sum over lanes. Transposed once, a panel of W
    # serves all samples.
    transpose(w, k0 * ldw, ldw, panel, at, width, k1 - k0, M)
    vectors, rows = (k1 - k0 + L - 1) // L, max(N, R)
    for r in range(0, rows, R):
        n = min(r, rows - R)
        product(dz, n * ldz, ldz, unit, panel, at, width, M, da, n * lda + k0, lda, vectors, sizes)


@inner
def backward_share(t, shares, a, w, dz, da, dw, panel, shape, lds, sizes):
    """Do share t of `affine_backward`: some panels of the inner dimension."""
    _, K, M = shape
    width = lds[4]
    panels = (K + width - 1) // width
    for q in range(t * panels // shares, (t + 1) * panels // shares):
        k0, k1 = q * width, min(q * width + width, K)
        weight_gradient(a, dz, dw, k0, k1, shape, lds, sizes)
        if da.size:
            input_gradient(dz, w, da, panel, t * width * M, k0, k1, shape, lds, sizes)


@cache
def affine_backward(R: int, V: int, L: int) -> Callable[..., None]:
    """Return the kernel; tiles as above. The inner dimension is split into panels of V * L numbers."""
    SIZES, LANES = _sizes(R, V, L), size(L)

    @entry
    def backward(a, w, dz, z, relu, da, dw, db, panel, shape, lds, shares):
        """dz = 0 where z = 0 if relu; then dw, da, db as at the head of this file.

        da may be empty: it is then left out. It may be a itself: what has been read is overwritten. shape,
        lds as in `affine_forward`; lds[0], also that of da, is a multiple of the panel. `panel` has room for
        `shares` panels of W. If the last panel of the inner dimension has fewer than R rows, dw has R there.
        """
        (N, _, M), ldz = shape, lds[2]
        if relu:  # on this thread: all shares read dz
            mask_span(dz, 0, z, 0, N * ldz, LANES)
        db[:] = 0
        add_columns(dz, 0, (N, 1, ldz, M), db, LANES)
        in_shares(backward_share, shares, (a, w, dz, da, dw, panel, shape, lds, SIZES))

    return backward


@entry
def copy_rows(x: Any, ldx: int, y: Any, ldy: int, rows: int, cols: int) -> None:
    """y[i, j] = x[i, j]: a narrow weight matrix into rows of whole vectors, or its gradient back."""
    for i in range(rows):
        for j in range(cols):
            y[i * ldy + j] = x[i * ldx + j]
