"""A figure laid out in centimetres, from its upper left corner down: blocks of tiles and words around them.

Everything stands on one pair of axes that is not drawn, each block is one image, and nothing is measured
twice: such a figure is drawn in a tenth of a second. Must not know what the tiles are.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.colors import Colormap
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.text import Text

from convlens._typing import Array
from convlens.findings.looks import Look
from convlens.inspection.drawing.coloured import rgb
from convlens.inspection.drawing.lines import TITLE_LINE_CM, heading, wrapped
from convlens.inspection.drawing.mosaic import Mosaic
from convlens.inspection.drawing.outlines import in_outlines
from convlens.inspection.drawing.palette import DIVERGING, FAINT, INK, LIGHT, PAPER
from convlens.inspection.drawing.style import (
    BLACK,
    GREY,
    WIDTH_CM,
    centimetres,
    finished,
    new_figure,
)
from convlens.inspection.drawing.tiled import tiled

__all__ = ["MARGIN_CM", "NUMBERS", "STRENGTH", "Sheet", "is_sheet"]

MARGIN_CM = 0.3
"""What stays free left and right."""

NUMBERS = "numbers"
"""The id of what is written above the tiles of a block; its label says it again."""

STRENGTH = "strength"
"""The id of the bars that say how strong tiles are."""

_SHEET, _COLOURED = "sheet", "coloured sheet"
_LETTERS = 108
_LINE_CM = 0.38
_NUMBER_POINTS, _SMALLEST_POINTS, _BAR_POINTS = 6.5, 5.0, 1.9
_CRISP = 64  # pixels of a tile's side up to which every pixel is drawn as a sharp square
_POINT_CM = 2.54 / 72


def is_sheet(figure: Figure) -> bool:
    """Return whether a figure is one of these: in our colours of numbers, ink and greys, and no others."""
    return any(axes.get_gid() == _SHEET for axes in figure.axes)


class Sheet:
    """A figure in the making.

    Args:
        title: its first lines; long ones are broken.

    Attributes:
        y: where the next thing may stand, in centimetres from above.
        width: of the figure, in centimetres.
    """

    def __init__(self, title: str) -> None:
        self.width = WIDTH_CM
        self._figure = new_figure(1.0, layout=None, width=self.width)
        self._axes = self._figure.add_axes((0, 0, 1, 1))
        self._axes.set_axis_off()
        self._axes.set_gid(_SHEET)
        self._axes.set_autoscale_on(False)
        self._title = heading(title.splitlines())
        self.y = 0.3 + TITLE_LINE_CM * len(self._title.splitlines())

    def finished(self, lang: str, alt: str) -> Figure:
        """Return the figure; it ends at `y`."""
        self._figure.set_size_inches(centimetres(self.width, self.y))
        self._axes.set_xlim(0, self.width)
        self._axes.set_ylim(self.y, 0)
        self._figure.suptitle(self._title, y=1 - 0.15 / self.y)
        return finished(self._figure, lang, alt)

    def write(self, x: float, y: float, text: str, **looks: Any) -> Text:  # noqa: ANN401 (matplotlib's)
        """Write a text; `y` is its upper edge unless `va` says otherwise."""
        return self._axes.text(x, y, text, **{"va": "top", "fontsize": 8.0, **looks})

    def head(self, x: float, text: str, more: str = "") -> None:
        """Write the heading of a block at `y`, with what else is to be said of it, and go on below it."""
        self.write(x, self.y + 0.28, text, fontweight="bold", va="baseline")
        self.write(x, self.y + 0.28 + _LINE_CM, more, color=GREY, fontsize=7.5, va="baseline")

    def show(
        self,
        mosaic: Mosaic,
        x: float,
        y: float,
        colours: Colormap = DIVERGING,
        height: float | None = None,
    ) -> AxesImage:
        """Draw tiles of shares from -1 to 1 with their upper left corner at (x, y).

        Args:
            mosaic: the tiles.
            x: the left edge.
            y: the upper edge.
            colours: of the shares; others than `DIVERGING` begin at 0.
            height: of the block, a little more or less than its own, so that rows of two blocks stand level.
        """
        looks = {"cmap": colours, "limits": (-1.0 if colours is DIVERGING else 0.0, 1.0)}
        drawn = self._image(np.ma.masked_invalid(mosaic.image()), mosaic, (x, y), **looks)
        if height is not None:
            drawn.set_extent((x, x + mosaic.width_cm, y + height, y))
        return drawn

    def show_colours(self, mosaic: Mosaic, x: float, y: float, image: Array) -> AxesImage:
        """Draw a block that has its colours already: those of our palette."""
        return self._image(image, mosaic, (x, y))

    def show_pictures(
        self, mosaic: Mosaic, x: float, y: float, look: Look, height: float | None = None
    ) -> AxesImage:
        """Draw pictures of shares from 0 to 1 as they look; tiles in colours may have any."""
        if look is not Look.COLOURS:
            return self.show(mosaic, x, y, INK if look is Look.INK else LIGHT, height)
        self._axes.set_gid(_COLOURED)
        drawn = self.show_colours(mosaic, x, y, mosaic.coloured(mosaic.tiles, rgb(FAINT)))
        if height is not None:
            drawn.set_extent((x, x + mosaic.width_cm, y + height, y))
        return drawn

    def _image(
        self,
        image: Array,
        mosaic: Mosaic,
        corner: tuple[float, float],
        **looks: Any,  # noqa: ANN401 (matplotlib's)
    ) -> AxesImage:
        # "none" keeps every pixel a sharp square in PNG, SVG and PDF; large tiles are averaged down instead.
        crisp = max(mosaic.tiles.shape[1:3]) <= _CRISP
        x, y = corner
        extent = (x, x + mosaic.width_cm, y + mosaic.height_cm, y)
        return tiled(self._axes, image, extent, crisp=crisp, **looks)

    def frame(self, x: float, y: float, width: float, height: float) -> None:
        """Draw a thin line around something whose ground may be white."""
        self._axes.add_artist(Rectangle((x, y), width, height, fill=False, edgecolor=GREY, linewidth=0.6))

    def number(self, mosaic: Mosaic, x: float, y: float, numbers: Sequence[str]) -> None:
        """Write a number, and what marks it, above each tile of a block whose corner is (x, y)."""
        _, width = mosaic.tile_cm
        above = mosaic.corner_cm(0)[0]
        points = min(width / (0.65 * max(map(len, numbers), default=1)), 0.75 * above) / _POINT_CM
        places = []
        for tile in range(len(numbers)):
            down, right = mosaic.corner_cm(tile)
            places.append((x + right + width / 2, y + down - above / 2))
        outlines = in_outlines(numbers, places, min(_NUMBER_POINTS, points) * _POINT_CM)
        label = " ".join(numbers)
        self._axes.add_artist(PathPatch(outlines, facecolor=GREY, linewidth=0, gid=NUMBERS, label=label))

    def bars(self, mosaic: Mosaic, x: float, y: float, shares: Sequence[float] | Array) -> None:
        """Draw below each tile of a block a bar of a share, from 0 to 1, of the tile's width."""
        height, width = mosaic.tile_cm
        corners = [mosaic.corner_cm(tile) for tile in range(len(mosaic.tiles))]
        starts = np.array([x + right for _, right in corners])
        downs = [y + down + height + mosaic.room.below * 0.62 for down, _ in corners]
        self._bars(downs, starts, width, shares)

    def row_bars(
        self, mosaic: Mosaic, x: float, y: float, shares: Sequence[float] | Array, width: float
    ) -> None:
        """Draw right of each row of a block a bar of a share, from 0 to 1, of `width`."""
        height, _ = mosaic.tile_cm
        downs = [y + mosaic.corner_cm(row * mosaic.columns)[0] + height / 2 for row in range(len(shares))]
        self._bars(downs, np.full(len(downs), x + mosaic.width_cm + 0.12), width, shares, FAINT)

    def column_bars(self, mosaic: Mosaic, x: float, y: float, shares: Sequence[float] | Array) -> None:
        """Draw at height `y` a bar for each column of a block, of a share, from 0 to 1, of a tile's width."""
        starts = np.array([x + mosaic.corner_cm(column)[1] for column in range(mosaic.columns)])
        self._bars([y] * len(starts), starts, mosaic.tile_cm[1], shares, FAINT)

    def _bars(
        self,
        downs: Sequence[float],
        starts: Array,
        width: float,
        shares: Sequence[float] | Array,
        ground: str = PAPER,
    ) -> None:
        ends = starts + width * np.asarray(shares, np.float64).ravel()
        self._lines(downs, starts, starts + width, ground)
        self._lines(downs, starts, ends, BLACK, STRENGTH)

    def _lines(
        self, downs: Sequence[float], starts: Array, ends: Array, colour: str, gid: str | None = None
    ) -> None:
        """Draw level lines as one thing."""
        segments = np.stack([np.stack([starts, downs], axis=1), np.stack([ends, downs], axis=1)], axis=1)
        looks: dict[str, Any] = {"linewidths": _BAR_POINTS, "capstyle": "butt", "gid": gid}
        self._axes.add_collection(LineCollection(list(segments), colors=colour, **looks), autolim=False)

    def say_in(self, mosaic: Mosaic, x: float, y: float, texts: dict[int, str]) -> None:
        """Write into tiles that would be empty, by their places, why they are."""
        height, width = mosaic.tile_cm
        for tile, text in texts.items():
            lines = text.splitlines()
            room = min(width / (0.62 * max(map(len, lines))), height / (1.5 * len(lines))) / _POINT_CM
            down, right = mosaic.corner_cm(tile)
            place = x + right + width / 2, y + down + height / 2
            self.write(*place, text, fontsize=min(6.0, room), ha="center", va="center", color=GREY)

    def label_rows(self, mosaic: Mosaic, x: float, y: float, names: Sequence[str]) -> None:
        """Write a name left of each row that has room for one."""
        height, _ = mosaic.tile_cm
        pitch = mosaic.height_cm / max(1, mosaic.rows)
        for row in range(0, len(names), max(1, int(np.ceil(0.26 / pitch)))):
            down, _ = mosaic.corner_cm(row * mosaic.columns)
            place = x - 0.08, y + down + height / 2
            self.write(*place, names[row], fontsize=_NUMBER_POINTS, ha="right", va="center", color=GREY)

    def label_columns(
        self, mosaic: Mosaic, x: float, y: float, names: Sequence[str], *, above: bool = False
    ) -> None:
        """Write a name below or above each column that has room for one."""
        _, width = mosaic.tile_cm
        pitch = mosaic.width_cm / mosaic.columns
        wide = 0.66 * _POINT_CM * max(map(len, names), default=1)  # of the longest name, a point high
        points = min(_NUMBER_POINTS, max(_SMALLEST_POINTS, pitch / wide))
        at, align = (y - 0.06, "bottom") if above else (y + mosaic.height_cm + 0.06, "top")
        looks: dict[str, Any] = {"ha": "center", "va": align, "fontsize": points, "color": GREY}
        for column in range(0, len(names), max(1, int(np.ceil(0.99 * wide * points / pitch)))):
            middle = x + mosaic.corner_cm(column)[1] + width / 2
            self.write(middle, at, names[column], **looks)

    def write_lines(self, lines: Sequence[str]) -> None:
        """Write lines across the figure at `y`, broken where they are long, and go on below them."""
        for line in (part for text in lines for part in wrapped(text, _LETTERS).splitlines()):
            self.write(MARGIN_CM, self.y, line, fontsize=7.5)
            self.y += _LINE_CM

    def key(self, x: float, y: float, ends: tuple[str, str], width: float = 2.7) -> None:
        """Draw what the colours stand for: from `ends[0]` through 0 to `ends[1]`."""
        shades, height = np.linspace(-1, 1, 65, dtype=np.float32)[None], 0.22
        place = (x, x + width, y + height, y)
        self._axes.imshow(shades, extent=place, aspect="auto", cmap=DIVERGING, vmin=-1, vmax=1)
        self.frame(x, y, width, height)
        middle = width / 2
        for right, text in ((0.0, ends[0]), (middle, "0"), (width, ends[1])):
            align = "left" if not right else "center" if right == middle else "right"
            self.write(x + right, y + height + 0.3, text, ha=align, va="baseline", fontsize=6.5, color=GREY)

    def bar_key(self, x: float, y: float, text: str) -> None:
        """Say what the bars stand for."""
        self._lines([y + 0.11], np.array([x]), np.array([x + 0.45]), BLACK)
        self.write(x + 0.6, y + 0.11, text, fontsize=7.0, color=GREY, va="center")
