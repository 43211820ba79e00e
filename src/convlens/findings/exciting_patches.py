"""The patches of test images to which a filter responds most, as arrays. Must not know figures or words."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from convlens._typing import Array, IntArray
from convlens.arguments import Count, as_annotated
from convlens.findings.looks import as_shown
from convlens.findings.weights import layer_of
from convlens.interrupts import heed
from convlens.networks import Network
from convlens.runs import Run

__all__ = ["Patches", "exciting_patches"]

_PATCHES = 9
_CHUNK = 100


@dataclass(frozen=True, eq=False)
class Patches:
    """The patches that excite each filter of a layer most, the strongest first.

    Attributes:
        layer, parameter: names of the layer and of its weights.
        filters: the weights, (F, C, kh, kw).
        patches: (F, 9, h, w) from 0 (black) to 1 (white), with colours (F, 9, h, w, 3): what the response is
            computed from. Fewer than nine where the test set is smaller.
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


@as_annotated
def exciting_patches(
    run: Run,
    layer: str | None = None,
    n_images: Count | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> Patches:
    """Find the patches to which each filter of a layer responds most; from one image, one patch.

    Args:
        run: a finished run.
        layer: its name ("C3") or its weights' name ("W2"); None for the first with filters.
        n_images: how many images from the start of the test set are looked at; None for all.
        on_progress: is told now and then how many images were looked at, of how many.

    Raises:
        UsageError: there are no such filters.
    """
    row, parameter = layer_of(run, layer)
    network, images = run.network(), run.data.test.x[:n_images]
    strongest, place = _strongest(network, row.name, images, on_progress)
    chosen = np.argsort(-strongest, axis=0, kind="stable")[:_PATCHES].T
    filters = np.arange(len(chosen))[:, None]
    window = _Window(run, row.name)
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


def _strongest(
    network: Network, layer: str, images: Array, on_progress: Callable[[int, int], None] | None
) -> tuple[Array, IntArray]:
    """Return the strongest response of each filter to each image, (N, F), and its place in the map."""
    best, places = [], []
    for start in range(0, len(images), _CHUNK):
        heed()
        maps = network.activations(images[start : start + _CHUNK], layer)[layer]
        flat = maps.reshape(*maps.shape[:2], -1)
        places.append(flat.argmax(axis=2))
        best.append(np.take_along_axis(flat, places[-1][..., None], axis=2)[..., 0])
        if on_progress is not None:
            on_progress(start + len(maps), len(images))
    return np.concatenate(best), np.concatenate(places)


class _Window:
    """What one output of a layer sees of the picture.

    Args:
        run: of the network.
        layer: the layer's name; only convolutions and poolings stand before it, and what keeps places.
    """

    def __init__(self, run: Run, layer: str) -> None:
        self.run = run
        steps, starts = [(1, 1)], [(0, 0)]  # of the picture, and of what row k gives at k + 1
        for row in run.spec.table:
            (sy, sx), ((py, _), (px, _)) = steps[row.reads[0] + 1], row.layer.borders(row.input_shape)
            before = [starts[number + 1] for number in row.reads]  # where ways join the widest one counts
            starts.append((min(y for y, _ in before) - py * sy, min(x for _, x in before) - px * sx))
            steps.append((sy * row.layer.step[0], sx * row.layer.step[1]))
            if row.name == layer:
                self.size, self.step, self.start = row.receptive_field, steps[-1], starts[-1]
                break

    def cut(self, image: Array, y: int, x: int) -> Array:
        """Return the patch of an image (C, H, W) of 0 to 255 below place (y, x); 0 beyond its edges."""
        shown = as_shown(self.run, image[None])[0]
        (h, w), (height, width) = self.size[-2:], shown.shape[:2]
        top, left = self.start[0] + y * self.step[0], self.start[1] + x * self.step[1]
        patch = np.zeros((h, w, *shown.shape[2:]), np.float32)
        rows = slice(max(0, top), min(height, top + h))
        columns = slice(max(0, left), min(width, left + w))
        seen = shown[rows, columns]
        down, right = rows.start - top, columns.start - left
        patch[down : down + seen.shape[0], right : right + seen.shape[1]] = seen
        return patch
