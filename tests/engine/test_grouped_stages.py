"""Which kernels run convolutions with groups and dilation."""

import numpy as np
import pytest

from convlens import spec
from convlens.networks import Network
from convlens.spec import Affine, Convolution, NetworkSpec, Pooling, Relu


def stage_of(layer, *behind):
    """What a plan says of a layer of this kind, behind a first convolution of eight filters."""
    layers = (Convolution(8, 3, pad=1), layer, *behind, Affine(4))
    return Network(NetworkSpec("n", (1, 14, 14), layers)).compiled(4).describe()[1]


@pytest.mark.parametrize(
    ("layer", "behind", "kernel", "layers"),
    [
        (Convolution(8, 3, pad=1, groups=8), (), "depthwise convolution; dense backward", (1,)),
        (
            Convolution(8, 5, 2, 2, groups=8),
            (Relu(),),
            "depthwise convolution + ReLU; dense backward",
            (1, 2),
        ),
        (
            Convolution(8, 3, groups=8, dilation=2),
            (Relu(), Pooling(2)),
            "depthwise convolution + ReLU",
            (1, 2),
        ),
        (Convolution(16, 3, groups=8), (Relu(),), "spread convolution + ReLU; dense backward", (1, 2)),
        (Convolution(4, 3, 2, groups=4), (), "spread convolution; sparse backward", (1,)),
        (
            Convolution(4, 3, dilation=3),
            (Relu(), Pooling(2)),
            "spread convolution + ReLU + max-pooling",
            (1, 2, 3),
        ),
    ],
)
def test_no_layer_runs_its_numpy_code(layer, behind, kernel, layers):
    """Filters of one channel each have kernels of their own; all others run as a convolution of any kind."""
    row = stage_of(layer, *behind)
    assert row.kernel.startswith(kernel)
    assert row.layers == layers


@pytest.mark.parametrize("layer", [Convolution(8, 3, pad=1, groups=8), Convolution(8, 5, 2, groups=8)])
def test_a_depthwise_stage_counts_its_own_work(layer):
    """Its multiply-adds are those of the spec: no zeros are multiplied."""
    assert stage_of(layer).multiply_adds == layer.multiply_adds((8, 14, 14))


@pytest.mark.parametrize("layer", [Convolution(8, 3, groups=8), Convolution(4, 2, groups=2, dilation=2)])
def test_weights_are_read_at_each_step(layer):
    """A weight that is changed between two steps counts in the second one, between zeros or not."""
    described = NetworkSpec(
        "n", (1, 9, 9), (Convolution(8, 3, pad=1), layer, Affine(4)), weight_init_std="he"
    )
    network, x = Network(described, seed=0), np.ones((3, 1, 9, 9), np.float32)
    before = network.predict(x)
    network.params["W2"][...] *= 2
    after = network.predict(x)
    again = Network(described, seed=0, engine="layers")
    again.params["W2"][...] *= 2
    np.testing.assert_allclose(after, again.predict(x), rtol=1e-4, atol=1e-6)
    assert np.abs(after - before).max() > 1e-3


def test_lenet_runs_on_the_kernels_that_it_had():
    """A convolution without groups and dilation is no spread one."""
    kernels = [row.kernel for row in Network(spec.lenet()).compiled(4).describe()]
    assert not any("spread" in kernel or "depthwise" in kernel for kernel in kernels)
