"""Which samples belong to which training step. Must not know the samples.

The sampler has no state: a batch follows from (seed, step) alone, so a run that is resumed at any step
sees the pictures that it would have seen, and two networks with one seed see the same ones.
"""

from functools import lru_cache
from math import inf
from operator import index
from typing import SupportsIndex

import numpy as np
from numpy.typing import NDArray

from convlens.arguments import MOST
from convlens.errors import UsageError, shown
from convlens.streams import stream

__all__ = ["batch_index", "epoch_order", "steps_per_epoch"]

_MOST_STEPS = 10**15  # more than any run makes


def steps_per_epoch(n: int, batch_size: int) -> int:
    """Return the number of batches in one pass over `n` samples; the last one may be smaller.

    Raises:
        UsageError: `n` or `batch_size` is not a positive int.

    >>> steps_per_epoch(60_000, 128)
    469
    """
    return -(-_checked("n", n, 1) // _checked("batch_size", batch_size, 1))


def epoch_order(seed: int, epoch: int, n: int) -> NDArray[np.int64]:
    """Return the order in which an epoch visits the samples.

    Args:
        seed: the run's seed, 0 or more.
        epoch: counted from 0.
        n: the number of samples, 1 or more.

    Returns:
        a new int64 array, (n,), that holds each of 0 to n - 1 once.

    Raises:
        UsageError: an argument is not such an int.
    """
    return _order(_checked("seed", seed, 0, inf), _checked("epoch", epoch, 0), _checked("n", n, 1)).copy()


def batch_index(seed: int, step: int, n: int, batch_size: int) -> NDArray[np.int64]:
    """Return which samples a training step uses.

    Args:
        seed: the run's seed, 0 or more.
        step: counted from 0 over all epochs.
        n: the number of samples, 1 or more.
        batch_size: 1 or more.

    Returns:
        a new int64 array of `batch_size` indices, fewer at an epoch's last step.

    Raises:
        UsageError: an argument is not such an int.
    """
    epoch, position = divmod(_checked("step", step, 0, _MOST_STEPS), steps_per_epoch(n, batch_size))
    order = _order(_checked("seed", seed, 0, inf), epoch, index(n))
    # A copy, because compiled code treats a read-only view as another type of argument.
    return order[position * batch_size : (position + 1) * batch_size].copy()


@lru_cache(maxsize=2)  # one epoch's order serves all its steps; two, for two trainings that take turns
def _order(seed: int, epoch: int, n: int) -> NDArray[np.int64]:
    order = stream(seed, "order", epoch).permutation(n).astype(np.int64, copy=False)
    order.setflags(write=False)
    return order


def _checked(name: str, value: SupportsIndex, least: int, most: float = MOST) -> int:
    """Return the value as an int, or raise if it is none, too small or too large."""
    try:
        number = index(value)
    except TypeError:
        number = least - 1
    if number < least or isinstance(value, bool):
        raise UsageError(f"`{name}` of a batch must be an int of {least} or more. Got {shown(value)}.")
    if number > most:
        raise UsageError(f"`{name}` of a batch must be at most {most:,}. Got {shown(value)}.")
    return number
