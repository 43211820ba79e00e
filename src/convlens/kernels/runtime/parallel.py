"""A kernel's work in shares, on several threads. Must not know any kernel, nor which pool the threads are of.

Numba's own way, `prange`, turns a loop into a function by analysing it: with a kernel's twenty arguments that
is most of its time to compile. Here the function is there already, and a pool calls it: `convlens_in_shares`,
a name that LLVM is told when the threads are started (`threads.py`), so that compiled kernels serve any pool.

A kernel splits its work into a fixed number of shares by shape, never by the number of threads, so the bits
do not depend on it.
"""

from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

from convlens.kernels.simd.llvm import I8

__all__ = ["SHARES", "in_shares"]

SHARES = 64
"""Into how many shares work is split at most: as many threads can take part."""

POINTER, SIZE = I8.as_pointer(), ir.IntType(64)


@intrinsic
def in_shares(tc, body, shares, args):
    """body(t, shares, *args) for t = 0, …, shares - 1, each on any of the threads; one share on this one.

    `body` is an `inner` function that returns nothing and raises nothing.
    """
    given = [types.unliteral(ty) for ty in args.types]
    call = body.get_call_type(tc, (types.intp, types.intp, *given), {})

    def code(ctx, b, sig, values):
        _, count, packed = values
        compiled = body.dispatcher.overloads[tuple(call.args)]
        # The body is compiled already, in a library of its own: it is linked, not compiled once more.
        ctx.active_code_library.add_linking_library(compiled.library)
        # On this thread's stack: the pool's call returns only when every share is done.
        held = cgutils.alloca_once_value(b, cgutils.pack_struct(b, [count, packed]))
        one_share = _one_share(ctx, b, compiled, call, held.type)
        kind = ir.FunctionType(ir.VoidType(), [POINTER, POINTER, SIZE])
        pool = cgutils.get_or_insert_function(b.module, kind, "convlens_in_shares")
        b.call(pool, [b.bitcast(one_share, POINTER), b.bitcast(held, POINTER), count])
        return ctx.get_dummy_value()

    return types.void(body, types.intp, types.Tuple(given)), code


def _one_share(ctx: Any, b: Any, compiled: Any, call: Any, held: Any) -> Any:
    """Make one_share(t, held), which calls the body; held: the number of shares, and the arguments."""
    kind = ir.FunctionType(ir.VoidType(), [SIZE, POINTER])
    made = ir.Function(b.module, kind, b.module.get_unique_name("one_share"))
    made.linkage = "internal"  # known to this module alone, so LLVM may put the body in its place
    inside = ir.IRBuilder(made.append_basic_block())
    t, address = made.args
    whole = inside.load(inside.bitcast(address, held))
    count, packed = (inside.extract_value(whole, k) for k in (0, 1))
    values = cgutils.unpack_tuple(inside, packed, len(call.args) - 2)
    ctx.call_internal_no_propagate(inside, compiled.fndesc, call, [t, count, *values])
    inside.ret_void()
    return made
