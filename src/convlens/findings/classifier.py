"""A run's network with what its held-out images say of it: answers, and how far to trust them.

Must not know words or files other than the run's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Annotated, TypeAlias

import numpy as np

from convlens._typing import Array
from convlens.arguments import AnyPath, Within, as_annotated
from convlens.data.seen import Doubt, Seen, content_of, see
from convlens.errors import ConvlensError, RunError, UsageError
from convlens.findings.calibration import CONFIDENCE, RATE, Promise, halves, promise_of, temperature_of
from convlens.findings.classes import class_name
from convlens.findings.strangeness import Likeness, likeness_of
from convlens.networks import Answer, Network
from convlens.networks.answers import answers_from, tempered
from convlens.networks.pictures import shaped
from convlens.runs import Part, Run, RunData, is_made_like_mnist

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
        doubts: why the picture may be none that the network knows; empty where nothing speaks for it.
    """

    answer: Answer
    is_unsure: bool | None
    doubts: tuple[Doubt, ...] = ()

    @property
    def is_strange(self) -> bool:
        """Whether there are doubts."""
        return bool(self.doubts)


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

    @cached_property
    def like(self) -> str:
        """How pictures are prepared: "mnist" where the run's own were made as MNIST, else "plain"."""
        try:
            return "mnist" if is_made_like_mnist(self.run) else "plain"
        except ConvlensError:  # its pictures are not there to be looked at
            return "plain"

    @as_annotated
    def look(self, content: bytes, name: AnyPath, like: str | None = None) -> Seen:
        """Return a picture's file as the network sees it.

        Args:
            content: of the file.
            name: what errors call it.
            like: "mnist" or "plain"; None for `like`.

        Raises:
            DataError: it is no picture, or damaged.
        """
        return see(content, name, self.run.spec.input_shape, self.like if like is None else like)

    @as_annotated
    def classify(self, pictures: Array) -> list[Judged]:
        """Return what the network answers to each picture, and how far to trust it.

        Args:
            pictures: bytes (N, C, H, W), prepared as the run's own.

        Raises:
            ShapeError: they are not of the network's shape.
            UsageError: they are no bytes, 0 to 255.
        """
        return self.judge([Seen(picture) for picture in self._checked(pictures)])

    @as_annotated
    def classify_files(self, paths: Sequence[AnyPath], like: str | None = None) -> list[Judged]:
        """Return what the network answers to pictures in files, each prepared as the run's own were.

        Args:
            paths: PNG, JPEG, BMP, GIF or WebP files.
            like: "mnist" or "plain"; None for `like`.

        Raises:
            DataError: one is missing, no picture, or damaged.
            UsageError: there is no such way to prepare them.
        """
        return self.judge([self.look(content_of(path), path, like) for path in paths])

    @as_annotated
    def judge(self, pictures: Sequence[Seen]) -> list[Judged]:
        """Return what the network answers to pictures that it sees, and how far to trust it."""
        if not pictures:
            return []
        images = np.stack([one.image for one in pictures])
        answers = answers_from(self.network.predict(images), self.class_names, self.temperature)
        likeness = self.likeness
        far = np.zeros(len(images), bool) if likeness is None else likeness.are_unlike(images)
        return [
            Judged(answer, self._is_unsure(answer), one.doubts + (Doubt.UNLIKE,) * bool(unlike))
            for answer, one, unlike in zip(answers, pictures, far, strict=True)
        ]

    def _is_unsure(self, answer: Answer) -> bool | None:
        return None if self.promise is None else answer.probability < self.promise.least

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
        """The held-out images, where there are enough, with scores of them in the run's folder."""
        found = None if self._data is None else self._data.validation
        if found is None or len(found) < _LEAST or "validation" not in self.run.predictions:
            return None
        return found

    @cached_property
    def _held_out_scores(self) -> Array:
        """The scores of the held-out images, as the run's folder keeps them.

        Raises:
            RunError: it does not.
        """
        scores = np.asarray(self.run.predictions["validation"], np.float64)
        n = 0 if self._held_out is None else len(self._held_out)
        if scores.shape != (n, self.run.spec.n_classes) or not np.isfinite(scores).all():
            told = "predictions.safetensors does not hold each held-out image's scores"
            raise RunError(f"{self.run.folder} is damaged: {told}.")
        return scores
