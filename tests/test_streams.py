"""Random streams: a stream belongs to its seed, purpose and key, and to nothing else."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convlens.errors import UsageError
from convlens.streams import MIX, counted, sample_keys, stream

KEYS = st.lists(st.one_of(st.integers(0, 10**9), st.text(max_size=5)), max_size=3)


def numbers(*of):
    """The first numbers of a stream."""
    return stream(*of).standard_normal(50).tolist()


@given(seed=st.integers(0, 2**64), purpose=st.text(max_size=10), key=KEYS)
def test_a_stream_is_repeated(seed, purpose, key):
    """The same seed, purpose and key give the same numbers, whatever was drawn in between."""
    first = numbers(seed, purpose, *key)
    np.random.seed(0)
    stream(seed, "other").random(7)
    assert numbers(seed, purpose, *key) == first


def test_streams_differ():
    """Another seed, purpose or key gives other numbers; so does a key that only continues the purpose."""
    of = [
        (0, "order", 0), (1, "order", 0), (0, "weights", 0), (0, "order", 1), (0, "order", 0, 0),
        (0, "order"), (0, "order0"), (0, "", "order", 0), (2**32, "order", 0), (0, "order", "W1"),
        (0, "order", "W11"), (0, "order", "W1", "1"),
    ]  # fmt: skip
    assert len({tuple(numbers(*each)) for each in of}) == len(of)


def test_streams_are_unrelated():
    """Streams of neighbouring seeds and keys do not follow each other."""
    rows = [stream(seed, "p", key).standard_normal(2000) for seed in range(3) for key in range(3)]
    correlations = np.corrcoef(rows) - np.eye(9)
    assert np.abs(correlations).max() < 0.1


def test_streams_never_change():
    """The numbers are pinned: a change of them would change every run that was ever recorded."""
    assert stream(0, "initial weights", "W1").integers(0, 1000, 5).tolist() == [424, 103, 161, 133, 256]
    assert stream(7, "order", 3).permutation(8).tolist() == [7, 0, 3, 1, 5, 2, 4, 6]


def test_hidden_state_is_left_alone():
    """Drawing from a stream does not move NumPy's global one."""
    np.random.seed(3)
    expected = np.random.random()
    np.random.seed(3)
    stream(0, "p").random(10)
    assert np.random.random() == expected


def test_negative_seeds():
    """There are no streams below 0."""
    with pytest.raises(ValueError, match="negative"):
        stream(-1, "p")


@given(seed=st.integers(0, 2**64), key=KEYS, count=st.integers(0, 40))
def test_counted_numbers_belong_to_their_sample(seed, key, count):
    """They are the same whoever stands beside a sample, and the first ones whatever their count."""
    samples = np.array([3, 0, 2**40, 7])
    together = counted(sample_keys(seed, "p", *key, samples=samples), count)
    assert together.shape == (4, count)
    for sample, expected in zip(samples, together, strict=True):
        alone = counted(sample_keys(seed, "p", *key, samples=np.array([sample])), count + 5)
        np.testing.assert_array_equal(alone[0, :count], expected)


def test_counted_numbers_are_those_of_the_formula():
    """Computed here with Python's whole numbers."""
    keys, found = np.array([[2**32 - 1, 12345], [17, 0]], np.uint32), []
    for a, b in keys.tolist():
        for i in range(5):
            h = (a + i) % 2**32
            h = ((h ^ h >> 16) * MIX[0] % 2**32) ^ b
            h = (h ^ h >> 15) * MIX[1] % 2**32
            found.append(h ^ h >> 15)
    np.testing.assert_array_equal(counted(keys, 5).ravel(), found)


@pytest.mark.parametrize("bits", [1, 4, 8])
def test_counted_numbers_are_spread_evenly(bits):
    """Whichever bits are looked at, the first or the last ones: all their values are equally frequent."""
    drawn = counted(sample_keys(0, "p", samples=np.arange(64)), 4096).ravel()
    for part in (drawn >> np.uint32(32 - bits), drawn & np.uint32(2**bits - 1)):
        frequent = np.bincount(part, minlength=2**bits) / (drawn.size / 2**bits)
        assert np.abs(frequent - 1).max() < 5 * np.sqrt(2**bits / drawn.size)


@pytest.mark.parametrize("seed", [-1, 1.5, True, "1"])
def test_sample_keys_want_a_seed(seed):
    """As a stream does."""
    with pytest.raises(UsageError, match=r"`seed` of a random stream must be a non-negative int"):
        sample_keys(seed, "p", samples=np.arange(2))
