"""Shapes, and the whole numbers that they are made of. Must not know layers."""

from numbers import Integral
from typing import TypeAlias

from convlens.errors import SpecError, shown

__all__ = ["LARGEST", "Shape", "pair", "positive", "slide"]

Shape: TypeAlias = tuple[int, ...]

LARGEST = 1_000_000_000
"""No size of a layer or a picture is larger: a slip of the pen, not a plan."""

_Pair: TypeAlias = int | tuple[int, int]


def _is_whole(value: object, least: int) -> bool:
    """Say whether `value` is an int (no bool) of at least `least`."""
    return isinstance(value, Integral) and not isinstance(value, bool) and int(value) >= least


def _require_possible(sizes: tuple[int, ...], owner: str, name: str) -> None:
    """Refuse a size that nothing has."""
    if max(sizes) > LARGEST:
        raise SpecError(f"`{name}` of {owner} must be at most {LARGEST:,}. Got {shown(max(sizes))}.")


def pair(value: object, owner: str, name: str, least: int) -> tuple[int, int]:
    """Return `value` as (vertical, horizontal), both ints of at least `least`.

    Raises:
        SpecError: it is neither an int nor two of them, or one is too small or too large.
    """
    both = tuple(value) if isinstance(value, tuple | list) else (value, value)
    if len(both) != 2 or not all(_is_whole(v, least) for v in both):
        rule = f"an int ≥ {least} or two of them (vertical, horizontal)"
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


def slide(size: Shape, window: _Pair, stride: _Pair, pad: _Pair, owner: str) -> tuple[int, int]:
    """Return how often a window fits, vertically and horizontally: ⌊(size + 2·pad - window) / stride⌋ + 1.

    Raises:
        SpecError: `size` is not (channels, height, width), or smaller than the window.
    """
    if len(size) != 3:
        raise SpecError(f"{owner} needs an input of shape (channels, height, width). Got {size}.")
    windows, strides, pads = (pair(v, owner, "window", 0) for v in (window, stride, pad))
    fits = []
    for axis, length in enumerate(size[1:]):
        padded = length + 2 * pads[axis]
        if windows[axis] > padded:
            raise SpecError(
                f"the window of {owner} ({windows[0]}x{windows[1]}) is larger than its input "
                f"({size[1]}x{size[2]}, pad {pads[0]}x{pads[1]}): use a smaller window or more padding."
            )
        fits.append((padded - windows[axis]) // strides[axis] + 1)
    return fits[0], fits[1]
