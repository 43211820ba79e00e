"""What the filters of one layer make of one picture, as arrays. Must not know figures."""

from dataclasses import dataclass

import numpy as np

from convlens._typing import Array
from convlens.arguments import as_annotated
from convlens.arrays import as_array
from convlens.errors import ShapeError, UsageError
from convlens.findings.weights import layer_of
from convlens.runs import Preprocessing, Run
from convlens.spec import Purpose

__all__ = ["Responses", "activation_after", "as_batch", "checked_picture", "responses"]


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
        picture: grey (H, W), floats from 0 (black) to 1 (white), or uint8. It need not have the size of the
            network's input: what stands before a convolution slides over pictures of any size.
        layer: its name ("C3") or its weights' name ("W2"); None for the first with filters.

    Raises:
        UsageError: there are no such filters, or a value is not from 0 to 1.
        ShapeError: the picture is not (H, W), or smaller than what a filter looks at.
    """
    row, parameter = layer_of(run, layer)
    picture = checked_picture(picture)
    network = run.network()
    names = list(network.layers)
    raw = as_batch(picture, run)
    try:
        for name in names[: names.index(row.name) + 1]:
            raw = network.layers[name].forward(raw)
    except ShapeError:
        h, w = picture.shape
        raise ShapeError(f"`picture` of {h}x{w} is too small for the filters of {row.name}.") from None
    activation = activation_after(run, row.name)
    return Responses(
        layer=row.name,
        parameter=parameter,
        filters=network.params[parameter],
        raw=raw[0],
        activation=None if activation is None else activation[1],
        active=None if activation is None else network.layers[activation[0]].forward(raw)[0],
    )


def activation_after(run: Run, layer: str) -> tuple[str, str] | None:
    """Return name and title ("ReLU", "Sigmoid") of the activation right after a layer, if there is one."""
    names = [row.name for row in run.spec.table]
    following = run.spec.table[names.index(layer) + 1]  # a network ends with an affine layer
    if following.layer.purpose is not Purpose.ACTIVATION:
        return None
    return following.name, following.layer.title


def checked_picture(picture: Array) -> Array:
    """Return a grey picture (H, W) as float32 from 0 to 1.

    Raises:
        ShapeError: it is not (H, W).
        UsageError: a value is not from 0 to 1.
    """
    picture = as_array("`picture`", picture)
    if picture.ndim != 2 or not picture.size:
        raise ShapeError(f"`picture` must be grey, (height, width). Got {picture.shape}.")
    if picture.dtype == np.uint8:
        return Preprocessing().apply(picture, "float32")
    if picture.dtype.kind not in "fiu" or not (picture.min() >= 0 and picture.max() <= 1):  # nor NaN
        raise UsageError("`picture` must have values from 0 (black) to 1 (white), or be uint8.")
    return picture.astype(np.float32)


def as_batch(picture: Array, run: Run) -> Array:
    """Return a grey picture as a batch of one (1, C, H, W); a network for colour gets it as each colour."""
    return np.repeat(picture[None, None], run.spec.input_shape[0], axis=1).astype(run.spec.dtype)
