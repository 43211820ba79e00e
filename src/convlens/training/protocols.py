"""How batches are drawn, when a network is judged and which loss is recorded. Must not know networks.

"standard" is what one would do today; "book" is what the book's Trainer does, step by step.
"""

from typing import Protocol

import numpy as np

from convlens._typing import IntArray
from convlens.data import batch_index, steps_per_epoch
from convlens.errors import UsageError, shown

__all__ = [
    "PROTOCOLS",
    "BookProtocol",
    "FractionalBookProtocol",
    "StandardProtocol",
    "TrainingProtocol",
    "protocol_named",
]


class TrainingProtocol(Protocol):
    """What the Trainer asks of a protocol.

    Attributes:
        loss_after_update: record a second loss, of the same batch after the update, instead of the
            gradient pass's own.
    """

    loss_after_update: bool

    def steps_per_epoch(self, n: int, batch_size: int) -> float:
        """Return the updates of one epoch over `n` samples; a fraction where one may end within an update."""

    def batch(self, step: int, n: int, batch_size: int) -> IntArray:
        """Return which samples update number `step` (from 0) sees."""

    def evaluates_after(self, step: int, steps_per_epoch: float) -> bool:
        """Say whether the network is judged after update number `step` (from 0)."""


class StandardProtocol(TrainingProtocol):
    """Every epoch is one shuffled pass; the network is judged at its end.

    Args:
        seed: of the order, 0 or more.
    """

    loss_after_update = False

    def __init__(self, seed: int) -> None:
        if not isinstance(seed, int | np.integer) or isinstance(seed, bool) or seed < 0:
            raise UsageError(f"`seed` of Trainer must be an int ≥ 0. Got {shown(seed)}.")
        self.seed = int(seed)

    def steps_per_epoch(self, n: int, batch_size: int) -> int:
        return steps_per_epoch(n, batch_size)

    def batch(self, step: int, n: int, batch_size: int) -> IntArray:
        return batch_index(self.seed, step, n, batch_size)

    def evaluates_after(self, step: int, steps_per_epoch: float) -> bool:
        return (step + 1) % steps_per_epoch == 0


class BookProtocol(TrainingProtocol):
    """Batches are drawn with replacement from the global NumPy stream; an epoch is n // batch_size updates.

    The network is judged after the first update of an epoch, so the last epoch's end is not recorded.
    """

    loss_after_update = True

    def steps_per_epoch(self, n: int, batch_size: int) -> float:
        return max(n // batch_size, 1)

    def batch(self, step: int, n: int, batch_size: int) -> IntArray:
        del step
        return np.random.choice(n, batch_size)  # noqa: NPY002 (the book's contract: np.random.seed decides)

    def evaluates_after(self, step: int, steps_per_epoch: float) -> bool:
        return step % steps_per_epoch == 0


class FractionalBookProtocol(BookProtocol):
    """The book's to the letter: an epoch is n / batch_size updates, a float.

    Where that is no whole number the network is judged only when so many updates are one: 5,000 pictures in
    batches of 128 make 39.0625 an epoch, so it is judged after update 0, 625, 1,250, …
    """

    def steps_per_epoch(self, n: int, batch_size: int) -> float:
        return max(n / batch_size, 1)


PROTOCOLS = ("standard", "book")


def protocol_named(name: str, seed: int) -> TrainingProtocol:
    """Return the named protocol; the book's ignores the seed."""
    if not isinstance(name, str) or name not in PROTOCOLS:
        raise UsageError(f"`protocol` of Trainer must be one of {', '.join(PROTOCOLS)}. Got {shown(name)}.")
    return BookProtocol() if name == "book" else StandardProtocol(seed)
