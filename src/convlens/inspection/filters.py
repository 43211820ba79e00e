"""Filters before and after training: first weights on their own scale, trained ones each on its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, sqrt

import numpy as np
from matplotlib.figure import Figure

from convlens._typing import Array
from convlens.arguments import as_annotated
from convlens.errors import UsageError, shown
from convlens.findings.looks import Look, sees_colours
from convlens.findings.oddities import Oddities
from convlens.findings.weights import Weights, by_change, weights
from convlens.inspection.drawing.coloured import beside_its_channels
from convlens.inspection.drawing.fonts import drawable_language
from convlens.inspection.drawing.maps import HEAD_CM, draw_keys
from convlens.inspection.drawing.mosaic import MEASURED, NUMBERED, PLAIN, Mosaic
from convlens.inspection.drawing.scales import Scale, Scaled, checked_scale, on_one_scale, on_own_scales
from convlens.inspection.drawing.sheet import MARGIN_CM, Sheet
from convlens.inspection.drawing.style import GREY, styled
from convlens.inspection.groups import setting
from convlens.inspection.words import by, counted, words_in
from convlens.runs import Run
from convlens.words import Words

__all__ = ["ORDERS", "filters", "grid_or_block", "marks", "show_grid"]

ORDERS = ("index", "change")
"""Orders of the filters: their own, or the most changed one first."""

_BETWEEN_CM, _NAMES_CM, _BARS_CM = 0.5, 0.75, 0.9
_TALLEST_CM = 11.0
_WIDE = 40  # columns of a grid from which the blocks stand below each other
_CLEARLY = 1.5  # times stronger from which it is worth a word


@dataclass(frozen=True, eq=False)
class _Panel:
    """One block of filters (F, C, kh, kw), scaled."""

    title: str
    note: str
    scaled: Scaled
    scale: Scale
    measured: bool  # with a bar of strength for each filter
    coloured: bool  # of red, green and blue: shown as colours, too

    def tiles(self) -> Array:
        """Return its tiles (F, C, kh, kw), or (F, 4, kh, kw, 3) with colours."""
        return beside_its_channels(self.scaled.tiles) if self.coloured else self.scaled.tiles


@as_annotated
def filters(
    run: Run,
    layer: str | None = None,
    *,
    channel: int | None = None,
    order: str = "index",
    scale: Scale = "own",
    odd: Oddities | None = None,
    lang: str = "en",
) -> Figure:
    """Draw a layer's filters before training and after it.

    First weights are small: they have a scale of their own, which their title states. Trained filters differ
    in strength: each has the strongest colour at its own strongest weight, and a bar says how strong that is.

    Args:
        run: a finished run.
        layer: its name ("C3") or its weights' name ("W2"); None for the first with filters.
        channel: the input channel to show, numbered from 1; None for all: a grid with a row a filter
            and a column an input channel.
        order: "index", or "change" for the most changed filter first (numbers stay the filters' own).
        scale: "own", or "common" for ONE symmetric scale for everything: then first weights are pale.
        odd: from `oddities(run, layer)`: dead and twin filters are marked.
        lang: "en", "ko" or "ja".

    Raises:
        UsageError: there are no such filters, channel, order or scale.
    """
    found = weights(run, layer)
    _check(found, channel, order, scale)
    rows = by_change(found) if order == "change" else np.arange(len(found.after))
    picked = slice(None) if channel is None else slice(channel - 1, channel)
    before, after = found.before[rows, picked], found.after[rows, picked]
    with styled(lang) as words:
        sheet = Sheet(_title(run, found, channel, order, drawable_language(lang)))
        panels = _panels(before, after, scale, words, channel is None and sees_colours(run, found.layer))
        _draw(sheet, panels, [_label(int(row) + 1, odd) for row in rows], words)
        sheet.write_lines(marks(odd, words))
        alt = " ".join([_alt(run, found.layer, before, after, lang), *marks(odd, words_in(lang))])
        return sheet.finished(lang, alt)


def _panels(
    before: Array, after: Array, scale: Scale, words: Mapping[str, str], coloured: bool
) -> tuple[_Panel, _Panel]:
    """Scale both blocks, and say how."""
    first, last = (float(np.abs(block).max()) for block in (before, after))
    if scale == "common":
        limit = max(first, last)
        note = words["scale_of_all"].format(limit=f"{limit:.3g}")
        scaled = [on_one_scale(block, limit) for block in (before, after)]
        return (
            _Panel(words["before"], note, scaled[0], scale, False, coloured),
            _Panel(words["after"], note, scaled[1], scale, True, coloured),
        )
    times = last / first if first else 1.0
    stronger = words["stronger" if times >= _CLEARLY else "scale_of_all"]
    note = stronger.format(times=f"{times:.0f}" if times >= 10 else f"{times:.1f}", limit=f"{first:.3g}")
    return (
        _Panel(words["before"], note, on_one_scale(before), "common", False, coloured),
        _Panel(words["after"], words["each_filter"], on_own_scales(after), "own", True, coloured),
    )


def marks(odd: Oddities | None, words: Mapping[str, str]) -> list[str]:
    """Say in lines what the marks mean, if there are any."""
    if odd is None:
        return []
    told = []
    if odd.dead:
        numbers = words["comma"].join(map(str, odd.dead))
        told.append(words["dead"].format(numbers=numbers, n=odd.n_images))
    for i, group in enumerate(odd.twins):
        letter = chr(ord("a") + i % 26)
        told.append(words["twins"].format(letter=letter, numbers=words["comma"].join(map(str, group))))
    return told


def _label(number: int, odd: Oddities | None) -> str:
    """Write a filter's number: 7† is dead, 2a and 3a are twins."""
    if odd is None:
        return str(number)
    if number in (odd.dead or ()):
        return f"{number}\N{DAGGER}"
    letters = [chr(ord("a") + i % 26) for i, group in enumerate(odd.twins) if number in group]
    return "".join([str(number), *letters])


def _check(found: Weights, channel: int | None, order: str, scale: str) -> None:
    if order not in ORDERS:
        raise UsageError(f"`order` of filters must be one of {', '.join(ORDERS)}. Got {shown(order)}.")
    checked_scale(scale, "filters")
    n_channels = found.after.shape[1]
    if channel is not None and not 1 <= channel <= n_channels:
        raise UsageError(f"`channel` of {found.layer} must be from 1 to {n_channels}. Got {shown(channel)}.")


def _draw(sheet: Sheet, panels: tuple[_Panel, _Panel], names: list[str], words: Words) -> None:
    """Draw the blocks side by side, or wide grids below each other, and what their colours stand for."""
    n_channels = panels[0].scaled.tiles.shape[1]
    below = n_channels > _WIDE
    width = sheet.width - 2 * MARGIN_CM
    if not below:
        width = (width - _BETWEEN_CM) / 2
    top, deepest = sheet.y, sheet.y
    for place, panel in enumerate(panels):
        x = MARGIN_CM + (0 if below else place * (width + _BETWEEN_CM))
        sheet.y = deepest + 0.2 if below and place else top
        _panel(sheet, panel, (x, width), names, words)
        deepest = max(deepest, sheet.y)
    sheet.y = deepest


def _panel(sheet: Sheet, panel: _Panel, across: tuple[float, float], names: list[str], words: Words) -> None:
    """Draw one block within `across`, its left edge and its width, and go on below it."""
    x, width = across
    sheet.head(x, panel.title, panel.note)
    y = sheet.y + HEAD_CM
    tiles = panel.tiles()
    if tiles.shape[1] == 1:
        mosaic = grid_or_block(tiles, width, measured=panel.measured)
        sheet.show(mosaic, x, y)
        sheet.number(mosaic, x, y, names)
        if panel.measured:
            sheet.bars(mosaic, x, y, panel.scaled.shares)
        sheet.y = y + mosaic.height_cm + 0.15
    else:
        mosaic = grid_or_block(tiles, width - _NAMES_CM - _BARS_CM)
        left = x + _NAMES_CM
        show_grid(sheet, mosaic, left, y)
        sheet.label_rows(mosaic, left, y, names)
        heads = (
            words["colour_columns"].split("\n") if panel.coloured else map(str, range(1, tiles.shape[1] + 1))
        )
        sheet.label_columns(mosaic, left, y, list(heads))
        if panel.measured:
            sheet.row_bars(mosaic, left, y, panel.scaled.shares, _BARS_CM - 0.15)
        told = words["rows_and_colours" if panel.coloured else "rows_and_columns"]
        sheet.write(left, y + mosaic.height_cm + 0.36, told, fontsize=7, color=GREY)
        sheet.y = y + mosaic.height_cm + 0.85
    draw_keys(sheet, x, panel.scaled, "strongest_weight", words, scale=panel.scale, measured=panel.measured)


def grid_or_block(filters: Array, width_cm: float, *, measured: bool = False) -> Mosaic:
    """Arrange filters (F, C, kh, kw), or in colours (F, C, kh, kw, 3), in a block at most `width_cm` wide.

    With one input channel they stand about as wide as high, with room for numbers; with several there is a
    row for each filter and a column for each channel.
    """
    n_filters, n_channels, kh, kw, *colours = filters.shape
    if n_channels == 1:
        columns = max(1, ceil(sqrt(1.2 * n_filters)))
        return Mosaic(filters[:, 0], columns, width_cm, MEASURED if measured else NUMBERED)
    grid = filters.reshape(n_filters * n_channels, kh, kw, *colours)
    tallest = _TALLEST_CM * n_channels * kw / (n_filters * kh)
    return Mosaic(grid, n_channels, min(width_cm, tallest), PLAIN)


def show_grid(sheet: Sheet, mosaic: Mosaic, x: float, y: float) -> None:
    """Draw a grid of weights, or of colours made of them."""
    if mosaic.tiles.ndim > 3:
        sheet.show_pictures(mosaic, x, y, Look.COLOURS)
    else:
        sheet.show(mosaic, x, y)


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


def _alt(run: Run, layer: str, before: Array, after: Array, lang: str) -> str:
    words = words_in(lang)
    strengths = np.abs(after).reshape(len(after), -1).max(axis=1)
    return words["filters_alt"].format(
        filters=counted(words, "filters", len(after)),
        layer=layer,
        network=run.spec.name,
        setting=setting(run, lang),
        before=np.abs(before).max(),
        weakest=strengths.min(),
        strongest=strengths.max(),
    )
