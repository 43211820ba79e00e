"""What a layer *is*: one frozen dataclass a layer, data only. Must not know arrays.

Every class answers the same four questions about an input of a given shape (without the batch axis):
`output_shape`, `parameter_shapes`, `multiply_adds`, and how far it looks (`extent`, `step`).
"""

from dataclasses import dataclass
from math import prod
from numbers import Integral
from typing import ClassVar, TypeAlias

from convlens.errors import SpecError

__all__ = ["Affine", "Convolution", "LayerSpec", "Pooling", "Relu", "Shape", "Sigmoid", "pair"]

Shape: TypeAlias = tuple[int, ...]
_Pair: TypeAlias = int | tuple[int, int]


def pair(value: object, owner: str, name: str, least: int) -> tuple[int, int]:
    """Return `value` as (vertical, horizontal), both ints of at least `least`.

    Raises:
        SpecError: it is neither an int nor two of them, or one is too small.
    """
    both = tuple(value) if isinstance(value, tuple | list) else (value, value)
    if len(both) != 2 or not all(
        isinstance(v, Integral) and not isinstance(v, bool) and int(v) >= least for v in both
    ):
        rule = f"an int ≥ {least} or two of them (vertical, horizontal)"
        raise SpecError(f"`{name}` of {owner} must be {rule}. Got {value!r}.")
    return int(both[0]), int(both[1])


def _positive(value: object, owner: str, name: str) -> int:
    if not isinstance(value, Integral) or isinstance(value, bool) or int(value) < 1:
        raise SpecError(f"`{name}` of {owner} must be a positive int. Got {value!r}.")
    return int(value)


def _slide(size: Shape, window: _Pair, stride: _Pair, pad: _Pair, owner: str) -> tuple[int, int]:
    """Return how often a window fits, vertically and horizontally: ⌊(size + 2·pad - window) / stride⌋ + 1."""
    if len(size) != 3:
        raise SpecError(f"{owner} needs an input of shape (channels, height, width). Got {size}.")
    windows, strides, pads = (pair(v, owner, "window", 0) for v in (window, stride, pad))
    fits = []
    for axis, length in enumerate(size[1:]):
        padded = length + 2 * pads[axis]
        if windows[axis] > padded:
            raise SpecError(
                f"the window of {owner} ({windows[0]}x{windows[1]}) is larger than its input "
                f"({size[1]}x{size[2]}, pad {pads[0]}x{pads[1]}): use a smaller window or more padding."
            )
        fits.append((padded - windows[axis]) // strides[axis] + 1)
    return fits[0], fits[1]


class _Layer:
    """What every layer's spec answers; as it stands, a layer that keeps the shape and learns nothing."""

    kind: ClassVar[str]
    stem: ClassVar[str]

    @property
    def extent(self) -> tuple[int, int]:
        """Height and width of the window that one output looks through."""
        return 1, 1

    @property
    def step(self) -> tuple[int, int]:
        """How far apart, vertically and horizontally, the windows of neighbouring outputs are."""
        return 1, 1

    def output_shape(self, shape: Shape) -> Shape:
        """Return the output's shape for an input of `shape`, both without the batch axis."""
        return shape

    def parameter_shapes(self, shape: Shape) -> dict[str, Shape]:
        """Return the shapes of what is learned, by the layer's own names (W, b)."""
        del shape
        return {}

    def multiply_adds(self, shape: Shape) -> int:
        """Return the multiplications with additions of one sample's forward pass."""
        del shape
        return 0


@dataclass(frozen=True)
class Convolution(_Layer):
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

    def __post_init__(self) -> None:
        object.__setattr__(self, "filters", _positive(self.filters, "Convolution", "filters"))
        object.__setattr__(self, "kernel_size", pair(self.kernel_size, "Convolution", "kernel_size", 1))
        object.__setattr__(self, "stride", pair(self.stride, "Convolution", "stride", 1))
        object.__setattr__(self, "pad", pair(self.pad, "Convolution", "pad", 0))

    @property
    def extent(self) -> tuple[int, int]:
        return pair(self.kernel_size, "Convolution", "kernel_size", 1)

    @property
    def step(self) -> tuple[int, int]:
        return pair(self.stride, "Convolution", "stride", 1)

    def output_shape(self, shape: Shape) -> Shape:
        return (self.filters, *_slide(shape, self.kernel_size, self.stride, self.pad, "Convolution"))

    def parameter_shapes(self, shape: Shape) -> dict[str, Shape]:
        return {"W": (self.filters, shape[0], *self.extent), "b": (self.filters,)}

    def multiply_adds(self, shape: Shape) -> int:
        return prod(self.output_shape(shape)) * shape[0] * prod(self.extent)


@dataclass(frozen=True)
class Pooling(_Layer):
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

    def __post_init__(self) -> None:
        window = pair(self.window, "Pooling", "window", 1)
        pad = pair(self.pad, "Pooling", "pad", 0)
        if any(2 * p > w for p, w in zip(pad, window, strict=True)):
            raise SpecError(f"`pad` of Pooling must be at most half its window {window}. Got {self.pad!r}.")
        stride = window if self.stride is None else pair(self.stride, "Pooling", "stride", 1)
        for name, value in (("window", window), ("stride", stride), ("pad", pad)):
            object.__setattr__(self, name, value)

    @property
    def extent(self) -> tuple[int, int]:
        return pair(self.window, "Pooling", "window", 1)

    @property
    def step(self) -> tuple[int, int]:
        return pair(self.stride, "Pooling", "stride", 1)

    def output_shape(self, shape: Shape) -> Shape:
        return (shape[0], *_slide(shape, self.window, self.step, self.pad, "Pooling"))


@dataclass(frozen=True)
class Relu(_Layer):
    """max(0, x)."""

    name: str | None = None
    kind: ClassVar[str] = "relu"
    stem: ClassVar[str] = "Relu"


@dataclass(frozen=True)
class Sigmoid(_Layer):
    """1 / (1 + exp(-x))."""

    name: str | None = None
    kind: ClassVar[str] = "sigmoid"
    stem: ClassVar[str] = "Sigmoid"


@dataclass(frozen=True)
class Affine(_Layer):
    """Flattens its input and multiplies it with a matrix: (…) → (units,).

    Args:
        units: number of outputs, 1 or more.
        name: the layer's name; None for "Affine1", "Affine2", ….
    """

    units: int
    name: str | None = None
    kind: ClassVar[str] = "affine"
    stem: ClassVar[str] = "Affine"

    def __post_init__(self) -> None:
        object.__setattr__(self, "units", _positive(self.units, "Affine", "units"))

    def output_shape(self, shape: Shape) -> Shape:
        del shape
        return (self.units,)

    def parameter_shapes(self, shape: Shape) -> dict[str, Shape]:
        return {"W": (prod(shape), self.units), "b": (self.units,)}

    def multiply_adds(self, shape: Shape) -> int:
        return prod(shape) * self.units


LayerSpec: TypeAlias = Convolution | Pooling | Relu | Sigmoid | Affine
