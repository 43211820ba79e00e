"""The SIMD vocabulary: vectors and register tiles for Numba kernels. Must not know what is computed.

A *vector* is an LLVM value of L float32 lanes. A *tile* is a tuple of vectors; LLVM splits such a tuple into
single values, so a tile that a loop carries along lives in SIMD registers. Sizes are compile-time
constants: a literal int, or a tuple whose length is the size (`size(n)`; module-level functions take
their sizes this way, because a closure over another compiled function cannot be cached on disk).

L is a power of two: 4 (NEON, SSE), 8 (AVX2) or 16 (AVX-512). Arrays are flat and C-contiguous, an index
counts
elements, loads and stores need no alignment, nothing checks bounds: buffers end in slack.
Written for speed are only the operations here; what they add up to is in the other files of this room.
"""

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic

from convlens.kernels.llvm import (
    F32,
    I8,
    I32,
    Vector,
    address_of,
    call_math,
    constant,
    every_second,
    filled,
    greater,
    lanes_of,
    load_at,
    plus,
    shuffled,
    splat_of,
    stepped,
    store_at,
    transposed_vectors,
)

__all__ = [
    "axpy_rows",
    "fma",
    "fma_chosen",
    "fma_outer",
    "fma_rows",
    "load",
    "loads",
    "pool_columns_store",
    "pool_store",
    "relu_store",
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
    "zeros",
]


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
    uint8 mask (the argmax of a pooling window, 4 where ReLU is off).
    """

    def code(ctx, b, sig, args):
        L = lanes_of(args[0])
        address = address_of(ctx, b, sig.args[1], args[1], args[2])
        if sig.args[1].dtype == types.float32:
            on = b.fcmp_unordered("!=", load_at(b, address, L), filled(0.0, L))
        else:
            on = b.icmp_unsigned("<", load_at(b, address, L, I8), filled(4, L, I8))
        return b.select(on, args[0], filled(0.0, L))

    return v(v, mask, types.intp), code


# ---------------------------------------------------------------- tiles


@word
def zeros(tc, n, lanes):
    """Return a tile of n zero vectors."""
    L = constant(lanes)
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


@word
def fma_outer(tc, acc, x, o, sx, sy, rx, ry, w, t):
    """acc[(r*RX + s)*V + v] += x[o + r*sy + s*sx] * w[t + v*L : + L].

    The outer product of RY x RX scalars, each broadcast to all lanes, with V vectors.
    """
    RX, RY, L = constant(rx), constant(ry), acc.dtype.lanes
    V = acc.count // (RX * RY)

    def code(ctx, b, sig, args):
        a, x_, o_, sx_, sy_, _, _, w_, t_ = args
        vectors = [load_at(b, address_of(ctx, b, sig.args[7], w_, plus(b, t_, v * L)), L) for v in range(V)]
        out = []
        for k in range(RY * RX):
            index = stepped(b, stepped(b, o_, sy_, k // RX), sx_, k % RX)
            scalar = splat_of(b, b.load(address_of(ctx, b, sig.args[1], x_, index)), L)
            out += [call_math(b, "fma", scalar, vectors[v], b.extract_value(a, k * V + v)) for v in range(V)]
        return ctx.make_tuple(b, sig.args[0], out)

    i = types.intp
    return acc(acc, x, i, i, i, rx, ry, w, i), code


@word
def fma_chosen(tc, acc, x, o, sx, sy, rx, ry, d, arg, p, k):
    """`fma_outer` with the vectors d[p + v*L : + L] where arg there is the int k, and zeros elsewhere."""
    RX, RY, K, L = constant(rx), constant(ry), constant(k), acc.dtype.lanes
    V = acc.count // (RX * RY)

    def code(ctx, b, sig, args):
        a, x_, o_, sx_, sy_, _, _, d_, arg_, p_, _ = args
        vectors = []
        for v in range(V):
            index = plus(b, p_, v * L)
            chosen = load_at(b, address_of(ctx, b, sig.args[8], arg_, index), L, I8)
            on = b.icmp_unsigned("==", chosen, filled(K, L, I8))
            gradient = load_at(b, address_of(ctx, b, sig.args[7], d_, index), L)
            vectors.append(b.select(on, gradient, filled(0.0, L)))
        out = []
        for n in range(RY * RX):
            index = stepped(b, stepped(b, o_, sy_, n // RX), sx_, n % RX)
            scalar = splat_of(b, b.load(address_of(ctx, b, sig.args[1], x_, index)), L)
            out += [call_math(b, "fma", scalar, vectors[v], b.extract_value(a, n * V + v)) for v in range(V)]
        return ctx.make_tuple(b, sig.args[0], out)

    i = types.intp
    return acc(acc, x, i, i, i, rx, ry, d, arg, i, k), code


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


# ---------------------------------------------------------------- what ends a convolution


@word
def relu_store(tc, acc, bias, f, floor, out, o, step, cols):
    """out[o + r*step + c*L : + L] = max(floor, acc[r*V + c] + bias[f + c*L : + L]).

    The floor is 0 for ReLU, NaN for none (see `vmax`).
    """
    V, L = constant(cols), acc.dtype.lanes

    def code(ctx, b, sig, args):
        a, bias_, f_, floor_, out_, o_, step_, _ = args
        low = splat_of(b, floor_, L)
        for k in range(sig.args[0].count):
            biases = load_at(b, address_of(ctx, b, sig.args[1], bias_, plus(b, f_, k % V * L)), L)
            m = b.fadd(b.extract_value(a, k), biases)
            m = b.select(greater(b, m, low), m, low)
            index = plus(b, stepped(b, o_, step_, k // V), k % V * L)
            store_at(b, m, address_of(ctx, b, sig.args[4], out_, index))
        return ctx.get_dummy_value()

    i = types.intp
    return types.void(acc, bias, i, types.float32, out, i, i, cols), code


def _first_maximum(b: Any, p: list[Any]) -> tuple[Any, Any]:
    """Return the maximum of p and the number of the first one; a NaN wins over all that follow."""
    m, k = p[0], filled(0, lanes_of(p[0]), I8)
    for n in range(1, len(p)):
        takes = b.and_(greater(b, p[n], m), b.fcmp_ordered("ord", m, m))
        m = b.select(takes, p[n], m)
        k = b.select(takes, filled(n, lanes_of(m), I8), k)
    return m, k


@word
def pool_store(tc, acc, rx, bias, f, floor, out, arg, o, step):
    """Reduce a tile of 2 x RX positions to RX/2 maxima over 2x2, add the bias, apply ReLU, store.

    out[o + w*step + c*L] = max(floor, m + bias[f + c*L]) for window w, and arg = 0..3 (row-major) for the
    first maximum, 4 where ReLU is off. The bias comes after the maximum: it is the same in a window.
    """
    RX, L = constant(rx), acc.dtype.lanes
    V = acc.count // (2 * RX)

    def code(ctx, b, sig, args):
        a, _, bias_, f_, floor_, out_, arg_, o_, step_ = args
        low = splat_of(b, floor_, L)
        for w in range(RX // 2):
            for c in range(V):
                window = [(r * RX + 2 * w + s) * V + c for r in (0, 1) for s in (0, 1)]
                m, k = _first_maximum(b, [b.extract_value(a, p) for p in window])
                m = b.fadd(m, load_at(b, address_of(ctx, b, sig.args[2], bias_, plus(b, f_, c * L)), L))
                on = greater(b, m, low)
                index = plus(b, stepped(b, o_, step_, w), c * L)
                store_at(b, b.select(on, m, low), address_of(ctx, b, sig.args[5], out_, index))
                store_at(b, b.select(on, k, filled(4, L, I8)), address_of(ctx, b, sig.args[6], arg_, index))
        return ctx.get_dummy_value()

    i = types.intp
    return types.void(acc, rx, bias, i, types.float32, out, arg, i, i), code


def _later_if_greater(b: Any, x: Any, y: Any, kx: Any, ky: Any) -> tuple[Any, Any]:
    """Return y and ky where y > x, else x and kx; a NaN in x stays, one in y wins over a number."""
    takes = b.and_(greater(b, y, x), b.fcmp_ordered("ord", x, x))
    return b.select(takes, y, x), b.select(takes, ky, kx)


def _column_maxima(b: Any, top: Any, bottom: Any) -> tuple[Any, Any]:
    """Return the maxima of the 2x2 windows of two rows of L positions, and which of the four they are."""
    L = lanes_of(top)
    first, second = (filled(k, L, I32) for k in (0, 1))
    m, k = _later_if_greater(b, *(every_second(b, top, bottom, s) for s in (0, 1)), first, second)
    (above, below), (ka, kb) = (
        [shuffled(b, v, v, list(range(h, h + L // 2))) for h in (0, L // 2)] for v in (m, k)
    )
    return _later_if_greater(b, above, below, ka, b.add(kb, filled(2, L // 2, I32)))


@word
def pool_columns_store(tc, top, bottom, bias, floor, out, arg, o, step):
    """The same where lanes are columns: two rows of L positions x B filters become L/2 windows of B maxima.

    out[o + w*step + f] = max(floor, m + bias[f]) and arg for window w and filter f. Filters are turned into
    lanes in groups of L/2; lanes past the last filter spill onto the next window, which is stored later.
    """
    B, H = top.count, top.dtype.lanes // 2

    def code(ctx, b, sig, args):
        top_, bottom_, bias_, floor_, out_, arg_, o_, step_ = args
        low, off, both = splat_of(b, floor_, H), filled(4, H, I32), list(range(2 * H))
        columns = []  # of each filter: the maxima and, as bits, their numbers
        for f in range(B):
            m, k = _column_maxima(b, b.extract_value(top_, f), b.extract_value(bottom_, f))
            bias_f = b.load(address_of(ctx, b, sig.args[2], bias_, ctx.get_constant(types.intp, f)))
            m = b.fadd(m, splat_of(b, bias_f, H))
            on = greater(b, m, low)
            k = b.bitcast(b.select(on, k, off), m.type)
            columns.append(shuffled(b, b.select(on, m, low), k, both))
        columns += [columns[-1]] * (-B % H)
        groups = [transposed_vectors(b, columns[g : g + H]) for g in range(0, B, H)]
        for w in range(H):
            for g, group in enumerate(groups):
                index = plus(b, stepped(b, o_, step_, w), g * H)
                m, k = (shuffled(b, group[w], group[w], both[h : h + H]) for h in (0, H))
                store_at(b, m, address_of(ctx, b, sig.args[4], out_, index))
                k = b.trunc(b.bitcast(k, off.type), ir.VectorType(I8, H))
                store_at(b, k, address_of(ctx, b, sig.args[5], arg_, index))
        return ctx.get_dummy_value()

    i = types.intp
    return types.void(top, bottom, bias, types.float32, out, arg, i, i), code
