"""Networks from layers that were built by hand."""

import numpy as np
import pytest

from convlens import LeNet, Network, SimpleConvNet
from convlens.errors import ShapeError, UsageError
from convlens.layers import Affine, Convolution, Pooling, Relu, Sigmoid, SoftmaxWithLoss

RNG = np.random.default_rng(0)
X, T = RNG.random((6, 2, 9, 8)).astype(np.float32), np.arange(6) % 3


def built(dtype=np.float64):
    return [
        Convolution(
            RNG.normal(0, 0.3, (4, 2, 3, 2)).astype(dtype), np.zeros(4, dtype), stride=(1, 2), pad=(1, 0)
        ),
        Relu(),
        Pooling(3, 2, stride=2),
        Sigmoid(),
        Affine(RNG.normal(0, 0.3, (32, 3)).astype(dtype), np.zeros(3, dtype)),
    ]


def test_it_computes_what_the_layers_compute():
    """The network's scores and gradients are those of the layers, as they were built."""
    own = built()
    x = X
    for layer in own:
        x = layer.forward(x)
    network = Network.from_layers(own, SoftmaxWithLoss(), (2, 9, 8))
    np.testing.assert_allclose(network.predict(X), x, rtol=1e-4, atol=1e-5)
    numerical = Network.from_layers(built_again(network), input_shape=(2, 9, 8), dtype="float64")
    for name, grad in numerical.numerical_gradient(X.astype(np.float64), T).items():
        np.testing.assert_allclose(network.gradient(X, T)[name], grad, rtol=0, atol=2e-5)


def built_again(network):
    conv, affine = network.layers["Conv1"], network.layers["Affine1"]
    first = Convolution(conv.W.astype(np.float64), conv.b.astype(np.float64), (1, 2), (1, 0))
    return [
        first,
        Relu(),
        Pooling(3, 2, 2),
        Sigmoid(),
        Affine(affine.W.astype(np.float64), affine.b.astype(np.float64)),
    ]


def test_the_layers_given_show_the_networks_weights():
    """Training the network changes the very layers that were given; names are kept."""
    own = dict(zip(["a", "b", "c", "d", "e"], built(), strict=True))
    network = Network.from_layers(own, input_shape=(2, 9, 8))
    assert list(network.layers) == list(own)
    assert all(network.layers[name] is layer for name, layer in own.items())
    assert own["a"].W.base is network.params.vector
    assert own["a"].W.dtype == np.float32
    network.params["W1"] = np.ones((4, 2, 3, 2))
    assert own["a"].W.sum() == 48


@pytest.mark.parametrize("network", [SimpleConvNet(), LeNet()])
def test_our_own_networks_come_back(network):
    """Built from its own layers, a network has the same spec and gives the same numbers."""
    again = Network.from_layers(network.layers, network.last_layer, name=network.spec.name)
    assert [row.layer.kind for row in again.spec.table] == [row.layer.kind for row in network.spec.table]
    assert again.spec.parameter_shapes == network.spec.parameter_shapes
    x = RNG.random((3, 1, 28, 28)).astype(np.float32)
    np.testing.assert_array_equal(again.predict(x), network.predict(x))


class Mine(Relu):
    """Not one of ours."""


@pytest.mark.parametrize(
    ("change", "error", "says"),
    [
        (lambda own: own.__setitem__(1, Mine()), UsageError, "Got Mine"),
        (
            lambda own: own.__setitem__(4, Affine(np.zeros((30, 3)), np.zeros(3))),
            ShapeError,
            "`W` of layer Affine1",
        ),
        (lambda own: own.__setitem__(0, Convolution(np.zeros((4, 2, 3, 2)), 0)), UsageError, "bias"),
    ],
)
def test_what_does_not_fit_is_named(change, error, says):
    """A foreign layer, weights of another shape and a missing bias are named in one line."""
    own = built()
    change(own)
    with pytest.raises(error, match=says):
        Network.from_layers(own, input_shape=(2, 9, 8))
