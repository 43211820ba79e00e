"""What a Trainer tells while it trains. Must not know who listens."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

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

    may_change_parameters: ClassVar[bool] = True
    """Whether it may write into the network's parameters.

    A class of layers that runs on the engine is then read again after each step. A subclass that only looks
    on says False, for itself: a class derived from it does not inherit that.
    """

    def __init_subclass__(cls, **kwargs: object) -> None:
        super().__init_subclass__(**kwargs)
        cls.may_change_parameters = vars(cls).get("may_change_parameters", True)

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
