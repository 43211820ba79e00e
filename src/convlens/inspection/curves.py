"""Learning curves: how accuracy grows over the epochs, one panel a group of runs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil, floor
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from convlens._typing import Array
from convlens.arguments import as_annotated
from convlens.findings import Onsets, onsets, require_groups
from convlens.inspection.drawing.fonts import drawable_language
from convlens.inspection.drawing.lines import wrapped
from convlens.inspection.drawing.style import (
    BLACK,
    BLUE,
    GREY,
    NARROW_CM,
    ORANGE,
    WIDTH_CM,
    finished,
    new_figure,
    panel_title,
    styled,
)
from convlens.inspection.drawing.style import (
    grid as faint_grid,
)
from convlens.inspection.groups import grouped
from convlens.inspection.words import counted, words_in
from convlens.runs import Run
from convlens.words import Words

__all__ = ["learning_curves"]

_COLUMNS = 3
_PANEL_CM, _LOSS_CM = 3.7, 2.7
_LEFT_CM, _RIGHT_CM, _BETWEEN_CM, _BELOW_CM = 1.35, 0.3, 0.4, 1.15
_NAME_LINE_CM, _LINE_CM, _LEGEND_LINE_CM = 0.42, 0.36, 0.45
_NAME_LETTER_CM, _LETTER_CM = 0.17, 0.124  # widths of letters, on the safe side
_MARGIN = 0.04  # beyond the outermost points, of the range: a marker on the edge would be cut
_LOOKS: dict[str, tuple[str, str, Any]] = {"train": (BLUE, "o", "-"), "test": (ORANGE, "s", "--")}
"""Part → colour, marker, line style: two of the three are enough to tell the parts apart."""


@dataclass(frozen=True)
class _Group:
    """One panel's numbers: `accuracy` in % and `loss` in nats by part, each (seeds, epochs)."""

    name: str
    accuracy: dict[str, Array]
    loss: dict[str, Array]
    n_samples: dict[str, set[int]]
    over_all: tuple[float, int]  # mean accuracy on all test images, 0 to 1, and how many these are
    seeds: tuple[int, ...]
    onsets: Onsets

    @property
    def n_seeds(self) -> int:
        return len(self.accuracy["test"])

    @property
    def n_epochs(self) -> int:
        return self.accuracy["test"].shape[1]

    def last(self, part: str) -> float:
        """Return the mean over seeds of the last epoch's accuracy, 0 to 1."""
        return float(self.accuracy[part][:, -1].mean()) / 100


@as_annotated
def learning_curves(
    groups: Mapping[str, Sequence[Run]] | Sequence[Run],
    *,
    lang: str = "en",
    loss: bool = False,
    narrow: bool = False,
) -> Figure:
    """Draw accuracy over epochs on training and test images, one panel a group, on the same scales.

    Every panel is as long as its own runs. Every seed is a thin line, their mean a thick one. Above each
    panel stand the last epoch's accuracies and the number of seeds behind them.

    Args:
        groups: panel's name → runs that differ in their seed only, such as {"small set": …, "full set": …};
            or runs, which are then grouped and named by what tells them apart.
        lang: "en", "ko" or "ja".
        loss: draw the loss below each accuracy, too.
        narrow: as wide as a phone, panels below each other.

    Raises:
        UsageError: there is nothing to draw, a run is given twice, or the runs of a group differ in more
            than their seed.
    """
    named, said = (_named(groups, one) for one in (drawable_language(lang), lang))
    require_groups(named, "learning_curves")
    panels = [_group(name, runs) for name, runs in named.items()]
    low = _lowest(panels)
    with styled(lang) as words:
        handles = _legend(panels, words)
        columns = 1 if narrow else 2 if len(handles) == 4 else 3
        grid = _PanelGrid(
            [_Heading.of(panel, words) for panel in panels], loss, narrow, ceil(len(handles) / columns)
        )
        _fill(grid, panels, low, words)
        grid.figure.legend(handles=handles, loc="lower center", ncols=columns, borderaxespad=0.3)
        told = [replace(panel, name=name) for panel, name in zip(panels, said, strict=True)]
        return finished(grid.figure, lang, _alt(told, low, lang))


def _named(groups: Mapping[str, Sequence[Run]] | Sequence[Run], lang: str) -> Mapping[str, Sequence[Run]]:
    return groups if isinstance(groups, Mapping) else grouped(groups, lang)


def _fill(grid: "_PanelGrid", panels: Sequence["_Group"], low: float, words: Words) -> None:
    """Draw every panel, all on the same scale of accuracy, which begins at `low` %, and of loss."""
    top = max(float(panel.loss[part].max()) for panel in panels for part in _LOOKS)
    for place, (panel, (upper, lower)) in enumerate(zip(panels, grid.cells, strict=True)):
        _draw(upper, panel, "accuracy", place)
        upper.set_ylim(low, 100 + _MARGIN * (100 - low))
        if lower is not None:
            _draw(lower, panel, "loss", place)
            lower.set_ylim(-_MARGIN * top, (1 + _MARGIN) * top)
        _label(upper, lower, words, panel.n_epochs)
        if grid.is_inner(place):
            for axes in filter(None, (upper, lower)):
                axes.yaxis.label.set_visible(False)
                axes.tick_params(labelleft=False)


def _group(name: str, runs: Sequence[Run]) -> _Group:
    curves = {part: [run.curve(part) for run in runs] for part in _LOOKS}
    return _Group(
        name=name,
        accuracy={part: 100 * np.stack([c.accuracy for c in curves[part]]) for part in _LOOKS},
        loss={part: np.stack([c.loss for c in curves[part]]) for part in _LOOKS},
        n_samples={part: {c.n_samples for c in curves[part]} for part in _LOOKS},
        over_all=(
            float(np.mean([run.results["test_accuracy"] for run in runs])),
            int(runs[0].results["n_test"]),
        ),
        seeds=tuple(run.seed for run in runs),
        onsets=onsets(runs),
    )


def _lowest(panels: Sequence[_Group]) -> float:
    """Return where the axis begins: below every point, early epochs included, at a multiple of 5 %."""
    least = min(float(panel.accuracy[part].min()) for panel in panels for part in _LOOKS)
    return max(0.0, min(5.0 * floor((least - 0.5) / 5), 95.0))


@dataclass(frozen=True)
class _Heading:
    """What stands above a panel: its group's name, and its last accuracies in lines."""

    name: str
    numbers: tuple[str, ...]

    @classmethod
    def of(cls, panel: _Group, words: Words) -> "_Heading":
        """Say a group's last accuracies."""
        over_all, n = panel.over_all
        numbers = (
            words["last_epoch"].format(seeds=counted(words, "seeds", panel.n_seeds)),
            words["ends_at"].format(
                train=words.percent(panel.last("train")), test=words.percent(panel.last("test"))
            ),
            words["ends_over_all"].format(n=n, test=words.accuracy(over_all, n)),
        )
        return cls(panel.name, numbers)

    def broken(self, width_cm: float) -> tuple[str, str]:
        """Return name and numbers in lines that fit into a width."""
        name = wrapped(self.name, int(width_cm / _NAME_LETTER_CM))
        return name, "\n".join(wrapped(line, int(width_cm / _LETTER_CM)) for line in self.numbers)


class _PanelGrid:
    """A figure with a cell for each panel: its heading, its axes for accuracy and, if asked for, for loss.

    Args:
        headings: of the panels.
        loss: there are axes for it.
        narrow: as wide as a phone.
        legend_rows: that stand below the panels.

    Attributes:
        figure: the figure.
        cells: (accuracy, loss or None) of each panel.
    """

    def __init__(self, headings: Sequence[_Heading], loss: bool, narrow: bool, legend_rows: int) -> None:
        count = len(headings)
        self._columns = 1 if narrow else 2 if count == 4 else min(count, _COLUMNS)
        width = NARROW_CM if narrow else WIDTH_CM
        gaps = (self._columns - 1) * _BETWEEN_CM
        across = (width - _LEFT_CM - _RIGHT_CM - gaps) / self._columns
        broken = [heading.broken(across) for heading in headings]
        names, notes = (max(part.count("\n") + 1 for part in parts) for parts in zip(*broken, strict=True))
        above = names * _NAME_LINE_CM + notes * _LINE_CM + 0.35
        heights = [_PANEL_CM, _LOSS_CM] if loss else [_PANEL_CM]
        pitch = above + sum(heights) + (len(heights) - 1) * _BETWEEN_CM + _BELOW_CM
        self._size = width, ceil(count / self._columns) * pitch + legend_rows * _LEGEND_LINE_CM + 0.4
        self.figure = new_figure(self._size[1], layout=None, width=width)
        self.cells: list[tuple[Axes, Axes | None]] = []
        for place, (name, note) in enumerate(broken):
            row, column = divmod(place, self._columns)
            x, y = _LEFT_CM + column * (across + _BETWEEN_CM), row * pitch + above
            upper = self._axes(x, y, across, _PANEL_CM)
            lower = self._axes(x, y + _PANEL_CM + _BETWEEN_CM, across, _LOSS_CM) if loss else None
            panel_title(upper, name, pad=(notes * _LINE_CM + 0.22) / 2.54 * 72)
            self._write(x, y - 0.14, note, fontsize=7, color=GREY, va="bottom")
            self.cells.append((upper, lower))

    def is_inner(self, place: int) -> bool:
        """Return whether a panel has another one left of it, which says what its heights mean."""
        return place % self._columns > 0

    def _axes(self, x: float, y: float, width: float, height: float) -> Axes:
        """Return axes whose upper left corner is (x, y) centimetres from the figure's."""
        across, down = self._size
        return self.figure.add_axes((x / across, 1 - (y + height) / down, width / across, height / down))

    def _write(self, x: float, y: float, text: str, **looks: Any) -> None:  # noqa: ANN401 (matplotlib's)
        across, down = self._size
        self.figure.text(x / across, 1 - y / down, text, **looks)


def _draw(axes: Axes, panel: _Group, kind: str, place: int) -> None:
    """Draw each seed thin and the mean over seeds thick; their ids let a page find them."""
    curves = panel.accuracy if kind == "accuracy" else panel.loss
    for part, (colour, marker, line) in _LOOKS.items():
        values, name = curves[part], f"{kind}-{place}-{part}"
        epochs = np.arange(1, values.shape[1] + 1)
        if len(values) > 1:
            for seed, own in zip(panel.seeds, values, strict=True):
                axes.plot(
                    epochs, own, line, color=colour, linewidth=0.6, alpha=0.6, gid=f"{name}-seed-{seed}"
                )
        size = 3.5 if len(epochs) <= 30 else 0
        mean = values.mean(axis=0)
        looks: dict[str, Any] = {"linewidth": 1.8, "marker": marker, "markersize": size}
        axes.plot(epochs, mean, line, color=colour, gid=f"{name}-mean", **looks)
    axes.patch.set_gid(f"{kind}-{place}-axes")
    for seed, begins in panel.onsets.by_seed.items():
        if begins is not None:
            name = f"{kind}-{place}-onset-seed-{seed}"
            axes.axvline(begins.epoch, color=BLACK, linewidth=1.0, linestyle=":", gid=name)
    faint_grid(axes)


def _label(upper: Axes, lower: Axes | None, words: Mapping[str, str], epochs: int) -> None:
    """Write what the axes of a panel mean; it is as long as its own runs."""
    ticks = _epoch_ticks(epochs)
    margin = _MARGIN * max(1, epochs - 1)
    upper.set_ylabel(words["accuracy_axis"])
    (lower or upper).set_xlabel(words["epoch"])
    for axes in (upper, lower):
        if axes is not None:
            axes.set_xlim(1 - margin, epochs + margin)
            axes.set_xticks(ticks, [str(tick) for tick in ticks])
    if lower is not None:
        upper.tick_params(labelbottom=False)
        lower.set_ylabel(words["loss_axis"])


def _epoch_ticks(epochs: int) -> list[int]:
    """Return at most seven whole epochs, the first among them."""
    step = next(s * 10**k for k in range(9) for s in (1, 2, 5) if epochs <= 6 * s * 10**k)
    return [1, *(tick for tick in range(step, epochs + 1, step) if tick > max(1, step // 2))]


def _legend(panels: Sequence[_Group], words: Mapping[str, str]) -> list[Line2D]:
    """Say what the lines are, and on how many images they were judged where this is the same for all."""
    handles = []
    for part, (colour, marker, line) in _LOOKS.items():
        name = "training_images" if part == "train" else "test_images"
        counts = set().union(*(panel.n_samples[part] for panel in panels))
        first = words[f"first_{name}"].format(n=min(counts))
        text = first if len(counts) == 1 else words[name]
        handles.append(Line2D([], [], color=colour, marker=marker, linestyle=line, markersize=4, label=text))
    if any(panel.n_seeds > 1 for panel in panels):
        handles.append(Line2D([], [], color=GREY, linewidth=0.6, label=words["thin_and_thick"]))
    if any(panel.onsets.found for panel in panels):
        handles.append(Line2D([], [], color=BLACK, linewidth=1.0, linestyle=":", label=words["onset"]))
    return handles


def _unsaid(panel: _Group, words: Words) -> list[str]:
    """Return what the group's name does not say already."""
    facts = counted(words, "epochs", panel.n_epochs), counted(words, "seeds", panel.n_seeds)
    return [fact for fact in facts if fact not in panel.name]


def _alt(panels: Sequence[_Group], low: float, lang: str) -> str:
    words = words_in(lang)
    sentences = [words["curves_alt"].format(low=words.percent(low / 100, 0))]
    sentences += [
        words["curves_alt_panel"].format(
            group=panel.name,
            facts=words["comma"].join(_unsaid(panel, words)),
            train=words.percent(panel.last("train")),
            test=words.percent(panel.last("test")),
        )
        for panel in panels
    ]
    sentences += [
        words["curves_alt_onset"].format(group=panel.name, seed=seed, epoch=begins.epoch)
        for panel in panels
        for seed, begins in panel.onsets.by_seed.items()
        if begins is not None
    ]
    return " ".join(sentences)
