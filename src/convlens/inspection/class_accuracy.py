"""Accuracy by class, each with its interval."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from convlens.arguments import as_annotated
from convlens.errors import UsageError
from convlens.findings.answers import ClassAccuracy, answers
from convlens.inspection.drawing.fonts import drawable_language
from convlens.inspection.drawing.labels import short_names
from convlens.inspection.drawing.lines import TITLE_LINE_CM, heading
from convlens.inspection.drawing.style import BLUE, GREY, finished, grid, new_figure, styled
from convlens.inspection.groups import setting
from convlens.inspection.words import words_in
from convlens.runs import Run
from convlens.words import Words

__all__ = ["MOST", "class_accuracy"]

MOST = 200
"""So many classes one picture holds, a row each."""

_ROW_CM, _LOWEST_CM, _PAGE_CM = 0.62, 0.3, 22.0  # of a row, and where many rows shall fit a page
_LETTERS = 28  # of a class's name


@as_annotated
def class_accuracy(run: Run, *, lang: str = "en") -> Figure:
    """Draw the accuracy of each class on all test images, with Wilson's 95 % interval, and that of all.

    Args:
        run: a finished run.
        lang: "en", "ko" or "ja".

    Raises:
        UsageError: there are more than `MOST` classes.
    """
    found = answers(run)
    if len(found.by_class) > MOST:
        raise UsageError(f"class-accuracy shows up to {MOST} classes. Got {len(found.by_class):,}.")
    by_class, overall = found.by_class, float(np.mean(found.given == found.right))
    rows = range(len(by_class))
    with styled(lang) as words:
        row_cm = max(_LOWEST_CM, min(_ROW_CM, _PAGE_CM / len(by_class)))
        said = words["class_accuracy_title"].format(network=run.spec.name)
        title = heading([said, setting(run, drawable_language(lang))])
        figure = new_figure(row_cm * len(by_class) + 2.5 + TITLE_LINE_CM * len(title.splitlines()))
        axes = figure.subplots()
        ends = [(100 * one.interval.low, 100 * one.interval.high) for one in by_class]
        axes.hlines(rows, *zip(*ends, strict=True), color=BLUE, linewidth=2.2, alpha=0.45)
        axes.plot([100 * one.share for one in by_class], rows, "o", color=BLUE, markersize=4.5)
        axes.axvline(100 * overall, color=GREY, linewidth=0.8, linestyle="--")
        axes.set_yticks(rows, _named(by_class, words), fontsize=min(7.5, 21 * row_cm))
        axes.set_ylim(len(by_class) - 0.4, -0.6)
        axes.set_xlabel(words["test_accuracy_axis"])
        grid(axes, "x")
        every = words["accuracy_of_all"].format(accuracy=words.accuracy(overall, len(found.right)))
        handles = [
            Line2D([], [], marker="o", color=BLUE, linestyle="none", markersize=4.5, label=words["of_class"]),
            Line2D([], [], color=BLUE, linewidth=2.2, alpha=0.45, label=words["interval_of_class"]),
            Line2D([], [], color=GREY, linewidth=0.8, linestyle="--", label=every),
        ]
        figure.legend(handles=handles, loc="outside lower center", ncols=3)
        figure.suptitle(title)
        return finished(figure, lang, _alt(run, by_class, lang))


def _named(by_class: Sequence[ClassAccuracy], words: Words) -> list[str]:
    """Return what stands at the rows: a class's name, a short one, and of how many images it has."""
    names = short_names([one.name for one in by_class], _LETTERS)
    counts = [one.n_images for one in by_class]
    return [words["of_images"].format(name=name, n=n) for name, n in zip(names, counts, strict=True)]


def _alt(run: Run, by_class: Sequence[ClassAccuracy], lang: str) -> str:
    words = words_in(lang)
    listed = [f"{one.name}: {words.percent(one.share)}" for one in by_class]
    return words["class_accuracy_alt"].format(
        network=run.spec.name, setting=setting(run, lang), classes=words["comma"].join(listed)
    )
