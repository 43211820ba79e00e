"""What the runs of a page show beyond their accuracy, as numbers. Must not know words.

Each finding follows a rule that its docstring states and the page repeats.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from convlens._typing import Array, IntArray
from convlens.training import Run

__all__ = ["WIDENS", "Answers", "Gap", "answers", "gap"]

WIDENS = 0.02
"""The curves part: by how much the gap must have grown since a quarter of the epochs (on 1,000 images each,
a gap has a standard error of about 0.007, so the growth of one of about 0.01)."""


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
