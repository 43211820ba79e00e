"""Draws a picture and numbered maps of it with their colour bar. Must not know where the maps come from."""

from collections.abc import Mapping
from math import ceil, sqrt

import numpy as np
from matplotlib.axes import Axes

from convlens._typing import Array
from convlens.inspection.drawing.mosaic import Mosaic, colour_bar, number, show
from convlens.inspection.drawing.style import DIVERGING, GREY, SEQUENTIAL

__all__ = ["MAPS_CM", "draw_maps", "draw_picture", "height_of", "map_mosaic"]

MAPS_CM = 13.0
"""Width of a block of maps; the colour bar stands beside it."""

_ONE_ROW = 8  # maps that fit into one row
_TALLEST_CM = 16.0


def map_mosaic(tiles: Array, width_cm: float = MAPS_CM) -> Mosaic:
    """Arrange maps (n, h, w): a row of up to eight, else a block about three times as wide as high."""
    wide = tiles.shape[1] / tiles.shape[2]
    columns = len(tiles) if len(tiles) <= _ONE_ROW else ceil(sqrt(3.2 * wide * len(tiles)))
    return Mosaic.numbered(tiles, min(columns, len(tiles)), width_cm)


def height_of(tiles: Array) -> float:
    """Return the centimetres that a block of maps needs, its title included."""
    height, width = map_mosaic(tiles).size
    return min(MAPS_CM * height / width, 4.6 if len(tiles) == 1 else _TALLEST_CM) + 0.7


def draw_picture(axes: Axes, picture: Array, words: Mapping[str, str]) -> None:
    """Draw the picture itself, (H, W) from 0 (black) to 1 (white), framed: its ground may be white."""
    show(axes, Mosaic(picture[None], 1, (0, 0)), "gray", (0.0, 1.0))
    axes.spines[:].set(visible=True, color=GREY, linewidth=0.6)
    axes.set_title(words["input_picture"].format(h=picture.shape[0], w=picture.shape[1]))


def draw_maps(axes: Axes, maps: Array, title: str, words: Mapping[str, str], *, signed: bool) -> None:
    """Draw maps (n, h, w) on one colour scale: symmetric if `signed`, else from zero up."""
    limit = float(np.abs(maps).max()) or 1.0
    tiles = map_mosaic(maps)
    cmap, low = (DIVERGING, -limit) if signed else (SEQUENTIAL, 0.0)
    image = show(axes, tiles, cmap, (low, limit))
    number(axes, tiles, [str(i + 1) for i in range(len(maps))], MAPS_CM)
    axes.set_title(title)
    height, width = tiles.size
    colour_bar(axes, image, words["response"], min(MAPS_CM, height_of(maps) * width / height))
