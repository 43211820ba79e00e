"""The SIMD vocabulary: vectors and register tiles for Numba kernels. Must not know what is computed.

A *vector* is an LLVM value of L float32 lanes. A *tile* is a tuple of vectors; LLVM splits such a tuple into
single values, so a tile that a loop carries along lives in SIMD registers. Sizes are compile-time
constants: a literal int, or a tuple whose length is the size (`size(n)`; module-level functions take
their sizes this way, because a closure over another compiled function cannot be cached on disk).

L is a power of two: 4 (NEON, SSE), 8 (AVX2) or 16 (AVX-512). Arrays are flat and C-contiguous, an index
counts elements, loads and stores need no alignment, nothing checks bounds: buffers end in slack.
More words, in the same way: how a convolution ends (`epilogues.py`), Winograd's transforms (`transforms.py`).
Written for speed are only the words; what they add up to is in the kernels.
"""

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic

from convlens.kernels.simd.llvm import (
    F32,
    I8,
    Vector,
    address_of,
    call_math,
    constant,
    filled,
    greater,
    lanes_of,
    load_at,
    plus,
    splat_of,
    stepped,
    store_at,
    transposed_vectors,
)

__all__ = [
    "OFF",
    "axpy_rows",
    "fma",
    "fma_outer",
    "fma_rows",
    "fma_winner",
    "load",
    "loads",
    "select_live",
    "size",
    "splat",
    "store",
    "stores",
    "transposed",
    "vadd",
    "vdiv",
    "vmax",
    "vmul",
    "vsqrt",
    "vsub",
    "word",
    "zeros",
]


OFF = 4
"""The winner of a pooling window that ReLU has switched off; its members are 0 to 3."""


def size(n: int) -> tuple[int, ...]:
    """Return a tuple of length n, which tells a compiled function the constant n by its type."""
    return (0,) * n


def word(function: Callable[..., Any]) -> Callable[..., Any]:
    """Make an operation of this vocabulary; sizes that are literal ints stay literal."""
    made: Callable[..., Any] = intrinsic(prefer_literal=True)(function)
    return made


# ---------------------------------------------------------------- vectors


@word
def load(tc, arr, i, lanes):
    """Return one vector arr[i : i + L]; uint8 becomes float32."""
    L = constant(lanes)

    def code(ctx, b, sig, args):
        address = address_of(ctx, b, sig.args[0], args[0], args[1])
        if sig.args[0].dtype == types.float32:
            return load_at(b, address, L)
        return b.uitofp(load_at(b, address, L, I8), ir.VectorType(F32, L))

    return Vector(L)(arr, types.intp, lanes), code


@word
def store(tc, arr, i, v):
    """arr[i : i + L] = v."""

    def code(ctx, b, sig, args):
        store_at(b, args[2], address_of(ctx, b, sig.args[0], args[0], args[1]))
        return ctx.get_dummy_value()

    return types.void(arr, types.intp, v), code


@word
def splat(tc, x, lanes):
    """Return the vector whose L lanes are all the float32 x."""
    L = constant(lanes)
    return Vector(L)(types.float32, lanes), lambda _ctx, b, _sig, args: splat_of(b, args[0], L)


@word
def fma(tc, x, y, z):
    """Return x * y + z with one rounding."""
    return x(x, x, x), lambda _ctx, b, _sig, args: call_math(b, "fma", *args)


@word
def vsqrt(tc, x):
    """Return the square roots."""
    return x(x), lambda _ctx, b, _sig, args: call_math(b, "sqrt", *args)


def _lanewise(name: str, operation: str, doc: str) -> Callable[..., Any]:
    """Make the intrinsic that applies one LLVM instruction to two vectors."""

    def typing(tc, x, y):
        return x(x, x), lambda _ctx, b, _sig, args: getattr(b, operation)(*args)

    typing.__name__, typing.__doc__ = name, doc
    return word(typing)


vadd = _lanewise("vadd", "fadd", "Return x + y.")
vsub = _lanewise("vsub", "fsub", "Return x - y.")
vmul = _lanewise("vmul", "fmul", "Return x * y.")
vdiv = _lanewise("vdiv", "fdiv", "Return x / y.")


@word
def vmax(tc, x, floor):
    """Return x where x > floor or x is NaN, else floor; a NaN floor keeps every x."""
    return x(x, x), lambda _ctx, b, _sig, args: b.select(greater(b, *args), *args)


@word
def select_live(tc, v, mask, i):
    """Return v where it is live, else 0.

    Live means mask[i + lane] != 0 for a float32 mask (an output of ReLU), mask[i + lane] < 4 for a
    uint8 mask (the winner of a pooling window, `OFF` where ReLU is off).
    """

    def code(ctx, b, sig, args):
        L = lanes_of(args[0])
        address = address_of(ctx, b, sig.args[1], args[1], args[2])
        if sig.args[1].dtype == types.float32:
            on = b.fcmp_unordered("!=", load_at(b, address, L), filled(0.0, L))
        else:
            on = b.icmp_unsigned("<", load_at(b, address, L, I8), filled(OFF, L, I8))
        return b.select(on, args[0], filled(0.0, L))

    return v(v, mask, types.intp), code


# ---------------------------------------------------------------- tiles


@word
def zeros(tc, n, lanes):
    """Return a tile of n zero vectors."""
    L = constant(lanes)
    # A tuple of vectors, not an array: LLVM takes it apart and keeps each vector in a register.
    tile = types.UniTuple(Vector(L), constant(n))
    return tile(n, lanes), lambda ctx, b, _sig, _args: ctx.make_tuple(b, tile, [filled(0.0, L)] * tile.count)


@word
def loads(tc, arr, i, row, rows, cols, lanes):
    """Return a tile of rows x cols vectors; vector (r, c) = arr[i + r*row + c*L : ... + L]."""
    R, V, L = constant(rows), constant(cols), constant(lanes)
    tile = types.UniTuple(Vector(L), R * V)

    def code(ctx, b, sig, args):
        vectors = []
        for r in range(R):
            base = stepped(b, args[1], args[2], r)
            places = [address_of(ctx, b, sig.args[0], args[0], plus(b, base, c * L)) for c in range(V)]
            vectors += [load_at(b, place, L) for place in places]
        return ctx.make_tuple(b, tile, vectors)

    return tile(arr, types.intp, types.intp, rows, cols, lanes), code


@word
def stores(tc, arr, i, row, cols, tile):
    """Store a tile of len(tile)/cols rows: the inverse of `loads`."""
    V = constant(cols)

    def code(ctx, b, sig, args):
        for k in range(sig.args[4].count):
            v = b.extract_value(args[4], k)
            index = plus(b, stepped(b, args[1], args[2], k // V), k % V * lanes_of(v))
            store_at(b, v, address_of(ctx, b, sig.args[0], args[0], index))
        return ctx.get_dummy_value()

    return types.void(arr, types.intp, types.intp, cols, tile), code


def _outer_product(ctx, b, sig, args, scalars, vectors):
    """Return acc plus the outer product of RX x RY scalars with the vectors; args: acc, x, o, sx, sy, …."""
    (a, x_, o_, sx_, sy_), (RX, RY), V, out = args[:5], scalars, len(vectors), []
    for k in range(RY * RX):
        index = stepped(b, stepped(b, o_, sy_, k // RX), sx_, k % RX)
        # A load and a splat become one instruction that broadcasts from memory, and needs no register more.
        scalar = splat_of(b, b.load(address_of(ctx, b, sig.args[1], x_, index)), lanes_of(vectors[0]))
        out += [call_math(b, "fma", scalar, vectors[v], b.extract_value(a, k * V + v)) for v in range(V)]
    return ctx.make_tuple(b, sig.args[0], out)


@word
def fma_outer(tc, acc, x, o, sx, sy, rx, ry, w, t):
    """acc[(r*RX + s)*V + v] += x[o + r*sy + s*sx] * w[t + v*L : + L].

    The outer product of RY x RX scalars, each broadcast to all lanes, with V vectors.
    """
    RX, RY, L = constant(rx), constant(ry), acc.dtype.lanes
    V = acc.count // (RX * RY)

    def code(ctx, b, sig, args):
        w_, t_ = args[7:]
        vectors = [load_at(b, address_of(ctx, b, sig.args[7], w_, plus(b, t_, v * L)), L) for v in range(V)]
        return _outer_product(ctx, b, sig, args, (RX, RY), vectors)

    i = types.intp
    return acc(acc, x, i, i, i, rx, ry, w, i), code


@word
def fma_winner(tc, acc, x, o, sx, sy, rx, ry, d, winner, p, k):
    """`fma_outer` with the vectors d[p + v*L : + L] where the winner there is the int k, zeros elsewhere."""
    RX, RY, K, L = constant(rx), constant(ry), constant(k), acc.dtype.lanes
    V = acc.count // (RX * RY)

    def code(ctx, b, sig, args):
        d_, winner_, p_, _ = args[7:]
        vectors = []
        for v in range(V):
            index = plus(b, p_, v * L)
            winners = load_at(b, address_of(ctx, b, sig.args[8], winner_, index), L, I8)
            on = b.icmp_unsigned("==", winners, filled(K, L, I8))
            gradient = load_at(b, address_of(ctx, b, sig.args[7], d_, index), L)
            vectors.append(b.select(on, gradient, filled(0.0, L)))
        return _outer_product(ctx, b, sig, args, (RX, RY), vectors)

    i = types.intp
    return acc(acc, x, i, i, i, rx, ry, d, winner, i, k), code


@word
def fma_rows(tc, acc, g, x, o, row, cols):
    """acc[r*V + c] += g * x[o + r*row + c*L : + L]: a scalar times a patch."""
    V, L = constant(cols), acc.dtype.lanes

    def code(ctx, b, sig, args):
        a, g_, x_, o_, row_, _ = args
        scalar, out = splat_of(b, g_, L), []
        for k in range(sig.args[0].count):
            index = plus(b, stepped(b, o_, row_, k // V), k % V * L)
            v = load_at(b, address_of(ctx, b, sig.args[2], x_, index), L)
            out.append(call_math(b, "fma", scalar, v, b.extract_value(a, k)))
        return ctx.make_tuple(b, sig.args[0], out)

    return acc(acc, types.float32, x, types.intp, types.intp, cols), code


@word
def axpy_rows(tc, y, o, row, cols, g, tile):
    """y[o + r*row + c*L : + L] += g * tile[r*V + c]: a scalar times a tile, added onto a patch."""
    V, L = constant(cols), tile.dtype.lanes

    def code(ctx, b, sig, args):
        y_, o_, row_, _, g_, t_ = args
        scalar = splat_of(b, g_, L)
        for k in range(sig.args[5].count):
            index = plus(b, stepped(b, o_, row_, k // V), k % V * L)
            address = address_of(ctx, b, sig.args[0], y_, index)
            store_at(b, call_math(b, "fma", scalar, b.extract_value(t_, k), load_at(b, address, L)), address)
        return ctx.get_dummy_value()

    return types.void(y, types.intp, types.intp, cols, types.float32, tile), code


@word
def transposed(tc, tile):
    """Return the transpose of a square tile of L vectors with L lanes, in log2(L) rounds of swaps."""

    def code(ctx, b, sig, args):
        v = transposed_vectors(b, [b.extract_value(args[0], k) for k in range(tile.count)])
        return ctx.make_tuple(b, sig.args[0], v)

    return tile(tile), code
