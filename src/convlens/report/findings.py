"""What the runs of a page show beyond their accuracy, as numbers. Must not know words.

Each finding follows a rule that its docstring states and the page repeats.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from convlens._typing import Array, IntArray
from convlens.spec import Convolution, Relu
from convlens.training import Run

__all__ = [
    "Answers",
    "Gap",
    "Memorising",
    "SilentFilters",
    "answers",
    "gap",
    "memorising",
    "silent_filters",
]

RISE = 0.2
"""Memorising: by how much the test loss must rise above its minimum, as a share of it."""

WIDENS = 0.02
"""The curves part: by how much the gap must have grown since a quarter of the epochs (on 1,000 images each,
a gap has a standard error of about 0.007, so the growth of one of about 0.01)."""

_CHUNK = 100


@dataclass(frozen=True)
class Memorising:
    """Training went on getting better while the test did not.

    Attributes:
        epoch: the last epoch before it, where the test loss was lowest.
        lowest, last: mean test loss then and at the end.
    """

    epoch: int
    lowest: float
    last: float


def memorising(runs: Sequence[Run]) -> Memorising | None:
    """Return where overfitting begins in the mean over the runs, or None where it does not.

    The rule, for losses averaged over the runs and over three neighbouring epochs: after the epoch with the
    lowest test loss the training loss fell further, and at the end the test loss stood at least `RISE` above
    its minimum.
    """
    test = _smooth(np.mean([run.curve("test").loss for run in runs], axis=0))
    train = _smooth(np.mean([run.curve("train").loss for run in runs], axis=0))
    best = int(test.argmin())
    if train[-1] >= train[best] or test[-1] < (1 + RISE) * test[best]:
        return None
    return Memorising(best + 1, float(test[best]), float(test[-1]))


def _smooth(values: Array) -> Array:
    """Return the mean over each epoch and its neighbours, of which the ends have one."""
    window = np.ones(3)
    return np.convolve(values, window, "same") / np.convolve(np.ones_like(values), window, "same")


@dataclass(frozen=True)
class Gap:
    """Training accuracy - test accuracy, mean over the runs, after an early epoch and after the last one."""

    early_epoch: int
    early: float
    last: float

    @property
    def widens(self) -> bool:
        """The curves part: the gap has grown by more than `WIDENS`."""
        return self.last - self.early > WIDENS


def gap(runs: Sequence[Run]) -> Gap:
    """Return how far training and test are apart after a quarter of the epochs and at the end."""
    gaps = np.mean([run.curve("train").accuracy - run.curve("test").accuracy for run in runs], axis=0)
    early = max(1, round(len(gaps) / 4))
    return Gap(early, float(gaps[early - 1]), float(gaps[-1]))


@dataclass(frozen=True)
class SilentFilters:
    """Filters of one convolution that never react: zero after the ReLU at every place of every image."""

    layer: str
    n_silent: int
    n_filters: int
    n_images: int


def silent_filters(run: Run, n_images: int) -> list[SilentFilters]:
    """Return the silent filters of each convolution that a ReLU follows, in a trained network.

    Args:
        run: whose network.
        n_images: on how many images from the start of the test set.
    """
    rows = run.spec.table
    pairs = [
        (row.name, after.name)
        for row, after in pairwise(rows)
        if isinstance(row.layer, Convolution) and isinstance(after.layer, Relu)
    ]
    network, images = run.network(), run.data.test.head(n_images).x
    reacts = {relu: np.zeros(1, bool) for _, relu in pairs}
    for start in range(0, len(images), _CHUNK):
        if all(found.all() for found in reacts.values()):
            break
        outputs = network.activations(images[start : start + _CHUNK])
        reacts = {relu: found | (outputs[relu] > 0).any(axis=(0, 2, 3)) for relu, found in reacts.items()}
    return [
        SilentFilters(name, int((~reacts[relu]).sum()), len(reacts[relu]), len(images))
        for name, relu in pairs
    ]


@dataclass(frozen=True, eq=False)
class Answers:
    """What a run answered to each test picture.

    Attributes:
        names: of all classes that the network can answer.
        right, given: class numbers (N,).
        confidence: the probability that the network gave to its answer (N,).
        matrix: how often class i was taken for class j: (classes, classes).
    """

    names: tuple[str, ...]
    right: IntArray
    given: IntArray
    confidence: Array
    matrix: IntArray

    @property
    def mistakes(self) -> IntArray:
        """The numbers of the pictures with a wrong answer, the most confident first."""
        wrong = np.flatnonzero(self.given != self.right)
        return wrong[np.argsort(-self.confidence[wrong], kind="stable")]

    @property
    def confusions(self) -> list[tuple[int, int, int]]:
        """(class, taken for, how often), the most frequent first."""
        wrong = self.given != self.right
        pairs = Counter(zip(self.right[wrong].tolist(), self.given[wrong].tolist(), strict=True))
        return [(*pair, times) for pair, times in sorted(pairs.items(), key=lambda item: (-item[1], item[0]))]


def answers(run: Run) -> Answers:
    """Return a run's answers to all test pictures."""
    logits = run.predictions["test"].astype(np.float64)
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    right, given = run.data.test.t.astype(np.int64), logits.argmax(axis=1)
    n = logits.shape[1]
    matrix = np.bincount(right * n + given, minlength=n * n).reshape(n, n)
    unnamed = map(str, range(len(run.class_names), n))  # a network may know more classes than the data
    names = (*run.class_names, *unnamed)
    return Answers(names, right, given, powers.max(axis=1) / powers.sum(axis=1), matrix)
