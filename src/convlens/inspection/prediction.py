"""What one more run may come out as. Must not know figures or words."""

from collections.abc import Sequence
from math import sqrt
from statistics import fmean, variance

from convlens.study.statistics import CONFIDENCE, Interval, wilson

__all__ = ["one_run"]


def one_run(accuracies: Sequence[float], n_images: int) -> Interval:
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
    from scipy.stats import t  # noqa: PLC0415 (half a second, and only who compares needs it)

    seeds = variance(accuracies) * (1 + 1 / k)
    pictures = mean * (1 - mean) / n_images
    if seeds + pictures == 0:
        return Interval(mean, mean)
    degrees = (k - 1) * ((seeds + pictures) / seeds) ** 2 if seeds else float("inf")
    half = float(t.ppf((1 + CONFIDENCE) / 2, degrees)) * sqrt(seeds + pictures)
    return Interval(max(0.0, mean - half), min(1.0, mean + half))
