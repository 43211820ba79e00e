"""Training ends when held-out pictures are no longer told apart better. Must not know scikit-learn."""

from math import inf
from typing import Annotated, Any, ClassVar

import numpy as np

from convlens._typing import Array, IntArray
from convlens.arguments import Within, fits
from convlens.errors import UsageError, shown
from convlens.training import Callback, EpochScores, Trainer

__all__ = ["EnoughError", "HeldOut", "require_stopping"]


def require_stopping(
    early_stopping: object, validation_fraction: Any, n_iter_no_change: object, tol: object  # noqa: ANN401
) -> None:  # fmt: skip
    """Refuse what says nothing of when a training ends; the arguments are the estimator's."""
    is_share = fits(validation_fraction, float) and 0 < validation_fraction < 1
    is_count = fits(n_iter_no_change, Annotated[int, Within(0)]) or n_iter_no_change == inf
    for name, value, is_so, rule in (
        ("early_stopping", early_stopping, fits(early_stopping, bool), "True or False"),
        ("validation_fraction", validation_fraction, is_share, "a number above 0 and below 1"),
        ("n_iter_no_change", n_iter_no_change, is_count, "an int, 0 or more, or infinity"),
        ("tol", tol, fits(tol, Annotated[float, Within(0)]), "a finite number, 0 or more"),
    ):
        if not is_so:
            raise UsageError(f"`{name}` of ConvNetClassifier must be {rule}. Got {shown(value)}.")


class EnoughError(Exception):
    """Raised within `train`: nothing better has come for some epochs."""


class HeldOut(Callback):
    """Judges held-out pictures after each epoch and keeps the best parameters.

    Args:
        x, t: the pictures and their class numbers.
        weights: how much each counts; None for all alike.
        tol: what accuracy must rise by to count as better.
        patience: epochs without that, more than which end the training.

    Attributes:
        scores: one accuracy an epoch.
        best: the parameters with the highest of them.
    """

    may_change_parameters: ClassVar[bool] = False

    def __init__(self, x: Array, t: IntArray, weights: Array | None, tol: float, patience: int) -> None:
        self._x, self._t, self._weights = x, t, weights
        self._tol, self._patience, self._waited = tol, patience, 0
        self.scores: list[float] = []
        self.best: Array = np.zeros(0)

    def on_epoch(self, trainer: Trainer, scores: EpochScores) -> None:
        del scores
        right = trainer.network.predict(self._x).argmax(axis=1) == self._t
        score = float(np.average(right, weights=self._weights))
        before = max(self.scores, default=-np.inf)
        self.scores.append(score)
        if score > before:
            self.best = trainer.network.params.vector.copy()
        self._waited = self._waited + 1 if score < before + self._tol else 0
        if self._waited > self._patience:
            raise EnoughError
