"""Words of the SIMD vocabulary in which each lane is a channel of its own. Must not know what is computed.

Vectors, tiles and indices are explained in `vectors.py`.
"""

from numba.core import types

from convlens.kernels.simd.llvm import address_of, call_math, load_at, plus, stepped
from convlens.kernels.simd.vectors import word

__all__ = ["fma_lanes", "fma_places"]


@word
def fma_lanes(tc, acc, x, o, step, w):
    """acc[r] += x[o + r*step : + L] * w: a vector of weights, one a lane, times several positions."""
    L = acc.dtype.lanes

    def code(ctx, b, sig, args):
        a, x_, o_, step_, w_ = args
        out = []
        for r in range(sig.args[0].count):
            v = load_at(b, address_of(ctx, b, sig.args[1], x_, stepped(b, o_, step_, r)), L)
            out.append(call_math(b, "fma", v, w_, b.extract_value(a, r)))
        return ctx.make_tuple(b, sig.args[0], out)

    return acc(acc, x, types.intp, types.intp, w), code


@word
def fma_places(tc, acc, x, o, places, k, d):
    """acc[t] += x[o + places[k + t] : + L] * d: a vector of derivatives times what lies at several places."""
    L = acc.dtype.lanes

    def code(ctx, b, sig, args):
        a, x_, o_, places_, k_, d_ = args
        out = []
        for t in range(sig.args[0].count):
            place = b.load(address_of(ctx, b, sig.args[3], places_, plus(b, k_, t)))
            v = load_at(b, address_of(ctx, b, sig.args[1], x_, b.add(o_, place)), L)
            out.append(call_math(b, "fma", v, d_, b.extract_value(a, t)))
        return ctx.make_tuple(b, sig.args[0], out)

    return acc(acc, x, types.intp, places, types.intp, d), code
