"""Progress of a training on stderr: a bar in a terminal, plain lines elsewhere. Must not know commands."""

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Self

from convlens.cli.words import words_in
from convlens.interrupts import kept
from convlens.training import Callback, EpochScores
from convlens.words import LANGUAGES, Words

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from convlens.training import Trainer

__all__ = ["PLAIN_EVERY", "ShowProgress"]

PLAIN_EVERY = 5.0
"""Seconds between plain lines."""


class ShowProgress(Callback):
    """Shows step, loss, accuracy and time left of one training after the other.

    Args:
        quiet: show nothing.
        keeps: what is trained is kept from epoch to epoch, for the same command to go on from.
        say: the words of the language that it is shown in; None for English.

    Attributes:
        say: those words.
    """

    may_change_parameters = False

    def __init__(self, quiet: bool = False, *, keeps: bool = True, say: Words | None = None) -> None:
        self.say = words_in(LANGUAGES[0]) if say is None else say
        self.quiet = quiet
        self.keeps = keeps
        self.title = ""
        self._bar: Progress | None = None
        self._task: TaskID | None = None
        self._runs: dict[str, TaskID] = {}  # that other processes make
        self._accuracy: float | None = None
        self._started_at_step = 0
        self._started = self._said = 0.0

    def __enter__(self) -> Self:
        if not self.quiet and sys.stderr.isatty():
            from rich.console import Console  # noqa: PLC0415 (lazy: only a terminal needs rich)
            from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

            self._bar = Progress(
                TextColumn("{task.description}"),
                BarColumn(bar_width=24),
                TextColumn("{task.percentage:>3.0f} %  {task.fields[numbers]}"),
                TimeRemainingColumn(),
                console=Console(stderr=True),
            )
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def begin(self, title: str) -> None:
        """Say what is trained, or done, next."""
        self.title = title
        self._said = time.monotonic()
        self.end()

    def end(self) -> None:
        """Show what was begun no longer."""
        if self._bar is not None and self._task is not None:
            self._bar.remove_task(self._task)
            self._task = None

    def note(self, text: str) -> None:
        """Say how far something is that is not a training; on plain lines only now and then."""
        if self._bar is not None:
            if self._task is None:
                self._task = self._bar.add_task(self.title, total=None, numbers="")
            self._bar.update(self._task, numbers=text)
        elif time.monotonic() - self._said >= PLAIN_EVERY:
            self._said = time.monotonic()
            self._say(text)

    def count(self, done: int, total: int) -> None:
        """Say how much of something is done."""
        self.note(self.say("progress.count", done=done, total=total))

    def on_start(self, trainer: "Trainer") -> None:
        if self.keeps and trainer.current_iter:
            kept()
        self._accuracy = None
        self._started_at_step = trainer.current_iter
        self._started = self._said = time.monotonic()
        self.end()
        if self._bar is not None:
            self._task = self._bar.add_task(
                self.title, total=trainer.max_iter, completed=trainer.current_iter, numbers=""
            )
        elif trainer.current_iter:
            going_on = {"epoch": trainer.current_epoch, "epochs": trainer.epochs}
            self._say(self.say("progress.going_on", **going_on))

    def on_note(self, trainer: "Trainer", text: str) -> None:
        del trainer
        self.tell(self.title, text)

    def on_step(self, trainer: "Trainer", loss: float) -> None:
        if self._bar is not None and self._task is not None:
            numbers = self.numbers(loss, self._accuracy)
            self._bar.update(self._task, completed=trainer.current_iter + 1, numbers=numbers)

    def on_epoch(self, trainer: "Trainer", scores: EpochScores) -> None:
        if self.keeps:
            kept()
        self._accuracy = scores.test.accuracy
        now = time.monotonic()
        last = trainer.current_iter == trainer.max_iter
        if self._bar is None and (last or now - self._said >= PLAIN_EVERY):
            self._said = now
            done = max(1, trainer.current_iter - self._started_at_step)
            left = (now - self._started) / done * (trainer.max_iter - trainer.current_iter)
            numbers = self.numbers(trainer.train_loss_list[-1], self._accuracy)
            self._say(self.epoch_line(scores.epoch, trainer.epochs, numbers, left))

    def numbers(self, loss: float, accuracy: float | None) -> str:
        """Return what a training's loss and test accuracy are, in words."""
        told = [self.say("progress.loss", loss=f"{loss:.3f}")]
        if accuracy is not None:
            told.append(self.say("progress.test", share=self.say.percent(accuracy)))
        return "  ".join(told)

    def epoch_line(self, epoch: int, epochs: int, numbers: str, left: float) -> str:
        """Return what a plain line says of a training."""
        stands = self.say("progress.epoch", epoch=str(epoch), epochs=str(epochs))
        return "  ".join([stands, numbers, self.say("progress.left", seconds=f"{left:.0f}")])

    def run_stands(self, title: str, n_steps: int, step: int, numbers: str) -> None:
        """Show in a terminal how far a run is that another process makes; may be called by any thread."""
        if self._bar is None:
            return
        if title not in self._runs:
            self._runs[title] = self._bar.add_task(title, total=n_steps, completed=step, numbers=numbers)
        self._bar.update(self._runs[title], completed=step, numbers=numbers)

    def run_gone(self, title: str) -> None:
        """Show such a run no longer."""
        if self._bar is not None and title in self._runs:
            self._bar.remove_task(self._runs.pop(title))

    def say_plainly(self, title: str, text: str) -> None:
        """Print a line where there is no bar."""
        if self._bar is None and not self.quiet:
            print(f"{title}  {text}", file=sys.stderr, flush=True)  # noqa: T201 (progress is printed)

    def tell(self, title: str, text: str) -> None:
        """Print a line in any case, such as a note on a run."""
        print(f"{title}  {text}", file=sys.stderr, flush=True)  # noqa: T201 (no progress: always said)

    def _say(self, text: str) -> None:
        if not self.quiet:
            print(f"{self.title}  {text}", file=sys.stderr, flush=True)  # noqa: T201 (progress is printed)
