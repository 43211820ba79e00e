"""The confusion matrix: how often each class was taken for each other one."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage

from convlens._typing import IntArray
from convlens.arguments import as_annotated
from convlens.findings.answers import Answers, answers
from convlens.inspection.drawing.fonts import drawable_language
from convlens.inspection.drawing.labels import columns_of, short_names, shortened
from convlens.inspection.drawing.lines import heading
from convlens.inspection.drawing.style import FAINT, finished, new_figure, styled
from convlens.inspection.groups import setting
from convlens.inspection.words import words_in
from convlens.runs import Run

__all__ = ["confusion"]

_MOST_WRITTEN = 20  # classes; beyond them there is no room for numbers, and colours must do
_MOST_SAID = 5
_HEIGHT_CM, _TALLEST_CM, _ROW_CM = 12.0, 25.0, 0.21
_LETTERS, _FEWER_LETTERS = 20, 16  # of a class's name; of many classes, behind its number
_MOST_NUMBERS = 50  # classes of which each column has its number
_UPRIGHT = 3  # letters of a class's name that stand side by side above the columns
_LIGHTER = 1.6  # so much beyond the most frequent mistake the scale goes: black numbers stay readable


@as_annotated
def confusion(run: Run, *, lang: str = "en") -> Figure:
    """Draw how often each class (a row) was answered as each class (a column), over all test images.

    Mistakes are coloured by their number, right answers on the diagonal are not. Classes that no image is of
    and no answer gives are left out.

    Args:
        run: a finished run.
        lang: "en", "ko" or "ja".
    """
    found = answers(run)
    with styled(lang) as words:
        names, matrix = found.among_classes
        figure = new_figure(max(_HEIGHT_CM, min(_TALLEST_CM, 4 + _ROW_CM * len(names))))
        axes = figure.subplots()
        image = _colour(axes, matrix)
        if len(names) <= _MOST_WRITTEN:
            _write(axes, matrix)
        else:
            figure.colorbar(
                image, ax=axes, label=words["test_images"], location="bottom", aspect=40, shrink=0.5
            )
        _name(axes, names)
        axes.set_xlabel(words["answer"])
        axes.set_ylabel(words["right_answer"])
        said = words["confusion_title"].format(network=run.spec.name, n=len(found.right))
        figure.suptitle(heading([said, setting(run, drawable_language(lang))]))
        return finished(figure, lang, _alt(run, found, lang))


def _colour(axes: Axes, matrix: IntArray) -> AxesImage:
    """Draw the mistakes as colours, the lightest for one and none for none."""
    mistakes = np.ma.masked_equal(matrix * (1 - np.eye(len(matrix), dtype=int)), 0)
    most = max(1, int(mistakes.max() or 0)) if mistakes.count() else 1
    colours = colormaps["Oranges"].with_extremes(bad="white")
    aspect: Literal["equal", "auto"] = (
        "equal" if len(matrix) <= _MOST_NUMBERS else "auto"
    )  # many rows need room for their names
    return axes.imshow(mistakes, cmap=colours, vmin=0, vmax=_LIGHTER * most, aspect=aspect)


def _write(axes: Axes, matrix: IntArray) -> None:
    """Write the numbers; where there is no mistake, nothing."""
    for (row, column), count in np.ndenumerate(matrix):
        if count or row == column:
            weight = "bold" if row == column else "normal"
            axes.text(column, row, f"{count:,}", ha="center", va="center", fontsize=7, fontweight=weight)


def _name(axes: Axes, names: Sequence[str]) -> None:
    """Write the classes at the rows and above the columns, and draw lines between them."""
    n = len(names)
    axes.xaxis.tick_top()
    axes.xaxis.set_label_position("top")
    letters = max(map(columns_of, names))
    if n <= _MOST_WRITTEN or (n <= _MOST_NUMBERS and letters <= _UPRIGHT):
        short = short_names(names, _LETTERS)
        axes.set_xticks(range(n), short, rotation=90 if max(map(columns_of, short)) > _UPRIGHT else 0)
        axes.set_yticks(range(n), short)
    else:
        _number(axes, names)
    between = np.arange(n + 1) - 0.5
    axes.set_xticks(between, minor=True)
    axes.set_yticks(between, minor=True)
    axes.grid(which="minor", color=FAINT, linewidth=0.6 if n <= _MOST_NUMBERS else 0.3)
    axes.tick_params(which="both", length=0)
    axes.spines[:].set_visible(False)


def _number(axes: Axes, names: Sequence[str]) -> None:
    """Write many classes with their numbers, from 1, at the rows, and the numbers alone above the columns.

    Of more classes than have room every second, third, … one is written.
    """
    n = len(names)
    step = max(1, round(n * _ROW_CM / (_TALLEST_CM - 4)))
    size = max(4.2, min(7.5, 170 / n))
    each = range(0, n, step)
    axes.set_yticks(each, [f"{i + 1} {shortened(names[i], _FEWER_LETTERS)}" for i in each], fontsize=size)
    columns = range(0, n, step if n <= _MOST_NUMBERS else 5 * step)
    axes.set_xticks(columns, [str(i + 1) for i in columns], fontsize=max(size, 5.0))


def _alt(run: Run, found: Answers, lang: str) -> str:
    words = words_in(lang)
    wrong = int((found.given != found.right).sum())
    known = {"network": run.spec.name, "setting": setting(run, lang), "n": len(found.right), "wrong": wrong}
    sentences = [words["confusion_alt"].format(**known)]
    pairs = [
        words["confused"].format(right=found.names[right], given=found.names[given], n=times)
        for right, given, times in found.confusions[:_MOST_SAID]
    ]
    if pairs:
        sentences.append(words["confusion_alt_most"].format(pairs=words["comma"].join(pairs)))
    return " ".join(sentences)
