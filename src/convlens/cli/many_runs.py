"""Progress of runs that other processes make: a bar a run in a terminal, plain lines elsewhere.

What is shown is what the runs write beside their places, read now and then by a thread. Must not know
commands.
"""

import threading
import time
from collections.abc import Mapping
from types import TracebackType
from typing import Self

from convlens.cli.progress import PLAIN_EVERY, ShowProgress, epoch_line, numbers
from convlens.interrupts import kept
from convlens.runs import Followed, Run, RunConfig, Standing

__all__ = ["ShowRuns"]

_LOOK_EVERY = 0.25  # seconds


class _Row:
    """One run as it is shown."""

    def __init__(self, title: str, config: RunConfig, followed: Followed) -> None:
        self.title, self.config, self.followed = title, config, followed
        self.begun: tuple[float, int] | None = None  # when, and with how many steps done, it was seen first
        self.said = Standing()

    def left(self, now: float, standing: Standing) -> float:
        """Return the seconds that are left."""
        if self.begun is None:
            self.begun = (now, standing.step)
        started, first = self.begun
        done = max(1, standing.step - first)
        return (now - started) / done * (self.config.n_steps - standing.step)


class ShowRuns:
    """Shows every run that is under way.

    Args:
        progress: whose bar, or lines, these go to.
        runs: by their titles, each with the place that it gets.
    """

    def __init__(self, progress: ShowProgress, runs: Mapping[str, tuple[RunConfig, Followed]]) -> None:
        self._progress = progress
        self._rows = {title: _Row(title, *run) for title, run in runs.items()}
        self._lock = threading.Lock()
        self._ending = threading.Event()
        self._said = time.monotonic()
        self._thread = threading.Thread(target=self._watch, name="convlens progress", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ending.set()
        self._thread.join()
        self._look()  # what was kept in the last moment is kept, too

    def finished(self, title: str, run: Run) -> None:
        """Say that a run is done."""
        say = self._progress.say
        with self._lock:
            self._rows.pop(title, None)
            self._progress.run_gone(title)
            test = run.results["test_accuracy"], int(run.results["n_test"])
            self._progress.say_plainly(title, "  ".join([say("progress.done"), *numbers(say, None, test)]))

    def _watch(self) -> None:
        while not self._ending.wait(_LOOK_EVERY):
            self._look()

    def _look(self) -> None:
        """Show what has changed since the last look."""
        now, say = time.monotonic(), self._progress.say
        speaks = now - self._said >= PLAIN_EVERY
        with self._lock:
            for row in self._rows.values():
                standing = row.followed.look()
                if standing is None:
                    self._progress.run_gone(row.title)
                    continue
                if standing.epoch:
                    kept()
                left = row.left(now, standing)
                told = "  ".join(numbers(say, standing.loss, standing.test))
                self._progress.run_stands(row.title, row.config.n_steps, standing.step, told)
                if speaks and standing.epoch > row.said.epoch:
                    row.said, epoch = standing, (standing.epoch, row.config.epochs)
                    line = epoch_line(say, epoch, standing.loss, standing.test, left)
                    self._progress.say_plainly(row.title, line)
        if speaks:
            self._said = now
