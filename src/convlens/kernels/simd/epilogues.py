"""How a convolution ends: words of the SIMD vocabulary that add a bias, apply ReLU, take maxima and store.

Must not know what is computed. Vectors, tiles and indices are explained in `simd.py`.
"""

from typing import Any

from llvmlite import ir
from numba.core import types

from convlens.kernels.simd.llvm import (
    I8,
    I32,
    address_of,
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
from convlens.kernels.simd.vectors import OFF, word

__all__ = ["pool_columns_store", "pool_store", "relu_store", "window_store"]


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
def pool_store(tc, acc, rx, bias, f, floor, out, winner, o, step):
    """Reduce a tile of 2 x RX positions to RX/2 maxima over 2x2, add the bias, apply ReLU, store.

    out[o + w*step + c*L] = max(floor, m + bias[f + c*L]) for window w, and winner = 0..3 (row-major) for the
    first maximum, `OFF` where ReLU is off. The bias comes after the maximum: it is the same in a window.
    """
    RX, L = constant(rx), acc.dtype.lanes
    V = acc.count // (2 * RX)

    def code(ctx, b, sig, args):
        a, _, bias_, f_, floor_, out_, winner_, o_, step_ = args
        low = splat_of(b, floor_, L)
        for w in range(RX // 2):
            for c in range(V):
                window = [(r * RX + 2 * w + s) * V + c for r in (0, 1) for s in (0, 1)]
                m, k = _first_maximum(b, [b.extract_value(a, p) for p in window])
                m = b.fadd(m, load_at(b, address_of(ctx, b, sig.args[2], bias_, plus(b, f_, c * L)), L))
                on = greater(b, m, low)
                index = plus(b, stepped(b, o_, step_, w), c * L)
                store_at(b, b.select(on, m, low), address_of(ctx, b, sig.args[5], out_, index))
                k = b.select(on, k, filled(OFF, L, I8))
                store_at(b, k, address_of(ctx, b, sig.args[6], winner_, index))
        return ctx.get_dummy_value()

    i = types.intp
    return types.void(acc, rx, bias, i, types.float32, out, winner, i, i), code


@word
def window_store(tc, values, beside, low, out, kept, winner, o):
    """Store one window's maximum at out[o : o + L], which it was, and of four others the one beside it.

    values, beside: four vectors each; winner as of `pool_store`, low: a vector of its floor.
    """

    def code(ctx, b, sig, args):
        values_, beside_, low_, out_, kept_, winner_, o_ = args
        p, others = ([b.extract_value(four, n) for n in range(4)] for four in (values_, beside_))
        m, k = _first_maximum(b, p)
        L, its_own = lanes_of(m), others[0]
        for n in range(1, 4):
            its_own = b.select(b.icmp_unsigned("==", k, filled(n, L, I8)), others[n], its_own)
        on = greater(b, m, low_)
        k = b.select(on, k, filled(OFF, L, I8))
        for array, place, v in ((3, out_, b.select(on, m, low_)), (4, kept_, its_own), (5, winner_, k)):
            store_at(b, v, address_of(ctx, b, sig.args[array], place, o_))
        return ctx.get_dummy_value()

    return types.void(values, beside, low, out, kept, winner, types.intp), code


def _later_if_greater(b: Any, x: Any, y: Any, kx: Any, ky: Any) -> tuple[Any, Any]:
    """Return y and ky where y > x, else x and kx; a NaN in x stays, one in y wins over a number."""
    takes = b.and_(greater(b, y, x), b.fcmp_ordered("ord", x, x))
    return b.select(takes, y, x), b.select(takes, ky, kx)


def _column_maxima(b: Any, top: Any, bottom: Any) -> tuple[Any, Any]:
    """Return the maxima of the 2x2 windows of two rows of L positions, and which of the four they are."""
    L = lanes_of(top)
    first, second = (filled(k, L, I32) for k in (0, 1))
    even, odd = (every_second(b, top, bottom, s) for s in (0, 1))
    m, k = _later_if_greater(b, even, odd, first, second)
    (above, below), (ka, kb) = (
        [shuffled(b, v, v, list(range(h, h + L // 2))) for h in (0, L // 2)] for v in (m, k)
    )
    return _later_if_greater(b, above, below, ka, b.add(kb, filled(2, L // 2, I32)))


@word
def pool_columns_store(tc, top, bottom, bias, floor, out, winner, o, step):
    """The same where lanes are columns: two rows of L positions x B filters become L/2 windows of B maxima.

    out[o + w*step + f] = max(floor, m + bias[f]) and the winner for window w and filter f. Filters are turned
    into lanes in groups of L/2; lanes past the last filter spill onto the next window, stored later.
    """
    B, H = top.count, top.dtype.lanes // 2

    def code(ctx, b, sig, args):
        top_, bottom_, bias_, floor_, out_, winner_, o_, step_ = args
        low, off, both = splat_of(b, floor_, H), filled(OFF, H, I32), list(range(2 * H))
        # Maxima and winners go through the transposition as one vector, the winners as bits of float32: a
        # shuffle costs the same whatever it moves.
        columns = []
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
                store_at(b, k, address_of(ctx, b, sig.args[5], winner_, index))
        return ctx.get_dummy_value()

    i = types.intp
    return types.void(top, bottom, bias, types.float32, out, winner, i, i), code
