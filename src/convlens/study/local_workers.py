"""Processes on this machine that make runs side by side, each on one thread. Must not know runs or designs.

Each worker is a pool of one process of its own (loky): where a process is killed, nothing is lost but what it
was at, which another process goes on with from its checkpoint. No process outlives this one, however it
ends: each holds the reading end of a pipe, and ends when the writing end, which only this one has, is closed.
"""

import os
import signal
import threading
import warnings
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, ParamSpec, TypeVar

from convlens.errors import ConvlensError, OrderError, UsageError, one_line, shown

__all__ = ["MOST_WORKERS", "LocalWorkers"]

MOST_WORKERS = 1024
"""More processes no study gets."""

_TRIES = 3  # processes that may end over one task
_POOLS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
_ONE_THREAD = dict.fromkeys(_POOLS, "1")

_P = ParamSpec("_P")
_T = TypeVar("_T")


@dataclass(eq=False)
class _Task:
    """What is to be called, and who waits for it."""

    call: Callable[[], Any]
    future: Future[Any]
    tries: int = 0


class LocalWorkers(Executor):
    """An executor of `count` processes with one thread each.

        with LocalWorkers(4) as workers:
            for planned in study.run_missing(workers):
                print(planned.title)

    After an error in the block, or Ctrl-C, its processes end at once; otherwise when all is done.

    Args:
        count: how many, 1 to `MOST_WORKERS`; each is started when there is something to do for it.
    """

    def __init__(self, count: int) -> None:
        if not isinstance(count, int) or isinstance(count, bool) or not 1 <= count <= MOST_WORKERS:
            rule = f"from 1 to {MOST_WORKERS:,}"
            raise UsageError(f"`count` of LocalWorkers must be {rule}. Got {shown(count)}.")
        self._lock = threading.RLock()
        self._tasks: deque[_Task] = deque()
        self._idle = list(range(count, 0, -1))
        self._pools: dict[int, Any] = {}  # by the workers' numbers
        self._reading, self._writing = Pipe(duplex=False)
        self._is_open = True

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.shutdown()
        else:
            self.stop()

    def submit(self, fn: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs) -> Future[_T]:
        """Have a call made by the first process that is free.

        Raises:
            RuntimeError: from a future's `result`, as any error of the call; ConvlensError where one process
                after the other ended over it.
        """
        future: Future[_T] = Future()
        with self._lock:
            if not self._is_open:
                raise OrderError("these workers have been shut down: make new ones.")
            self._tasks.append(_Task(partial(fn, *args, **kwargs), future))
            self._hand_out()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take nothing more; the processes end when all is done.

        Args:
            wait: return when they have ended.
            cancel_futures: what has not begun is not done.
        """
        with self._lock:
            self._is_open = False
            waiting = [task.future for task in self._tasks]
        for future in waiting:
            if cancel_futures:
                future.cancel()
            elif wait:
                with suppress(BaseException):
                    future.exception()
        for pool in self._ended_pools():
            pool.shutdown(wait=wait)
        if wait:
            self._writing.close()

    def stop(self) -> None:
        """End all processes at once, whatever they are at; calls that have not been made are taken back."""
        with self._lock:
            self._is_open = False
            tasks = list(self._tasks)
            self._tasks.clear()
        for task in tasks:
            task.future.cancel()
        self._writing.close()
        for pool in self._ended_pools():
            pool.shutdown(wait=True)

    def _ended_pools(self) -> list[Any]:
        with self._lock:
            pools = list(self._pools.values())
            self._pools.clear()
        return pools

    def _hand_out(self) -> None:
        """Give what waits to who is idle."""
        while self._idle and self._tasks:
            task = self._tasks.popleft()
            if task.tries == 0 and not task.future.set_running_or_notify_cancel():
                continue
            task.tries += 1
            worker = self._idle.pop()
            try:
                inner = self._begun(worker, task)
            except Exception as error:  # noqa: BLE001 (a callback may have come here: the future must hear of it)
                self._idle.append(worker)
                _settle(task.future, _not_started(error), None)
            else:
                inner.add_done_callback(partial(self._take_back, worker, task))

    def _begun(self, worker: int, task: _Task) -> Any:  # noqa: ANN401 (loky is not typed)
        """Give a call to a worker; one that was killed while it had nothing to do is replaced first."""
        with _unheard_signals():
            try:
                return self._pool(worker).submit(_called, task.call)
            except BrokenExecutor:
                self._pools.pop(worker, None)
                return self._pool(worker).submit(_called, task.call)

    def _pool(self, worker: int) -> Any:  # noqa: ANN401 (loky is not typed)
        """Return a worker's pool of one process, made where there is none or it is broken."""
        if worker not in self._pools:
            self._pools[worker] = _loky().ProcessPoolExecutor(
                1, initializer=_begin, initargs=(self._reading,), env=_ONE_THREAD
            )
        return self._pools[worker]

    def _take_back(self, worker: int, task: _Task, inner: Future[Any]) -> None:
        """Hear what became of a call; where its process was killed, have another one make it."""
        error = None if inner.cancelled() else inner.exception()
        with self._lock:
            self._idle.append(worker)
            if isinstance(error, BrokenExecutor):
                self._pools.pop(worker, None)
                if self._is_open and task.tries < _TRIES:
                    self._tasks.appendleft(task)
                    self._hand_out()
                    return
        if inner.cancelled() or (isinstance(error, BrokenExecutor) and not self._is_open):
            error = RuntimeError("its worker was stopped.")
        if isinstance(error, BrokenExecutor):
            error = ConvlensError(
                f"{task.tries} processes ended over it, one after the other: is there enough memory? "
                "Try fewer --workers."
            )
        _settle(task.future, error, None if error else inner.result())
        with self._lock:
            self._hand_out()


def _loky() -> Any:  # noqa: ANN401 (not typed)
    """Return loky, which is imported where there are several workers, and says nothing of its own."""
    import loky  # noqa: PLC0415 (lazy)
    from loky.backend.resource_tracker import ensure_running  # noqa: PLC0415

    # Without psutil or pgrep it says that it cannot look for a dead worker's children: ours have none.
    warnings.filterwarnings("ignore", "Failed to kill subprocesses", module="loky")
    # Its process that clears up behind one that was killed says so. It reads this when it is started.
    before = os.environ.get("PYTHONWARNINGS")
    os.environ["PYTHONWARNINGS"] = "ignore:resource_tracker"
    try:
        ensure_running()
    finally:
        del os.environ["PYTHONWARNINGS"]
        os.environ.update({} if before is None else {"PYTHONWARNINGS": before})
    return loky


def _not_started(error: Exception) -> ConvlensError:
    """Return what is said where the system gives no process, or no memory that processes share."""
    return ConvlensError(f"no process can be started for it ({one_line(str(error))}): try --workers 1.")


def _settle(future: Future[Any], error: BaseException | None, result: Any) -> None:  # noqa: ANN401
    if error is not None:
        future.set_exception(error)
    else:
        future.set_result(result)


@contextmanager
def _unheard_signals() -> Iterator[None]:
    """Start processes that do not hear a terminal's Ctrl-C, which goes to all: this one ends them."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _called(call: Callable[[], _T]) -> _T:
    """Make a call in a worker."""
    return call()


def _begin(reading: Connection) -> None:
    """Begin a worker: it ignores Ctrl-C, and ends with the process that started it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(reading,), name="convlens parent", daemon=True).start()


def _end_with(reading: Connection) -> None:
    """Wait until nobody can write into the pipe any more, and end."""
    with suppress(EOFError, OSError):
        reading.recv_bytes()
    os._exit(1)
