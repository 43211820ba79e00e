"""What excites a filter: the patches of test images to which it responds most."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, sqrt

import numpy as np
from matplotlib import colormaps
from matplotlib.figure import Figure

from convlens._typing import Array, IntArray
from convlens.inspection.fonts import language
from convlens.inspection.groups import setting
from convlens.inspection.mosaic import Mosaic, number, show_colours
from convlens.inspection.style import DIVERGING, FAINT, WIDTH_CM, finished, new_figure, styled
from convlens.inspection.weights import layer_of
from convlens.inspection.words import by, counted, words_in
from convlens.interrupts import heed
from convlens.networks import Network
from convlens.runs import Run
from convlens.spec import NetworkSpec

__all__ = ["Patches", "excitement", "exciting_patches"]

_PATCHES = 9
_CHUNK = 100
_BLOCK_CM = WIDTH_CM - 1.0
_ACROSS = 15  # pixels that a block of nine patches should at least measure


@dataclass(frozen=True, eq=False)
class Patches:
    """The patches that excite each filter of a layer most, the strongest first.

    Attributes:
        layer, parameter: names of the layer and of its weights.
        filters: the weights, (F, C, kh, kw).
        patches: (F, 9, h, w) from 0 (black) to 1 (white): what the response is computed from. Fewer than
            nine where the test set is smaller.
        responses: (F, 9), without the activation.
        images: (F, 9), the numbers of the test images.
        n_images: on how many test images it was looked.
    """

    layer: str
    parameter: str
    filters: Array
    patches: Array
    responses: Array
    images: IntArray
    n_images: int


def exciting_patches(run: Run, layer: str | None = None, n_images: int | None = None) -> Patches:
    """Find the patches to which each filter of a layer responds most; from one image, one patch.

    Args:
        run: a finished run.
        layer: its name ("C3") or its weights' name ("W2"); None for the first with filters.
        n_images: how many images from the start of the test set are looked at; None for all.

    Raises:
        UsageError: there are no such filters.
    """
    row, parameter = layer_of(run, layer)
    network, images = run.network(), run.data.test.x[:n_images]
    strongest, place = _strongest(network, row.name, images)
    chosen = np.argsort(-strongest, axis=0, kind="stable")[:_PATCHES].T
    filters = np.arange(len(chosen))[:, None]
    window = _Window(run.spec, row.name)
    where = place[chosen, filters]
    width = row.output_shape[2]
    patches = [
        [window.cut(images[i], *divmod(int(at), width)) for i, at in zip(own, ats, strict=True)]
        for own, ats in zip(chosen, where, strict=True)
    ]
    return Patches(
        row.name,
        parameter,
        network.params[parameter],
        np.array(patches, np.float32),
        strongest[chosen, filters],
        chosen,
        len(images),
    )


def _strongest(network: Network, layer: str, images: Array) -> tuple[Array, IntArray]:
    """Return the strongest response of each filter to each image, (N, F), and its place in the map."""
    best, places = [], []
    for start in range(0, len(images), _CHUNK):
        heed()
        maps = network.activations(images[start : start + _CHUNK], layer)[layer]
        flat = maps.reshape(*maps.shape[:2], -1)
        places.append(flat.argmax(axis=2))
        best.append(np.take_along_axis(flat, places[-1][..., None], axis=2)[..., 0])
    return np.concatenate(best), np.concatenate(places)


class _Window:
    """What one output of a layer sees of the picture.

    Args:
        spec: the network.
        layer: the layer's name; only convolutions and poolings stand before it, and what keeps places.
    """

    def __init__(self, spec: NetworkSpec, layer: str) -> None:
        self.step, self.start = (1, 1), (0, 0)
        for row in spec.table:
            (sy, sx), (py, px) = self.step, row.layer.padding
            self.start = self.start[0] - py * sy, self.start[1] - px * sx
            self.step = sy * row.layer.step[0], sx * row.layer.step[1]
            if row.name == layer:
                self.size = row.receptive_field
                break

    def cut(self, image: Array, y: int, x: int) -> Array:
        """Return the patch of an image (C, H, W) of 0 to 255 below place (y, x), grey; 0 beyond its edges."""
        grey = image.mean(axis=0) / np.float32(255)
        (h, w), (height, width) = self.size[-2:], grey.shape
        top, left = self.start[0] + y * self.step[0], self.start[1] + x * self.step[1]
        patch = np.zeros((h, w), np.float32)
        rows = slice(max(0, top), min(height, top + h))
        columns = slice(max(0, left), min(width, left + w))
        seen = grey[rows, columns]
        down, right = rows.start - top, columns.start - left
        patch[down : down + seen.shape[0], right : right + seen.shape[1]] = seen
        return patch


def excitement(
    run: Run, layer: str | None = None, *, lang: str = "en", n_images: int | None = None
) -> Figure:
    """Draw the nine patches of test images that excite each filter most; in the first layer the filter, too.

    Args:
        run: a finished run.
        layer: its name ("C3") or its weights' name ("W2"); None for the first with filters.
        lang: "en", "ko" or "ja".
        n_images: how many images from the start of the test set are looked at; None for all.

    Raises:
        UsageError: there are no such filters.
    """
    found = exciting_patches(run, layer, n_images)
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
        figure.suptitle(f"{title}\n{setting(run, language(lang))}")
        said = words_in(lang)
        alt = said["excitement_alt"].format(
            filters=counted(said, "filters", len(tiles)),
            layer=found.layer,
            network=run.spec.name,
            setting=setting(run, lang),
            n=found.n_images,
            size=by(*found.patches.shape[2:]),
            low=found.responses[:, 0].min(),
            high=found.responses[:, 0].max(),
        )
        return finished(figure, lang, alt)


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
