"""Where a plan keeps its activations: frames of pictures and matrices of features. Must not know layers."""

import os
from math import prod
from typing import Any
from weakref import WeakValueDictionary

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import DTypeLike, NDArray

from convlens.kernels.runtime.slots import APART, SLOTS
from convlens.kernels.sizes import FrameSizes

__all__ = ["EMPTY", "SLACK", "Frame", "Matrix", "Memory", "aligned", "aligned_rows", "scratch"]

SLACK = 128
"""Numbers after each sample that kernels may read or write past its end."""

ALIGNMENT = 64  # bytes: a cache line, and the widest vector
PAGE, LARGE = 4096, 1 << 16  # bytes: which addresses look alike to a core, and arrays for which that matters

Numbers = NDArray[np.float32]


def aligned(count: int, dtype: DTypeLike = np.float32) -> NDArray[Any]:
    """Return zeros that start at a cache line, large ones at a page, with slack behind them.

    A core that reads soon after a write waits if the two addresses agree within a page. Where the heap
    happened to put large arrays, after whatever was allocated before, cost SimpleConvNet up to 5 % of a step.
    """
    size = (count + SLACK) * np.dtype(dtype).itemsize
    alignment = PAGE if size >= LARGE else ALIGNMENT  # NumPy aligns to 16 bytes only
    raw = np.zeros(size + alignment, np.uint8)
    start = -raw.ctypes.data % alignment
    return raw[start : start + size].view(dtype)


def aligned_rows(rows: int, count: int, dtype: DTypeLike = np.float32) -> NDArray[Any]:
    """Return zeros (rows, count and slack), every row at a cache line."""
    width = -(-(count + SLACK) // 16) * 16
    table: NDArray[Any] = aligned(rows * width, dtype)[: rows * width].reshape(rows, width)
    return table


def scratch(*counts: int) -> tuple[NDArray[Any], ...]:
    """Return the flags of slots, and rows of zeros for each count: a row a slot (see `slots.py` of kernels).

    Threads that never come leave their rows untouched, and so without memory.
    """
    flags = aligned(SLOTS * APART, np.int64)
    _flags[id(flags)] = flags
    return (flags, *(aligned_rows(SLOTS, count) for count in counts))


_flags: "WeakValueDictionary[int, NDArray[Any]]" = WeakValueDictionary()


def _after_fork() -> None:
    """In a forked child, free the slots of threads that did not come along: nobody else would."""
    for flags in list(_flags.values()):
        flags[:] = 0


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)


EMPTY = np.zeros(0, np.float32)
"""Stands for a gradient that nobody needs."""


class Memory:
    """Values of one activation for all samples of a batch, and the loss's derivatives by them.

    Args:
        shape: of one sample.

    Attributes:
        value: flat float32, `size` numbers a sample.
        grad: the same for the derivatives; empty where nobody needs them.
        trunk: whose values these are, if it is a branch (see `branch`).
    """

    size: int
    trunk: "Memory | None" = None

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.shape = shape
        self.value: Numbers = EMPTY
        self.grad: Numbers = EMPTY

    @property
    def held(self) -> int:
        """Numbers that are kept for one sample while a step runs."""
        return 2 * self.size if self.trunk is None else self.size

    def allocate(self, samples: int, needs_grad: bool) -> None:
        """Make the arrays for up to so many samples; a branch's trunk has been allocated."""
        self.value = aligned(samples * self.size) if self.trunk is None else self.trunk.value
        self.grad = aligned(samples * self.size) if needs_grad else EMPTY

    def branch(self) -> "Memory":
        """Return the same values with derivatives of their own, for a second one who reads them."""
        raise NotImplementedError

    def view(self, n: int) -> Numbers:
        """Return the values of the first n samples, (n, *shape), without a copy."""
        return self._strided(self.value, n)

    def grad_view(self, n: int) -> Numbers:
        """Return the derivatives in the same way."""
        return self._strided(self.grad, n)

    def _strided(self, array: Numbers, n: int) -> Numbers:
        raise NotImplementedError


class Frame(Memory):
    """Pictures, channels last, each with its border (see `convlens.kernels`).

    Attributes:
        border: zeros above and below, left and right; consumers and producers ask for them with `require`.
    """

    def __init__(self, shape: tuple[int, ...]) -> None:
        super().__init__(shape)
        self.channels, self.height, self.width = shape
        self._borders = [(0, 0)]  # in a list, as branches have it in common

    @property
    def border(self) -> tuple[int, int]:
        """Rows above and below, and columns left and right, that are zeros; shared with its branches."""
        return self._borders[0]

    def branch(self) -> "Frame":
        made = Frame(self.shape)
        made.trunk, made._borders = self, self._borders
        return made

    def require(self, vertical: int, horizontal: int) -> None:
        """Make the border at least this wide; before `allocate`."""
        self._borders[0] = (max(self.border[0], vertical), max(self.border[1], horizontal))

    @property
    def has_one_place(self) -> bool:
        """Whether each map is one number."""
        return (self.height, self.width) == (1, 1)

    def flattened(self, panel: int) -> "Matrix":
        """Return rows for its samples; of maps of one number they are rows of those, and may be scores."""
        if self.has_one_place:
            return Matrix(self.shape[:1], panel)
        return Matrix(self.shape, panel, overwritten=True)

    @property
    def row(self) -> int:
        """Numbers from one row to the next."""
        return (self.width + 2 * self.border[1]) * self.channels

    @property
    def size(self) -> int:  # type: ignore[override]
        """Numbers from one sample to the next, a multiple of a cache line."""
        return -(-((self.height + 2 * self.border[0]) * self.row + SLACK) // 16) * 16

    @property
    def origin(self) -> int:
        """Where the interior starts."""
        return self.patch_origin(0, 0)

    @property
    def sizes(self) -> FrameSizes:
        """How the frame lies, as kernels take it."""
        return FrameSizes(self.size, self.origin, self.row)

    def patch_origin(self, vertical: int, horizontal: int) -> int:
        """Where the first patch starts if so many zeros of the border belong to it."""
        return (self.border[0] - vertical) * self.row + (self.border[1] - horizontal) * self.channels

    def _strided(self, array: Numbers, n: int) -> Numbers:
        strides = [4 * s for s in (self.size, 1, self.row, self.channels)]
        return as_strided(array[self.origin :], (n, *self.shape), strides)


class Matrix(Memory):
    """Features, a row a sample, in the book's order (channel, row, column).

    Args:
        shape: of one sample: (features,), or (C, H, W) flattened.
        panel: rows are a multiple of so many numbers.
        overwritten: whether the derivatives take the place of the values, which nobody reads after them: a
            cache holds twice as much.
    """

    def __init__(self, shape: tuple[int, ...], panel: int, overwritten: bool = False) -> None:
        super().__init__(shape)
        self._overwritten = overwritten
        self.features = prod(shape)
        self.size = -(-self.features // panel) * panel

    @property
    def held(self) -> int:
        return self.size if self._overwritten else super().held

    def branch(self) -> "Matrix":
        made = Matrix(self.shape, 1)
        made.trunk, made.size = self, self.size
        return made

    def allocate(self, samples: int, needs_grad: bool) -> None:
        super().allocate(samples, needs_grad and not self._overwritten)
        if needs_grad and self._overwritten:  # the affine kernel reads a panel before it writes it
            self.grad = self.value

    def _strided(self, array: Numbers, n: int) -> Numbers:
        rows = array[: n * self.size].reshape(n, self.size)[:, : self.features]
        return rows if len(self.shape) == 1 else rows.reshape(n, *self.shape)
