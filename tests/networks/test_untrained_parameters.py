"""What a layer keeps but does not train: it belongs to the network, and goes wherever that goes."""

import copy
import pickle
from dataclasses import replace

import numpy as np
import pytest

from convlens import Network, Trainer, spec
from convlens.layers import Affine, BatchNormalization, Convolution, Relu
from normalisation import NAMES, NETWORK

RNG = np.random.default_rng(0)
X, T = RNG.random((40, 1, 6, 6)).astype(np.float32), np.arange(40) % 10
both_engines = pytest.mark.parametrize("engine", ["fused", "layers"])


def trained(engine, optimizer="adam"):
    """A network and its Trainer after three epochs."""
    network = Network(NETWORK, engine=engine)
    trainer = Trainer(network, X, T, X, T, 3, 20, optimizer, {"lr": 0.01}, verbose=False, engine=engine)
    trainer.train()
    return network, trainer


def test_each_parameter_starts_as_its_role_says():
    """Scales with ones, shifts and biases with zeros, running statistics as they say, weights spread."""
    params = Network(NETWORK).params
    assert list(params) == NAMES
    for name, start in (
        ("gamma2", 1),
        ("beta2", 0),
        ("b1", 0),
        ("running_mean2", 0),
        ("running_var2", 1),
    ):
        assert (params[name] == start).all(), name
    assert params["W1"].std() > 0
    assert params["W3"].std() > 0


def test_one_vector_the_trained_ones_first():
    """`params` shows all; `trained_params`, which an optimizer sees, and `grads` only what is trained."""
    network = Network(NETWORK)
    assert list(network.trained_params) == list(network.grads) == NAMES[:6]
    assert network.spec.n_parameters == network.trained_params.vector.size == network.params.vector.size - 4
    assert network.trained_params.vector.base is network.params.vector
    assert network.spec.table[1].n_parameters == 4
    layer = network.layers["BatchNorm1"]
    assert layer.running_mean is network.params["running_mean2"]
    assert list(layer.params) == ["gamma", "beta", "running_mean", "running_var"]
    assert list(layer.trained_params) == ["gamma", "beta"]
    assert layer.momentum == 0.2


@both_engines
def test_it_trains(engine):
    """Every parameter moves, the untrained ones by the layer; the optimizer remembers nothing of those.

    Of the bias in front of the normalisation, whose derivative is 0, nothing is asked: rounding may move it.
    """
    network, trainer = trained(engine)
    before = Network(NETWORK, engine=engine)
    for name in set(NAMES) - {"b1"}:
        assert not np.array_equal(network.params[name], before.params[name]), name
    assert trainer.train_loss_list[-1] < trainer.train_loss_list[0]
    remembered = [value.size for value in trainer.optimizer.state().values() if value.ndim]
    assert remembered == [network.spec.n_parameters] * 2
    x = Convolution(network.params["W1"], network.params["b1"]).forward(X)
    seen = network.params["running_mean2"]
    np.testing.assert_allclose(seen, x.mean(axis=(0, 2, 3)), rtol=0, atol=0.5 * np.abs(seen).max() + 0.05)


@pytest.mark.parametrize("optimizer", ["sgd", "momentum"])
def test_both_engines_agree(optimizer):
    """All parameters are the same up to rounding (of which Adam makes steps in b1, whose derivative is 0)."""
    one, other = (trained(engine, optimizer)[0] for engine in ("fused", "layers"))
    for name in NAMES:
        np.testing.assert_allclose(one.params[name], other.params[name], rtol=1e-3, atol=1e-4)


def test_gradients_are_those_of_the_training_pass():
    """The gradients found by trying look at batches as training does, and leave the network as it was."""
    network = Network(replace(NETWORK, dtype="float64"))
    kept = network.params["running_mean2"].copy()
    numerical = network.numerical_gradient(X[:5], T[:5])
    np.testing.assert_array_equal(network.params["running_mean2"], kept)
    found = network.gradient(X[:5], T[:5])
    assert list(numerical) == list(found) == NAMES[:6]
    for name, expected in numerical.items():
        np.testing.assert_allclose(found[name], expected, rtol=0, atol=1e-6)


@both_engines
@pytest.mark.parametrize(
    "copied",
    [copy.copy, copy.deepcopy, lambda network: pickle.loads(pickle.dumps(network))],  # noqa: S301
)
def test_copies_have_their_own(engine, copied):
    """A copy answers alike, and going on with it changes nothing in the first."""
    network, _ = trained(engine)
    twin = copied(network)
    np.testing.assert_array_equal(twin.params.vector, network.params.vector)
    np.testing.assert_array_equal(twin.predict(X), network.predict(X))
    kept = network.params.vector.copy()
    twin.loss_and_gradient(X, T)
    assert not np.array_equal(twin.params["running_mean2"], network.params["running_mean2"])
    np.testing.assert_array_equal(network.params.vector, kept)


@pytest.mark.parametrize("file", ["net.safetensors", "net.pkl"])
def test_files_hold_all(tmp_path, file):
    """Written and read again, alone or with the spec that lies in the file, it gives the same scores."""
    network, _ = trained("layers")
    network.save_params(tmp_path / file)
    again = Network(NETWORK, engine="layers")
    again.load_params(tmp_path / file)
    np.testing.assert_array_equal(again.predict(X), network.predict(X))
    if file.endswith(".safetensors"):
        loaded = Network.load(tmp_path / file)
        assert loaded.spec == network.spec
        np.testing.assert_array_equal(loaded.params.vector, network.params.vector)


def test_from_layers():
    """Built by hand, the layer brings what it has seen; later it shows the network's own arrays."""
    own = BatchNormalization(np.ones(2), np.zeros(2), np.full(2, 0.25), np.full(2, 4.0), momentum=0.5)
    given = [Convolution(RNG.normal(size=(2, 1, 3, 3)), np.zeros(2)), own, Relu()]
    network = Network.from_layers(
        [*given, Affine(RNG.normal(size=(32, 3)), np.zeros(3))], input_shape=(1, 6, 6)
    )
    assert network.spec.layers[1] == spec.BatchNormalization(momentum=0.5)
    np.testing.assert_array_equal(network.params["running_var2"], [4, 4])
    assert own.running_mean is network.params["running_mean2"]
    assert spec.from_toml(spec.to_toml(network.spec)) == network.spec
