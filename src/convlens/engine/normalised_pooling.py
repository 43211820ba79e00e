"""Batch normalisation with ReLU and 2x2 max-pooling behind it, on the kernels. Must not know the plan."""

from convlens.engine.memory import EMPTY, Frame, Memory, aligned
from convlens.engine.normalisation import NormalisationStage
from convlens.engine.stage import floor_of
from convlens.kernels.normalisation import LANES
from convlens.kernels.normalised_pooling import normalise_pool, normalise_pool_backward

__all__ = ["NormalisedPoolingStage", "is_wide"]


def is_wide(source: Memory) -> bool:
    """Say whether there are channels enough for the kernel's vectors."""
    return isinstance(source, Frame) and source.channels >= LANES


class NormalisedPoolingStage(NormalisationStage):
    """y = max over 2x2 of max(floor, gamma (x - mean) / sqrt(variance + eps) + beta).

    An odd last row or column is no window's. Predicting, the convolution before it pools.
    """

    source: Frame
    target: Frame
    pooled = True

    def _made(self, source: Memory) -> Memory:
        channels, height, width = source.shape
        return Frame((channels, height // 2, width // 2))

    def allocate(self, capacity: int) -> None:
        super().allocate(capacity)
        count = capacity * self.target.size
        self.kept, self.winner = aligned(count), aligned(count, "uint8")

    def _normalise(self, n: int) -> None:
        x, y, floor = self.source.value, self.target.value, floor_of(self.relu)
        normalise_pool(x, y, self.kept, self.winner, floor, n, *self.frames, self.shape, self.patterns)

    def backward(self, n: int, is_first_piece: bool = True, is_last_piece: bool = True) -> None:
        del is_first_piece, is_last_piece  # there is one piece
        dx = self.source.grad if self.needs_dx else EMPTY
        grads = tuple(self.bound.gradients.values())
        given = (self.source.value, self.target.grad, self.kept, self.winner, dx, n, self.frames, self.shape)
        normalise_pool_backward(*given, self.room, grads, self.patterns, self.inverse)
