"""A data set as a network sees it: some pictures of each class, in their size and colours."""

from math import ceil

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from convlens._typing import Array
from convlens.arguments import as_annotated
from convlens.data import Dataset, DatasetPair
from convlens.inspection.drawing.labels import shortened
from convlens.inspection.drawing.style import GREY, WIDTH_CM, centimetres, finished, new_figure, styled
from convlens.inspection.words import by, words_in
from convlens.words import Words

__all__ = ["preview"]

_MARGIN_CM, _TITLE_CM = 0.35, 1.35
_BETWEEN_CM, _GAP_CM = 0.5, 0.08  # between blocks, and between pictures
_NAME_CM, _BELOW_CM = 0.45, 0.22  # above a row, and below it
_LETTERS_A_CM = 5.2
_LAYOUTS = ((10, 1, 12), (40, 2, 7), (100, 4, 4))
"""Up to so many classes stand in so many blocks side by side, with so many pictures of each."""
_CRISP = 64  # pixels of a side up to which each is drawn as a sharp square


@as_annotated
def preview(pair: DatasetPair, *, lang: str = "en") -> Figure:
    """Draw the first training images of each class, and say how many there are.

    Args:
        pair: of any size, grey or in colours, of any number of classes; of more than 100 the first.
        lang: "en", "ko" or "ja".
    """
    train, test = pair
    names = train.class_names[: _LAYOUTS[-1][0]]
    blocks, n_each = next((b, n) for most, b, n in _LAYOUTS if len(names) <= most)
    in_block = ceil(len(names) / blocks)
    block = (WIDTH_CM - 2 * _MARGIN_CM - (blocks - 1) * _BETWEEN_CM) / blocks
    wide = (block - (n_each - 1) * _GAP_CM) / n_each
    high = wide * train.images.shape[2] / train.images.shape[3]
    pitch = _NAME_CM + high + _BELOW_CM
    with styled(lang) as words:
        height = _TITLE_CM + in_block * pitch + _MARGIN_CM
        figure, axes = _sheet(height)
        for label, name in enumerate(names):
            column, row = divmod(label, in_block)
            x, y = _MARGIN_CM + column * (block + _BETWEEN_CM), _TITLE_CM + row * pitch
            counts = [int((part.labels == label).sum()) for part in pair]
            told = words("preview_class", n=counts[0], tests=counts[1])
            _head(axes, x, y, (name, told), block)
            _row(axes, _first(train, label, n_each), (x, y + _NAME_CM), (wide, high))
        figure.suptitle(_title(words, pair), y=1 - 0.15 / height)
        return finished(figure, lang, _alt(words_in(lang), train, test))


def _sheet(height: float) -> tuple[Figure, Axes]:
    """Return a figure with one pair of axes in centimetres, from the upper left corner."""
    figure = new_figure(height, layout=None)
    figure.set_size_inches(centimetres(WIDTH_CM, height))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set_autoscale_on(False)
    axes.set_xlim(0, WIDTH_CM)
    axes.set_ylim(height, 0)
    return figure, axes


def _first(part: Dataset, label: int, n: int) -> Array:
    """Return the first pictures of a class with their colours, (n, H, W, 3), bytes."""
    images = part.images[np.flatnonzero(part.labels == label)[:n]]
    return np.moveaxis(np.broadcast_to(images, (len(images), 3, *images.shape[2:])), 1, -1)


def _head(axes: Axes, x: float, y: float, told: tuple[str, str], room: float) -> None:
    """Write a class's name, as much of it as there is room for, and at the right its counts."""
    name, counts = told
    y += _NAME_CM - 0.1
    axes.text(x + room, y, counts, ha="right", va="baseline", fontsize=6.5, color=GREY)
    short = shortened(name, int(room * _LETTERS_A_CM) - len(counts))
    axes.text(x, y, short, va="baseline", fontsize=8, fontweight="bold")


def _row(axes: Axes, images: Array, corner: tuple[float, float], size: tuple[float, float]) -> None:
    """Draw pictures side by side."""
    (x, y), (wide, high) = corner, size
    how = "none" if max(images.shape[1:3]) <= _CRISP else "antialiased"
    for k, image in enumerate(images):
        left = x + k * (wide + _GAP_CM)
        axes.imshow(image, extent=(left, left + wide, y + high, y), aspect="auto", interpolation=how)


def _title(words: Words, pair: DatasetPair) -> str:
    train, test = pair
    size = by(*train.images.shape[2:])
    n_classes = len(train.class_names)
    kind = "preview_colours" if train.images.shape[1] == 3 else "preview_grey"
    counts = {"n": len(train), "tests": len(test), "classes": n_classes}
    return f"{words('preview_title', name=train.name, size=size, **counts)}\n{words(kind)}"


def _alt(words: Words, train: Dataset, test: Dataset) -> str:
    listed = words.series(train.class_names)
    return words("preview_alt", name=train.name, n=len(train), tests=len(test), listed=listed)
