"""The test images about which a network was surest, and wrong."""

from collections.abc import Callable

import numpy as np
from matplotlib.figure import Figure

from convlens._typing import Array
from convlens.arguments import as_annotated
from convlens.errors import UsageError, shown
from convlens.findings.answers import Answers, answers
from convlens.inspection.drawing.fonts import drawable_language
from convlens.inspection.drawing.mosaic import Mosaic, Room
from convlens.inspection.drawing.palette import INK
from convlens.inspection.drawing.sheet import MARGIN_CM, Sheet
from convlens.inspection.drawing.style import GREY, WIDTH_CM, styled
from convlens.inspection.groups import setting
from convlens.inspection.words import words_in
from convlens.runs import Run
from convlens.words import Words

__all__ = ["MOST", "mistakes"]

MOST = 120
"""So many mistakes one picture holds: twenty rows."""

_COLUMNS = 6
_ROOM = Room(0.95, 0.95, 0.35)  # two lines above each picture, two below it


@as_annotated
def mistakes(
    run: Run,
    *,
    most: int = 12,
    lang: str = "en",
    on_progress: Callable[[int, int], None] | None = None,
) -> Figure:
    """Draw the most confident mistakes on all test images, the surest first.

    Above each picture stand the right answer and the one given, below it the probability that the network
    gave to its answer, and the picture's number in the test set, from 0.

    Args:
        run: a finished run.
        most: how many are drawn at most, 1 to `MOST`.
        lang: "en", "ko" or "ja".
        on_progress: is told with each picture how many are drawn, of how many.

    Raises:
        UsageError: `most` is out of range.
    """
    if not 1 <= most <= MOST:
        raise UsageError(f"`most` of mistakes must be from 1 to {MOST}. Got {shown(most)}.")
    found = answers(run)
    chosen = found.mistakes[:most].tolist()
    with styled(lang) as words:
        known = {"network": run.spec.name, "n": len(found.right), "wrong": len(found.mistakes)}
        title = words["mistakes_title"].format(**known)
        sheet = Sheet(f"{title}\n{setting(run, drawable_language(lang))}")
        if chosen:
            pictures = []
            for number, index in enumerate(chosen, 1):
                pictures.append(_coloured(run.data.test.x[index]))
                if on_progress is not None:
                    on_progress(number, len(chosen))
            _draw(sheet, np.stack(pictures), found, chosen, words)
        return sheet.finished(lang, _alt(run, found, chosen, lang))


def _draw(sheet: Sheet, pictures: Array, found: Answers, chosen: list[int], words: Words) -> None:
    """Draw pictures (n, h, w, 3), the answers above each, and how sure the network was below it."""
    mosaic = Mosaic(pictures, _COLUMNS, WIDTH_CM - 2 * MARGIN_CM, _ROOM)
    x, y = MARGIN_CM, sheet.y
    sheet.show_colours(mosaic, x, y, mosaic.coloured(pictures, (1.0, 1.0, 1.0)))
    height, width = mosaic.tile_cm
    for tile, index in enumerate(chosen):
        down, right = mosaic.corner_cm(tile)
        sheet.frame(x + right, y + down, width, height)
        middle = x + right + width / 2
        above = words["mistake"].format(**_names(found, index))
        sheet.write(middle, y + down - 0.08, above, ha="center", va="bottom", fontsize=8.5)
        sure = words.confidence(float(found.confidence[index]))
        below = words["sure"].format(sure=sure, index=index)
        sheet.write(middle, y + down + height + 0.08, below, ha="center", fontsize=7, color=GREY)
    sheet.y = y + mosaic.height_cm + 0.2


def _coloured(picture: Array) -> Array:
    """Return a picture (C, H, W) of 0 to 255 in colours, (H, W, 3); ink on paper where it has one channel."""
    shares = picture[:3] / np.float32(255)
    return INK(shares[0])[..., :3] if len(picture) == 1 else np.moveaxis(shares, 0, -1)


def _names(found: Answers, index: int) -> dict[str, str]:
    return {"right": found.names[found.right[index]], "given": found.names[found.given[index]]}


def _alt(run: Run, found: Answers, chosen: list[int], lang: str) -> str:
    words = words_in(lang)
    listed = [words["mistake"].format(**_names(found, index)).replace("\n", " ") for index in chosen]
    return words["mistakes_alt"].format(
        network=run.spec.name,
        setting=setting(run, lang),
        wrong=len(found.mistakes),
        n=len(found.right),
        listed=words["comma"].join(listed) or "-",
    )
