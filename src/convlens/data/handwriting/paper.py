"""What is paper and what is ink on it. Must not know where on the sheet a digit is.

Light falls unevenly, so what is paper differs from place to place: it is the picture without all that is
small and dark, a grey closing (J. Serra, "Image Analysis and Mathematical Morphology", 1982). Ink is the
share of the paper's light that is missing. A drawing made on a screen, or a picture of few pixels, has one
paper instead.
"""

from typing import NamedTuple

import numpy as np

from convlens._typing import Array
from convlens.data.handwriting.morphology import closed
from convlens.data.handwriting.rules import without_rules
from convlens.data.handwriting.sampling import averaged, between, box_mean, interpolated

__all__ = ["SMALL", "Sheet", "sheet_of"]

SMALL = 40
"""A picture with no more pixels along each side is small: its paper may be less even, its digit fill it."""

_EVEN = 0.05  # how far even paper differs from its own grey, at most, in a picture of few pixels
_EXACT = 0.02  # the same in a large one, where noise and light show
_ALIKE = 0.8  # the share of what is nearer to the paper than to the ink that must be so even
_MOST, _MOST_EXACT = 0.3, 0.6  # the share of all pixels that must be: a digit may fill a small picture
_TWO_GREYS = 0.75  # or a large one, too, where so many pixels have the grey of the paper or of the ink
_CELLS = 64  # the paper is looked for on so many cells along the longer side
_WINDOW = 10  # and what is dark over fewer than 2 · 10 + 1 of them is not paper
_SMOOTH = 2
_GRAINY = 100  # in a picture with a longer side, grain is finer than strokes, and averaged away
_STEEP = 0.75  # of the light further in: what has less is no shade
_LOCAL = 4  # contrast is judged within so many parts of the longer side
_DARKEST = 0.05  # paper darker than this is night: no ratio to it means anything


class Sheet(NamedTuple):
    """Ink on paper.

    Attributes:
        ink: float64, (H, W), 0 where there is paper; above 0, the more the more ink.
        dark: whether the ink is darker than the paper.
        even: whether the paper has one grey everywhere, as on a screen.
    """

    ink: Array
    dark: bool
    even: bool


def sheet_of(grey: Array) -> Sheet:
    """Return the ink of a picture and how it was told from the paper.

    Args:
        grey: float64, (H, W), 0 black to 1 white.
    """
    paper = _middle(_frame(grey))
    if _is_even(grey, paper):
        dark = bool(((grey - paper) ** 3).sum() <= 0)
        ink = np.maximum((paper - grey) if dark else (grey - paper), 0.0)
        return Sheet(ink if max(grey.shape) <= SMALL else without_rules(ink), dark, even=True)
    dark = _is_ink_dark(grey)
    seen = grey if dark else 1.0 - grey
    seen = box_mean(seen, 1) if max(grey.shape) > _GRAINY else seen
    background = np.maximum(_paper(seen), _DARKEST)
    return Sheet(without_rules(np.maximum(1.0 - seen / background, 0.0)), dark, even=False)


def _frame(grey: Array) -> Array:
    """Return the outermost pixels, (n,)."""
    return np.concatenate([grey[0], grey[-1], grey[1:-1, 0], grey[1:-1, -1]])


def _middle(values: Array) -> float:
    """Return the upper median: one of the values themselves."""
    return float(np.sort(values)[len(values) // 2])


def _is_even(grey: Array, paper: float) -> bool:
    """Whether all that is nearer to the paper's grey than to the ink's has the paper's grey indeed."""
    far = np.abs(grey - paper)
    bound, most = (_EVEN, _MOST) if max(grey.shape) <= SMALL else (_EXACT, _MOST_EXACT)
    n_even = int((far <= bound).sum())
    if n_even + int((far >= far.max() - bound).sum()) >= _TWO_GREYS * far.size:
        most = _MOST
    return n_even >= _ALIKE * int((far < 0.5 * far.max()).sum()) and n_even >= most * far.size


def _is_ink_dark(grey: Array) -> bool:
    """Whether what stands out from its surroundings is dark.

    Ink is the smaller part of any surroundings, so it is farther from their mean than paper is: the cubes of
    the differences add up to its side. The edge of a shadow adds as much to either side.
    """
    apart = grey - box_mean(grey, max(1, max(grey.shape) // _LOCAL))
    return bool((apart**3).sum() <= 0)


def _paper(grey: Array) -> Array:
    """Return the paper's grey at each pixel: the picture without what is dark and narrow.

    At the border it matters what is thought to lie beyond. Light that falls off goes on falling, or else the
    border would look inked; but where it would fall steeply, the border is no paper: a table, a finger, the
    sheet's edge.
    """
    height, width = grey.shape
    longer = max(height, width)
    rows, columns = (max(1, round(side * min(longer, _CELLS) / longer)) for side in (height, width))
    cells = averaged(grey, between(height, rows), between(width, columns))
    beyond = [min(_WINDOW, side - 1) for side in cells.shape]
    falling = np.pad(cells, [(more, more) for more in beyond], mode="reflect", reflect_type="odd")
    inner = tuple(slice(more, more + side) for more, side in zip(beyond, cells.shape, strict=True))
    level, sloping = closed(cells, _WINDOW), closed(falling, _WINDOW)[inner]
    return interpolated(box_mean(np.where(sloping < _STEEP * level, level, sloping), _SMOOTH), height, width)
