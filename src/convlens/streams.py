"""Random streams without hidden state. Must not know what they are used for.

Every stream comes from (seed, purpose, key), so a stream never depends on what was drawn before it:
a run can be resumed, and two runs with one seed see the same pictures in the same order.
"""

import hashlib
from operator import index

import numpy as np

from convlens.errors import UsageError, shown

__all__ = ["stream"]


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
