"""Trained filters of several runs side by side, each filter on its own scale, or all on one."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure

from convlens._typing import Array
from convlens.arguments import as_annotated
from convlens.errors import UsageError
from convlens.findings.looks import sees_colours
from convlens.findings.weights import weights
from convlens.inspection.drawing.coloured import beside_its_channels
from convlens.inspection.drawing.fonts import drawable_language
from convlens.inspection.drawing.lines import wrapped
from convlens.inspection.drawing.maps import draw_keys
from convlens.inspection.drawing.scales import Scale, Scaled, checked_scale, on_one_scale, on_own_scales
from convlens.inspection.drawing.sheet import MARGIN_CM, Sheet
from convlens.inspection.drawing.style import styled
from convlens.inspection.filters import grid_or_block, show_grid
from convlens.inspection.groups import grouped
from convlens.inspection.words import words_in
from convlens.runs import Run

__all__ = ["side_by_side"]

_COLUMNS, _BETWEEN_CM, _BARS_CM = 3, 0.4, 0.8
_NAME_LETTERS = 30


@as_annotated
def side_by_side(
    runs: Sequence[Run], layer: str | None = None, *, scale: Scale = "own", lang: str = "en"
) -> Figure:
    """Draw the trained filters of several runs, a block each, with a bar of each filter's strength.

    Args:
        runs: two or more; of runs that differ in their seed only the first is shown.
        layer: its name ("C3") or its weights' name ("W2"); None for the first with filters.
        scale: "own" for each filter, or "common" for ONE symmetric scale for all runs.
        lang: "en", "ko" or "ja".

    Raises:
        UsageError: there is nothing to compare, there is no such scale, or a run has no such filters.
    """
    checked_scale(scale, "side_by_side")
    drawn = grouped(runs, drawable_language(lang))
    if len(drawn) < 2:
        raise UsageError("side_by_side compares runs that differ in more than their seed. Got one kind.")
    found = {name: weights(members[0], layer).after for name, members in drawn.items()}
    limit = max(float(np.abs(after).max()) for after in found.values())
    with styled(lang) as words:
        sheet = Sheet(words["side_by_side_title"])
        sheet.write_lines([words["each_filter" if scale == "own" else "all_filters"]])
        coloured = all(sees_colours(run, weights(run, layer).layer) for run in runs)
        _draw(sheet, found, limit, scale, coloured)
        of_all = Scaled(np.zeros(0), np.array([limit]), np.array([limit]))
        draw_keys(sheet, MARGIN_CM, of_all, "strongest_weight", words, scale=scale)
        said = words_in(lang)
        names = said["comma"].join(grouped(runs, lang))
        return sheet.finished(lang, said["side_by_side_alt"].format(runs=names, limit=limit))


def _draw(sheet: Sheet, found: Mapping[str, Array], limit: float, scale: Scale, coloured: bool) -> None:
    """Draw a block for each run, three in a row, and go on below them."""
    columns = min(_COLUMNS, len(found))
    width = (sheet.width - 2 * MARGIN_CM - (columns - 1) * _BETWEEN_CM) / columns
    deepest = sheet.y
    for place, (name, after) in enumerate(found.items()):
        column = place % columns
        if not column:
            sheet.y = deepest + 0.2
        x, title = MARGIN_CM + column * (width + _BETWEEN_CM), wrapped(name, _NAME_LETTERS)
        sheet.write(x, sheet.y, title, fontweight="bold")
        y = sheet.y + 0.4 * title.count("\n") + 0.5
        scaled = on_own_scales(after) if scale == "own" else on_one_scale(after, limit)
        one_channel = after.shape[1] == 1
        tiles = beside_its_channels(scaled.tiles) if coloured else scaled.tiles
        mosaic = grid_or_block(tiles, width if one_channel else width - _BARS_CM, measured=True)
        shares = scaled.strongest / (limit or 1.0)
        show_grid(sheet, mosaic, x, y)
        if one_channel:
            sheet.number(mosaic, x, y, [str(i + 1) for i in range(len(after))])
            sheet.bars(mosaic, x, y, shares)
        else:
            sheet.row_bars(mosaic, x, y, shares, _BARS_CM - 0.15)
        deepest = max(deepest, y + mosaic.height_cm)
    sheet.y = deepest + 0.2
