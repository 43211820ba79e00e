"""The SIMD vocabulary: vectors and register tiles for Numba kernels. Must not know what is computed.

A *vector* is an LLVM value of L float32 lanes. A *tile* is a tuple of vectors; LLVM splits such a tuple into
single values, so a tile that a loop carries along lives in SIMD registers. Sizes are compile-time
constants: a literal int, or a tuple whose length is the size (`size(n)`; module-level functions take
their sizes this way, because a closure over another compiled function cannot be cached on disk).

L is a power of two: 4 (NEON, SSE), 8 (AVX2) or 16 (AVX-512). Arrays are flat and C-contiguous, an index counts
elements, loads and stores need no alignment, nothing checks bounds: buffers end in slack.
Written for speed are only the operations here; what they add up to is in the other files of this room.
"""

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.core.datamodel import models
from numba.core.datamodel.registry import register_default as register_model
from numba.extending import intrinsic

__all__ = [
    "axpy_rows",
    "fma",
    "fma_outer",
    "fma_rows",
    "load",
    "loads",
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

F32, I8, I32 = ir.FloatType(), ir.IntType(8), ir.IntType(32)


def size(n: int) -> tuple[int, ...]:
    """Return a tuple of length n, which tells a compiled function the constant n by its type."""
    return (0,) * n


class Vector(types.Type):  # type: ignore[misc]  # numba has no types
    """Numba's type of one vector of float32 lanes."""

    def __init__(self, lanes: int) -> None:
        self.lanes = lanes
        super().__init__(name=f"f32x{lanes}")


@register_model(Vector)
class _VectorModel(models.PrimitiveModel):  # type: ignore[misc]
    """Tell Numba that a vector is one LLVM value."""

    def __init__(self, dmm: Any, fe_type: Vector) -> None:
        super().__init__(dmm, fe_type, ir.VectorType(F32, fe_type.lanes))


def word(function: Callable[..., Any]) -> Callable[..., Any]:
    """Make an operation of this vocabulary; sizes that are literal ints stay literal."""
    made: Callable[..., Any] = intrinsic(prefer_literal=True)(function)
    return made


# ---------------------------------------------------------------- building blocks (LLVM, not Numba)


def _constant(ty: Any) -> int:
    """Return the size that a literal int or a tuple type stands for."""
    return int(ty.literal_value if hasattr(ty, "literal_value") else ty.count)


def _lanes(v: Any) -> int:
    """Return the number of lanes of an LLVM vector value."""
    return int(v.type.count)


def _address(ctx: Any, b: Any, ty: Any, arr: Any, index: Any) -> Any:
    """Return the address of arr[index]."""
    return b.gep(ctx.make_array(ty)(ctx, b, arr).data, [index])


def _load(b: Any, address: Any, lanes: int, of: Any = F32) -> Any:
    """Load lanes consecutive elements."""
    v = b.load(b.bitcast(address, ir.VectorType(of, lanes).as_pointer()))
    v.align = 4 if of == F32 else 1
    return v


def _store(b: Any, v: Any, address: Any) -> None:
    """Store the lanes of v one after the other."""
    b.store(v, b.bitcast(address, v.type.as_pointer())).align = 1 if v.type.element == I8 else 4


def _filled(x: float, lanes: int, of: Any = F32) -> Any:
    """Return the constant vector whose lanes are all x."""
    return ir.Constant(ir.VectorType(of, lanes), [x] * lanes)


def _splat(b: Any, x: Any, lanes: int) -> Any:
    """Return the vector whose lanes are all the scalar x."""
    nothing = ir.Constant(ir.VectorType(F32, lanes), ir.Undefined)
    first = b.insert_element(nothing, x, I32(0))
    return b.shuffle_vector(first, nothing, ir.Constant(ir.VectorType(I32, lanes), [0] * lanes))


def _math(b: Any, name: str, *args: Any) -> Any:
    """Call an LLVM intrinsic function such as fma or sqrt lane by lane."""
    ty = args[0].type
    signature = ir.FunctionType(ty, [ty] * len(args))
    return b.call(cgutils.get_or_insert_function(b.module, signature, f"llvm.{name}.v{ty.count}f32"), args)


def _plus(b: Any, base: Any, k: int) -> Any:
    """Return base + k."""
    return base if k == 0 else b.add(base, ir.Constant(base.type, k))


def _step(b: Any, base: Any, stride: Any, k: int) -> Any:
    """Return base + k * stride."""
    return base if k == 0 else b.add(base, b.mul(stride, ir.Constant(stride.type, k)))


def _greater(b: Any, x: Any, y: Any) -> Any:
    """Return x > y, true where either is NaN: what is not a number is never switched off."""
    return b.fcmp_unordered(">", x, y)


# ---------------------------------------------------------------- vectors


@word
def load(tc, arr, i, lanes):
    """Return one vector arr[i : i + L]; uint8 becomes float32."""
    L = _constant(lanes)

    def code(ctx, b, sig, args):
        address = _address(ctx, b, sig.args[0], args[0], args[1])
        if sig.args[0].dtype == types.float32:
            return _load(b, address, L)
        return b.uitofp(_load(b, address, L, I8), ir.VectorType(F32, L))

    return Vector(L)(arr, types.intp, lanes), code


@word
def store(tc, arr, i, v):
    """arr[i : i + L] = v."""

    def code(ctx, b, sig, args):
        _store(b, args[2], _address(ctx, b, sig.args[0], args[0], args[1]))
        return ctx.get_dummy_value()

    return types.void(arr, types.intp, v), code


@word
def splat(tc, x, lanes):
    """Return the vector whose L lanes are all the float32 x."""
    L = _constant(lanes)
    return Vector(L)(types.float32, lanes), lambda _ctx, b, _sig, args: _splat(b, args[0], L)


@word
def fma(tc, x, y, z):
    """Return x * y + z with one rounding."""
    return x(x, x, x), lambda _ctx, b, _sig, args: _math(b, "fma", *args)


@word
def vsqrt(tc, x):
    """Return the square roots."""
    return x(x), lambda _ctx, b, _sig, args: _math(b, "sqrt", *args)


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
    return x(x, x), lambda _ctx, b, _sig, args: b.select(_greater(b, *args), *args)


@word
def select_live(tc, v, mask, i):
    """Return v where it is live, else 0.

    Live means mask[i + lane] != 0 for a float32 mask (an output of ReLU), mask[i + lane] < 4 for a
    uint8 mask (the argmax of a pooling window, 4 where ReLU is off).
    """

    def code(ctx, b, sig, args):
        L = _lanes(args[0])
        address = _address(ctx, b, sig.args[1], args[1], args[2])
        if sig.args[1].dtype == types.float32:
            on = b.fcmp_unordered("!=", _load(b, address, L), _filled(0.0, L))
        else:
            on = b.icmp_unsigned("<", _load(b, address, L, I8), _filled(4, L, I8))
        return b.select(on, args[0], _filled(0.0, L))

    return v(v, mask, types.intp), code


# ---------------------------------------------------------------- tiles


@word
def zeros(tc, n, lanes):
    """Return a tile of n zero vectors."""
    L = _constant(lanes)
    tile = types.UniTuple(Vector(L), _constant(n))
    return tile(n, lanes), lambda ctx, b, _sig, _args: ctx.make_tuple(b, tile, [_filled(0.0, L)] * tile.count)


@word
def loads(tc, arr, i, row, rows, cols, lanes):
    """Return a tile of rows x cols vectors; vector (r, c) = arr[i + r*row + c*L : ... + L]."""
    R, V, L = _constant(rows), _constant(cols), _constant(lanes)
    tile = types.UniTuple(Vector(L), R * V)

    def code(ctx, b, sig, args):
        vectors = []
        for r in range(R):
            base = _step(b, args[1], args[2], r)
            for c in range(V):
                vectors.append(_load(b, _address(ctx, b, sig.args[0], args[0], _plus(b, base, c * L)), L))
        return ctx.make_tuple(b, tile, vectors)

    return tile(arr, types.intp, types.intp, rows, cols, lanes), code


@word
def stores(tc, arr, i, row, cols, tile):
    """Store a tile of len(tile)/cols rows: the inverse of `loads`."""
    V = _constant(cols)

    def code(ctx, b, sig, args):
        for k in range(sig.args[4].count):
            v = b.extract_value(args[4], k)
            index = _plus(b, _step(b, args[1], args[2], k // V), k % V * _lanes(v))
            _store(b, v, _address(ctx, b, sig.args[0], args[0], index))
        return ctx.get_dummy_value()

    return types.void(arr, types.intp, types.intp, cols, tile), code


@word
def fma_outer(tc, acc, x, o, sx, sy, rx, ry, w, t):
    """acc[(r*RX + s)*V + v] += x[o + r*sy + s*sx] * w[t + v*L : + L].

    The outer product of RY x RX scalars, each broadcast to all lanes, with V vectors.
    """
    RX, RY, L = _constant(rx), _constant(ry), acc.dtype.lanes
    V = acc.count // (RX * RY)

    def code(ctx, b, sig, args):
        a, x_, o_, sx_, sy_, _, _, w_, t_ = args
        vectors = [_load(b, _address(ctx, b, sig.args[7], w_, _plus(b, t_, v * L)), L) for v in range(V)]
        out = []
        for k in range(RY * RX):
            index = _step(b, _step(b, o_, sy_, k // RX), sx_, k % RX)
            scalar = _splat(b, b.load(_address(ctx, b, sig.args[1], x_, index)), L)
            out += [_math(b, "fma", scalar, vectors[v], b.extract_value(a, k * V + v)) for v in range(V)]
        return ctx.make_tuple(b, sig.args[0], out)

    i = types.intp
    return acc(acc, x, i, i, i, rx, ry, w, i), code


@word
def fma_rows(tc, acc, g, x, o, row, cols):
    """acc[r*V + c] += g * x[o + r*row + c*L : + L]: a scalar times a patch."""
    V, L = _constant(cols), acc.dtype.lanes

    def code(ctx, b, sig, args):
        a, g_, x_, o_, row_, _ = args
        scalar, out = _splat(b, g_, L), []
        for k in range(sig.args[0].count):
            index = _plus(b, _step(b, o_, row_, k // V), k % V * L)
            v = _load(b, _address(ctx, b, sig.args[2], x_, index), L)
            out.append(_math(b, "fma", scalar, v, b.extract_value(a, k)))
        return ctx.make_tuple(b, sig.args[0], out)

    return acc(acc, types.float32, x, types.intp, types.intp, cols), code


@word
def axpy_rows(tc, y, o, row, cols, g, tile):
    """y[o + r*row + c*L : + L] += g * tile[r*V + c]: a scalar times a tile, added onto a patch."""
    V, L = _constant(cols), tile.dtype.lanes

    def code(ctx, b, sig, args):
        y_, o_, row_, _, g_, t_ = args
        scalar = _splat(b, g_, L)
        for k in range(sig.args[5].count):
            index = _plus(b, _step(b, o_, row_, k // V), k % V * L)
            address = _address(ctx, b, sig.args[0], y_, index)
            _store(b, _math(b, "fma", scalar, b.extract_value(t_, k), _load(b, address, L)), address)
        return ctx.get_dummy_value()

    return types.void(y, types.intp, types.intp, cols, types.float32, tile), code


@word
def transposed(tc, tile):
    """Return the transpose of a square tile of L vectors with L lanes, in log2(L) rounds of swaps."""
    L = tile.count

    def code(ctx, b, sig, args):
        v = [b.extract_value(args[0], k) for k in range(L)]
        half = 1
        while half < L:  # swap the off-diagonal halves of all blocks of 2*half x 2*half
            index = [[0] * L, [0] * L]
            for k in range(L):
                low = k & half == 0
                index[0][k] = k if low else L + k - half
                index[1][k] = k + half if low else L + k
            shuffles = [ir.Constant(ir.VectorType(I32, L), i) for i in index]
            for k in range(L):
                if k & half == 0:
                    x, y = v[k], v[k + half]
                    v[k], v[k + half] = (b.shuffle_vector(x, y, s) for s in shuffles)
            half *= 2
        return ctx.make_tuple(b, sig.args[0], v)

    return tile(tile), code


# ---------------------------------------------------------------- what ends a convolution


@word
def relu_store(tc, acc, bias, f, floor, out, o, step, cols):
    """out[o + r*step + c*L : + L] = max(floor, acc[r*V + c] + bias[f + c*L : + L]).

    The floor is 0 for ReLU, NaN for none (see `vmax`).
    """
    V, L = _constant(cols), acc.dtype.lanes

    def code(ctx, b, sig, args):
        a, bias_, f_, floor_, out_, o_, step_, _ = args
        low = _splat(b, floor_, L)
        for k in range(sig.args[0].count):
            biases = _load(b, _address(ctx, b, sig.args[1], bias_, _plus(b, f_, k % V * L)), L)
            m = b.fadd(b.extract_value(a, k), biases)
            m = b.select(_greater(b, m, low), m, low)
            index = _plus(b, _step(b, o_, step_, k // V), k % V * L)
            _store(b, m, _address(ctx, b, sig.args[4], out_, index))
        return ctx.get_dummy_value()

    i = types.intp
    return types.void(acc, bias, i, types.float32, out, i, i, cols), code


def _first_maximum(b: Any, p: list[Any]) -> tuple[Any, Any]:
    """Return the maximum of p and the number of the first one; a NaN wins over all that follow."""
    m, k = p[0], _filled(0, _lanes(p[0]), I8)
    for n in range(1, len(p)):
        takes = b.and_(_greater(b, p[n], m), b.fcmp_ordered("ord", m, m))
        m = b.select(takes, p[n], m)
        k = b.select(takes, _filled(n, _lanes(m), I8), k)
    return m, k


@word
def pool_store(tc, acc, rx, bias, f, floor, out, arg, o, step):
    """Reduce a tile of 2 x RX positions to RX/2 maxima over 2x2, add the bias, apply ReLU, store.

    out[o + w*step + c*L] = max(floor, m + bias[f + c*L]) for window w, and arg = 0..3 (row-major) for the
    first maximum, 4 where ReLU is off. The bias comes after the maximum: it is the same in a window.
    """
    RX, L = _constant(rx), acc.dtype.lanes
    V = acc.count // (2 * RX)

    def code(ctx, b, sig, args):
        a, _, bias_, f_, floor_, out_, arg_, o_, step_ = args
        low = _splat(b, floor_, L)
        for w in range(RX // 2):
            for c in range(V):
                window = [(r * RX + 2 * w + s) * V + c for r in (0, 1) for s in (0, 1)]
                m, k = _first_maximum(b, [b.extract_value(a, p) for p in window])
                m = b.fadd(m, _load(b, _address(ctx, b, sig.args[2], bias_, _plus(b, f_, c * L)), L))
                on = _greater(b, m, low)
                index = _plus(b, _step(b, o_, step_, w), c * L)
                _store(b, b.select(on, m, low), _address(ctx, b, sig.args[5], out_, index))
                _store(b, b.select(on, k, _filled(4, L, I8)), _address(ctx, b, sig.args[6], arg_, index))
        return ctx.get_dummy_value()

    i = types.intp
    return types.void(acc, rx, bias, i, types.float32, out, arg, i, i), code
