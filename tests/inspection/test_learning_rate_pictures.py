"""Accuracy by learning rate: every run a dot, with the noise of its number of test images."""

import numpy as np
import pytest

from convlens.errors import UsageError
from convlens.inspection import alt_text, learning_rates
from convlens.study import wilson


def dots(axes, marker="o"):
    """Return the heights of the dots in a panel, in the order in which they were drawn."""
    return [y for line in axes.lines if line.get_marker() == marker for y in line.get_ydata()]


def test_every_run_is_a_dot_on_all_and_on_the_first_test_images(runs, slow_run):
    """The dots are the runs' own accuracies in %, all 10,000 images left, the first 1,000 right."""
    on_all, on_head = learning_rates({0.001: runs, 0.0001: [slow_run]}).axes
    everyone = [*runs, slow_run]
    assert dots(on_all) == pytest.approx([100 * run.results["test_accuracy"] for run in everyone])
    assert dots(on_head) == pytest.approx([100 * run.results["test_accuracy_head"] for run in everyone])
    assert [label.get_text() for label in on_all.get_xticklabels()] == ["0.0001", "0.001"]
    assert on_all.get_title(loc="left").startswith("all 10,000 test images")
    assert on_head.get_title(loc="left").startswith("first 1,000 test images")


def test_one_seed_is_one_seed(run, runs):
    """With one seed no mean is drawn and "1 seed" is said; with three there is a mean."""
    single, several = learning_rates({0.001: [run]}), learning_rates({0.001: runs})
    assert single.axes[0].get_title(loc="left").endswith("1 seed")
    assert several.axes[0].get_title(loc="left").endswith("mean of 3 seeds")
    said = [{text.get_text() for text in figure.legends[0].get_texts()} for figure in (single, several)]
    assert "mean over seeds" not in said[0]
    assert "mean over seeds" in said[1]
    assert len(single.axes[0].collections) == 1  # intervals alone
    mean = several.axes[0].collections[1].get_segments()[0]
    assert mean[0][1] == pytest.approx(100 * np.mean([run.results["test_accuracy"] for run in runs]))


def test_the_bars_are_wilson_intervals(run):
    """A bar reaches as far as chance in the choice of the test images may; more images, shorter bars."""
    on_all, on_head = learning_rates({0.001: [run]}).axes
    for axes, key, n in ((on_all, "test_accuracy", 10_000), (on_head, "test_accuracy_head", 1000)):
        segment = axes.collections[0].get_segments()[0]
        interval = wilson(round(run.results[key] * n), n)
        assert tuple(segment[:, 1]) == pytest.approx((100 * interval.low, 100 * interval.high))


def test_reported_figures_are_hollow_and_stand_with_the_first_images(runs):
    """What a report says is drawn apart, in the panel of the images that it was judged on."""
    figure = learning_rates({0.001: runs}, reported={0.001: 0.957, 0.002: 0.962})
    on_all, on_head = figure.axes
    assert dots(on_all, "D") == []
    assert dots(on_head, "D") == pytest.approx([95.7, 96.2])
    assert [label.get_text() for label in on_head.get_xticklabels()] == ["0.001", "0.002"]
    assert all(on_head.get_ylim()[0] < y < on_head.get_ylim()[1] for y in dots(on_head, "D"))
    assert "0.001: 95.7 %, 0.002: 96.2 %" in alt_text(figure)


@pytest.mark.parametrize(
    ("choose", "reported", "message"),
    [
        (lambda _run: {}, None, "needs one run or more"),
        (lambda _run: {0.001: []}, None, "must hold one run or more"),
        (lambda run: {0.001: [run, run]}, None, "twice"),
        (lambda run: {0.002: [run]}, None, "group 0.002 .* learning rate 0.001"),
        (lambda run: {0.001: [run]}, {0.001: 95.7}, "from 0 to 1. Got 95.7"),
    ],
)
def test_what_would_mislead_is_refused(run, choose, reported, message):
    """No run, a run that would count twice, a wrong learning rate, per cents as shares: one line each."""
    with pytest.raises(UsageError, match=message):
        learning_rates(choose(run), reported=reported)
