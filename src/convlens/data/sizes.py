"""The size of a picture: as one writes it, as many pictures suggest it, and how it is changed.

Must not know files.
"""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from convlens.errors import DataError, UsageError, shown

if TYPE_CHECKING:
    from PIL import Image

__all__ = ["LARGEST", "OWN", "Size", "reserved", "resized", "scaled", "size_from", "usual_size", "written"]

OWN = "own"
"""The size that says that pictures keep theirs."""

LARGEST = 1024
"""The longest side that a network is given."""

_KEPT = 128
"""Up to this side, pictures keep a size of their own."""

_INSTEAD = 64
"""The longer side of pictures that are larger: a network of this house trains on it in minutes."""

MOST_BYTES = 4 << 30
"""The most bytes of pictures that are held in memory."""


class Size(NamedTuple):
    """Height and width in pixels; as a text "32", or "32x24" where they differ."""

    height: int
    width: int

    def __str__(self) -> str:
        return str(self.height) if self.height == self.width else f"{self.height}x{self.width}"

    @property
    def product(self) -> str:
        """As one reads it: "32 x 24"."""
        return f"{self.height} x {self.width}"


def size_from(value: object) -> Size | None:
    """Read a size as one gives it: 32, "32" or "32x24", height before width; "own" or None is none.

    Raises:
        UsageError: it is none, or beyond 1 to 1,024.

    >>> size_from("32x24")
    Size(height=32, width=24)
    """
    if value is None or (isinstance(value, str) and value == OWN):
        return None
    if isinstance(value, Size):
        return value
    found = None
    if isinstance(value, int | np.integer) and not isinstance(value, bool):
        found = [int(value)]
    elif isinstance(value, str) and (match := re.fullmatch(r"(\d{1,5})(?:[xX×](\d{1,5}))?", value.strip())):  # noqa: RUF001 (as one may write it)
        found = [int(side) for side in match.groups() if side is not None]
    if found is None or not all(1 <= side <= LARGEST for side in found):
        rule = f"a number of pixels such as 32, HEIGHTxWIDTH such as 32x24 (1 to {LARGEST:,}), or own"
        raise UsageError(f"`size` of pictures must be {rule}. Got {shown(value)}.")
    return Size(found[0], found[-1])


def written(value: object) -> str:
    """Return a size in the one way in which a run's settings write it: "own", "32" or "32x24".

    Raises:
        UsageError: as for `size_from`.
    """
    return str(size_from(value) or OWN)


def usual_size(sizes: Mapping[Size, int]) -> Size:
    """Return the size that pictures get where nobody has said one.

    The one that more than half of them have; else the median height and the median width. What is longer than
    128 is scaled down until the longer side is 64.

    Args:
        sizes: how many pictures have each size.
    """
    usual, n = max(sizes.items(), key=lambda item: (item[1], item[0]))
    if 2 * n <= sum(sizes.values()):
        usual = Size(*(_median(sizes, axis) for axis in (0, 1)))
    longest = max(usual)
    if longest <= _KEPT:
        return usual
    return Size(*(max(1, round(side * _INSTEAD / longest)) for side in usual))


def _median(sizes: Mapping[Size, int], axis: int) -> int:
    """Return the median height (axis 0) or width of pictures."""
    left = sum(sizes.values()) // 2
    for size, n in sorted(sizes.items(), key=lambda item: item[0][axis]):
        left -= n
        if left < 0:
            return size[axis]
    raise AssertionError


def scaled(picture: "Image.Image", size: Size) -> "Image.Image":
    """Return a picture in another size: the whole of it, without regard to its proportions."""
    from PIL import Image  # noqa: PLC0415 -- a heavy import

    if picture.size == (size.width, size.height):
        return picture
    return picture.resize((size.width, size.height), Image.Resampling.LANCZOS, reducing_gap=3.0)


def reserved(owner: object, n: int, channels: int, size: Size) -> NDArray[np.uint8]:
    """Return room for pictures: uint8, (N, C, H, W).

    Raises:
        DataError: there is not as much; the message says what to do.
    """
    shape = (n, channels, *size)
    n_bytes = int(np.prod([float(side) for side in shape]))
    if n_bytes <= MOST_BYTES:
        try:
            return np.zeros(shape, np.uint8)
        except MemoryError:
            pass
    raise DataError(
        f"{owner} would need {n_bytes:,} bytes of memory: {n:,} pictures of {size.product}. "
        "Give a smaller `--size`."
    )


def resized(owner: object, images: NDArray[np.uint8], size: Size) -> NDArray[Any]:
    """Return pictures (N, C, H, W) in another size."""
    from PIL import Image  # noqa: PLC0415 -- a heavy import

    if images.shape[2:] == size:
        return images
    made = reserved(owner, len(images), images.shape[1], size)
    for one, other in zip(images.reshape(-1, *images.shape[2:]), made.reshape(-1, *size), strict=True):
        other[:] = np.asarray(scaled(Image.fromarray(np.ascontiguousarray(one)), size))
    return made
