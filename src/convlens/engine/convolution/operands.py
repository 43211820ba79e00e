"""What one convolution reads and writes: the same for all objects that compute a part of it.

Must not know kernels' tiles.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from convlens.engine.convolution.geometry import Geometry
from convlens.engine.memory import EMPTY, Frame, Matrix, Memory, aligned, aligned_rows, scratch
from convlens.engine.parameters import BoundParameters
from convlens.engine.stage import floor_of
from convlens.engine.tiles import AffineTile
from convlens.kernels.runtime.slots import SLOTS
from convlens.kernels.sizes import OutputSizes, Reads

__all__ = ["LARGE_BANK", "Mask", "Operands", "PartialSums", "groups"]

Numbers = NDArray[np.float32]

LARGE_BANK = 16_384
"""Numbers of dW from which a private copy for each of many threads would cost more than it helps."""

SUMS = 65_536
"""Numbers in all private sums of a layer, if that allows 16 groups of samples at least."""


class Mask(NamedTuple):
    """Where derivatives live: values that are zero elsewhere, and numbers from one sample's to the next."""

    values: Any
    sample: int


class Operands:
    """The arrays of one convolution and how they lie.

    Attributes:
        geometry: the sizes.
        source: what is read.
        frame: what is written, and the derivatives by it, channels last.
        target: what the next stage reads: the frame, or rows in the book's order behind it.
        bound: filters and biases.
        relu: whether ReLU is part of it.
        normalised: whether a normalisation is right behind: it leaves the border of the derivatives at 0, and
            those of a channel add up to 0, as no bias changes what comes out of it.
        masked: whether a ReLU behind it, of a sum that is written over the outputs, switches derivatives off.
        winner: which member of each pooling window was the maximum; empty without pooling.
        kept: whether the frame has room for the derivatives of all samples, or for one of each slot.
        slots: for whoever computes gradients.
    """

    def __init__(self, geometry: Geometry, source: Frame, bound: BoundParameters, relu: bool) -> None:
        self.geometry, self.source, self.bound, self.relu = geometry, source, bound, relu
        self.masked = self.normalised = False
        self.frame = Frame((geometry.F, *geometry.grid))
        self.target: Memory = self.frame
        self.winner: NDArray[Any] = EMPTY
        self.kept = True
        self.slots = scratch()[0]
        source.require(*geometry.border)

    def flatten(self) -> Matrix:
        """Also write each sample in the book's order, for the affine layer behind; return where to."""
        rows = self.frame.flattened(AffineTile.panel())
        self.target = rows
        return rows

    def allocate(self, capacity: int, reads_twice: bool) -> None:
        """Make what the plan does not make: it makes the source and the target.

        With pooling `winner` holds all that the backward needs of the outputs. If moreover nobody reads the
        frame's derivatives twice, one sample of each slot is enough, and stays in the cache.

        Args:
            capacity: samples.
            reads_twice: whether the input's gradient is made from the frame's derivatives after the filters'.
        """
        pooled = self.geometry.pooled
        if pooled:
            self.winner = aligned(capacity * self.frame.size, np.uint8)  # as the frame lies, for one index
        if self.is_flat:
            self.kept = not pooled or reads_twice
            self.frame.allocate(SLOTS if pooled else capacity, needs_grad=False)
            self.frame.grad = aligned((capacity if self.kept else SLOTS) * self.frame.size)

    @property
    def is_flat(self) -> bool:
        """Whether samples are written in the book's order too."""
        return self.target is not self.frame

    @property
    def flat(self) -> Numbers:
        """Those rows, or an empty array."""
        return self.target.value if self.is_flat else EMPTY

    @property
    def flat_grad(self) -> Numbers:
        """The derivatives by the output in the book's order, if that is where they come in."""
        return self.target.grad if self.is_flat else EMPTY

    @property
    def floor(self) -> np.float32:
        """What kernels know ReLU by."""
        return floor_of(self.relu)

    @property
    def reads(self) -> Reads:
        """How patches of the source are found."""
        g, x = self.geometry, self.source
        return Reads(x.size, x.patch_origin(*g.pad), x.row, g.stride[0] * x.row, g.stride[1] * g.C)

    @property
    def output(self) -> OutputSizes:
        """How the frame lies, and the rows behind it."""
        y = self.frame
        return OutputSizes(y.size, y.origin, y.row, self.target.size)

    def mask(self) -> Mask:
        """Return where the outputs' derivatives live: where ReLU is on, and nowhere in the border.

        Empty where there is nothing to switch off.
        """
        y = self.frame
        if self.relu or self.masked:
            return Mask(y.value, y.size)
        if self.normalised:
            return Mask(EMPTY, 0)
        inside = Frame(y.shape)  # one sample's worth: ones inside, zeros in the border
        inside.require(*y.border)
        inside.value = aligned(y.size)
        inside.view(1)[...] = 1
        return Mask(inside.value, 0)


class PartialSums(NamedTuple):
    """What each group of samples adds to dW, in a kernel's order, and to db."""

    weights: Numbers
    biases: Numbers

    @classmethod
    def of(cls, numbers: int, filters: int, count: int | None = None) -> "PartialSums":
        """Make room for so many numbers of dW, and for the biases of so many filters, for each group.

        count: of groups; None: as `groups` says.
        """
        count = count or groups(numbers)
        return cls(aligned_rows(count, numbers), aligned_rows(count, filters))


def groups(numbers: int) -> int:
    """Return into how many groups the samples of a batch are split that each have so many sums of their own.

    Float sums depend on it. From 16 to 64: with few sums as many as there may be threads, with many as few as
    still leave work for all; adding them up must not cost more than a per cent of making them.
    """
    count = 64
    while count > 16 and count * numbers > SUMS:
        count //= 2
    return count
