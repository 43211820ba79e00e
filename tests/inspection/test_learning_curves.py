"""Learning curves: the numbers of the runs, on the same axes for all groups."""

from dataclasses import replace

import numpy as np
import pytest

from convlens.errors import UsageError
from convlens.findings import Onset, Onsets
from convlens.inspection import alt_text, grouped, learning_curves


def texts(figure):
    """Return everything that is written in a figure."""
    return "\n".join(t.get_text() for t in figure.findobj(lambda artist: hasattr(artist, "get_text")))


def test_one_run_is_drawn_as_its_own_numbers(run):
    """With one seed there are two lines, training and test accuracy in %, and "1 seed" is said."""
    figure = learning_curves({"small": [run]})
    train, test = figure.axes[0].lines
    np.testing.assert_allclose(train.get_ydata(), 100 * run.curve("train").accuracy)
    np.testing.assert_allclose(test.get_ydata(), 100 * run.curve("test").accuracy)
    np.testing.assert_array_equal(test.get_xdata(), [1, 2])
    assert "1 seed:" in texts(figure)
    assert f"test {100 * run.curve('test').accuracy[-1]:.1f} %" in texts(figure)
    assert f"{100 * run.results['test_accuracy']:.2f} %" in texts(figure)


def test_every_seed_is_thin_and_their_mean_thick(runs):
    """Of three seeds one sees each as a thin line and their mean as the thickest."""
    figure = learning_curves({"small": runs})
    lines = figure.axes[0].lines[4:]
    seeds, mean = lines[:3], lines[3]
    expected = 100 * np.array([run.curve("test").accuracy for run in runs])
    np.testing.assert_allclose([line.get_ydata() for line in seeds], expected)
    np.testing.assert_allclose(mean.get_ydata(), expected.mean(axis=0))
    assert mean.get_linewidth() > max(line.get_linewidth() for line in seeds)
    assert "mean of 3 seeds" in texts(figure)


@pytest.mark.parametrize("loss", [False, True])
@pytest.mark.parametrize("count", [1, 2, 4, 5])
def test_all_panels_have_the_same_scales(runs, slow_run, count, loss):
    """However many groups there are, panels share their heights; each is as long as its own runs."""
    groups = {f"group {i}": runs if i else [slow_run] for i in range(count)}
    figure = learning_curves(groups, loss=loss)
    assert len(figure.axes) == count * (2 if loss else 1)
    for kind in {one.get_ylabel() for one in figure.axes}:
        axes = [one for one in figure.axes if one.get_ylabel() == kind]
        assert len(axes) == count
        assert len({one.get_ylim() for one in axes}) == 1
        for one, epochs in zip(axes, [1, 2, 2, 2, 2], strict=False):
            assert max(line.get_xdata()[-1] for line in one.lines) == epochs
            assert epochs < one.get_xlim()[1] < epochs + 1
        low, high = axes[0].get_ylim()
        points = np.concatenate([line.get_ydata() for one in axes for line in one.lines])
        assert low <= points.min()
        assert points.max() <= high


def test_no_marker_is_cut_at_the_edge(runs):
    """Between the outermost points and the edges there is room for a marker."""
    for axes in learning_curves(runs, loss=True).axes:
        points = np.concatenate([line.get_xydata() for line in axes.lines])
        for values, (low, high) in ((points[:, 0], axes.get_xlim()), (points[:, 1], axes.get_ylim())):
            assert low < values.min()
            assert values.max() < high


def test_a_picture_for_a_phone_is_narrow(runs, slow_run):
    """Its panels stand below each other."""
    figure = learning_curves([*runs, slow_run], narrow=True)
    assert figure.get_figwidth() == pytest.approx(8.5 / 2.54)
    assert len({round(axes.get_position().x0, 2) for axes in figure.axes}) == 1


def test_epochs_are_whole_numbers(runs):
    """The ticks of the epochs are whole, and the first epoch is one of them."""
    ticks = learning_curves({"small": runs}).axes[0].get_xticks()
    assert list(ticks) == [1, 2]


def test_the_alternative_text_holds_the_numbers(runs, hangul):
    """The sentence for those who cannot see the figure says groups, seeds and last accuracies."""
    last = 100 * np.mean([run.curve("test").accuracy[-1] for run in runs])
    for lang, seeds, unit in (("en", "mean of 3 seeds", " %"), ("ko", "시드 3개 평균", "%")):
        said = alt_text(learning_curves({"작은 데이터": runs}, lang=lang))
        assert "작은 데이터" in said
        assert seeds in said
        assert f"{last:.1f}{unit}" in said


def test_runs_are_grouped_by_what_tells_them_apart(runs, slow_run):
    """Seeds go together; a group is named by what differs, or by network and data where nothing does."""
    assert grouped(runs) == {"Small, 200 training images, learning rate 0.001": runs}
    groups = grouped([slow_run, *runs])
    assert groups == {"learning rate 0.0001, 1 epoch": [slow_run], "learning rate 0.001, 2 epochs": runs}
    assert list(grouped([slow_run, *runs], "ko")) == ["학습률 0.0001, 1에포크", "학습률 0.001, 2에포크"]


@pytest.mark.parametrize(
    ("choose", "message"),
    [
        (lambda _runs, _slow: {}, "needs one run or more"),
        (lambda _runs, _slow: {"a": []}, "must hold one run or more"),
        (lambda runs, _: {"a": [runs[0], runs[0]]}, "twice"),
        (lambda runs, slow: {"a": [runs[0], slow]}, "must differ in their seed only"),
    ],
)
def test_what_cannot_be_drawn_is_refused(runs, slow_run, choose, message):
    """No run, an empty group, a run that would count twice, unlike runs: one clear line each."""
    with pytest.raises(UsageError, match=message):
        learning_curves(choose(runs, slow_run))


def test_overfitting_has_a_line_for_each_seed_in_which_it_begins(runs, monkeypatch):
    """Dotted, at its epoch, named by its seed, and told in the alternative text; none for a seed without."""
    begins = Onset(1, 10, (0.3, 0.1), (0.3, 0.3), rises=False)
    found = Onsets({runs[0].seed: begins, runs[1].seed: None, runs[2].seed: replace(begins, epoch=2)}, 2, 20)
    monkeypatch.setattr("convlens.inspection.curves.onsets", lambda _: found)
    figure = learning_curves({"small": runs}, loss=True)
    for axes, kind in zip(figure.axes, ("accuracy", "loss"), strict=True):
        drawn = {line.get_gid(): line.get_xdata()[0] for line in axes.lines if line.get_linestyle() == ":"}
        places = {runs[0].seed: 1, runs[2].seed: 2}
        assert drawn == {f"{kind}-0-onset-seed-{seed}": epoch for seed, epoch in places.items()}
    assert alt_text(figure).count("overfitting begins after epoch") == 2
