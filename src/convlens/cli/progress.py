"""Progress of a training on stderr: a bar in a terminal, plain lines elsewhere. Must not know commands."""

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Self

from convlens.cli.words import words_in
from convlens.interrupts import kept
from convlens.training import Callback, EpochScores
from convlens.training.notes import Note
from convlens.words import LANGUAGES, Words

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from convlens.training import Trainer

__all__ = ["PLAIN_EVERY", "ShowProgress", "epoch_line", "numbers"]

PLAIN_EVERY = 5.0
"""Seconds between plain lines."""


def epoch_line(
    say: Words, epoch: tuple[int, int], loss: float | None, test: tuple[float, int] | None, left: float
) -> str:
    """Return what a plain line says of a training.

    Args:
        say: the words.
        epoch: which one is done, and of how many.
        loss: of the latest batch.
        test: accuracy on test images, 0 to 1, and on how many.
        left: seconds.
    """
    done, of_all = epoch
    told = [say("progress.epoch", epoch=done, epochs=of_all), *numbers(say, loss, test)]
    return "  ".join([*told, say("progress.left", seconds=f"{left:.0f}")])


def numbers(say: Words, loss: float | None, test: tuple[float, int] | None) -> list[str]:
    """Return what is said of a training's loss and accuracy, and of how many images, as far as known."""
    told = [] if loss is None else [say("progress.loss", loss=f"{loss:.3f}")]
    if test is not None:
        told.append(say("progress.test", share=say.accuracy(*test), n=test[1]))
    return told


class ShowProgress(Callback):
    """Shows step, loss, accuracy and time left of one training after the other.

    Args:
        quiet: show nothing.
        say: the words in which it speaks; None for English.
        keeps: what is trained is kept from epoch to epoch, for the same command to go on from.

    Attributes:
        trained: anything was trained, or gone on with.
    """

    may_change_parameters = False

    def __init__(self, quiet: bool = False, say: Words | None = None, *, keeps: bool = True) -> None:
        self.quiet = quiet
        self.say = words_in(LANGUAGES[0]) if say is None else say
        self.keeps = keeps
        self.title = ""
        self._bar: Progress | None = None
        self._task: TaskID | None = None
        self._runs: dict[str, TaskID] = {}  # that other processes make
        self.trained = False
        self._accuracy: tuple[float, int] | None = None
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
        self.trained = True
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
            self._say(self.say("progress.going_on", epoch=trainer.current_epoch, epochs=trainer.epochs))

    def on_note(self, trainer: "Trainer", text: str) -> None:
        del trainer
        self.tell(self.title, text)

    def on_step(self, trainer: "Trainer", loss: float) -> None:
        if self._bar is not None and self._task is not None:
            told = "  ".join(numbers(self.say, loss, self._accuracy))
            self._bar.update(self._task, completed=trainer.current_iter + 1, numbers=told)

    def on_epoch(self, trainer: "Trainer", scores: EpochScores) -> None:
        if self.keeps:
            kept()
        judged, there_are = trainer.evaluate_sample_num_per_epoch, len(trainer.x_test)
        self._accuracy = (scores.test.accuracy, min(judged or there_are, there_are))
        now = time.monotonic()
        last = trainer.current_iter == trainer.max_iter
        if self._bar is None and (last or now - self._said >= PLAIN_EVERY):
            self._said = now
            done = max(1, trainer.current_iter - self._started_at_step)
            left = (now - self._started) / done * (trainer.max_iter - trainer.current_iter)
            epoch, loss = (scores.epoch, trainer.epochs), trainer.train_loss_list[-1]
            self._say(epoch_line(self.say, epoch, loss, self._accuracy, left))

    def run_stands(self, title: str, n_steps: int, step: int, told: str) -> None:
        """Show in a terminal how far a run is that another process makes; may be called by any thread."""
        if self._bar is None:
            return
        if title not in self._runs:
            self._runs[title] = self._bar.add_task(title, total=n_steps, completed=step, numbers=told)
        self._bar.update(self._runs[title], completed=step, numbers=told)

    def run_gone(self, title: str) -> None:
        """Show such a run no longer."""
        if self._bar is not None and title in self._runs:
            self._bar.remove_task(self._runs.pop(title))

    def say_plainly(self, title: str, text: str) -> None:
        """Print a line where there is no bar."""
        if self._bar is None and not self.quiet:
            print(f"{title}  {text}", file=sys.stderr, flush=True)  # noqa: T201 (progress is printed)

    def tell(self, title: str, text: str) -> None:
        """Print a line in any case, such as a note on a run; the Trainer's own are said in our language."""
        text = text.told(self.say.lang) if isinstance(text, Note) else text
        print(f"{title}  {text}", file=sys.stderr, flush=True)  # noqa: T201 (no progress: always said)

    def _say(self, text: str) -> None:
        if not self.quiet:
            print(f"{self.title}  {text}", file=sys.stderr, flush=True)  # noqa: T201 (progress is printed)
