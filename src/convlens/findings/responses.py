"""What the filters of one layer make of one picture, as arrays. Must not know figures."""

from dataclasses import dataclass

import numpy as np

from convlens._typing import Array
from convlens.arguments import as_annotated
from convlens.arrays import as_array
from convlens.data.preprocessing import USUAL
from convlens.errors import ShapeError, UsageError
from convlens.findings.weights import layer_of
from convlens.networks.outputs import outputs
from convlens.runs import Run
from convlens.runs.data import COLOURS
from convlens.spec import Purpose

__all__ = ["Responses", "activation_after", "as_batch", "checked_picture", "responses"]

_LUMINANCE = np.array([0.299, 0.587, 0.114])
"""Of red, green and blue in grey, as for television (ITU-R BT.601), and in Pillow."""


@dataclass(frozen=True, eq=False)
class Responses:
    """What the filters of one layer make of one picture.

    Attributes:
        layer: the layer's name.
        parameter: its weights' name.
        filters: its weights, (F, C, kh, kw).
        raw: W * x + b, where * is the convolution, (F, oh, ow).
        activation: the activation that comes next, such as "ReLU"; None if something else does.
        active: what the activation leaves, (F, oh, ow).
    """

    layer: str
    parameter: str
    filters: Array
    raw: Array
    activation: str | None
    active: Array | None


@as_annotated
def responses(run: Run, picture: Array, layer: str | None = None) -> Responses:
    """Send a picture of any size through the trained network, up to some filters.

    Args:
        run: a finished run.
        picture: grey (H, W) or with colours (3, H, W), floats from 0 (black) to 1 (white), or uint8. It need
            not have the size of the network's input: what stands before a convolution slides over pictures
            of any size.
        layer: its name ("C3") or its weights' name ("W2"); None for the first with filters.

    Raises:
        UsageError: there are no such filters, or a value is not from 0 to 1.
        ShapeError: the picture has another shape, or is smaller than what a filter looks at.
    """
    row, parameter = layer_of(run, layer)
    picture = checked_picture(picture)
    network = run.network()
    every = network.every_layer
    try:
        raw = outputs(run.spec, every, as_batch(picture, run), row.name)[row.name]
    except ShapeError:
        h, w = picture.shape[-2:]
        raise ShapeError(f"`picture` of {h}x{w} is too small for the filters of {row.name}.") from None
    activation = activation_after(run, row.name)
    return Responses(
        layer=row.name,
        parameter=parameter,
        filters=network.params[parameter],
        raw=raw[0],
        activation=None if activation is None else activation[1],
        active=None if activation is None else every[activation[0]].forward(raw)[0],
    )


def activation_after(run: Run, layer: str) -> tuple[str, str] | None:
    """Return name and title ("ReLU", "Sigmoid") of the activation right after a layer, if there is one."""
    following = run.spec.behind(layer)
    if len(following) != 1 or following[0].layer.purpose is not Purpose.ACTIVATION:
        return None
    return following[0].name, following[0].layer.title


def checked_picture(picture: Array) -> Array:
    """Return a picture, grey (H, W) or with colours (3, H, W), as float32 from 0 to 1.

    Raises:
        ShapeError: it has another shape.
        UsageError: a value is not from 0 to 1.
    """
    picture = as_array("`picture`", picture)
    if not picture.size or (picture.ndim != 2 and (picture.ndim != 3 or len(picture) != len(COLOURS))):
        rule = "grey, (height, width), or with colours, (3, height, width)"
        raise ShapeError(f"`picture` must be {rule}. Got {picture.shape}.")
    if picture.dtype == np.uint8:
        return USUAL.apply(picture, "float32")
    if picture.dtype.kind not in "fiu" or not (picture.min() >= 0 and picture.max() <= 1):  # nor NaN
        raise UsageError("`picture` must have values from 0 (black) to 1 (white), or be uint8.")
    return picture.astype(np.float32)


def as_batch(picture: Array, run: Run) -> Array:
    """Return a checked picture as a batch of one (1, C, H, W).

    A grey one is each channel of a network for colours; one with colours becomes grey for any other network.
    """
    if picture.ndim == 3:
        if run.is_coloured:
            return picture[None].astype(run.spec.dtype)
        picture = np.tensordot(_LUMINANCE, picture, axes=1)
    return np.repeat(picture[None, None], run.spec.input_shape[0], axis=1).astype(run.spec.dtype)
