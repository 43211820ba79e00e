"""How sure one may be of a run's answers, learned from its held-out images. Must not know words.

**Temperature.** One number by which all scores are divided so that, among answers called 90 % sure, about
nine in ten are right: the one under which the held-out labels are the most probable. In 1 / temperature that
is a convex function, and its slope is halved in on: the same numbers give the same temperature everywhere.

**Promise.** The least probability from which on an answer is given; below it is "unsure". Among the held-out
images that are answered, so few are wrong that, with the stated confidence, at most the stated share of
further answers is. It holds for pictures of the kind that the held-out images are, and for no others.

The temperature is fitted on one half of the held-out images and the promise made on the other, so that
neither has seen the other's. Chance halves them: of MNIST every other image is of easier hands.

References: Guo et al., "On calibration of modern neural networks", ICML 2017, section 4.2; Geifman and
El-Yaniv, "Selective classification for deep neural networks", NeurIPS 2017, algorithm 1 and lemma 3.1.
"""

from dataclasses import dataclass
from math import ceil, log2, sqrt

import numpy as np

from convlens._typing import Array, IntArray
from convlens.networks.answers import tempered
from convlens.streams import stream

__all__ = ["CONFIDENCE", "RATE", "Promise", "error_bound", "halves", "promise_of", "temperature_of"]

RATE = 0.01
"""The share of wrong answers that is promised unless another is asked for."""

CONFIDENCE = 0.95
"""Of the promise."""

_COLDEST, _HOTTEST = 0.05, 20.0  # where all held-out images are right, a network could be called ever surer
_HALVINGS = 60


@dataclass(frozen=True)
class Promise:
    """When an answer is sure enough to be given.

    Attributes:
        rate: at most this share of answers is wrong, ...
        confidence: ... with this confidence.
        least: the probability from which on an answer is given; above 1 where none is: the held-out
            images are not answered as well as that, or are too few to show it.
        answered: the share of the held-out images that is answered.
        n_images: on how many it was found.
    """

    rate: float
    confidence: float
    least: float
    answered: float
    n_images: int

    @property
    def is_kept(self) -> bool:
        """Whether any answer is given under it."""
        return self.least <= 1.0


def halves(n: int) -> tuple[IntArray, IntArray]:
    """Return the numbers of the two halves of `n` images, always the same."""
    mixed: IntArray = stream(0, "calibration").permutation(n)
    return np.sort(mixed[: n // 2]), np.sort(mixed[n // 2 :])


def temperature_of(scores: Array, labels: IntArray) -> float:
    """Return the temperature under which the labels are the most probable, 0.05 to 20.

    Args:
        scores: (N, classes), N ≥ 1.
        labels: (N,).
    """
    scores = np.asarray(scores, np.float64)
    wanted = float(scores[np.arange(len(labels)), labels].mean())

    def falls(temperature: float) -> bool:
        """Say whether the loss falls with 1 / temperature: mean Σ p z below the mean score of the labels."""
        return float((tempered(scores, temperature) * scores).sum(axis=1).mean()) < wanted

    low, high = _COLDEST, _HOTTEST
    for _ in range(_HALVINGS):
        middle = sqrt(low * high)
        low, high = (low, middle) if falls(middle) else (middle, high)
    return sqrt(low * high)


def error_bound(n_wrong: int, n: int, doubt: float) -> float:
    """Return the largest share of wrong answers that `n_wrong` of `n` are not too few for (Clopper-Pearson).

    With a probability of 1 - doubt the true share is not above it.

    >>> print(f"{error_bound(0, 100, 0.05):.4f} {error_bound(3, 100, 0.05):.4f}")
    0.0295 0.0757
    """
    from scipy.special import betaincinv  # noqa: PLC0415 (a tenth of a second, and only who asks needs it)

    return 1.0 if n_wrong >= n else float(betaincinv(n_wrong + 1, n - n_wrong, 1 - doubt))


def promise_of(
    probable: Array, labels: IntArray, rate: float = RATE, confidence: float = CONFIDENCE
) -> Promise:
    """Return from which probability on at most the share `rate` of answers is wrong.

    It is halved in on, in ⌈log2(N + 1)⌉ looks at most; the doubt is shared among them.

    Args:
        probable: probabilities (N, classes), N ≥ 1.
        labels: (N,).
        rate: above 0, below 1.
        confidence: above 0, below 1.
    """
    top, n = probable.max(axis=1), len(labels)
    order = np.argsort(-top, kind="stable")
    tops, wrong = top[order], (probable.argmax(axis=1) != labels)[order]
    counted = np.cumsum(wrong)
    looks = ceil(log2(n + 1))
    low, high, kept = 0, n, 0  # low is known to keep the promise, and what is above high not to
    while low < high:
        middle = (low + high + 1) // 2
        # Equal probabilities are answered together or not at all.
        answered = int(np.searchsorted(-tops, -tops[middle - 1], side="right"))
        if error_bound(int(counted[answered - 1]), answered, (1 - confidence) / looks) <= rate:
            low = kept = answered
        else:
            high = middle - 1
    least = float(tops[kept - 1]) if kept else 2.0
    return Promise(rate, confidence, least, kept / n, n)
