"""A picture of a digit as MNIST would have it: ink alone, sized, centred. Must not know networks."""

from dataclasses import dataclass
from typing import Annotated, Literal, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from convlens._typing import Array
from convlens.arguments import Within, as_annotated
from convlens.data.handwriting.paper import SMALL, Sheet, sheet_of
from convlens.data.handwriting.pen import inked_anew, stroke_width
from convlens.data.handwriting.pieces import Writing, writing_in
from convlens.data.handwriting.placing import (
    BOX,
    FINE,
    Extent,
    extent_of,
    fine_raster,
    is_in_place,
    unit_of,
)
from convlens.data.handwriting.sampling import averaged, between, box_mean
from convlens.errors import DataError, shown

__all__ = ["LARGEST", "Prepared", "Way", "prepare"]

LARGEST = 1024
"""A picture with a longer side is scaled down to it first; a small digit on a large sheet keeps pixels."""

Way: TypeAlias = Literal["blank", "as it is", "short", "long"]
"""How a picture was prepared: it had no ink; it was one of MNIST's already; its paper has one grey, its ink
keeps its own; or light and shade were taken off the paper first, and the ink's edge was sharpened."""

_FAINT = 0.07  # less of the paper's light than this is the paper's grain
_GRAIN = 0.5  # where less of the dark pixels than this is in pieces, and more is dust, all of it is grain
_EDGE = 0.5  # of the ink's own level: there a stroke ends
_ROOM = 2  # pixels around a stroke's edge that belong to it
_SOFTEST = 0.25  # of the ink's level: on shaded paper, less is paper, and as much below the level is ink
_PENS = 2.2, 3.4  # the thinnest and the thickest pen that is left as it is, in pixels; MNIST's median is 2.6
_FADES = 1.4  # pixels over which an edge fades under a new pen
_OVERSHOOT = 0.001  # is a rounding error of whoever scaled the picture
_ROUNDS = 8  # by then the pen's level has settled

Side: TypeAlias = Annotated[int, Within(1, LARGEST)]
"""Pixels along a side of what a network receives."""


@dataclass(frozen=True, eq=False)
class Prepared:
    """What a network receives of a picture, and what one may judge the picture by.

    Attributes:
        values: float64, (height, width), 0 paper to 1 ink.
        way: how it was prepared: "blank", "as it is", "short" or "long".
        dark_ink: whether the ink was darker than the paper.
        n_large: how many connected pieces of writing are large enough to be a digit.
        touches: whether the writing goes to the picture's border, and perhaps on beyond it.
        contrast: by how much ink and paper differ, 0 to 1: on shaded paper as a share of the paper's light.
        share: the part of the picture that is ink, 0 to 1.
        stroke: how wide strokes were once the digit had its size, in MNIST's pixels; MNIST's median is 2.6.
    """

    values: Array
    way: Way
    dark_ink: bool
    n_large: int
    touches: bool
    contrast: float
    share: float
    stroke: float

    @property
    def image(self) -> NDArray[np.uint8]:
        """The picture as MNIST stores it: uint8, (height, width), 0 paper to 255 ink."""
        return np.floor(self.values * 255.0 + 0.5).astype(np.uint8)


@as_annotated
def prepare(picture: Array, height: Side = 28, width: Side = 28) -> Prepared:
    """Return a picture of a digit as MNIST would have it.

    Whichever of ink and paper is darker, the paper becomes 0 and the ink 1; shades, ruled lines, specks and
    what lies at the border are left out; the digit is scaled into 20 x 20 pixels with its aspect kept,
    strokes that are thinner or thicker than MNIST's are redrawn, and the centre of mass comes into the
    middle.

    Args:
        picture: (H, W), 0 black to 1 white, such as `read_picture(path, max_side=1024)` returns.
        height: of what a network receives.
        width: the same. In pictures of another size than 28 x 28 all lengths are as much longer or shorter.

    Raises:
        DataError: `picture` is no array of (H, W) numbers from 0 to 1.
        UsageError: `height` or `width` is no int from 1 to 1,024.
    """
    sheet = sheet_of(_reduced(_checked(picture)))
    written = _written(sheet)
    if written.level < _FAINT or written.is_grain:
        empty = np.zeros((height, width))
        return Prepared(empty, "blank", sheet.dark, 0, touches=False, contrast=0.0, share=0.0, stroke=0.0)
    ink = _stretched(sheet, written)
    at = extent_of(ink, written.pieces.mask)
    is_ready = sheet.even and is_in_place(sheet.ink, at, height, width)
    values, stroke = (sheet.ink, _stroke(ink)) if is_ready else _placed(ink, at, height, width)
    return Prepared(
        values=values,
        way="as it is" if is_ready else "short" if sheet.even else "long",
        dark_ink=sheet.dark,
        n_large=written.pieces.n_large,
        touches=written.pieces.touches,
        contrast=min(written.level, 1.0),
        share=float(written.pieces.mask.mean()),
        stroke=stroke,
    )


def _checked(picture: Array) -> Array:
    """Return the picture as float64, or say what is wrong with it."""
    if not isinstance(picture, np.ndarray):
        got = shown(picture)
    elif picture.ndim != 2 or not picture.size or picture.dtype.kind not in "fiub":
        got = f"{picture.dtype} numbers of shape {picture.shape}"
    elif not np.isfinite(picture).all():
        got = "numbers that are not finite"
    elif picture.min() < -_OVERSHOOT or picture.max() > 1 + _OVERSHOOT:
        got = f"numbers from {picture.min():g} to {picture.max():g}"
    else:
        return np.clip(picture.astype(np.float64), 0.0, 1.0)
    raise DataError(
        "`picture` of prepare must be an array of (H, W) numbers from 0 (black) to 1 (white), bytes "
        f"divided by 255. Got {got}."
    )


def _reduced(grey: Array) -> Array:
    """Return a picture that is no longer than `LARGEST`, by averaging."""
    longer = max(grey.shape)
    if longer <= LARGEST:
        return grey
    height, width = (max(1, round(side * LARGEST / longer)) for side in grey.shape)
    return averaged(grey, between(grey.shape[0], height), between(grey.shape[1], width))


class _Written(NamedTuple):
    """The writing on a sheet, how much ink its pen leaves, and whether it is only the paper's grain."""

    pieces: Writing
    level: float
    is_grain: bool


def _written(sheet: Sheet) -> _Written:
    """Return the writing: all that has half as much ink as the pen leaves, joined into pieces.

    How much the pen leaves is asked twice: of all that is dark, then of the pieces that are writing, so that
    a dark table at the border does not hide a pencil.
    """
    first = writing_in(sheet.ink >= _EDGE * _level(sheet.ink))
    left = np.where(box_mean(first.surroundings.astype(np.float64), _ROOM) > 0.0, 0.0, sheet.ink)
    level = _level(left)
    mask = left >= max(_EDGE * level, _FAINT / 2)
    pieces = writing_in(mask)
    return _Written(pieces, level, int(pieces.mask.sum()) < _GRAIN * int(mask.sum()))


def _level(ink: Array) -> float:
    """Return how much ink the pen leaves: the mean of all that has more than half of it."""
    smooth = box_mean(ink, 1) if max(ink.shape) > SMALL else ink
    level = float(smooth.max())
    for _ in range(_ROUNDS):
        strong = ink[ink >= _EDGE * level]
        if not len(strong):
            break
        level = float(strong.sum()) / len(strong)
    return level


def _stretched(sheet: Sheet, written: _Written) -> Array:
    """Return the writing from 0 to 1, with its soft edges and nothing else.

    On even paper ink keeps its greys. On shaded paper, what is near to the paper's grey is paper, and what is
    near to the ink's is ink: a soft threshold.
    """
    near = box_mean(written.pieces.mask.astype(np.float64), _ROOM) > 0.0
    cut = 0.0 if sheet.even else _SOFTEST
    ink = (sheet.ink / written.level - cut) / (1.0 - 2.0 * cut)
    return np.where(near, np.clip(ink, 0.0, 1.0), 0.0)


def _placed(ink: Array, at: Extent, height: int, width: int) -> tuple[Array, float]:
    """Return the writing in its place, by a pen like MNIST's, and how wide its strokes were."""
    unit = unit_of(height, width)
    scale = BOX * unit / at.side
    fine = fine_raster(ink, at, scale, height, width)
    stroke = _stroke(fine) / FINE / unit
    pen = min(max(stroke, _PENS[0]), _PENS[1])
    if pen != stroke:
        # The box holds the strokes' middles and one pen: it is scaled for the new pen.
        again = scale * (BOX - pen) / max(BOX - stroke, BOX / 4)
        fine = fine_raster(ink, at, again, height, width)
        wider = (pen - stroke * again / scale) * unit * FINE
        fine = inked_anew(fine >= _EDGE, wider, _FADES * unit * FINE)
    return averaged(fine, between(height * FINE, height), between(width * FINE, width)), stroke


def _stroke(ink: Array) -> float:
    """Return the width of strokes, 0 where there are none."""
    inside = ink >= _EDGE
    return stroke_width(inside) if inside.any() else 0.0
