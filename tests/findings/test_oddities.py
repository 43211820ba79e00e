"""Filters that do nothing and filters that do the same, by weights and by responses."""

import numpy as np
import pytest

from convlens.findings import filter_layers, oddities
from convlens.findings.oddities import twin_filters
from convlens.networks import read_arrays, write_arrays
from convlens.runs import Run, RunConfig, train_run
from convlens.spec import Affine, Convolution, NetworkSpec, Relu
from convlens.spec import BatchNormalization as Norm

NORMED = NetworkSpec("Normed", (1, 28, 28), (Convolution(4, 5, 3), Norm(), Relu(), Affine(10)), "he")


@pytest.fixture
def changed(run, tmp_path):
    """A function that gives a run's first filters other weights or biases and opens it again."""

    def change(edit):
        config = RunConfig(run.spec, train_size=200, epochs=1)
        folder = train_run(config, tmp_path / "run", "convlens train").folder
        arrays = {name: value.copy() for name, value in read_arrays(folder / "final.safetensors").items()}
        edit(arrays["W1"], arrays["b1"])
        write_arrays(folder / "final.safetensors", arrays)
        return Run(folder)

    return change


def test_twins_have_the_same_direction():
    """Strength does not matter, sign does; a filter of zeros and one left out have no twin."""
    one, other = np.eye(5)[None], np.ones((1, 5, 5))
    stack = np.stack([one, 3 * one, -one, other, 0 * one, 1.1 * other, 2 * one])
    assert twin_filters(stack) == ((1, 2, 7), (4, 6))
    assert twin_filters(stack, np.array([1, 0, 1, 1, 1, 1, 1], bool)) == ((1, 7), (4, 6))
    assert twin_filters(stack[:1]) == ()


def test_dead_filters_are_found(run, changed):
    """A filter whose bias is far below zero never reacts; the others are not accused, and it has no like."""

    def silence(_, biases):
        biases[2] = -1000

    assert 3 not in oddities(run).dead
    found = oddities(changed(silence), n_images=50)
    assert 3 in found.dead
    assert (found.layer, found.n_filters, found.n_images, found.seed) == ("Conv1", 6, 50, 0)
    assert all(3 not in group for group in found.twins)
    assert 3 not in found.alike


def test_filters_with_other_weights_may_respond_alike(changed):
    """Two filters that differ only where no image has any ink have no like weights, but like responses."""

    def twist(weights, biases):
        weights[:] = np.eye(5)[None, None] * np.arange(1, 7)[:, None, None, None]
        weights[0] = 1.0
        weights[1] = 1.0
        weights[1, 0, 2] = 2.5  # a row counts more: another direction, and yet nearly the same picture
        biases[:] = 0

    found = oddities(changed(twist), n_images=50)
    assert (1, 2) not in found.twins
    assert {1, 2} <= set(found.alike)


def test_like_responses_are_correlations_of_maps(changed):
    """A second source: NumPy's correlation of all values behind the ReLU."""
    found = changed(lambda weights, _: weights.__setitem__(3, weights[1] + 0.2 * weights[2]))
    images = found.data.test.head(30).x
    maps = found.network().activations(images, "Relu1")["Relu1"].swapaxes(0, 1).reshape(6, -1)
    close = np.corrcoef(maps.astype(np.float64)) >= 0.95
    np.fill_diagonal(close, False)
    assert oddities(found, n_images=30).alike == tuple((np.flatnonzero(close.any(axis=1)) + 1).tolist())


def test_without_a_relu_no_filter_is_called_dead(deep_run):
    """Behind a sigmoid, or nothing, the question has no meaning."""
    assert [oddities(deep_run, layer, 20).dead for layer in filter_layers(deep_run)] == [None, None]


def test_behind_a_normalisation_the_relu_is_looked_at(tmp_path):
    """What a normalisation shifts far below zero is dead; what it lifts is not, whatever comes before it."""
    config = RunConfig(NORMED, train_size=200, epochs=1)
    folder = train_run(config, tmp_path / "run", "convlens train").folder
    arrays = {name: value.copy() for name, value in read_arrays(folder / "final.safetensors").items()}
    arrays["beta2"][1], arrays["b1"][2] = -1000, -1000
    arrays["beta2"][2] = 1e6
    write_arrays(folder / "final.safetensors", arrays)
    found = oddities(Run(folder), n_images=50).dead
    assert 2 in found
    assert 3 not in found
