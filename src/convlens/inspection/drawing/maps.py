"""Draws a picture, and measured tiles of it, on a sheet. Must not know where the tiles come from."""

from collections.abc import Mapping, Sequence
from math import ceil, sqrt

import numpy as np

from convlens._typing import Array
from convlens.findings.looks import Look
from convlens.inspection.drawing.mosaic import MEASURED, Mosaic, Room, coarser
from convlens.inspection.drawing.scales import Scale, Scaled, on_one_scale, on_own_scales
from convlens.inspection.drawing.sheet import MARGIN_CM, Sheet

__all__ = ["HEAD_CM", "draw_keys", "draw_maps", "draw_picture"]

HEAD_CM = 0.85
"""What the words above a block take."""

_BELOW_CM, _KEY_CM = 0.95, 3.0  # what the keys below a block take, and the key of its colours

_ONE_ROW = 8  # maps that fit into one row
_LONE_CM = 4.6  # width of a map that stands alone


def draw_picture(
    sheet: Sheet, picture: Array, corner: tuple[float, float], side: float, *, ink: bool
) -> None:
    """Draw the picture itself, (H, W) or (3, H, W) from 0 to 1, framed, within a square.

    Args:
        sheet: what it is drawn on.
        picture: it.
        corner: x and y of the square's upper left corner.
        side: of the square.
        ink: 1 is ink on paper, as with digits, not light; of a grey one.
    """
    look = Look.COLOURS if picture.ndim == 3 else Look.INK if ink else Look.LIGHT
    h, w = picture.shape[-2:]
    (x, y), width = corner, side * min(1.0, w / h)
    shown = np.moveaxis(picture, 0, -1) if look is Look.COLOURS else picture
    tile = Mosaic(coarser(shown[None], width), 1, width, Room(0, 0, 0))
    sheet.show_pictures(tile, x, y, look)
    sheet.frame(x, y, width, tile.height_cm)


def draw_maps(
    sheet: Sheet,
    maps: Array,
    title: str,
    words: Mapping[str, str],
    *,
    scale: Scale = "own",
    dead: Sequence[int] = (),
) -> None:
    """Draw maps (n, h, w) with a bar of the strength of each, from the sheet's `y` on, and go on below them.

    Args:
        sheet: what they are drawn on.
        maps: numbers of any sign.
        title: their heading.
        words: of the language.
        scale: each map on its own, the strongest hundredth of its numbers in the strongest colour, or all
            on one.
        dead: places of filters that never react, from 0.
    """
    scaled = on_own_scales(maps, robust=True) if scale == "own" else on_one_scale(maps)
    sheet.head(MARGIN_CM, title, words["each_map" if scale == "own" else "all_maps"])
    x, y = MARGIN_CM, sheet.y + HEAD_CM
    mosaic = _arranged(scaled.tiles, sheet.width - 2 * MARGIN_CM)
    sheet.show(mosaic, x, y)
    sheet.number(mosaic, x, y, [str(i + 1) for i in range(len(maps))])
    sheet.bars(mosaic, x, y, scaled.shares)
    empty = np.flatnonzero(scaled.strongest == 0).tolist()
    sheet.say_in(mosaic, x, y, {i: words["never_reacts" if i in dead else "no_reaction"] for i in empty})
    sheet.y = y + mosaic.height_cm + 0.15
    draw_keys(sheet, x, scaled, "strongest_response", words, scale=scale)


def _arranged(tiles: Array, width_cm: float) -> Mosaic:
    """Arrange maps (n, h, w): a row of up to eight, else a block about three times as wide as high."""
    n, h, w = tiles.shape
    columns = n if n <= _ONE_ROW else min(n, ceil(sqrt(3.2 * h / w * n)))
    width_cm = min(width_cm, _LONE_CM * columns)
    return Mosaic(coarser(tiles, width_cm / columns), columns, width_cm, MEASURED)


def draw_keys(
    sheet: Sheet,
    x: float,
    scaled: Scaled,
    measure: str,
    words: Mapping[str, str],
    *,
    scale: Scale,
    measured: bool = True,
) -> None:
    """Say what colours and bars stand for, from the sheet's `y` on, and go on below.

    Args:
        sheet: what it is drawn on.
        x: the left edge.
        scaled: what is coloured.
        measure: what is measured: "strongest_weight" or "strongest_response".
        words: of the language.
        scale: each tile has its own, or all have one.
        measured: there are bars.
    """
    most, limit = float(scaled.strongest.max(initial=0.0)), float(scaled.limits.max(initial=0.0))
    own = f"\N{MINUS SIGN}{words['most']}", f"+{words['most']}"
    sheet.key(x, sheet.y, own if scale == "own" else (f"\N{MINUS SIGN}{limit:.3g}", f"+{limit:.3g}"))
    if measured:
        sheet.bar_key(
            x + _KEY_CM, sheet.y, words["bar"].format(strongest=words[measure], value=f"{most:.3g}")
        )
    sheet.y += _BELOW_CM
