"""What the runs of an experiment measured, and how sure one may be of it. Must not know words or pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, variance
from typing import Annotated, TypeAlias

from convlens.arguments import Holding, Share, Within, as_annotated
from convlens.errors import UsageError

__all__ = ["CONFIDENCE", "Interval", "Measured", "difference", "one_run", "paired_difference", "wilson"]

CONFIDENCE = 0.95

Images: TypeAlias = Annotated[int, Within(1, 10**12)]
Right: TypeAlias = Annotated[int, Within(0, 10**12)]


@dataclass(frozen=True)
class Interval:
    """From `low` to `high`, shares or differences of shares."""

    low: float
    high: float

    def holds(self, value: float) -> bool:
        """Say whether `value` lies inside, its ends included."""
        return self.low <= value <= self.high


@dataclass(frozen=True)
class Measured:
    """Accuracies of the runs of one experiment, by seed.

    Attributes:
        values: shares of right answers, 0 to 1, at least one.
        n_images: on how many pictures each was measured.
    """

    values: tuple[float, ...]
    n_images: int

    @classmethod
    def of(cls, results: Sequence[Mapping[str, float]], value: str, n: str) -> "Measured":
        """Return what runs call `value` among their results, measured on as many pictures as `n` says."""
        return cls(tuple(one[value] for one in results), int(results[0][n]))

    @property
    def mean(self) -> float:
        """The mean over the seeds."""
        return fmean(self.values)

    @property
    def range(self) -> Interval:
        """The lowest and the highest value."""
        return Interval(min(self.values), max(self.values))

    @property
    def wrong(self) -> tuple[int, ...]:
        """How many pictures each run gets wrong."""
        return tuple(self.n_images - round(value * self.n_images) for value in self.values)


@as_annotated
def wilson(n_right: Right, n_images: Images) -> Interval:
    """Return Wilson's 95 % interval of a share (Wilson, JASA 22, 1927).

    It answers: on other images of the same kind, which shares would agree with what this one run showed
    on these? It does not know how much another seed would change.

    >>> interval = wilson(957, 1000)
    >>> print(f"{interval.low:.4f} {interval.high:.4f}")
    0.9426 0.9679
    """
    from scipy.stats import binomtest  # noqa: PLC0415 (half a second, and only who compares needs it)

    if n_right > n_images:
        raise UsageError(f"`n_right` of wilson must be at most `n_images`, {n_images:,}. Got {n_right:,}.")
    found = binomtest(n_right, n_images).proportion_ci(CONFIDENCE, method="wilson")
    return Interval(float(found.low), float(found.high))


@as_annotated
def difference(n_right_a: Right, n_right_b: Right, n_images: Images) -> Interval:
    """Return the 95 % interval of share b - share a, each from one run on `n_images` pictures.

    Newcombe's interval from the two Wilson intervals (Statistics in Medicine 17, 1998, method 10):
    d - √((b - low b)² + (high a - a)²) to d + √((high b - b)² + (a - low a)²).

    >>> interval = difference(957, 962, 1000)
    >>> print(f"{interval.low:.4f} {interval.high:.4f}")
    -0.0125 0.0227
    """
    a, b = n_right_a / n_images, n_right_b / n_images
    around_a, around_b = wilson(n_right_a, n_images), wilson(n_right_b, n_images)
    below = sqrt((b - around_b.low) ** 2 + (around_a.high - a) ** 2)
    above = sqrt((around_b.high - b) ** 2 + (a - around_a.low) ** 2)
    return Interval(b - a - below, b - a + above)


@as_annotated
def paired_difference(a: Sequence[float], b: Sequence[float]) -> Interval | None:
    """Return Student's 95 % interval of the mean of b - a, paired by seed; None with fewer than two pairs.

    Args:
        a: values by seed.
        b: values of the same seeds in the same order.
    """
    if len(a) != len(b):
        rule = "as many of one as of the other, seed by seed"
        raise UsageError(f"`a` and `b` of paired_difference must be {rule}. Got {len(a)} and {len(b)}.")
    differences = [after - before for before, after in zip(a, b, strict=True)]
    n = len(differences)
    if n < 2:
        return None
    mean = fmean(differences)
    deviation = sqrt(sum((d - mean) ** 2 for d in differences) / (n - 1))
    from scipy.stats import t  # noqa: PLC0415 (as above)

    half = float(t.ppf((1 + CONFIDENCE) / 2, n - 1)) * deviation / sqrt(n)
    return Interval(mean - half, mean + half)


@as_annotated
def one_run(accuracies: Annotated[Sequence[Share], Holding(1)], n_images: Images) -> Interval:
    """Return the 95 % prediction interval of the accuracy of ONE further run, judged on `n_images` pictures.

    Two kinds of luck meet in such a figure: the seed's, estimated by the variance s² of k runs, and that of
    the choice of pictures, p(1 - p) / n. With both, the interval is

        p ± t √(s² (1 + 1/k) + p (1 - p) / n),

    where the first part has k - 1 degrees of freedom, the second any number, and t has those of their sum
    (Welch, Biometrika 34, 1947; Satterthwaite, Biometrics 2, 1946). With one run nothing is known of the
    seed's luck: the interval is Wilson's, from the pictures alone, and too narrow.

    Args:
        accuracies: of runs of different seeds, 0 to 1, judged on many pictures.
        n_images: on how many pictures the further run is judged.
    """
    mean, k = fmean(accuracies), len(accuracies)
    if k < 2:
        return wilson(round(mean * n_images), n_images)
    from scipy.stats import t  # noqa: PLC0415 (as above)

    seeds = variance(accuracies) * (1 + 1 / k)
    pictures = mean * (1 - mean) / n_images
    if seeds + pictures == 0:
        return Interval(mean, mean)
    degrees = (k - 1) * ((seeds + pictures) / seeds) ** 2 if seeds else float("inf")
    half = float(t.ppf((1 + CONFIDENCE) / 2, degrees)) * sqrt(seeds + pictures)
    return Interval(max(0.0, mean - half), min(1.0, mean + half))
