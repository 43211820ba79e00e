"""Into how many shares work is split: by its size alone, so that bits do not depend on the number of threads.

Must not know any kernel. What is not summed over samples is split as finely as pays, up to `SHARES`.
"""

from typing import Any

from convlens.kernels.runtime.compiler import inner
from convlens.kernels.runtime.parallel import SHARES

__all__ = ["GRAIN", "LARGE", "WORK", "many", "worth"]

LARGE = 8192
"""Numbers copied from which waking the threads is worth it."""

GRAIN = 4096
"""Numbers copied that one share has at least: fewer take no longer than to claim the share."""


WORK = 16384
"""Multiply-adds that one share has at least, for the same reason."""


@inner
def many(numbers: Any) -> Any:
    """Return into how many shares the copying of so many numbers is split."""
    return min(numbers // GRAIN, SHARES) if numbers >= LARGE else 1


@inner
def worth(multiply_adds: Any) -> Any:
    """Return into how many shares so many multiply-adds are split."""
    return min(multiply_adds // WORK, SHARES) if multiply_adds >= 2 * WORK else 1
