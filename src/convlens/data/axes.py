"""Which axis of an array of pictures holds their colours. Must not know where the array came from."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlens.errors import DataError

__all__ = ["CHANNELS", "channels_first"]

CHANNELS = (1, 3)
"""Of grey pictures, and of pictures in red, green and blue."""


def channels_first(owner: str, images: NDArray[Any]) -> NDArray[Any]:
    """Return pictures as (N, C, H, W), whichever of three orders they come in.

    Args:
        owner: names them in a message.
        images: (N, H, W) of grey ones; (N, C, H, W) or (N, H, W, C), told apart by which axis is 1 or 3.

    Raises:
        DataError: neither axis is, or both are.
    """
    if images.ndim == 3:
        return images[:, None]
    if images.ndim != 4:
        rule = "the shape (N, H, W), (N, C, H, W) or (N, H, W, C)"
        raise DataError(f"the images of {owner} must have {rule}. Got {images.shape}.")
    first, last = images.shape[1] in CHANNELS, images.shape[3] in CHANNELS
    if first and last:
        what = "may be (N, C, H, W) or (N, H, W, C)"
        remedy = "leave out an axis of 1, or pad them"
        raise DataError(f"the images of {owner}, {images.shape}, {what}: {remedy}.")
    if not (first or last):
        rule = "1 channel (grey) or 3 (red, green, blue), on axis 1 or on the last"
        more = " Leave out the fourth, of transparency." if 4 in {images.shape[1], images.shape[3]} else ""
        raise DataError(f"the images of {owner} must have {rule}. Got {images.shape}.{more}")
    return images if first else np.ascontiguousarray(images.transpose(0, 3, 1, 2))
