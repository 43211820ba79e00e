"""From a data set to a batch whose pictures are moved, by a kernel. Must not know what draws the rows.

A batch comes out as an array of pictures like any other, so plans and their programs know nothing of it: rows
and indices are data that the recorded call reads, and a step costs no more than the kernel.
"""

from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from convlens.engine.feed import readable
from convlens.engine.program import Program, Programs
from convlens.engine.thread_choice import ThreadChoice
from convlens.errors import ShapeError
from convlens.kernels.augmentation import SHARES, move, plane_size
from convlens.kernels.runtime.machine import lanes
from convlens.kernels.runtime.tapes import ArrayBlank, NumberBlank
from convlens.kernels.simd.vectors import size

__all__ = ["Mover", "rehearse_moving"]

MOST = 8192
"""Rows and columns of a picture: places are int32, in 1/65536 pixel, and may lie four pixels apart."""

MULTIPLY_ADDS = 60
"""In the time of which one pixel is moved."""


class Mover:
    """Gathers batches of one data set's pictures and moves each as its row says.

    What it returns is its own memory, which the next batch is written into.

    Args:
        shape: of one picture, (C, H, W).
        threads: so many; None: as many as are fastest. The results do not depend on it.

    Raises:
        ShapeError: pictures are too large for the kernel.
    """

    def __init__(self, shape: tuple[int, ...], threads: int | None = None) -> None:
        self.shape = shape
        _, height, width = shape
        if height + width > MOST:
            rule = f"at most {MOST:,} rows and columns together where `augment` is given"
            raise ShapeError(f"pictures must have {rule}. Got {height} x {width}.")
        self._lanes = size(next(L for L in (16, 8, 4, 1) if min(lanes(), width) >= L))
        self._planes = np.zeros(2 * SHARES * plane_size(height, width), np.float32)
        self._images: dict[np.dtype[Any], ArrayBlank] = {}
        self._rows = ArrayBlank(np.int64)
        self._index, self._out = np.zeros(0, np.int64), np.zeros(0, np.uint8)
        self._samples = NumberBlank(np.int64)
        self._programs: Programs[Program] = Programs()
        work = MULTIPLY_ADDS * float(np.prod(shape))
        self._thread_choice = ThreadChoice(threads, f"pictures moved {shape}", work)

    def __reduce__(self) -> tuple[Any, ...]:
        """A copy has its own memory."""
        return Mover, (self.shape, self._thread_choice.asked)

    def moved(
        self, x: NDArray[Any], index: NDArray[np.int64], rows: NDArray[np.int64]
    ) -> NDArray[np.uint8 | np.float32]:
        """Return the pictures of an index, moved, (n, C, H, W): uint8 of uint8, else float32.

        Args:
            x: all pictures (samples, C, H, W).
            index: which samples, each below len(x).
            rows: what happens to each of all samples, (samples, 7), as `convlens.data` draws it.
        """
        n = len(index)
        if not readable(x):
            x = np.ascontiguousarray(x[index], None if x.dtype == np.uint8 else np.float32)
            rows, index = rows[index], np.arange(n)
        if len(self._index) < n or self._out.dtype != x.dtype:
            self._make_room(n, x.dtype)
        program = self._programs.get(x.dtype) or self._programs.keep(x.dtype, self._prepared(x.dtype))
        self._images[x.dtype].fill(x)
        self._rows.fill(rows)
        self._samples.fill(n)
        self._index[:n] = index
        with self._thread_choice.running(n, "prediction"):
            program.run()
        return self._out[:n]

    def _make_room(self, n: int, dtype: np.dtype[Any]) -> None:
        """Make memory for larger batches, or for pictures of another dtype."""
        self._index, self._out = np.zeros(n, np.int64), np.zeros((n, *self.shape), dtype)
        self._programs = Programs()

    def _prepared(self, dtype: np.dtype[Any]) -> Program:
        """Prepare the kernel's call."""
        images = self._images.setdefault(dtype, ArrayBlank(dtype))
        out, program = self._out.reshape(-1), Program()
        what = (images, self._index, self._rows, self._planes, out, self._samples, self.shape, self._lanes)
        program.add(lambda: move(*what))
        return program


def rehearse_moving(shape: tuple[int, ...], dtype: DTypeLike) -> None:
    """Have the kernel compiled for pictures of a shape (C, H, W) and dtype, or loaded where it is kept."""
    Mover(shape, 1).moved(np.zeros((1, *shape), dtype), np.zeros(1, np.int64), np.zeros((1, 7), np.int64))
