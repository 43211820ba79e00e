"""Temperature and promise: learned from scores, held against scores that have been drawn to be known."""

import numpy as np
import pytest

from convlens.findings.calibration import error_bound, promise_of, temperature_of
from convlens.networks.answers import tempered


def drawn(n, classes, heat, seed=0, spread=3):
    """Scores, and labels that are drawn with just the probabilities of scores / heat."""
    rng = np.random.default_rng(seed)
    scores = spread * rng.standard_normal((n, classes))
    chance = np.cumsum(tempered(scores, heat), axis=1)
    labels = (rng.random((n, 1)) > chance).sum(axis=1)
    return scores, np.minimum(labels, classes - 1)


@pytest.mark.parametrize(("classes", "heat"), [(2, 0.5), (10, 1.0), (10, 2.5), (40, 1.7)])
def test_the_temperature_is_found_again(classes, heat):
    """Labels drawn at a temperature have it, whatever it is; scores may be shifted as a whole."""
    scores, labels = drawn(10_000, classes, heat)
    assert temperature_of(scores, labels) == pytest.approx(heat, rel=0.05)
    assert temperature_of(scores + 1000, labels) == pytest.approx(heat, rel=0.05)


def test_a_temperature_is_bounded_where_everything_is_right_or_nothing():
    """No labels make a network infinitely sure, or say nothing."""
    scores = np.eye(4) * 5
    assert temperature_of(scores, np.arange(4)) <= 0.2
    assert temperature_of(scores, (np.arange(4) + 1) % 4) == pytest.approx(20)


@pytest.mark.parametrize(("n_wrong", "n"), [(0, 100), (3, 100), (7, 1000)])
def test_the_bound_is_clopper_and_pearsons(n_wrong, n):
    """At the bound, as few wrong answers or fewer have the probability that is left to doubt."""
    from scipy.stats import binom

    assert binom.cdf(n_wrong, n, error_bound(n_wrong, n, 0.05)) == pytest.approx(0.05, rel=1e-6)
    assert error_bound(n, n, 0.05) == 1.0


@pytest.mark.parametrize("rate", [0.01, 0.03, 0.1])
def test_a_promise_is_kept_on_new_answers(rate):
    """In at least 95 of 100 draws the answers to 100,000 further pictures are as good as promised."""
    further = tempered(drawn(100_000, 5, 1.0, seed=99, spread=12)[0], 1.0)
    wrong = 1 - further.max(axis=1)  # how often the answer to each is wrong, exactly
    broken = 0
    for seed in range(20):
        scores, labels = drawn(4_000, 5, 1.0, seed, spread=12)
        promise = promise_of(tempered(scores, 1.0), labels, rate)
        answered = further.max(axis=1) >= promise.least
        broken += bool(answered.any()) and wrong[answered].mean() > rate
        assert promise.is_kept
        assert promise.answered == np.mean(tempered(scores, 1.0).max(axis=1) >= promise.least)
    assert broken <= 1


@pytest.mark.parametrize(("n", "share_wrong"), [(20, 0.0), (300, 0.0), (5_000, 0.5)])
def test_what_cannot_be_promised_is_not(n, share_wrong):
    """Too few images, or too many wrong among the surest: no answer is given."""
    labels = (np.arange(n) < share_wrong * n).astype(int)
    probable = np.tile([0.9, 0.1], (n, 1))
    promise = promise_of(probable, labels, 0.01)
    assert not promise.is_kept
    assert (promise.answered, promise.n_images) == (0, n)


def test_equal_probabilities_are_answered_together():
    """A threshold does not part what it cannot tell apart."""
    probable = np.repeat([[0.99, 0.01], [0.6, 0.4]], 2_000, axis=0)
    labels = np.repeat([0, 0, 1], [2_000, 1_000, 1_000])
    promise = promise_of(probable, labels, 0.01)
    assert (promise.least, promise.answered) == (0.99, 0.5)
