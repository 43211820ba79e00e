"""Layers without a kernel, anywhere among layers with one, whole and in pieces."""

import numpy as np
import pytest
from integer_networks import Integers, around, fused_and_layered

from convlens import engine, spec
from convlens.layers import Layer, Sigmoid, SoftmaxWithLoss


class Tanh(Layer):
    """An elementwise layer without parameters."""

    computes = spec.Sigmoid
    remembered = ("out",)

    def forward(self, x, train=False):
        self.out = np.tanh(x)
        return self.out

    def backward(self, dout):
        return dout * (1 - self.out**2)


class Leaky(Layer):
    """A ReLU that lets half of what is negative through: exact for small integers."""

    computes = spec.Sigmoid
    remembered = ("on",)

    def forward(self, x, train=False):
        self.on = x > 0
        return np.where(self.on, x, x / 2)

    def backward(self, dout):
        return np.where(self.on, dout, dout / 2)


class Slopes(Layer):
    """PReLU, one slope for all: a layer with a parameter."""

    computes = spec.Sigmoid

    def __init__(self):
        self.slope = np.array([0.5], np.float32)
        self.dslope = np.zeros(1, np.float32)

    @property
    def params(self):
        return {"slope": self.slope}

    @property
    def grads(self):
        return {"slope": self.dslope}

    def forward(self, x, train=False):
        self.x = x
        return np.where(x > 0, x, self.slope * x)

    def backward(self, dout):
        self.dslope[...] = (dout * np.where(self.x > 0, 0, self.x)).sum()
        return np.where(self.x > 0, dout, self.slope * dout)


NAMES = list(around(Integers(), Leaky))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("n", [1, 7])
def test_an_elementwise_layer_anywhere(name, n):
    """What NumPy code gets and gives is where the kernels beside it look, bit for bit."""
    numbers = Integers(n)
    layers, shape = around(numbers, Leaky)[name]
    plan, found = fused_and_layered(layers, shape, n, 9, numbers)
    assert "NumPy code of Leaky" in [row.kernel for row in plan.describe()]
    for what, fused, layered in found:
        np.testing.assert_array_equal(fused.reshape(layered.shape), layered, err_msg=f"{name}: {what}")


@pytest.mark.parametrize("kind", [Tanh, Leaky, Sigmoid])
@pytest.mark.parametrize("name", NAMES)
def test_elementwise_layers_of_ours_go_through_in_pieces(name, kind, monkeypatch):
    """A layer that says which spec it computes is known to look at one sample at a time."""
    numbers = Integers(3)
    layers, shape = around(numbers, kind)[name]
    x, t = numbers.rng.random((11, *shape), np.float32), numbers.rng.integers(0, 5, 11)
    for layer in layers:
        for p in layer.params.values():
            p[...] = numbers.rng.standard_normal(p.shape) / np.sqrt(p[0].size or 1)
    whole = engine.compile(layers, SoftmaxWithLoss(), shape, 11)
    monkeypatch.setattr("convlens.engine.plan.CACHE", 1)
    monkeypatch.setattr("convlens.engine.plan.SMALLEST_PIECE", 3)
    pieces = engine.compile(layers, SoftmaxWithLoss(), shape, 11)
    assert (whole.piece, pieces.piece) == (11, 4)
    assert pieces.loss_and_gradient(x, t) == pytest.approx(whole.loss_and_gradient(x, t), rel=1e-5)
    for one, other in zip(whole.gradients, pieces.gradients, strict=True):
        for key, grad in one.items():
            np.testing.assert_allclose(other[key], grad, atol=1e-5 * np.abs(grad).max(), rtol=0)
    np.testing.assert_allclose(pieces.predict(x), whole.predict(x), rtol=1e-5, atol=1e-6)


def test_parameters_of_a_layer_without_a_kernel_add_up_over_pieces(monkeypatch):
    """As those of kernels do."""
    numbers = Integers(3)
    layers = numbers.with_head([numbers.convolution(3, 1, 3), Slopes()], (1, 6, 6))
    x, t = numbers.rng.random((11, 1, 6, 6), np.float32), numbers.rng.integers(0, 5, 11)
    whole = engine.compile(layers, SoftmaxWithLoss(), (1, 6, 6), 11)
    monkeypatch.setattr("convlens.engine.plan.CACHE", 1)
    monkeypatch.setattr("convlens.engine.plan.SMALLEST_PIECE", 3)
    pieces = engine.compile(layers, SoftmaxWithLoss(), (1, 6, 6), 11)
    assert pieces.piece == 4
    for _ in range(2):  # the second step does not add to the first
        whole.loss_and_gradient(x, t)
        pieces.loss_and_gradient(x, t)
        np.testing.assert_allclose(pieces.gradients[1]["slope"], whole.gradients[1]["slope"], rtol=1e-4)
