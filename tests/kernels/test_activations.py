"""Functions of single numbers and their slopes, and dropping, beside NumPy; what lies around stays."""

import numpy as np
import pytest

from convlens import layers
from convlens.kernels.activations import GELU, LEAKY_RELU, SIGMOID, TANH, activate, times_slope
from convlens.kernels.dropout import drop
from convlens.streams import counted, sample_keys

KINDS = {"tanh": (TANH, layers.Tanh()), "sigmoid": (SIGMOID, layers.Sigmoid()), "gelu": (GELU, layers.Gelu()),
         "relu": (LEAKY_RELU, layers.Relu()), "leaky": (LEAKY_RELU, layers.LeakyRelu(0.25))}  # fmt: skip
every_kind = pytest.mark.parametrize("kind", KINDS)


def computed(kind, x):
    """Values and slopes of rows, from an array that goes on behind each row into one that does, too."""
    (n, count), number, layer = x.shape, *KINDS[kind]
    ins, outs, slopes = (np.full((n, width), 9, np.float32) for width in (count + 3, count + 5, count + 5))
    ins[:, :count] = x
    frames, leak = ((count + 3, 0, 0), (count + 5, 0, 0)), np.float32(getattr(layer, "slope", 0))
    activate(*(a.reshape(-1) for a in (ins, outs, slopes)), n, *frames, (1, count), number, leak, 64)
    assert (outs[:, count:] == 9).all()
    assert (slopes[:, count:] == 9).all()
    return outs[:, :count], slopes[:, :count]


@every_kind
@pytest.mark.parametrize("count", [1, 7, 16, 33, 5000])
def test_values_and_slopes(kind, count):
    """To 6e-7 of 1, or of the number where that is larger, from -20 to 20; ReLUs exactly."""
    x = np.random.default_rng(count).uniform(-20, 20, (3, count)).astype(np.float32)
    x[0, 0] = 0
    values, slopes = computed(kind, x)
    layer, wide = KINDS[kind][1], x.astype(np.float64)
    expected = layer.forward(wide)
    within = 0 if KINDS[kind][0] == LEAKY_RELU else 6e-7
    assert (np.abs(values - expected) / np.maximum(1, np.abs(wide))).max() <= within
    assert np.abs(slopes - layer.backward(np.ones_like(wide))).max() <= within


@every_kind
def test_far_out(kind):
    """At infinity the limits, within 1e-6; what is not a number stays so."""
    x = np.array([[-np.inf, -1e30, -100, 100, 1e30, np.inf, np.nan]], np.float32)
    values, slopes = computed(kind, x)
    expected = KINDS[kind][1].forward(x)
    finite = np.isfinite(expected)
    np.testing.assert_allclose(values[finite], expected[finite], rtol=1e-6, atol=1e-6)
    np.testing.assert_array_equal(values[~finite], expected[~finite])
    assert np.isfinite(slopes[0, :-1]).all()


@pytest.mark.parametrize("count", [1, 9, 100])
def test_slopes_are_multiplied(count):
    """dx = dy * slope; where the slope is 0, nothing of an infinite dy."""
    dy, slopes = np.random.default_rng(0).normal(size=(2, 4, count)).astype(np.float32)
    slopes[1, 0], dy[1, 0] = 0, np.inf
    dx = np.full((4, count + 2), 9, np.float32)
    frames = (count + 2, 0, 0), (count, 0, 0)
    times_slope(*(a.reshape(-1) for a in (dy, slopes, dx)), 4, *frames, (1, count), 64)
    expected = np.where(slopes == 0, 0, np.where(np.isinf(dy), 0, dy) * slopes)
    np.testing.assert_array_equal(dx[:, :count], expected)
    assert (dx[:, count:] == 9).all()


@pytest.mark.parametrize("shape", [(1, 5, 7), (3, 4, 5), (16, 2, 3), (33, 1, 1)])
@pytest.mark.parametrize("ratio", [0.0, 0.3, 1 - 2**-32])
def test_dropping_in_a_frame(shape, ratio):
    """Channels last with a border, numbers counted in the book's order; the border stays as it is."""
    C, H, W = shape
    x = np.random.default_rng(0).normal(size=(4, *shape)).astype(np.float32)
    keys = sample_keys(3, "here", samples=np.array([7, 0, 9, 1]))
    framed, out = (np.full((4, H + 2, W + 2, C), value, np.float32) for value in (9, 8))
    framed[:, 1:-1, 1:-1] = x.transpose(0, 2, 3, 1)
    below, factor = min(round(ratio * 2**32), 2**32 - 1), np.float32(1.5)
    lies = framed[0].size, (W + 2) * C + C, (W + 2) * C
    places, numbers = ((H, W, C), (W, 1, H * W)) if C > 1 else ((H, 1, W), (W, 0, 1))
    flat = framed.reshape(-1), out.reshape(-1), keys.reshape(-1)
    drop(*flat, 4, lies, lies, places, numbers, below, factor, 64)
    kept = counted(keys, C * H * W).reshape(x.shape) >= below
    inside = out[:, 1:-1, 1:-1].transpose(0, 3, 1, 2)
    np.testing.assert_array_equal(inside, np.where(kept, x * factor, 0))
    out[:, 1:-1, 1:-1] = 8
    assert (out == 8).all()
