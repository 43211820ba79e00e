"""Groups and dilation by filters with zeros between their weights. Must not know the plan.

What a filter of a group does not see, and what lies between dilated weights, is multiplied by zero: all
kernels of a convolution then do. That is `groups` times the multiply-adds, and as many more as the window has
places beside the weights; for few groups and small dilations it is still faster than NumPy's way, and a
depthwise convolution has kernels of its own.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlens.engine.convolution.stage import ConvolutionStage
from convlens.engine.memory import aligned
from convlens.engine.parameters import BoundParameters
from convlens.engine.stage import StageRow
from convlens.kernels.convolution.spreading import spread_filters
from convlens.layers import Convolution
from convlens.spec.layers.convolution import spread
from convlens.spec.shapes import pair

__all__ = ["SpreadParameters", "SpreadStage", "is_spread"]

Numbers = NDArray[np.float32]


def is_spread(layer: Convolution) -> bool:
    """Say whether a filter sees less than all that lies in its window."""
    return layer.groups > 1 or pair(layer.dilation, "Convolution", "dilation", 1) != (1, 1)


class SpreadParameters(BoundParameters):
    """The same with zeros between, as kernels read and write them.

    Args:
        layer: a convolution.
        gradients: as for any other layer.
        channels: of its input.
    """

    def __init__(self, layer: Convolution, gradients: dict[str, Any] | None, channels: int) -> None:
        super().__init__(layer, gradients)
        F, seen, kh, kw = layer.W.shape
        gaps = pair(layer.dilation, "Convolution", "dilation", 1)
        window = spread((kh, kw), gaps)
        numbers = F * channels * window[0] * window[1]
        self.w, self._wide_dw = aligned(numbers)[:numbers], aligned(numbers)[:numbers]
        self._spreading = (F, layer.groups, seen, kh, kw), window, gaps

    def refresh(self) -> Numbers:
        super().refresh()
        return self.spread()

    def spread(self) -> Numbers:
        """Write the weights with zeros between, and return them."""
        spread_filters(self.given, self.w, False, *self._spreading)
        wide: Numbers = self.w
        return wide

    @property
    def derivatives(self) -> tuple[Numbers, Numbers]:
        return self._wide_dw, self.db

    def collect(self) -> None:
        """Write dW: what kernels have computed, without what stands between."""
        spread_filters(self.dw.reshape(-1), self._wide_dw, True, *self._spreading)


class SpreadStage(ConvolutionStage):
    """A convolution with groups or dilation, and what is fused behind it."""

    bound: SpreadParameters

    def backward(self, n: int, is_first_piece: bool = True, is_last_piece: bool = True) -> None:
        super().backward(n, is_first_piece, is_last_piece)
        if is_last_piece:
            self.bound.collect()

    def describe(self) -> StageRow:
        row = super().describe()
        return row._replace(kernel=f"spread {row.kernel}")
