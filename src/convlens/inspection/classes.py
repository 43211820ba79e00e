"""Several test images of every class through the filters, raw and after the activation, a column each."""

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure

from convlens._typing import Array, IntArray
from convlens.arguments import as_annotated
from convlens.errors import UsageError, shown
from convlens.findings.responses import activation_after
from convlens.findings.weights import by_change, layer_of, weights
from convlens.inspection.drawing.fonts import drawable_language
from convlens.inspection.drawing.mosaic import Mosaic, Room
from convlens.inspection.drawing.palette import INK
from convlens.inspection.drawing.scales import Scaled, on_own_scales
from convlens.inspection.drawing.sheet import MARGIN_CM, Sheet
from convlens.inspection.drawing.style import styled
from convlens.inspection.groups import setting
from convlens.inspection.words import words_in
from convlens.runs import Run

__all__ = ["classes"]

_MOST_FILTERS, _MOST_ROWS = 7, 30
_NAMES_CM, _BETWEEN_CM, _HEAD_CM = 0.9, 0.25, 1.0
_TALLEST_CM = 22.0  # a page
_ROOM = Room(0.05, 0.0, 0.05)


@as_annotated
def classes(run: Run, layer: str | None = None, *, per_class: int = 2, lang: str = "en") -> Figure:
    """Draw the first test images of every class, a row each, and the responses of the most changed filters.

    All responses of a filter share a scale, so that classes can be compared; a bar above its column says how
    strong it is among the filters.

    Args:
        run: a finished run whose pictures are grey.
        layer: its name ("C3") or its weights' name ("W2"); None for the first with filters.
        per_class: images of each class, 1 to 30; there are 30 rows at most.
        lang: "en", "ko" or "ja".

    Raises:
        UsageError: there are no such filters, the pictures have colours, or `per_class` is out of range.
    """
    if not 1 <= per_class <= _MOST_ROWS:
        raise UsageError(f"`per_class` of classes must be from 1 to {_MOST_ROWS}. Got {shown(per_class)}.")
    if not run.is_grey:
        raise UsageError(f"classes shows grey pictures. {run.spec.name} takes {len(run.channels)} channels.")
    row, _ = layer_of(run, layer)
    chosen = by_change(weights(run, layer))[:_MOST_FILTERS]
    images = _of_every_class(run.data.test.t, per_class)
    outputs = run.network().activations(run.data.test.x[images])
    raw = outputs[row.name][:, chosen]
    activation = activation_after(run, row.name)
    blocks = {"classes_raw": raw}
    if activation is not None:
        blocks["classes_active"] = outputs[activation[0]][:, chosen]
    numbers = [str(number + 1) for number in chosen]
    with styled(lang) as words:
        title = words["classes_title"].format(network=run.spec.name, layer=row.name)
        sheet = Sheet(f"{title}\n{setting(run, drawable_language(lang))}")
        titles = [words[key].format(activation=activation and activation[1]) for key in blocks]
        _draw(sheet, _shown(run, images), dict(zip(titles, blocks.values(), strict=True)), numbers, words)
        return sheet.finished(lang, _alt(run, row.name, numbers, raw, lang))


def _shown(run: Run, images: list[int]) -> tuple[Array, list[str]]:
    """Return pictures (n, h, w) of 0 to 1, and the names of their classes."""
    names = [run.class_names[int(label)] for label in run.data.test.t[images]]
    return run.preprocessing.apply(run.data.test.x[images, 0], "float32"), names


def _draw(
    sheet: Sheet,
    shown: tuple[Array, list[str]],
    blocks: Mapping[str, Array],
    numbers: list[str],
    words: Mapping[str, str],
) -> None:
    """Draw pictures, a row each, and beside them blocks of maps (images, filters, h, w) by their titles."""
    pictures, names = shown
    n_columns = 1 + len(blocks) * len(numbers)
    room = sheet.width - 2 * MARGIN_CM - _NAMES_CM - len(blocks) * _BETWEEN_CM
    tile = min(room / n_columns, _TALLEST_CM / len(names))
    x, y = MARGIN_CM + _NAMES_CM, sheet.y + _HEAD_CM
    left, x = x, x + tile + _BETWEEN_CM
    for title, maps in blocks.items():
        place = (x, y, tile * len(numbers))
        mosaic = _block(sheet, on_own_scales(maps.swapaxes(0, 1)), place, numbers, words)
        sheet.write(x, sheet.y, title, fontweight="bold")
        x += tile * len(numbers) + _BETWEEN_CM
    sheet.show(Mosaic(pictures, 1, tile, _ROOM), left, y, INK, mosaic.height_cm)
    sheet.label_rows(mosaic, left, y, names)
    sheet.y = y + mosaic.height_cm + 0.2
    sheet.write_lines([words["each_column"]])


def _block(
    sheet: Sheet,
    scaled: Scaled,
    place: tuple[float, float, float],
    numbers: list[str],
    words: Mapping[str, str],
) -> Mosaic:
    """Draw maps (filters, images, h, w), a column a filter; `place` is left, top and width."""
    n_filters, n_images, h, w = scaled.tiles.shape
    x, y, width = place
    tiles = scaled.tiles.swapaxes(0, 1).reshape(-1, h, w)
    mosaic = Mosaic(tiles, n_filters, width, _ROOM)
    sheet.show(mosaic, x, y)
    sheet.label_columns(mosaic, x, y - 0.16, numbers, above=True)
    sheet.column_bars(mosaic, x, y - 0.1, scaled.shares)
    silent = np.flatnonzero(scaled.strongest == 0).tolist()
    middle = n_images // 2 * n_filters
    sheet.say_in(mosaic, x, y, {middle + one: words["no_reaction"] for one in silent})
    return mosaic


def _alt(run: Run, layer: str, numbers: list[str], raw: Array, lang: str) -> str:
    words = words_in(lang)
    return words["classes_alt"].format(
        n=len(raw),
        layer=layer,
        network=run.spec.name,
        setting=setting(run, lang),
        filters=words["comma"].join(numbers),
        low=raw.min(),
        high=raw.max(),
    )


def _of_every_class(labels: IntArray, per_class: int) -> list[int]:
    """Return the numbers of the first images of every class, as many classes as have room."""
    rows = [np.flatnonzero(labels == name)[:per_class].tolist() for name in np.unique(labels)]
    return [number for row in rows for number in row][:_MOST_ROWS]
