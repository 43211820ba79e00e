"""What runs a tape: one function that Python calls, and that calls doors. Must not know any kernel."""

from typing import Any

from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic

from convlens.kernels.runtime.cache import cached
from convlens.kernels.runtime.doors import WORD
from convlens.kernels.runtime.flags import compiled

__all__ = ["replay"]


@intrinsic  # type: ignore[untyped-decorator]
def _word(tc: Any, address: Any) -> Any:
    """Return the word at an address."""

    def code(ctx: Any, b: Any, sig: Any, args: Any) -> Any:
        return b.load(b.inttoptr(args[0], WORD.as_pointer()))

    return types.int64(types.int64), code


@intrinsic  # type: ignore[untyped-decorator]
def _through(tc: Any, door: Any, leaves: Any) -> Any:
    """Call the kernel behind a door; both are addresses."""

    def code(ctx: Any, b: Any, sig: Any, args: Any) -> Any:
        table = WORD.as_pointer().as_pointer()
        door = b.inttoptr(args[0], ir.FunctionType(WORD, [table]).as_pointer())
        return b.call(door, [b.inttoptr(args[1], table)])

    return types.int64(types.int64, types.int64), code


@cached
@compiled(nogil=True)
def replay(program: int) -> int:
    """Call the doors that stand at an address: how many, then door and leaves of each."""
    for k in range(_word(program)):
        status = _through(_word(program + 16 * k + 8), _word(program + 16 * k + 16))
        if status != 0:
            return status
    return 0
