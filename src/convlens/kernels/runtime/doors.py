"""The door of a kernel: one function that reads the kernel's arguments from memory. Must not know any kernel.

Numba's own way from Python looks at each argument, unpacks it and calls: for twenty arguments that takes some
microseconds, and a tenth of the time to compile a kernel. Ours is machine code beside the kernel, in the same
library and so in the same file of the cache:

    door(leaves)         int64 door(int64 **leaves), 0 or the whole number that the kernel returns

An argument is made of *leaves*: a number or an array is one, a tuple has those of its members. Each leaf lies
in memory as *words* of 64 bits, and `leaves` says where: a number is a word that holds its bits, an array its
address and its shape. So whoever writes a leaf's words changes an argument, and nothing is looked at again
(`tapes.py`).
"""

from collections.abc import Iterator
from itertools import count
from typing import Any

from llvmlite import ir
from numba.core import types
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.compiler_machinery import register_pass
from numba.core.lowering import Lower
from numba.core.typed_passes import BaseNativeLowering, NativeLowering
from numba.np.arrayobj import populate_array

from convlens.errors import UsageError

__all__ = ["WithDoor", "door_of"]

WORD = ir.IntType(64)


class WithDoor(CompilerBase):  # type: ignore[misc]  # numba has no types
    """Numba's compiler, which makes a door where it would make a wrapper for Python."""

    def define_pipelines(self) -> list[Any]:
        pipeline = DefaultPassBuilder.define_nopython_pipeline(self.state)
        pipeline.passes = [
            (_LoweringWithDoor if made is NativeLowering else made, text) for made, text in pipeline.passes
        ]
        pipeline.finalize()
        return [pipeline]


class _Lower(Lower):  # type: ignore[misc]
    """Numba's way from its own code to LLVM's, and a door."""

    def create_cpython_wrapper(self, release_gil: bool = False) -> None:
        del release_gil  # whoever calls doors has released it
        _add_door(self.context, self.library, self.fndesc)


@register_pass(mutates_CFG=True, analysis_only=False)
class _LoweringWithDoor(BaseNativeLowering):  # type: ignore[misc]
    """The pass of Numba's compiler that uses it."""

    _name = "native_lowering_with_door"

    @property
    def lowering_class(self) -> type[_Lower]:
        return _Lower


def door_of(compiled: Any) -> int:
    """Return the address of the door of what Numba has compiled, or read from the cache.

    Raises:
        UsageError: the kernel returns what a door has no room for.
    """
    returned = compiled.fndesc.restype
    if not isinstance(returned, types.Integer | types.NoneType):
        name = compiled.fndesc.qualname
        raise UsageError(f"`{name}`, an entry, must return nothing or a whole number. Got {returned}.")
    address = int(compiled.library.get_pointer_to_function(_name(compiled.fndesc)))
    if not address:
        raise RuntimeError(f"{compiled.fndesc.qualname} was compiled without a door")
    return address


def _name(fndesc: Any) -> str:
    """Return the name of a kernel's door in its library."""
    return f"door.{fndesc.llvm_func_name}"


def _add_door(ctx: Any, library: Any, fndesc: Any) -> None:
    """Add the door of the kernel that `fndesc` describes to its library."""
    module = ctx.create_module("door")
    signature = ctx.call_conv.get_function_type(fndesc.restype, fndesc.argtypes)
    kernel = ir.Function(module, signature, fndesc.llvm_func_name)
    leaf = WORD.as_pointer()
    door = ir.Function(module, ir.FunctionType(WORD, [leaf.as_pointer()]), _name(fndesc))
    b, number = ir.IRBuilder(door.append_basic_block()), count()
    leaves = (b.load(b.gep(door.args[0], [WORD(k)])) for k in number)
    given = [_value(ctx, b, ty, leaves) for ty in fndesc.argtypes]
    # Not inlined: the kernel is there already, as other kernels' doors and its own tests know it.
    _, result = ctx.call_conv.call_function(b, kernel, fndesc.restype, fndesc.argtypes, given, ("noinline",))
    if isinstance(fndesc.restype, types.Integer):
        b.ret((b.sext if fndesc.restype.signed else b.zext)(result, WORD))
    else:
        b.ret(WORD(0))
    library.add_ir_module(module)


def _value(ctx: Any, b: Any, ty: Any, leaves: Iterator[Any]) -> Any:
    """Return the argument that the next leaves are."""
    if isinstance(ty, types.BaseTuple):
        return ctx.make_tuple(b, ty, [_value(ctx, b, member, leaves) for member in ty])
    words = next(leaves)
    if isinstance(ty, types.Array):
        return _array(ctx, b, ty, words)
    as_value = ctx.get_value_type(ty)
    bits = b.load(words)
    if isinstance(ty, types.Float):
        return b.bitcast(b.trunc(bits, ir.IntType(ty.bitwidth)) if ty.bitwidth < 64 else bits, as_value)
    return bits if as_value == WORD else b.trunc(bits, as_value)


def _array(ctx: Any, b: Any, ty: Any, words: Any) -> Any:
    """Return a C-contiguous array of an address and a shape."""
    address, *shape = (b.load(b.gep(words, [WORD(k)])) for k in range(1 + ty.ndim))
    size = ctx.get_abi_sizeof(ctx.get_data_type(ty.dtype))
    strides = [WORD(size)]
    for extent in reversed(shape[1:]):
        strides.insert(0, b.mul(strides[0], extent))
    made = ctx.make_array(ty)(ctx, b)
    data = b.inttoptr(address, made.data.type)
    populate_array(made, data, shape, strides, size, meminfo=None)
    return made._getvalue()  # noqa: SLF001  # as Numba's own code does
