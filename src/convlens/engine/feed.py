"""From a data set to the memory that the first stage reads. Must not know stages."""

from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlens.data.preprocessing import USUAL
from convlens.engine.memory import Frame, Memory
from convlens.kernels.gather import gather
from convlens.kernels.loss import take_labels
from convlens.kernels.runtime.parallel import SHARES
from convlens.kernels.runtime.tapes import ArrayBlank, NumberBlank
from convlens.kernels.sizes import FrameSizes, Picture

__all__ = ["SCALES", "Feed", "readable"]

SCALES: dict[Any, np.float32] = {
    np.dtype(np.uint8): np.float32(USUAL.factor),
    np.dtype(np.float32): np.float32(1),
}


def readable(x: NDArray[Any]) -> bool:
    """Say whether kernels can read these pictures where they are."""
    flags = x.flags
    return x.dtype in SCALES and flags.c_contiguous and flags.aligned


class Feed:
    """Which pictures and labels a batch is of: what is put in here, programs read.

    Args:
        target: where pictures go; it has been allocated.
        capacity: samples of a batch.
        classes: that labels may be of.

    Attributes:
        index: which samples, a copy.
        labels: theirs, once `take` has run.
        weights: how much the loss of each counts.
    """

    def __init__(self, target: Memory, capacity: int, classes: int) -> None:
        self._target, self._classes = target, classes
        self.index, self.labels = np.zeros(capacity, np.int64), np.zeros(capacity, np.int64)
        self.weights, self._weighted = np.ones(capacity, np.float32), False
        self._samples = NumberBlank(np.int64)
        self._pictures: dict[Any, ArrayBlank] = {dtype: ArrayBlank(dtype) for dtype in SCALES}
        self._given: dict[np.dtype[Any], ArrayBlank] = {}
        if isinstance(target, Frame):
            self._sizes = tuple(Picture(*target.shape)), tuple(target.sizes)
        else:  # a matrix is a frame of pictures with one channel and one row
            self._sizes = tuple(Picture(1, 1, prod(target.shape))), tuple(FrameSizes(target.size, 0, 0))

    def fill(self, x: NDArray[Any], index: NDArray[np.int64]) -> None:
        """Let programs read these samples of pictures that are `readable`, which the caller holds."""
        self._pictures[x.dtype].fill(x)
        self._samples.fill(len(x))
        self.index[: len(index)] = index

    def fill_labels(self, t: NDArray[Any]) -> None:
        """Let programs read these class numbers, of all samples."""
        self._label_blank(t.dtype).fill(t)

    def fill_weights(self, w: NDArray[Any] | None) -> None:
        """Let programs read how much each sample of all counts, None for 1; the index has been put in."""
        if w is not None:
            self.weights[...] = w.take(self.index, mode="clip")  # what is out of range, `take` refuses
        elif self._weighted:
            self.weights[...] = 1
        self._weighted = w is not None

    def take(self, n: int, dtype: np.dtype[Any]) -> None:
        """Call the kernel that takes n labels, of some dtype, and ends a program where one is wrong."""
        take_labels(self.index[:n], self._label_blank(dtype), self._samples, self._classes, self.labels)

    def gather(self, some: slice, dtype: np.dtype[Any]) -> None:
        """Call the kernel that copies the samples at some places of the index, of pictures of a dtype."""
        index, scale = self.index[some], SCALES[dtype]
        n = len(index)
        gather(self._pictures[dtype], index, scale, self._target.value, n, *self._sizes, min(n, SHARES))

    def _label_blank(self, dtype: np.dtype[Any]) -> ArrayBlank:
        found = self._given.get(dtype)
        if found is None:
            found = self._given[dtype] = ArrayBlank(dtype)
        return found
