"""A network drawn from its spec: stacks of feature maps and bars of units, as in the paper on LeNet.

Reference: LeCun et al., "Gradient-based learning applied to document recognition", 1998, figure 2.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from convlens.arguments import as_annotated
from convlens.inspection.architecture.drawn_layers import drawn_layers
from convlens.inspection.architecture.rows import Placed, place
from convlens.inspection.architecture.ways import LANE_CM, Way, lanes_of, ways_of
from convlens.inspection.drawing.fonts import drawable_language, family
from convlens.inspection.drawing.style import (
    BLACK,
    BLUE,
    GREY,
    NARROW_CM,
    ORANGE,
    WIDTH_CM,
    centimetres,
    finished,
    new_figure,
    settle,
    styled,
)
from convlens.inspection.words import words_in
from convlens.spec import NetworkSpec
from convlens.words import Words

__all__ = ["architecture"]

_ROW_CM, _LINE_CM = 4.4, 0.36  # height of a row without the names of operations, and of a line of these
_MARGIN_CM = 0.2
_HEAD_CM, _FOOT_CM = 0.9, 0.9
_MIDDLE_CM = 2.45  # from the top of a row to its middle
_TITLE_UP_CM = 1.8  # from a row's middle to its titles
_OPERATION_DOWN_CM = 1.5  # from a row's middle to the names of the operations
_LETTERS = 7.0
_PLANE = "#eaf2f8"
_ARROW = {"arrowstyle": "->", "color": GREY, "linewidth": 0.7}
_WAY: dict[str, Any] = {"color": BLUE, "linewidth": 0.8}
_APART_CM = 0.12  # where a way ends, and the next begins, from a part's middle; and above its name


@as_annotated
def architecture(spec: NetworkSpec, *, lang: str = "en", narrow: bool = False) -> Figure:
    """Draw a network: its feature maps, what leads from one to the next, its rows of numbers, the softmax.

    Sides of planes are to scale, and heights of bars grow with the root of their units (very small ones are
    drawn a little larger); at most twelve planes of a stack are drawn, the title says how many there are.
    Lines above the names are the ways of residual additions.

    Args:
        spec: what to draw.
        lang: "en", "ko" or "ja".
        narrow: as wide as a phone.
    """
    width = NARROW_CM if narrow else WIDTH_CM
    with styled(lang) as words:
        found = drawn_layers(spec, words)
        figure = new_figure(1.0, layout=None, width=width)
        placed = place(found, width - 2 * _MARGIN_CM, _measure(figure, drawable_language(lang)))
        ways = ways_of(placed)
        placed, height = _in_rows(placed, ways)
        figure.set_size_inches(centimetres(width, height))
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_axis_off()
        axes.set_xlim(-_MARGIN_CM, width - _MARGIN_CM)
        axes.set_ylim(-height, 0)
        for number, this in enumerate(placed):
            if number - 1 in this.part.reads:
                _connect(axes, placed[number - 1], this)
            _draw(axes, this)
        for way in ways:
            _draw_way(axes, placed[way.start : way.end + 1], way.lane, width - 2 * _MARGIN_CM)
        middle = width / 2 - _MARGIN_CM
        axes.text(middle, -0.25, spec.name, ha="center", va="top", fontsize=9.5, fontweight="bold")
        cost = _cost(spec, words, "\n" if narrow else words["comma"])
        axes.text(middle, 0.2 - height, cost, ha="center", va="bottom", color=GREY)
        if ways:
            up = 0.2 - height + _LINE_CM * (1 + cost.count("\n")) + 0.1
            axes.text(middle, up, words["ways"], ha="center", va="bottom", fontsize=_LETTERS, color=BLUE)
        return finished(figure, lang, _alt(spec, words_in(lang)))


def _measure(figure: Figure, lang: str) -> Callable[[str], float]:
    """Return a function that tells the width of a text, as it will be drawn, in centimetres."""
    renderer = FigureCanvasAgg(figure).get_renderer()  # type: ignore[no-untyped-call]
    families = family(lang)

    @cache  # where names are broken, the same parts are measured again and again
    def width(text: str) -> float:
        drawn = figure.text(0, 0, text, fontsize=_LETTERS)
        settle(drawn, lang, families)
        pixels = drawn.get_window_extent(renderer).width
        drawn.remove()
        return float(pixels / figure.dpi * 2.54)

    return width


def _in_rows(placed: Sequence[Placed], ways: Sequence[Way]) -> tuple[list[Placed], float]:
    """Return parts at the height of their rows, and the picture's height; lines above names need room."""
    row_height = _ROW_CM + _LINE_CM * max(len(one.part.operation) for one in placed)
    room = [lanes * LANE_CM + (_APART_CM if lanes else 0) for lanes in lanes_of(ways, placed)]
    tops = [-_HEAD_CM - row * row_height - sum(room[: row + 1]) for row in range(len(room))]
    height = row_height - tops[-1] + _FOOT_CM + (_LINE_CM if ways else 0)
    return [replace(one, y=tops[one.row] - _MIDDLE_CM) for one in placed], height


def _draw_way(axes: Axes, parts: Sequence[Placed], lane: int, width: float) -> None:
    """Draw the line from the first of some parts to the last, row by row above the names of those between."""
    first, last = parts[0], parts[-1]
    for row in range(first.row, last.row + 1):
        names = next(one.y for one in parts if one.row == row) + _MIDDLE_CM + _APART_CM
        line = names + (lane + 0.7) * LANE_CM
        start = (first.x + _APART_CM, names) if row == first.row else (0.0, line)
        end = (last.x - _APART_CM, names) if row == last.row else (width, line)
        points = [start, (start[0], line), (end[0], line)]
        axes.plot(*zip(*points, strict=True), zorder=2, **_WAY)
        if row == last.row:
            axes.annotate("", end, (end[0], line), arrowprops={**_ARROW, **_WAY, "shrinkA": 0, "shrinkB": 0})


def _front(this: Placed) -> tuple[float, float]:
    """Return the lower left corner of the front plane."""
    part, (width, height) = this.part, this.part.body
    behind = (part.planes - 1) * part.shift
    return this.x - width / 2 + behind, this.y - height / 2


def _draw(axes: Axes, this: Placed) -> None:
    """Draw a part's planes from back to front, and its words."""
    part = this.part
    x, y = _front(this)
    for behind in range(part.planes - 1, -1, -1):
        corner = (x - behind * part.shift, y + behind * part.shift)
        face = _PLANE if part.is_stack else BLUE
        axes.add_patch(
            Rectangle(corner, *part.plane, facecolor=face, edgecolor=BLACK, linewidth=0.5, zorder=3)
        )
    top = this.y + _TITLE_UP_CM
    axes.text(this.x, top, "\n".join(part.title), ha="center", va="bottom", fontsize=_LETTERS)
    if part.notes:
        text = ", ".join(part.notes)
        axes.text(this.x, top - 0.05, text, ha="center", va="top", fontsize=_LETTERS, color=ORANGE)
    if part.operation:
        bottom = this.y - _OPERATION_DOWN_CM
        text = "\n".join(part.operation)
        axes.text(this.operation_x, bottom, text, ha="center", va="top", fontsize=_LETTERS, color=GREY)


def _connect(axes: Axes, before: Placed, this: Placed) -> None:
    """Draw how a part comes from the one before it."""
    if before.row != this.row:
        left = this.x - this.part.body[0] / 2 - 0.1
        start = max(0.0, min(left - 0.5, 2 * this.operation_x - left))
        axes.annotate("", (left, this.y), (start, this.y), arrowprops=_ARROW)
    elif this.part.window is None or not this.part.is_stack:
        _connect_all(axes, before, this)
    else:
        _connect_window(axes, before, this, this.part.window)


def _connect_all(axes: Axes, before: Placed, this: Placed) -> None:
    """Draw two lines that say: everything there leads to everything here."""
    (x0, y0), (x1, y1) = _front(before), _front(this)
    width, height = before.part.plane
    for start, end in ((y0, y1), (y0 + height, y1 + this.part.plane[1])):
        axes.plot((x0 + width, x1), (start, end), color=GREY, linewidth=0.5, zorder=2)


def _connect_window(axes: Axes, before: Placed, this: Placed, window: tuple[int, int]) -> None:
    """Draw the window in one plane, and the pixel that it leads to in the next."""
    here = _patch(before, window, (0.65, 0.3))
    there = _patch(this, (1, 1), (0.35, 0.65))
    for patch in (here, there):
        axes.add_patch(Rectangle(*patch, facecolor="none", edgecolor=ORANGE, linewidth=0.7, zorder=5))
    ((x, y), width, height), ((to_x, to_y), to_width, to_height) = here, there
    for start, end in ((y, to_y), (y + height, to_y + to_height)):
        axes.plot((x + width, to_x + to_width / 2), (start, end), color=ORANGE, linewidth=0.5, zorder=4)


def _patch(
    this: Placed, window: tuple[int, int], where: tuple[float, float]
) -> tuple[tuple[float, float], float, float]:
    """Return corner, width and height of a window on the front plane.

    Args:
        this: what it is drawn on.
        window: height and width in pixels.
        where: (0, 0) is the plane's lower left, (1, 1) its upper right.
    """
    (x, y), (width, height) = _front(this), this.part.plane
    _, rows, columns = this.part.shape
    across = min(width, max(0.05, width * window[1] / columns))
    up = min(height, max(0.05, height * window[0] / rows))
    return (x + where[0] * (width - across), y + where[1] * (height - up)), across, up


def _cost(spec: NetworkSpec, words: Mapping[str, str], between: str) -> str:
    multiply_adds = sum(row.multiply_adds for row in spec.table)
    parts = words["parameters"], words["multiply_adds"]
    return between.join(
        part.format(n=f"{n:,}") for part, n in zip(parts, (spec.n_parameters, multiply_adds), strict=True)
    )


def _alt(spec: NetworkSpec, words: Words) -> str:
    steps = []
    parts = drawn_layers(spec, words)
    for number, part in enumerate(parts):
        how = f" ({part.said})" if part.said else ""
        further = part.reads not in {(), (number - 1,)}  # back than the part before
        source = f" \N{LEFTWARDS ARROW} {' + '.join(parts[read].name for read in part.reads)}" * further
        steps.append(" + ".join([f"{part.name}{source}: {part.size}{how}", *part.notes]))
    return words["architecture_alt"].format(
        network=spec.name, chain=" → ".join(steps), cost=_cost(spec, words, words["comma"])
    )
