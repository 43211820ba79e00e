"""Which pieces of ink are writing, and which are specks or lie at the border. Must not know paper."""

from typing import NamedTuple

import numpy as np

from convlens._typing import IntArray
from convlens.data.handwriting.morphology import Mask, joined, sides_of

__all__ = ["Writing", "writing_in"]

_SPECK = 0.03  # of the largest piece's pixels: what has fewer is dust
_LARGE = 0.3  # of the largest piece's longer side: what is as long may be a digit of its own
_INNER = 0.1  # of the largest piece at the border: as much ink within the sheet makes that one a shadow
_FRAME = 0.25  # of the picture's border: a piece on more of it is what the sheet lies on


class Writing(NamedTuple):
    """The pieces that were kept.

    Attributes:
        mask: (H, W), where they are.
        surroundings: where the pieces are that lie at the border and are no writing.
        n_large: how many of them are large enough to be a digit.
        touches: whether one of them lies at the picture's border, and so may go on beyond it.
    """

    mask: Mask
    surroundings: Mask
    n_large: int
    touches: bool


def writing_in(mask: Mask) -> Writing:
    """Return the pieces of a mask that are writing.

    A piece at the border is a shadow, a finger or a table where there is enough ink inside, or where it
    follows the border; else the digit itself touches the border.
    """
    labels, n = joined(mask)
    if not n:
        return Writing(mask, mask, 0, touches=False)
    areas = np.bincount(labels.ravel(), minlength=n + 1)[1:]
    at_border = np.bincount(_border(labels), minlength=n + 1)[1:]
    candidate = _candidates(areas, at_border, 2 * sum(mask.shape) - 4)
    kept = candidate & (areas >= _SPECK * int(areas[candidate].max()))
    sides = sides_of(labels)
    n_large = int((sides[kept] >= _LARGE * int(sides[kept].max())).sum())
    return Writing(_of(kept, labels), _of(~candidate, labels), n_large, bool((kept & (at_border > 0)).any()))


def _candidates(areas: IntArray, at_border: IntArray, border: int) -> Mask:
    """Return which pieces may be writing, by their pixels and those of them that lie at the border."""
    inner = at_border == 0
    largest_inner = int(areas[inner].max(initial=0))
    frames = at_border > _FRAME * border
    touching = ~inner & ~frames
    if largest_inner >= _INNER * int(areas[touching].max(initial=0)):
        touching[:] = False
    candidate = inner | touching
    return candidate if candidate.any() else ~candidate


def _border(labels: IntArray) -> IntArray:
    """Return the labels in the outermost rows and columns, each pixel once."""
    return np.concatenate([labels[0], labels[-1], labels[1:-1, 0], labels[1:-1, -1]])


def _of(chosen: Mask, labels: IntArray) -> Mask:
    """Return where the chosen pieces are."""
    return np.asarray(np.concatenate([[False], chosen])[labels])
