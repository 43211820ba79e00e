"""Any experiments compared by their test accuracy: every run a dot, means and intervals, one scale."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from convlens.arguments import as_annotated
from convlens.findings import require_groups
from convlens.inspection.drawing.fonts import drawable_language
from convlens.inspection.drawing.lines import wrapped
from convlens.inspection.drawing.style import BLUE, ORANGE, finished, grid, new_figure, styled
from convlens.inspection.groups import grouped
from convlens.inspection.words import counted, words_in
from convlens.runs import Run
from convlens.study import wilson
from convlens.words import Words

__all__ = ["comparison"]

_ROW_CM, _LINE_CM = 1.3, 0.4  # of a group, and of a line of its name
_SPREAD = 0.5  # how far apart the runs of one group stand, of the distance between groups
_NAME_LETTERS = 34


@as_annotated
def comparison(runs: Sequence[Run], *, lang: str = "en") -> Figure:
    """Draw the accuracy of every run on all test images, a row for each group of runs alike but for the seed.

    The bar at each dot is a 95 % interval from the number of test images alone; a line marks the mean.

    Args:
        runs: two or more, of any kind.
        lang: "en", "ko" or "ja".

    Raises:
        UsageError: there is no run, or one is given twice.
    """
    groups = grouped(runs, drawable_language(lang))
    require_groups(groups, "comparison")
    with styled(lang) as words:
        names = [wrapped(name, _NAME_LETTERS) for name in groups]
        most = max(len(name.splitlines()) for name in names)
        figure = new_figure(max(_ROW_CM, _LINE_CM * (most + 1)) * len(groups) + 3.0)
        axes = figure.subplots()
        for row, members in enumerate(groups.values()):
            accuracies = np.array([100 * run.results["test_accuracy"] for run in members])
            aside = np.linspace(-0.5, 0.5, len(members)) * _SPREAD if len(members) > 1 else np.zeros(1)
            intervals = [_chance(run) for run in members]
            axes.hlines(row + aside, *zip(*intervals, strict=True), color=BLUE, linewidth=1.2, alpha=0.45)
            axes.plot(accuracies, row + aside, "o", color=BLUE, markersize=4)
            if len(members) > 1:
                ends = row - 0.7 * _SPREAD, row + 0.7 * _SPREAD
                axes.vlines(accuracies.mean(), *ends, color=ORANGE, linewidth=1.8)
        axes.set_yticks(range(len(groups)), names)
        axes.set_ylim(len(groups) - 0.4, -0.6)
        axes.set_xlabel(words["test_accuracy_axis"])
        grid(axes, "x")
        figure.legend(handles=_legend(groups, words), loc="outside lower center", ncols=1)
        return finished(figure, lang, _alt(grouped(runs, lang), words_in(lang)))


def _chance(run: Run) -> tuple[float, float]:
    n = int(run.results["n_test"])
    interval = wilson(round(run.results["test_accuracy"] * n), n)
    return 100 * interval.low, 100 * interval.high


def _legend(groups: Mapping[str, Sequence[Run]], words: Mapping[str, str]) -> list[Line2D]:
    handles = [
        Line2D([], [], marker="o", color=BLUE, linestyle="none", markersize=4, label=words["one_run"]),
        Line2D([], [], color=BLUE, linewidth=1.2, alpha=0.45, label=words["interval"]),
    ]
    if any(len(members) > 1 for members in groups.values()):
        handles.append(Line2D([], [], color=ORANGE, linewidth=1.8, label=words["mean"]))
    return handles


def _alt(groups: Mapping[str, Sequence[Run]], words: Words) -> str:
    sentences = [words["comparison_alt"]]
    for name, members in groups.items():
        sentences.append(
            words["comparison_alt_group"].format(
                group=name,
                seeds=counted(words, "seeds", len(members)),
                accuracy=words.accuracy(
                    float(np.mean([run.results["test_accuracy"] for run in members])),
                    int(members[0].results["n_test"]),
                ),
            )
        )
    return " ".join(sentences)
