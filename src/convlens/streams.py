"""Random streams without hidden state. Must not know what they are used for.

Every stream comes from (seed, purpose, key), so a stream never depends on what was drawn before it:
a run can be resumed, and two runs with one seed see the same pictures in the same order. Only the book's
protocol draws from NumPy's global stream, which `global_stream` lends to one seed.

Where every number of every sample is drawn anew at each step (dropout), that would be a generator a sample.
There a number follows from (seed, purpose, key, sample, place) by `counted`, which kernels compute as well.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from operator import index

import numpy as np
from numpy.typing import NDArray

from convlens.errors import UsageError, shown

__all__ = ["MIX", "counted", "global_stream", "sample_keys", "stream"]

MIX = (0x21F0AAAD, 0xD35A2D97)
"""What the bits of a counted number are multiplied with.

Reference: Wellons, "Prospecting for hash functions", 2018, and the search that it began.
"""


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
    words = np.frombuffer(_digest(purpose, *key), np.uint32)
    return np.random.default_rng([_seed(seed), *words.tolist()])


def sample_keys(seed: int, purpose: str, *key: str | int, samples: NDArray[np.int64]) -> NDArray[np.uint32]:
    """Return what the counted numbers of samples follow from, (n, 2): one row a sample, whoever is beside it.

    Args:
        seed: the run's seed, 0 or more.
        purpose: what is drawn, such as `"dropout"`.
        *key: which one of them, such as a step and a layer.
        samples: their numbers in the data set, (n,).

    Raises:
        UsageError: `seed` is no int of 0 or more.
    """
    start = int.from_bytes(_digest(purpose, _seed(seed), *key)[:8], "little")
    # SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014).
    mixed = samples.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(start)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed ^= mixed >> np.uint64(shift)
        mixed *= np.uint64(factor)
    mixed ^= mixed >> np.uint64(31)
    halves = (mixed & np.uint64(0xFFFFFFFF), mixed >> np.uint64(32))
    return np.stack([half.astype(np.uint32) for half in halves], axis=1)


def counted(keys: NDArray[np.uint32], count: int) -> NDArray[np.uint32]:
    """Return the first `count` numbers of each sample, (n, count), spread evenly over 0 to 2³² - 1.

    Number i follows from its sample's key (a, b) and i alone: h = a + i, and then

        h ^= h >> 16;  h *= MIX[0];  h ^= b;  h ^= h >> 15;  h *= MIX[1];  h ^= h >> 15

    Args:
        keys: as `sample_keys` returns them.
        count: of numbers, 0 or more.
    """
    h = np.arange(count, dtype=np.uint32) + keys[:, :1]
    h ^= h >> np.uint32(16)
    h *= np.uint32(MIX[0])
    h ^= keys[:, 1:]
    h ^= h >> np.uint32(15)
    h *= np.uint32(MIX[1])
    h ^= h >> np.uint32(15)
    return h


def _seed(seed: int) -> int:
    """Return a seed, which must be an int of 0 or more."""
    try:
        number = index(seed)
    except TypeError:
        number = -1
    if number < 0 or isinstance(seed, bool):
        raise UsageError(f"`seed` of a random stream must be a non-negative int. Got {shown(seed)}.")
    return number


def _digest(*key: str | int) -> bytes:
    return hashlib.sha256("\x1f".join(map(str, key)).encode()).digest()


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
