"""The test images about which a network was surest, and wrong."""

from collections.abc import Callable, Sequence

import numpy as np
from matplotlib.figure import Figure

from convlens._typing import Array
from convlens.arguments import as_annotated
from convlens.errors import UsageError, shown
from convlens.findings.answers import Answers, answers
from convlens.findings.looks import as_shown, look_of
from convlens.inspection.drawing.coloured import in_colours, rgb
from convlens.inspection.drawing.fonts import drawable_language
from convlens.inspection.drawing.labels import columns_of, short_names
from convlens.inspection.drawing.mosaic import Mosaic, Room
from convlens.inspection.drawing.palette import PAPER
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
_NAME_LETTERS, _LINE_LETTERS = 10, 13  # of a class above a picture; of a line in usual size
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
        n, tests = len(found.mistakes), len(found.right)
        title = words("mistakes_title", network=run.spec.name, n=n, tests=tests)
        sheet = Sheet(f"{title}\n{setting(run, drawable_language(lang))}")
        if chosen:
            pictures, look = [], look_of(run)
            for number, index in enumerate(chosen, 1):
                pictures.append(in_colours(as_shown(run, run.data.test.x[index][None])[0], look))
                if on_progress is not None:
                    on_progress(number, len(chosen))
            _draw(sheet, np.stack(pictures), found, chosen, words)
        return sheet.finished(lang, _alt(run, found, chosen, lang))


def _draw(sheet: Sheet, pictures: Array, found: Answers, chosen: list[int], words: Words) -> None:
    """Draw pictures (n, h, w, 3), the answers above each, and how sure the network was below it."""
    mosaic = Mosaic(pictures, _COLUMNS, WIDTH_CM - 2 * MARGIN_CM, _ROOM)
    x, y, short = MARGIN_CM, sheet.y, short_names(found.names, _NAME_LETTERS)
    sheet.show_colours(mosaic, x, y, mosaic.coloured(pictures, rgb(PAPER)))
    height, width = mosaic.tile_cm
    for tile, index in enumerate(chosen):
        down, right = mosaic.corner_cm(tile)
        sheet.frame(x + right, y + down, width, height)
        middle = x + right + width / 2
        above = words["mistake"].format(**_names(found, index, short))
        points = 8.5 if max(map(columns_of, above.splitlines())) <= _LINE_LETTERS else 7.0
        sheet.write(middle, y + down - 0.08, above, ha="center", va="bottom", fontsize=points)
        sure = words.confidence(float(found.confidence[index]))
        below = words["sure"].format(sure=sure, index=index)
        sheet.write(middle, y + down + height + 0.08, below, ha="center", fontsize=7, color=GREY)
    sheet.y = y + mosaic.height_cm + 0.2


def _names(found: Answers, index: int, names: Sequence[str]) -> dict[str, str]:
    return {"right": names[found.right[index]], "given": names[found.given[index]]}


def _alt(run: Run, found: Answers, chosen: list[int], lang: str) -> str:
    words = words_in(lang)
    listed = [
        words["mistake"].format(**_names(found, index, found.names)).replace("\n", " ") for index in chosen
    ]
    return words["mistakes_alt"].format(
        network=run.spec.name,
        setting=setting(run, lang),
        wrong=len(found.mistakes),
        n=len(found.right),
        listed=words["comma"].join(listed) or "-",
    )
