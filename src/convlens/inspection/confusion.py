"""The confusion matrix: how often each class was taken for each other one."""

from collections.abc import Sequence

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage

from convlens._typing import IntArray
from convlens.arguments import as_annotated
from convlens.findings.answers import Answers, answers
from convlens.inspection.drawing.fonts import drawable_language
from convlens.inspection.drawing.style import FAINT, finished, new_figure, styled
from convlens.inspection.groups import setting
from convlens.inspection.words import words_in
from convlens.runs import Run

__all__ = ["confusion"]

_MOST_WRITTEN = 20  # classes; beyond them there is no room for numbers, and colours must do
_MOST_SAID = 5
_HEIGHT_CM = 12.0
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
        figure = new_figure(_HEIGHT_CM)
        axes = figure.subplots()
        names, matrix = found.among_classes
        image = _colour(axes, matrix)
        if len(names) <= _MOST_WRITTEN:
            _write(axes, matrix)
        else:
            figure.colorbar(image, ax=axes, label=words["test_images"])
        _name(axes, names)
        axes.set_xlabel(words["answer"])
        axes.set_ylabel(words["right_answer"])
        title = words["confusion_title"].format(network=run.spec.name, n=len(found.right))
        figure.suptitle(f"{title}\n{setting(run, drawable_language(lang))}")
        return finished(figure, lang, _alt(run, found, lang))


def _colour(axes: Axes, matrix: IntArray) -> AxesImage:
    """Draw the mistakes as colours, the lightest for one and none for none."""
    mistakes = np.ma.masked_equal(matrix * (1 - np.eye(len(matrix), dtype=int)), 0)
    most = max(1, int(mistakes.max() or 0)) if mistakes.count() else 1
    colours = colormaps["Oranges"].with_extremes(bad="white")
    return axes.imshow(mistakes, cmap=colours, vmin=0, vmax=_LIGHTER * most)


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
    axes.set_xticks(range(n), names, rotation=90 if max(map(len, names)) > _UPRIGHT else 0)
    axes.set_yticks(range(n), names)
    between = np.arange(n + 1) - 0.5
    axes.set_xticks(between, minor=True)
    axes.set_yticks(between, minor=True)
    axes.grid(which="minor", color=FAINT, linewidth=0.6)
    axes.tick_params(which="both", length=0)
    axes.spines[:].set_visible(False)


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
