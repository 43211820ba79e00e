"""The sampler: a batch follows from seed and step alone."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convlens.data import batch_index, epoch_order, steps_per_epoch
from convlens.errors import UsageError

SEEDS = st.integers(0, 2**64)
SIZES = st.integers(1, 300)


@given(seed=SEEDS, epoch=st.integers(0, 1000), n=SIZES)
def test_an_epoch_is_a_permutation(seed, epoch, n):
    """Every sample is visited exactly once in an epoch."""
    order = epoch_order(seed, epoch, n)
    assert order.dtype == np.int64
    assert sorted(order.tolist()) == list(range(n))


@given(seed=SEEDS, epoch=st.integers(0, 5), n=SIZES, batch_size=st.integers(1, 400))
def test_batches_make_up_the_epoch(seed, epoch, n, batch_size):
    """An epoch's batches, one after the other, are its order; only the last may be smaller."""
    steps = steps_per_epoch(n, batch_size)
    batches = [batch_index(seed, epoch * steps + i, n, batch_size) for i in range(steps)]
    np.testing.assert_array_equal(np.concatenate(batches), epoch_order(seed, epoch, n))
    assert all(len(batch) == batch_size for batch in batches[:-1])
    assert 1 <= len(batches[-1]) <= batch_size


@given(seed=SEEDS, n=SIZES, batch_size=st.integers(1, 50), steps=st.lists(st.integers(0, 500), min_size=1))
def test_resuming_anywhere(seed, n, batch_size, steps):
    """A step's batch does not depend on which steps were asked for before it."""
    in_turn = {step: batch_index(seed, step, n, batch_size) for step in sorted(steps)}
    for step in steps:
        np.testing.assert_array_equal(batch_index(seed, step, n, batch_size), in_turn[step])


def test_orders_differ():
    """Another seed and another epoch give another order."""
    orders = [epoch_order(seed, epoch, 1000).tolist() for seed in (0, 1) for epoch in (0, 1)]
    assert len({tuple(order) for order in orders}) == 4


def test_the_order_never_changes():
    """The order of seed 0 is pinned: a change of it would change every run that was ever recorded."""
    assert epoch_order(0, 0, 10).tolist() == [5, 2, 4, 0, 6, 7, 8, 9, 3, 1]


def test_results_may_be_changed():
    """What is returned is the caller's own: changing it does not change the next answer."""
    first = batch_index(0, 0, 10, 10)
    kept = first.copy()
    first[:] = 0
    epoch_order(0, 0, 10)[:] = 0
    np.testing.assert_array_equal(batch_index(0, 0, 10, 10), kept)


@pytest.mark.parametrize(("n", "batch_size", "steps"), [(60000, 100, 600), (101, 100, 2), (5, 100, 1)])
def test_steps_per_epoch(n, batch_size, steps):
    """The last, smaller batch counts as a step."""
    assert steps_per_epoch(n, batch_size) == steps


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: batch_index(-1, 0, 10, 5), "`seed` of a batch must be an int of 0 or more. Got -1"),
        (lambda: batch_index(0, -1, 10, 5), "`step`"),
        (lambda: batch_index(0, 0, 0, 5), "`n`"),
        (lambda: batch_index(0, 0, 10, 0), "`batch_size`"),
        (lambda: batch_index(0, 1.5, 10, 5), "`step`"),
        (lambda: epoch_order(0, True, 10), "`epoch`"),
    ],
)
def test_wrong_arguments(call, words):
    """Each argument has its rule, and the message names it."""
    with pytest.raises(UsageError, match=words):
        call()


def test_numpy_integers_are_integers():
    """A step that NumPy counted gives the batch that Python's int gives."""
    np.testing.assert_array_equal(
        batch_index(np.int64(3), np.int32(7), np.int64(20), np.uint8(6)), batch_index(3, 7, 20, 6)
    )
