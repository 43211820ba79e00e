"""Depthwise convolutions: each channel has a filter of its own. Must not know layers.

Lanes run over channels, which lie side by side in a frame. A filter's *taps* come as a table of `places`, the
numbers from where a patch starts to what the tap sees: a dilation is in the table, and so is its sign, for
derivatives, which are the same sum from the other side. Weights lie tap by tap, in rows of whole vectors
whose lanes past the last channel are zeros (`pack_blocks` with one block).
"""

from collections.abc import Callable
from functools import cache

from convlens.kernels.masking import add_columns, mask_span
from convlens.kernels.runtime.compiler import entry, inner
from convlens.kernels.runtime.parallel import in_shares
from convlens.kernels.simd.epilogues import relu_store
from convlens.kernels.simd.lanewise import fma_lanes, fma_places
from convlens.kernels.simd.vectors import fma, load, loads, size, store, stores, zeros

__all__ = ["GRADIENT_TAPS", "depthwise", "depthwise_gradient", "depthwise_scatter"]

POSITIONS = 7
"""Of a row in registers at once: 28 and 14 are multiples of it, and it hides most of an addition's time."""

GRADIENT_TAPS = 9
"""Of a filter whose sums are in registers at once; its table of places is a multiple of it."""

ONE = size(1)


@inner
def row_of_sums(x, xi, w, places, bias, floor, out, line, step_x, shape, sizes):
    """Write one row of outputs, as many positions at a time as `tile` has vectors."""
    (C, Q, taps, width), (tile, one, lanes) = shape, sizes
    for jj in range(0, Q, len(tile)):
        j = min(jj, Q - len(tile))  # the last tile of a row overlaps the one before it
        for cc in range(0, C, len(lanes)):
            c = max(min(cc, C - len(lanes)), 0)
            acc, xo = zeros(tile, lanes), xi + j * step_x + c
            for k in range(taps):
                acc = fma_lanes(acc, x, xo + places[k], step_x, load(w, k * width + c, lanes))
            relu_store(acc, bias, c, floor, out, line + j * C + c, C, one)
    if len(lanes) > C:  # the last position's spare lanes lie in the border, which must hold zeros
        stores(out, line + Q * C, 0, one, zeros(one, lanes))


@inner
def depthwise_share(t, shares, x, w, places, bias, floor, out, n, reads, writes, shape, sizes):
    """Do share t of `depthwise`."""
    (x_size, patch, _, step_y, step_x), (out_size, origin, out_row) = reads, writes
    (C, P, Q, taps, width), (tile, one, lanes) = shape, sizes
    row = (C, Q, taps, width)
    for m in range(t * n // shares, (t + 1) * n // shares):
        for i in range(P):
            xi, line = m * x_size + patch + i * step_y, m * out_size + origin + i * out_row
            if len(tile) > Q:
                row_of_sums(x, xi, w, places, bias, floor, out, line, step_x, row, (one, one, lanes))
            else:
                row_of_sums(x, xi, w, places, bias, floor, out, line, step_x, row, (tile, one, lanes))


@cache
def depthwise(L: int) -> Callable[..., None]:
    """Return the kernel for vectors of L channels."""
    SIZES = (size(POSITIONS), ONE, size(L))

    @entry
    def forward(x, w, places, bias, floor, out, n, reads, writes, shape, shares):
        """out[m, i, j, c] = max(floor, sum_k x[m, at (i, j) + places[k] + c] * w[k, c] + bias[c]).

        reads: `Reads` of x; writes: `FrameSizes` of out; shape: `DepthwiseSizes`.
        """
        given = (x, w, places, bias, floor, out, n, reads, writes, shape, SIZES)
        in_shares(depthwise_share, min(n, shares), given)

    return forward


@inner
def scatter_share(t, shares, d, w, places, dx, n, reads, writes, shape, lanes):
    """Do share t of `depthwise_scatter`."""
    (x_size, patch, _, step_y, step_x), (d_size, origin, d_row) = reads, writes
    C, P, Q, taps, width = shape
    for m in range(t * n // shares, (t + 1) * n // shares):
        dx[m * x_size : (m + 1) * x_size] = 0
        for i in range(P):
            for c in range(0, C, len(lanes)):  # no vector overlaps another: nothing may be added twice
                for k in range(taps):
                    v = load(w, k * width + c, lanes)
                    p, q = (
                        m * d_size + origin + i * d_row + c,
                        m * x_size + patch + i * step_y + places[k] + c,
                    )
                    for _ in range(Q):
                        store(dx, q, fma(load(d, p, lanes), v, load(dx, q, lanes)))
                        p += C
                        q += step_x


@cache
def depthwise_scatter(L: int) -> Callable[..., None]:
    """Return the kernel of the derivatives by the input, for any stride and padding."""
    LANES = size(L)

    @entry
    def backward(d, w, places, dx, n, reads, writes, shape, shares):
        """dx = 0, then dx[m, at (i, j) + places[k] + c] += d[m, i, j, c] * w[k, c]; arguments as above.

        In the border and the slack of dx, numbers mean nothing.
        """
        in_shares(scatter_share, min(n, shares), (d, w, places, dx, n, reads, writes, shape, LANES))

    return backward


@inner
def gradient_share(
    t, shares, x, d, mask, places, partial, db, n, is_first_piece, reads, output, shape, sizes
):
    """Do share t of `depthwise_gradient`."""
    (x_size, patch, _, step_y, step_x), (d_size, origin, d_row, _, mask_size) = reads, output
    (C, P, Q, _, width), (tile, one, lanes), sums, biases = shape, sizes, partial[t], db[t]
    if is_first_piece:
        sums[:] = 0
        biases[:] = 0
    for m in range(t * n // shares, (t + 1) * n // shares):
        o = m * d_size + origin
        if mask.size:
            # The border too: where the stride is 1, dx is made from d, and reads zeros there.
            mask_span(d, m * d_size, mask, m * mask_size, d_size - len(lanes), lanes)
            add_columns(d, o, (P, Q, d_row, C), biases, lanes)
        for c in range(0, C, len(lanes)):
            for k in range(0, places.size, len(tile)):
                acc = loads(sums, k * width + c, width, tile, one, lanes)
                for i in range(P):
                    p, q = o + i * d_row + c, m * x_size + patch + i * step_y + c
                    for _ in range(Q):
                        acc = fma_places(acc, x, q, places, k, load(d, p, lanes))
                        p += C
                        q += step_x
                stores(sums, k * width + c, width, one, acc)


@cache
def depthwise_gradient(L: int) -> Callable[..., None]:
    """Return the kernel of the derivatives by filters and biases, for vectors of L channels."""
    SIZES = (size(GRADIENT_TAPS), ONE, size(L))

    @entry
    def backward(x, d, mask, places, partial, db, n, is_first_piece, reads, output, shape):
        """partial[t, k, c] += sum_m sum_{i,j} x[m, at (i, j) + places[k] + c] * d[m, i, j, c].

        d is masked, its border included, and db[t, c] += sum d; an empty mask is as in filters_dense.py. In
        the first piece all sums start at 0. Lanes past C, and places past the last tap, hold sums that mean
        nothing. output: `MaskedSizes`.
        """
        given = (x, d, mask, places, partial, db, n, is_first_piece, reads, output, shape, SIZES)
        in_shares(gradient_share, partial.shape[0], given)

    return backward
