"""Poolings as data. Must not know arrays."""

from dataclasses import dataclass
from typing import ClassVar

from convlens.errors import SpecError, shown
from convlens.spec.layers.layer import LayerSpec, Purpose
from convlens.spec.shapes import Shape, pair, slide

__all__ = ["Pooling"]


@dataclass(frozen=True)
class Pooling(LayerSpec):
    """Keeps the largest value of each window: (C, H, W) → (C, oh, ow).

    Args:
        window: height and width of the window, an int for both or a pair.
        stride: step of the window; None for the window itself (windows side by side).
        pad: border on each side, never the maximum, at most half the window.
        name: the layer's name; None for "Pool1", "Pool2", ….
    """

    window: int | tuple[int, int]
    stride: int | tuple[int, int] | None = None
    pad: int | tuple[int, int] = 0
    name: str | None = None
    kind: ClassVar[str] = "pooling"
    stem: ClassVar[str] = "Pool"
    title: ClassVar[str] = "Max-pooling"
    purpose: ClassVar[Purpose] = Purpose.POOLING

    def __post_init__(self) -> None:
        window = pair(self.window, "Pooling", "window", 1)
        pad = pair(self.pad, "Pooling", "pad", 0)
        if any(2 * p > w for p, w in zip(pad, window, strict=True)):
            raise SpecError(
                f"`pad` of Pooling must be at most half its window {window}. Got {shown(self.pad)}."
            )
        stride = window if self.stride is None else pair(self.stride, "Pooling", "stride", 1)
        for name, value in (("window", window), ("stride", stride), ("pad", pad)):
            object.__setattr__(self, name, value)

    @property
    def extent(self) -> tuple[int, int]:
        return pair(self.window, "Pooling", "window", 1)

    @property
    def step(self) -> tuple[int, int]:
        return pair(self.stride, "Pooling", "stride", 1)

    @property
    def padding(self) -> tuple[int, int]:
        return pair(self.pad, "Pooling", "pad", 0)

    def output_shape(self, shape: Shape) -> Shape:
        return (shape[0], *slide(shape, self.extent, self.step, self.padding, "Pooling"))
