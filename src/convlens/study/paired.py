"""The difference of two experiments on the same images and seeds, with both kinds of luck in it.

Must not know runs, words or pages.
"""

from dataclasses import dataclass
from math import exp, hypot, log, sqrt

import numpy as np

from convlens._typing import Array
from convlens.study.statistics import Interval, normal_quantile, student_quantile

__all__ = ["PairedDifference", "paired_difference"]

_LEAST = 1e-12  # smaller p values are not told apart


@dataclass(frozen=True)
class PairedDifference:
    """The mean difference of two accuracies, and how far luck may have moved it.

    Attributes:
        mean: of the differences, -1 to 1.
        seeds_error: its standard error from the choice of seeds; None with one seed.
        images_error: its standard error from the choice of images: what any number of seeds leaves.
        degrees: of freedom of the former; the latter is known as well as many images allow.
    """

    mean: float
    seeds_error: float | None
    images_error: float = 0.0
    degrees: int = 1

    @property
    def p_value(self) -> float:
        """How often luck alone would move it this far from zero, in either direction; 1 with one seed.

        It is the part that the widest interval without zero leaves out.
        """
        if self.seeds_error is None or self.mean == 0:
            return 1.0
        low, high = log(_LEAST), 0.0
        if self._half(_LEAST) <= abs(self.mean):
            return _LEAST
        while high - low > 1e-9:
            middle = (low + high) / 2
            low, high = (middle, high) if self._half(exp(middle)) > abs(self.mean) else (low, middle)
        return exp(high)

    def interval(self, confidence: float) -> Interval | None:
        """Return the interval of the true difference; None with one seed.

        With Student's interval ± t e(seeds) and the normal one ± z e(images), which are independent of each
        other, it is ± √(t² e(seeds)² + z² e(images)²): as wide as both together ask for (recovery of variance
        estimates, Zou and Donner, Statistics in Medicine 27, 2008).
        """
        if self.seeds_error is None:
            return None
        half = self._half(1 - confidence)
        return Interval(self.mean - half, self.mean + half)

    def _half(self, outside: float) -> float:
        """Return half the interval that leaves out so much."""
        from_seeds = student_quantile(1 - outside, self.degrees) * (self.seeds_error or 0.0)
        return hypot(from_seeds, normal_quantile(1 - outside) * self.images_error)


def paired_difference(right_a: Array, right_b: Array, *, same_images: bool = True) -> PairedDifference:
    """Return accuracy b - accuracy a over seeds that both have, judged on images.

    Seeds and images are both a choice among many. The variance of the mean is that of the k seeds'
    differences over k, and what the choice of n images adds to it: of d = b - a in an analysis of variance of
    seeds by images without repetition,

        max(0, MS(images) - MS(rest)) / (k n),

    or the sum of what it is of a and of b, where they saw different images.

    Args:
        right_a: whether the runs of a answered right, (k, images).
        right_b: those of b, the same seeds in the same order.
        same_images: both saw the same images in the same order.
    """
    by_seed = right_b.mean(axis=1) - right_a.mean(axis=1)
    k, mean = len(by_seed), float(by_seed.mean())
    if k < 2:
        return PairedDifference(mean, None)
    if same_images:
        images = _from_images(right_b.astype(np.float32) - right_a)
    else:
        images = _from_images(right_a.astype(np.float32)) + _from_images(right_b.astype(np.float32))
    return PairedDifference(mean, sqrt(float(by_seed.var(ddof=1)) / k), sqrt(images), k - 1)


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
