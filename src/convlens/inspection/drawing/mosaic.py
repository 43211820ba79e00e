"""Many small pictures side by side as one image. Must not know what the pictures are."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.image import AxesImage

from convlens._typing import Array
from convlens.inspection.drawing.style import FAINT, GREY

__all__ = ["Mosaic", "colour_bar", "number", "show", "show_colours"]

_CRISP = 64  # pixels of a tile's side up to which every pixel is drawn as a sharp square


@dataclass(frozen=True, eq=False)
class Mosaic:
    """Where the tiles of one block stand, counted in their own pixels.

    Args:
        tiles: (tiles, h, w).
        columns: tiles in a row, 1 or more.
        gap: pixels (above and below, left and right of) each tile.
    """

    tiles: Array
    columns: int
    gap: tuple[int, int]

    @classmethod
    def numbered(cls, tiles: Array, columns: int, width_cm: float) -> "Mosaic":
        """Return tiles with room for a number above each, in a block that is `width_cm` wide."""
        _, _, w = tiles.shape
        aside = max(1, round(0.08 * w))
        pixel_cm = width_cm / (columns * (w + aside) + aside)
        return cls(tiles, columns, (max(1, ceil(0.29 / pixel_cm)), aside))

    @property
    def rows(self) -> int:
        """How many rows of tiles there are."""
        return ceil(len(self.tiles) / self.columns)

    @property
    def size(self) -> tuple[int, int]:
        """Height and width in pixels."""
        _, h, w = self.tiles.shape
        below, aside = self.gap
        return self.rows * (h + below) + min(below, aside), self.columns * (w + aside) + aside

    def corner(self, tile: int) -> tuple[int, int]:
        """Return the upper left pixel (y, x) of a tile."""
        _, h, w = self.tiles.shape
        row, column = divmod(tile, self.columns)
        return self.gap[0] + row * (h + self.gap[0]), self.gap[1] + column * (w + self.gap[1])

    def image(self) -> Array:
        """Return the block, NaN between the tiles."""
        _, h, w = self.tiles.shape
        image = np.full(self.size, np.nan, np.float32)
        for number, tile in enumerate(self.tiles):
            y, x = self.corner(number)
            image[y : y + h, x : x + w] = tile
        return image


def show(axes: Axes, mosaic: Mosaic, cmap: str, scale: tuple[float, float]) -> AxesImage:
    """Draw a block without axes, on a colour scale from `scale[0]` to `scale[1]`."""
    # "none" keeps every pixel a sharp square in PNG, SVG and PDF; large tiles are averaged down instead.
    crisp = max(mosaic.tiles.shape[1:]) <= _CRISP
    low, high = scale
    image = axes.imshow(
        np.ma.masked_invalid(mosaic.image()),
        cmap=colormaps[cmap].with_extremes(bad=FAINT),
        vmin=low,
        vmax=high,
        interpolation="none" if crisp else "antialiased",
    )
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines[:].set_visible(False)
    return image


def show_colours(axes: Axes, mosaic: Mosaic, tiles: Array) -> None:
    """Draw tiles (tiles, h, w, 3) that have their colours already, where `mosaic` puts them."""
    _, h, w, _ = tiles.shape
    ground = [int(FAINT[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    image = np.tile(np.array(ground), (*mosaic.size, 1))
    for place, tile in enumerate(tiles):
        y, x = mosaic.corner(place)
        image[y : y + h, x : x + w] = tile
    axes.imshow(image, interpolation="none")
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines[:].set_visible(False)


def number(axes: Axes, mosaic: Mosaic, numbers: Sequence[str], width_cm: float) -> None:
    """Write a number, and what marks it, above each tile of a block that is `width_cm` wide."""
    gap_points = mosaic.gap[0] * width_cm / mosaic.size[1] * 72 / 2.54
    w = mosaic.tiles.shape[2]
    tile_points = w * width_cm / mosaic.size[1] * 72 / 2.54
    size = min(6.5, 0.75 * gap_points, tile_points / (0.65 * max(map(len, numbers))))
    for tile, text in enumerate(numbers):
        y, x = mosaic.corner(tile)
        place = (x + w / 2 - 0.5, y - 0.5 - mosaic.gap[0] / 2)
        axes.text(*place, text, fontsize=size, ha="center", va="center", color=GREY)


def colour_bar(axes: Axes, image: AxesImage, label: str, width_cm: float) -> None:
    """Draw the colour bar right beside a block that is `width_cm` wide."""
    beside = axes.inset_axes((1 + 0.2 / width_cm, 0, 0.3 / width_cm, 1))
    figure = axes.get_figure()
    if figure is not None:
        figure.colorbar(image, cax=beside, label=label)
        beside.spines[:].set_visible(True)
