"""Filters before and after training and how they changed, on one colour scale."""

from collections.abc import Mapping, Sequence
from math import ceil, sqrt

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from convlens._typing import Array
from convlens.arguments import as_annotated
from convlens.errors import UsageError, shown
from convlens.findings.oddities import Oddities
from convlens.findings.weights import Weights, by_change, weights
from convlens.inspection.drawing.fonts import drawable_language
from convlens.inspection.drawing.mosaic import Mosaic, number, show
from convlens.inspection.drawing.style import DIVERGING, finished, new_figure, styled
from convlens.inspection.groups import setting
from convlens.inspection.words import by, counted, words_in
from convlens.runs import Run

__all__ = ["ORDERS", "as_mosaic", "filters"]

ORDERS = ("index", "change")
"""Orders of the filters: their own, or the most changed one first."""

_BLOCK_CM, _GRID_CM, _STACKED_CM = 4.9, 4.5, 14.5
_TALLEST_CM = 17.0
_WIDE = 200  # pixels of a grid's width from which the three blocks stand below each other
_PER_LABEL_CM = 0.45
_LINE_CM = 0.4  # of the words below the colour bar


@as_annotated
def filters(
    run: Run,
    layer: str | None = None,
    *,
    channel: int | None = None,
    order: str = "index",
    odd: Oddities | None = None,
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
        odd: from `oddities(run, layer)`: dead and twin filters are marked.
        lang: "en", "ko" or "ja".

    Raises:
        UsageError: there are no such filters, channel or order.
    """
    found = weights(run, layer)
    _check(found, channel, order)
    rows = by_change(found) if order == "change" else np.arange(len(found.after))
    shown = slice(None) if channel is None else slice(channel - 1, channel)
    parts = {"before": found.before, "after": found.after, "change": found.change}
    blocks = {name: part[rows, shown] for name, part in parts.items()}
    with styled(lang) as words:
        figure = _draw(blocks, [_label(int(row) + 1, odd) for row in rows], words, _legend(odd, words))
        figure.suptitle(_title(run, found, channel, order, drawable_language(lang)))
        legend = _legend(odd, words_in(lang))
        alt = _alt(run, found.layer, blocks, lang)
        return finished(figure, lang, f"{alt} {legend}" if legend else alt)


def _label(number: int, odd: Oddities | None) -> str:
    """Write a filter's number: 7† is dead, 2a and 3a are twins."""
    if odd is None:
        return str(number)
    if number in (odd.dead or ()):
        return f"{number}\N{DAGGER}"
    letters = [chr(ord("a") + i % 26) for i, group in enumerate(odd.twins) if number in group]
    return "".join([str(number), *letters])


def _legend(odd: Oddities | None, words: Mapping[str, str]) -> str:
    """Say what the marks mean, if there are any."""
    if odd is None:
        return ""
    told = []
    if odd.dead:
        numbers = words["comma"].join(map(str, odd.dead))
        told.append(words["dead"].format(numbers=numbers, n=odd.n_images))
    for i, group in enumerate(odd.twins):
        letter = chr(ord("a") + i % 26)
        told.append(words["twins"].format(letter=letter, numbers=words["comma"].join(map(str, group))))
    return "\n".join(told)


def _check(found: Weights, channel: int | None, order: str) -> None:
    if order not in ORDERS:
        raise UsageError(f"`order` of filters must be one of {', '.join(ORDERS)}. Got {shown(order)}.")
    n_channels = found.after.shape[1]
    if channel is not None and not 1 <= channel <= n_channels:
        raise UsageError(f"`channel` of {found.layer} must be from 1 to {n_channels}. Got {shown(channel)}.")


def _draw(
    blocks: Mapping[str, Array], numbers: Sequence[str], words: Mapping[str, str], legend: str
) -> Figure:
    """Draw three blocks (F, C, kh, kw) with one colour bar."""
    limit = max(float(np.abs(block).max()) for block in blocks.values()) or 1.0
    as_grid = blocks["after"].shape[1] > 1
    mosaics = {name: as_mosaic(block, _BLOCK_CM) for name, block in blocks.items()}
    figure, axes, size_cm = _three(mosaics["after"], as_grid, legend.count("\n") + 1 if legend else 0)
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
    bar.set_label("\n".join(filter(None, (words["weight_scale"], legend))))
    return figure


def as_mosaic(filters: Array, width_cm: float) -> Mosaic:
    """Arrange filters (F, C, kh, kw) in a block `width_cm` wide.

    With one input channel they stand about as wide as high, with room for numbers; with several there is a
    row for each filter and a column for each channel.
    """
    n_filters, n_channels, kh, kw = filters.shape
    if n_channels == 1:
        return Mosaic.numbered(filters[:, 0], max(1, ceil(sqrt(0.8 * n_filters))), width_cm)
    return Mosaic(filters.reshape(n_filters * n_channels, kh, kw), n_channels, (1, 1))


def _three(block: Mosaic, as_grid: bool, n_lines: int) -> tuple[Figure, list[Axes], tuple[float, float]]:
    """Return a figure with axes for three blocks, and a block's height and width in centimetres.

    They stand side by side, but wide grids below each other; below all there is room for `n_lines` of words.
    """
    height, width = block.size
    below = as_grid and width > _WIDE
    widest = (_STACKED_CM if below else _GRID_CM) if as_grid else _BLOCK_CM
    height_cm = min(widest * height / width, _TALLEST_CM)
    words_cm = 2.0 if as_grid else 1.8
    figure = new_figure((3 if below else 1) * (height_cm + words_cm) + 2.4 + _LINE_CM * n_lines)
    axes = figure.subplots(3, 1) if below else figure.subplots(1, 3)
    return figure, list(axes), (height_cm, height_cm * width / height)


def _number_grid(axes: Axes, mosaic: Mosaic, numbers: Sequence[str], size_cm: tuple[float, float]) -> None:
    """Number the rows and the columns of a grid that is `size_cm` high and wide."""
    _, h, w = mosaic.tiles.shape
    across = _thinned(mosaic.columns, size_cm[1])
    axes.set_xticks([mosaic.corner(i)[1] + (w - 1) / 2 for i in across], [str(i + 1) for i in across])
    down = _thinned(len(numbers), size_cm[0])
    places = [mosaic.corner(i * mosaic.columns)[0] + (h - 1) / 2 for i in down]
    axes.set_yticks(places, [numbers[i] for i in down])
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
