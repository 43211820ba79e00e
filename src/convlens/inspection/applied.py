"""A picture through a run's filters: the raw response and what the activation leaves of it."""

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure

from convlens._typing import Array
from convlens.arguments import as_annotated
from convlens.findings.looks import Look, look_of, sees_colours
from convlens.findings.oddities import Oddities
from convlens.findings.responses import Responses, checked_picture, responses
from convlens.inspection.drawing.coloured import beside_its_channels
from convlens.inspection.drawing.fonts import drawable_language
from convlens.inspection.drawing.maps import HEAD_CM, draw_maps, draw_picture
from convlens.inspection.drawing.mosaic import MEASURED, PLAIN, Mosaic
from convlens.inspection.drawing.scales import Scale, checked_scale, on_one_scale, on_own_scales
from convlens.inspection.drawing.sheet import MARGIN_CM, Sheet
from convlens.inspection.drawing.style import styled
from convlens.inspection.groups import setting
from convlens.inspection.words import counted, words_in
from convlens.runs import Run

__all__ = ["applied", "as_ink"]

_PICTURE_CM, _TALLEST_CM = 3.6, 4.6
_BETWEEN_CM = 0.5


@as_annotated
def applied(
    run: Run,
    picture: Array,
    *,
    layer: str | None = None,
    scale: Scale = "own",
    odd: Oddities | None = None,
    lang: str = "en",
) -> Figure:
    """Draw a picture, the learned filters, their raw responses, and what the activation leaves of these.

    Each map is drawn on a scale of its own, so that weak ones can be read, too; a bar says how strong it is.
    A grey picture of the network's own size is drawn as its images are, such as ink on paper.

    Args:
        run: a finished run.
        picture: grey (H, W) or with colours (3, H, W), of any size, floats from 0 (black) to 1 (white), or
            uint8: a test image, a photograph, the user's own picture.
        layer: its name ("C3") or its weights' name ("W2"); None for the first with filters.
        scale: "own", or "common" for one scale for all filters and one for all maps of a stage.
        odd: from `oddities(run, layer)`: where a dead filter's map is empty, it is said.
        lang: "en", "ko" or "ja".

    Raises:
        UsageError: there are no such filters, no such scale, or a value is not from 0 to 1.
        ShapeError: the picture has another shape, or is smaller than what a filter looks at.
    """
    checked_scale(scale, "applied")
    found, picture = responses(run, picture, layer), checked_picture(picture)
    dead = [number - 1 for number in (odd.dead or ())] if odd is not None else []
    with styled(lang) as words:
        title = words["applied_title"].format(network=run.spec.name, layer=found.layer)
        sheet = Sheet(f"{title}\n{setting(run, drawable_language(lang))}")
        sheet.head(MARGIN_CM, words["input_picture"].format(h=picture.shape[-2], w=picture.shape[-1]))
        place = MARGIN_CM, sheet.y + _head_cm(found)
        draw_picture(sheet, picture, place, _PICTURE_CM, ink=as_ink(run, picture))
        _draw_filters(sheet, found, words, scale=scale, coloured=sees_colours(run, found.layer))
        for head, maps in _stages(found, words).items():
            draw_maps(sheet, maps, head, words, scale=scale, dead=dead)
        return sheet.finished(lang, _alt(run, picture, found, lang))


def _stages(found: Responses, words: Mapping[str, str]) -> dict[str, Array]:
    """Return raw responses, and what the activation leaves of them, by their titles."""
    known = {"h": found.raw.shape[1], "w": found.raw.shape[2], "activation": found.activation}
    stages = {words["raw_response"].format(**known): found.raw}
    if found.active is not None:
        stages[words["after_activation"].format(**known)] = found.active
    return stages


def as_ink(run: Run, picture: Array) -> bool:
    """Return whether a picture is drawn as ink on paper: one of the network's own size, if its images are."""
    return picture.shape == run.spec.input_shape[1:] and look_of(run) is Look.INK


def _head_cm(found: Responses) -> float:
    """Return what the words above the filters take: those of deep ones have two lines."""
    return HEAD_CM if found.filters.shape[1] > 1 else 0.5


def _draw_filters(
    sheet: Sheet, found: Responses, words: Mapping[str, str], *, scale: Scale, coloured: bool
) -> None:
    """Draw the filters, right of a picture, in the order of their responses, and go on below both."""
    x = MARGIN_CM + _PICTURE_CM + _BETWEEN_CM
    deep = found.filters.shape[1] > 1
    title = "learned_deep_filters" if deep else "learned_filters"
    sheet.head(
        x, *words["learned_colours" if coloured else title].format(parameter=found.parameter).split("\n")
    )
    y = sheet.y + _head_cm(found)
    scaled = on_own_scales(found.filters) if scale == "own" else on_one_scale(found.filters)
    tiles = beside_its_channels(scaled.tiles) if coloured else scaled.tiles
    mosaic = _arranged(tiles, sheet.width - MARGIN_CM - x)
    if coloured:
        sheet.show_pictures(mosaic, x, y, Look.COLOURS)
    else:
        sheet.show(mosaic, x, y)
    if not deep:
        sheet.number(mosaic, x, y, [str(i + 1) for i in range(len(found.filters))])
        sheet.bars(mosaic, x, y, scaled.shares)
    sheet.y = y + max(_PICTURE_CM, mosaic.height_cm) + 0.3


def _arranged(filters: Array, width: float) -> Mosaic:
    """Arrange filters (F, C, kh, kw) about as high as the picture; deep ones a column each."""
    n_filters, n_channels, kh, kw, *colours = filters.shape
    if n_channels > 1:
        by_channel = filters.swapaxes(0, 1).reshape(n_channels * n_filters, kh, kw, *colours)
        tallest = _PICTURE_CM * n_filters * kw / (n_channels * kh)
        return Mosaic(by_channel, n_filters, min(width, tallest), PLAIN)
    for columns in range(1, n_filters + 1):
        mosaic = Mosaic(filters[:, 0], columns, min(width, 2.0 * columns), MEASURED)
        if mosaic.height_cm <= _TALLEST_CM:
            break
    return mosaic


def _alt(run: Run, picture: Array, found: Responses, lang: str) -> str:
    words = words_in(lang)
    return words["applied_alt"].format(
        h=picture.shape[-2],
        w=picture.shape[-1],
        filters=counted(words, "filters", len(found.raw)),
        layer=found.layer,
        network=run.spec.name,
        setting=setting(run, lang),
        low=found.raw.min(),
        high=found.raw.max(),
        share=words.percent(float(np.mean(found.raw > 0)), 0),
    )
