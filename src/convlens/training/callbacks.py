"""What a Trainer tells while it trains. Must not know who listens."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from convlens.networks import Score

if TYPE_CHECKING:
    from convlens.training.trainer import Trainer

__all__ = ["Callback", "EpochScores"]


@dataclass(frozen=True)
class EpochScores:
    """One evaluation.

    Attributes:
        epoch: counted from 1.
        train, test: on the pictures that the Trainer evaluates.
        validation: the same where the Trainer was given validation pictures.
    """

    epoch: int
    train: Score
    test: Score
    validation: Score | None = None


class Callback:
    """Does nothing at each moment; a subclass overrides what it wants to hear of."""

    def on_start(self, trainer: "Trainer") -> None:
        """Hear that `train()` begins, or goes on."""

    def on_note(self, trainer: "Trainer", text: str) -> None:
        """Hear one line about how the network is computed."""

    def on_step(self, trainer: "Trainer", loss: float) -> None:
        """Hear of one update, and of the loss that is recorded for it."""

    def on_epoch(self, trainer: "Trainer", scores: EpochScores) -> None:
        """Hear of one evaluation."""

    def on_end(self, trainer: "Trainer") -> None:
        """Hear that the last step is done and `trainer.final_test_acc` known."""
