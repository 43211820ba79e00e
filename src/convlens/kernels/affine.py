"""Matrix products of an affine layer as register tiles, with bias and ReLU in them. Must not know layers.

    z = max(floor, a W + b)      da = (dz W^T) where a is live      dW = a^T dz      db = sum of dz's rows

a (N, K) and z (N, M) are matrices with rows of `lda`, `ldz` numbers, W is (K, M) with rows of `ldw`. A panel of M is
V vectors wide, the last one V2, and ends with the last column: no lane is spare and nothing is read past W.
Fewer than R samples are computed as R, so all matrices have at least R rows.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from convlens.kernels.compiler import parallel, prange, serial
from convlens.kernels.layout import transpose
from convlens.kernels.masking import add_columns, mask_span
from convlens.kernels.simd import (
    fma_outer,
    load,
    loads,
    size,
    splat,
    store,
    stores,
    transposed,
    vadd,
    vmax,
    zeros,
)

__all__ = ["affine_backward", "affine_forward", "copy_rows"]


@serial
def product(a: Any, ao: int, step: int, next_k: int, w: Any, wo: int, ldw: int, k: int, out: Any, o: int, ldo: int,
            sizes: Any) -> None:  # fmt: skip
    """out[r, v] = sum_k a[r, k] w[k, v] for one tile of R rows x V vectors.

    a[r, k] lies at ao + r*step + k*next_k: with (lda, 1) a is read as it is, with (1, lda) as its transpose.
    sizes: (R * V, R, V, lanes) as tuples.
    """
    tile, rows, cols, lanes = sizes
    acc = zeros(tile, lanes)
    for _ in range(k):
        acc = fma_outer(acc, a, ao, step, 0, rows, 1, w, wo)
        ao += next_k
        wo += ldw
    stores(out, o, ldo, cols, acc)


@serial
def finish(part: Any, count: int, z: Any, b: Any, floor: Any, rows: Any, shape: Any, lanes: Any) -> None:
    """z = max(floor, part[0] + part[1] + … + b), the parts in order, for a range of rows; b has whole vectors.

    rows: (first, end); shape: (N, ld, M).
    """
    N, ld, M = shape
    low = splat(floor, lanes)
    for n in range(rows[0], rows[1]):
        for m in range(0, M, len(lanes)):
            s = load(part, n * ld + m, lanes)
            for g in range(1, count):
                s = vadd(s, load(part, (g * N + n) * ld + m, lanes))
            store(z, n * ld + m, vmax(vadd(s, load(b, m, lanes)), low))


@cache
def affine_forward(R: int, V: int, V2: int, L: int) -> Callable[..., None]:
    """Return the kernel for tiles of R rows x V vectors of L, V2 vectors in the last panel (0: none)."""
    MAIN, LAST = (size(R * V), size(R), size(V), size(L)), (size(R * max(V2, 1)), size(R), size(max(V2, 1)), size(L))
    B, B2, LANES = V * L, V2 * L, size(L)

    @parallel
    def forward(a, w, b, part, z, floor, shape, lds, splits):  # type: ignore[no-untyped-def]
        """z = max(floor, a W + b). The inner dimension is split into G parts, or the rows into P ranges.

        shape: (N, K, M); lds: (lda, ldw, ldz); splits: (G, P, T), G * P parts in the first region and T ranges
        of rows in the second, which adds the G parts in order.
        """
        N, K, M = shape
        lda, ldw, ldz = lds
        G, P, T = splits
        tiles = (N + R - 1) // R
        last = max(N - R, 0)
        for task in prange(G * P):
            g, p = task // P, task % P
            k0, k1 = g * K // G, (g + 1) * K // G
            for m in range(0, M - B + 1, B):
                for r in range(p * tiles // P, (p + 1) * tiles // P):
                    n = min(r * R, last)
                    o = (g * max(N, R) + n) * ldz + m
                    product(a, n * lda + k0, lda, 1, w, k0 * ldw + m, ldw, k1 - k0, part, o, ldz, MAIN)
            if V2:
                m = M - B2
                for r in range(p * tiles // P, (p + 1) * tiles // P):
                    n = min(r * R, last)
                    o = (g * max(N, R) + n) * ldz + m
                    product(a, n * lda + k0, lda, 1, w, k0 * ldw + m, ldw, k1 - k0, part, o, ldz, LAST)
        for t in prange(T):
            finish(part, G, z, b, floor, (t * N // T, (t + 1) * N // T), (max(N, R), ldz, M), LANES)

    return forward


@cache
def affine_backward(R: int, V: int, V2: int, L: int) -> Callable[..., None]:
    """Return the kernel; tiles as above. The inner dimension is split into panels of V * L numbers."""
    MAIN, LAST = (size(R * V), size(R), size(V), size(L)), (size(R * max(V2, 1)), size(R), size(max(V2, 1)), size(L))
    B, B2, LANES = V * L, V2 * L, size(L)

    @parallel
    def backward(a, w, dz, z, relu, da, dw, db, panel, shape, lds, parts):  # type: ignore[no-untyped-def]
        """dz = 0 where z = 0 if relu; then da, dw, db as at the head of this file.

        Each panel of W is transposed into panel[t], where lanes run along the inner dimension.
        da may be empty: it is then left out. shape, lds as in `affine_forward`; lds[0], also that of da, is a
        multiple of the panel.
        """
        N, K, M = shape
        lda, ldw, ldz = lds
        if relu:
            mask_span(dz, 0, z, 0, N * ldz, LANES)
        db[:] = 0
        add_columns(dz, 0, (N, 1, ldz, M), db, LANES)
        panels = (K + B - 1) // B
        for t in prange(parts):
            for q in range(t * panels // parts, (t + 1) * panels // parts):
                k, end = q * B, min(q * B + B, K)
                if da.size:
                    transpose(w, k * ldw, ldw, panel[t], 0, B, end - k, M)
                    for r in range(0, max(N, R), R):
                        n = max(min(r, N - R), 0)
                        product(dz, n * ldz, ldz, 1, panel[t], 0, B, M, da, n * lda + k, lda, MAIN)
                for r in range(k, end, R):
                    kk = max(min(r, end - R), 0)
                    for m in range(0, M - B + 1, B):
                        product(a, kk, 1, lda, dz, m, ldz, N, dw, kk * ldw + m, ldw, MAIN)
                    if V2:
                        product(a, kk, 1, lda, dz, M - B2, ldz, N, dw, kk * ldw + M - B2, ldw, LAST)

    return backward


@serial
def copy_rows(x: Any, ldx: int, y: Any, ldy: int, rows: int, cols: int) -> None:
    """y[i, j] = x[i, j]: a narrow weight matrix into rows of whole vectors, or its gradient back."""
    for i in range(rows):
        for j in range(cols):
            y[i * ldy + j] = x[i * ldx + j]
