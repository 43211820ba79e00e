"""Trained filters of several runs side by side, on one colour scale."""

from collections.abc import Sequence
from math import ceil
from textwrap import wrap

import numpy as np
from matplotlib.figure import Figure

from convlens.arguments import as_annotated
from convlens.errors import UsageError
from convlens.findings.weights import weights
from convlens.inspection.drawing.fonts import drawable_language
from convlens.inspection.drawing.mosaic import number, show
from convlens.inspection.drawing.style import DIVERGING, finished, new_figure, styled
from convlens.inspection.filters import as_mosaic
from convlens.inspection.groups import grouped
from convlens.inspection.words import words_in
from convlens.runs import Run

__all__ = ["side_by_side"]

_COLUMNS, _BLOCK_CM, _TALLEST_CM = 3, 4.9, 12.0


@as_annotated
def side_by_side(runs: Sequence[Run], layer: str | None = None, *, lang: str = "en") -> Figure:
    """Draw the trained filters of several runs, a block each, on ONE symmetric colour scale.

    Args:
        runs: two or more; of runs that differ in their seed only the first is shown.
        layer: its name ("C3") or its weights' name ("W2"); None for the first with filters.
        lang: "en", "ko" or "ja".

    Raises:
        UsageError: there is nothing to compare, or a run has no such filters.
    """
    drawn = grouped(runs, drawable_language(lang))
    if len(drawn) < 2:
        raise UsageError("side_by_side compares runs that differ in more than their seed. Got one kind.")
    found = {name: weights(members[0], layer) for name, members in drawn.items()}
    limit = max(float(np.abs(one.after).max()) for one in found.values()) or 1.0
    with styled(lang) as words:
        mosaics = [as_mosaic(one.after, _BLOCK_CM) for one in found.values()]
        tallest = max(_BLOCK_CM * mosaic.size[0] / mosaic.size[1] for mosaic in mosaics)
        height_cm = min(tallest, _TALLEST_CM)
        columns = min(_COLUMNS, len(mosaics))
        rows = ceil(len(mosaics) / columns)
        figure = new_figure(rows * (height_cm + 1.6) + 2.0)
        axes = figure.subplots(rows, columns, squeeze=False).ravel()
        for one, mosaic, (name, shown) in zip(axes, mosaics, found.items(), strict=False):
            image = show(one, mosaic, DIVERGING, (-limit, limit))
            one.set_title("\n".join(wrap(name, 30)))
            if shown.after.shape[1] == 1:
                numbers = [str(i + 1) for i in range(len(shown.after))]
                number(one, mosaic, numbers, height_cm * mosaic.size[1] / mosaic.size[0])
        for unused in axes[len(mosaics) :]:
            unused.remove()
        bar = figure.colorbar(image, ax=list(axes[: len(mosaics)]), location="bottom", shrink=0.5, aspect=35)
        bar.set_label(words["weight_scale_runs"])
        said = words_in(lang)
        names = said["comma"].join(grouped(runs, lang))
        return finished(figure, lang, said["side_by_side_alt"].format(runs=names, limit=limit))
