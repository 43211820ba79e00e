"""What a piece of an untrusted record may be. Must not know which record."""

from itertools import pairwise
from math import isfinite
from typing import Any

__all__ = [
    "LONGEST_NAME",
    "are_increasing",
    "are_names",
    "are_same",
    "are_texts",
    "is_count",
    "is_duration",
    "is_loss",
    "is_number",
    "is_positive_count",
    "is_share",
    "is_text",
]

LONGEST_NAME = 100
"""Letters of the name of a class or a channel."""

_ROUNDING = 1e-6


def is_count(found: Any) -> bool:  # noqa: ANN401
    """Say whether it is a whole number from 0 that fits a machine's."""
    return isinstance(found, int) and not isinstance(found, bool) and 0 <= found < 2**63


def is_positive_count(found: Any) -> bool:  # noqa: ANN401
    """Say whether it is a whole number from 1 that fits a machine's."""
    return is_count(found) and bool(found > 0)


def are_increasing(found: Any) -> bool:  # noqa: ANN401
    """Say whether these are whole numbers from 0, each larger than the one before, one at least."""
    if not isinstance(found, list) or not found or not all(map(is_count, found)):
        return False
    return all(one < next_one for one, next_one in pairwise(found))


def is_share(found: Any) -> bool:  # noqa: ANN401
    """Say whether it is a number from 0 to 1."""
    return isinstance(found, int | float) and not isinstance(found, bool) and 0 <= found <= 1


def is_duration(found: Any) -> bool:  # noqa: ANN401
    """Say whether it is a finite number from 0."""
    return is_number(found) and bool(found >= 0)


def is_loss(found: Any) -> bool:  # noqa: ANN401
    """Say whether it is a finite number from 0, but for rounding: the book's goes down to -log(1 + 1e-7)."""
    return is_number(found) and bool(found >= -_ROUNDING)


def is_number(found: Any) -> bool:  # noqa: ANN401
    """Say whether it is a finite number."""
    if isinstance(found, int):
        return not isinstance(found, bool) and abs(found) < 2**63
    return isinstance(found, float) and isfinite(found)


def is_text(found: Any) -> bool:  # noqa: ANN401
    """Say whether it is a text with something to read in it."""
    return isinstance(found, str) and bool(found.strip())


def are_texts(found: Any) -> bool:  # noqa: ANN401
    """Say whether it holds texts by name, and nothing else."""
    return isinstance(found, dict) and all(isinstance(value, str) for value in found.values())


def are_names(found: Any) -> bool:  # noqa: ANN401
    """Say whether these are names of at most `LONGEST_NAME` letters, one at least."""
    return (
        isinstance(found, list)
        and bool(found)
        and all(is_text(name) and len(name) <= LONGEST_NAME for name in found)
    )


def are_same(found: Any, wanted: dict[str, int]) -> bool:  # noqa: ANN401
    """Say whether it holds exactly these whole numbers by name."""
    return isinstance(found, dict) and found == wanted and all(map(is_count, found.values()))
