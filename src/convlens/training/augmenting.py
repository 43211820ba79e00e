"""Batches of pictures that are varied anew for each epoch. Must not know what is trained.

Labels and the order of pictures stay: a batch is the one that would have come, with its pictures moved.
"""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from convlens._typing import Array, IntArray
from convlens.data.augmentation import drawn_rows, moved, strengths
from convlens.errors import ShapeError
from convlens.layers import Batch

if TYPE_CHECKING:
    from convlens.engine.augmentation import Mover

__all__ = ["Augmenter"]


class Augmenter:
    """Varies a training's batches: what a picture becomes follows from (seed, epoch, sample) alone.

    Args:
        augment: what the user gave.
        seed: the training's.
        shape: of all training pictures.
        with_kernels: move pictures by kernels; else by NumPy, which is the same to the bit.
        threads: how many the kernels use; None for as many as are fastest.

    Attributes:
        strengths: by the transforms' names; empty where nothing is varied.
    """

    def __init__(
        self,
        augment: Any,  # noqa: ANN401
        seed: int,
        shape: tuple[int, ...],
        with_kernels: bool,
        threads: int | None,
    ) -> None:
        self.strengths = strengths(augment, "Trainer")
        if self.strengths and len(shape) != 4:
            rule = "(N, C, H, W) where `augment` is given"
            raise ShapeError(f"`x_train` of Trainer must be {rule}. Got {shape}.")
        self.seed, self.with_kernels, self.threads = seed, with_kernels, threads
        self._rows: tuple[int, IntArray] | None = None  # an epoch's, of all samples
        self._mover: Mover | None = None

    def varied(self, batch: Batch, epoch: int) -> Batch:
        """Return a batch of varied pictures, which the next call may write over."""
        if not self.strengths:
            return batch
        if self._rows is None or self._rows[0] != epoch or len(self._rows[1]) != len(batch.x):
            drawn = drawn_rows(self.strengths, self.seed, epoch, len(batch.x), batch.x.shape[2:])
            self._rows = (epoch, drawn)
        x = self._moved(batch.x, batch.index, self._rows[1])
        index, known_as = np.arange(len(x)), batch.samples
        return replace(batch, x=x, t=batch.labels, index=index, w=batch.weights, known_as=known_as)

    def _moved(self, x: Array, index: IntArray, rows: IntArray) -> Array:
        if not self.with_kernels:
            return moved(x[index], rows[index])
        if self._mover is None:
            from convlens.engine.augmentation import Mover  # noqa: PLC0415 (Numba: half a second)

            self._mover = Mover(x.shape[1:], self.threads)
        return self._mover.moved(x, index, rows)
