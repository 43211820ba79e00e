"""Shapes, and the whole numbers that they are made of. Must not know layers."""

from numbers import Integral
from typing import TypeAlias

from convlens.errors import SpecError, shown

__all__ = ["LARGEST", "Shape", "pair", "positive"]

Shape: TypeAlias = tuple[int, ...]

LARGEST = 1_000_000_000
"""No size of a layer or a picture is larger: a slip of the pen, not a plan."""


def _is_whole(value: object, least: int) -> bool:
    """Say whether `value` is an int (no bool) of at least `least`."""
    return isinstance(value, Integral) and not isinstance(value, bool) and int(value) >= least


def _require_possible(sizes: tuple[int, ...], owner: str, name: str) -> None:
    """Refuse a size that nothing has."""
    if max(sizes) > LARGEST:
        raise SpecError(f"`{name}` of {owner} must be at most {LARGEST:,}. Got {shown(max(sizes))}.")


def pair(value: object, owner: str, name: str, least: int, word: str = "") -> tuple[int, int]:
    """Return `value` as (vertical, horizontal), both ints of at least `least`.

    Args:
        value: one int for both, or two.
        owner: whose setting it is.
        name: of the setting.
        least: of each.
        word: what the setting may be instead, for the error.

    Raises:
        SpecError: it is neither an int nor two of them, or one is too small or too large.
    """
    both = tuple(value) if isinstance(value, tuple | list) else (value, value)
    if len(both) != 2 or not all(_is_whole(v, least) for v in both):
        rule = f"an int ≥ {least} or two of them (vertical, horizontal)"
        rule = f'{rule}, or "{word}"' if word else rule
        raise SpecError(f"`{name}` of {owner} must be {rule}. Got {shown(value)}.")
    _require_possible((int(both[0]), int(both[1])), owner, name)
    return int(both[0]), int(both[1])


def positive(value: object, owner: str, name: str) -> int:
    """Return `value`, an int of 1 or more.

    Raises:
        SpecError: it is none, or too large.
    """
    if not isinstance(value, Integral) or not _is_whole(value, 1):
        raise SpecError(f"`{name}` of {owner} must be a positive int. Got {shown(value)}.")
    _require_possible((int(value),), owner, name)
    return int(value)
