"""Poolings as data. Must not know arrays."""

from dataclasses import dataclass
from typing import ClassVar

from convlens.errors import SpecError, shown
from convlens.spec.layers.layer import LayerSpec, Purpose
from convlens.spec.padding import SAME, Borders, Pad, borders, padding, slide
from convlens.spec.shapes import Shape, pair

__all__ = ["AveragePooling", "GlobalAveragePooling", "Pooling"]


@dataclass(frozen=True)
class Windowed(LayerSpec):
    """Base of what makes one value of each window of each map: (C, H, W) → (C, oh, ow)."""

    window: int | tuple[int, int]
    stride: int | tuple[int, int] | None = None
    pad: Pad = 0
    name: str | None = None
    purpose: ClassVar[Purpose] = Purpose.POOLING

    def __post_init__(self) -> None:
        super().__post_init__()
        owner = type(self).__name__
        window, pad = pair(self.window, owner, "window", 1), padding(self.pad, owner)
        if pad != SAME and any(2 * p > w for p, w in zip(pad, window, strict=True)):
            raise SpecError(
                f"`pad` of {owner} must be at most half its window {window}. Got {shown(self.pad)}."
            )
        stride = window if self.stride is None else pair(self.stride, owner, "stride", 1)
        for name, value in (("window", window), ("stride", stride), ("pad", pad)):
            object.__setattr__(self, name, value)

    @property
    def extent(self) -> tuple[int, int]:
        return pair(self.window, type(self).__name__, "window", 1)

    @property
    def step(self) -> tuple[int, int]:
        return pair(self.stride, type(self).__name__, "stride", 1)

    def borders(self, shape: Shape) -> Borders:
        return borders(self.pad, shape, self.extent, self.step)

    def output_shape(self, shape: Shape) -> Shape:
        return (shape[0], *slide(shape, self.extent, self.step, self.pad, type(self).__name__))


@dataclass(frozen=True)
class Pooling(Windowed):
    """Keeps the largest value of each window: (C, H, W) → (C, oh, ow).

    Args:
        window: height and width of the window, an int for both or a pair.
        stride: step of the window; None for the window itself (windows side by side).
        pad: border on each side, never the maximum, at most half the window; "same" for ⌈size / stride⌉
            windows.
        name: the layer's name; None for "Pool1", "Pool2", ….
    """

    kind: ClassVar[str] = "pooling"
    stem: ClassVar[str] = "Pool"
    title: ClassVar[str] = "Max-pooling"


@dataclass(frozen=True)
class AveragePooling(Windowed):
    """Makes each window its mean: (C, H, W) → (C, oh, ow).

    Args:
        window: height and width of the window, an int for both or a pair.
        stride: step of the window; None for the window itself (windows side by side).
        pad: zeros on each side, at most half the window; they count, so a sum is always divided by the
            window's whole area. "same" for ⌈size / stride⌉ windows.
        name: the layer's name; None for "AveragePool1", "AveragePool2", ….
    """

    kind: ClassVar[str] = "average_pooling"
    stem: ClassVar[str] = "AveragePool"
    title: ClassVar[str] = "Average pooling"


@dataclass(frozen=True)
class GlobalAveragePooling(LayerSpec):
    """Makes each map its mean: (C, H, W) → (C,).

    Args:
        name: the layer's name; None for "GlobalAveragePool1", "GlobalAveragePool2", ….

    Reference: Lin, Chen, Yan, "Network in network", 2014, section 3.2.
    """

    name: str | None = None
    kind: ClassVar[str] = "global_average_pooling"
    stem: ClassVar[str] = "GlobalAveragePool"
    title: ClassVar[str] = "Global average pooling"
    purpose: ClassVar[Purpose] = Purpose.POOLING

    @property
    def extent(self) -> None:
        return None

    def output_shape(self, shape: Shape) -> Shape:
        if len(shape) != 3:
            rule = "an input of shape (channels, height, width)"
            raise SpecError(f"GlobalAveragePooling needs {rule}. Got {shape}.")
        return shape[:1]
