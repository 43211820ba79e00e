"""Who makes the runs of a study: this process, one after the other, or any executor's workers.

An executor is whatever has the interface of `concurrent.futures.Executor`: threads, processes, a cluster.
What is handed to it, `make_run` and a `Planned`, can be pickled. Must not know designs.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from contextlib import AbstractContextManager, nullcontext
from typing import Any, ParamSpec, TypeVar

from convlens.arguments import as_annotated
from convlens.errors import ConvlensError, StorageError, TakenError, UsageError, shown
from convlens.interrupts import heed
from convlens.networks.engines import announce_nothing
from convlens.runs import Notes, RunConfig, train_run
from convlens.study.planned import Planned

__all__ = ["Failures", "InProcess", "alone", "made", "make_run", "make_run_beside", "require_calls"]

_TICK = 0.5  # seconds after which Ctrl-C is asked for, where nothing is finished

_P = ParamSpec("_P")
_T = TypeVar("_T")
_global_stream = threading.Lock()


@as_annotated
def make_run(planned: Planned, threads: int | None = None) -> str:
    """Make one run of a study and return its id: the task that workers get.

    Args:
        planned: the run.
        threads: how many its kernels use; None for as many as are fastest. The results do not depend on it.
    """
    with alone(planned.config):
        return train_run(planned.config, planned.folder, planned.command, threads=threads).run_id


@as_annotated
def make_run_beside(planned: Planned, announces: bool = True) -> tuple[str, ...]:
    """Make one run beside others, on one thread, and return what the Trainer said of it.

    Args:
        planned: the run.
        announces: say on stderr that kernels are compiled; False where whoever started this process says it
            for all of them.
    """
    if not announces:
        announce_nothing()
    notes = Notes()
    with alone(planned.config):
        train_run(planned.config, planned.folder, planned.command, [notes], threads=1)
    return tuple(notes.lines)


@as_annotated
def alone(config: RunConfig) -> AbstractContextManager[Any]:
    """Return what a run holds that would disturb another one in the same process.

    Under the book's protocol every draw comes from NumPy's global stream.
    """
    return _global_stream if config.network.protocol == "book" else nullcontext()


class InProcess(Executor):
    """Does each task when it is submitted, in the caller's thread; Ctrl-C ends `submit` itself."""

    def submit(self, fn: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs) -> Future[_T]:
        """Call `fn` now and return a future that is done."""
        future: Future[_T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 (as every executor: whoever asks the future gets it)
            future.set_exception(error)
        return future


class Failures:
    """The runs that failed, so that the others may be made before anyone is told.

    Args:
        planned: all runs that are made, in the order in which one is told of those that failed.
    """

    def __init__(self, planned: Sequence[Planned]) -> None:
        self._planned = list(planned)
        self._failed: list[tuple[Planned, Exception]] = []

    def add(self, planned: Planned, error: Exception) -> None:
        """Remember a run and its error."""
        self._failed.append((planned, error))

    @property
    def is_hopeless(self) -> bool:
        """One failed by what every further run would fail by."""
        return any(isinstance(error, StorageError) for _, error in self._failed)

    def forget_made(self, is_there: Callable[[Planned], object]) -> None:
        """Forget the runs that were another process's, and which that one has made meanwhile."""
        self._failed = [
            (planned, error)
            for planned, error in self._failed
            if not (isinstance(error, TakenError) and is_there(planned))
        ]

    def raise_first(self) -> None:
        """Raise the first error with its run's name, and the names of the others, if there is any.

        Raises:
            ConvlensError: of the first error's own class; one that convlens did not raise is raised as it
                came, with the run's name as a note.
        """
        if not self._failed:
            return
        (planned, error), *others = sorted(self._failed, key=self._place)
        if isinstance(error, StorageError):
            raise StorageError(f"run {planned.title}: {error} No further run was begun.") from error
        also = ", ".join(plan.title for plan, _ in others)
        more = f" These runs failed, too: {also}." if others else ""
        if isinstance(error, ConvlensError):
            raise type(error)(f"run {planned.title}: {error}{more}") from error
        error.add_note(f"It came from run {planned.title}.{more}")
        raise error

    def _place(self, failed: tuple[Planned, Exception]) -> tuple[bool, int]:
        """Return what the failed runs are sorted by: a full disk first, then the order of the plan."""
        planned, error = failed
        return not isinstance(error, StorageError), self._planned.index(planned)


def require_calls(executor: object, make: object, receive: object) -> None:
    """Refuse arguments of `run_missing` that cannot be called, before anything is made.

    Raises:
        UsageError: one of them.
    """
    if executor is not None and (
        isinstance(executor, type) or not callable(getattr(executor, "submit", None))
    ):
        rule = "None, or have the interface of concurrent.futures.Executor, such as LocalWorkers(4)"
        raise UsageError(f"`executor` of run_missing must be {rule}. Got {shown(executor)}.")
    for name, value in (("make", make), ("receive", receive)):
        if not callable(value):
            raise UsageError(f"`{name}` of run_missing must be a function. Got {shown(value)}.")


def _submitted(executor: Executor, make: Callable[[Planned], Any], plan: Planned) -> Future[Any]:
    """Hand one run to an executor.

    Raises:
        UsageError: it takes none, as one that has been shut down, or gives back no future.
    """
    name = type(executor).__name__
    try:
        future: object = executor.submit(make, plan)
    except ConvlensError:
        raise
    except Exception as error:
        why = f"{type(error).__name__}: {str(error).rstrip('.')}"
        raise UsageError(
            f"`executor` of run_missing, a {name}, takes no run ({why}): give another one."
        ) from error
    if not isinstance(future, Future):
        rule = "return a concurrent.futures.Future"
        raise UsageError(f"`submit` of the executor, a {name}, must {rule}. Got {shown(future)}.")
    return future


def made(
    planned: Sequence[Planned],
    executor: Executor,
    make: Callable[[Planned], Any],
    receive: Callable[[Planned, Any], object],
    failures: Failures,
) -> Iterator[Planned]:
    """Hand runs to an executor in their order and yield each as it is made; the failed ones are remembered.

    Whoever stops listening, or presses Ctrl-C, leaves no run waiting: what has not begun is taken back. So it
    is where nothing can be written any more: every further run would fail alike.
    """
    waiting: dict[Future[Any], Planned] = {}
    try:
        for plan in planned:
            heed()
            if failures.is_hopeless:
                break
            waiting[_submitted(executor, make, plan)] = plan
            yield from _done(waiting, receive, failures, timeout=0)
        while waiting:
            heed()
            if failures.is_hopeless:
                waiting = {future: plan for future, plan in waiting.items() if not future.cancel()}
            yield from _done(waiting, receive, failures, timeout=_TICK)
    finally:
        for future in waiting:
            future.cancel()


def _done(
    waiting: dict[Future[Any], Planned],
    receive: Callable[[Planned, Any], object],
    failures: Failures,
    timeout: float,
) -> Iterator[Planned]:
    """Yield the runs that are made, after the first of them or `timeout` seconds, in their order."""
    finished = wait(waiting, timeout, FIRST_COMPLETED).done
    for future in [future for future in waiting if future in finished]:
        plan = waiting.pop(future)
        try:
            receive(plan, future.result())
        except Exception as error:  # noqa: BLE001 (whatever it is, the other runs are made)
            failures.add(plan, error)
        else:
            yield plan
