"""Switching vectors on and off: a word of the SIMD vocabulary. Must not know what is computed."""

from convlens.kernels.simd.llvm import filled, greater, lanes_of
from convlens.kernels.simd.vectors import word

__all__ = ["where_above"]


@word
def where_above(tc, v, x, floor):
    """Return v where x > floor or either is NaN, else 0: a derivative behind `vmax(x, floor)`."""

    def code(_ctx, b, _sig, args):
        v_, x_, floor_ = args
        return b.select(greater(b, x_, floor_), v_, filled(0.0, lanes_of(v_)))

    return v(v, x, floor), code
