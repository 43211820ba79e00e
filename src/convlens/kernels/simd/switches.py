"""Switching vectors on and off: a word of the SIMD vocabulary. Must not know what is computed."""

from numba.core import types

from convlens.kernels.simd.llvm import I8, address_of, constant, filled, greater, lanes_of, load_at
from convlens.kernels.simd.vectors import word

__all__ = ["where_above", "where_won"]


@word
def where_above(tc, v, x, floor):
    """Return v where x > floor or either is NaN, else 0: a derivative behind `vmax(x, floor)`."""

    def code(_ctx, b, _sig, args):
        v_, x_, floor_ = args
        return b.select(greater(b, x_, floor_), v_, filled(0.0, lanes_of(v_)))

    return v(v, x, floor), code


@word
def where_won(tc, v, winner, i, k):
    """Return v where winner[i + lane] is the int k, else 0: a derivative of member k of pooling windows."""
    K = constant(k)

    def code(ctx, b, sig, args):
        L = lanes_of(args[0])
        winners = load_at(b, address_of(ctx, b, sig.args[1], args[1], args[2]), L, I8)
        return b.select(b.icmp_unsigned("==", winners, filled(K, L, I8)), args[0], filled(0.0, L))

    return v(v, winner, types.intp, k), code
