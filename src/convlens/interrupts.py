"""Ctrl-C and SIGTERM, heard wherever they fall. Must not know anything else.

Python raises KeyboardInterrupt between any two instructions. Inside a `__del__`, or in a callback of NumPy's
or LLVM's, it is then printed and lost; inside somebody's `except BaseException`, too. So a signal is
remembered here, and what takes long asks for it with `heed` at moments at which nothing is half done:

    the first       is remembered, and raised by the next `heed`
    _PATIENCE[0]    nobody has asked: raised where the program stands, which also ends a sleep or a read
    _PATIENCE[1]    it was swallowed: the same once more
    _PATIENCE[2]    still here: what `heard` was given for this is called
    the second      the same, at once

A thread counts the seconds; the interpreter wakes it through a pipe even while LLVM computes.
"""

import os
import signal
import sys
import threading
from collections.abc import Callable
from functools import partial
from types import FrameType, TracebackType
from typing import Any, Self

__all__ = ["heard", "heed", "is_kept", "kept"]

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_PATIENCE = (0.5, 2.5, 5.0)  # seconds since the first signal

_pressed: list[int] = []
_kept: list[bool] = []


def heed() -> None:
    """Raise KeyboardInterrupt if a signal was heard. Outside `heard` none is; costs 30 nanoseconds."""
    if _pressed:
        raise KeyboardInterrupt


def kept() -> None:
    """Note that what was done so far is on disk, and that the same command goes on from there."""
    if not _kept:
        _kept.append(True)


def is_kept() -> bool:
    """Say whether anything was noted by `kept`."""
    return bool(_kept)


class heard:  # noqa: N801 (reads as what it is: with heard())
    """Hear Ctrl-C and SIGTERM as this module says, in the main thread; elsewhere this does nothing.

    The command line does so. In a script or a notebook Python's own way holds, unless it asks for ours:

        from convlens.interrupts import heard
        with heard():
            trainer.train()

    Also where a signal was ignored when the process was started, as a shell's script does with what it runs
    in the background: whoever sends it wants an end, and nothing that is kept is lost by it.

    Args:
        stop: called with the signal's number, in a thread of its own, when a second signal comes or when the
            first has ended nothing for some seconds; it should end the process. Without it a second signal
            is raised where the program stands, as Python does.

    Attributes:
        pressed: the number of the signal that was heard, in a list; empty if there was none.
    """

    def __init__(self, stop: Callable[[int], object] = lambda _: None) -> None:
        self.pressed: list[int] = []
        self._stop = stop
        self._before: dict[int, Any] = {}
        self._timers: list[threading.Timer] = []
        self._nudges = 0
        self._writing = self._wakeup = -1  # descriptors: ours, and the one that signals woke before
        self._hook = sys.unraisablehook

    def __enter__(self) -> Self:
        if threading.current_thread() is not threading.main_thread() or _active:
            return self
        _active.append(self)
        _kept.clear()
        reading, self._writing = os.pipe()
        if os.name == "posix":
            os.set_blocking(self._writing, False)
        self._wakeup = signal.set_wakeup_fd(self._writing, warn_on_full_buffer=False)
        self._hook, sys.unraisablehook = sys.unraisablehook, self._lost
        threading.Thread(target=self._watch, args=(reading,), name="convlens interrupts", daemon=True).start()
        for number in _SIGNALS:
            if signal.getsignal(number) is not None:  # a handler that Python cannot put back
                self._before[number] = signal.signal(number, self._hear)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self not in _active:
            return
        for number, handler in self._before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._wakeup)
        os.close(self._writing)  # the thread ends
        for timer in self._timers:
            timer.cancel()
        sys.unraisablehook = self._hook
        _active.clear()
        _pressed.clear()

    def _hear(self, number: int, _: FrameType | None) -> None:
        """Be the signals' handler: Python calls it in the main thread, between two instructions."""
        if self.pressed:
            raise KeyboardInterrupt
        self.pressed.append(number)
        _pressed.append(number)

    def _lost(self, lost: "sys.UnraisableHookArgs") -> None:
        """Take a KeyboardInterrupt that Python could not raise, as in a `__del__`, for a signal."""
        if not isinstance(lost.exc_value, KeyboardInterrupt):
            self._hook(lost)
        elif not self.pressed:
            signal.raise_signal(signal.SIGINT)

    def _watch(self, reading: int) -> None:
        """Read the numbers of signals as they come, whatever the main thread is doing."""
        heard_one = False
        for number in iter(partial(os.read, reading, 1), b""):
            if number[0] not in self._before:
                continue
            if self._nudges:
                self._nudges -= 1
            elif heard_one:
                self._stop(number[0])
            else:
                heard_one = True
                first, again, last = _PATIENCE
                calls = ((first, self._nudge), (again, self._nudge), (last, partial(self._stop, number[0])))
                self._timers = [threading.Timer(seconds, call) for seconds, call in calls]
                for timer in self._timers:
                    timer.daemon = True
                    timer.start()
        os.close(reading)

    def _nudge(self) -> None:
        """Have the signal raised where the main thread stands; a true signal also ends a sleep or a read."""
        main = threading.main_thread().ident
        if main is None or self not in _active:
            return
        self._nudges += 1
        if hasattr(signal, "pthread_kill"):
            signal.pthread_kill(main, next(iter(self._before)))
        else:
            signal.raise_signal(next(iter(self._before)))


_active: list[heard] = []
