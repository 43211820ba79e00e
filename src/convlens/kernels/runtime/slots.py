"""Scratch for whoever is at work: a share takes a *slot*, and gives it back. Must not know any kernel.

There are more shares than threads, and scratch of a share's own would be cold each time. So scratch has a row
for each slot, and a thread comes back to the same slot, whichever share it does: the row stays in its cache.
What is in scratch when a share begins never matters, so neither does who had the slot before.
"""

from typing import Any

from llvmlite import ir
from numba.core import cgutils, types

from convlens.kernels.runtime.compiler import inner
from convlens.kernels.runtime.parallel import SHARES
from convlens.kernels.simd.llvm import I8, address_of
from convlens.kernels.simd.vectors import word

__all__ = ["APART", "SLOTS", "give", "take"]

SLOTS = SHARES
"""As many as there can be shares at work: one is always free."""

APART = 8
"""Numbers from one slot's flag to the next: a cache line."""

SIZE, BITS = ir.IntType(64), 6
GOLDEN = 0x9E3779B97F4A7C15
"""2**64 divided by the golden ratio: what differs a little is spread evenly over all slots."""


@word
def home(tc):
    """Return the slot at which this thread looks first."""

    def code(_ctx, b, _sig, _args):
        # Each thread has a stack of its own, a megabyte or more from the others.
        here = b.ptrtoint(cgutils.alloca_once(b, I8), SIZE)
        mixed = b.mul(b.lshr(here, ir.Constant(SIZE, 19)), ir.Constant(SIZE, GOLDEN))
        return b.lshr(mixed, ir.Constant(SIZE, 64 - BITS))

    return types.intp(), code


@word
def taken(tc, flags, i):
    """Set flags[i], and say whether it was free until now."""

    def code(ctx, b, sig, args):
        place, free, busy = address_of(ctx, b, sig.args[0], *args), ir.Constant(SIZE, 0), ir.Constant(SIZE, 1)
        return b.extract_value(b.cmpxchg(place, free, busy, "acquire", "monotonic"), 1)

    return types.boolean(flags, types.intp), code


@word
def freed(tc, flags, i):
    """Clear flags[i], after all that was written before."""

    def code(ctx, b, sig, args):
        b.store_atomic(ir.Constant(SIZE, 0), address_of(ctx, b, sig.args[0], *args), "release", 8)
        return ctx.get_dummy_value()

    return types.void(flags, types.intp), code


@inner
def take(flags: Any) -> Any:
    """Return a slot that nobody else has until `give`; flags: int64, zeros, APART numbers for each slot."""
    slot = home()
    while not taken(flags, slot * APART):
        slot = (slot + 1) % SLOTS
    return slot


@inner
def give(flags: Any, slot: Any) -> None:
    """Let others have the slot."""
    freed(flags, slot * APART)
