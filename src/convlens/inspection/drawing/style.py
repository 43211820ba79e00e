"""How every picture looks: sizes, colours, fonts, and the way in and out of making one.

Must not know what is in a picture.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import RLock
from typing import Any, Literal, cast

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from convlens.arguments import as_annotated
from convlens.inspection.drawing.fonts import drawable_language, faces_of, family, printable
from convlens.inspection.drawing.palette import FAINT
from convlens.inspection.words import words_in
from convlens.words import Words

__all__ = [
    "BLACK",
    "BLUE",
    "FAINT",
    "GREY",
    "NARROW_CM",
    "ORANGE",
    "WIDTH_CM",
    "alt_text",
    "centimetres",
    "finished",
    "grid",
    "new_figure",
    "panel_title",
    "settings",
    "settle",
    "styled",
]

WIDTH_CM = 16.0
"""Width of a picture: the text width of an A4 page."""

NARROW_CM = 8.5
"""Width of a picture for a phone, where there is such a one."""

# From Okabe and Ito's palette, which people with any kind of colour vision can tell apart.
BLUE, ORANGE, BLACK = "#0072B2", "#D55E00", "#000000"
GREY = "#595959"

_SETTINGS: dict[str, Any] = {
    "font.size": 8.0,
    "figure.titlesize": 9.5,
    "figure.titleweight": "bold",
    "axes.titlesize": 8.5,
    "axes.labelsize": 8.0,
    "axes.linewidth": 0.6,
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "grid.color": FAINT,
    "grid.linewidth": 0.6,
    "legend.fontsize": 8.0,
    "legend.frameon": False,
    "xtick.labelsize": 7.5,
    "ytick.labelsize": 7.5,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "text.hinting": "none",  # at 200 dots an inch letters need none, and it takes time
    "text.parse_math": False,  # a user's names may hold a dollar sign
    "savefig.dpi": 200,
    "path.simplify": False,  # a page finds the point of each epoch in its line
    "svg.fonttype": "path",  # every script stays what it is on a machine without the font
    "svg.hashsalt": "convlens",  # the same picture gives the same bytes
}
_LOCK = RLock()  # matplotlib's settings belong to the whole process


@contextmanager
def settings(lang: str = "en") -> Iterator[None]:
    """Give matplotlib our settings, whatever the user's are, and the user's back at the end."""
    with _LOCK:
        ours, theirs = _ours(tuple(family(lang))), cast("dict[str, Any]", mpl.rcParams)
        before = dict(theirs)
        dict.update(theirs, ours)  # past matplotlib's checks, which take longer than many a figure
        try:
            yield
        finally:
            dict.update(theirs, before)


@cache
def _ours(fonts: tuple[str, ...]) -> dict[str, Any]:
    """Return all of matplotlib's settings as we want them, checked by matplotlib once."""
    ours: dict[Any, Any] = {k: v for k, v in mpl.rcParamsDefault.items() if not k.startswith("backend")}
    ours |= _SETTINGS
    ours["font.family"] = list(fonts)
    with mpl.rc_context(ours):
        return {name: value for name, value in mpl.rcParams.items() if not name.startswith("backend")}


@contextmanager
def styled(lang: str) -> Iterator[Words]:
    """Make a picture in here: yields the words of `lang`, or English ones if no font can draw them.

    Raises:
        UsageError: there is no such language.
    """
    lang = drawable_language(lang)
    with settings(lang):
        yield words_in(lang)


def centimetres(width: float, height: float) -> tuple[float, float]:
    """Return a size in inches."""
    return width / 2.54, height / 2.54


def new_figure(
    height: float, layout: Literal["constrained"] | None = "constrained", width: float = WIDTH_CM
) -> Figure:
    """Return an empty figure of a height and a width in centimetres."""
    figure = Figure(figsize=centimetres(width, height), layout=layout)
    FigureCanvasAgg(figure)
    return figure


def grid(axes: Axes, axis: str = "both") -> None:
    """Draw a faint grid behind the data."""
    axes.grid(visible=True, axis=axis)  # type: ignore[arg-type]


def panel_title(axes: Axes, text: str, pad: float | None = None) -> None:
    """Write what tells a panel from its neighbours above it, `pad` points away."""
    axes.set_title(text, loc="left", fontweight="bold", pad=pad)


def finished(figure: Figure, lang: str, alt: str) -> Figure:
    """Settle a figure: characters that cannot be drawn become "?", everything gets its place for good.

    Args:
        figure: made within `styled(lang)`.
        lang: the language that was asked for.
        alt: what the figure shows, in words, for those who cannot see it.
    """
    drawn = drawable_language(lang)
    families = family(drawn)
    for text in _texts(figure):
        settle(text, drawn, families)
    figure.set_label(alt)
    if figure.get_layout_engine() is not None:
        figure.draw_without_rendering()
        figure.set_layout_engine("none")  # else everything is measured again for every file
    return figure


def _texts(figure: Figure) -> Iterator[Text]:
    """Yield what is written; axes that are not drawn are not asked for their ticks: they would be made."""
    yield from figure.texts
    for legend in figure.legends:
        yield from legend.get_texts()
    for axes in figure.axes:
        yield from axes.findobj(Text) if axes.axison else axes.texts


def settle(text: Text, lang: str, families: list[str]) -> None:
    """Make sure that every character is drawn, in the first of these fonts if it has them all."""
    said = text.get_text()
    if faces_of(lang).has(said.replace("\n", "")):
        text.set_fontfamily(families[:1])  # to look through all fonts for each text takes most of the time
    else:
        text.set_text(printable(said, lang))
    text.set_linespacing(1.25 if lang == "en" else 1.45)  # Hangul and kanji fill their line


@as_annotated
def alt_text(figure: Figure) -> str:
    """Return what a figure of this room shows, in words and numbers, for those who cannot see it."""
    return str(figure.get_label())
