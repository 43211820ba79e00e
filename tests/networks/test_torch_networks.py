"""Whole networks against PyTorch in float64: loss and every gradient to 1e-10."""

import numpy as np
import pytest
from hypothesis import given, settings

from convlens import LeNet, SimpleConvNet
from convlens.networks import Network
from convlens.spec import (
    Affine,
    AveragePooling,
    BatchNormalization,
    Convolution,
    Dropout,
    Gelu,
    GlobalAveragePooling,
    LeakyRelu,
    Pooling,
    Relu,
    Residual,
    Sigmoid,
    Tanh,
)
from strategies import network_specs

torch = pytest.importorskip("torch")
F = torch.nn.functional

pytestmark = pytest.mark.torch


def padded(spec, x, value):
    """The input with its border, which may differ from side to side."""
    rows, columns = spec.borders(tuple(x.shape[1:]))
    return F.pad(x, (*columns, *rows), value=value)


RUN = {
    Convolution: lambda spec, x, W, b: F.conv2d(
        padded(spec, x, 0), W, b, spec.stride, 0, spec.dilation, spec.groups
    ),
    Pooling: lambda spec, x: F.max_pool2d(padded(spec, x, -np.inf), spec.window, spec.stride),
    AveragePooling: lambda spec, x: F.avg_pool2d(padded(spec, x, 0), spec.window, spec.stride),
    GlobalAveragePooling: lambda _, x: x.mean((2, 3)),
    Relu: lambda _, x: torch.relu(x),
    Sigmoid: lambda _, x: torch.sigmoid(x),
    Tanh: lambda _, x: torch.tanh(x),
    LeakyRelu: lambda spec, x: F.leaky_relu(x, spec.slope),
    Gelu: lambda _, x: F.gelu(x),
    BatchNormalization: lambda spec, x, gamma, beta, *_: F.batch_norm(
        x, None, None, gamma, beta, training=True, eps=spec.eps
    ),
    Residual: lambda _, *ends: sum(ends),
    Affine: lambda _, x, W, b: x.flatten(1) @ W + b,
}


def torch_loss(network, x, t):
    """The loss of a network's spec and parameters, computed by PyTorch; and the parameters' tensors.

    What dropout drops alone is the network's own, of its latest pass.
    """
    params = {name: torch.tensor(value, requires_grad=True) for name, value in network.params.items()}
    made = [torch.tensor(x)]  # the picture, then what each row of the table gives
    for row in network.spec.table:
        given = [made[number + 1] for number in row.reads]
        own = [params[parameter.name] for parameter in row.parameters]
        if isinstance(row.layer, Dropout):
            layer = network.every_layer[row.name]
            made.append(given[0] * torch.tensor(layer.factor * layer.mask))
        else:
            made.append(RUN[type(row.layer)](row.layer, *given, *own))
    return F.cross_entropy(made[-1].flatten(1), torch.tensor(t)), params


def assert_agrees(network, n_samples=5):
    """Loss and gradients are PyTorch's."""
    rng = np.random.default_rng(0)
    network.params.vector[:] = rng.normal(0, 0.2, network.params.vector.shape)
    x, t = (
        rng.random((n_samples, *network.spec.input_shape)),
        rng.integers(0, network.spec.n_classes, n_samples),
    )
    found = network.loss_and_gradient(x, t)
    expected, params = torch_loss(network, x, t)
    expected.backward()
    assert found == pytest.approx(expected.item(), abs=1e-10)
    for name, gradient in network.grads.items():
        np.testing.assert_allclose(gradient, params[name].grad.numpy(), rtol=0, atol=1e-10)


@pytest.mark.parametrize("make", [SimpleConvNet, LeNet])
def test_the_report_networks(make):
    """SimpleConvNet and LeNet in their full size."""
    assert_agrees(make(dtype="float64"))


@settings(max_examples=50)
@given(network_specs(dtypes=("float64",)))
def test_any_network(described):
    """Networks of any layers, windows, strides, pads, groups and dilations, in training."""
    assert_agrees(Network(described))
