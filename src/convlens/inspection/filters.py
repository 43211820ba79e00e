"""Filters before and after training and how they changed, on one colour scale."""

from collections.abc import Mapping
from math import ceil, sqrt

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from convlens._typing import Array
from convlens.errors import UsageError
from convlens.inspection.fonts import language
from convlens.inspection.groups import setting
from convlens.inspection.mosaic import Mosaic, number, show
from convlens.inspection.style import DIVERGING, finished, new_figure, styled
from convlens.inspection.weights import Weights, weights
from convlens.inspection.words import by, counted, words_in
from convlens.training import Run

__all__ = ["ORDERS", "filters"]

ORDERS = ("index", "change")
"""Orders of the filters: their own, or the most changed one first."""

_BLOCK_CM, _GRID_CM, _STACKED_CM = 4.9, 4.5, 14.5
_TALLEST_CM = 17.0
_WIDE = 200  # pixels of a grid's width from which the three blocks stand below each other
_PER_LABEL_CM = 0.45


def filters(
    run: Run,
    layer: str | None = None,
    *,
    channel: int | None = None,
    order: str = "index",
    lang: str = "en",
) -> Figure:
    """Draw a layer's filters before training, after it, and the change, on ONE symmetric colour scale.

    First weights are small (standard deviation 0.01), so the block before training is pale:
    that is how it is.

    Args:
        run: a finished run.
        layer: its name ("C3") or its weights' name ("W2"); None for the first with filters.
        channel: the input channel to show, numbered from 1; None for all: a grid with a row a filter
            and a column an input channel.
        order: "index", or "change" for the most changed filter first (numbers stay the filters' own).
        lang: "en", "ko" or "ja".

    Raises:
        UsageError: there are no such filters, channel or order.
    """
    found = weights(run, layer)
    _check(found, channel, order)
    rows = np.arange(len(found.after))
    if order == "change":
        rows = np.argsort(-np.abs(found.change).reshape(len(rows), -1).sum(axis=1), kind="stable")
    shown = slice(None) if channel is None else slice(channel - 1, channel)
    parts = {"before": found.before, "after": found.after, "change": found.change}
    blocks = {name: part[rows, shown] for name, part in parts.items()}
    with styled(lang) as words:
        figure = _draw(blocks, rows + 1, words)
        figure.suptitle(_title(run, found, channel, order, language(lang)))
        return finished(figure, lang, _alt(run, found.layer, blocks, lang))


def _check(found: Weights, channel: int | None, order: str) -> None:
    if order not in ORDERS:
        raise UsageError(f"`order` of filters must be one of {', '.join(ORDERS)}. Got {order!r}.")
    n_channels = found.after.shape[1]
    if channel is not None and not 1 <= channel <= n_channels:
        raise UsageError(f"`channel` of {found.layer} must be from 1 to {n_channels}. Got {channel}.")


def _draw(blocks: Mapping[str, Array], numbers: Array, words: Mapping[str, str]) -> Figure:
    """Draw three blocks (F, C, kh, kw) with one colour bar."""
    limit = max(float(np.abs(block).max()) for block in blocks.values()) or 1.0
    as_grid = blocks["after"].shape[1] > 1
    mosaics = {name: _grid(block) if as_grid else _sheet(block[:, 0]) for name, block in blocks.items()}
    figure, axes, size_cm = _three(mosaics["after"], as_grid)
    for one, (name, mosaic) in zip(axes, mosaics.items(), strict=True):
        image = show(one, mosaic, DIVERGING, (-limit, limit))
        largest = words["largest_change" if name == "change" else "largest_weight"]
        one.set_title(f"{words[name]}\n{largest.format(value=np.abs(blocks[name]).max())}")
        if as_grid:
            _number_grid(one, mosaic, numbers, size_cm)
            one.set_xlabel(words["input_channel"])
            one.set_ylabel(words["filter"])
        else:
            number(one, mosaic, numbers, size_cm[1])
    bar = figure.colorbar(image, ax=axes, location="bottom", shrink=0.5, aspect=35, pad=0.03)
    bar.set_label(words["weight_scale"])
    return figure


def _sheet(tiles: Array) -> Mosaic:
    """Arrange filters (F, kh, kw) about as wide as high."""
    return Mosaic.numbered(tiles, max(1, ceil(sqrt(0.8 * len(tiles)))), _BLOCK_CM)


def _grid(block: Array) -> Mosaic:
    """Arrange filters (F, C, kh, kw): a row a filter, a column an input channel."""
    n_filters, n_channels, kh, kw = block.shape
    return Mosaic(block.reshape(n_filters * n_channels, kh, kw), n_channels, (1, 1))


def _three(block: Mosaic, as_grid: bool) -> tuple[Figure, list[Axes], tuple[float, float]]:
    """Return a figure with axes for three blocks, and a block's height and width in centimetres.

    They stand side by side, but wide grids below each other.
    """
    height, width = block.size
    below = as_grid and width > _WIDE
    widest = (_STACKED_CM if below else _GRID_CM) if as_grid else _BLOCK_CM
    height_cm = min(widest * height / width, _TALLEST_CM)
    words_cm = 2.0 if as_grid else 1.8
    figure = new_figure((3 if below else 1) * (height_cm + words_cm) + 2.4)
    axes = figure.subplots(3, 1) if below else figure.subplots(1, 3)
    return figure, list(axes), (height_cm, height_cm * width / height)


def _number_grid(axes: Axes, mosaic: Mosaic, numbers: Array, size_cm: tuple[float, float]) -> None:
    """Number the rows and the columns of a grid that is `size_cm` high and wide."""
    _, h, w = mosaic.tiles.shape
    across = _thinned(mosaic.columns, size_cm[1])
    axes.set_xticks([mosaic.corner(i)[1] + (w - 1) / 2 for i in across], [str(i + 1) for i in across])
    down = _thinned(len(numbers), size_cm[0])
    places = [mosaic.corner(i * mosaic.columns)[0] + (h - 1) / 2 for i in down]
    axes.set_yticks(places, [str(numbers[i]) for i in down])
    axes.tick_params(length=0, pad=2, labelsize=6.5)


def _thinned(count: int, room_cm: float) -> range:
    """Return which of `count` labels have room."""
    return range(0, count, max(1, ceil(count * _PER_LABEL_CM / room_cm)))


def _title(run: Run, found: Weights, channel: int | None, order: str, lang: str) -> str:
    words = words_in(lang)
    count, _, kh, kw = found.after.shape
    title = words["filters_title"].format(
        network=run.spec.name,
        filters=counted(words, "filters", count),
        size=by(kh, kw),
        layer=found.layer,
        parameter=found.parameter,
    )
    more = [] if channel is None else [words["of_channel"].format(n=channel)]
    more += [words["by_change"]] if order == "change" else []
    return f"{words['comma'].join([title, *more])}\n{setting(run, lang)}"


def _alt(run: Run, layer: str, blocks: Mapping[str, Array], lang: str) -> str:
    words = words_in(lang)
    largest = {name: float(np.abs(block).max()) for name, block in blocks.items()}
    return words["filters_alt"].format(
        filters=counted(words, "filters", len(blocks["after"])),
        layer=layer,
        network=run.spec.name,
        setting=setting(run, lang),
        limit=max(largest.values()),
        **largest,
    )
