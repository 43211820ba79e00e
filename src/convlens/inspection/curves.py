"""Learning curves: how accuracy grows over the epochs, one panel a group of runs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil, floor
from textwrap import wrap
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from convlens._typing import Array
from convlens.arguments import as_annotated
from convlens.findings import Onsets, onsets, require_groups
from convlens.inspection.drawing.fonts import drawable_language
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
_PANEL_CM, _LOSS_CM = 6.2, 4.2
_TITLE_LETTERS = 66  # of all titles in a row together
_MARGIN = 0.04  # beyond the outermost points, of the range: a marker on the edge would be cut
_NOTE_POINTS = 37  # height of the three lines between title and panel
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
    """Draw accuracy over epochs on training and test images, one panel a group, all on the same axes.

    Every seed is a thin line, their mean a thick one. Above each panel stand the last epoch's accuracies and
    the number of seeds behind them.

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
        grid = _PanelGrid(len(panels), loss, narrow)
        _fill(grid, panels, low, words)
        handles = _legend(panels, words)
        columns = 1 if narrow else 2 if len(handles) == 4 else 3
        grid.figure.legend(handles=handles, loc="outside lower center", ncols=columns)
        told = [replace(panel, name=name) for panel, name in zip(panels, said, strict=True)]
        return finished(grid.figure, lang, _alt(told, low, lang))


def _named(groups: Mapping[str, Sequence[Run]] | Sequence[Run], lang: str) -> Mapping[str, Sequence[Run]]:
    return groups if isinstance(groups, Mapping) else grouped(groups, lang)


def _fill(grid: "_PanelGrid", panels: Sequence["_Group"], low: float, words: Words) -> None:
    """Draw every panel, all on the same axes, which begin at `low` %."""
    top = max(float(panel.loss[part].max()) for panel in panels for part in _LOOKS)
    for place, (panel, (upper, lower)) in enumerate(zip(panels, grid.cells, strict=True)):
        _draw(upper, panel, "accuracy", place)
        _note(upper, panel, words, grid.title_letters)
        upper.set_ylim(low, 100 + _MARGIN * (100 - low))
        if lower is not None:
            _draw(lower, panel, "loss", place)
            lower.set_ylim(-_MARGIN * top, (1 + _MARGIN) * top)
    _label(grid.cells, words, max(panel.n_epochs for panel in panels))


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


class _PanelGrid:
    """A figure with a cell for each panel: its axes for accuracy and, if asked for, for loss.

    Attributes:
        figure: the figure.
        cells: (accuracy, loss or None) of each panel.
        title_letters: how many letters of a title have room above a panel.
    """

    def __init__(self, count: int, loss: bool, narrow: bool) -> None:
        columns = 1 if narrow else 2 if count == 4 else min(count, _COLUMNS)
        rows = ceil(count / columns)
        heights = [_PANEL_CM, _LOSS_CM] if loss else [_PANEL_CM]
        width = NARROW_CM if narrow else WIDTH_CM
        self.title_letters = (_TITLE_LETTERS // 2 if narrow else _TITLE_LETTERS) // columns
        self.figure = new_figure(rows * sum(heights) + (2.8 if narrow else 1.6), width=width)
        axes = self.figure.subplots(
            rows * len(heights), columns, squeeze=False, gridspec_kw={"height_ratios": heights * rows}
        )
        self.cells: list[tuple[Axes, Axes | None]] = []
        for cell in range(rows * columns):
            row, column = divmod(cell, columns)
            own = [axes[row * len(heights) + part, column] for part in range(len(heights))]
            if cell < count:
                self.cells.append((own[0], own[1] if loss else None))
            else:
                for unused in own:
                    unused.remove()


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


def _note(axes: Axes, panel: _Group, words: Words, wrap_at: int) -> None:
    """Write the group's name and its last accuracies above its panel."""
    over_all, n = panel.over_all
    numbers = (
        words["last_epoch"].format(seeds=counted(words, "seeds", panel.n_seeds)),
        words["ends_at"].format(
            train=words.percent(panel.last("train")), test=words.percent(panel.last("test"))
        ),
        words["ends_over_all"].format(n=n, test=words.accuracy(over_all, n)),
    )
    note = axes.annotate(
        "\n".join(numbers),
        (0, 1),
        (0, 4),
        xycoords="axes fraction",
        textcoords="offset points",
        va="bottom",
        fontsize=7,
        color=GREY,
    )
    note.set_in_layout(False)  # the title above it makes the room; a long line must not squeeze the panel
    panel_title(axes, _wrapped(panel.name, wrap_at), pad=_NOTE_POINTS)


def _wrapped(name: str, wrap_at: int) -> str:
    """Break a name into lines of about `wrap_at` Latin letters; Hangul is wider."""
    letters = len(name) + 0.7 * sum(letter >= "\u1100" for letter in name)
    return "\n".join(wrap(name, max(8, int(wrap_at * len(name) / max(1.0, letters)))))


def _label(cells: Sequence[tuple[Axes, Axes | None]], words: Mapping[str, str], epochs: int) -> None:
    ticks = _epoch_ticks(epochs)
    margin = _MARGIN * max(1, epochs - 1)
    for upper, lower in cells:
        upper.set_ylabel(words["accuracy_axis"])
        (lower or upper).set_xlabel(words["epoch"])
        for axes in (upper, lower):
            if axes is not None:
                axes.set_xlim(1 - margin, epochs + margin)
                axes.set_xticks(ticks, [str(tick) for tick in ticks])
        if lower is not None:
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


def _alt(panels: Sequence[_Group], low: float, lang: str) -> str:
    words = words_in(lang)
    sentences = [words["curves_alt"].format(low=words.percent(low / 100, 0))]
    sentences += [
        words["curves_alt_panel"].format(
            group=panel.name,
            epochs=counted(words, "epochs", panel.n_epochs),
            seeds=counted(words, "seeds", panel.n_seeds),
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
