"""What a plan prepares once and runs again and again: tapes of kernels, and Python between them.

Must not know layers, nor what the calls are.
"""

from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar

from convlens.kernels.runtime.tapes import Tape

__all__ = ["Program", "Programs"]

MOST = 64
"""Programs of a kind that are kept: one for each size of batch that comes by. One takes some kilobytes."""


class Program:
    """Some calls, in their order: those of kernels that follow each other are one call from Python."""

    def __init__(self) -> None:
        self._steps: list[Callable[[], Any]] = []
        self._tape: Tape | None = None

    def add(self, call: Callable[[], object], in_python: bool = False) -> None:
        """Append a call, which calls kernels and does nothing else, unless it is `in_python`.

        Kernels are recorded: `call` is called now, and never again.
        """
        if in_python:
            self._steps.append(call)
            self._tape = None
            return
        if self._tape is None:
            self._tape = Tape()
            self._steps.append(self._tape.run)
        self._tape.record(call)

    def run(self) -> int:
        """Run all calls; return 0, or what a kernel returned instead: those behind it have not run."""
        for step in self._steps:
            status = step()
            if status:
                return int(status)
        return 0


P = TypeVar("P")


class Programs(Generic[P]):
    """Programs by what they were prepared for. A copy, or one from a pickle, begins with none."""

    def __init__(self) -> None:
        self._kept: dict[Hashable, P] = {}

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), ()

    def get(self, key: Hashable) -> P | None:
        """Return what was kept under a key."""
        return self._kept.get(key)

    def keep(self, key: Hashable, prepared: P) -> P:
        """Keep it, in the place of the oldest one if there are too many."""
        if len(self._kept) >= MOST:
            del self._kept[next(iter(self._kept))]
        self._kept[key] = prepared
        return prepared
