"""How filters formed: a strip of epochs from the first weights to the last, on one colour scale."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from convlens._typing import Array, IntArray
from convlens.arguments import as_annotated
from convlens.errors import UsageError, shown
from convlens.findings.weights import by_change, weights
from convlens.inspection.drawing.fonts import drawable_language
from convlens.inspection.drawing.mosaic import Mosaic, colour_bar, show
from convlens.inspection.drawing.style import DIVERGING, finished, new_figure, styled
from convlens.inspection.groups import setting
from convlens.inspection.words import counted, words_in
from convlens.runs import Run

__all__ = ["MOST", "forming"]

MOST = 120
"""So many filters one picture holds, a row each."""

_MOST_EPOCHS = 11
_BLOCK_CM = 13.0
_TALLEST_CM = 22.0  # a page


@as_annotated
def forming(run: Run, layer: str | None = None, *, most: int = 8, lang: str = "en") -> Figure:
    """Draw the filters that changed most, a row each, through the epochs, on ONE symmetric colour scale.

    Of a filter with several input channels the one that changed most is shown. Epochs are denser at the
    start, where most happens.

    Args:
        run: a finished run.
        layer: its name ("C3") or its weights' name ("W2"); None for the first with filters.
        most: how many filters are drawn at most, 1 to `MOST`.
        lang: "en", "ko" or "ja".

    Raises:
        UsageError: there are no such filters, or `most` is out of range.
    """
    if not 1 <= most <= MOST:
        raise UsageError(f"`most` of forming must be from 1 to {MOST}. Got {shown(most)}.")
    found = weights(run, layer)
    chosen = by_change(found)[:most]
    places = _places(len(found.epochs) - 1)
    epochs = np.array(run.kept_epochs)[places]
    channels = np.abs(found.change[chosen]).sum(axis=(2, 3)).argmax(axis=1)
    tiles = found.epochs[places][:, chosen, channels].swapaxes(0, 1)
    with styled(lang) as words:
        mosaic = Mosaic(tiles.reshape(-1, *tiles.shape[2:]), len(epochs), (1, 1))
        height_cm = min(_BLOCK_CM * mosaic.size[0] / mosaic.size[1], _TALLEST_CM)
        figure = new_figure(height_cm + 2.6)
        axes = figure.subplots()
        limit = float(np.abs(tiles).max()) or 1.0
        image = show(axes, mosaic, DIVERGING, (-limit, limit))
        colour_bar(axes, image, words["weight"], height_cm * mosaic.size[1] / mosaic.size[0])
        _label(axes, mosaic, epochs, _names(chosen, channels, found.after.shape[1], words))
        axes.set_xlabel(words["epoch"])
        axes.set_ylabel(words["filter"])
        title = words["forming_title"].format(network=run.spec.name, layer=found.layer)
        figure.suptitle(f"{title}\n{setting(run, drawable_language(lang))}")
        return finished(figure, lang, _alt(run, found.layer, epochs, tiles, lang))


def _places(last: int) -> IntArray:
    """Return at most eleven places from 0, the first weights, to the last, denser at the start."""
    if last < _MOST_EPOCHS:
        return np.arange(last + 1)
    wanted = np.round(np.geomspace(1, last + 1, _MOST_EPOCHS)).astype(int) - 1
    for place in range(1, _MOST_EPOCHS):  # where rounding made two the same, the later one moves on
        wanted[place] = max(wanted[place], wanted[place - 1] + 1)
    return wanted


def _names(chosen: IntArray, channels: IntArray, n_channels: int, words: Mapping[str, str]) -> list[str]:
    if n_channels == 1:
        return [str(number + 1) for number in chosen]
    return [
        words["filter_and_channel"].format(filter=f + 1, channel=c + 1)
        for f, c in zip(chosen, channels, strict=True)
    ]


def _label(axes: Axes, mosaic: Mosaic, epochs: IntArray, names: list[str]) -> None:
    _, h, w = mosaic.tiles.shape
    across = [mosaic.corner(i)[1] + (w - 1) / 2 for i in range(len(epochs))]
    axes.set_xticks(across, [str(epoch) for epoch in epochs])
    down = [mosaic.corner(i * len(epochs))[0] + (h - 1) / 2 for i in range(len(names))]
    axes.set_yticks(down, names)
    axes.tick_params(length=0, pad=2)


def _alt(run: Run, layer: str, epochs: IntArray, tiles: Array, lang: str) -> str:
    words = words_in(lang)
    strength = np.abs(tiles).mean(axis=(0, 2, 3))
    half = next(e for e, value in zip(epochs, strength, strict=True) if value >= strength[-1] / 2)
    return words["forming_alt"].format(
        filters=counted(words, "filters", len(tiles)),
        layer=layer,
        network=run.spec.name,
        setting=setting(run, lang),
        epochs=words["comma"].join(map(str, epochs)),
        first=strength[0],
        last=strength[-1],
        half=half,
    )
