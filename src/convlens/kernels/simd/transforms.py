"""Winograd's transforms (see `convolution/forward_winograd.py`) as words of the SIMD vocabulary.

Must not know what is computed. Vectors, tiles and indices are explained in `simd.py`.
"""

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba.core import types

from convlens.kernels.simd.llvm import Vector, address_of, constant, filled, load_at, stepped, store_at
from convlens.kernels.simd.vectors import word

__all__ = ["winograd_filter", "winograd_gradient", "winograd_input", "winograd_output", "winograd_spread"]


def _grid(b: Any, array: Any, places: Any, side: int, L: int) -> list[Any]:
    """Load side x side vectors, row by row: arr[o + r*row + s*step : + L]; places: (o, row, step)."""
    (ctx, ty, arr), (o, row, step) = array, places
    indices = [stepped(b, stepped(b, o, row, r), step, s) for r in range(side) for s in range(side)]
    return [load_at(b, address_of(ctx, b, ty, arr, index), L) for index in indices]


def _on_both_sides(transform: Callable[..., list[Any]], v: list[Any], side: int) -> list[Any]:
    """Apply a transform to the columns, then to the rows, of a square of vectors; return it row by row."""
    # Rows first would be the same but for rounding: one order, here, for every transform.
    columns = [transform(*v[s::side]) for s in range(side)]
    return [x for r in range(len(columns[0])) for x in transform(*(column[r] for column in columns))]


def _store_planes(b: Any, array: Any, p: Any, plane: Any, vectors: list[Any]) -> None:
    """out[p + e*plane : + L] = vector e."""
    ctx, ty, arr = array
    for e, v in enumerate(vectors):
        store_at(b, v, address_of(ctx, b, ty, arr, stepped(b, p, plane, e)))


@word
def winograd_input(tc, x, o, row, step, out, p, plane, lanes):
    """out[p + e*plane : + L] = element e of B^T d B, where d is 4x4 vectors of x from o on."""
    L = constant(lanes)

    def code(ctx, b, sig, args):
        # B holds nothing but 0, 1 and -1: no multiplication.
        def transform(d0, d1, d2, d3):
            return [b.fsub(d0, d2), b.fadd(d1, d2), b.fsub(d2, d1), b.fsub(d1, d3)]

        d = _grid(b, (ctx, sig.args[0], args[0]), args[1:4], 4, L)
        _store_planes(b, (ctx, sig.args[4], args[4]), args[5], args[6], _on_both_sides(transform, d, 4))
        return ctx.get_dummy_value()

    i = types.intp
    return types.void(x, i, i, i, out, i, i, lanes), code


@word
def winograd_filter(tc, w, o, step, out, p, plane, lanes):
    """out[p + e*plane : + L] = element e of G g G^T, g being 3x3 vectors of w, each step after the last."""
    L = constant(lanes)

    def code(ctx, b, sig, args):
        half = filled(0.5, L)

        # The halves of G are exact in floating point: only the sums round.
        def transform(g0, g1, g2):
            ends = b.fadd(g0, g2)
            return [g0, b.fmul(half, b.fadd(ends, g1)), b.fmul(half, b.fsub(ends, g1)), g2]

        three = b.mul(args[2], ir.Constant(args[2].type, 3))
        g = _grid(b, (ctx, sig.args[0], args[0]), (args[1], three, args[2]), 3, L)
        _store_planes(b, (ctx, sig.args[3], args[3]), args[4], args[5], _on_both_sides(transform, g, 3))
        return ctx.get_dummy_value()

    i = types.intp
    return types.void(w, i, i, out, i, i, lanes), code


@word
def winograd_output(tc, m, o, plane, which, lanes):
    """Return row `which` (0, 1) of A^T m A as a tile of 2 vectors; element e of m lies at o + e*plane."""
    L, row = constant(lanes), constant(which)
    tile = types.UniTuple(Vector(L), 2)

    def code(ctx, b, sig, args):
        def transform(m0, m1, m2, m3):
            first = b.fadd(b.fadd(m0, m1), m2)
            return [first, b.fsub(b.fsub(m1, m2), m3)]

        four = b.mul(args[2], ir.Constant(args[2].type, 4))
        v = _grid(b, (ctx, sig.args[0], args[0]), (args[1], four, args[2]), 4, L)
        # Written for both rows; what only the other one needs, LLVM leaves out.
        return ctx.make_tuple(b, tile, _on_both_sides(transform, v, 4)[2 * row : 2 * row + 2])

    return tile(m, types.intp, types.intp, which, lanes), code


@word
def winograd_spread(tc, d, o, row, step, out, p, plane, lanes):
    """out[p + e*plane : + L] = element e of A d A^T, where d is 2x2 vectors: the way back of the output."""
    L = constant(lanes)

    def code(ctx, b, sig, args):
        def transform(d0, d1):
            return [d0, b.fadd(d0, d1), b.fsub(d0, d1), b.fneg(d1)]

        d = _grid(b, (ctx, sig.args[0], args[0]), args[1:4], 2, L)
        _store_planes(b, (ctx, sig.args[4], args[4]), args[5], args[6], _on_both_sides(transform, d, 2))
        return ctx.get_dummy_value()

    i = types.intp
    return types.void(d, i, i, i, out, i, i, lanes), code


@word
def winograd_gradient(tc, m, o, plane, out, p, step, lanes):
    """out[p + k*step : + L] = element k of G^T m G, 3x3; element e of m lies at o + e*plane."""
    L = constant(lanes)

    def code(ctx, b, sig, args):
        half = filled(0.5, L)

        def transform(m0, m1, m2, m3):
            both = b.fmul(half, b.fadd(m1, m2))
            return [b.fadd(m0, both), b.fmul(half, b.fsub(m1, m2)), b.fadd(both, m3)]

        four = b.mul(args[2], ir.Constant(args[2].type, 4))
        v = _grid(b, (ctx, sig.args[0], args[0]), (args[1], four, args[2]), 4, L)
        _store_planes(b, (ctx, sig.args[3], args[3]), args[4], args[5], _on_both_sides(transform, v, 4))
        return ctx.get_dummy_value()

    i = types.intp
    return types.void(m, i, i, out, i, i, lanes), code
