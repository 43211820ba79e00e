"""How far windows see beyond a picture, and how often they fit. Must not know layers."""

from typing import Final, Literal, TypeAlias

from convlens.errors import SpecError
from convlens.spec.shapes import Shape, pair

__all__ = ["SAME", "Borders", "Pad", "borders", "padding", "slide"]

SAME: Final = "same"
"""Pads so that a window with a step of 1 leaves the size as it is, and one with a step of s ⌈size / s⌉."""

Pad: TypeAlias = int | tuple[int, int] | Literal["same"]
"""One number for both directions, (vertical, horizontal), or "same"."""

Borders: TypeAlias = tuple[tuple[int, int], tuple[int, int]]
"""Rows above and below a picture, and columns left and right of it."""


def padding(value: object, owner: str) -> tuple[int, int] | Literal["same"]:
    """Return `pad` as (vertical, horizontal), or as "same".

    Raises:
        SpecError: it is neither.
    """
    return SAME if isinstance(value, str) and value == SAME else pair(value, owner, "pad", 0, SAME)


def borders(pad: Pad, size: tuple[int, ...], window: tuple[int, int], stride: tuple[int, int]) -> Borders:
    """Return how far windows see beyond a picture of `size` (…, height, width).

    With "same" ⌈size / stride⌉ windows fit, and what they need beyond the picture,
    max((⌈size / stride⌉ - 1)·stride + window - size, 0), stands on both sides of it; an odd one below and on
    the right. That is SAME_UPPER of ONNX, and "same" of PyTorch, TensorFlow and Keras.
    """
    if pad != SAME:
        vertical, horizontal = pair(pad, "windows", "pad", 0)
        return (vertical, vertical), (horizontal, horizontal)
    rows, columns = (
        max((-(-length // step) - 1) * step + wide - length, 0)
        for length, wide, step in zip(size[-2:], window, stride, strict=True)
    )
    return (rows // 2, rows - rows // 2), (columns // 2, columns - columns // 2)


def slide(
    size: Shape, window: tuple[int, int], stride: tuple[int, int], pad: Pad, owner: str
) -> tuple[int, int]:
    """Return how often a window fits, vertically and horizontally: ⌊(size + borders - window) / stride⌋ + 1.

    Raises:
        SpecError: `size` is not (channels, height, width), or smaller than the window.
    """
    if len(size) != 3:
        raise SpecError(f"{owner} needs an input of shape (channels, height, width). Got {size}.")
    fits = []
    pair(window, owner, "window", 1)  # that of a filter whose weights lie apart may be larger than any
    around = borders(pad, size, window, stride)
    for length, both, wide, step in zip(size[1:], around, window, stride, strict=True):
        padded = length + sum(both)
        if wide > padded:
            found = f"{size[1]}x{size[2]}, pad {around[0][0]}x{around[1][0]}"
            raise SpecError(
                f"the window of {owner} ({window[0]}x{window[1]}) is larger than its input ({found}): "
                "use a smaller window or more padding."
            )
        fits.append((padded - wide) // step + 1)
    return fits[0], fits[1]
