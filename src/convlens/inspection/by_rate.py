"""A layer's filters at several learning rates, a row each: how they started, what each rate made of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure

from convlens._typing import Array, IntArray
from convlens.arguments import as_annotated
from convlens.errors import UsageError
from convlens.findings import require_groups
from convlens.findings.looks import sees_colours
from convlens.findings.responses import checked_picture, responses
from convlens.findings.weights import Weights, weights
from convlens.inspection.applied import as_ink
from convlens.inspection.drawing.fonts import drawable_language
from convlens.inspection.drawing.lines import wrapped
from convlens.inspection.drawing.maps import draw_keys, draw_picture
from convlens.inspection.drawing.mosaic import Mosaic, Room, coarser
from convlens.inspection.drawing.scales import Scale, Scaled, checked_scale, on_one_scale, on_own_scales
from convlens.inspection.drawing.sheet import MARGIN_CM, Sheet
from convlens.inspection.drawing.style import styled
from convlens.inspection.groups import told as facts_of
from convlens.inspection.words import channel_of, counted, words_in
from convlens.runs import Run
from convlens.words import Words

__all__ = ["MOST", "applied_by_rate", "filters_by_rate"]

MOST = 36
"""So many filters one picture holds; of more, those that changed most are drawn."""

_ROOM = Room(0.07, 0.12, 0.08)
_NAMES_CM, _LONG_NAMES_CM, _BETWEEN_CM = 0.5, 2.0, 0.2
_PART_ROWS, _MOST_COLUMNS = 10, 18  # filters below each other before a further part begins beside them
_TILE_CM = 1.3
_PICTURE_CM, _LETTERS = 2.2, 84
_SCALE_WORDS = {"own": "each_tile", "common": "all_tiles"}


@dataclass(frozen=True, eq=False)
class _Table:
    """Tiles (filters, columns, h, w), scaled, with the names of both."""

    scaled: Scaled
    rows: list[str]
    columns: list[str]


@as_annotated
def filters_by_rate(
    groups: Mapping[float, Sequence[Run]],
    layer: str | None = None,
    *,
    scale: Scale = "own",
    lang: str = "en",
) -> Figure:
    """Draw a layer's filters, a row each, before training and as every learning rate left them.

    Runs of one seed start with equal filters, so a row shows what became of ONE filter; where they do not,
    there is no column of first weights. A bar below each tile says how strong it is.

    Args:
        groups: learning rate → its runs; of a seed that all rates have, else of their first seeds.
        layer: its name ("C3") or its weights' name ("W2"); None for the first with filters.
        scale: "own" for each tile, or "common" for ONE symmetric scale for all.
        lang: "en", "ko" or "ja".

    Raises:
        UsageError: there are fewer than two rates, filters differ in shape, or something is not there.
    """
    checked_scale(scale, "filters_by_rate")
    runs = _chosen(groups, "filters_by_rate")
    found = {rate: weights(run, layer) for rate, run in runs.items()}
    _require_alike([one.after.shape for one in found.values()])
    starts = _starts(list(found.values()))
    kept, channels = _picked(found)
    columns = [*([] if starts is None else [starts]), *(one.after for one in found.values())]
    tiles = np.stack([column[kept, channels] for column in columns], axis=1)
    scaled, first = _scaled(tiles, scale), next(iter(found.values()))
    with styled(lang) as words:
        heads = [*([] if starts is None else [words["before_column"]]), *(f"{rate:g}" for rate in runs)]
        coloured = sees_colours(next(iter(runs.values())), first.layer)
        names = _names(kept, _numbered(first, kept, channels), words, coloured=coloured)
        sheet = Sheet(_title("filters_by_rate_title", runs, first.layer, drawable_language(lang)))
        rows = words["rates_equal" if starts is not None else "rates_differ"]
        sheet.write_lines([f"{rows} {words[_SCALE_WORDS[scale]]}"])
        _draw(sheet, _Table(scaled, names, heads))
        draw_keys(sheet, MARGIN_CM, scaled, "strongest_weight", words, scale=scale)
        return sheet.finished(lang, _filters_alt(runs, found, starts, lang))


@as_annotated
def applied_by_rate(
    groups: Mapping[float, Sequence[Run]],
    picture: Array,
    layer: str | None = None,
    *,
    scale: Scale = "own",
    lang: str = "en",
) -> Figure:
    """Draw a picture's raw responses to a layer's filters, a row a filter, a column a learning rate.

    Args:
        groups: learning rate → its runs; of a seed that all rates have, else of their first seeds.
        picture: grey (H, W), or with colours (3, H, W), floats from 0 (black) to 1 (white), or uint8.
        layer: its name ("C3") or its weights' name ("W2"); None for the first with filters.
        scale: "own" for each map, or "common" for ONE symmetric scale for all.
        lang: "en", "ko" or "ja".

    Raises:
        UsageError: as of `filters_by_rate`, or a value is not from 0 to 1.
        ShapeError: the picture has another shape, or is smaller than what a filter looks at.
    """
    checked_scale(scale, "applied_by_rate")
    runs = _chosen(groups, "applied_by_rate")
    found = {rate: responses(run, picture, layer) for rate, run in runs.items()}
    _require_alike([one.filters.shape for one in found.values()])
    kept, _ = _picked({rate: weights(run, layer) for rate, run in runs.items()})
    maps = np.stack([one.raw[kept] for one in found.values()], axis=1)
    scaled = _scaled(maps, scale, robust=True)
    first, picture = next(iter(found.values())), checked_picture(picture)
    with styled(lang) as words:
        sheet = Sheet(_title("applied_by_rate_title", runs, first.layer, drawable_language(lang)))
        ink = as_ink(next(iter(runs.values())), picture)
        draw_picture(sheet, picture, (MARGIN_CM, sheet.y), _PICTURE_CM, ink=ink)
        below = sheet.y + _PICTURE_CM + 0.2
        told = wrapped(f"{words['rates_applied']} {words[_SCALE_WORDS[scale]]}", _LETTERS)
        sheet.write(MARGIN_CM + _PICTURE_CM + 0.4, sheet.y, told, fontsize=7.5)
        sheet.y = below
        _draw(sheet, _Table(scaled, _names(kept, None, words), [f"{rate:g}" for rate in runs]))
        draw_keys(sheet, MARGIN_CM, scaled, "strongest_response", words, scale=scale)
        return sheet.finished(lang, _applied_alt(runs, first.layer, maps, lang))


def _chosen(groups: Mapping[float, Sequence[Run]], owner: str) -> dict[float, Run]:
    """Return a run of each rate, the lowest rate first: of the lowest seed that all have, if there is one."""
    require_groups(groups, owner)
    if len(groups) < 2:
        raise UsageError(f"{owner} compares two learning rates or more. Got {len(groups)}.")
    shared = set.intersection(*({run.seed for run in runs} for runs in groups.values()))
    chosen = {}
    for rate in sorted(groups):
        of_seed = [run for run in groups[rate] if shared and run.seed == min(shared)]
        chosen[rate] = of_seed[0] if of_seed else groups[rate][0]
    return chosen


def _starts(found: Sequence[Weights]) -> Array | None:
    """Return the first weights if they are the same in all runs."""
    first = found[0].before
    return first if all(np.array_equal(one.before, first) for one in found) else None


def _scaled(tiles: Array, scale: Scale, *, robust: bool = False) -> Scaled:
    return on_own_scales(tiles, 2, robust=robust) if scale == "own" else on_one_scale(tiles, n_axes=2)


def _require_alike(shapes: Sequence[tuple[int, ...]]) -> None:
    if len(set(shapes)) > 1:
        raise UsageError("learning rates are compared on one network: these runs' filters differ in shape.")


def _picked(found: Mapping[float, Weights]) -> tuple[IntArray, IntArray]:
    """Return the places of the filters that changed most, in their own order, and a channel of each."""
    change = sum(np.abs(one.change).sum(axis=(2, 3)) for one in found.values())
    per_filter = np.asarray(change).sum(axis=1)
    kept = np.sort(np.argsort(-per_filter, kind="stable")[:MOST])
    return kept, np.asarray(change)[kept].argmax(axis=1)


def _numbered(found: Weights, kept: IntArray, channels: IntArray) -> IntArray | None:
    """Return these channels of filters as the layer's input numbers them; None where they see but one."""
    return channels + found.first_channels[kept] if found.after.shape[1] > 1 else None


def _names(kept: IntArray, channels: IntArray | None, words: Words, *, coloured: bool = False) -> list[str]:
    if channels is None:
        return [str(place + 1) for place in kept]
    return [channel_of(words, f + 1, c, coloured=coloured) for f, c in zip(kept, channels, strict=True)]


def _draw(sheet: Sheet, table: _Table) -> None:
    """Draw rows in as many parts beside each other as have room, and go on below them."""
    tiles, n_columns = table.scaled.tiles, len(table.columns)
    names = _LONG_NAMES_CM if any(not name.isdigit() for name in table.rows) else _NAMES_CM
    parts = max(1, min(-(-len(table.rows) // _PART_ROWS), _MOST_COLUMNS // n_columns))
    rows = -(-len(table.rows) // parts)
    part_cm = (sheet.width - 2 * MARGIN_CM - (parts - 1) * _BETWEEN_CM) / parts
    width = min(part_cm - names, n_columns * _TILE_CM)
    deepest, top = sheet.y, sheet.y + 0.45
    for part in range(parts):
        chosen = slice(part * rows, (part + 1) * rows)
        flat = tiles[chosen].reshape(-1, *tiles.shape[2:])
        x = MARGIN_CM + part * (part_cm + _BETWEEN_CM) + names
        mosaic = Mosaic(coarser(flat, width / n_columns), n_columns, width, _ROOM)
        sheet.show(mosaic, x, top)
        sheet.bars(mosaic, x, top, table.scaled.shares[chosen])
        sheet.label_rows(mosaic, x, top, table.rows[chosen])
        sheet.label_columns(mosaic, x, top, table.columns, above=True)
        deepest = max(deepest, top + mosaic.height_cm)
    sheet.y = deepest + 0.2


def _title(key: str, runs: Mapping[float, Run], layer: str, lang: str) -> str:
    words, run = words_in(lang), next(iter(runs.values()))
    facts = facts_of(run.config, ("train_size", "epochs", "seed"), lang)
    return f"{words[key].format(network=run.spec.name, layer=layer)}\n{words['comma'].join(facts)}"


def _filters_alt(
    runs: Mapping[float, Run], found: Mapping[float, Weights], starts: Array | None, lang: str
) -> str:
    words, first = words_in(lang), next(iter(found.values()))
    strongest = [f"{rate:g}: {np.abs(one.after).max():.3g}" for rate, one in found.items()]
    said = words["filters_by_rate_alt"].format(
        filters=counted(words, "filters", len(first.after)),
        layer=first.layer,
        network=next(iter(runs.values())).spec.name,
        strongest=words["comma"].join(strongest),
    )
    if starts is None:
        return said
    return f"{said} {words['filters_by_rate_alt_start'].format(limit=np.abs(starts).max())}"


def _applied_alt(runs: Mapping[float, Run], layer: str, maps: Array, lang: str) -> str:
    words = words_in(lang)
    strongest = np.abs(maps).max(axis=(0, 2, 3))
    listed = [f"{rate:g}: {value:.3g}" for rate, value in zip(runs, strongest, strict=True)]
    return words["applied_by_rate_alt"].format(
        filters=counted(words, "filters", len(maps)),
        layer=layer,
        network=next(iter(runs.values())).spec.name,
        strongest=words["comma"].join(listed),
    )
