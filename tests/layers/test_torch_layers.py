"""Layers against PyTorch in float64: values and derivatives to 1e-10."""

import numpy as np
import pytest

from convlens.layers import Affine, Convolution, Pooling, SoftmaxWithLoss

torch = pytest.importorskip("torch")
F = torch.nn.functional

pytestmark = pytest.mark.torch

RNG = np.random.default_rng(0)


def leaf(array):
    """A tensor of its own that collects a derivative."""
    return torch.tensor(array, requires_grad=True)


def close(found, expected):
    """Equal to 1e-10, in shape too."""
    expected = expected.detach().numpy()
    assert found.shape == expected.shape
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-10)


@pytest.mark.parametrize(
    ("kernel", "stride", "pad"),
    [
        ((3, 3), 1, 0),
        ((5, 5), 1, 2),
        ((3, 3), 2, 1),
        ((1, 1), 1, 0),
        ((2, 4), (2, 1), (1, 2)),
        ((3, 2), (3, 2), 0),
        ((8, 9), 1, 0),
    ],
)
@pytest.mark.parametrize(
    ("groups", "dilation", "filters"),
    [(1, 1, 5), (4, 1, 4), (4, 1, 12), (2, 1, 6), (1, 2, 3), (4, (2, 1), 8)],
)
def test_convolution(kernel, stride, pad, groups, dilation, filters):
    """Forward and all three derivatives of conv2d, with any stride, pad, rectangle, groups and dilation."""
    x, bias = RNG.normal(size=(3, 4, 16, 17)), RNG.normal(size=filters)
    weights = RNG.normal(size=(filters, 4 // groups, *kernel))
    layer = Convolution(weights, bias, stride, pad, groups, dilation)
    out = layer.forward(x)
    tx, tw, tb = leaf(x), leaf(weights), leaf(bias)
    expected = F.conv2d(tx, tw, tb, stride, pad, dilation, groups)
    close(out, expected)
    dout = RNG.normal(size=out.shape)
    expected.backward(torch.tensor(dout))
    close(layer.backward(dout), tx.grad)
    close(layer.dW, tw.grad)
    close(layer.db, tb.grad)


@pytest.mark.parametrize(
    ("window", "stride", "pad"),
    [
        ((2, 2), 2, 0),
        ((3, 3), 2, 0),
        ((3, 3), 2, 1),
        ((2, 3), 1, (1, 1)),
        ((2, 2), 3, 0),
        ((4, 5), (2, 1), (2, 1)),
    ],
)
@pytest.mark.parametrize("ties", [False, True])
def test_max_pooling(window, stride, pad, ties):
    """Forward and derivative of max_pool2d, pads and ties included: both give ties to the first."""
    x = RNG.integers(-2, 3, (3, 2, 7, 9)).astype(float) if ties else RNG.normal(size=(3, 2, 7, 9))
    layer = Pooling(*window, stride, pad)
    out = layer.forward(x)
    tx = leaf(x)
    expected = F.max_pool2d(tx, window, stride, pad)
    close(out, expected)
    dout = RNG.normal(size=out.shape)
    expected.backward(torch.tensor(dout))
    close(layer.backward(dout), tx.grad)


def test_affine():
    """Forward and all three derivatives of a linear layer, whose matrix PyTorch keeps transposed."""
    x, weights, bias = RNG.normal(size=(6, 2, 3, 4)), RNG.normal(size=(24, 5)), RNG.normal(size=5)
    layer = Affine(weights, bias)
    out = layer.forward(x)
    tx, tw, tb = leaf(x), leaf(weights), leaf(bias)
    expected = F.linear(tx.flatten(1), tw.T, tb)
    close(out, expected)
    dout = RNG.normal(size=out.shape)
    expected.backward(torch.tensor(dout))
    close(layer.backward(dout), tx.grad)
    close(layer.dW, tw.grad)
    close(layer.db, tb.grad)


def test_softmax_with_loss():
    """The loss and its derivative are cross_entropy's, for moderate and for extreme scores."""
    scores, labels = RNG.normal(0, 5, (20, 10)), RNG.integers(0, 10, 20)
    scores[0, 0] = 700.0
    layer, tx = SoftmaxWithLoss(), leaf(scores)
    expected = F.cross_entropy(tx, torch.tensor(labels))
    assert layer.forward(scores, labels) == pytest.approx(expected.item(), abs=1e-10)
    expected.backward()
    close(layer.backward(), tx.grad)
