"""Reading a picture between its pixels, as words of the SIMD vocabulary. Must not know what is computed.

In weighted sums each product is exact: of bytes in float32, where the sums are, too, else in float64. So it
changes no bit whether a multiplication is fused with the addition behind it: NumPy and every processor agree.
"""

from collections.abc import Sequence
from typing import Any

from llvmlite import ir
from numba.core import types

from convlens.kernels.simd.llvm import (
    F32,
    I8,
    I32,
    address_of,
    constant,
    every_second,
    filled,
    lanes_of,
    shuffled,
    store_at,
)
from convlens.kernels.simd.vectors import word

__all__ = ["mixed", "store_between"]

I64, F64 = ir.IntType(64), ir.DoubleType()

ONE = 1 << 16
"""A pixel's side in the positions of `store_between`, where each axis has weights that sum to 256."""


@word
def store_between(tc, plane, place, step, last, row, out, i, lanes):
    """out[i : i + L] = what a picture holds at the L places (y, x) = place + step * lane, bilinearly.

    Places and steps are int64, in 1/2^16 of a pixel, and fit into 32 bits. The plane is float32 and holds the
    picture from (-1, -1) on, with one zero before each row and two behind, one row of zeros above and two
    below; from one row of it to the next there are `row` numbers. `last` is the picture's (height, width):
    what is farther out than one pixel is zero. `out` is float32, or uint8, rounded to the nearest.
    """
    L = constant(lanes)

    def code(ctx, b, sig, args):
        plane_, place_, step_, last_, row_, out_, i_, _ = args
        y, x = (_clamped(b, place_, step_, last_, axis, L) for axis in (0, 1))
        index = b.add(b.mul(_whole(b, y), _all(b, row_, L)), _whole(b, x))
        data = ctx.make_array(sig.args[0])(ctx, b, plane_).data
        places = [b.gep(data, [b.zext(b.extract_element(index, I32(k)), I64)]) for k in range(L)]
        below = [b.gep(place, [row_]) for place in places]
        corners = [*_neighbours(b, places), *_neighbours(b, below)]
        kind = _exact(sig.args[5])
        weights = [b.fmul(down, right) for down in _weights(b, y, kind) for right in _weights(b, x, kind)]
        _store(b, _sum(b, corners, weights), address_of(ctx, b, sig.args[5], out_, i_), kind)
        return ctx.get_dummy_value()

    pair, i64 = types.UniTuple(types.int64, 2), types.int64
    return types.void(plane, pair, pair, pair, i64, out, types.intp, lanes), code


@word
def mixed(tc, x, y, weight, of, lanes):
    """Return (x * (256 - weight) + y * weight) / 256 of pixels of the array `of`, where bytes are rounded.

    The weight is an int64 from 0 to 256.
    """
    L = constant(lanes)

    def code(ctx, b, sig, args):
        kind = _exact(sig.args[3])
        behind = b.sitofp(_all(b, args[2], L), ir.VectorType(kind, L))
        total = _sum(b, args[:2], [b.fsub(filled(256.0, L, kind), behind), behind])
        return _floats(b, _shared(b, total, 256, kind))

    return x(x, x, types.int64, of, lanes), code


def _exact(of: Any) -> Any:
    """Return the type of sums of pixels of an array."""
    return F64 if of.dtype == types.float32 else F32


def _shared(b: Any, total: Any, parts: int, kind: Any) -> Any:
    """Return total / parts: of bytes to the nearest whole number, in int32."""
    L = lanes_of(total)
    if kind == F64:
        return b.fmul(total, filled(1 / parts, L, F64))
    rounded = b.fmul(b.fadd(total, filled(parts / 2, L)), filled(1 / parts, L))
    return b.fptosi(rounded, ir.VectorType(I32, L))


def _floats(b: Any, v: Any) -> Any:
    """Return float64 or int32 as float32."""
    change = b.fptrunc if v.type.element == F64 else b.sitofp
    return change(v, ir.VectorType(F32, lanes_of(v)))


def _store(b: Any, total: Any, address: Any, kind: Any) -> None:
    """Store the 2^16th part of numbers."""
    v = _shared(b, total, ONE, kind)
    store_at(b, _floats(b, v) if kind == F64 else b.trunc(v, ir.VectorType(I8, lanes_of(v))), address)


def _all(b: Any, x: Any, lanes: int) -> Any:
    """Return the vector whose lanes are all the int64 x, in int32."""
    nothing = ir.Constant(ir.VectorType(I32, lanes), ir.Undefined)
    return shuffled(b, b.insert_element(nothing, b.trunc(x, I32), I32(0)), nothing, [0] * lanes)


def _clamped(b: Any, place: Any, step: Any, last: Any, axis: int, lanes: int) -> Any:
    """Return the lanes' positions on an axis, none farther out than one pixel."""
    numbers = ir.Constant(ir.VectorType(I32, lanes), list(range(lanes)))
    start, between, size = (_all(b, b.extract_value(pair, axis), lanes) for pair in (place, step, last))
    at = b.add(start, b.mul(between, numbers))
    for limit, sign in ((filled(-ONE, lanes, I32), ">"), (b.shl(size, filled(16, lanes, I32)), "<")):
        at = b.select(b.icmp_signed(sign, at, limit), at, limit)
    return at


def _whole(b: Any, at: Any) -> Any:
    """Return which pixel of a plane lies before each position: the picture begins at its pixel 1."""
    L = lanes_of(at)
    return b.add(b.ashr(at, filled(16, L, I32)), filled(1, L, I32))


def _weights(b: Any, at: Any, kind: Any) -> tuple[Any, Any]:
    """Return how much the pixels before and behind a position count, in 1/256."""
    L = lanes_of(at)
    part = b.and_(b.ashr(at, filled(8, L, I32)), filled(255, L, I32))
    behind = b.sitofp(part, ir.VectorType(kind, L))
    return b.fsub(filled(256.0, L, kind), behind), behind


def _sum(b: Any, vectors: Sequence[Any], weights: Sequence[Any]) -> Any:
    """Return the sum of float32 vectors by weights, in their order."""
    total = None
    for vector, weight in zip(vectors, weights, strict=True):
        wide = vector if vector.type == weight.type else b.fpext(vector, weight.type)
        product = b.fmul(wide, weight)
        total = product if total is None else b.fadd(total, product)
    return total


def _neighbours(b: Any, places: Sequence[Any]) -> tuple[Any, Any]:
    """Return the numbers at some places, and those behind them: each pair is one load."""
    pairs = []
    for place in places:
        pairs.append(b.load(b.bitcast(place, ir.VectorType(F32, 2).as_pointer())))
        pairs[-1].align = 4
    while len(pairs) > 2:
        width = 2 * lanes_of(pairs[0])
        pairs = [shuffled(b, x, y, list(range(width))) for x, y in zip(pairs[::2], pairs[1::2], strict=True)]
    first, second = pairs[0], pairs[-1]
    if first is second:
        return shuffled(b, first, first, [0]), shuffled(b, first, first, [1])
    return every_second(b, first, second, 0), every_second(b, first, second, 1)
