"""Layers that work on every number by itself: activations, and dropout. Must not know the plan.

What follows a convolution or an affine layer as a ReLU is a part of that layer's stage.
"""

import numpy as np

from convlens.engine.memory import EMPTY, Frame, Matrix, Memory, aligned
from convlens.engine.stage import Stage, StageRow
from convlens.engine.tiles import AffineTile
from convlens.kernels.activations import GELU, LEAKY_RELU, SIGMOID, TANH, activate, times_slope
from convlens.kernels.dropout import drop
from convlens.kernels.runtime.parallel import SHARES
from convlens.kernels.sizes import FrameSizes
from convlens.layers import LAYERS, Batch, Layer
from convlens.layers.dropout import Dropout, dropped_below

__all__ = ["ACTIVATIONS", "ActivationStage", "DropoutStage"]

_KINDS = {"relu": LEAKY_RELU, "leaky_relu": LEAKY_RELU, "tanh": TANH, "sigmoid": SIGMOID, "gelu": GELU}

ACTIVATIONS: dict[type[Layer], int] = {LAYERS[kind]: number for kind, number in _KINDS.items()}
"""Class of a layer → which function the kernel computes."""


def alike(source: Memory) -> Memory:
    """Return a memory of the same kind and shape."""
    if isinstance(source, Frame):
        return Frame(source.shape)
    return Matrix(source.shape, AffineTile.panel())


def sizes_of(memory: Memory) -> FrameSizes:
    """Return how a memory lies; a matrix is a frame of one row without a border."""
    return memory.sizes if isinstance(memory, Frame) else FrameSizes(memory.size, 0, 0)


def rows_of(memory: Memory) -> tuple[int, int]:
    """Return the rows of a sample, and the numbers that follow each other in one."""
    if isinstance(memory, Frame):
        return memory.height, memory.width * memory.channels
    return 1, int(np.prod(memory.shape))


class ActivationStage(Stage):
    """y = f(x); its slope is kept from the forward to the backward pass."""

    def __init__(self, number: int, source: Memory, layer: Layer, needs_dx: bool) -> None:
        super().__init__((number,), source, alike(source), needs_dx)
        self._title, self._kind = layer.computes.title, ACTIVATIONS[type(layer)]
        self._leak = np.float32(getattr(layer, "slope", 0))

    @property
    def reads_output(self) -> bool:
        return False

    def allocate(self, capacity: int) -> None:
        self._slopes = aligned(capacity * self.target.size)
        self._sizes = (tuple(sizes_of(self.source)), tuple(sizes_of(self.target)), rows_of(self.target))

    def forward(self, n: int, train: bool, is_first_piece: bool = True) -> None:
        del train, is_first_piece
        x, y = self.source.value, self.target.value
        activate(x, y, self._slopes, n, *self._sizes, self._kind, self._leak, SHARES)

    def backward(self, n: int, is_first_piece: bool = True, is_last_piece: bool = True) -> None:
        del is_first_piece, is_last_piece
        if self.needs_dx:
            times_slope(self.target.grad, self._slopes, self.source.grad, n, *self._sizes, SHARES)

    def describe(self) -> StageRow:
        return StageRow(self.layers, f"{self._title}; its slope backward", 0, "one number at a time")


class DropoutStage(Stage):
    """y = x / (1 - ratio) where x is kept, else 0; drawn once more in the backward pass, and not kept."""

    sees_batch = True

    def __init__(self, number: int, source: Memory, layer: Dropout, needs_dx: bool) -> None:
        super().__init__((number,), source, alike(source), needs_dx)
        self._number = number
        self._dropped = int(dropped_below(layer.ratio)), np.float32(1 / (1 - layer.ratio))
        self._keys = EMPTY

    @property
    def reads_output(self) -> bool:
        return False

    def allocate(self, capacity: int) -> None:
        self._keys = aligned(2 * capacity, np.uint32)
        rows, count = rows_of(self.target)
        places, numbers = (rows, 1, count), (0, 0, 1)
        if isinstance(self.source, Frame):
            C, H, W = self.source.shape
            # In the book's order a channel is H * W numbers; with one channel a row is one run.
            places, numbers = ((H, W, C), (W, 1, H * W)) if C > 1 else ((H, 1, W), (W, 0, 1))
        lie = tuple(sizes_of(self.source)), tuple(sizes_of(self.target))
        self._there, self._back = (*lie, places, numbers), (*lie[::-1], places, numbers)

    def see(self, batch: Batch) -> None:
        keys = batch.within(self._number).sample_keys("dropout").reshape(-1)
        self._keys[: keys.size] = keys

    def forward(self, n: int, train: bool, is_first_piece: bool = True) -> None:
        del is_first_piece
        dropped = self._dropped if train else (0, np.float32(1))
        drop(self.source.value, self.target.value, self._keys, n, *self._there, *dropped, SHARES)

    def backward(self, n: int, is_first_piece: bool = True, is_last_piece: bool = True) -> None:
        del is_first_piece, is_last_piece
        if self.needs_dx:
            drop(self.target.grad, self.source.grad, self._keys, n, *self._back, *self._dropped, SHARES)

    def describe(self) -> StageRow:
        return StageRow(self.layers, "dropout", 0, "one number at a time")
