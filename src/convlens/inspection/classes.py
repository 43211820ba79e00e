"""Several test images of every class through the filters, raw and after the activation, on common scales."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage

from convlens._typing import Array, IntArray
from convlens.arguments import as_annotated
from convlens.errors import UsageError, shown
from convlens.findings.responses import activation_after
from convlens.findings.weights import by_change, layer_of, weights
from convlens.inspection.drawing.fonts import drawable_language
from convlens.inspection.drawing.mosaic import Mosaic, show
from convlens.inspection.drawing.style import (
    DIVERGING,
    SEQUENTIAL,
    finished,
    new_figure,
    styled,
)
from convlens.inspection.groups import setting
from convlens.inspection.words import words_in
from convlens.runs import Run

__all__ = ["classes"]

_MOST_FILTERS, _MOST_ROWS = 7, 30
_WIDTH_CM, _BAR_CM = 15.0, 1.6


@as_annotated
def classes(run: Run, layer: str | None = None, *, per_class: int = 2, lang: str = "en") -> Figure:
    """Draw the first test images of every class, a row each, and the responses of the most changed filters.

    All raw responses share one symmetric colour scale, all values after the activation one from zero up.

    Args:
        run: a finished run whose pictures are grey.
        layer: its name ("C3") or its weights' name ("W2"); None for the first with filters.
        per_class: images of each class, 1 to 30; there are 30 rows at most.
        lang: "en", "ko" or "ja".

    Raises:
        UsageError: there are no such filters, the pictures have colours, or `per_class` is out of range.
    """
    if not 1 <= per_class <= _MOST_ROWS:
        raise UsageError(f"`per_class` of classes must be from 1 to {_MOST_ROWS}. Got {shown(per_class)}.")
    if not run.is_grey:
        raise UsageError(f"classes shows grey pictures. {run.spec.name} takes {len(run.channels)} channels.")
    row, _ = layer_of(run, layer)
    chosen = by_change(weights(run, layer))[:_MOST_FILTERS]
    images = _of_every_class(run.data.test.t, per_class)
    outputs = run.network().activations(run.data.test.x[images])
    raw = outputs[row.name][:, chosen]
    activation = activation_after(run, row.name)
    active = None if activation is None else outputs[activation[0]][:, chosen]
    with styled(lang) as words:
        figure, axes = _draw(run, images, len(chosen), 1 if active is None else 2)
        numbers = [str(number + 1) for number in chosen]
        limit = float(np.abs(raw).max()) or 1.0
        _maps(axes[0], raw, numbers, (DIVERGING, -limit, limit), words["response"])
        axes[0].set_title(words["classes_raw"])
        if active is not None and activation is not None:
            look = SEQUENTIAL, 0.0, float(active.max())
            _maps(axes[1], active, numbers, look, words["response"])
            axes[1].set_title(words["classes_active"].format(activation=activation[1]))
        title = words["classes_title"].format(network=run.spec.name, layer=row.name)
        figure.suptitle(f"{title}\n{setting(run, drawable_language(lang))}")
        return finished(figure, lang, _alt(run, row.name, numbers, raw, lang))


def _alt(run: Run, layer: str, numbers: list[str], raw: Array, lang: str) -> str:
    words = words_in(lang)
    return words["classes_alt"].format(
        n=len(raw),
        layer=layer,
        network=run.spec.name,
        setting=setting(run, lang),
        filters=words["comma"].join(numbers),
        low=raw.min(),
        high=raw.max(),
    )


def _of_every_class(labels: IntArray, per_class: int) -> list[int]:
    """Return the numbers of the first images of every class, as many classes as have room."""
    rows = [np.flatnonzero(labels == name)[:per_class].tolist() for name in np.unique(labels)]
    return [number for row in rows for number in row][:_MOST_ROWS]


def _draw(run: Run, images: list[int], n_filters: int, n_blocks: int) -> tuple[Figure, list[Axes]]:
    """Return a figure with the pictures, and axes for so many blocks of maps beside them."""
    ratios = [1.0, *([float(n_filters)] * n_blocks)]
    tile_cm = (_WIDTH_CM - _BAR_CM) / sum(ratios)
    figure = new_figure(tile_cm * len(images) + 3.6)
    first, *others = figure.subplots(1, len(ratios), width_ratios=ratios)
    pictures = run.preprocessing.apply(run.data.test.x[images, 0], "float32")
    _block(first, pictures[:, None], "gray", (0.0, 1.0))
    names = [run.class_names[int(label)] for label in run.data.test.t[images]]
    h = pictures.shape[1]
    first.set_yticks([i * (h + 1) + 1 + (h - 1) / 2 for i in range(len(names))], names)
    first.tick_params(length=0, pad=2)
    return figure, others


def _maps(axes: Axes, maps: Array, numbers: list[str], look: tuple[str, float, float], label: str) -> None:
    """Draw maps (images, filters, h, w) below their filters' numbers, with a colour bar."""
    colours, low, high = look
    image = _block(axes, maps, colours, (low, high or 1.0))
    w = maps.shape[3]
    axes.set_xticks([i * (w + 1) + 1 + (w - 1) / 2 for i in range(len(numbers))], numbers)
    axes.tick_params(length=0, pad=2)
    axes.xaxis.tick_top()
    figure = axes.get_figure()
    if figure is not None:
        figure.colorbar(image, ax=axes, location="bottom", label=label, aspect=30, pad=0.02)


def _block(axes: Axes, tiles: Array, colours: str, scale: tuple[float, float]) -> AxesImage:
    """Draw tiles (rows, columns, h, w)."""
    rows, columns, h, w = tiles.shape
    return show(axes, Mosaic(tiles.reshape(rows * columns, h, w), columns, (1, 1)), colours, scale)
