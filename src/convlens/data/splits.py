"""Which pictures a network is trained on and which are held out. Must not know arrays' contents.

name       trained on           held out for choices      of MNIST's 60,000 training images
"full"     0 to 59,999          none
"holdout"  0 to 54,999          55,000 to 59,999
"small"    0 to 4,999           5,000 to 14,999

Choices are made on held-out training images. The test set is reported, never used to choose: its first
`test_head` pictures, as the book does it, and beside them all of it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from convlens.arguments import MOST, Count, as_annotated
from convlens.errors import UsageError, shown

__all__ = ["Span", "Split", "largest_train_size", "split_for"]

Scalar = TypeVar("Scalar", bound=np.generic)

MNIST_SIZE = 60_000

_TRAIN_SIZES: dict[str, Callable[[int], int]] = {
    "full": lambda n_available: n_available,
    "holdout": lambda n_available: n_available - _held_out(n_available)[1],
    "small": lambda _: 5_000,
}
"""How many images each named split trains on; where two agree, the first gives the split its name."""


class Span(NamedTuple):
    """The pictures `start` to `stop - 1`, as `range` counts; equal to the tuple (start, stop)."""

    start: int
    stop: int

    @property
    def size(self) -> int:
        """How many pictures these are."""
        return self.stop - self.start

    def of(self, array: NDArray[Scalar]) -> NDArray[Scalar]:
        """Return these entries of an array's first axis, as a view.

        >>> Span(1, 3).of(np.arange(5))
        array([1, 2])
        """
        return array[self.start : self.stop]


@dataclass(frozen=True)
class Split:
    """One way to use a data set.

    Attributes:
        name: "full", "holdout", "small", or "first-<n>".
        train: the training images that are trained on.
        validation: the training images that are held out, or None.
        test_head: how many pictures at the start of the test set are reported beside all of it.
    """

    name: str
    train: Span
    validation: Span | None
    test_head: int = 1000


def split_for(train_size: int, n_available: int = MNIST_SIZE) -> Split:
    """Return the split that trains on the first `train_size` images.

    Held out are the next 10,000 images; where fewer are left, the last 5,000; nothing where every image
    is trained on. In a data set of fewer than 60,000 images these numbers shrink to a sixth and a
    twelfth of it (one image at least), so a split holds out the same share everywhere.

    Args:
        train_size: 1 to `n_available`; sizes that leave too few images to hold out are refused.
        n_available: how many training images the data set has.

    Raises:
        UsageError: the size is not possible; the message says which sizes are.
    """
    n_available = _whole("n_available", n_available, "1 or more", 1)
    train_size = _whole("train_size", train_size, _possible_sizes(n_available))
    many, few = _held_out(n_available)
    left = n_available - train_size
    if train_size < 1 or left < 0 or 0 < left < few:
        raise UsageError(f"`train_size` must be {_possible_sizes(n_available)}. Got {train_size:,}.")
    validation = None
    if left >= many:
        validation = Span(train_size, train_size + many)
    elif left:
        validation = Span(n_available - few, n_available)
    return Split(_name(train_size, n_available), Span(0, train_size), validation)


def _whole(name: str, value: object, rule: str, least: int | None = None) -> int:
    """Return a whole number, or say what it must be."""
    number = value if isinstance(value, int | np.integer) and not isinstance(value, bool) else None
    if number is None or number > MOST or (least is not None and number < least):
        raise UsageError(f"`{name}` must be {rule}. Got {shown(value)}.")
    return int(number)


@as_annotated
def largest_train_size(at_most: Count, n_available: Count) -> int:
    """Return how many images, `at_most` or fewer, a data set lets one train on with some held out.

    >>> largest_train_size(5000, 60_000), largest_train_size(5000, 1200), largest_train_size(5000, 1)
    (5000, 1100, 1)
    """
    return min(at_most, n_available - _held_out(n_available)[1] or n_available)


def _held_out(n_available: int) -> tuple[int, int]:
    """Return how many images are held out where there is room, and where there is little."""
    return max(1, min(10_000, n_available // 6)), max(1, min(5_000, n_available // 12))


def _name(train_size: int, n_available: int) -> str:
    """Return the name of the split of this size, so that one split never has two names."""
    named = (name for name, size in _TRAIN_SIZES.items() if size(n_available) == train_size)
    return next(named, f"first-{train_size}")


def _possible_sizes(n_available: int) -> str:
    """Say which training sizes a data set allows."""
    largest = n_available - _held_out(n_available)[1]
    most = f"1 to {largest:,}, or " if largest > 0 else ""
    return f"{most}{n_available:,} (all images, none held out)"
