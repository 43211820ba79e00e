"""Many short texts as one outline, which is drawn at once: each text of its own takes a millisecond."""

from collections.abc import Sequence
from functools import cache

import matplotlib as mpl
import numpy as np
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path
from matplotlib.textpath import text_to_path

from convlens._typing import Array

__all__ = ["in_outlines"]

_SIZE = 100.0  # of the letters that are kept


def in_outlines(texts: Sequence[str], places: Sequence[tuple[float, float]], size: float) -> Path:
    """Return the outlines of texts of numbers and marks, centred at their places.

    Args:
        texts: in the fonts that matplotlib is set to.
        places: x and y, y growing downwards.
        size: of the letters, in the same unit as the places.
    """
    family = tuple(mpl.rcParams["font.family"])
    corners, codes = [np.zeros((0, 2))], [np.zeros(0, np.uint8)]
    for text, place in zip(texts, places, strict=True):
        outline, code = _outline(text, family)
        corners.append(outline * (size, -size) + place)
        codes.append(code)
    return Path(np.concatenate(corners), np.concatenate(codes))


@cache
def _outline(text: str, family: tuple[str, ...]) -> tuple[Array, Array]:
    """Return corners and codes of a text of size 1 around (0, 0), its digits in the middle."""
    font = FontProperties(family=list(family), size=_SIZE)
    corners, codes = (np.asarray(part) for part in text_to_path.get_text_path(font, text))
    digit, _ = text_to_path.get_text_path(font, "0")
    if not len(corners):
        return np.zeros((0, 2)), np.zeros(0, np.uint8)
    scale = text_to_path.FONT_SCALE
    middle = (corners[:, 0].min() + corners[:, 0].max()) / 2, np.asarray(digit)[:, 1].mean()
    return (corners - middle) / scale, codes.astype(np.uint8)
