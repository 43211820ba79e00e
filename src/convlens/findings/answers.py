"""What a run answered to the test images, right or wrong, as numbers. Must not know figures or words."""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from convlens._typing import Array, IntArray
from convlens.arguments import as_annotated
from convlens.errors import RunError
from convlens.findings.classes import class_name, classes_of
from convlens.runs import Run
from convlens.study import Interval, wilson

__all__ = ["Answers", "ClassAccuracy", "answers"]


@dataclass(frozen=True)
class ClassAccuracy:
    """How many of a class's test images are answered right: `n_right` of `n_images`, at least one."""

    name: str
    n_images: int
    n_right: int

    @property
    def share(self) -> float:
        """The share of right answers, 0 to 1."""
        return self.n_right / self.n_images

    @property
    def interval(self) -> Interval:
        """Wilson's 95 % interval of that share."""
        return wilson(self.n_right, self.n_images)


@dataclass(frozen=True, eq=False)
class Answers:
    """What a run answered to each test picture.

    Attributes:
        names: of all classes that the network can answer.
        right, given: class numbers (N,).
        confidence: the probability that the network gave to its answer (N,).
        matrix: how often class i was taken for class j: (classes, classes).
        classes: numbers of the classes that there are: of an image, or of an answer.
    """

    names: tuple[str, ...]
    right: IntArray
    given: IntArray
    confidence: Array
    matrix: IntArray
    classes: tuple[int, ...]

    @property
    def among_classes(self) -> tuple[tuple[str, ...], IntArray]:
        """Names and matrix of the classes that there are, without the rows and columns of others."""
        chosen = list(self.classes)
        return tuple(self.names[i] for i in chosen), self.matrix[np.ix_(chosen, chosen)]

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

    @property
    def by_class(self) -> list[ClassAccuracy]:
        """The accuracy of each class that has test images."""
        rows = zip(self.names, self.matrix.sum(axis=1).tolist(), np.diag(self.matrix).tolist(), strict=True)
        return [ClassAccuracy(name, n, n_right) for name, n, n_right in rows if n]


@as_annotated
def answers(run: Run) -> Answers:
    """Return a run's answers to all test pictures.

    Raises:
        RunError: the run's folder does not hold a score for each class of each test picture.
    """
    logits = np.asarray(run.predictions.get("test", ()), np.float64)
    right = run.data.test.t.astype(np.int64)
    if logits.shape != (len(right), run.spec.n_classes):
        raise RunError(
            f"{run.folder} is damaged: predictions.safetensors does not hold each test image's scores."
        )
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    given, n = logits.argmax(axis=1), run.spec.n_classes
    matrix = np.bincount(right * n + given, minlength=n * n).reshape(n, n)
    names = tuple(class_name(run, number) for number in range(n))
    classes = tuple(sorted({*classes_of(run), *np.unique(given).tolist()}))
    return Answers(names, right, given, powers.max(axis=1) / powers.sum(axis=1), matrix, classes)
