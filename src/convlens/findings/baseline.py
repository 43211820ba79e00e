"""What an accuracy is held against: always answering the largest class. Must not know figures or words."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Annotated, Any

import numpy as np

from convlens.arguments import Holding, as_annotated
from convlens.findings.classes import class_name
from convlens.runs import Run

__all__ = ["LOPSIDED", "Baseline", "baseline"]

LOPSIDED = 1.5
"""A set is lopsided if its largest class has more than so many times an even share of the images."""


@dataclass(frozen=True)
class Baseline:
    """What is right if every test image is answered with the class that most of them are of.

    Attributes:
        name: of that class.
        n_right: how many test images are of it.
        n_images: how many there are.
        n_classes: of how many classes they are.
        accuracy: that the runs reach, mean over them, 0 to 1.
    """

    name: str
    n_right: int
    n_images: int
    n_classes: int
    accuracy: float

    def as_data(self) -> dict[str, Any]:
        """Return it as plain data for JSON."""
        return {
            "class": self.name,
            "share": self.share,
            "n_images": self.n_images,
            "lopsided": self.is_lopsided,
            "unbeaten": self.is_unbeaten,
        }

    @property
    def share(self) -> float:
        """The share of right answers, 0 to 1."""
        return self.n_right / self.n_images

    @property
    def matters(self) -> bool:
        """An accuracy misleads without it: the set is lopsided, or the runs are no better than this."""
        return self.is_lopsided or self.is_unbeaten

    @property
    def is_lopsided(self) -> bool:
        """The largest class has more than half of the images, or far more than an even share."""
        return self.share > min(0.5, LOPSIDED / self.n_classes)

    @property
    def is_unbeaten(self) -> bool:
        """The runs are right no more often."""
        return self.accuracy <= self.share


@as_annotated
def baseline(runs: Annotated[Sequence[Run], Holding(1)]) -> Baseline:
    """Return the baseline of runs that are judged on the same test images, at least one run."""
    counts = np.bincount(runs[0].data.test.t)
    largest = int(counts.argmax())
    return Baseline(
        name=class_name(runs[0], largest),
        n_right=int(counts[largest]),
        n_images=int(counts.sum()),
        n_classes=int(np.count_nonzero(counts)),
        accuracy=fmean(run.results["test_accuracy"] for run in runs),
    )
