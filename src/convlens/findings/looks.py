"""How a run's pictures are shown: in their colours, as ink on paper, or as light. Must not know figures."""

from enum import Enum

import numpy as np

from convlens._typing import Array
from convlens.arguments import as_annotated
from convlens.runs import Run

__all__ = ["Look", "as_shown", "first_picture", "look_of", "sees_colours"]

_LOOKED_AT = 200
_DARK = 0.25  # the median pixel of grey pictures whose ground is black, such as MNIST's, is below this


class Look(Enum):
    """How pictures are shown."""

    COLOURS = "colours"
    INK = "ink"
    LIGHT = "light"


@as_annotated
def look_of(run: Run) -> Look:
    """Return how a run's pictures are shown.

    Grey ones on a black ground are of ink, which is drawn on white paper; other grey ones are of light. Of
    pictures with two channels, or four and more, the mean of the channels is shown.
    """
    if run.is_coloured:
        return Look.COLOURS
    some = run.preprocessing.apply(run.data.test.x[:_LOOKED_AT], "float32")
    return Look.INK if run.is_grey and float(np.median(some)) < _DARK else Look.LIGHT


def as_shown(run: Run, pictures: Array) -> Array:
    """Return pictures of a run (N, C, H, W), bytes, as shares from 0 to 1: (N, H, W), or (N, H, W, 3)."""
    shares = run.preprocessing.apply(pictures, "float32")
    return np.moveaxis(shares, 1, -1) if run.is_coloured else shares.mean(axis=1)


@as_annotated
def first_picture(run: Run) -> Array:
    """Return the first test image as pictures are handed around: grey (H, W), or with colours (3, H, W)."""
    picture: Array = run.data.test.x[0]
    if run.is_coloured or run.is_grey:
        return picture if run.is_coloured else picture[0]
    return run.preprocessing.apply(picture, "float32").mean(axis=0)


def sees_colours(run: Run, layer: str) -> bool:
    """Say whether a layer's filters look at red, green and blue: no weights stand before it.

    In groups each of them sees but one of the three.
    """
    before = [row for row in run.spec.table if row.parameters]
    return run.is_coloured and bool(before) and before[0].name == layer and before[0].layer.groups == 1
