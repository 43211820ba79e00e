"""The layer that holds layers: against PyTorch, and what it shows of those inside."""

import copy
import pickle

import numpy as np
import pytest

from convlens import layers, spec
from convlens.errors import ShapeError, UsageError
from convlens.layers import Affine, Convolution, Layer, Pooling, Relu, Residual, Tanh

RNG = np.random.default_rng(0)


def convolution(filters, channels, kernel, stride=1, pad=0):
    """A convolution with random weights."""
    weights = RNG.normal(size=(filters, channels, kernel, kernel))
    return Convolution(weights, RNG.normal(size=filters), stride, pad)


def affine(inputs, outputs):
    """An affine layer with random weights."""
    return Affine(RNG.normal(size=(inputs, outputs)), RNG.normal(size=outputs))


CASES = {
    "identity": ((2, 5, 6), lambda: Residual([convolution(2, 2, 3, 1, 1), Relu()])),
    "with a shortcut": ((2, 7, 6), lambda: Residual([convolution(3, 2, 3, 2, 1)], [convolution(3, 2, 1, 2)])),
    "one inside another": (
        (2, 4, 4),
        lambda: Residual([Residual([convolution(2, 2, 3, 1, 1)]), Tanh()], [Residual([Relu()]), Relu()]),
    ),
    "pooling that keeps the shape": ((3, 5, 4), lambda: Residual([Pooling(3, 3, 1, 1), Relu()])),
    "rows": ((7,), lambda: Residual([affine(7, 4), Relu(), affine(4, 7)])),
}


def in_torch(torch, layer, x, leaves):
    """What PyTorch makes of x with a layer's own weights, which are collected in `leaves`."""
    functional = torch.nn.functional
    if isinstance(layer, Residual):
        ends = []
        for way in layer.ways:
            out = x
            for inner in way:
                out = in_torch(torch, inner, out, leaves)
            ends.append(out)
        return ends[0] + ends[1]
    own = [torch.tensor(value, requires_grad=True) for value in layer.params.values()]
    leaves += own
    if isinstance(layer, Convolution):
        return functional.conv2d(x, *own, layer.stride, layer.pad)
    if isinstance(layer, Affine):
        return x @ own[0] + own[1]
    if isinstance(layer, Pooling):
        return functional.max_pool2d(x, (layer.pool_h, layer.pool_w), layer.stride, layer.pad)
    return torch.relu(x) if isinstance(layer, Relu) else torch.tanh(x)


@pytest.mark.torch
@pytest.mark.parametrize("name", CASES)
def test_it_computes_what_pytorch_does(name):
    """The sum of both ways, dx and all derivatives inside agree to 1e-10 in float64."""
    torch = pytest.importorskip("torch")
    shape, make = CASES[name]
    layer, x = make(), RNG.normal(size=(3, *shape))
    given, leaves = torch.tensor(x, requires_grad=True), []
    expected = in_torch(torch, layer, given, leaves)
    out = layer.forward(x, train=True)
    dout = RNG.normal(size=out.shape)
    expected.backward(torch.tensor(dout))
    np.testing.assert_allclose(out, expected.detach().numpy(), rtol=0, atol=1e-10)
    np.testing.assert_allclose(layer.backward(dout), given.grad.numpy(), rtol=0, atol=1e-10)
    for found, leaf in zip(layer.grads.values(), leaves, strict=True):
        np.testing.assert_allclose(found, leaf.grad.numpy(), rtol=0, atol=1e-10)


def test_what_layers_inside_keep_is_its_own():
    """W1, b1, W2, … are numbered way by way, live, and shown by name; `hold` shares new ones out."""
    inner, first, short = convolution(2, 2, 1), convolution(2, 2, 3, 1, 1), convolution(2, 2, 1)
    layer = Residual([first, Residual([Relu(), inner])], [short])
    assert list(layer.params) == ["W1", "b1", "W2", "b2", "W3", "b3"]
    assert layer.W2 is inner.W
    layer.backward(layer.forward(RNG.normal(size=(1, 2, 3, 3))))
    assert layer.dW3 is short.dW
    held = {name: value.copy() for name, value in layer.params.items()}
    derivatives = {name: value.copy() for name, value in layer.grads.items()}
    layer.hold(held, derivatives)
    assert (first.b, inner.W, short.b) == (held["b1"], held["W2"], held["b3"])  # the very arrays
    assert inner.db is derivatives["b2"]
    with pytest.raises(AttributeError, match="Residual has no attribute 'W4'"):
        _ = layer.W4


def pickled(layer):
    """What comes back from a pickle."""
    return pickle.loads(pickle.dumps(layer))  # noqa: S301 (our own)


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, pickled])
def test_a_copy_computes_the_same(again):
    """Copies, and what comes back from a pickle, have the layers inside."""
    layer, x = CASES["with a shortcut"][1](), RNG.normal(size=(2, 2, 5, 5))
    np.testing.assert_array_equal(again(layer).forward(x), layer.forward(x))


def test_names_inside_come_back():
    """What layers inside are called is in the spec, from a dict or from another spec."""
    layer = Residual({"a": convolution(2, 2, 3, 1, 1), "b": Relu()}, {"c": convolution(2, 2, 1)})
    told = layer.to_spec("block")
    assert [one.name for way in told.ways for one in way] == ["a", "b", "c"]
    assert layers.build(told, **layer.params).to_spec("block") == told


def test_a_batch_reaches_the_layers_inside():
    """A layer that draws is told which samples it sees, and which layer of all it is, however deep."""

    class Drawing(Layer):
        def forward(self, x, train=False, batch=None):
            heard.append((train, batch.step, batch.place))
            return x

    class Bare:
        def forward(self, x):
            return x

        def backward(self, dout):
            return dout

    heard, x = [], RNG.normal(size=(2, 3))
    batch = layers.Batch(x, np.zeros(2, int), np.arange(2), step=7)
    block = Residual([Bare(), Residual([Bare()], [Drawing()])])
    block.forward(x, True, batch)
    block.forward(x, True, batch.within(9))  # the last of the five is number 9 of its network
    assert heard == [(True, 7, (2,)), (True, 7, (7,))]


def test_ways_that_lead_to_different_shapes():
    """Nothing is stretched in silence: both shapes are named."""
    for layer in (Residual([convolution(2, 2, 3)]), Residual([convolution(3, 2, 1)], [convolution(2, 2, 1)])):
        with pytest.raises(ShapeError, match=r"must lead to one shape. Got \(1, .* from its layers, \(1, 2"):
            layer.forward(np.zeros((1, 2, 4, 4)))


@pytest.mark.parametrize("wrong", [[], [Relu], ["relu"], 5, "relu", [[Relu()]], [spec.Relu()], {"a": None}])
def test_what_are_no_layers(wrong):
    """One clear line says which field must be what."""
    with pytest.raises(UsageError, match=r"^`layers` of Residual must be .* Got .*\.$"):
        Residual(wrong)
