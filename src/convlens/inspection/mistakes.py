"""The test images about which a network was surest, and wrong."""

from collections.abc import Callable
from math import ceil

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from convlens._typing import Array
from convlens.arguments import as_annotated
from convlens.errors import UsageError, shown
from convlens.findings.answers import Answers, answers
from convlens.inspection.drawing.fonts import drawable_language
from convlens.inspection.drawing.style import GREY, finished, new_figure, styled
from convlens.inspection.groups import setting
from convlens.inspection.words import words_in
from convlens.runs import Run
from convlens.words import Words

__all__ = ["MOST", "mistakes"]

MOST = 120
"""So many mistakes one picture holds: twenty rows; a tenth of a second each."""

_COLUMNS = 6
_ROW_CM = 4.2


@as_annotated
def mistakes(
    run: Run,
    *,
    most: int = 12,
    lang: str = "en",
    on_progress: Callable[[int, int], None] | None = None,
) -> Figure:
    """Draw the most confident mistakes on all test images, the surest first.

    Above each picture stand the right answer and the one given, below it the probability that the network
    gave to its answer, and the picture's number in the test set, from 0.

    Args:
        run: a finished run.
        most: how many are drawn at most, 1 to `MOST`.
        lang: "en", "ko" or "ja".
        on_progress: is told with each picture how many are drawn, of how many.

    Raises:
        UsageError: `most` is out of range.
    """
    if not 1 <= most <= MOST:
        raise UsageError(f"`most` of mistakes must be from 1 to {MOST}. Got {shown(most)}.")
    found = answers(run)
    chosen = found.mistakes[:most].tolist()
    with styled(lang) as words:
        rows = max(1, ceil(len(chosen) / _COLUMNS))
        figure = new_figure(_ROW_CM * rows + 1.8)
        axes = figure.subplots(rows, _COLUMNS, squeeze=False, gridspec_kw={"hspace": 0.1}).ravel()
        for number, (one, index) in enumerate(zip(axes, chosen, strict=False), 1):
            _draw(one, run.data.test.x[index])
            _word(one, found, index, words)
            if on_progress is not None:
                on_progress(number, len(chosen))
        for unused in axes[len(chosen) :]:
            unused.set_axis_off()
        known = {"network": run.spec.name, "n": len(found.right), "wrong": len(found.mistakes)}
        title = words["mistakes_title"].format(**known)
        figure.suptitle(f"{title}\n{setting(run, drawable_language(lang))}")
        return finished(figure, lang, _alt(run, found, chosen, lang))


def _word(axes: Axes, found: Answers, index: int, words: Words) -> None:
    """Write the answers above a picture, and how sure the network was below it."""
    axes.set_title(words["mistake"].format(**_names(found, index)))
    sure = words.confidence(float(found.confidence[index]))
    axes.set_xlabel(words["sure"].format(sure=sure, index=index), fontsize=7, color=GREY)


def _draw(axes: Axes, picture: Array) -> None:
    """Draw a picture (C, H, W) of 0 to 255; dark on white where it has one channel."""
    if len(picture) == 1:
        axes.imshow(picture[0], cmap="gray_r", vmin=0, vmax=255, interpolation="none")
    else:
        axes.imshow(np.moveaxis(picture[:3], 0, -1), interpolation="none")
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines[:].set(visible=True, color=GREY, linewidth=0.6)


def _names(found: Answers, index: int) -> dict[str, str]:
    return {"right": found.names[found.right[index]], "given": found.names[found.given[index]]}


def _alt(run: Run, found: Answers, shown: list[int], lang: str) -> str:
    words = words_in(lang)
    listed = [words["mistake"].format(**_names(found, index)).replace("\n", " ") for index in shown]
    return words["mistakes_alt"].format(
        network=run.spec.name,
        setting=setting(run, lang),
        wrong=len(found.mistakes),
        n=len(found.right),
        listed=words["comma"].join(listed) or "-",
    )
