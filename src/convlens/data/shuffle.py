"""Shuffling samples and labels together, as the book does. Must not know the rest of the room.

Training does not use it: its order comes from `batches`, without hidden state.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlens.arrays import as_array
from convlens.errors import LengthError

__all__ = ["shuffle_dataset"]


def shuffle_dataset(x: ArrayLike, t: ArrayLike) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return the samples and their labels in one new random order.

    The order is one `np.random.permutation` of NumPy's global stream, so that `np.random.seed`
    before it gives the order that the book's function gives.

    Args:
        x: samples, (N, ...).
        t: labels, (N, ...).

    Returns:
        new arrays of the same shapes; the ones given are unchanged.

    Raises:
        LengthError: one of them has no axis, or they differ in length.
    """
    x, t = as_array("`x` of shuffle_dataset", x), as_array("`t` of shuffle_dataset", t)
    if x.ndim == 0 or t.ndim == 0 or len(x) != len(t):
        raise LengthError(
            f"`x` and `t` of shuffle_dataset must have the same length. Got shapes {x.shape} and {t.shape}."
        )
    order = np.random.permutation(len(x))  # noqa: NPY002 -- the book's contract is the global stream
    return x[order], t[order]
