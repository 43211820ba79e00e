"""The two ends of a residual addition, on the kernels. Must not know the plan, nor what is between them.

Where it can, the sum is written over what the main way ends in: one pass less forward, and going back the
derivative of the sum is that of the way already, in the same place.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlens.engine.elementwise import alike, sizes_of
from convlens.engine.memory import Frame, Memory
from convlens.engine.stage import Stage, StageRow
from convlens.kernels.sums import add_frames, hand_back

__all__ = ["ForkStage", "SumStage"]


class ForkStage(Stage):
    """Where both ways begin. Going back: dx = the main way's, which is there already, + the shortcut's.

    Args:
        number: of the layer.
        source: where both ways read.
        short: holds the shortcut's derivatives: the source's branch, or the sum itself where the shortcut is
            the identity.
    """

    def __init__(self, number: int, source: Memory, short: Memory) -> None:
        super().__init__((number,), source, short if short.trunk is source else source, needs_dx=True)
        self.short = short

    def allocate(self, capacity: int) -> None:
        del capacity
        lying = _lie(self.source), _lie(self.short)
        self._sizes = ((*lying, lying[0]), _rows(self.source, *lying))

    def forward(self, n: int, train: bool, is_first_piece: bool = True) -> None:
        pass

    def backward(self, n: int, is_first_piece: bool = True, is_last_piece: bool = True) -> None:
        del is_first_piece, is_last_piece
        dx = self.source.grad
        add_frames(dx, self.short.grad, dx, False, n, *self._sizes)

    def describe(self) -> StageRow:
        return StageRow(self.layers, "residual: both ways' derivatives", 0, "one number at a time")


class SumStage(Stage):
    """out = main + short, or the ReLU of that, where both ways end.

    Args:
        layers: numbers of the layer, and of the ReLU behind it.
        main: the last stage of the main way.
        short: what the shortcut ends in; the source itself where it is the identity.
        is_identity: whether it is: then `ForkStage` takes the derivative from here.
        relu: whether a ReLU is behind.
        gradients: the derivatives by all that the ways keep.
    """

    def __init__(self, layers: tuple[int, ...], main: Stage, short: Memory, is_identity: bool, relu: bool,
                 gradients: dict[str, Any]) -> None:  # fmt: skip
        over = not main.reads_output
        target = main.target if over else alike(main.target)
        super().__init__(layers, main.target, target, needs_dx=True)
        self.short, self.is_identity, self.relu, self.over = short, is_identity, relu, over
        self.main, self.masked = main, relu
        self.main_masks = relu and over and main.masks()
        self._gradients = gradients

    @property
    def gradients(self) -> dict[str, NDArray[np.float32]]:
        return self._gradients

    @property
    def reads_output(self) -> bool:
        return self.relu

    def masks(self) -> bool:
        self.masked = True
        self.main_masks = self.over and self.main.masks()
        return True

    def allocate(self, capacity: int) -> None:
        del capacity
        main, short, out = _lie(self.source), _lie(self.short), _lie(self.target)
        self._sizes = ((main, short, out), _rows(self.target, main, short, out))
        self._to_main = ((out, main), _rows(self.target, out, main))
        self._to_short = ((out, short), _rows(self.target, out, short))
        self._within = ((out, out), _rows(self.target, out))

    def forward(self, n: int, train: bool, is_first_piece: bool = True) -> None:
        del train, is_first_piece
        x, y, out = self.source.value, self.short.value, self.target.value
        add_frames(x, y, out, self.relu, n, *self._sizes)

    def backward(self, n: int, is_first_piece: bool = True, is_last_piece: bool = True) -> None:
        del is_first_piece, is_last_piece
        d, value = self.target.grad, self.target.value
        if not self.is_identity:
            hand_back(d, value, self.short.grad, self.masked, n, *self._to_short)
        if not self.over:
            hand_back(d, value, self.source.grad, self.masked, n, *self._to_main)
        if self.masked and not self.main_masks and (self.over or self.is_identity):
            hand_back(d, value, d, True, n, *self._within)

    def describe(self) -> StageRow:
        name = "residual sum" + (" + ReLU" if self.relu else "") + (", in place" if self.over else "")
        return StageRow(self.layers, f"{name}; dense backward", 0, "one number at a time")


def _lie(memory: Memory) -> tuple[int, ...]:
    return tuple(sizes_of(memory))


def _rows(memory: Memory, *lying: tuple[int, ...]) -> tuple[int, int]:
    """Return rows and numbers in one: a single one where none of the memories has a border between them."""
    numbers = int(np.prod(memory.shape))
    if not isinstance(memory, Frame):
        return 1, numbers
    together = all(row == memory.width * memory.channels for _, _, row in lying)
    return (1, numbers) if together else (memory.height, memory.width * memory.channels)
