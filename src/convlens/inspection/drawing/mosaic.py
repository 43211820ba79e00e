"""Many small pictures side by side as one image. Must not know what they are, nor where they stand."""

from dataclasses import dataclass
from functools import cached_property
from math import ceil

import numpy as np

from convlens._typing import Array

__all__ = ["MEASURED", "NUMBERED", "PLAIN", "Mosaic", "Room", "coarser"]

_FINE_CM = 0.06  # pixels are drawn as so many smaller ones that gaps can be as narrow as this
_DOTS_PER_CM = 80
_MOST_GAP = 0.3  # of a tile and the gap beside it


@dataclass(frozen=True)
class Room:
    """Centimetres that stay free above, below, and left and right of each tile."""

    above: float
    below: float
    aside: float


PLAIN = Room(0.1, 0.0, 0.1)
"""Tiles close together, without words."""

NUMBERED = Room(0.31, 0.0, 0.1)
"""Tiles with a number above each."""

MEASURED = Room(0.31, 0.13, 0.1)
"""Tiles with a number above each and a bar below it."""


@dataclass(frozen=True, eq=False)
class Mosaic:
    """A block of tiles.

    Args:
        tiles: (tiles, h, w), or in colours (tiles, h, w, 3).
        columns: tiles in a row, 1 or more.
        width_cm: of the whole block.
        room: around each tile.
    """

    tiles: Array
    columns: int
    width_cm: float
    room: Room = PLAIN

    @property
    def rows(self) -> int:
        """How many rows of tiles there are."""
        return ceil(len(self.tiles) / self.columns)

    @cached_property
    def _aside_cm(self) -> float:
        """Left and right of a tile: less where tiles are many, which would be narrower than the gaps."""
        return min(self.room.aside, self.width_cm / self.columns * _MOST_GAP)

    @cached_property
    def zoom(self) -> int:
        """So many dots of the image are a side of a tile's pixel."""
        tile_cm = self.width_cm / self.columns - self._aside_cm
        return max(1, ceil(tile_cm / self.tiles.shape[2] / _FINE_CM))

    @cached_property
    def _tile(self) -> tuple[int, int]:
        """Height and width of a tile in dots."""
        return self.tiles.shape[1] * self.zoom, self.tiles.shape[2] * self.zoom

    @cached_property
    def _gaps(self) -> tuple[int, int, int]:
        """Dots above, below and beside a tile."""
        room, aside = self.room, self._aside_cm
        dot = (self.width_cm / self.columns - aside) / self._tile[1]
        above = room.above if room.above > room.aside else min(room.above, aside)  # room for words stays
        return max(1, ceil(above / dot)), ceil(room.below / dot), max(1, round(aside / dot))

    @cached_property
    def size(self) -> tuple[int, int]:
        """Height and width of the image in dots."""
        (h, w), (above, below, aside) = self._tile, self._gaps
        return self.rows * (h + above + below) + aside, self.columns * (w + aside) + aside

    @cached_property
    def dot_cm(self) -> float:
        """Side of a dot in centimetres."""
        return self.width_cm / self.size[1]

    @property
    def height_cm(self) -> float:
        """Height of the whole block in centimetres."""
        return self.size[0] * self.dot_cm

    @property
    def tile_cm(self) -> tuple[float, float]:
        """Height and width of a tile in centimetres."""
        return self._tile[0] * self.dot_cm, self._tile[1] * self.dot_cm

    def corner(self, tile: int) -> tuple[int, int]:
        """Return the upper left dot (y, x) of a tile in the image."""
        (h, w), (above, below, aside) = self._tile, self._gaps
        row, column = divmod(tile, self.columns)
        return above + row * (h + above + below), aside + column * (w + aside)

    def corner_cm(self, tile: int) -> tuple[float, float]:
        """Return the upper left corner (y, x) of a tile, in centimetres from that of the block."""
        y, x = self.corner(tile)
        return y * self.dot_cm, x * self.dot_cm

    def image(self) -> Array:
        """Return the block, NaN between the tiles."""
        return self._composed(self.tiles, np.full(self.size, np.nan, np.float32))

    def coloured(self, tiles: Array, ground: tuple[float, ...]) -> Array:
        """Return the block with tiles (tiles, h, w, 3) that have their colours already."""
        return self._composed(tiles, np.tile(np.array(ground, np.float32), (*self.size, 1)))

    def cut(self, image: Array, tile: int) -> Array:
        """Return the numbers of one tile again from an image of the block."""
        (h, w), (y, x) = self._tile, self.corner(tile)
        return image[y : y + h : self.zoom, x : x + w : self.zoom]

    def _composed(self, tiles: Array, image: Array) -> Array:
        h, w = self._tile
        for number, tile in enumerate(tiles):
            y, x = self.corner(number)
            image[y : y + h, x : x + w] = tile.repeat(self.zoom, axis=0).repeat(self.zoom, axis=1)
        return image


def coarser(tiles: Array, tile_cm: float) -> Array:
    """Return a mosaic's tiles with about as many pixels as a print shows in `tile_cm`, as means."""
    n, h, w, *colours = tiles.shape
    step = int(w / (tile_cm * _DOTS_PER_CM))
    if step < 2:
        return tiles
    h, w = h // step, w // step
    return tiles[:, : h * step, : w * step].reshape(n, h, step, w, step, *colours).mean(axis=(2, 4))
