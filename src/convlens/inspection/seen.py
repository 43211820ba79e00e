"""Pictures of anybody's beside what a network saw, with its answers. Must not know how these came about."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np
from matplotlib.figure import Figure

from convlens._typing import Array
from convlens.data.preprocessing import USUAL
from convlens.inspection.drawing.lines import wrapped
from convlens.inspection.drawing.mosaic import Mosaic, Room
from convlens.inspection.drawing.sheet import MARGIN_CM, Sheet
from convlens.inspection.drawing.style import GREY, styled

__all__ = ["MOST", "SeenPicture", "seen"]

MOST = 60
"""So many pictures one page holds: twenty rows."""

_COLUMNS = 3
_SIDE_CM, _BETWEEN_CM = 2.3, 0.15
_LINE_CM, _LINES = 0.36, 4
_RIM = (0.4, 0.4, 0.4)  # as dark as the frame
_LETTERS = 34  # of a line below two pictures


@dataclass(frozen=True, eq=False)
class SeenPicture:
    """One picture.

    Attributes:
        given: as it was, bytes (1 or 3, H, W).
        image: as the network saw it, bytes (1 or 3, H, W).
        answer: what it answered, one line.
        lines: what else is to be said, such as the file's name.
    """

    given: Array
    image: Array
    answer: str
    lines: tuple[str, ...]


def seen(pictures: Sequence[SeenPicture], title: str, alt: str, lang: str) -> Figure:
    """Draw up to 60 pictures: left as they were given, right as the network saw them, the answer below.

    Args:
        pictures: at least one.
        title: of the page.
        alt: what the page shows, in words.
        lang: "en", "ko" or "ja".
    """
    with styled(lang):
        sheet = Sheet(title)
        pitch = (sheet.width - 2 * MARGIN_CM) / _COLUMNS
        row_cm = _SIDE_CM + 0.2 + _LINES * _LINE_CM
        top = sheet.y + 0.1
        for number, picture in enumerate(pictures[:MOST]):
            row, column = divmod(number, _COLUMNS)
            _draw(sheet, picture, MARGIN_CM + column * pitch, top + row * row_cm)
        sheet.y = top + ceil(min(len(pictures), MOST) / _COLUMNS) * row_cm
        return sheet.finished(lang, alt)


def _draw(sheet: Sheet, picture: SeenPicture, x: float, y: float) -> None:
    for place, image in enumerate((picture.given, picture.image)):
        _draw_image(sheet, image, x + place * (_SIDE_CM + _BETWEEN_CM), y)
    down = y + _SIDE_CM + 0.12
    sheet.write(x, down, _short(picture.answer), fontsize=9, fontweight="bold")
    lines = [line for text in picture.lines for line in wrapped(text, _LETTERS).splitlines()]
    for number, line in enumerate(lines[: _LINES - 1], 1):
        sheet.write(x, down + number * _LINE_CM + 0.04, _short(line), fontsize=7, color=GREY)


def _draw_image(sheet: Sheet, image: Array, x: float, y: float) -> None:
    """Draw a picture (1 or 3, H, W) as large as fits into a square, in its middle."""
    shares = USUAL.apply(image, "float32")
    colours = np.repeat(shares, 3 // len(image), axis=0).transpose(1, 2, 0)
    height, width = image.shape[1:]
    wide = _SIDE_CM * min(1.0, width / height)
    tile = Mosaic(colours[None], 1, wide, Room(0, 0, 0))
    x, y = x + (_SIDE_CM - wide) / 2, y + (_SIDE_CM - tile.height_cm) / 2
    sheet.show_colours(tile, x, y, tile.coloured(colours[None], _RIM))
    sheet.frame(x, y, wide, tile.height_cm)


def _short(line: str) -> str:
    return line if len(line) <= _LETTERS else f"{line[: _LETTERS - 1]}…"
