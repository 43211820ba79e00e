"""Average pooling of any window, or of whole maps, and the ReLU beside it, on the kernels.

Must not know the plan.
"""

from typing import Any, NamedTuple

from convlens.engine.memory import Frame, Matrix, Memory
from convlens.engine.stage import Stage, StageRow, floor_of
from convlens.engine.tiles import AffineTile
from convlens.kernels.average_pooling import average_pooling, average_pooling_backward
from convlens.kernels.runtime.machine import lanes
from convlens.kernels.runtime.parallel import SHARES
from convlens.kernels.sizes import FrameSizes, PoolingSizes, PoolingWindow
from convlens.layers.global_average_pooling import GlobalAveragePooling
from convlens.spec.padding import borders, slide

__all__ = ["AveragePoolingStage", "Averages"]


class Averages(NamedTuple):
    """Which means are taken of each map.

    Attributes:
        name: what people call it.
        window: the windows.
        grid: how many rows and columns of them there are.
        as_row: whether there is one window a map, and the means are a row of numbers.
    """

    name: str
    window: PoolingWindow
    grid: tuple[int, int]
    as_row: bool = False

    @classmethod
    def of(cls, layer: Any, source: Frame) -> "Averages":  # noqa: ANN401
        """Return those of an average pooling, or of a global one."""
        if isinstance(layer, GlobalAveragePooling):
            whole = PoolingWindow(source.height, source.width, 1, 1, 0, 0)
            return cls("global average pooling", whole, (1, 1), as_row=True)
        window: tuple[int, int] = layer.window
        stride: tuple[int, int] = layer.stride
        (above, _), (left, _) = borders(layer.pad, source.shape, window, stride)
        grid = slide(source.shape, window, stride, layer.pad, "AveragePooling")
        return cls("average pooling", PoolingWindow(*window, *stride, above, left), grid)


class AveragePoolingStage(Stage):
    """out = max(floor, mean of each window)."""

    source: Frame

    def __init__(self, layers: tuple[int, ...], source: Frame, averages: Averages, relu: bool,
                 needs_dx: bool) -> None:  # fmt: skip
        self.relu, self.averages = relu, averages
        C, grid = source.channels, averages.grid
        target: Memory = Matrix((C,), AffineTile.panel()) if averages.as_row else Frame((C, *grid))
        super().__init__(layers, source, target, needs_dx)
        self.shape = tuple(PoolingSizes(C, source.height, source.width, *grid))

    @property
    def reads_output(self) -> bool:
        return self.relu

    def allocate(self, capacity: int) -> None:
        del capacity
        y = self.target
        written = y.sizes if isinstance(y, Frame) else FrameSizes(y.size, 0, y.size)
        frames = (tuple(self.source.sizes), tuple(written))
        self.sizes = (*frames, tuple(self.averages.window), self.shape, SHARES)
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
        name = self.averages.name + (" + ReLU" if self.relu else "")
        return StageRow(self.layers, f"{name}; dense backward", 0, f"1 vector of {lanes()} channels")
