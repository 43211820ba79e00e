"""Max-pooling of any window, and the ReLU beside it, on the kernels. Must not know the plan."""

from convlens.engine.memory import Frame, aligned
from convlens.engine.stage import Stage, StageRow, floor_of
from convlens.kernels.pooling import pooling, pooling_backward
from convlens.kernels.runtime.parallel import SHARES
from convlens.kernels.sizes import PoolingSizes, PoolingWindow
from convlens.layers import Pooling
from convlens.spec.padding import borders, slide
from convlens.spec.shapes import pair

__all__ = ["PoolingStage"]


class PoolingStage(Stage):
    """out = max(floor, maximum over each window), the border left out."""

    source: Frame
    target: Frame

    def __init__(
        self, layers: tuple[int, ...], source: Frame, layer: Pooling, relu: bool, needs_dx: bool
    ) -> None:
        kernel = int(layer.pool_h), int(layer.pool_w)
        stride = pair(layer.stride, "Pooling", "stride", 1)
        P, Q = slide(source.shape, kernel, stride, layer.pad, "Pooling")
        super().__init__(layers, source, Frame((source.channels, P, Q)), needs_dx)
        self.relu = relu
        (above, _), (left, _) = borders(layer.pad, source.shape, kernel, stride)
        self.window = tuple(PoolingWindow(*kernel, *stride, above, left))
        self.shape = tuple(PoolingSizes(source.channels, source.height, source.width, P, Q))

    @property
    def reads_output(self) -> bool:
        return False

    def allocate(self, capacity: int) -> None:
        x, y = self.source, self.target
        self.winner = aligned(capacity * y.size, "int32")
        self.frames = (tuple(x.sizes), tuple(y.sizes))

    def forward(self, n: int, train: bool, is_first_piece: bool = True) -> None:
        del train, is_first_piece
        x, y, floor = self.source.value, self.target.value, floor_of(self.relu)
        pooling(x, y, self.winner, floor, n, *self.frames, self.window, self.shape, SHARES)

    def backward(self, n: int, is_first_piece: bool = True, is_last_piece: bool = True) -> None:
        del is_first_piece, is_last_piece
        if self.needs_dx:
            x, y = self.source.grad, self.target.grad
            pooling_backward(y, self.winner, x, n, *self.frames, self.shape, SHARES)

    def describe(self) -> StageRow:
        name = "max-pooling" + (" + ReLU" if self.relu else "")
        return StageRow(self.layers, f"{name}; sparse backward", 0, "one number at a time")
