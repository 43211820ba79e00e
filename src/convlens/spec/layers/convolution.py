"""Convolutions as data. Must not know arrays."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from typing import Any, ClassVar

from convlens.errors import SpecError, shown
from convlens.spec.layers.layer import LayerSpec, Purpose
from convlens.spec.padding import Borders, Pad, borders, padding, slide
from convlens.spec.parameters import ParameterSpec, Role
from convlens.spec.shapes import Shape, pair, positive

__all__ = ["Convolution"]


@dataclass(frozen=True)
class Convolution(LayerSpec):
    """Slides `filters` filters over a picture: (C, H, W) → (filters, oh, ow).

    Args:
        filters: number of filters, 1 or more.
        kernel_size: height and width of a filter, an int for both or a pair.
        stride: step of the window, an int ≥ 1 or a pair.
        pad: zeros added on each side, an int ≥ 0 or a pair; "same" for ⌈size / stride⌉ outputs, and so for as
            many as there are inputs where the stride is 1.
        groups: into how many the channels fall, and the filters, in their order: a filter sees those of its
            own group alone. As many as channels: a depthwise convolution.
        dilation: how far apart the weights of a filter lie in the picture, an int ≥ 1 or a pair; 1 for side
            by side.
        name: the layer's name; None for "Conv1", "Conv2", ….
    """

    filters: int
    kernel_size: int | tuple[int, int]
    stride: int | tuple[int, int] = 1
    pad: Pad = 0
    groups: int = 1
    dilation: int | tuple[int, int] = 1
    name: str | None = None
    kind: ClassVar[str] = "convolution"
    stem: ClassVar[str] = "Conv"
    title: ClassVar[str] = "Convolution"
    purpose: ClassVar[Purpose] = Purpose.WEIGHTED
    unsaid: ClassVar[Mapping[str, Any]] = {"groups": 1, "dilation": (1, 1)}

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "filters", positive(self.filters, "Convolution", "filters"))
        object.__setattr__(self, "kernel_size", pair(self.kernel_size, "Convolution", "kernel_size", 1))
        object.__setattr__(self, "stride", pair(self.stride, "Convolution", "stride", 1))
        object.__setattr__(self, "pad", padding(self.pad, "Convolution"))
        object.__setattr__(self, "groups", positive(self.groups, "Convolution", "groups"))
        object.__setattr__(self, "dilation", pair(self.dilation, "Convolution", "dilation", 1))
        require_groups(self.groups, self.filters, "filters")

    @property
    def extent(self) -> tuple[int, int]:
        return spread(self.taps, self.spacing)

    @property
    def taps(self) -> tuple[int, int]:
        """Rows and columns of a filter's weights; its window is larger where they lie apart."""
        return pair(self.kernel_size, "Convolution", "kernel_size", 1)

    @property
    def spacing(self) -> tuple[int, int]:
        return pair(self.dilation, "Convolution", "dilation", 1)

    @property
    def step(self) -> tuple[int, int]:
        return pair(self.stride, "Convolution", "stride", 1)

    def borders(self, shape: Shape) -> Borders:
        return borders(self.pad, shape, self.extent, self.step)

    def output_shape(self, shape: Shape) -> Shape:
        places = slide(shape, self.extent, self.step, self.pad, "Convolution")
        require_groups(self.groups, shape[0], "channels of its input")
        return (self.filters, *places)

    def parameters(self, shape: Shape) -> tuple[ParameterSpec, ...]:
        return (
            ParameterSpec("W", (self.filters, shape[0] // self.groups, *self.taps), Role.FILTERS),
            ParameterSpec("b", (self.filters,), Role.BIAS),
        )

    def multiply_adds(self, shape: Shape) -> int:
        return prod(self.output_shape(shape)) * (shape[0] // self.groups) * prod(self.taps)


def require_groups(groups: int, count: int, what: str) -> None:
    """Refuse groups that are not all of one size.

    Raises:
        SpecError: `count` filters or channels do not fall into so many groups.
    """
    if count % groups:
        raise SpecError(f"`groups` of Convolution must divide the {count} {what}. Got {shown(groups)}.")


def spread(taps: tuple[int, int], dilation: tuple[int, int]) -> tuple[int, int]:
    """Return the window of a filter whose weights lie so far apart: (taps - 1) · dilation + 1."""
    return (taps[0] - 1) * dilation[0] + 1, (taps[1] - 1) * dilation[1] + 1
