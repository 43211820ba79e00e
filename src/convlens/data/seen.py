"""A picture of anybody's, as a network sees it: sized, in its channels, prepared as its own pictures were.

Must not know networks.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from convlens.data.handwriting import LARGEST, prepare
from convlens.data.opened import AnyPath, opened
from convlens.data.pictures import picture_in
from convlens.data.pixels import in_channels, pixels_in
from convlens.data.sizes import Size
from convlens.errors import UsageError, did_you_mean, shown

__all__ = ["MOST_BYTES", "WAYS", "Doubt", "Seen", "content_of", "see", "thumbnail"]


class Doubt(StrEnum):
    """Why a picture may be none that a network knows."""

    BLANK = "blank"
    """There is nothing on it."""

    SEVERAL = "several"
    """There are several things on it that are large enough to be the one."""

    SOLID = "solid"
    """It is filled as no pen fills it."""

    UNLIKE = "unlike"
    """It is far away from everything that the network's own pictures are."""


@dataclass(frozen=True, eq=False)
class Seen:
    """A picture as a network sees it.

    Attributes:
        image: bytes (C, H, W).
        doubts: what its preparation has shown.
    """

    image: NDArray[np.uint8]
    doubts: tuple[Doubt, ...] = ()


class _Picture(NamedTuple):
    """The content of a picture's file, and what errors call it."""

    content: bytes
    name: AnyPath


MOST_BYTES = (256 << 20) + 1
"""Of a file that are read: a picture has fewer."""

_FLAT = 15  # of 255: the shades of a sheet without anything on it

_SOLID = 5.5
"""Pixels of 28: so thick is no stroke of MNIST's first 2,000 test images; the median of their pens is 2.6."""

_SMALL = 200  # pixels of the longer side of a picture that is shown beside others


def see(content: bytes, name: AnyPath, shape: tuple[int, int, int], like: str) -> Seen:
    """Return a picture as a network sees it.

    Args:
        content: of a PNG, JPEG, BMP, GIF or WebP file.
        name: what errors call it.
        shape: (C, H, W) of the network's input.
        like: one of `WAYS`: "mnist" finds the digit on its paper and prepares it as MNIST was made, "plain"
            scales the whole picture, as pictures in folders are for training.

    Raises:
        DataError: it is no picture, or damaged.
        UsageError: there is no such way, or a network takes no pictures of such channels.
    """
    if like not in WAYS:
        near = did_you_mean(like, WAYS)
        raise UsageError(f"`like` of pictures must be one of {', '.join(WAYS)}. Got {shown(like)}.{near}")
    return WAYS[like](_Picture(content, name), shape)


def content_of(path: AnyPath) -> bytes:
    """Return the content of a file that may be a picture.

    Raises:
        DataError: it is missing or cannot be read.
    """
    with opened(path) as file:
        return file.read(MOST_BYTES)


def thumbnail(content: bytes, name: AnyPath) -> NDArray[np.uint8]:
    """Return a picture as it was given, small, in its proportions: bytes (1 or 3, H, W)."""
    image = pixels_in(BytesIO(content), name).image
    height, width = image.shape[1:]
    longest = max(height, width)
    if longest <= _SMALL:
        return image
    small = Size(*(max(1, round(side * _SMALL / longest)) for side in (height, width)))
    return pixels_in(BytesIO(content), name, small).image


def _as_mnist(picture: _Picture, shape: tuple[int, int, int]) -> Seen:
    channels, height, width = shape
    if channels != 1:
        raise UsageError(f"`like` of pictures must be plain for a network of {channels} channels. Got mnist.")
    grey = picture_in(BytesIO(picture.content), picture.name, LARGEST)
    prepared = prepare(grey, height, width)
    if prepared.way == "blank":
        return Seen(prepared.image[None], (Doubt.BLANK,))
    doubts = {Doubt.SEVERAL: prepared.n_large > 1, Doubt.SOLID: prepared.stroke > _SOLID}
    return Seen(prepared.image[None], tuple(doubt for doubt, is_so in doubts.items() if is_so))


def _plain(picture: _Picture, shape: tuple[int, int, int]) -> Seen:
    channels, height, width = shape
    if channels not in {1, 3}:
        raise UsageError(f"a network must have 1 or 3 channels to see pictures. Got {channels}.")
    found = pixels_in(BytesIO(picture.content), picture.name, Size(height, width)).image
    image = in_channels(found, channels)
    shades = image.reshape(channels, -1)
    is_flat = int((shades.max(axis=1) - shades.min(axis=1)).max()) <= _FLAT
    return Seen(image, (Doubt.BLANK,) if is_flat else ())


WAYS: Mapping[str, Callable[[_Picture, tuple[int, int, int]], Seen]] = MappingProxyType(
    {"mnist": _as_mnist, "plain": _plain}
)
"""How a picture may be prepared, by name."""
