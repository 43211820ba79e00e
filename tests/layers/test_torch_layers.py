"""Layers against PyTorch in float64: values and derivatives to 1e-10."""

import numpy as np
import pytest

from convlens.layers import (
    Affine,
    AveragePooling,
    Convolution,
    GlobalAveragePooling,
    Pooling,
    SoftmaxWithLoss,
)

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


@pytest.mark.parametrize(
    ("window", "stride", "pad"),
    [
        ((2, 2), 2, 0),
        ((3, 3), 2, 0),
        ((3, 3), 2, 1),
        ((2, 3), 1, (1, 1)),
        ((2, 2), 3, 0),
        ((4, 5), (2, 1), (2, 1)),
        ((1, 1), 1, 0),
    ],
)
@pytest.mark.parametrize("n", [1, 3])
def test_average_pooling(window, stride, pad, n):
    """Forward and derivative of avg_pool2d with its defaults: zeros of the border count."""
    x = RNG.normal(size=(n, 2, 7, 9))
    layer, tx = AveragePooling(window, stride, pad), leaf(x)
    out, expected = layer.forward(x), F.avg_pool2d(tx, window, stride, pad)
    close(out, expected)
    dout = RNG.normal(size=out.shape)
    expected.backward(torch.tensor(dout))
    close(layer.backward(dout), tx.grad)


@pytest.mark.parametrize("shape", [(3, 4, 7, 5), (1, 2, 1, 1), (2, 1, 3, 8)])
def test_global_average_pooling(shape):
    """Forward and derivative of the mean over each map."""
    x = RNG.normal(size=shape)
    layer, tx = GlobalAveragePooling(), leaf(x)
    out, expected = layer.forward(x), F.adaptive_avg_pool2d(tx, 1).flatten(1)
    close(out, expected)
    dout = RNG.normal(size=out.shape)
    expected.backward(torch.tensor(dout))
    close(layer.backward(dout), tx.grad)


def padded_by_hand(x, window, stride, value):
    """What "same" means: ⌈size / stride⌉ windows, the odd row or column of the border behind."""
    sides = []
    for size, wide, step in zip((x.shape[3], x.shape[2]), window[::-1], stride[::-1], strict=True):
        more = max((-(-size // step) - 1) * step + wide - size, 0)
        sides += [more // 2, more - more // 2]
    return F.pad(x, sides, value=value)


@pytest.mark.parametrize(
    ("window", "stride"),
    [
        ((3, 3), (1, 1)),
        ((2, 4), (1, 1)),
        ((3, 3), (2, 2)),
        ((5, 2), (3, 2)),
        ((2, 2), (3, 3)),
        ((8, 9), (1, 2)),
    ],
)
@pytest.mark.parametrize("kind", ["convolution", "maximum", "mean"])
def test_padding_same(window, stride, kind):
    """⌈size / stride⌉ outputs, the values of a picture padded by hand, and its derivatives."""
    x, filters, bias = RNG.normal(size=(2, 3, 7, 10)), RNG.normal(size=(4, 3, *window)), RNG.normal(size=4)
    tx = leaf(x)
    padded = padded_by_hand(tx, window, stride, -np.inf if kind == "maximum" else 0.0)
    layer, expected = {
        "convolution": lambda: (
            Convolution(filters, bias, stride, "same"),
            F.conv2d(padded, torch.tensor(filters), torch.tensor(bias), stride),
        ),
        "maximum": lambda: (Pooling(*window, stride, "same"), F.max_pool2d(padded, window, stride)),
        "mean": lambda: (AveragePooling(window, stride, "same"), F.avg_pool2d(padded, window, stride)),
    }[kind]()
    out = layer.forward(x)
    assert out.shape[2:] == (-(-7 // stride[0]), -(-10 // stride[1]))
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
