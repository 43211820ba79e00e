"""How a run's training images were varied: a row for each image, beside it what the first epochs showed."""

import numpy as np
from matplotlib.figure import Figure

from convlens._typing import Array
from convlens.arguments import as_annotated
from convlens.data.augmentation import drawn_rows, moved
from convlens.findings.looks import as_shown, look_of
from convlens.inspection.drawing.coloured import in_colours
from convlens.inspection.drawing.fonts import drawable_language
from convlens.inspection.drawing.mosaic import PLAIN, Mosaic
from convlens.inspection.drawing.sheet import MARGIN_CM, Sheet
from convlens.inspection.drawing.style import WIDTH_CM, styled
from convlens.inspection.groups import setting
from convlens.inspection.words import counted, words_in
from convlens.runs import Run

__all__ = ["augmentation"]

_IMAGES, _EPOCHS = 3, 8
_HEAD_CM = 0.35


@as_annotated
def augmentation(run: Run, *, lang: str = "en") -> Figure:
    """Draw the first training images, and right of each what became of it in the first epochs.

    Of a run whose training images were not varied, the images alone.

    Args:
        run: a finished run.
        lang: "en", "ko" or "ja".
    """
    epochs = min(_EPOCHS, run.config.epochs) if run.config.augment else 0
    images = run.data.train.x[:_IMAGES]
    shown = [images, *(_in_epoch(run, images, epoch) for epoch in range(epochs))]
    with styled(lang) as words:
        title = words["augmentation_title"].format(network=run.spec.name)
        sheet = Sheet(f"{title}\n{setting(run, drawable_language(lang))}")
        names = [words["original"], *(words["in_epoch"].format(n=epoch + 1) for epoch in range(epochs))]
        pictures = np.stack(shown, axis=1).reshape(-1, *images.shape[1:])
        _draw(sheet, in_colours(as_shown(run, pictures), look_of(run)), names)
        known = {"images": len(images), "epochs": counted(words_in(lang), "epochs", epochs)}
        alt = words_in(lang)["augmentation_alt"].format(
            network=run.spec.name, setting=setting(run, lang), **known
        )
        return sheet.finished(lang, alt)


def _in_epoch(run: Run, images: Array, epoch: int) -> Array:
    """Return images as an epoch, counted from 0, showed them to the network."""
    rows = drawn_rows(run.config.augment, run.seed, epoch, len(images), images.shape[2:])
    return moved(images, rows)


def _draw(sheet: Sheet, pictures: Array, names: list[str]) -> None:
    """Draw pictures (n, h, w, 3) in rows, a name above each column."""
    whole = WIDTH_CM - 2 * MARGIN_CM
    mosaic = Mosaic(pictures, len(names), whole * len(names) / (1 + _EPOCHS), PLAIN)
    x, y = MARGIN_CM, sheet.y + _HEAD_CM
    sheet.label_columns(mosaic, x, y + mosaic.corner_cm(0)[0], names, above=True)
    sheet.show_colours(mosaic, x, y, mosaic.coloured(pictures, (1.0, 1.0, 1.0)))
    height, width = mosaic.tile_cm
    for tile in range(len(pictures)):
        down, right = mosaic.corner_cm(tile)
        sheet.frame(x + right, y + down, width, height)
    sheet.y = y + mosaic.height_cm + 0.1
