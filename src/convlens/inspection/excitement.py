"""What excites a filter: the patches of test images to which it responds most."""

from collections.abc import Callable, Mapping
from math import ceil, sqrt

import numpy as np
from matplotlib import colormaps
from matplotlib.figure import Figure

from convlens._typing import Array
from convlens.arguments import Count, as_annotated
from convlens.findings.exciting_patches import Patches, exciting_patches
from convlens.inspection.drawing.fonts import drawable_language
from convlens.inspection.drawing.mosaic import Mosaic, number, show_colours
from convlens.inspection.drawing.style import DIVERGING, FAINT, WIDTH_CM, finished, new_figure, styled
from convlens.inspection.groups import setting
from convlens.inspection.words import by, counted, words_in
from convlens.runs import Run

__all__ = ["excitement"]

_BLOCK_CM = WIDTH_CM - 1.0
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
    tiles = _tiles(found)
    with styled(lang) as words:
        _, h, w, _ = tiles.shape
        columns = min(len(tiles), ceil(sqrt(2.0 * len(tiles) * h / w)))
        mosaic = Mosaic.numbered(tiles[..., 0], columns, _BLOCK_CM)
        height_cm = _BLOCK_CM * mosaic.size[0] / mosaic.size[1]
        figure = new_figure(height_cm + 1.9)
        axes = figure.subplots()
        show_colours(axes, mosaic, tiles)
        number(axes, mosaic, [str(i + 1) for i in range(len(tiles))], _BLOCK_CM)
        axes.set_xlabel(_note(found, words))
        title = words["excitement_title"].format(network=run.spec.name, layer=found.layer)
        figure.suptitle(f"{title}\n{setting(run, drawable_language(lang))}")
        return finished(figure, lang, _alt(run, found, lang))


def _alt(run: Run, found: Patches, lang: str) -> str:
    words = words_in(lang)
    return words["excitement_alt"].format(
        filters=counted(words, "filters", len(found.filters)),
        layer=found.layer,
        network=run.spec.name,
        setting=setting(run, lang),
        n=found.n_images,
        size=by(*found.patches.shape[2:]),
        low=found.responses[:, 0].min(),
        high=found.responses[:, 0].max(),
    )


def _note(found: Patches, words: Mapping[str, str]) -> str:
    first = "excitement_beside" if found.filters.shape[1] == 1 else "excitement_deep"
    size = by(*found.patches.shape[2:])
    return words[first].format(size=size, n=found.n_images)


def _tiles(found: Patches) -> Array:
    """Return a coloured tile (h, w, 3) for each filter: its patches, and in the first layer itself."""
    tiles = []
    limit = float(np.abs(found.filters).max()) or 1.0
    for patches, weights in zip(found.patches, found.filters, strict=True):
        block = _three_by_three(patches)
        larger = max(1, ceil(_ACROSS / max(block.shape)))
        grey = np.kron(block, np.ones((larger, larger)))
        tile = colormaps["gray"](grey)[..., :3]
        tile[np.isnan(grey)] = _rgb(FAINT)
        if len(weights) == 1:
            tile = np.concatenate([_beside(weights[0] / limit, len(tile)), tile], axis=1)
        tiles.append(tile)
    return np.stack(tiles)


def _three_by_three(patches: Array) -> Array:
    n, h, w = patches.shape
    block = np.full((3 * h + 2, 3 * w + 2), np.nan)
    for i in range(n):
        y, x = divmod(i, 3)
        block[y * (h + 1) : y * (h + 1) + h, x * (w + 1) : x * (w + 1) + w] = patches[i]
    return block


def _beside(weights: Array, height: int) -> Array:
    """Return a filter (kh, kw) of -1 to 1 in colours, as large as fits into `height` pixels, with a gap."""
    larger = max(1, height // len(weights))
    coloured = colormaps[DIVERGING](np.kron((weights + 1) / 2, np.ones((larger, larger))))[..., :3]
    above = (height - len(coloured)) // 2
    canvas = np.tile(np.array(_rgb(FAINT)), (height, coloured.shape[1] + 1, 1))
    canvas[above : above + len(coloured), : coloured.shape[1]] = coloured
    return canvas


def _rgb(colour: str) -> tuple[float, ...]:
    return tuple(int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
