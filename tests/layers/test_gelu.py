"""GELU against its integral, far out, and against PyTorch."""

import math

import numpy as np
import pytest

from convlens.layers import Gelu

NUMBERS = np.concatenate([np.linspace(-12, 12, 481), [-300.0, -40, -1e-300, 0, 1e-8, 40, 300]])


def test_it_is_the_number_times_a_probability():
    """x · Φ(x), Φ summed up from its density."""
    for x in (-2.5, -0.3, 0.0, 1.1, 3.0):
        steps = np.linspace(-12, x, 200_001)
        density = np.exp(-(steps**2) / 2) / np.sqrt(2 * np.pi)
        expected = x * np.trapezoid(density, steps)
        assert Gelu().forward(np.array([[x]]))[0, 0] == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_far_out_it_is_zero_or_the_number(dtype):
    """Ever smaller numbers give 0, ever larger ones themselves, the derivative is 0 and 1; no warning."""
    layer, far = Gelu(), np.array([[-np.inf, -1e30, -50, 50, 1e30, np.inf]], dtype)
    np.testing.assert_array_equal(layer.forward(far), [[0, 0, 0, 50, np.asarray(1e30, dtype), np.inf]])
    np.testing.assert_array_equal(layer.backward(np.ones_like(far)), [[0, 0, 0, 1, 1, 1]])


def test_small_probabilities_keep_their_digits():
    """At -10 the probability is 7.6e-24, to twelve digits: no difference of numbers near 1 is made."""
    found = Gelu().forward(np.array([[-10.0]]))[0, 0]
    assert found == pytest.approx(-10 * math.erfc(10 / math.sqrt(2)) / 2, rel=1e-12)


@pytest.mark.torch
@pytest.mark.parametrize(("dtype", "within"), [("float32", 1e-6), ("float64", 1e-12)])
def test_it_is_pytorchs(dtype, within):
    """`gelu` as PyTorch computes it where nothing is said, and its derivative."""
    torch = pytest.importorskip("torch")
    layer, x = Gelu(), NUMBERS.astype(dtype)[None]
    there = torch.tensor(x, requires_grad=True)
    expected = torch.nn.functional.gelu(there)
    expected.sum().backward()
    largest = np.maximum(1, np.abs(x))
    assert np.abs((layer.forward(x) - expected.detach().numpy()) / largest).max() <= within
    assert np.abs(layer.backward(np.ones_like(x)) - there.grad.numpy()).max() <= within
