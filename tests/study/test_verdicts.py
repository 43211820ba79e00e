"""Verdicts: paired by seed and image, on held-out images, corrected for their number."""

from types import SimpleNamespace

import numpy as np
import pytest

from convlens.errors import RunError
from convlens.study import COMPARISONS, Verdict, compare
from convlens.study.paired import PairedDifference, paired_difference
from convlens.study.verdicts import judged
from stand_ins import made_up_run


def run(right, seed=0, train_size=5000):
    """Return a run that gives the right answer, 1, where `right` is true."""
    scores = np.stack([np.zeros(len(right)), np.where(right, 1.0, -1.0)], axis=1)
    return made_up_run(
        seed=seed,
        folder="a/run",
        results={"validation_accuracy": float(np.mean(right))},
        predictions={"validation": scores},
        spec=SimpleNamespace(n_classes=2),
        config=SimpleNamespace(train_size=train_size),
        sha256={"images": "1"},
        data=SimpleNamespace(validation=SimpleNamespace(t=np.ones(len(right), int))),
    )


def runs(shares, n=1000, rng=0, **options):
    """Return a run a share, wrong on its own images."""
    draw = np.random.default_rng(rng)
    return [run(draw.random(n) < share, seed, **options) for seed, share in enumerate(shares)]


@pytest.mark.parametrize(
    ("after", "verdict"),
    [
        ((0.97, 0.97, 0.97), Verdict.BETTER),
        ((0.80, 0.80, 0.81), Verdict.WORSE),
        ((0.90, 0.90, 0.90), Verdict.UNKNOWN),
        ((0.85, 0.95, 0.91), Verdict.UNKNOWN),
        ((0.99,), Verdict.ONE_SEED),
    ],
)
def test_a_verdict_follows_from_all_seeds_and_images(after, verdict):
    """Better, worse, or too few seeds to say; with one seed there is no verdict, however large it is."""
    (found,) = compare([(runs((0.9, 0.9, 0.9)), runs(after, rng=1))])
    assert found.verdict is verdict
    assert found.seeds == tuple(range(len(after)))
    assert found.n_images == 1000
    assert (found.interval is None) is (verdict is Verdict.ONE_SEED)


def test_only_seeds_that_both_have_are_compared():
    """Of seeds 0 to 2 and 1 to 3, two are paired; without a common one there is nothing to say."""
    later = [run(np.ones(100, bool), seed) for seed in (1, 2, 3)]
    (found,) = compare([(runs((0.5, 0.9, 0.9), 100), later)])
    assert found.seeds == (1, 2)
    assert compare([(runs((0.9,)), later), (runs((0.9,)), [])]) == [None, None]


def test_without_held_out_images_nothing_is_compared():
    """The test set is never used to choose."""
    blind = made_up_run(seed=0, results={"test_accuracy": 0.9})
    assert compare([([blind], runs((0.9,))), (runs((0.9,)), [blind])]) == [None, None]


@pytest.mark.parametrize("scores", [np.zeros((999, 2)), np.zeros((1000, 3)), np.zeros(0)])
def test_a_run_without_its_answers_is_damaged(scores):
    """Too few images, too many classes, or none: one line says so."""
    damaged = run(np.ones(1000, bool))
    type(damaged).predictions = {"validation": scores}
    with pytest.raises(RunError, match="does not hold each validation image's scores"):
        compare([(runs((0.9,)), [damaged])])


def test_different_held_out_images_are_not_paired():
    """Where two experiments saw different images, the choice of either is in the interval."""
    base, other = runs((0.9, 0.9, 0.9)), runs((0.95, 0.95, 0.95), 800, 1, train_size=7000)
    (found,) = compare([(base, other)])
    right = [np.stack([one.predictions["validation"][:, 1] > 0 for one in group]) for group in (base, other)]
    expected = paired_difference(*right, same_images=False)
    assert found.mean == expected.mean
    assert found.p_value == expected.p_value


def difference(p_value):
    """Return a difference with a p value, from the choice of images alone."""
    from scipy.stats import norm

    return PairedDifference(float(norm.isf(p_value / 2)) * 0.01, 0.0, 0.01)


@pytest.mark.parametrize(
    ("p_values", "better"),
    [
        ((0.02,), [True]),
        ((0.02, 0.02), [False, False]),
        ((0.017, 0.02), [True, True]),
        ((0.02, 0.014, 0.5), [False, False, False]),
        ((0.008, 0.5, 0.02, 0.009), [True, False, False, True]),
        ((0.04,), [False]),
    ],
)
def test_verdicts_are_corrected_for_their_number(p_values, better):
    """By Holm's rule, by hand for a level of 0.035; an interval holds zero where nothing is said."""
    assert COMPARISONS == 0.035
    found = judged([difference(p_value) for p_value in p_values])
    assert [verdict is Verdict.BETTER for *_, verdict in found] == better
    for (_, interval, _, _), sure in zip(found, better, strict=True):
        assert interval.holds(0) is not sure


def test_one_seed_does_not_count_among_comparisons():
    """What gets no verdict makes the others no stricter."""
    alone = judged([difference(0.02)])
    beside = judged([PairedDifference(0.5, None), difference(0.02), PairedDifference(0.1, None)])
    assert beside[1] == alone[0]
    assert [row[3] for row in beside[::2]] == [Verdict.ONE_SEED] * 2


def test_no_smaller_difference_can_be_told_from_none_than_the_images_allow():
    """With many seeds the interval ends at what the choice of images leaves open, and not below."""
    rng = np.random.default_rng(0)
    helped = rng.random(2000) < 0.05  # images that the second experiment answers better, whatever the seed
    base = [run(rng.random(2000) < 0.9, seed) for seed in range(40)]
    other = [run(rng.random(2000) < np.where(helped, 1.0, 0.9), seed) for seed in range(40)]
    (found,) = compare([(base, other)])
    assert 0 < found.reach < found.interval.high - found.mean
    (few,) = compare([(base[:3], other[:3])])
    assert few.interval.high - few.interval.low > found.interval.high - found.interval.low
