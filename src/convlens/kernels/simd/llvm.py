"""Building blocks of the SIMD vocabulary: LLVM values of one vector of float32 lanes. Must not know tiles.

`b` is an LLVM builder and `ctx` Numba's target context, as in every Numba intrinsic.
"""

from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.core.datamodel import models
from numba.core.datamodel.registry import register_default as register_model

__all__ = [
    "F32",
    "I8",
    "I32",
    "Vector",
    "address_of",
    "call_math",
    "constant",
    "every_second",
    "filled",
    "greater",
    "lanes_of",
    "load_at",
    "plus",
    "shuffled",
    "splat_of",
    "stepped",
    "store_at",
    "transposed_vectors",
]

F32, I8, I32 = ir.FloatType(), ir.IntType(8), ir.IntType(32)


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


def constant(ty: Any) -> int:
    """Return the size that a literal int or a tuple type stands for."""
    return int(ty.literal_value if hasattr(ty, "literal_value") else ty.count)


def lanes_of(v: Any) -> int:
    """Return the number of lanes of an LLVM vector value."""
    return int(v.type.count)


def address_of(ctx: Any, b: Any, ty: Any, arr: Any, index: Any) -> Any:
    """Return the address of arr[index]."""
    return b.gep(ctx.make_array(ty)(ctx, b, arr).data, [index])


def load_at(b: Any, address: Any, lanes: int, of: Any = F32) -> Any:
    """Load lanes consecutive elements."""
    v = b.load(b.bitcast(address, ir.VectorType(of, lanes).as_pointer()))
    v.align = 4 if of == F32 else 1  # of one number: rows and patches start anywhere
    return v


def store_at(b: Any, v: Any, address: Any) -> None:
    """Store the lanes of v one after the other."""
    b.store(v, b.bitcast(address, v.type.as_pointer())).align = 1 if v.type.element == I8 else 4


def filled(x: float, lanes: int, of: Any = F32) -> Any:
    """Return the constant vector whose lanes are all x."""
    return ir.Constant(ir.VectorType(of, lanes), [x] * lanes)


def splat_of(b: Any, x: Any, lanes: int) -> Any:
    """Return the vector whose lanes are all the scalar x."""
    nothing = ir.Constant(ir.VectorType(F32, lanes), ir.Undefined)
    first = b.insert_element(nothing, x, I32(0))
    return b.shuffle_vector(first, nothing, ir.Constant(ir.VectorType(I32, lanes), [0] * lanes))


def call_math(b: Any, name: str, *args: Any) -> Any:
    """Call an LLVM intrinsic function such as fma or sqrt lane by lane."""
    ty = args[0].type
    signature = ir.FunctionType(ty, [ty] * len(args))
    return b.call(cgutils.get_or_insert_function(b.module, signature, f"llvm.{name}.v{ty.count}f32"), args)


def plus(b: Any, base: Any, k: int) -> Any:
    """Return base + k."""
    return base if k == 0 else b.add(base, ir.Constant(base.type, k))


def stepped(b: Any, base: Any, stride: Any, k: int) -> Any:
    """Return base + k * stride."""
    return base if k == 0 else b.add(base, b.mul(stride, ir.Constant(stride.type, k)))


def greater(b: Any, x: Any, y: Any) -> Any:
    """Return x > y, true where either is NaN: what is not a number is never switched off."""
    return b.fcmp_unordered(">", x, y)


def every_second(b: Any, x: Any, y: Any, start: int) -> Any:
    """Return x[start], x[start + 2], ..., y[start], y[start + 2], ...: as many lanes as x has."""
    return shuffled(b, x, y, list(range(start, 2 * lanes_of(x), 2)))


def shuffled(b: Any, x: Any, y: Any, index: list[int]) -> Any:
    """Return the lanes `index` of x and y, where y's lanes are counted behind those of x."""
    return b.shuffle_vector(x, y, ir.Constant(ir.VectorType(I32, len(index)), index))


def transposed_vectors(b: Any, vectors: list[Any]) -> list[Any]:
    """Return the transpose of every square block of L vectors, whose lanes are a multiple of L.

    In log2(L) rounds that swap the off-diagonal halves of all blocks of 2*half x 2*half.
    """
    v, L, lanes, half = list(vectors), len(vectors), lanes_of(vectors[0]), 1
    while half < L:
        upper = [k if k & half == 0 else lanes + k - half for k in range(lanes)]
        lower = [k + half if k & half == 0 else lanes + k for k in range(lanes)]
        for k in range(L):
            if k & half == 0:
                x, y = v[k], v[k + half]
                v[k], v[k + half] = shuffled(b, x, y, upper), shuffled(b, x, y, lower)
        half *= 2
    return v
