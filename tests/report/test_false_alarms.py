"""Runs without a true difference go through a page's own verdicts: hardly any page says that there is one."""

from math import sqrt

import numpy as np
import pytest

from convlens.findings import onset
from convlens.study import PAGE, load_design
from curves_only import run_with
from simulated_pages import Setting, alarms, falling_alike

PAGES = 500
SETTINGS = {
    "usual": Setting(held_out=1000),
    "few images that experiments find hard": Setting(held_out=1000, spread=0.1, taste=0.6),
    "seeds that matter": Setting(held_out=1000, spread=1.2, shared=0.95, taste=0.0),
    "one seed": Setting(held_out=1000, seeds=1),
}


@pytest.mark.parametrize("setting", SETTINGS.values(), ids=SETTINGS)
def test_at_most_five_of_a_hundred_pages_say_anything(setting):
    """Of all comparisons, figures and onsets of a page together, within two standard errors of 500 pages.

    `bench/false_alarms.py` counts 10,000 pages; the lab log has what it found.
    """
    found = [any(kinds.values()) for kinds in alarms(load_design("homework"), setting, PAGES, 1)]
    assert np.mean(found) <= PAGE + 2 * sqrt(PAGE * (1 - PAGE) / PAGES)


def test_a_true_difference_is_found():
    """The same verdicts are not merely silent."""
    setting = Setting(seeds=5, spread=0.1, shared=0.9, gain=2.0)
    found = [kinds["comparisons"] for kinds in alarms(load_design("homework"), setting, 40, 2)]
    assert np.mean(found) > 0.8


@pytest.mark.parametrize("epochs", [10, 20])
@pytest.mark.parametrize("seeds", [1, 3])
def test_no_onset_where_training_and_test_images_are_alike(epochs, seeds):
    """Of experiments whose losses have the same mean on both, at most 5 % show an onset in any seed."""
    rng, called = np.random.default_rng(3), 0
    for _ in range(PAGES):
        called += any(onset(_alike(rng, epochs)) is not None for _ in range(seeds))
    assert called / PAGES <= 0.05


def _alike(rng, epochs):
    train, test = rng.random(1000) < 0.96, rng.random(10_000) < 0.96
    curves = falling_alike(rng, epochs, 1000, train, test[:1000])
    right = (train.mean(), test.mean())
    return run_with(curves["train"].loss, curves["test"].loss, right=right)


def test_the_same_seed_draws_the_same_pages():
    """Another one draws others."""
    design, setting = load_design("homework"), Setting(held_out=1000, gain=1.0)
    first, again, other = (list(alarms(design, setting, 20, seed)) for seed in (1, 1, 2))
    assert first == again
    assert len(first) == 20
    assert first != other
