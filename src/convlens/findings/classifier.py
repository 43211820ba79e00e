"""A run's network with what its held-out images say of it: answers, and how far to trust them.

Must not know words or files other than the run's.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Annotated, TypeAlias

import numpy as np

from convlens._typing import Array
from convlens.arguments import Within, as_annotated
from convlens.errors import ConvlensError, RunError, UsageError
from convlens.findings.calibration import CONFIDENCE, RATE, Promise, halves, promise_of, temperature_of
from convlens.findings.classes import class_name
from convlens.findings.strangeness import Likeness, likeness_of
from convlens.networks import Answer, Network
from convlens.networks.answers import answers_from, tempered
from convlens.networks.pictures import shaped
from convlens.runs import Part, Run, RunData

__all__ = ["Classifier", "Judged", "Lacking"]

ErrorRate: TypeAlias = Annotated[float, Within(1e-4, 0.5)]

_LEAST = 20  # held-out images to say anything from


class Lacking(StrEnum):
    """Why it is not known how sure a run's answers are."""

    DATA = "data"
    """The pictures that it was trained on are not where they were."""

    HELD_OUT = "held-out"
    """It held no images out, or fewer than twenty."""


@dataclass(frozen=True, eq=False)
class Judged:
    """An answer to one picture, and how far to trust it.

    Attributes:
        answer: class and probabilities.
        is_unsure: it is below what is promised; None where nothing can be promised.
        is_unlike: the picture is far away from all that the run's data hold; None where these are not there.
    """

    answer: Answer
    is_unsure: bool | None
    is_unlike: bool | None


class Classifier:
    """Classifies pictures with a run's network.

    What it needs of the run's data it reads when it is first asked: the pictures of MNIST are in the package,
    one's own must be where they were.

    Args:
        run: a finished run.
        error_rate: at most this share of the answers that are not called unsure shall be wrong, 0.0001 to
            0.5.

    Attributes:
        run: the same.
        error_rate: the same.
        network: with the run's final weights.
    """

    @as_annotated
    def __init__(self, run: Run, error_rate: ErrorRate = RATE) -> None:
        self.run = run
        self.error_rate = float(error_rate)
        self.network: Network = run.network()

    @cached_property
    def class_names(self) -> tuple[str, ...]:
        """What each of the network's classes is called."""
        return tuple(class_name(self.run, number) for number in range(self.run.spec.n_classes))

    @property
    def lacking(self) -> Lacking | None:
        """Why nothing is known of how sure its answers are; None where it is known."""
        if self._held_out is not None:
            return None
        return Lacking.DATA if self._data is None else Lacking.HELD_OUT

    @cached_property
    def temperature(self) -> float:
        """By what scores are divided; 1 where no held-out images say it."""
        if self._held_out is None:
            return 1.0
        half, _ = halves(len(self._held_out))
        return temperature_of(self._held_out_scores[half], self._held_out.t[half])

    @cached_property
    def promise(self) -> Promise | None:
        """From which probability on an answer is given; None where no held-out images say it."""
        if self._held_out is None:
            return None
        _, half = halves(len(self._held_out))
        probable = tempered(self._held_out_scores[half], self.temperature)
        return promise_of(probable, self._held_out.t[half], self.error_rate, CONFIDENCE)

    @cached_property
    def likeness(self) -> Likeness | None:
        """What the run's pictures are like; None where they are not there, or are too few."""
        if self._data is None:
            return None
        trained = self._data.train.x
        if self._held_out is not None:
            return likeness_of(trained, self._held_out.x)
        half = len(trained) // 2  # the network is not asked: what it was trained on can say it
        return likeness_of(trained[:half], trained[half:]) if half >= _LEAST else None

    @as_annotated
    def classify(self, pictures: Array) -> list[Judged]:
        """Return what the network answers to each picture, and how far to trust it.

        Args:
            pictures: bytes (N, C, H, W), prepared as the run's own.

        Raises:
            ShapeError: they are not of the network's shape.
            UsageError: they are no bytes, 0 to 255.
        """
        pictures = self._checked(pictures)
        answers = answers_from(self.network.predict(pictures), self.class_names, self.temperature)
        promise, likeness = self.promise, self.likeness
        unlike = [None] * len(answers) if likeness is None else likeness.are_unlike(pictures).tolist()
        return [
            Judged(answer, None if promise is None else answer.probability < promise.least, far)
            for answer, far in zip(answers, unlike, strict=True)
        ]

    def _checked(self, pictures: Array) -> Array:
        """Return pictures as bytes of the network's shape."""
        checked = shaped(pictures, self.run.spec, is_bytes=True)
        if checked.dtype != np.uint8:
            owner, found = "`pictures` of Classifier.classify", f"{checked.dtype} numbers"
            raise UsageError(f"{owner} must be bytes, integers from 0 to 255. Got {found}.")
        return checked

    @cached_property
    def _data(self) -> RunData | None:
        """The run's pictures; None where they are not there any more, or are others."""
        try:
            return self.run.data
        except ConvlensError:
            return None

    @cached_property
    def _held_out(self) -> Part | None:
        """The held-out images, where there are enough."""
        found = None if self._data is None else self._data.validation
        return found if found is not None and len(found) >= _LEAST else None

    @cached_property
    def _held_out_scores(self) -> Array:
        """The scores of the held-out images, as the run's folder keeps them.

        Raises:
            RunError: it does not.
        """
        scores = np.asarray(self.run.predictions.get("validation", ()), np.float64)
        n = 0 if self._held_out is None else len(self._held_out)
        if scores.shape != (n, self.run.spec.n_classes) or not np.isfinite(scores).all():
            told = "predictions.safetensors does not hold each held-out image's scores"
            raise RunError(f"{self.run.folder} is damaged: {told}.")
        return scores
