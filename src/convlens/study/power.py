"""What somebody else's evidence could have shown: single runs on few images. Must not know runs or pages."""

from dataclasses import dataclass
from math import sqrt
from statistics import fmean

import numpy as np

from convlens._typing import Array
from convlens.study.statistics import difference

__all__ = ["SinglePair", "power", "single_pair"]


@dataclass(frozen=True)
class SinglePair:
    """Two single runs, one of each experiment, judged on the same few images: what their figures do.

    Attributes:
        accuracies: that the two experiments have in truth.
        spread: the standard deviation of the difference of two single runs' figures on `n_images` images.
        n_images: on which both are judged.
    """

    accuracies: tuple[float, float]
    spread: float
    n_images: int


def single_pair(right_a: Array, right_b: Array, n_images: int) -> SinglePair:
    """Return how far apart two single runs come out on `n_images` images, from runs of many seeds on many.

    Their difference moves with the seed of either run, by the variance of the seeds' accuracies, and with
    the choice of images, by the variance of d = b - a over images, divided by their number. Both are judged
    on the same images, as are single runs that somebody compares, but they share no seed.

    Args:
        right_a: whether the runs of a answered right, (seeds, images).
        right_b: those of b, the same images in the same order.
        n_images: on how many images the single runs are judged.
    """
    a, b = right_a.mean(axis=1), right_b.mean(axis=1)
    seeds = sum(float(one.var(ddof=1)) for one in (a, b) if len(one) > 1)
    over_images = [float(np.var(row_b.astype(float) - row_a)) for row_a in right_a for row_b in right_b]
    return SinglePair((fmean(a), fmean(b)), sqrt(seeds + fmean(over_images) / n_images), n_images)


def power(pair: SinglePair) -> float:
    """Return how often two single runs differ by more than Newcombe's interval puts down to luck.

    Their difference is taken as normal, and both counts as lying about the middle between the two accuracies
    in truth. Only a difference in the true direction counts.

    >>> round(power(SinglePair((0.957, 0.966), 0.0095, 1000)), 2)
    0.21
    """
    from scipy.special import ndtr  # noqa: PLC0415 (lazy, as in `statistics`)

    n, middle = pair.n_images, fmean(pair.accuracies) * pair.n_images
    more = range(
        1, int(2 * min(middle, n - middle)) + 1
    )  # right answers that the better run has beyond the other
    fewer = {count: int(middle - count / 2) for count in more}
    needed = next((c for c in more if difference((fewer[c], n), (fewer[c] + c, n)).low > 0), None)
    if needed is None:
        return 0.0
    beyond = abs(pair.accuracies[1] - pair.accuracies[0]) - (needed - 0.5) / n
    return float(ndtr(beyond / pair.spread)) if pair.spread else float(beyond > 0)
