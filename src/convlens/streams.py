"""Random streams without hidden state. Must not know what they are used for.

Every stream comes from (seed, purpose, key), so a stream never depends on what was drawn before it:
a run can be resumed, and two runs with one seed see the same pictures in the same order. Only the book's
protocol draws from NumPy's global stream, which `global_stream` lends to one seed.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from operator import index

import numpy as np

from convlens.errors import UsageError, shown

__all__ = ["global_stream", "stream"]


def stream(seed: int, purpose: str, *key: str | int) -> np.random.Generator:
    """Return the random generator that belongs to (seed, purpose, key).

    Args:
        seed: the run's seed, 0 or more.
        purpose: what is drawn, such as `"initial weights"` or `"order"`.
        *key: which one of them, such as a parameter's name or an epoch.

    Raises:
        UsageError: `seed` is no int of 0 or more.

    >>> stream(0, "order", 3).integers(100) == stream(0, "order", 3).integers(100)
    np.True_
    """
    try:
        number = index(seed)
    except TypeError:
        number = -1
    if number < 0 or isinstance(seed, bool):
        raise UsageError(f"`seed` of a random stream must be a non-negative int. Got {shown(seed)}.")
    text = "\x1f".join([purpose, *map(str, key)])
    words = np.frombuffer(hashlib.sha256(text.encode()).digest(), np.uint32)
    return np.random.default_rng([number, *words.tolist()])


@contextmanager
def global_stream(seed: int) -> Iterator[None]:
    """Let NumPy's global stream begin with a seed within the block; behind it, it goes on where it stood.

    Args:
        seed: 0 or more; below 2**32 it is that of `np.random.seed(seed)`.
    """
    stood = np.random.get_state()  # noqa: NPY002 (the book's protocol draws from it)
    np.random.seed(seed if seed < 2**32 else [seed % 2**32, seed >> 32])  # noqa: NPY002
    try:
        yield
    finally:
        np.random.set_state(stood)  # noqa: NPY002
