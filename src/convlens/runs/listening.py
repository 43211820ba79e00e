"""Who listens to a training that another process is to hear of. Must not know who trains, or where."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from convlens.arguments import as_annotated
from convlens.errors import RunError
from convlens.training.callbacks import Callback

if TYPE_CHECKING:
    from convlens.training.trainer import Trainer

__all__ = ["Notes", "StopWhen"]


class Notes(Callback):
    """Keeps what the Trainer says of a training.

    Attributes:
        lines: one a note, in order.
    """

    may_change_parameters = False

    def __init__(self) -> None:
        self.lines: list[str] = []

    def on_note(self, trainer: "Trainer", text: str) -> None:
        del trainer
        self.lines.append(text)


class StopWhen(Callback):
    """Ends a training after a step when nobody waits for it any more; what it has kept stays.

    Args:
        unwanted: whether nobody does.
        every: seconds between two questions.

    Raises:
        RunError: from `on_step`, when it is so.
    """

    may_change_parameters = False

    @as_annotated
    def __init__(self, unwanted: Callable[[], bool], every: float = 1.0) -> None:
        self._unwanted, self._every = unwanted, every
        self._asked = time.monotonic()

    def on_step(self, trainer: "Trainer", loss: float) -> None:
        del trainer, loss
        now = time.monotonic()
        if now - self._asked >= self._every:
            self._asked = now
            if self._unwanted():
                raise RunError("the run was stopped: nobody waits for it any more.")
