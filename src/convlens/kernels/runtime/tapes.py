"""Calls of kernels that are prepared once and run again and again. Must not know any kernel.

    tape = Tape()
    tape.record(prepare)        kernels that `prepare` calls, in this thread, are recorded, not run
    tape.run()                  all of them, in their order: one call from Python

A tape holds what it reads: the arrays' addresses stay right as long as it lives. An argument that is to
change from run to run is a `Blank`; numbers and other arrays are those that were there at the recording.
"""

import sys
from collections.abc import Callable
from contextvars import ContextVar, copy_context
from ctypes import c_ssize_t
from functools import cache, update_wrapper
from typing import Any, Self

import numpy as np
from numba import from_dtype
from numba.core import types
from numpy.typing import DTypeLike, NDArray

from convlens.errors import UsageError
from convlens.kernels.runtime.doors import door_of
from convlens.kernels.runtime.replay import replay

__all__ = ["ArrayBlank", "Blank", "Kernel", "NumberBlank", "Tape"]

Words = NDArray[np.int64]
Leaf = Words | list[int]
"""The words of a leaf (see `doors.py`): a blank's own, or those that a tape has to keep."""


class Blank:
    """An argument that is left open when a call is recorded, and filled in before a run.

    Attributes:
        type: Numba's, the same for all that comes into the blank.
        words: what a door reads; whoever writes them changes the argument.
    """

    def __init__(self, type_: Any, words: int) -> None:
        self.type, self.words = type_, np.zeros(words, np.int64)


class ArrayBlank(Blank):
    """One for arrays of one dtype. It does not hold them: whoever fills it in must, while it is used."""

    def __init__(self, dtype: DTypeLike) -> None:
        super().__init__(_array_type(np.dtype(dtype), 1), 2)
        self.dtype = np.dtype(dtype)

    def fill(self, array: NDArray[Any]) -> None:
        """Let the kernels read and write this array, as if it were flat."""
        if array.dtype != self.dtype:
            raise UsageError(f"a blank of {self.dtype} cannot hold an array of {array.dtype}.")
        self.words[0] = _address(array)
        self.words[1] = array.size


class NumberBlank(Blank):
    """One for numbers of one dtype, int64 or float32."""

    def __init__(self, dtype: DTypeLike) -> None:
        super().__init__(from_dtype(np.dtype(dtype)), 1)
        size = np.dtype(dtype).itemsize
        first = 0 if sys.byteorder == "little" else 8 // size - 1  # where a word's lowest bits lie
        self._number = self.words.view(dtype)[first : first + 1]

    def fill(self, number: float) -> None:
        """Let the kernels read this number."""
        self._number[0] = number


class Kernel:
    """A compiled function that Python calls: now, or on the tape that is being recorded.

    Called now it costs some fifty microseconds, since its arguments are looked at and written down: what runs
    often is recorded.

    Args:
        dispatcher: Numba's, with doors.
    """

    def __init__(self, dispatcher: Any) -> None:
        update_wrapper(self, dispatcher.py_func)
        self.dispatcher = dispatcher
        self._doors: dict[tuple[Any, ...], int] = {}

    def __call__(self, *args: Any) -> Any:
        """Call the kernel; return the whole number that it returns, or 0."""
        recording = _recording.get()
        if recording is not None:
            recording.add(self, args)
            return 0
        tape = Tape()
        tape.add(self, args)
        return tape.close().run()

    def door(self, given: tuple[Any, ...]) -> int:
        """Return the address of the door for arguments of these types, compiled where nobody has."""
        found = self._doors.get(given)
        if found is None:
            self.dispatcher.compile(given)
            found = self._doors[given] = door_of(self.dispatcher.overloads[given])
        return found


class Tape:
    """Some calls of kernels, in their order."""

    def __init__(self) -> None:
        self._calls: list[int] = []
        self._held: list[Any] = []
        self._address = 0

    def record(self, call: Callable[[], object]) -> None:
        """Record the kernels that `call` calls in this thread, behind those that are there.

        In a context of its own, as the interpreter leaves that whatever happens; Ctrl-C may fall before the
        first line of a `finally` or of an `__exit__`, and all later kernels would be recorded, none run.
        """
        copy_context().run(self._record, call)
        self.close()

    def _record(self, call: Callable[[], object]) -> None:
        _recording.set(self)
        call()

    def __reduce__(self) -> tuple[Any, ...]:
        raise TypeError("a tape holds addresses, which mean nothing in a copy: record it again.")

    def add(self, kernel: Kernel, args: tuple[Any, ...]) -> None:
        """Record a call."""
        leaves: list[Leaf] = []
        door = kernel.door(tuple(_type(arg, leaves) for arg in args))
        table = _table(leaves)
        self._calls += [door, _address(table)]
        self._held += [kernel, args, leaves, table]

    def close(self) -> Self:
        """Write the calls to where `run` reads them: no further one may come."""
        program = np.array([len(self._calls) // 2, *self._calls], np.int64)
        self._held.append(program)
        self._address = _address(program)
        return self

    def run(self) -> int:
        """Run all calls; end with the first kernel that returns something else than 0, and return that."""
        return int(replay(self._address))


_recording: ContextVar[Tape | None] = ContextVar("recording", default=None)
"""What this thread records, if anything."""


_HEAD = object.__basicsize__
"""Bytes of a Python object's head. Behind it an array has its address: `PyArrayObject_fields` of NumPy's C
header, on which all that is compiled against NumPy relies. `array.ctypes.data` takes 2 µs, not 0.2."""


def _address(array: NDArray[Any]) -> int:
    """Return where an array's numbers lie, one behind the other."""
    flags = array.flags
    if not (flags.c_contiguous and flags.aligned):
        raise UsageError("an array that a kernel takes must be C-contiguous and aligned.")
    return c_ssize_t.from_address(id(array) + _HEAD).value


@cache
def _array_type(dtype: np.dtype[Any], ndim: int) -> Any:
    """Return Numba's type of an array: read-only ones are not told apart, which saves a second compiling."""
    return types.Array(from_dtype(dtype), ndim, "C")


def _type(value: Any, leaves: list[Leaf]) -> Any:
    """Return Numba's type of an argument, and append its leaves."""
    if isinstance(value, tuple):
        return types.BaseTuple.from_types([_type(member, leaves) for member in value])
    if isinstance(value, Blank):
        leaves.append(value.words)
        return value.type
    if isinstance(value, np.ndarray):
        leaves.append([_address(value), *value.shape])
        return _array_type(value.dtype, value.ndim)
    if isinstance(value, bool | int | np.bool_ | np.integer):
        leaves.append([int(value)])
        return types.boolean if isinstance(value, bool | np.bool_) else types.int64
    if isinstance(value, float | np.float32):
        bits = np.asarray(value).tobytes()  # of float64 what Python calls float
        leaves.append([int.from_bytes(bits, sys.byteorder, signed=True)])
        return types.float32 if isinstance(value, np.float32) else types.float64
    raise UsageError(f"a kernel takes arrays, numbers and tuples of them. Got {type(value).__name__}.")


def _table(leaves: list[Leaf]) -> Words:
    """Return the addresses of leaves; behind them lie the words of those that are no blank's."""
    own = [word for leaf in leaves if isinstance(leaf, list) for word in leaf]
    table = np.array([0] * len(leaves) + own, np.int64)
    place = _address(table) + 8 * len(leaves)
    for k, leaf in enumerate(leaves):
        if isinstance(leaf, list):
            table[k] = place
            place += 8 * len(leaf)
        else:
            table[k] = _address(leaf)
    return table
