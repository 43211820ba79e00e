"""Activations and dropout as stages: anywhere among other layers, on frames and on rows."""

import numpy as np
import pytest
from integer_networks import Integers, around, fused_and_layered

from convlens import engine
from convlens.engine.elementwise import ActivationStage, DropoutStage
from convlens.engine.flatten import FlattenStage
from convlens.layers import (
    Convolution,
    Dropout,
    Gelu,
    LeakyRelu,
    Pooling,
    Relu,
    Sigmoid,
    SoftmaxWithLoss,
    Tanh,
)

PLACES = list(around(Integers(), Relu))


def halved():
    """Exact for small integers."""
    return LeakyRelu(0.5)


def dropped():
    """The same: what is kept is doubled."""
    return Dropout(0.5)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("kind", [Relu, halved, dropped])
@pytest.mark.parametrize("n", [1, 7])
def test_whole_numbers_agree_bit_for_bit(place, kind, n):
    """Scores and gradients are those of the readable layers, ties and masks included; no NumPy code runs."""
    numbers = Integers(n)
    layers, shape = around(numbers, kind)[place]
    plan, found = fused_and_layered(layers, shape, n, 9, numbers)
    assert not any("NumPy code" in row.kernel for row in plan.describe())
    for what, fused, layered in found:
        np.testing.assert_array_equal(fused.reshape(layered.shape), layered, err_msg=what)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("kind", [Tanh, Sigmoid, Gelu])
def test_curves_agree(place, kind):
    """To 1e-5 of the largest, with weights of the usual size."""
    numbers = Integers(3)
    layers, shape = around(numbers, kind)[place]
    for layer in layers:
        for p in layer.params.values():
            p[...] = numbers.rng.standard_normal(p.shape) / np.sqrt(p[0].size or 1)
    _, found = fused_and_layered(layers, shape, 5, 5, numbers)
    for what, fused, layered in found:
        largest = np.abs(layered).max() + 1e-30
        assert np.abs(fused.reshape(layered.shape) - layered).max() <= 1e-5 * largest, what


@pytest.mark.parametrize("kind", [Gelu, dropped, Sigmoid])
def test_rows_for_an_affine_layer_are_made_before(kind):
    """The convolution writes them itself, so that what stands between them costs no copy."""
    numbers = Integers()
    layers = numbers.with_head([numbers.convolution(3, 1, 3), Pooling(2, 2), kind(), kind()], (1, 8, 8))
    stages = engine.compile(layers, SoftmaxWithLoss(), (1, 8, 8), 4).stages
    assert not any(isinstance(stage, FlattenStage) for stage in stages)
    assert isinstance(stages[1], ActivationStage | DropoutStage)
    assert stages[1].source.shape == (3, 3, 3)
    assert not hasattr(stages[1].source, "border")


def test_the_books_dropout_runs_its_own_code():
    """It draws from NumPy's global stream, which kernels do not know."""
    numbers = Integers()
    layers = numbers.with_head([Dropout(0.5, variant="book")], (1, 4, 4))
    plan = engine.compile(layers, SoftmaxWithLoss(), (1, 4, 4), 4)
    assert plan.describe()[0].kernel == "NumPy code of Dropout"


class Louder(Gelu):
    """A class of a user's own."""

    def forward(self, x, train=False):
        return 2 * super().forward(x, train)

    def backward(self, dout):
        return 2 * super().backward(dout)


def test_a_subclass_is_not_replaced():
    """It may compute something else, and runs as it is written."""
    numbers = Integers()
    layers = numbers.with_head([Louder()], (1, 4, 4))
    plan = engine.compile(layers, SoftmaxWithLoss(), (1, 4, 4), 4)
    assert plan.describe()[0].kernel == "NumPy code of Louder"


@pytest.mark.parametrize("kind", [Tanh, Sigmoid, Gelu, Relu, halved, dropped])
def test_what_is_not_a_number_is_seen(kind):
    """A NaN in one picture makes that picture's scores NaN, in training and in testing, and no other's."""
    rng = np.random.default_rng(0)
    layers = [Convolution(rng.random((2, 1, 3, 3), np.float32), np.zeros(2, np.float32)), kind()]
    plan = engine.compile(Integers().with_head(layers, (1, 5, 5)), SoftmaxWithLoss(), (1, 5, 5), 3)
    x = rng.random((3, 1, 5, 5), np.float32)
    x[1] = np.nan
    assert np.isnan(plan.predict(x)).any(axis=1).tolist() == [False, True, False]
    assert np.isnan(plan.loss_and_gradient(x, np.zeros(3, int)))
