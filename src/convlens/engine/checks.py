"""What a plan is compiled from, checked in one place: kernels check nothing. Must not know kernels or stages.

What it is run on is a `Batch`, which has its own checks.
"""

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

import numpy as np

from convlens.arguments import MOST, listed
from convlens.errors import ShapeError, UsageError, shown
from convlens.layers import (
    Affine,
    AveragePooling,
    Convolution,
    GlobalAveragePooling,
    Pooling,
    SoftmaxWithLoss,
)
from convlens.spec.layers.convolution import spread
from convlens.spec.padding import borders, padding
from convlens.spec.shapes import pair

__all__ = ["require_equal", "require_fit", "require_scores", "the_capacity", "the_layers"]


def the_layers(given: Sequence[Any] | Mapping[Any, Any]) -> list[Any]:
    """Return layers in order, from a list or a dict by name.

    Raises:
        UsageError: there are none, or one has no `forward` and `backward`.
    """
    layers = listed(given.values() if isinstance(given, Mapping) else given)
    if layers is None:
        raise UsageError(f"`layers` of a plan must be a list or a dict of layers. Got {shown(given)}.")
    if not layers:
        raise UsageError("a plan needs at least one layer. Got none.")
    for layer in layers:
        if isinstance(layer, type) or not (hasattr(layer, "forward") and hasattr(layer, "backward")):
            raise UsageError(f"a layer of a plan must have `forward` and `backward`. Got {shown(layer)}.")
    return layers


def the_capacity(value: Any) -> int:  # noqa: ANN401
    """Return how many samples a plan takes, 1 or more."""
    if not isinstance(value, int | np.integer) or isinstance(value, bool) or value < 1:
        raise UsageError(f"`capacity` of a plan must be an int, 1 or more. Got {shown(value)}.")
    if value > MOST:
        raise UsageError(f"`capacity` of a plan must be at most {MOST:,}. Got {shown(value)}.")
    return int(value)


def require_fit(layer: Any, shape: tuple[int, ...]) -> None:  # noqa: ANN401
    """Refuse a layer of ours that cannot take inputs of this shape (of one sample)."""
    kind = type(layer)
    if kind is Affine and prod(shape) != len(layer.W):
        raise ShapeError(f"Affine has weights for {len(layer.W)} inputs. Got {prod(shape)} from {shape}.")
    if kind not in {Convolution, Pooling, AveragePooling, GlobalAveragePooling}:
        return
    if len(shape) != 3:
        raise ShapeError(f"{kind.__name__} takes pictures (C, H, W). Got {shape}.")
    if kind is GlobalAveragePooling:
        return
    if kind is Convolution and layer.W.shape[1] * layer.groups != shape[0]:
        channels = layer.W.shape[1] * layer.groups
        raise ShapeError(f"Convolution has filters for {channels} channels. Got pictures of {shape}.")
    window = _window(layer)
    pad = padding(layer.pad, kind.__name__)
    around = borders(pad, shape, window, pair(layer.stride, kind.__name__, "stride", 1))
    if any(k > n + sum(both) for k, n, both in zip(window, shape[1:], around, strict=True)):
        beyond = f"pad {around[0][0]}x{around[1][0]}"
        sizes = f"{window[0]}x{window[1]} is larger than its input ({shape[1]}x{shape[2]}, {beyond})"
        raise ShapeError(f"a window of {sizes}: make it smaller or pad more.")


def _window(layer: Any) -> tuple[int, int]:  # noqa: ANN401
    """Return the height and width that what slides over a picture spans in it."""
    if type(layer) is Convolution:
        _, _, kh, kw = layer.W.shape
        return spread((kh, kw), pair(layer.dilation, "Convolution", "dilation", 1))
    return (layer.pool_h, layer.pool_w) if type(layer) is Pooling else layer.window


def require_equal(main: tuple[int, ...], short: tuple[int, ...]) -> None:
    """Refuse ways of a residual addition that lead to different shapes."""
    if main != short:
        rule = "the ways of Residual must lead to one shape"
        raise ShapeError(f"{rule}. Got {main} from its layers, {short} from its shortcut.")


def require_scores(loss: Any, shape: tuple[int, ...]) -> None:  # noqa: ANN401
    """Refuse a loss that the plan would not compute, and an output that is no row of scores."""
    if loss is None:
        return
    if type(loss) is not SoftmaxWithLoss:
        found = loss.__name__ if isinstance(loss, type) else type(loss).__name__
        raise UsageError(f"`loss` of a plan must be a SoftmaxWithLoss() or None. Got {found}.")
    if len(shape) != 1:
        raise ShapeError(f"the last layer must give scores (classes,) for the loss. It gives {shape}.")
