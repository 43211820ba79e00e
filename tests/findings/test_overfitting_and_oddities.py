"""What is found in runs by stated rules: overfitting, dead and twin filters."""

from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np
import pytest

from convlens.findings import filter_layers, oddities, onset
from convlens.findings.oddities import twin_filters
from convlens.networks import read_arrays, write_arrays
from convlens.runs import Run, RunConfig, train_run


@dataclass
class FakeRun(Run):
    """A run with given losses."""

    train: list
    test: list

    def curve(self, part):
        return SimpleNamespace(loss=np.array(getattr(self, part)))


FALLING = [0.9, 0.6, 0.4, 0.3, 0.2, 0.15, 0.1, 0.05, 0.04, 0.03]
FLAT = [0.9, 0.6, 0.4, 0.35, 0.34, 0.34, 0.34, 0.34, 0.34, 0.34]
RISING = [0.9, 0.6, 0.4, 0.35, 0.34, 0.35, 0.4, 0.45, 0.5, 0.55]


def test_overfitting_begins_where_only_training_improves():
    """After the first epoch from which on the test loss hardly falls while the training loss does."""
    found = onset([FakeRun(FALLING, FLAT)])
    assert found.epoch == 5
    assert found.train[1] < 0.8 * found.train[0]
    assert found.test[1] >= 0.95 * found.test[0]
    assert not found.rises
    assert onset([FakeRun(FALLING, RISING)]).rises


@pytest.mark.parametrize(
    ("train", "test"),
    [
        (FALLING, FALLING),
        (RISING, RISING),
        (FLAT, FLAT),
        (FALLING[:3], FLAT[:3]),
        ([0.5], [0.5]),
        ([0.9, 0.5, 0.4, 0.35, 0.3, 0.25], [0.9, 0.5, 0.4, 0.35, 0.3, 0.3]),
    ],
)
def test_without_a_reason_nothing_begins(train, test):
    """Both fall, neither falls, too few epochs, or too few after it."""
    assert onset([FakeRun(train, test)]) is None


def test_twins_have_the_same_direction():
    """Strength does not matter, sign does; a filter of zeros and one left out have no twin."""
    one, other = np.eye(5)[None], np.ones((1, 5, 5))
    stack = np.stack([one, 3 * one, -one, other, 0 * one, 1.1 * other, 2 * one])
    assert twin_filters(stack) == ((1, 2, 7), (4, 6))
    assert twin_filters(stack, np.array([1, 0, 1, 1, 1, 1, 1], bool)) == ((1, 7), (4, 6))
    assert twin_filters(stack[:1]) == ()


def test_dead_filters_are_found(run, tmp_path):
    """A filter whose bias is far below zero never reacts; the others are not accused."""
    before = oddities(run)
    folder = train_run(
        RunConfig(run.spec, train_size=200, epochs=1), tmp_path / "run", "convlens train"
    ).folder
    arrays = {name: value.copy() for name, value in read_arrays(folder / "final.safetensors").items()}
    arrays["b1"][2] = -1000
    write_arrays(folder / "final.safetensors", arrays)
    found = oddities(Run(folder), n_images=50)
    assert 3 in found.dead
    assert 3 not in before.dead
    assert (found.layer, found.n_filters, found.n_images) == ("Conv1", 6, 50)
    assert all(3 not in group for group in found.twins)


def test_without_a_relu_no_filter_is_called_dead(deep_run):
    """Behind a sigmoid, or nothing, the question has no meaning."""
    assert [oddities(deep_run, layer, 20).dead for layer in filter_layers(deep_run)] == [None, None]
