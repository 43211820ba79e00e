"""On how many threads kernels run where the user did not say: as many as there is work for, and no slower.

Must not know stages, nor how what was measured is kept.
"""

import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from types import TracebackType
from typing import Any

from convlens.engine.thread_trial import Times, Trial, fastest, halves
from convlens.kernels.runtime import thread_file
from convlens.kernels.runtime.threads import layer, region, resolve_threads, start, threads_available

__all__ = ["NUMBERS_A_THREAD", "ThreadChoice", "measured_threads"]

MULTIPLY_ADDS_A_THREAD = 500_000
"""Of a thread's share: some 7 microseconds, of which waking it for each kernel must not be the most."""

NUMBERS_A_THREAD = 8192
"""Of an optimizer's vector: below, its one kernel is over before a thread more is awake."""

CALMER = 0.9
"""What took less of today's time than this is kept as it was: the machine was calmer then."""

USUAL = 30.0
"""A second: how often a thread is put aside for the system's own work on a machine that does nothing else."""

if sys.platform == "win32":

    def times_put_aside() -> int:
        """Return 0: it cannot be asked."""
        return 0

else:
    from resource import RUSAGE_SELF, getrusage

    def times_put_aside() -> int:
        """Return how often a thread of this process has had to leave its processor to others."""
        return getrusage(RUSAGE_SELF).ru_nivcsw


PASSES = {"step": 3, "prediction": 1, "update": 1}
"""Forward passes that a pass is worth."""


class ThreadChoice:
    """Decides for each pass of a plan, or update of an optimizer, how many threads it runs on.

    A number that was asked for is used as it is. Else: at most so many that each has enough to do, and among
    those what the first passes have shown to be fastest, apart for each size of batch (by powers of two).
    It is looked at again now and then, and kept on the disk for the next process if nobody else's work
    disturbed it.

    Args:
        asked: by the user; None: as many as pay.
        kind: what tells this work from other work, such as its kernels and their sizes.
        work: of one sample's prediction, in multiply-adds; of an update, the numbers.
        least: the work from which a thread pays.
        clock: seconds.
        put_aside: how often this process has been put aside for others.
    """

    def __init__(
        self,
        asked: int | None,
        kind: str,
        work: float,
        least: int = MULTIPLY_ADDS_A_THREAD,
        clock: Callable[[], float] = time.perf_counter,
        put_aside: Callable[[], int] = times_put_aside,
    ) -> None:
        self.asked = None if asked is None else resolve_threads(asked)
        self._kind, self._work, self._least = kind, work, least
        self._clock, self._put_aside = clock, put_aside
        self._trials: dict[tuple[str, int], Trial] = {}

    def __reduce__(self) -> tuple[Any, ...]:
        """A copy tries for itself."""
        what = (self.asked, self._kind, self._work, self._least, self._clock, self._put_aside)
        return ThreadChoice, what

    def running(self, n: int, what: str) -> AbstractContextManager[None]:
        """Return the region in which n samples' pass (a key of `PASSES`) is to run; an update has n = 1."""
        if self.asked is not None:
            return region(self.asked)
        trial = self.trial(n, what)
        if len(trial.numbers) == 1:
            return region(trial.threads)
        return _Timed(trial, n, self._clock, self._put_aside)

    def threads(self, n: int, what: str) -> int:
        """Return how many such a pass runs on, as far as is known."""
        return self.asked or self.trial(n, what).chosen

    def trial(self, n: int, what: str) -> Trial:
        """Return what is known of passes of about this size."""
        found = self._trials.get((what, n.bit_length()))
        return self._new_trial(n, what) if found is None else found

    def _new_trial(self, n: int, what: str) -> Trial:
        size = n.bit_length()
        smallest = 1 << (size - 1)  # of the batches that share what is found
        pays = int(self._work * PASSES[what] * smallest) // self._least
        numbers = halves(max(1, min(threads_available(), pays)))
        known: Times = {}
        key = ""
        if len(numbers) > 1:
            start()  # which layer of threads it is, is known from here on
            key = thread_file.key_of(self._kind, what, size, layer(), numbers)
            known = thread_file.kept().get(key, {})
        trial = Trial(numbers, known if set(known) <= set(numbers) else {}, partial(_keep, key))
        self._trials[what, size] = trial
        return trial


def measured_threads() -> dict[int, int]:
    """Return for how many kinds of work each number of threads was found fastest, here and until now."""
    return dict(Counter(map(fastest, thread_file.kept().values())))


def _keep(key: str, trial: Trial) -> None:
    """Keep what was found on a calm machine, unless what is there already was found on a calmer one."""
    if not trial.calm:
        return
    before = thread_file.kept().get(key)
    if before is None or min(before.values()) > CALMER * min(trial.times.values()):
        thread_file.keep(key, trial.times)


class _Timed:
    """A region, and a trial that hears how long the work in it took."""

    __slots__ = ("_before", "_clock", "_n", "_put_aside", "_region", "_start", "_trial")

    def __init__(
        self, trial: Trial, n: int, clock: Callable[[], float], put_aside: Callable[[], int]
    ) -> None:
        self._trial, self._n, self._clock, self._put_aside = trial, n, clock, put_aside
        self._start, self._before = 0.0, 0
        self._region = region(trial.threads)

    def __enter__(self) -> None:
        self._region.__enter__()
        if self._trial.compares:
            self._before = self._put_aside()
        self._start = self._clock()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        seconds = self._clock() - self._start
        self._region.__exit__(kind, error, trace)
        if kind is not None:
            return
        aside = 0.0
        if self._trial.compares:
            aside = self._put_aside() - self._before - USUAL * seconds * self._trial.threads
        self._trial.took(seconds / self._n, aside)
