"""A picture through a run's filters: the raw response and what the activation leaves of it."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from convlens._typing import Array
from convlens.arguments import as_annotated
from convlens.findings.responses import Responses, checked_picture, responses
from convlens.inspection.drawing.fonts import drawable_language
from convlens.inspection.drawing.maps import draw_maps, draw_picture, height_of, map_mosaic
from convlens.inspection.drawing.mosaic import Mosaic, colour_bar, number, show
from convlens.inspection.drawing.style import DIVERGING, finished, new_figure, styled
from convlens.inspection.groups import setting
from convlens.inspection.words import counted, words_in
from convlens.runs import Run

__all__ = ["applied"]

_HEAD_CM = 4.4  # height of the row with the picture and the filters
_FILTERS_CM = 9.0  # width of the filters in it


@as_annotated
def applied(run: Run, picture: Array, *, layer: str | None = None, lang: str = "en") -> Figure:
    """Draw a picture, the learned filters, their raw responses, and what the activation leaves of these.

    All raw responses share one symmetric colour scale; all values after ReLU share one from zero up.

    Args:
        run: a finished run.
        picture: grey (H, W) of any size, floats from 0 (black) to 1 (white), or uint8: a test digit, a
            photograph, the user's own picture.
        layer: its name ("C3") or its weights' name ("W2"); None for the first with filters.
        lang: "en", "ko" or "ja".

    Raises:
        UsageError: there are no such filters, or a value is not from 0 to 1.
        ShapeError: the picture is not (H, W), or smaller than what a filter looks at.
    """
    found = responses(run, picture, layer)
    picture = checked_picture(picture)
    _, h, w = found.raw.shape
    stages = {"raw_response": found.raw}
    if found.active is not None:
        stages["after_activation"] = found.active
    with styled(lang) as words:
        heights = [_HEAD_CM, *(height_of(values) for values in stages.values())]
        figure = new_figure(sum(heights) + 1.8)
        cells = figure.add_gridspec(len(heights), 2, height_ratios=heights, width_ratios=[1, 2])
        draw_picture(figure.add_subplot(cells[0, 0]), picture, words)
        _draw_filters(figure.add_subplot(cells[0, 1]), found, words)
        for row, (name, values) in enumerate(stages.items(), 1):
            title = words[name].format(h=h, w=w, activation=found.activation)
            draw_maps(figure.add_subplot(cells[row, :]), values, title, words, signed=name == "raw_response")
        title = words["applied_title"].format(network=run.spec.name, layer=found.layer)
        figure.suptitle(f"{title}\n{setting(run, drawable_language(lang))}")
        return finished(figure, lang, _alt(run, picture, found, lang))


def _draw_filters(axes: Axes, found: Responses, words: Mapping[str, str]) -> None:
    """Draw filters in the order of their responses; deep ones as a column each, a row an input channel."""
    n_filters, n_channels, kh, kw = found.filters.shape
    if n_channels == 1:
        tiles = map_mosaic(found.filters[:, 0], _FILTERS_CM)
    else:
        by_channel = found.filters.swapaxes(0, 1).reshape(n_channels * n_filters, kh, kw)
        tiles = Mosaic(by_channel, n_filters, (1, 1))
    limit = float(np.abs(found.filters).max()) or 1.0
    image = show(axes, tiles, DIVERGING, (-limit, limit))
    if n_channels == 1:
        number(axes, tiles, [str(i + 1) for i in range(n_filters)], _FILTERS_CM)
    title = "learned_filters" if n_channels == 1 else "learned_deep_filters"
    axes.set_title(words[title].format(parameter=found.parameter))
    height, width = tiles.size
    colour_bar(axes, image, words["weight"], min(_FILTERS_CM, (_HEAD_CM - 1) * width / height))


def _alt(run: Run, picture: Array, found: Responses, lang: str) -> str:
    words = words_in(lang)
    return words["applied_alt"].format(
        h=picture.shape[0],
        w=picture.shape[1],
        filters=counted(words, "filters", len(found.raw)),
        layer=found.layer,
        network=run.spec.name,
        setting=setting(run, lang),
        low=found.raw.min(),
        high=found.raw.max(),
        share=words.percent(float(np.mean(found.raw > 0)), 0),
    )
