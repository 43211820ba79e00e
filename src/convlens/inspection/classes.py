"""Several test images of every class through the filters, raw and after the activation, a column each."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure

from convlens._typing import Array, IntArray
from convlens.arguments import as_annotated
from convlens.errors import UsageError, shown
from convlens.findings.looks import Look, as_shown, look_of
from convlens.findings.responses import activation_after
from convlens.findings.weights import by_change, layer_of, weights
from convlens.inspection.drawing.fonts import drawable_language
from convlens.inspection.drawing.labels import columns_of, short_names
from convlens.inspection.drawing.mosaic import Mosaic, Room
from convlens.inspection.drawing.scales import Scaled, on_own_scales
from convlens.inspection.drawing.sheet import MARGIN_CM, Sheet
from convlens.inspection.drawing.style import styled
from convlens.inspection.groups import setting
from convlens.inspection.words import words_in
from convlens.runs import Run
from convlens.words import Words

__all__ = ["classes"]

_MOST_FILTERS, _MOST_ROWS = 7, 30
_NAMES_CM, _BETWEEN_CM, _HEAD_CM = 0.9, 0.25, 1.0
_TALLEST_CM = 22.0  # a page
_ROOM = Room(0.05, 0.0, 0.05)
_LONGEST, _LETTER_CM = 20, 0.125  # letters of a class's name beside its rows, and the width of one


@as_annotated
def classes(run: Run, layer: str | None = None, *, per_class: int = 2, lang: str = "en") -> Figure:
    """Draw the first test images of every class, a row each, and the responses of the most changed filters.

    All responses of a filter share a scale, so that classes can be compared; a bar above its column says how
    strong it is among the filters.

    Args:
        run: a finished run.
        layer: its name ("C3") or its weights' name ("W2"); None for the first with filters.
        per_class: images of each class, 1 to 30. There are 30 rows at most: where classes are many, there are
            fewer images of each, and of more than 30 classes the first ones are drawn.
        lang: "en", "ko" or "ja".

    Raises:
        UsageError: there are no such filters, or `per_class` is out of range.
    """
    if not 1 <= per_class <= _MOST_ROWS:
        raise UsageError(f"`per_class` of classes must be from 1 to {_MOST_ROWS}. Got {shown(per_class)}.")
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
        sheet.write_lines(_left_out(run, images, words))
        return sheet.finished(lang, _alt(run, row.name, numbers, raw, lang))


class _Shown(NamedTuple):
    """Pictures of 0 to 1, how they look, and the names of their classes, short ones."""

    pictures: Array
    look: Look
    names: list[str]


def _shown(run: Run, images: list[int]) -> _Shown:
    short = short_names(run.class_names, _LONGEST)
    names = [short[int(label)] for label in run.data.test.t[images]]
    return _Shown(as_shown(run, run.data.test.x[images]), look_of(run), names)


def _left_out(run: Run, images: list[int], words: Words) -> list[str]:
    """Say of how many classes these are where there are more."""
    n, every = (len(np.unique(labels)) for labels in (run.data.test.t[images], run.data.test.t))
    return [words("classes_some", n=n, all=every)] if n < every else []


def _draw(
    sheet: Sheet,
    shown: _Shown,
    blocks: Mapping[str, Array],
    numbers: list[str],
    words: Mapping[str, str],
) -> None:
    """Draw pictures, a row each, and beside them blocks of maps (images, filters, h, w) by their titles."""
    n_columns, n_images = 1 + len(blocks) * len(numbers), len(shown.pictures)
    names_cm = max(_NAMES_CM, _LETTER_CM * max(map(columns_of, shown.names)) + 0.2)
    room = sheet.width - 2 * MARGIN_CM - names_cm - len(blocks) * _BETWEEN_CM
    tile = min(room / n_columns, _TALLEST_CM / n_images)
    x, y = MARGIN_CM + names_cm, sheet.y + _HEAD_CM
    left, x = x, x + tile + _BETWEEN_CM
    for title, maps in blocks.items():
        place = (x, y, tile * len(numbers))
        mosaic = _block(sheet, on_own_scales(maps.swapaxes(0, 1)), place, numbers, words)
        sheet.write(x, sheet.y, title, fontweight="bold")
        x += tile * len(numbers) + _BETWEEN_CM
    sheet.show_pictures(Mosaic(shown.pictures, 1, tile, _ROOM), left, y, shown.look, mosaic.height_cm)
    sheet.label_rows(mosaic, left, y, shown.names)
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
    found = np.unique(labels)
    each = max(1, min(per_class, _MOST_ROWS // len(found)))
    rows = [np.flatnonzero(labels == label)[:each].tolist() for label in found]
    return [number for row in rows for number in row][:_MOST_ROWS]
