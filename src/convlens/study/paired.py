"""The difference of two experiments on the same images and seeds, with both kinds of luck in it.

Must not know runs, words or pages.
"""

from dataclasses import dataclass
from math import inf, sqrt

import numpy as np

from convlens._typing import Array
from convlens.study.statistics import Interval, student_quantile

__all__ = ["PairedDifference", "paired_difference"]


@dataclass(frozen=True)
class PairedDifference:
    """The mean difference of two accuracies, and how far luck may have moved it.

    Attributes:
        mean: of the differences, 0 to 1.
        error: its standard error, from the choice of seeds and of images together; None with one seed.
        degrees: of freedom of that error.
        images_error: what would be left of the error with any number of seeds.
    """

    mean: float
    error: float | None
    degrees: float = inf
    images_error: float = 0.0

    @property
    def p_value(self) -> float:
        """How often luck alone would move it this far from zero, in either direction; 1 with one seed."""
        from scipy.special import ndtr, stdtr  # noqa: PLC0415 (lazy, as in `statistics`)

        if self.error is None or self.mean == 0:
            return 1.0
        if self.error == 0:
            return 0.0
        distance = abs(self.mean) / self.error
        return 2 * float(ndtr(-distance) if self.degrees == inf else stdtr(self.degrees, -distance))

    def interval(self, confidence: float) -> Interval | None:
        """Return the interval of the true difference; None with one seed."""
        if self.error is None:
            return None
        half = student_quantile(confidence, self.degrees) * self.error
        return Interval(self.mean - half, self.mean + half)


def paired_difference(right_a: Array, right_b: Array, *, same_images: bool = True) -> PairedDifference:
    """Return accuracy b - accuracy a over seeds that both have, judged on images.

    Seeds and images are both a choice among many. The variance of the mean is that of the k seeds'
    differences over k, and what the choice of n images adds to it: of d = b - a in an analysis of variance of
    seeds by images without repetition,

        max(0, MS(images) - MS(rest)) / (k n),

    or the sum of what it is of a and of b, where they saw different images. The degrees of freedom are those
    of Hillis (Statistics in Medicine 26, 2007, 596-619), who compares readers of X-rays over cases in
    this way: the squared variance over the squared part of the seeds, times k - 1.

    Args:
        right_a: whether the runs of a answered right, (k, images).
        right_b: those of b, the same seeds in the same order.
        same_images: both saw the same images in the same order.
    """
    by_seed = right_b.mean(axis=1) - right_a.mean(axis=1)
    k, mean = len(by_seed), float(by_seed.mean())
    if k < 2:
        return PairedDifference(mean, None)
    seeds = float(by_seed.var(ddof=1)) / k
    if same_images:
        images = _from_images(right_b.astype(np.float32) - right_a)
    else:
        images = _from_images(right_a.astype(np.float32)) + _from_images(right_b.astype(np.float32))
    both = seeds + images
    degrees = inf if seeds == 0 else (k - 1) * (both / seeds) ** 2
    return PairedDifference(mean, sqrt(both), degrees, sqrt(images))


def _from_images(values: Array) -> float:
    """Return which part of the variance of the mean of (k, n) values the choice of the n images makes."""
    k, n = values.shape
    by_seed, by_image = values.mean(axis=1, dtype=np.float64), values.mean(axis=0, dtype=np.float64)
    mean, others = float(by_seed.mean()), max(n - 1, 1)
    images = k * float(np.square(by_image - mean).sum())
    seeds = n * float(np.square(by_seed - mean).sum())
    total = float(np.square(values).sum(dtype=np.float64)) - k * n * mean * mean
    rest = max(0.0, total - images - seeds) / ((k - 1) * others)
    return max(0.0, images / others - rest) / (k * n)
