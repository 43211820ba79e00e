"""Where overfitting begins: seed by seed, beyond the noise of the judged images, in updates and epochs."""

import pytest

from convlens.findings import MoreData, gap, more_data, onset, onsets
from curves_only import run_with

FALLING = [0.9, 0.6, 0.4, 0.3, 0.2, 0.15, 0.1, 0.05, 0.04, 0.03]
FLAT = [0.9, 0.6, 0.4, 0.35, 0.34, 0.34, 0.34, 0.34, 0.34, 0.34]
RISING = [0.9, 0.6, 0.4, 0.35, 0.34, 0.35, 0.4, 0.45, 0.5, 0.55]
LENET_TRAIN = [0.214, 0.1236, 0.0878, 0.0659, 0.0579, 0.0665, 0.0474, 0.0499, 0.0434, 0.0377]
LENET_TEST = [0.1927, 0.1105, 0.0695, 0.0629, 0.057, 0.0542, 0.0405, 0.0619, 0.0645, 0.0396]


def test_overfitting_begins_where_only_training_improves():
    """After the first epoch from which on the test loss hardly falls while the training loss does."""
    found = onset(run_with(FALLING, FLAT, updates=600))
    assert (found.epoch, found.update) == (5, 300)
    assert found.train[1] < 0.8 * found.train[0]
    assert found.test[1] >= 0.95 * found.test[0]
    assert not found.rises
    assert onset(run_with(FALLING, RISING)).rises


@pytest.mark.parametrize(
    ("train", "test"),
    [
        (FALLING, FALLING),
        (RISING, RISING),
        (FLAT, FLAT),
        (FALLING[:3], FLAT[:3]),
        ([0.5], [0.5]),
        ([0.9, 0.5, 0.4, 0.35, 0.3, 0.25], [0.9, 0.5, 0.4, 0.35, 0.3, 0.3]),
    ],
)
def test_without_a_reason_nothing_begins(train, test):
    """Both fall, neither falls, too few epochs, or too few after it."""
    assert onset(run_with(train, test)) is None


@pytest.mark.parametrize(
    ("right", "n"),
    [
        ((0.989, 0.9887), (1000, 10_000)),
        ((1.0, 0.95), (20, 20)),
        ((0.97, 0.96), (1000, 1000)),
        ((0.9, 0.95), (1000, 10_000)),
    ],
)
def test_what_the_choice_of_images_explains_is_no_overfitting(right, n):
    """Losses may look like it: the last network must surely know its training images better than others."""
    assert onset(run_with(FALLING, RISING)) is not None
    assert onset(run_with(FALLING, RISING, right=right, n=n)) is None


@pytest.mark.parametrize("right", [(0.989, 0.9887), (0.992, 0.9887), (0.98, 0.9887)])
def test_one_seeds_wobble_is_no_overfitting(right):
    """LeNet on all images: its test loss goes up and down, and it knows test images as well as its own."""
    assert onset(run_with(LENET_TRAIN, LENET_TEST, right=right)) is None


def test_a_gap_within_its_ups_and_downs_has_not_grown():
    """The same losses with a larger wobble of the test loss allow nothing to be said."""
    calm = [0.9, 0.6, 0.4, 0.3, 0.29, 0.3, 0.29, 0.3, 0.29, 0.3]
    train = [0.9, 0.6, 0.4, 0.25, 0.22, 0.2, 0.18, 0.17, 0.16, 0.15]
    wild = [0.9, 0.6, 0.4, 0.3, 0.2, 0.45, 0.2, 0.45, 0.2, 0.3]
    assert onset(run_with(train, calm)) is not None
    assert onset(run_with(train, wild)) is None


@pytest.mark.parametrize(
    ("test", "rises"),
    [
        ([0.1, 0.069, 0.039, 0.036, 0.033, 0.032, 0.031, 0.057, 0.036, 0.035], False),
        ([0.1, 0.069, 0.039, 0.036, 0.033, 0.032, 0.031, 0.036, 0.035, 0.057], False),
        ([0.1, 0.069, 0.039, 0.036, 0.033, 0.035, 0.038, 0.042, 0.045, 0.048], True),
        (RISING, True),
    ],
)
def test_one_bad_epoch_is_no_rising_loss(test, rises):
    """SimpleConvNet on all images: after epoch 8 its test loss jumps up, and comes back."""
    found = onset(run_with([loss / 5 for loss in FALLING], test))
    assert found is not None
    assert found.rises is rises


def test_each_seed_is_judged_by_itself():
    """Two of three seeds overfit: the third is told with them, and is not averaged away."""
    seeds = [
        run_with(FALLING, RISING, seed=0),
        run_with(FALLING, FALLING, seed=1),
        run_with(FALLING, FLAT, seed=4),
    ]
    found = onsets(seeds)
    assert [seed for seed, one in found.by_seed.items() if one is None] == [1]
    assert [one.epoch for one in found.found] == [4, 5]
    told = found.as_data()
    assert [one["seed"] for one in told["seeds"]] == [0, 1, 4]
    assert [one["onset"] is None for one in told["seeds"]] == [False, True, False]
    assert (told["epochs"], told["updates"]) == (10, 100)


@pytest.mark.parametrize(
    ("small", "full", "verdict"),
    [
        ([(RISING, 500)], [(RISING, 6000)], MoreData.LATER),
        ([(RISING, 6000)], [(RISING, 500)], MoreData.UNCLEAR),
        ([(RISING, 500), (FALLING, 500)], [(FALLING, 6000)], MoreData.NOT_AT_ALL),
        ([(RISING, 6000)], [(FALLING, 600)], MoreData.UNCLEAR),
        ([(RISING, 500), (FALLING, 500)], [(RISING, 600)], MoreData.UNCLEAR),
        ([(FALLING, 500), (RISING, 500)], [(FALLING, 400)], MoreData.UNCLEAR),
        ([(RISING, 500), (FALLING, 500)], [(RISING, 6000)], MoreData.LATER),
        ([(FALLING, 500)], [(RISING, 6000)], None),
        ([(FALLING, 500)], [(FALLING, 6000)], None),
    ],
)
def test_more_data_are_judged_in_updates(small, full, verdict):
    """After epoch 4 of both: later where an epoch has more updates; never, only where there were enough.

    A seed without an onset may have one after its last update: nothing before that is later.
    """
    few, many = (
        [run_with(FALLING, test, seed=seed, updates=n) for seed, (test, n) in enumerate(runs)]
        for runs in (small, full)
    )
    assert more_data(onsets(few), onsets(many)) is verdict


def test_curves_part_only_beyond_the_choice_of_images():
    """The gap at the end must be sure and larger than early; more seeds do not narrow its interval."""
    sure, unsure = run_with(FLAT, FLAT, right=(0.99, 0.95)), run_with(FLAT, FLAT, right=(0.96, 0.95))
    assert gap([sure]).widens
    assert not gap([unsure]).widens
    assert not gap([unsure] * 50).widens
    assert gap([unsure] * 50).interval == gap([unsure]).interval
    assert gap([sure]).early_epoch == 2
    assert gap([sure]).as_data()["widens"] is True
