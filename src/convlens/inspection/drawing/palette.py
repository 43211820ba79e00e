"""Colours of numbers, the explorer's own: blue below zero, white at zero, orange above; pictures as ink.

Told apart also by those who do not tell red from green. Must not know what is coloured.
"""

import numpy as np
from matplotlib.colors import Colormap, LinearSegmentedColormap
from PIL import Image

__all__ = ["DIVERGING", "FAINT", "INK", "LIGHT", "PAPER", "few_colours"]

FAINT = "#dcdcdc"
"""Of grids, and of the ground between tiles."""

PAPER = "#ffffff"

_STOPS = ("#084081", "#4393cd", "#fafafa", "#f5a04b", "#963705")
_NEARLY_WHITE, _ZERO = 0.965, 248 / 255  # Pillow rounds down: paper would become what is lighter than these
_PAPER_TO_INK = ("#ffffff", "#19191e")


def _mixed(name: str, stops: tuple[str, ...]) -> Colormap:
    """Return the colours between `stops`, which stand at equal distances; what is no number is ground."""
    return LinearSegmentedColormap.from_list(f"convlens-{name}", stops, N=511).with_extremes(bad=FAINT)


DIVERGING = _mixed("diverging", _STOPS)
"""From -1, blue, through 0, white, to 1, orange; the colours of the explorer's maps."""

INK = _mixed("ink", _PAPER_TO_INK)
"""From 0, paper, to 1, ink: digits, and whatever the network itself takes in."""

LIGHT = _mixed("light", ("#000000", "#ffffff"))
"""From 0, black, to 1, white: photographs."""


def few_colours(picture: Image.Image) -> Image.Image:
    """Return a picture in the colours of this file, and greys between them: as a file a third as large."""
    kept = Image.new("P", (1, 1))
    greys = np.linspace(0, 1, 57)[:, None].repeat(3, axis=1)
    own = np.concatenate([DIVERGING([np.nan]), INK([1.0]), DIVERGING(np.linspace(0, 1, 193))])[:, :3]
    found = np.concatenate([own, greys])
    coloured = found[found.min(axis=1) < _NEARLY_WHITE]
    palette = np.concatenate([coloured, np.full((1, 3), _ZERO), np.ones((1, 3))])
    kept.putpalette((255 * palette).round().astype(np.uint8).tobytes())
    return picture.quantize(palette=kept, dither=Image.Dither.NONE)
