"""Affine (fully connected) layers as data. Must not know arrays."""

from dataclasses import dataclass
from math import prod
from typing import ClassVar

from convlens.spec.layers.layer import LayerSpec, Purpose
from convlens.spec.parameters import ParameterSpec, Role
from convlens.spec.shapes import Shape, positive

__all__ = ["Affine"]


@dataclass(frozen=True)
class Affine(LayerSpec):
    """Flattens its input and multiplies it with a matrix: (…) → (units,).

    Args:
        units: number of outputs, 1 or more.
        name: the layer's name; None for "Affine1", "Affine2", ….
    """

    units: int
    name: str | None = None
    kind: ClassVar[str] = "affine"
    stem: ClassVar[str] = "Affine"
    title: ClassVar[str] = "Affine"
    purpose: ClassVar[Purpose] = Purpose.WEIGHTED

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "units", positive(self.units, "Affine", "units"))

    @property
    def extent(self) -> None:
        return None

    def output_shape(self, shape: Shape) -> Shape:
        del shape
        return (self.units,)

    def parameters(self, shape: Shape) -> tuple[ParameterSpec, ...]:
        return (
            ParameterSpec("W", (prod(shape), self.units), Role.MATRIX),
            ParameterSpec("b", (self.units,), Role.BIAS),
        )

    def multiply_adds(self, shape: Shape) -> int:
        return prod(shape) * self.units
