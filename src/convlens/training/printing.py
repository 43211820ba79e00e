"""The lines that the book's Trainer prints. Must not know files."""

from typing import TYPE_CHECKING

from convlens.training.callbacks import Callback, EpochScores

if TYPE_CHECKING:
    from convlens.training.trainer import Trainer

__all__ = ["BookLines"]


class BookLines(Callback):
    """One line a step, one an evaluation, and the final accuracy, worded as in the book."""

    may_change_parameters = False

    def on_note(self, trainer: "Trainer", text: str) -> None:
        del trainer
        print(text)  # noqa: T201 (printing is what it is for)

    def on_step(self, trainer: "Trainer", loss: float) -> None:
        del trainer
        print(f"train loss:{loss}")  # noqa: T201

    def on_epoch(self, trainer: "Trainer", scores: EpochScores) -> None:
        del trainer
        accuracies = f"train acc:{scores.train.accuracy}, test acc:{scores.test.accuracy}"
        print(f"=== epoch:{scores.epoch}, {accuracies} ===")  # noqa: T201

    def on_end(self, trainer: "Trainer") -> None:
        print("=============== Final Test Accuracy ===============")  # noqa: T201
        print(f"test acc:{trainer.final_test_acc}")  # noqa: T201
