"""Average pooling of any window, or of whole maps, and the ReLU beside it, on the kernels.

Must not know the plan.
"""

from typing import Any

from convlens.engine.memory import Frame, Matrix, Memory
from convlens.engine.stage import Stage, StageRow, floor_of
from convlens.engine.tiles import AffineTile
from convlens.kernels.average_pooling import average_pooling, average_pooling_backward
from convlens.kernels.runtime.machine import lanes
from convlens.kernels.runtime.parallel import SHARES
from convlens.kernels.sizes import FrameSizes, PoolingSizes, PoolingWindow
from convlens.layers.average_pooling import AveragePooling
from convlens.layers.global_average_pooling import GlobalAveragePooling
from convlens.spec.padding import borders, slide

__all__ = ["AveragePoolingStage"]


class AveragePoolingStage(Stage):
    """out = max(floor, mean of each window); whole maps are one window each, and their means a row."""

    source: Frame

    def __init__(self, layers: tuple[int, ...], source: Frame, layer: Any, relu: bool,  # noqa: ANN401
                 needs_dx: bool) -> None:  # fmt: skip
        self.relu = relu
        if isinstance(layer, GlobalAveragePooling):
            self.name = "global average pooling"
            window, grid = PoolingWindow(source.height, source.width, 1, 1, 0, 0), (1, 1)
            target: Memory = Matrix((source.channels,), AffineTile.panel())
        else:
            self.name = "average pooling"
            window, grid = _windows(layer, source)
            target = Frame((source.channels, *grid))
        super().__init__(layers, source, target, needs_dx)
        sizes = PoolingSizes(source.channels, source.height, source.width, *grid)
        self.window, self.shape = tuple(window), tuple(sizes)

    @property
    def reads_output(self) -> bool:
        return self.relu

    def allocate(self, capacity: int) -> None:
        del capacity
        y = self.target
        written = y.sizes if isinstance(y, Frame) else FrameSizes(y.size, 0, y.size)
        self.sizes = (tuple(self.source.sizes), tuple(written), self.window, self.shape, SHARES)
        self._forward, self._backward = average_pooling(lanes()), average_pooling_backward(lanes())

    def forward(self, n: int, train: bool, is_first_piece: bool = True) -> None:
        del train, is_first_piece
        self._forward(self.source.value, self.target.value, floor_of(self.relu), n, *self.sizes)

    def backward(self, n: int, is_first_piece: bool = True, is_last_piece: bool = True) -> None:
        del is_first_piece, is_last_piece
        if self.needs_dx:
            x, y = self.source, self.target
            self._backward(y.grad, y.value, self.relu, x.grad, n, *self.sizes)

    def describe(self) -> StageRow:
        name = self.name + (" + ReLU" if self.relu else "")
        return StageRow(self.layers, f"{name}; dense backward", 0, f"1 vector of {lanes()} channels")


def _windows(layer: AveragePooling, source: Frame) -> tuple[PoolingWindow, tuple[int, int]]:
    """Return the windows of a layer, and how many rows and columns of them there are."""
    window, stride = layer.window, layer.stride
    (above, _), (left, _) = borders(layer.pad, source.shape, window, stride)
    grid = slide(source.shape, window, stride, layer.pad, "AveragePooling")
    return PoolingWindow(*window, *stride, above, left), grid
