"""Threads that share an object take turns. Must not know what the object is.

A network, a plan and an optimizer write into memory of their own while they compute, so one thread at a time
may use each. The same thread may begin a turn within a turn: a callback predicts during its own training.
"""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar
from weakref import WeakSet, WeakValueDictionary

from convlens.errors import UsageError

__all__ = ["Turn", "taking_turns", "turn_for"]

P = ParamSpec("P")
R = TypeVar("R")

_Lock: Any = type(threading.RLock())  # a turn costs 40 ns, and Ctrl-C never falls into its first moment
_turns: "WeakSet[Turn]" = WeakSet()
_by_identity: "WeakValueDictionary[int, Turn]" = WeakValueDictionary()
_registering = threading.RLock()


class Turn(_Lock):  # type: ignore[misc]
    """One object's turns: `with turn:` waits until no other thread is within.

    A copy, or one from a pickle, is a new one; a forked child does not inherit a turn of a thread that the
    fork left behind.
    """

    def __init__(self) -> None:
        super().__init__()
        self._count = 0
        self._own = threading.local()
        self._reader: threading.Thread | None = None
        self._alone: threading.Thread | None = None
        with _registering:
            _turns.add(self)

    def __reduce__(self) -> tuple[Any, ...]:
        return Turn, ()

    def leave(self) -> bool:
        """Say within a turn that it leaves results in the object, which this thread may read after it.

        Returns:
            Whether they may be written where those of the turn before are: not while another thread, which
            still runs, may be reading what it left there.
        """
        self._count += 1
        self._own.count = self._count
        if _another(self._reader):
            return False
        self._reader = threading.current_thread()
        return True

    def leave_elsewhere(self) -> None:
        """Say within a turn that its results go into other memory: the reader keeps what it reads."""
        self._reader = None
        self.leave()

    def take(self) -> None:
        """Say within a turn that what it left has been read, and need not be spared."""
        self._reader = None

    @property
    def overwritten(self) -> bool:
        """Whether another thread's turn has left results since this thread's own latest turn did."""
        return getattr(self._own, "count", self._count) != self._count

    @contextmanager
    def alone(self, refused: str) -> Iterator[None]:
        """Refuse every other thread that wants to be `alone` before this block ends; turns go on.

        Raises:
            UsageError: another thread is; the message is `refused` and the thread's name.
        """
        me = threading.current_thread()
        before = self._alone if self._alone is me else None
        try:
            with self:
                if _another(self._alone):
                    raise UsageError(f"{refused} Got a second thread beside {self._alone.name!r}.")  # type: ignore[union-attr]
                self._alone = me
            yield
        finally:
            if self._alone is me:
                self._alone = before


def turn_for(thing: object) -> Turn:
    """Return an object's turns: its own `turn`, or those that everyone gets who asks for the same object.

    The latter last as long as somebody holds them, who must hold the object, too.
    """
    own = getattr(thing, "turn", None)
    if isinstance(own, Turn):
        return own
    with _registering:
        found = _by_identity.get(id(thing))
        if found is None:
            found = _by_identity[id(thing)] = Turn()
        return found


class _Shared(Protocol):
    turn: Turn


S = TypeVar("S", bound=_Shared)


def taking_turns(method: Callable[Concatenate[S, P], R]) -> Callable[Concatenate[S, P], R]:
    """Return the method, called within a turn of its object."""

    @wraps(method)
    def within_a_turn(self: S, *args: P.args, **kwargs: P.kwargs) -> R:
        with self.turn:
            return method(self, *args, **kwargs)

    return within_a_turn  # type: ignore[return-value]  # mypy: `self` might be given by name


def _another(thread: threading.Thread | None) -> bool:
    """Say whether this is another thread than the caller's, and still runs."""
    return thread is not None and thread is not threading.current_thread() and thread.is_alive()


def _after_fork() -> None:
    """In a forked child, free what threads held that did not come along."""
    global _registering  # noqa: PLW0603 (it may have been held, too)
    _registering = threading.RLock()
    for turn in list(_turns):
        if not turn._is_owned():  # noqa: SLF001 (the thread that came along may rightly be within its turn)
            turn._at_fork_reinit()  # noqa: SLF001 (what threading itself does to its locks)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
