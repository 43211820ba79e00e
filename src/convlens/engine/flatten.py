"""From a picture's frame to the rows that an affine layer reads, and back. Must not know the plan."""

from convlens.engine.memory import Frame, Matrix
from convlens.engine.stage import Row, Stage
from convlens.engine.tiles import AffineTile
from convlens.kernels.layout import to_channel_major, to_channels_last
from convlens.kernels.parts import PARTS

__all__ = ["FlattenStage"]


class FlattenStage(Stage):
    """Channels last to the book's order (channel, row, column)."""

    source: Frame
    target: Matrix

    def __init__(self, source: Frame) -> None:
        super().__init__((), source, Matrix(source.shape, AffineTile.panel(), overwritten=True))

    def allocate(self, capacity: int) -> None:
        del capacity
        self.frame = (self.source.size, self.source.origin, self.source.row)

    def forward(self, n: int, train: bool, first: bool = True) -> None:
        del train, first
        x, y = self.source, self.target
        to_channel_major(x.value, y.value, n, self.frame, y.size, x.shape, PARTS)

    def backward(self, n: int, first: bool = True, last: bool = True) -> None:
        del first, last
        if self.needs_dx:
            x, y = self.source, self.target
            to_channels_last(y.grad, x.grad, n, self.frame, y.size, x.shape, PARTS)

    def describe(self) -> Row:
        return Row((), "channels last to channel-major", 0, "8 x 8 numbers")
