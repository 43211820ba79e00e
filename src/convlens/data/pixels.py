"""One picture file as a network is given it: bytes in grey or in colours. Must not know data sets."""

import hashlib
import io
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from convlens.arguments import AnyPath
from convlens.data.opened import opened
from convlens.data.pictures import decoding, eight_bits, on_white
from convlens.data.sizes import Size, scaled
from convlens.errors import DataError

if TYPE_CHECKING:
    from PIL import Image

__all__ = ["Pixels", "in_channels", "looks_like_a_picture", "measured", "pixels_in", "read_pixels"]

_MOST_BYTES = 256 << 20  # of a file

_GREY_MODES = frozenset({"1", "L", "I", "I;16", "I;16B", "I;16L", "F"})

_ORIENTATION, _ON_ITS_SIDE = 0x0112, range(5, 9)  # as a camera notes it

_NEARLY_GREY = 2
"""By so much the colours of a grey picture differ where a format without grey has kept it (WebP: by 1)."""

_STARTS = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8", b"BM")


class Pixels(NamedTuple):
    """A picture: uint8, (1, H, W) where it has no colours, else (3, H, W); and its file's SHA-256."""

    image: NDArray[np.uint8]
    sha256: bytes


def looks_like_a_picture(path: AnyPath) -> bool:
    """Say whether a file begins as a picture does."""
    with opened(path) as file:
        start = file.read(12)
    return start.startswith(_STARTS) or (start[:4] == b"RIFF" and start[8:] == b"WEBP")


def measured(path: AnyPath) -> Size:
    """Return a picture's size as it is to be looked at, without decoding it.

    Raises:
        DataError: it is no picture, or its beginning is damaged.
    """
    with opened(path) as file, decoding(path, file) as picture:
        width, height = picture.size
        # Of a PNG that does not tell at its beginning, Pillow would decode the picture to look at its end.
        tells = picture.format != "PNG" or "exif" in picture.info
        turns = tells and picture.getexif().get(_ORIENTATION) in _ON_ITS_SIDE
        return Size(width, height) if turns else Size(height, width)


def read_pixels(path: AnyPath, size: Size | None = None) -> Pixels:
    """Read a picture, turned as its camera noted, on white where it is transparent.

    White ink is laid on black instead. Of an animation the first frame is read; of 16 bits the upper eight.
    Another size is that of the whole picture, scaled without regard to its proportions.

    Args:
        path: a PNG, JPEG, BMP, GIF or WebP file, recognised by its content.
        size: of the result; None for the picture's own.

    Raises:
        DataError: the file is missing, not a picture, damaged, or has more than 50 million pixels.
    """
    with opened(path) as file:
        return pixels_in(file, path, size)


def pixels_in(file: BinaryIO, name: AnyPath, size: Size | None = None) -> Pixels:
    """Read a picture from a file that is open, or from the standard input.

    Args:
        file: of its content.
        name: what errors call it.
        size: as in `read_pixels`.

    Raises:
        DataError: it is not a picture, damaged, or too large.
    """
    content = file.read(_MOST_BYTES + 1)
    if len(content) > _MOST_BYTES:
        raise DataError(f"{name} has more than {_MOST_BYTES:,} bytes. Scale the picture down first.")
    with decoding(name, io.BytesIO(content)) as picture:
        return Pixels(_pixels(picture, size), hashlib.sha256(content).digest())


def in_channels(image: NDArray[np.uint8], channels: int) -> NDArray[np.uint8]:
    """Return a picture (C, H, W) with 1 channel or 3; colours become grey as Pillow weighs them."""
    if len(image) == channels:
        return image
    if channels == 3:
        return np.repeat(image, 3, axis=0)
    red, green, blue = image.astype(np.uint32)
    return ((19595 * red + 38470 * green + 7471 * blue + 0x8000) >> 16).astype(np.uint8)[None]


def _pixels(picture: "Image.Image", size: Size | None) -> NDArray[np.uint8]:
    from PIL import ImageOps  # noqa: PLC0415 -- a heavy import

    if size is not None and picture.format == "JPEG":
        picture.draft(picture.mode, (2 * max(size),) * 2)  # a photograph is decoded as small as it may be
    picture = on_white(eight_bits(ImageOps.exif_transpose(picture)))
    picture = picture.convert("L" if picture.mode in _GREY_MODES else "RGB")
    if size is not None:
        picture = scaled(picture, size)
    pixels = np.asarray(picture)
    if pixels.ndim == 3 and int((pixels.max(axis=2) - pixels.min(axis=2)).max()) > _NEARLY_GREY:
        return pixels.transpose(2, 0, 1)
    return np.asarray(picture.convert("L"))[None]
