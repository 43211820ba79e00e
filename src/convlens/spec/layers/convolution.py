"""Convolutions as data. Must not know arrays."""

from dataclasses import dataclass
from math import prod
from typing import ClassVar

from convlens.spec.layers.layer import LayerSpec, Purpose
from convlens.spec.parameters import ParameterSpec, Role
from convlens.spec.shapes import Shape, pair, positive, slide

__all__ = ["Convolution"]


@dataclass(frozen=True)
class Convolution(LayerSpec):
    """Slides `filters` filters over a picture: (C, H, W) → (filters, oh, ow).

    Args:
        filters: number of filters, 1 or more.
        kernel_size: height and width of a filter, an int for both or a pair.
        stride: step of the window, an int ≥ 1 or a pair.
        pad: zeros added on each side, an int ≥ 0 or a pair.
        name: the layer's name; None for "Conv1", "Conv2", ….
    """

    filters: int
    kernel_size: int | tuple[int, int]
    stride: int | tuple[int, int] = 1
    pad: int | tuple[int, int] = 0
    name: str | None = None
    kind: ClassVar[str] = "convolution"
    stem: ClassVar[str] = "Conv"
    title: ClassVar[str] = "Convolution"
    purpose: ClassVar[Purpose] = Purpose.WEIGHTED

    def __post_init__(self) -> None:
        object.__setattr__(self, "filters", positive(self.filters, "Convolution", "filters"))
        object.__setattr__(self, "kernel_size", pair(self.kernel_size, "Convolution", "kernel_size", 1))
        object.__setattr__(self, "stride", pair(self.stride, "Convolution", "stride", 1))
        object.__setattr__(self, "pad", pair(self.pad, "Convolution", "pad", 0))

    @property
    def extent(self) -> tuple[int, int]:
        return pair(self.kernel_size, "Convolution", "kernel_size", 1)

    @property
    def step(self) -> tuple[int, int]:
        return pair(self.stride, "Convolution", "stride", 1)

    @property
    def padding(self) -> tuple[int, int]:
        return pair(self.pad, "Convolution", "pad", 0)

    def output_shape(self, shape: Shape) -> Shape:
        return (self.filters, *slide(shape, self.extent, self.step, self.padding, "Convolution"))

    def parameters(self, shape: Shape) -> tuple[ParameterSpec, ...]:
        return (
            ParameterSpec("W", (self.filters, shape[0], *self.extent), Role.FILTERS),
            ParameterSpec("b", (self.filters,), Role.BIAS),
        )

    def multiply_adds(self, shape: Shape) -> int:
        return prod(self.output_shape(shape)) * shape[0] * prod(self.extent)
