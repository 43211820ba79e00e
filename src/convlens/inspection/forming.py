"""How filters formed: a strip of epochs from the first weights to the last, each on its own scale."""

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure

from convlens._typing import Array, IntArray
from convlens.arguments import as_annotated
from convlens.errors import UsageError, shown
from convlens.findings.looks import sees_colours
from convlens.findings.weights import by_change, weights
from convlens.inspection.drawing.fonts import drawable_language
from convlens.inspection.drawing.maps import draw_keys
from convlens.inspection.drawing.mosaic import Mosaic, Room
from convlens.inspection.drawing.scales import Scale, checked_scale, on_one_scale, on_own_scales
from convlens.inspection.drawing.sheet import MARGIN_CM, Sheet
from convlens.inspection.drawing.style import styled
from convlens.inspection.groups import setting
from convlens.inspection.words import channel_of, counted, words_in
from convlens.runs import Run

__all__ = ["MOST", "forming"]

MOST = 120
"""So many filters one picture holds, a row each."""

_MOST_EPOCHS = 11
_TALLEST_CM = 22.0  # a page
_TILE_CM = 1.05
_NAMES_CM, _LONG_NAMES_CM = 0.7, 2.2  # of filters, and of filters with their channels
_ROOM = Room(0.08, 0.13, 0.08)


@as_annotated
def forming(
    run: Run, layer: str | None = None, *, most: int = 8, scale: Scale = "own", lang: str = "en"
) -> Figure:
    """Draw the filters that changed most, a row each, through the epochs, with a bar of each one's strength.

    Of a filter with several input channels the one that changed most is shown. Epochs are denser at the
    start, where most happens.

    Args:
        run: a finished run.
        layer: its name ("C3") or its weights' name ("W2"); None for the first with filters.
        most: how many filters are drawn at most, 1 to `MOST`.
        scale: "own" for each tile, so that first weights are seen, or "common" for ONE symmetric scale.
        lang: "en", "ko" or "ja".

    Raises:
        UsageError: there are no such filters, no such scale, or `most` is out of range.
    """
    if not 1 <= most <= MOST:
        raise UsageError(f"`most` of forming must be from 1 to {MOST}. Got {shown(most)}.")
    checked_scale(scale, "forming")
    found = weights(run, layer)
    chosen = by_change(found)[:most]
    places = _places(len(found.epochs) - 1)
    epochs = np.array(run.kept_epochs)[places]
    channels = np.abs(found.change[chosen]).sum(axis=(2, 3)).argmax(axis=1)
    tiles = found.epochs[places][:, chosen, channels].swapaxes(0, 1)
    with styled(lang) as words:
        title = words["forming_title"].format(network=run.spec.name, layer=found.layer)
        sheet = Sheet(f"{title}\n{setting(run, drawable_language(lang))}")
        deep, coloured = found.after.shape[1] > 1, sees_colours(run, found.layer)
        names = [
            channel_of(words, f + 1, c, coloured=coloured) if deep else str(f + 1)
            for f, c in zip(chosen, channels + found.first_channels[chosen], strict=True)
        ]
        _draw(sheet, tiles, (names, epochs), words, scale)
        return sheet.finished(lang, _alt(run, found.layer, epochs, tiles, lang))


def _draw(
    sheet: Sheet, tiles: Array, names: tuple[list[str], IntArray], words: Mapping[str, str], scale: Scale
) -> None:
    """Draw tiles (filters, epochs, kh, kw) with the names of both, and what colours and bars stand for."""
    n_filters, n_epochs, kh, kw = tiles.shape
    deep = any(not name.isdigit() for name in names[0])
    left = MARGIN_CM + (_LONG_NAMES_CM if deep else _NAMES_CM)
    tallest = _TALLEST_CM / n_filters * kw / kh
    width = min(sheet.width - MARGIN_CM - left, n_epochs * min(_TILE_CM + _ROOM.aside, tallest))
    scaled = on_own_scales(tiles, 2) if scale == "own" else on_one_scale(tiles, n_axes=2)
    mosaic = Mosaic(scaled.tiles.reshape(-1, kh, kw), n_epochs, width, _ROOM)
    sheet.write(left, sheet.y, words["epoch"], fontsize=7)
    y = sheet.y + 0.7
    sheet.show(mosaic, left, y)
    sheet.bars(mosaic, left, y, scaled.shares)
    sheet.label_columns(mosaic, left, y, [str(epoch) for epoch in names[1]], above=True)
    sheet.label_rows(mosaic, left, y, names[0])
    sheet.y = y + mosaic.height_cm + 0.2
    draw_keys(sheet, left, scaled, "strongest_weight", words, scale=scale)


def _places(last: int) -> IntArray:
    """Return at most eleven places from 0, the first weights, to the last, denser at the start."""
    if last < _MOST_EPOCHS:
        return np.arange(last + 1)
    wanted = np.round(np.geomspace(1, last + 1, _MOST_EPOCHS)).astype(int) - 1
    for place in range(1, _MOST_EPOCHS):  # where rounding made two the same, the later one moves on
        wanted[place] = max(wanted[place], wanted[place - 1] + 1)
    return wanted


def _alt(run: Run, layer: str, epochs: IntArray, tiles: Array, lang: str) -> str:
    words = words_in(lang)
    strength = np.abs(tiles).mean(axis=(0, 2, 3))
    half = next(e for e, value in zip(epochs, strength, strict=True) if value >= strength[-1] / 2)
    return words["forming_alt"].format(
        filters=counted(words, "filters", len(tiles)),
        layer=layer,
        network=run.spec.name,
        setting=setting(run, lang),
        epochs=words["comma"].join(map(str, epochs)),
        first=strength[0],
        last=strength[-1],
        half=half,
    )
