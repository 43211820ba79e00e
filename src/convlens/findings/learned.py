"""Whether a run learned anything, and if not, the likely cause. Must not know figures or words.

A network that learned nothing is at the level of guessing: its answers are right no more often than always
answering the largest class is, or hardly more, as a network's are before any training.
"""

from dataclasses import dataclass
from enum import Enum
from math import log
from typing import Any

import numpy as np

from convlens.arguments import as_annotated
from convlens.findings.answers import answers
from convlens.findings.baseline import baseline
from convlens.runs import Run
from convlens.study import wilson

__all__ = ["Cause", "Learned", "learned"]

_GAINED = 0.05  # of what the largest class leaves open: a network without any training may gain that much
_SHOOTS_UP = 3.0  # times the loss of guessing: a loss above that was blown up by too large a step
_DEAD = 0.01  # a layer of which less than this share of values is above zero passes nothing on
_MOVED = 0.01  # weights that changed by less than this share of their length have hardly moved
_FEW = 100  # updates
_LOOKED_AT = 100  # test images


class Cause(Enum):
    """Why a network learned nothing, most likely; the value stands in `results.json`."""

    RATE_TOO_HIGH = "rate_too_high"
    DEAD = "dead"
    OTHER_LABELS = "other_labels"
    BY_HEART = "by_heart"
    TOO_FEW_UPDATES = "too_few_updates"
    RATE_TOO_LOW = "rate_too_low"
    VANISHING = "vanishing"
    UNCLEAR = "unclear"


@dataclass(frozen=True)
class Learned:
    """How a run did against always answering the largest class.

    Attributes:
        seed: of the run.
        accuracy: that it reaches on all test images, 0 to 1.
        share: that the largest class has of them.
        cause: why it learned nothing, most likely; None where it learned something.
        is_below: it is right less often than who guesses among the classes, by more than chance.
    """

    seed: int
    accuracy: float
    share: float
    cause: Cause | None
    is_below: bool = False

    def as_data(self) -> dict[str, Any]:
        """Return it as plain data for JSON."""
        return {
            "seed": self.seed,
            "something": self.cause is None,
            "cause": None if self.cause is None else self.cause.value,
        }


@as_annotated
def learned(run: Run) -> Learned:
    """Return whether a run answers better than its baseline, and if not, the likely cause.

    It does if it gains more than a twentieth of the images that the largest class leaves open, by more than
    chance: its accuracy lies above that by Wilson's 95 % interval, or it is right where the largest class
    would be wrong far more often than the other way round (a sign test), which sees more in a lopsided set.

    Raises:
        RunError: the run's folder does not hold a score for each class of each test picture.
    """
    accuracy, base = run.results["test_accuracy"], baseline([run])
    least = base.share + _GAINED * (1 - base.share)
    around = wilson(round(accuracy * base.n_images), base.n_images)
    does = around.low > least or (accuracy > least and _is_right_elsewhere(run))
    below = around.high < 1 / base.n_classes
    return Learned(run.seed, accuracy, base.share, None if does else _cause(run, base.share, below), below)


def _is_right_elsewhere(run: Run) -> bool:
    found = answers(run)
    largest = np.bincount(found.right).argmax()
    right, constant = found.given == found.right, found.right == largest
    gained, lost = int((right & ~constant).sum()), int((constant & ~right).sum())
    return gained - lost - 1 > 2 * np.sqrt(gained + lost)


def _cause(run: Run, share: float, below: bool) -> Cause:
    """Return the first cause whose signs are there, those of a large mishap before those of a slow start.

    A learning rate is too low, and not the updates too few, where at this pace the weights would hardly have
    moved in `_FEW` updates either.
    """
    own, moved = run.curve("train"), _moved(run)
    guessing = max(float(run.step_losses[0]), log(run.spec.n_classes))
    by_heart = wilson(round(float(own.accuracy[-1]) * own.n_samples), own.n_samples).low > share
    signs = (
        (Cause.RATE_TOO_HIGH, run.step_losses.max() > _SHOOTS_UP * guessing),
        (Cause.DEAD, _passes_nothing_on(run)),
        (Cause.OTHER_LABELS, by_heart and below),
        (Cause.BY_HEART, by_heart),
        (Cause.RATE_TOO_LOW, max(moved) * max(1.0, _FEW / run.config.n_steps) < _MOVED),
        (Cause.TOO_FEW_UPDATES, run.config.n_steps < _FEW),
        (Cause.VANISHING, moved[0] < _MOVED),
    )
    return next((cause for cause, is_there in signs if is_there), Cause.UNCLEAR)


def _passes_nothing_on(run: Run) -> bool:
    """Say whether a layer of ReLUs, or the like, is zero for nearly all that comes through it."""
    names = [row.name for row in run.spec.table if row.layer.zero_below_zero]
    network, images = run.network(), run.data.test.head(_LOOKED_AT).x
    return any(float((network.activations(images, name)[name] > 0).mean()) < _DEAD for name in names)


def _moved(run: Run) -> list[float]:
    """Return by which share of their length the weights of each layer changed, in the order of the layers."""
    before, after = (run.network(which).params for which in ("initial", "final"))
    weights = [name for name, values in before.items() if values.ndim > 1]
    lengths = [float(np.linalg.norm(before[name])) for name in weights]
    changes = [float(np.linalg.norm(after[name] - before[name])) for name in weights]
    return [change / length if length else np.inf for change, length in zip(changes, lengths, strict=True)]
