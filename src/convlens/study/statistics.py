"""What the runs of an experiment measured, and how sure one may be of it. Must not know words or pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, variance
from typing import Annotated, TypeAlias

from convlens.arguments import Holding, Share, Within, as_annotated
from convlens.errors import UsageError

__all__ = [
    "CONFIDENCE",
    "Interval",
    "Measured",
    "difference",
    "normal_quantile",
    "one_more_seed",
    "student_quantile",
    "wilson",
]

CONFIDENCE = 0.95
"""Of an interval that is shown for itself; verdicts have levels of their own (`convlens.study.levels`)."""

Images: TypeAlias = Annotated[int, Within(1, 10**12)]
Right: TypeAlias = Annotated[int, Within(0, 10**12)]
Confidence: TypeAlias = Annotated[float, Within(0.01, 1 - 1e-12)]


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


def normal_quantile(confidence: float) -> float:
    """Return how many standard errors to either side hold so much of a normal distribution."""
    from scipy.special import ndtri  # noqa: PLC0415 (a tenth of a second, and only who compares needs it)

    return -float(ndtri((1 - confidence) / 2))


def student_quantile(confidence: float, degrees: float) -> float:
    """Return how many standard errors to either side hold so much of Student's t; degrees may be infinite."""
    from scipy.special import stdtrit  # noqa: PLC0415 (as above)

    if degrees > _NORMAL:
        return normal_quantile(confidence)
    return -float(stdtrit(degrees, (1 - confidence) / 2))


_NORMAL = 1e9  # degrees of freedom from which on t is the normal distribution to all digits


@as_annotated
def wilson(n_right: Right, n_images: Images, confidence: Confidence = CONFIDENCE) -> Interval:
    """Return Wilson's interval of a share, 95 % unless said otherwise (Wilson, JASA 22, 1927).

    It answers: on other images of the same kind, which shares would agree with what this one run showed
    on these? It does not know how much another seed would change.

    >>> interval = wilson(957, 1000)
    >>> print(f"{interval.low:.4f} {interval.high:.4f}")
    0.9426 0.9679
    """
    if n_right > n_images:
        raise UsageError(f"`n_right` of wilson must be at most `n_images`, {n_images:,}. Got {n_right:,}.")
    z, share = normal_quantile(confidence), n_right / n_images
    shrink = 1 + z * z / n_images
    middle = (share + z * z / (2 * n_images)) / shrink
    half = z * sqrt(share * (1 - share) / n_images + z * z / (4 * n_images * n_images)) / shrink
    low = 0.0 if n_right == 0 else middle - half
    return Interval(low, 1.0 if n_right == n_images else middle + half)


@as_annotated
def difference(
    a: tuple[Right, Images], b: tuple[Right, Images], confidence: Confidence = CONFIDENCE
) -> Interval:
    """Return the interval of share b - share a, each (right, images) of one run, on images of its own.

    Newcombe's interval from the two Wilson intervals (Statistics in Medicine 17, 1998, method 10):
    d - √((b - low b)² + (high a - a)²) to d + √((high b - b)² + (a - low a)²).

    >>> interval = difference((957, 1000), (962, 1000))
    >>> print(f"{interval.low:.4f} {interval.high:.4f}")
    -0.0125 0.0227
    """
    around_a, around_b = wilson(*a, confidence), wilson(*b, confidence)
    share_a, share_b = a[0] / a[1], b[0] / b[1]
    below = sqrt((share_b - around_b.low) ** 2 + (around_a.high - share_a) ** 2)
    above = sqrt((around_b.high - share_b) ** 2 + (share_a - around_a.low) ** 2)
    return Interval(share_b - share_a - below, share_b - share_a + above)


@as_annotated
def one_more_seed(
    accuracies: Annotated[Sequence[Share], Holding(1)],
    confidence: Confidence = CONFIDENCE,
    *,
    step: Share = 0.0,
) -> Interval | None:
    """Return the prediction interval of a further seed's accuracy on the same pictures; None with one seed.

    The pictures are the same, so their choice is no luck: p ± t s √(1 + 1/k), Student's prediction interval
    from the standard deviation s of k seeds. Seeds that come out alike may do so because an accuracy only
    moves in steps: half a step is added to s in squares.

    Args:
        accuracies: of runs of different seeds, 0 to 1, judged on the same pictures.
        confidence: how often it holds the further seed's.
        step: by how much an accuracy moves at least: one picture of so many.
    """
    k = len(accuracies)
    if k < 2:
        return None
    spread = sqrt(variance(accuracies) + step * step / 4)
    half = student_quantile(confidence, k - 1) * spread * sqrt(1 + 1 / k)
    return Interval(max(0.0, fmean(accuracies) - half), min(1.0, fmean(accuracies) + half))
