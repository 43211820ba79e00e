"""A convolution's sizes: everything that is known before memory is made. Must not know tiles or stages."""

from dataclasses import dataclass
from typing import Any

from convlens.kernels.sizes import ConvolutionSizes, Taps
from convlens.spec.layers.convolution import spread
from convlens.spec.padding import borders
from convlens.spec.shapes import pair

__all__ = ["Geometry"]


@dataclass(frozen=True)
class Geometry:
    """The sizes of one convolution: input (C, H, W), F filters of kh x kw, stride, pad, pooled or not.

    Filters that are dilated have the size of their window, with what lies between their weights.

    Attributes:
        pad: zeros above and on the left.
        more: so many more of them stand below and on the right.
    """

    C: int
    H: int
    W: int
    F: int
    kernel: tuple[int, int]
    stride: tuple[int, int]
    pad: tuple[int, int]
    pooled: bool
    more: tuple[int, int] = (0, 0)

    @classmethod
    def of(cls, layer: Any, shape: tuple[int, ...], pooled: bool) -> "Geometry":  # noqa: ANN401
        """Return a layer's geometry for inputs of this shape; its filters see all channels and places."""
        F, _, kh, kw = layer.W.shape
        stride = pair(layer.stride, "Convolution", "stride", 1)
        window = spread((kh, kw), pair(layer.dilation, "Convolution", "dilation", 1))
        (above, below), (left, right) = borders(layer.pad, shape, window, stride)
        more = below - above, right - left
        return cls(shape[0], shape[1], shape[2], F, window, stride, (above, left), pooled, more)

    @property
    def unpooled(self) -> tuple[int, int]:
        """Rows and columns before pooling."""
        return (
            (self.H + self.pad[0] + self.pad_behind[0] - self.kernel[0]) // self.stride[0] + 1,
            (self.W + self.pad[1] + self.pad_behind[1] - self.kernel[1]) // self.stride[1] + 1,
        )

    @property
    def pad_behind(self) -> tuple[int, int]:
        """Zeros below and on the right."""
        return self.pad[0] + self.more[0], self.pad[1] + self.more[1]

    @property
    def border(self) -> tuple[int, int]:
        """The frame that holds all zeros: as wide on both sides as on the wider one."""
        return max(self.pad[0], self.pad_behind[0]), max(self.pad[1], self.pad_behind[1])

    @property
    def grid(self) -> tuple[int, int]:
        """Rows and columns of the output."""
        rows, columns = self.unpooled
        return (rows // 2, columns // 2) if self.pooled else (rows, columns)  # an odd last one is left out

    @property
    def sizes(self) -> ConvolutionSizes:
        """What kernels call `shape`."""
        return ConvolutionSizes(self.kernel[0], self.kernel[1] * self.C, self.F, *self.grid)

    @property
    def taps(self) -> Taps:
        """The shape of a filter, as kernels take it."""
        return Taps(*self.kernel, self.C)

    @property
    def multiply_adds(self) -> int:
        """Of one sample's forward pass."""
        rows, columns = self.unpooled
        return rows * columns * self.F * self.C * self.kernel[0] * self.kernel[1]

    @property
    def flips(self) -> bool:
        """Whether dx is a convolution too: with a stride of 1, and not padded with more than a kernel."""
        return self.stride == (1, 1) and min(*self._flipped(self.pad), *self._flipped(self.pad_behind)) >= 0

    @property
    def upside_down(self) -> "Geometry":
        """The convolution that makes dx where `flips` and nothing is pooled: from F channels to C."""
        pad, more = self._flipped(self.pad), (-self.more[0], -self.more[1])
        return Geometry(self.F, *self.unpooled, self.C, self.kernel, (1, 1), pad, pooled=False, more=more)

    def _flipped(self, pad: tuple[int, int]) -> tuple[int, int]:
        return self.kernel[0] - 1 - pad[0], self.kernel[1] - 1 - pad[1]
