"""The pictures that a network is given, checked and brought to one form. Must not know layers.

One rule for all who give pictures: integers of any type are bytes, 0 to 255, and are scaled to 0…1; bool is 0
and 1, and floats are taken as they are. Under the book's protocol nothing is scaled, as in the book, unless
the network says that it is: those of run folders do, whose pictures are bytes.
"""

from math import prod
from typing import Any

import numpy as np

from convlens._typing import Array
from convlens.arrays import as_array
from convlens.data.preprocessing import USUAL
from convlens.errors import ShapeError, UsageError, shown
from convlens.spec import NetworkSpec

__all__ = ["scaled", "shaped"]


def shaped(x: Any, spec: NetworkSpec, is_bytes: bool) -> Array:  # noqa: ANN401
    """Return pictures as an array of the network's input shape.

    Args:
        x: pictures, (N, C, H, W).
        spec: of the network.
        is_bytes: integers are bytes, and become uint8.

    Raises:
        ShapeError: they are not (N, C, H, W) with the network's C, H and W.
        UsageError: they are no numbers, or integers beyond a byte.
    """
    x = as_array(f"`x` of {spec.name}", x)
    if x.ndim and x.dtype.kind not in "biuf":
        raise UsageError(f"`x` of {spec.name} must be numbers. Got {x.dtype}.")
    wanted = spec.input_shape
    if x.ndim != 4 or x.shape[1:] != wanted:
        found = x.shape if x.ndim else shown(x[()])
        rule = f"(N, {', '.join(map(str, wanted))})"
        raise ShapeError(f"`x` of {spec.name} must be {rule}. Got {found}.{_hint(x.shape, wanted)}")
    if x.dtype.kind in "iu" and x.dtype != np.uint8 and is_bytes:
        return _bytes(x, spec.name)
    return x


def scaled(x: Array, spec: NetworkSpec, is_bytes: bool) -> Array:
    """Return pictures that `shaped` gave in the network's dtype, bytes from 0 to 1.

    The book scales in float32, whatever its networks compute in.
    """
    if x.dtype == np.uint8 and is_bytes:
        if spec.protocol == "book":
            return USUAL.apply(x, "float32").astype(spec.dtype)
        return USUAL.apply(x, spec.dtype)
    return x.astype(spec.dtype, copy=False)


def _bytes(x: Array, owner: str) -> Array:
    if x.size and not 0 <= int(x.min()) <= int(x.max()) <= 255:
        found = f"{x.dtype} from {x.min()} to {x.max()}: give floats, scaled as they shall be"
        raise UsageError(f"pictures of integers for {owner} must be 0 to 255. Got {found}.")
    return x.astype(np.uint8)


def _hint(shape: tuple[int, ...], wanted: tuple[int, int, int]) -> str:
    """Say how pictures of this shape can be made fit, where that is plain."""
    channels, height, width = wanted
    sizes = ", ".join(map(str, wanted))
    is_grey, is_flat = channels == 1, len(shape) == 2 and shape[1] == prod(wanted)
    is_photo = len(shape) in {2, 3} and min(shape) > 0 and not is_flat
    remedies = {
        "For one picture use x[None].": shape == wanted,
        f"load_mnist(flatten=False) gives this shape; of your own use x.reshape(-1, {sizes}).": is_flat,
        "For one grey picture use x[None, None].": is_grey and shape == (height, width),
        "For grey pictures use x[:, None].": is_grey and len(shape) == 3 and shape[1:] == (height, width),
        "Channels come first: x.transpose(0, 3, 1, 2).": shape[1:] == (height, width, channels),
        f"Pictures are {height}x{width} here: scale yours to that first.": is_photo,
    }
    return next((f" {remedy}" for remedy, fits in remedies.items() if fits), "")
