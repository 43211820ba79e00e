"""From a picture's frame to the rows that an affine layer reads, and back. Must not know the plan."""

from convlens.engine.memory import Frame, Matrix
from convlens.engine.stage import Stage, StageRow
from convlens.engine.tiles import AffineTile
from convlens.kernels.layout import to_channel_major, to_channels_last
from convlens.kernels.runtime.parallel import SHARES

__all__ = ["FlattenStage"]


class FlattenStage(Stage):
    """Channels last to the book's order (channel, row, column)."""

    source: Frame
    target: Matrix

    def __init__(self, source: Frame, needs_dx: bool) -> None:
        super().__init__((), source, source.flattened(AffineTile.panel()), needs_dx)

    def allocate(self, capacity: int) -> None:
        del capacity
        self.sizes = (tuple(self.source.sizes), self.target.size, self.source.shape, SHARES)

    def forward(self, n: int, train: bool, is_first_piece: bool = True) -> None:
        del train, is_first_piece
        to_channel_major(self.source.value, self.target.value, n, *self.sizes)

    def backward(self, n: int, is_first_piece: bool = True, is_last_piece: bool = True) -> None:
        del is_first_piece, is_last_piece
        if self.needs_dx:
            to_channels_last(self.target.grad, self.source.grad, n, *self.sizes)

    def describe(self) -> StageRow:
        return StageRow((), "channels last to channel-major", 0, "8 x 8 numbers")
