"""Training ends when held-out pictures are no longer told apart better. Must not know scikit-learn."""

from typing import ClassVar

import numpy as np

from convlens._typing import Array, IntArray
from convlens.training import Callback, EpochScores, Trainer

__all__ = ["EnoughError", "HeldOut"]


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
