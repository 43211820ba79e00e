"""One grey picture to look at through a network's filters. Must not know filters.

Pillow and matplotlib are imported when a picture is asked for, not before.
"""

import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO

import numpy as np
from numpy.typing import NDArray

from convlens.data.opened import AnyPath, opened
from convlens.data.preprocessing import USUAL
from convlens.errors import DataError, UsageError, shown
from convlens.mistaken import mistaken_for

if TYPE_CHECKING:
    from PIL import Image

__all__ = ["FORMATS", "MAX_PIXELS", "decoding", "eight_bits", "on_white", "photograph", "read_picture"]

FORMATS = ("PNG", "JPEG", "BMP", "GIF", "WEBP")
"""The only decoders that are ever tried on a file, whatever it is named."""

MAX_PIXELS = 50_000_000
"""The largest picture that is decoded; a phone's are about 12 to 50 million pixels."""

_THERE = 128  # of 255: what is less opaque is an edge
_WHITE = 240  # of 255: what is as light cannot be seen on white paper

_DAMAGE = (
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)
"""What decoders in Pillow may raise on a damaged file; to a user they all say the same."""


def photograph() -> NDArray[np.float32]:
    """Return a photograph for showing what a filter does: Commodore Grace Hopper, 1984.

    It is the public-domain picture by James S. Davis (U.S. Navy) that matplotlib carries as sample data.

    Returns:
        float32, (256, 256), 0 (black) to 1 (white).

    Raises:
        DataError: this installation of matplotlib has no sample data.
    """
    from matplotlib import cbook  # noqa: PLC0415 -- a heavy import

    path = cbook.get_sample_data("grace_hopper.jpg", asfileobj=False)
    square = (0, 0, 512, 512)  # of 512 x 600: the cap, the face and the flag
    with opened(path) as file, decoding(path, file) as picture:
        return _grey(picture.crop(square), max_side=256)


def read_picture(path: AnyPath, max_side: int = 256) -> NDArray[np.float32]:
    """Read a user's picture as a grey one.

    The picture is turned as its camera noted, laid on white where it is transparent (on black, if it is of
    white ink), converted to grey and scaled down until its longer side fits. Of an animation, the first
    frame is read.

    Args:
        path: a PNG, JPEG, BMP, GIF or WebP file, recognised by its content.
        max_side: the longest side in pixels, 1 or more; smaller pictures keep their size.

    Returns:
        float32, (H, W), 0 (black) to 1 (white).

    Raises:
        DataError: the file is missing, not a picture, damaged, or has more than 50 million pixels.
        UsageError: `max_side` is less than 1.
    """
    if not isinstance(max_side, int | np.integer) or isinstance(max_side, bool) or max_side < 1:
        raise UsageError(f"`max_side` of read_picture must be an int, 1 or more. Got {shown(max_side)}.")
    with opened(path) as file:
        return picture_in(file, path, max_side)


def picture_in(file: BinaryIO, name: AnyPath, max_side: int = 256) -> NDArray[np.float32]:
    """Read a grey picture as `read_picture` does, from a file that is open; errors call it by a name."""
    from PIL import ImageOps  # noqa: PLC0415 -- a heavy import

    with decoding(name, file) as picture:
        return _grey(ImageOps.exif_transpose(picture), max_side)


@contextmanager
def decoding(path: AnyPath, file: BinaryIO) -> Iterator["Image.Image"]:
    """Open a picture, and explain every failure to open or decode it."""
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415 -- a heavy import

    too_large = DataError(f"{path} has more than {MAX_PIXELS:,} pixels. Scale the picture down first.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # remarks on damaged EXIF data, which is not needed
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(file, formats=FORMATS) as picture:
                if picture.width * picture.height > MAX_PIXELS:
                    raise too_large
                yield picture
    except DataError:
        raise
    except UnidentifiedImageError as error:
        file.seek(0)
        kind = mistaken_for(file.read(1000))
        instead = ". Convert it." if kind is None else f"; it is {kind}."
        raise DataError(f"{path} is not a picture of the kind {', '.join(FORMATS)}{instead}") from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise too_large from error
    except _DAMAGE as error:
        raise DataError(f"{path} is a damaged picture. Copy it again, or save it anew.") from error


def _grey(picture: "Image.Image", max_side: int) -> NDArray[np.float32]:
    """Return a decoded picture as grey numbers, scaled down to `max_side`."""
    from PIL import Image  # noqa: PLC0415 -- a heavy import

    grey = on_white(eight_bits(picture)).convert("L")
    scale = max_side / max(grey.size)
    if scale < 1:
        width, height = (max(1, round(side * scale)) for side in grey.size)
        grey = grey.resize((width, height), Image.Resampling.LANCZOS)
    return USUAL.apply(np.asarray(grey), "float32")


def eight_bits(picture: "Image.Image") -> "Image.Image":
    """Return a 16-bit grey picture in 8 bits; Pillow's own conversion would clip instead of scale."""
    from PIL import Image  # noqa: PLC0415 -- a heavy import

    if not picture.mode.startswith("I"):
        return picture
    return Image.fromarray((np.asarray(picture) >> 8).clip(0, 255).astype(np.uint8))


def on_white(picture: "Image.Image") -> "Image.Image":
    """Return the picture as it looks on white paper, and one of white ink as it looks on black."""
    from PIL import Image  # noqa: PLC0415 -- a heavy import

    if not picture.has_transparency_data:
        return picture
    coloured = picture.convert("RGBA")
    paper = "black" if _is_of_white_ink(coloured) else "white"
    return Image.alpha_composite(Image.new("RGBA", coloured.size, paper), coloured)


def _is_of_white_ink(coloured: "Image.Image") -> bool:
    """Whether all that is there is white, and less than half of the picture: on white it would be lost."""
    there = np.asarray(coloured.getchannel("A")) >= _THERE
    grey = np.asarray(coloured.convert("RGB").convert("L"))
    return bool(0 < there.mean() < 0.5 and grey[there].min() >= _WHITE)
