"""The pool of this process: its memory, its workers, and a new one in a forked child.

Must not know any kernel. How the pool works: `pool.ll`.

Workers are Python's threads inside one compiled function, which they never leave; they hold no lock of the
interpreter, and end with the process. They are alike: a worker more, or one that could not be started,
changes who does what, not what is done.
"""

import _thread
import ctypes
import time
from collections.abc import Callable
from typing import Any

from convlens.kernels.runtime import posix
from convlens.kernels.runtime.assembly import Assembled

__all__ = ["reset", "start", "use"]

SPIN = 100_000
"""Nanoseconds. As long as Python takes from one step to the next; to wake a sleeper takes some 50,000, so
spinning longer would gain little, and take the core from other processes."""

MOST = 4095
"""Threads of a region: what its head has room for."""

SLOT, MUTEX, CONDITION = 512, 256, 384
"""Bytes that a thread has, and where in them: `%slot`."""

CALLED = ("pthread_getspecific", "pthread_mutex_lock", "pthread_mutex_unlock", "pthread_cond_wait",
          "pthread_cond_signal", "clock_gettime")  # fmt: skip


_ASKED = """
define internal i64 @processor() {
  %number = call i32 @sched_getcpu()
  %wide = sext i32 %number to i64
  ret i64 %wide
}
declare i32 @sched_getcpu()
"""
_UNKNOWN = """
define internal i64 @processor() {
  ret i64 -1
}
"""


class _State:
    """What this process has.

    Attributes:
        code: the pool; `worker`: what a worker does, given its number.
        slots: for how many threads there is room.
        key: where each thread keeps its number of threads.
        workers: how many were started.
    """

    code: Assembled
    worker: Callable[[int], Any]
    slots = key = workers = 0


def start(threads: int, most: int) -> tuple[str, str, int]:
    """Make the pool of this process, with workers.

    Args:
        threads: how many run at once, and for regions of a thread that did not say how many.
        most: the most that anybody may ask for.

    Returns:
        The pool's name, how long its workers spin, and the address of the C function that runs a region.
    """
    key = ctypes.c_ulong()  # an unsigned int on some systems, which is its first half
    posix.call("pthread_key_create", ctypes.byref(key), None)
    _State.key, _State.slots = key.value, min(most, MOST)
    added = f"""
        @key = internal constant i64 {key.value}
        @available = internal constant i64 {threads}
        @spin = internal constant i64 {SPIN}
        @clock = internal constant i32 {time.CLOCK_MONOTONIC}
        @slots = global [{_State.slots} x %slot] zeroinitializer, align 128
    """
    asks = posix.tells_processor()
    called = (*CALLED, "sched_getcpu") if asks else CALLED
    added += _ASKED if asks else _UNKNOWN
    _State.code = Assembled("pool", added, {name: posix.address(name) for name in called})
    _State.worker = ctypes.CFUNCTYPE(None, ctypes.c_int64)(_State.code["worker"])
    reset()
    _require(threads)
    return "convlens", f"{SPIN // 1000} µs", _State.code["region"]


def reset() -> None:
    """Make the memory new, as nobody uses it: a forked child has no workers, and a copy of what they did."""
    _State.workers = 0
    for word in ("head", "done", "busy"):
        ctypes.c_int64.from_address(_State.code[word]).value = 0
    slots = _State.code["slots"]
    ctypes.memset(slots, 0, _State.slots * SLOT)
    for slot in range(slots, slots + _State.slots * SLOT, SLOT):
        posix.call("pthread_mutex_init", slot + MUTEX, None)
        posix.call("pthread_cond_init", slot + CONDITION, None)


def use(threads: int) -> None:
    """Run this thread's regions on so many threads from now on; 0: as those of one that has not said."""
    if threads - 1 > _State.workers:
        _require(threads)
    posix.set_own(_State.key, min(threads, _State.slots))


def _require(threads: int) -> None:
    """Start the workers that so many threads need.

    No lock: two callers may start a worker each of one number, which then share its range. Each looks at its
    own number, never at what the other has made of the count: there is no slot beyond the last one.
    """
    while (number := _State.workers + 1) < min(threads, _State.slots):
        _State.workers = number
        try:
            _thread.start_new_thread(_State.worker, (number,))
        except RuntimeError:  # no more threads are allowed, or the interpreter ends: the others do its part
            return
