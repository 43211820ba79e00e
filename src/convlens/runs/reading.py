"""Something that is read while this thread does something else. Must not know what."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

__all__ = ["reading"]

_T = TypeVar("_T")


@contextmanager
def reading(call: Callable[[], _T]) -> Iterator[Callable[[], _T]]:
    """Make a call in a thread of its own; what is yielded waits for it, and returns or raises what it did.

    The thread has ended when the block has.
    """
    results: list[_T] = []
    errors: list[BaseException] = []

    def work() -> None:
        try:
            results.append(call())
        except BaseException as error:  # noqa: BLE001 (it is raised where the result is wanted)
            errors.append(error)

    def result() -> _T:
        thread.join()
        if errors:
            raise errors[0]
        return results[0]

    thread = threading.Thread(target=work, name="convlens reading", daemon=True)
    thread.start()
    try:
        yield result
    finally:
        thread.join()
