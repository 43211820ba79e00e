"""What excites a filter: the patches of test images to which it responds most."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from math import ceil, sqrt

import numpy as np
from matplotlib.figure import Figure

from convlens._typing import Array
from convlens.arguments import Count, as_annotated
from convlens.findings.exciting_patches import Patches, exciting_patches
from convlens.findings.looks import Look, look_of, sees_colours
from convlens.findings.responses import activation_after
from convlens.inspection.drawing.coloured import as_colour, in_colours, rgb
from convlens.inspection.drawing.fonts import drawable_language
from convlens.inspection.drawing.mosaic import NUMBERED, Mosaic
from convlens.inspection.drawing.palette import DIVERGING, FAINT
from convlens.inspection.drawing.scales import on_own_scales
from convlens.inspection.drawing.sheet import MARGIN_CM, Sheet
from convlens.inspection.drawing.style import WIDTH_CM, styled
from convlens.inspection.groups import setting
from convlens.inspection.words import by, counted, words_in
from convlens.runs import Run

__all__ = ["excitement"]

_BLOCK_CM = WIDTH_CM - 2 * MARGIN_CM
_ACROSS = 15  # pixels that a block of nine patches should at least measure


@as_annotated
def excitement(
    run: Run,
    layer: str | None = None,
    *,
    lang: str = "en",
    n_images: Count | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> Figure:
    """Draw the nine patches of test images that excite each filter most; in the first layer the filter, too.

    Args:
        run: a finished run.
        layer: its name ("C3") or its weights' name ("W2"); None for the first with filters.
        lang: "en", "ko" or "ja".
        n_images: how many images from the start of the test set are looked at; None for all.
        on_progress: is told now and then how many images were looked at, of how many.

    Raises:
        UsageError: there are no such filters.
    """
    found = exciting_patches(run, layer, n_images, on_progress)
    tiles = _tiles(found, look_of(run), coloured=sees_colours(run, found.layer))
    dead = _dead(run, found)
    with styled(lang) as words:
        title = words["excitement_title"].format(network=run.spec.name, layer=found.layer)
        sheet = Sheet(f"{title}\n{setting(run, drawable_language(lang))}")
        _, h, w, _ = tiles.shape
        columns = min(len(tiles), ceil(sqrt(2.0 * len(tiles) * h / w)))
        mosaic = Mosaic(tiles[..., 0], columns, _BLOCK_CM, NUMBERED)
        sheet.write_lines([_note(run, found, words)])
        sheet.y += 0.15
        tiles[dead] = rgb(FAINT)
        if run.is_coloured:
            sheet.show_pictures(replace(mosaic, tiles=tiles), MARGIN_CM, sheet.y, Look.COLOURS)
        else:
            sheet.show_colours(mosaic, MARGIN_CM, sheet.y, mosaic.coloured(tiles, rgb(FAINT)))
        sheet.number(mosaic, MARGIN_CM, sheet.y, [str(i + 1) for i in range(len(tiles))])
        sheet.say_in(mosaic, MARGIN_CM, sheet.y, dict.fromkeys(dead, words["never_reacts"]))
        sheet.y += mosaic.height_cm + 0.3
        return sheet.finished(lang, _alt(run, found, dead, lang))


def _dead(run: Run, found: Patches) -> list[int]:
    """Return the places of filters whose strongest response is none: nothing excites them."""
    following = activation_after(run, found.layer)
    by_name = {row.name: row.layer for row in run.spec.table}
    if following is None or not by_name[following[0]].zero_below_zero:
        return []
    return np.flatnonzero(found.responses.max(axis=1) <= 0).tolist()


def _alt(run: Run, found: Patches, dead: list[int], lang: str) -> str:
    words = words_in(lang)
    said = words["excitement_alt"].format(
        filters=counted(words, "filters", len(found.filters)),
        layer=found.layer,
        network=run.spec.name,
        setting=setting(run, lang),
        n=found.n_images,
        size=by(*found.patches.shape[2:4]),
        low=found.responses[:, 0].min(),
        high=found.responses[:, 0].max(),
    )
    numbers = words["comma"].join(str(place + 1) for place in dead)
    return f"{said} {words['dead'].format(numbers=numbers, n=found.n_images)}" if dead else said


def _note(run: Run, found: Patches, words: Mapping[str, str]) -> str:
    is_first = found.filters.shape[1] == 1 or sees_colours(run, found.layer)
    size = by(*found.patches.shape[2:4])
    return words["excitement_beside" if is_first else "excitement_deep"].format(size=size, n=found.n_images)


def _tiles(found: Patches, look: Look, *, coloured: bool) -> Array:
    """Return a coloured tile (h, w, 3) for each filter: its patches, and in the first layer itself."""
    tiles = []
    own = on_own_scales(found.filters).tiles
    for patches, weights in zip(found.patches, own, strict=True):
        block = _three_by_three(patches)
        larger = max(1, ceil(_ACROSS / max(block.shape[:2])))
        tile = in_colours(_enlarged(block, larger), look)
        if coloured:
            tile = np.concatenate([_beside(as_colour(weights), len(tile)), tile], axis=1)
        elif len(weights) == 1:
            filter_alone = np.asarray(DIVERGING((weights[0] + 1) / 2)[..., :3])
            tile = np.concatenate([_beside(filter_alone, len(tile)), tile], axis=1)
        tiles.append(tile)
    return np.stack(tiles)


def _three_by_three(patches: Array) -> Array:
    """Return nine patches (9, h, w), or with colours (9, h, w, 3), as one block, NaN between them."""
    n, h, w, *colours = patches.shape
    block = np.full((3 * h + 2, 3 * w + 2, *colours), np.nan)
    for i in range(n):
        y, x = divmod(i, 3)
        block[y * (h + 1) : y * (h + 1) + h, x * (w + 1) : x * (w + 1) + w] = patches[i]
    return block


def _enlarged(picture: Array, times: int) -> Array:
    return picture.repeat(times, axis=0).repeat(times, axis=1)


def _beside(coloured: Array, height: int) -> Array:
    """Return a filter in colours (kh, kw, 3), as large as fits into `height` pixels, with a gap."""
    coloured = _enlarged(coloured, max(1, height // len(coloured)))
    above = (height - len(coloured)) // 2
    canvas = np.tile(np.array(rgb(FAINT)), (height, coloured.shape[1] + 1, 1))
    canvas[above : above + len(coloured), : coloured.shape[1]] = coloured
    return canvas
