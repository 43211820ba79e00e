"""Test accuracy by learning rate: every run a dot, with the noise that the number of test images makes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from convlens._typing import Array
from convlens.arguments import as_annotated
from convlens.errors import UsageError
from convlens.findings import require_groups
from convlens.inspection.drawing.style import (
    BLACK,
    BLUE,
    ORANGE,
    WIDTH_CM,
    finished,
    grid,
    new_figure,
    panel_title,
    styled,
)
from convlens.inspection.words import counted, words_in
from convlens.runs import Run
from convlens.study import Interval, one_more_seed, wilson
from convlens.study.stated import Stated
from convlens.words import Words

__all__ = ["learning_rates"]

_HEIGHT_CM = 9.2
_LEFT_CM, _RIGHT_CM, _BETWEEN_CM, _BELOW_CM = 1.2, 0.15, 0.35, 1.35
_LINE_CM, _LEGEND_LINE_CM = 0.4, 0.5
_SPREAD = 0.5  # how wide the runs of one learning rate are spread, of the distance between learning rates


@dataclass(frozen=True)
class _Panel:
    """Accuracies in % of all runs, judged on the same first `n` test images."""

    n: int
    accuracies: dict[float, Array]
    predicted: dict[float, Interval]  # where one further seed may come out; empty where nobody asks


@as_annotated
def learning_rates(
    groups: Mapping[float, Sequence[Run]], *, reported: Mapping[float, float] | None = None, lang: str = "en"
) -> Figure:
    """Draw the test accuracy of every run over its learning rate, on all test images and on the first ones.

    The bar at each dot is a 95 % interval from the number of test images alone: so wide is the noise of one
    run's figure. With several seeds a line marks their mean.

    Args:
        groups: learning rate → its runs, which differ in their seed only.
        reported: learning rate → accuracy from 0 to 1 that a report states for the first test images; a
            hollow diamond each, before a band where one more seed of ours may come out on these images.
        lang: "en", "ko" or "ja".

    Raises:
        UsageError: there is nothing to draw, a run is given twice or has another learning rate than its
            group, runs of a group differ in more than their seed, runs were not judged on as many images,
            or a reported accuracy is not from 0 to 1.
    """
    reported = dict(reported or {})
    _check(groups, reported)
    panels = (
        _panel(groups, "test_accuracy", "n_test", {}),
        _panel(groups, "test_accuracy_head", "test_head", _predicted(groups) if reported else {}),
    )
    rates = sorted({*groups, *reported})
    low, high = _reach(panels, reported)
    with styled(lang) as words:
        handles = _legend(words, panels[1], bool(reported))
        columns = 1 if reported else 2
        figure = _with_axes(2 if _seeds(groups, words) else 1, ceil(len(handles) / columns))
        _fill(figure, panels, rates, reported, words)
        for axes, panel in zip(figure.axes, panels, strict=True):
            axes.set_ylim(low, high)
            name = words["head_test_images" if panel is panels[1] else "all_test_images"]
            panel_title(axes, f"{name.format(n=panel.n)}{_seeds(groups, words)}")
        figure.legend(handles=handles, loc="lower center", ncols=columns, borderaxespad=0.3)
        return finished(figure, lang, _alt(panels, reported, words_in(lang)))


def _with_axes(title_lines: int, legend_rows: int) -> Figure:
    """Return a figure with two axes beside each other, on one scale of accuracy."""
    figure = new_figure(_HEIGHT_CM, layout=None)
    width = (WIDTH_CM - _LEFT_CM - _RIGHT_CM - _BETWEEN_CM) / 2
    below = _BELOW_CM + legend_rows * _LEGEND_LINE_CM
    height = _HEIGHT_CM - below - title_lines * _LINE_CM - 0.3
    for left in (_LEFT_CM, _LEFT_CM + width + _BETWEEN_CM):
        place = left / WIDTH_CM, below / _HEIGHT_CM, width / WIDTH_CM, height / _HEIGHT_CM
        figure.add_axes(place, sharey=figure.axes[0] if figure.axes else None)
    figure.axes[1].tick_params(labelleft=False)
    return figure


def _fill(
    figure: Figure,
    panels: Sequence[_Panel],
    rates: Sequence[float],
    reported: Mapping[float, float],
    words: Mapping[str, str],
) -> None:
    """Draw the panels side by side, and the reported figures in the last one."""
    for axes, panel in zip(figure.axes, panels, strict=True):
        _draw(axes, panel, rates)
        axes.set_xlabel(words["learning_rate"])
    for rate, value in reported.items():
        axes.plot(rates.index(rate), 100 * value, **_REPORTED)
    figure.axes[0].set_ylabel(words["test_accuracy_axis"])


_REPORTED: dict[str, Any] = {
    "marker": "D",
    "markersize": 7,
    "color": BLACK,
    "markerfacecolor": "none",
    "linestyle": "none",
    "zorder": 5,
}


_BAND: dict[str, Any] = {"facecolor": ORANGE, "alpha": 0.13, "edgecolor": "none", "zorder": 0}


def _chance(accuracy: float, n: int) -> tuple[float, float]:
    """Return Wilson's 95 % interval of an accuracy that was found on `n` images, all in %."""
    interval = wilson(round(accuracy / 100 * n), n)
    return 100 * interval.low, 100 * interval.high


def _check(groups: Mapping[float, Sequence[Run]], reported: Mapping[float, float]) -> None:
    require_groups(groups, "learning_rates")
    for rate, runs in groups.items():
        other = next((run for run in runs if run.config.lr != rate), None)
        if other is not None:
            raise UsageError(
                f"group {rate:g} of learning_rates holds a run with the learning rate {other.config.lr:g}."
            )
    wrong = next((value for value in reported.values() if not 0 <= value <= 1), None)
    if wrong is not None:
        raise UsageError(f"`reported` of learning_rates must be accuracies from 0 to 1. Got {wrong}.")


def _predicted(groups: Mapping[float, Sequence[Run]]) -> dict[float, Interval]:
    """Return where one further seed may come out on the same test images; nothing where there is one seed."""
    found = {
        rate: one_more_seed([run.results["test_accuracy_head"] for run in runs])
        for rate, runs in groups.items()
    }
    return {rate: band for rate, band in found.items() if band is not None}


def _panel(
    groups: Mapping[float, Sequence[Run]], accuracy: str, n_images: str, predicted: dict[float, Interval]
) -> _Panel:
    counts = sorted({int(run.results[n_images]) for runs in groups.values() for run in runs})
    if len(counts) > 1:
        found = " and ".join(f"{n:,}" for n in counts)
        raise UsageError(f"the runs of learning_rates must be judged on as many test images. Got {found}.")
    values = {rate: np.array([100 * run.results[accuracy] for run in runs]) for rate, runs in groups.items()}
    return _Panel(counts[0], values, predicted)


def _reach(panels: Sequence[_Panel], reported: Mapping[float, float]) -> tuple[float, float]:
    """Return the ends of an axis with room for all intervals and all reported figures."""
    ends = [100 * value for value in reported.values()]
    for panel in panels:
        ends += [100 * end for band in panel.predicted.values() for end in (band.low, band.high)]
        for accuracies in panel.accuracies.values():
            ends += [end for accuracy in accuracies for end in _chance(accuracy, panel.n)]
    margin = 0.04 * (max(ends) - min(ends))
    return min(ends) - margin, max(ends) + margin


def _seeds(groups: Mapping[float, Sequence[Run]], words: Mapping[str, str]) -> str:
    """Say how many seeds there are, where all learning rates have as many."""
    counts = {len(runs) for runs in groups.values()}
    return f"\n{counted(words, 'seeds', counts.pop())}" if len(counts) == 1 else ""


def _draw(axes: Axes, panel: _Panel, rates: Sequence[float]) -> None:
    """Draw dots with their intervals, runs of one learning rate side by side."""
    for rate, band in panel.predicted.items():
        place, height = rates.index(rate), 100 * (band.high - band.low)
        axes.add_patch(Rectangle((place - 0.42, 100 * band.low), 0.84, height, **_BAND))
    for rate, accuracies in panel.accuracies.items():
        place, count = rates.index(rate), len(accuracies)
        aside = np.linspace(-0.5, 0.5, count) * _SPREAD if count > 1 else np.zeros(1)
        ends = np.array([_chance(accuracy, panel.n) for accuracy in accuracies])
        axes.vlines(place + aside, ends[:, 0], ends[:, 1], color=BLUE, linewidth=1.2, alpha=0.45)
        axes.plot(place + aside, accuracies, "o", color=BLUE, markersize=4)
        if count > 1:
            mean = accuracies.mean()
            axes.hlines(mean, place - _SPREAD * 0.7, place + _SPREAD * 0.7, color=ORANGE, linewidth=1.8)
    axes.set_xlim(-0.6, len(rates) - 0.4)
    axes.set_xticks(range(len(rates)), [f"{rate:g}" for rate in rates])
    grid(axes, "y")


def _legend(words: Mapping[str, str], head: _Panel, reported: bool) -> list[Artist]:
    handles: list[Artist] = [
        Line2D([], [], marker="o", color=BLUE, linestyle="none", markersize=4, label=words["one_run"]),
        Line2D([], [], color=BLUE, linewidth=1.2, alpha=0.45, label=words["interval"]),
    ]
    if max(map(len, head.accuracies.values())) > 1:
        handles.append(Line2D([], [], color=ORANGE, linewidth=1.8, label=words["mean"]))
    if reported:
        handles.append(Line2D([], [], **_REPORTED, label=words["reported"]))
    if head.predicted:
        handles.append(Patch(**_BAND, label=words["prediction"].format(n=head.n)))
    return handles


def _alt(panels: tuple[_Panel, _Panel], reported: Mapping[float, float], words: Words) -> str:
    on_all, on_head = panels
    sentences = [words["rates_alt"].format(n_all=on_all.n, n_head=on_head.n)]
    for rate in sorted(on_all.accuracies):
        values, head = on_all.accuracies[rate], on_head.accuracies[rate]
        sentences.append(
            words["rates_alt_group"].format(
                lr=rate,
                seeds=counted(words, "seeds", len(values)),
                all=words.accuracy(values.mean() / 100, on_all.n),
                head=words.accuracy(head.mean() / 100, on_head.n),
            )
        )
    if reported:
        written = {rate: words.percent(value, Stated(value).digits) for rate, value in reported.items()}
        figures = ", ".join(f"{rate:g}: {written[rate]}" for rate in sorted(written))
        sentences.append(words["rates_alt_reported"].format(figures=figures))
    return " ".join(sentences)
