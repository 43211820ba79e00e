"""A kernel's work in shares, on several threads. Must not know any kernel.

Numba's own way, `prange`, turns a loop into a function by analysing it: with a kernel's twenty arguments that
is most of its time to compile. Here the function is there already, and Numba's pool of threads is called as
`prange` calls it (`numba_parallel_for`; the signature is in `numba/np/ufunc/parallel.py` of version 0.68).

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
ONE = ir.Constant(SIZE, 1)


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
        get_threads = _external(b, "get_num_threads", SIZE, [])
        threads = b.call(get_threads, [])
        # The same shares in the same order of sums, without waking the pool.
        alone = b.or_(b.icmp_signed("==", count, ONE), b.icmp_signed("==", threads, ONE))
        with b.if_else(alone) as (here, everywhere):
            with here, cgutils.for_range(b, count) as loop:
                b.call(one_share, [loop.index, b.bitcast(held, POINTER)])
            with everywhere:
                _on_threads(b, one_share, count, held, threads)
        return ctx.get_dummy_value()

    return types.void(body, types.intp, types.Tuple(given)), code


def _external(b: Any, name: str, result: Any, args: list[Any]) -> Any:
    """Return a function of Numba's threading layer."""
    return cgutils.get_or_insert_function(b.module, ir.FunctionType(result, args), name)


def _function(b: Any, name: str, args: list[Any]) -> Any:
    """Return a new private function of the module that `b` writes to."""
    made = ir.Function(b.module, ir.FunctionType(ir.VoidType(), args), b.module.get_unique_name(name))
    made.linkage = "internal"  # known to this module alone, so LLVM may put it in its caller's place
    return made


def _one_share(ctx: Any, b: Any, compiled: Any, call: Any, held: Any) -> Any:
    """Make one_share(t, held), which calls the body; held: the number of shares, and the arguments."""
    made = _function(b, "one_share", [SIZE, POINTER])
    inside = ir.IRBuilder(made.append_basic_block())
    t, address = made.args
    whole = inside.load(inside.bitcast(address, held))
    count, packed = (inside.extract_value(whole, k) for k in (0, 1))
    values = cgutils.unpack_tuple(inside, packed, len(call.args) - 2)
    ctx.call_internal_no_propagate(inside, compiled.fndesc, call, [t, count, *values])
    inside.ret_void()
    return made


def _on_threads(b: Any, one_share: Any, count: Any, held: Any, threads: Any) -> None:
    """Let the pool call the shares, dimensions[0] of them at a time.

    The pool moves an array's pointer by the step times the first number of a range; ours starts at address 0
    with a step of 1, so that the pointer itself is that number.
    """
    of_pool = [POINTER.as_pointer(), SIZE.as_pointer(), SIZE.as_pointer(), POINTER]
    made = _function(b, "range_of_parts", of_pool)
    inside = ir.IRBuilder(made.append_basic_block())
    arrays, dimensions, _, address = made.args
    first = inside.ptrtoint(inside.load(arrays), SIZE)
    with cgutils.for_range(inside, inside.load(dimensions)) as loop:
        inside.call(one_share, [inside.add(first, loop.index), address])
    inside.ret_void()

    pool = _external(b, "numba_parallel_for", ir.VoidType(), [POINTER] * 5 + [SIZE] * 3)
    slots = [cgutils.alloca_once_value(b, v) for v in (ir.Constant(POINTER, None), count, ONE)]
    pointers = [b.bitcast(p, POINTER) for p in (made, *slots, held)]
    inner_dimensions, arrays_given = ir.Constant(SIZE, 0), ONE
    b.call(pool, [*pointers, inner_dimensions, arrays_given, threads])
