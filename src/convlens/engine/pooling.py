"""Max-pooling of any window, and the ReLU beside it, on the kernels. Must not know the plan."""

from convlens.engine.geometry import pair
from convlens.engine.memory import Frame, aligned
from convlens.engine.stage import IDENTITY, RELU, Row, Stage
from convlens.kernels.parts import PARTS
from convlens.kernels.pooling import pooling, pooling_backward

__all__ = ["PoolingStage"]


class PoolingStage(Stage):
    """out = max(floor, maximum over each window), the border left out."""

    source: Frame
    target: Frame

    def __init__(self, layers: tuple[int, ...], source: Frame, layer: object, relu: bool) -> None:
        kernel = int(layer.pool_h), int(layer.pool_w)  # type: ignore[attr-defined]
        stride, pad = pair(layer.stride), pair(layer.pad)  # type: ignore[attr-defined]
        C, H, W = source.shape
        P = (H + 2 * pad[0] - kernel[0]) // stride[0] + 1
        Q = (W + 2 * pad[1] - kernel[1]) // stride[1] + 1
        super().__init__(layers, source, Frame((C, P, Q)))
        self.floor = RELU if relu else IDENTITY
        self.window, self.shape = (*kernel, *stride, *pad), (C, H, W, P, Q)

    def allocate(self, capacity: int) -> None:
        x, y = self.source, self.target
        self.arg = aligned(capacity * y.size, "int32")
        self.reads, self.writes = (x.size, x.origin, x.row), (y.size, y.origin, y.row)

    def forward(self, n: int, train: bool, first: bool = True) -> None:
        del train, first
        x, y = self.source.value, self.target.value
        pooling(x, y, self.arg, self.floor, n, self.reads, self.writes, self.window, self.shape, PARTS)

    def backward(self, n: int, first: bool = True, last: bool = True) -> None:
        del first, last
        if self.needs_dx:
            x, y = self.source.grad, self.target.grad
            pooling_backward(y, self.arg, x, n, self.reads, self.writes, self.shape, PARTS)

    def describe(self) -> Row:
        name = "max-pooling" + (" + ReLU" if self.floor == RELU else "")
        return Row(self.layers, f"{name}; sparse backward", 0, "one number at a time")
