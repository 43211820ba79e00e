"""Networks with layers that hold layers: parameters, copies, files, what comes out of each layer."""

import pickle

import numpy as np
import pytest

from convlens import layers
from convlens.layers import Batch
from convlens.networks import Network
from convlens.networks.stage_times import stage_shares
from convlens.spec import (
    Affine,
    BatchNormalization,
    Convolution,
    Dropout,
    NetworkSpec,
    Pooling,
    Relu,
    Residual,
    Tanh,
)

INNER = Residual((Convolution(3, 3, pad=1), Tanh()))
DESCRIBED = NetworkSpec(
    "nested",
    (1, 6, 6),
    (
        Convolution(3, 3, pad=1),
        Residual((INNER, Relu()), (Convolution(3, 1),)),
        Relu(),
        Pooling(2),
        Affine(4),
    ),
    weight_init_std="he",
)
RNG = np.random.default_rng(0)
X, T = RNG.random((5, 1, 6, 6)), np.arange(5) % 4


def network(**settings):
    """One of the readable layers."""
    return Network(DESCRIBED, engine="layers", **settings)


def test_what_comes_out_inside():
    """Each row has its output, and the sum is that of the ends of both ways."""
    own = network()
    found = own.activations(X)
    assert list(found) == [row.name for row in DESCRIBED.table] == list(own.every_layer)
    np.testing.assert_array_equal(found["Residual1"], found["Tanh1"] + found["Conv1"])
    np.testing.assert_array_equal(found["Residual2"], found["Relu1"] + found["Conv3"])
    np.testing.assert_array_equal(found["Affine1"], own.predict(X))
    assert list(own.activations(X, "Conv2")) == ["Conv1", "Conv2"]


def test_layers_inside_show_the_network_s_own_arrays():
    """Parameters of layers inside are views of the flat vector, and so are their derivatives after a pass."""
    own = network()
    assert all(
        own.every_layer[row.name].W is own.params[row.parameters[0].name]
        for row in DESCRIBED.table
        if row.parameters
    )
    assert own.layers["Residual2"].W1 is own.params["W2"]
    own.loss_and_gradient(X, T)
    assert own.every_layer["Conv3"].dW is own.grads["W3"]


def test_derivatives_are_those_found_by_trying():
    """Through both ways, and one inside another."""
    own = Network(
        NetworkSpec("n", (1, 3, 3), (INNER_OF_ONE, Affine(2)), weight_init_std="he"), engine="layers"
    )
    found, expected = (
        own.gradient(X[:2, :, :3, :3], T[:2] % 2),
        own.numerical_gradient(X[:2, :, :3, :3], T[:2] % 2),
    )
    for name, value in expected.items():
        np.testing.assert_allclose(found[name], value, rtol=0, atol=1e-4)


INNER_OF_ONE = Residual(
    (Residual((Convolution(2, 2, pad=1), Convolution(1, 2))), Tanh()), (Convolution(1, 1),)
)


def test_kernels_compute_the_same_in_pieces_and_one_by_one():
    """Loss, derivatives and scores agree with the readable layers; the layers inside show them."""
    fused, plain = Network(DESCRIBED, seed=3, engine="fused"), network(seed=3)
    assert fused.loss_and_gradient(X, T) == pytest.approx(plain.loss_and_gradient(X, T), rel=1e-5)
    for name, expected in plain.grads.items():
        np.testing.assert_allclose(fused.grads[name], expected, rtol=0, atol=1e-4 * np.abs(expected).max())
    np.testing.assert_allclose(fused.predict(X), plain.predict(X), rtol=0, atol=1e-5)
    assert fused.every_layer["Conv2"].dW is fused.grads["W2"]


DRAWN = (
    Convolution(2, 1),
    BatchNormalization(),
    Residual((Dropout(0.5), Relu()), (Dropout(0.4),)),
    Dropout(0.3),
    Residual((BatchNormalization(), Dropout(0.2))),
)


def test_what_layers_inside_draw_and_remember_is_one_for_both_engines():
    """Dropout draws by its number in the table, and statistics inside move as outside of any layer."""
    inside = Residual(
        (*DRAWN, Residual((BatchNormalization(), Dropout(0.2)))), (Dropout(0.6), Convolution(2, 1))
    )
    described = NetworkSpec("drawn", (1, 4, 4), (inside, Dropout(0.5), Affine(3)), weight_init_std="he")
    fused, plain = (Network(described, seed=3, engine=engine) for engine in ("fused", "layers"))
    batch = Batch(np.float32(X[:, :, :4, :4]), T % 3, np.array([3, 0, 2]), step=5, seed=8)
    assert fused.run(batch) == pytest.approx(plain.run(batch), rel=1e-5)
    for one, other in ((fused.params, plain.params), (fused.grads, plain.grads)):
        np.testing.assert_allclose(one.vector, other.vector, rtol=0, atol=1e-5)
    dropped = [~layer.mask for layer in plain.every_layer.values() if isinstance(layer, layers.Dropout)]
    assert len({mask.tobytes()[:20] for mask in dropped}) == len(dropped)  # each draws for itself


def test_stages_are_called_by_their_rows():
    """What is measured of a network with ways names the layers inside."""
    names = [stage.layers for stage in stage_shares(DESCRIBED, 3, 1).stages]
    assert "Residual2 + Relu2" in names
    assert "Conv2" in names


def test_it_travels(tmp_path):
    """A file and a pickle give the same network; layers of it make it again, with what they are called."""
    own = network(seed=5)
    own.save_params(tmp_path / "net.safetensors")
    made = [Network.load(tmp_path / "net.safetensors"), pickle.loads(pickle.dumps(own))]  # noqa: S301 (our own)
    made.append(Network.from_layers(own.layers, input_shape=(1, 6, 6), name="nested"))
    for other in made:
        assert [row.name for row in other.spec.table] == [row.name for row in DESCRIBED.table]
        np.testing.assert_array_equal(other.params.vector, own.params.vector)
    assert made[0].spec == DESCRIBED


@pytest.mark.parametrize("where", [0, 1])
def test_layers_inside_must_be_ours_and_have_biases(where):
    """What no spec describes is named, however deep it is."""
    inner = [layers.Convolution(np.ones((1, 1, 1, 1)), 0), object_with_passes()][where]
    given = [layers.Residual([layers.Residual([inner])]), layers.Affine(np.ones((9, 2)), np.zeros(2))]
    with pytest.raises(Exception, match=[r"`b` of Convolution in a network", r"Got Passes\."][where]):
        Network.from_layers(given, input_shape=(1, 3, 3))


def object_with_passes():
    """A layer of nobody's."""

    class Passes:
        def forward(self, x):
            return x

        def backward(self, dout):
            return dout

    return Passes()
