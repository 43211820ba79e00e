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
from convlens.kernels.runtime.slots import SLOTS, give, take
from convlens.kernels.shares import many, worth
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
def finish(partial, count, z, b, floor, rows, columns, shape, lanes):
    """z = max(floor, partial[0] + partial[1] + … + b) for ranges of rows and columns, in this order.

    shape: (N, ld). b has whole vectors.
    """
    N, ld = shape
    low = splat(floor, lanes)
    for n in range(rows[0], rows[1]):
        for m in range(columns[0], columns[1], len(lanes)):
            s = load(partial, n * ld + m, lanes)
            for g in range(1, count):
                s = vadd(s, load(partial, (g * N + n) * ld + m, lanes))
            store(z, n * ld + m, vmax(vadd(s, load(b, m, lanes)), low))


def _sizes(R: int, V: int, L: int) -> tuple[Any, ...]:
    """Return the sizes of tiles of R rows x 1, 2, 3, 4 vectors, never more than V."""
    return tuple((size(R * v), size(R), size(v), size(L)) for v in (1, min(2, V), min(3, V), min(4, V)))


@inner
def forward_share(task, tasks, a, w, b, partial, z, floor, shape, lds, G, sizes):
    """Do one of G * P tasks of `affine_forward`: a range of the inner dimension, for a range of tiles."""
    N, K, M = shape
    lda, ldw, ldz, unit, width = lds
    R, L, P = len(sizes[0][1]), len(sizes[0][3]), tasks // G
    rows, g, p = max(N, R), task // P, task % P
    k0, k1, tiles = g * K // G, (g + 1) * K // G, (rows + R - 1) // R
    count = (M + width - 1) // width * tiles
    for tile in range(p * count // P, (p + 1) * count // P):  # of a panel first: it stays in the cache
        m0 = tile // tiles * width
        vectors = min(width // L, (M - m0 + L - 1) // L)
        # The last tiles of rows and of columns overlap those before: nothing is left over.
        m, n = min(m0, M - vectors * L), min(tile % tiles * R, rows - R)
        xo, yo, o = n * lda + k0, k0 * ldw + m, (g * rows + n) * ldz + m
        product(a, xo, lda, unit, w, yo, ldw, k1 - k0, partial, o, ldz, vectors, sizes)
        if G == 1:  # all of the inner dimension is done
            finish(partial, G, z, b, floor, (n, n + R), (m, m + vectors * L), (rows, ldz), sizes[0][3])


@inner
def finish_share(t, shares, partial, G, z, b, floor, N, M, shape, lanes):
    """Add the G partial sums of a range of the N rows."""
    rows = t * N // shares, (t + 1) * N // shares
    finish(partial, G, z, b, floor, rows, (0, M), shape, lanes)


@cache
def affine_forward(R: int, V: int, L: int) -> Callable[..., None]:
    """Return the kernel for tiles of R rows x up to V vectors of L."""
    SIZES, LANES = _sizes(R, V, L), size(L)

    @entry
    def forward(a, w, b, partial, z, floor, shape, lds, G, shares):
        """z = max(floor, a W + b). The inner dimension is split into G ranges.

        shape: (N, K, M); lds: `AffineRows`. Each range is done by several shares, together at most `shares`;
        if G > 1, others add the G partial sums in order.
        """
        N, K, M = shape
        tiles = (M + lds[4] - 1) // lds[4] * ((max(N, R) + R - 1) // R)
        P = max(1, min(min(shares, worth(N * K * M)) // G, tiles))
        in_shares(forward_share, G * P, (a, w, b, partial, z, floor, shape, lds, G, SIZES))
        if G > 1:
            count, held = min(N, many(G * N * M)), (max(N, R), lds[2])
            in_shares(finish_share, count, (partial, G, z, b, floor, N, M, held, LANES))

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
    ldw, width, R = lds[1], lds[4], len(sizes[0][1])
    # Lanes along W's columns would make each number of da a sum over lanes. Transposed once, a panel of W
    # serves all samples.
    transpose(w, k0 * ldw, ldw, panel, at, width, k1 - k0, M)
    for tile in range((max(N, R) + R - 1) // R):
        input_tile(dz, da, panel, at, k0, k1, tile, shape, lds, sizes)


@inner
def input_tile(dz, da, panel, at, k0, k1, tile, shape, lds, sizes):
    """Columns k0 to k1 of da for one tile of rows, from a panel that `input_gradient` describes."""
    N, _, M = shape
    lda, _, ldz, unit, width = lds
    R, L = len(sizes[0][1]), len(sizes[0][3])
    n = min(tile * R, max(N, R) - R)
    vectors = (k1 - k0 + L - 1) // L
    product(dz, n * ldz, ldz, unit, panel, at, width, M, da, n * lda + k0, lda, vectors, sizes)


@inner
def panels_share(t, shares, a, w, dz, da, dw, panel, slots, shape, lds, sizes):
    """Do share t of `affine_backward` where panels are many: some of the inner dimension's panels."""
    _, K, M = shape
    width, slot = lds[4], take(slots)
    panels = (K + width - 1) // width
    for q in range(t * panels // shares, (t + 1) * panels // shares):
        k0, k1 = q * width, min(q * width + width, K)
        weight_gradient(a, dz, dw, k0, k1, shape, lds, sizes)
        if da.size:
            input_gradient(dz, w, da, panel, slot * width * M, k0, k1, shape, lds, sizes)
    give(slots, slot)


@inner
def weights_share(t, shares, a, w, dz, da, dw, panel, shape, lds, sizes):
    """Do share t of the first half of `affine_backward` where panels are few: rows of dW, panels of W^T."""
    _, K, M = shape
    ldw, width, R = lds[1], lds[4], len(sizes[0][1])
    panels, tiles = (K + width - 1) // width, (K + R - 1) // R
    if da.size:
        for q in range(t * panels // shares, (t + 1) * panels // shares):
            transpose(w, q * width * ldw, ldw, panel, q * width * M, width, min(width, K - q * width), M)
    for r in range(t * tiles // shares, (t + 1) * tiles // shares):
        k = max(min(r * R, K - R), 0)
        weight_gradient(a, dz, dw, k, k + R, shape, lds, sizes)


@inner
def inputs_share(t, shares, dz, da, panel, shape, lds, sizes):
    """Do share t of the second half, da: tiles of rows by panels."""
    N, K, M = shape
    width, R = lds[4], len(sizes[0][1])
    panels, tiles = (K + width - 1) // width, (max(N, R) + R - 1) // R
    for one in range(t * panels * tiles // shares, (t + 1) * panels * tiles // shares):
        q, tile = one // tiles, one % tiles
        k0, k1 = q * width, min(q * width + width, K)
        input_tile(dz, da, panel, q * width * M, k0, k1, tile, shape, lds, sizes)


@cache
def affine_backward(R: int, V: int, L: int) -> Callable[..., None]:
    """Return the kernel; tiles as above. The inner dimension is split into panels of V * L numbers."""
    SIZES, LANES = _sizes(R, V, L), size(L)

    @entry
    def backward(a, w, dz, z, relu, da, dw, db, panel, slots, shape, lds, shares):
        """dz = 0 where z = 0 if relu; then dw, da, db as at the head of this file.

        da may be empty: it is then left out. It may be a itself: what has been read is overwritten. shape,
        lds as in `affine_forward`; lds[0], also that of da, is a multiple of the panel. `panel` has room for
        as many panels of W as there are slots. If the last panel of the inner dimension has fewer than R
        rows, dw has R there.
        """
        (N, K, M), ldz, width = shape, lds[2], lds[4]
        if relu:  # on this thread: all shares read dz
            mask_span(dz, 0, z, 0, N * ldz, LANES)
        db[:] = 0
        add_columns(dz, 0, (N, 1, ldz, M), db, LANES)
        panels, most = (K + width - 1) // width, min(shares, worth(N * K * M))
        if 2 * panels >= SLOTS:
            held = (a, w, dz, da, dw, panel, slots, shape, lds, SIZES)
            in_shares(panels_share, min(most, panels), held)
        else:  # too few for many threads: in two halves, as da may take the place of a
            in_shares(weights_share, min(most, K), (a, w, dz, da, dw, panel, shape, lds, SIZES))
            if da.size:
                in_shares(inputs_share, most, (dz, da, panel, shape, lds, SIZES))

    return backward


@inner
def copy_rows_share(t, shares, x, ldx, y, ldy, rows, cols):
    """Do share t of `copy_rows`."""
    for i in range(t * rows // shares, (t + 1) * rows // shares):
        for j in range(cols):
            y[i * ldy + j] = x[i * ldx + j]


@entry
def copy_rows(x: Any, ldx: int, y: Any, ldy: int, rows: int, cols: int) -> None:
    """y[i, j] = x[i, j]: a narrow weight matrix into rows of whole vectors, or its gradient back."""
    in_shares(copy_rows_share, min(rows, many(rows * cols)), (x, ldx, y, ldy, rows, cols))
