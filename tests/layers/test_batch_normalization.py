"""Batch normalisation in training: the batch's statistics, derivatives through them, what is remembered."""

import numpy as np
import pytest

from cases import central_difference
from convlens import Network, spec
from convlens.errors import ShapeError, SpecError, UsageError
from convlens.layers import BatchNormalization
from convlens.spec import Affine, Convolution, NetworkSpec, Pooling, Relu

RNG = np.random.default_rng(0)
SHAPES = [(5, 3, 4, 2), (6, 4), (2, 1, 3, 3), (7, 2, 1, 1), (1, 3, 2, 2)]
every_shape = pytest.mark.parametrize("shape", SHAPES, ids=str)
both_variants = pytest.mark.parametrize("variant", ["standard", "book"])


def layer_for(shape, variant="standard", **settings):
    """A layer for inputs of a shape, with random scales and shifts."""
    channels = int(np.prod(shape[1:])) if variant == "book" else shape[1]
    return BatchNormalization(
        RNG.normal(1, 0.3, channels), RNG.normal(0, 0.5, channels), variant=variant, **settings
    )


@every_shape
@both_variants
def test_derivatives_while_training(shape, variant):
    """By x, gamma and beta, through the batch's mean and variance, as found by trying, to 1e-6."""
    layer, x, dout = layer_for(shape, variant, eps=1e-2), RNG.normal(2, 3, shape), RNG.normal(size=shape)
    held = {"x": x, **layer.trained_params}

    def total():
        return np.sum(layer.forward(x, train=True) * dout)

    expected = {key: central_difference(total, value) for key, value in held.items()}
    total()
    found = {"x": layer.backward(dout), **layer.grads}
    for key, value in expected.items():
        np.testing.assert_allclose(found[key], value, rtol=0, atol=1e-6, err_msg=key)


@pytest.mark.torch
@pytest.mark.parametrize("shape", SHAPES[:4], ids=str)
@pytest.mark.parametrize(("eps", "momentum"), [(1e-5, 0.1), (1e-3, 0.3), (1e-5, 1.0)])
def test_it_is_pytorchs(shape, eps, momentum):
    """Outputs, derivatives and running statistics of three batches, and what is then predicted, to 1e-10."""
    torch = pytest.importorskip("torch")
    layer = layer_for(shape, eps=eps, momentum=momentum)
    kind = torch.nn.BatchNorm2d if len(shape) == 4 else torch.nn.BatchNorm1d
    theirs = kind(shape[1], eps, momentum, dtype=torch.float64)
    theirs.load_state_dict(
        {"weight": torch.tensor(layer.gamma), "bias": torch.tensor(layer.beta)}, strict=False
    )
    for batch in range(4):
        theirs.train(batch < 3)
        x, dout = RNG.normal(5, 2, shape), RNG.normal(size=shape)
        given = torch.tensor(x, requires_grad=True)
        theirs.zero_grad()
        out = theirs(given)
        out.backward(torch.tensor(dout))
        np.testing.assert_allclose(
            layer.forward(x, train=batch < 3), out.detach().numpy(), rtol=1e-10, atol=1e-10
        )
        pairs = [(layer.backward(dout), given.grad), (layer.dgamma, theirs.weight.grad)]
        pairs += [(layer.dbeta, theirs.bias.grad), (layer.running_mean, theirs.running_mean)]
        for found, expected in [*pairs, (layer.running_var, theirs.running_var)]:
            np.testing.assert_allclose(found, expected.numpy(), rtol=1e-10, atol=1e-10)


def of_the_book(x, gamma, beta, mean, variance):
    """The formulas of the book's layer for one batch of rows, which moves mean and variance in place."""
    mu = x.mean(axis=0)
    var = np.mean((x - mu) ** 2, axis=0)
    mean[...], variance[...] = 0.9 * mean + (1 - 0.9) * mu, 0.9 * variance + (1 - 0.9) * var
    return gamma * ((x - mu) / np.sqrt(var + 10e-7)) + beta


@pytest.mark.parametrize("shape", [(5, 3), (4, 2, 3, 2), (1, 2, 2, 2)], ids=str)
def test_it_is_the_books(shape):
    """Each number of a picture by itself; the running variance is the batch's own, and both start at 0."""
    layer = layer_for(shape, "book", eps=1e-6)
    mean, variance = np.zeros(layer.gamma.shape), np.zeros(layer.gamma.shape)
    for _ in range(3):
        x = RNG.normal(2, 3, shape)
        expected = of_the_book(x.reshape(shape[0], -1), layer.gamma, layer.beta, mean, variance)
        np.testing.assert_allclose(layer.forward(x, train=True), expected.reshape(shape), rtol=1e-12)
        np.testing.assert_allclose(layer.running_mean, mean, rtol=1e-12)
        np.testing.assert_allclose(layer.running_var, variance, rtol=1e-12, atol=1e-15)


def test_it_computes_the_books_under_its_protocol():
    """A network of protocol "book" makes the book's variant of it, and of eps where nobody chose one."""
    norms = spec.BatchNormalization(), spec.BatchNormalization(1e-3)
    layers = (Convolution(2, 3), norms[0], Affine(3), norms[1], Affine(2))
    book = NetworkSpec("n", (1, 5, 5), layers, dtype="float64", protocol="book")
    usual = NetworkSpec("n", (1, 5, 5), layers)
    assert [book.layers[k] for k in (1, 3)] == [
        spec.BatchNormalization(1e-6, variant="book"),
        spec.BatchNormalization(1e-3, variant="book"),
    ]
    assert usual.layers == layers
    assert spec.from_toml(spec.to_toml(book)) == book
    assert (book.parameter_shapes["gamma2"], usual.parameter_shapes["gamma2"]) == ((18,), (2,))
    starts = [Network(described, engine="layers").params["running_var2"][0] for described in (book, usual)]
    assert starts == [0, 1]


def test_one_value_a_channel_says_nothing_of_the_variance():
    """Rows, one at a time: beta comes out, no derivative goes on, and the running variance stays."""
    layer = layer_for((1, 3))
    out = layer.forward(RNG.normal(size=(1, 3)), train=True)
    np.testing.assert_array_equal(out[0], layer.beta)
    np.testing.assert_array_equal(layer.backward(np.ones((1, 3))), np.zeros((1, 3)))
    np.testing.assert_array_equal(layer.running_var, np.ones(3))
    assert (layer.running_mean != 0).all()


@pytest.mark.parametrize("offset", [0, 100, 3000])
def test_float32_far_from_zero(offset):
    """What lies far from 0 and close together is spread as in float64, as far as float32 tells it apart."""
    x = (offset + RNG.normal(size=(50, 2, 12, 12))).astype(np.float32)
    ones = np.ones(2, np.float32)
    out = BatchNormalization(ones, 0 * ones).forward(x, train=True)
    exact = BatchNormalization(ones.astype(float), np.zeros(2)).forward(x.astype(float), train=True)
    assert out.dtype == np.float32
    np.testing.assert_allclose(out, exact, rtol=0, atol=1e-6 + 1e-7 * offset)


EPS = "`eps` of BatchNormalization must be a number above 0 (also in single precision), at most 1."


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"eps": 0}, f"{EPS} Got 0."),
        ({"eps": 2}, f"{EPS} Got 2."),
        ({"momentum": 1.5}, "`momentum` of BatchNormalization must be a number from 0 to 1. Got 1.5."),
        ({"momentum": None}, "`momentum` of BatchNormalization must be a number from 0 to 1. Got None."),
        ({"variant": "torch"}, "`variant` of BatchNormalization must be standard or book. Got 'torch'."),
    ],
)
def test_settings_out_of_range(settings, message):
    """The spec and the layer say what they take."""
    ones = np.ones(3)
    for make in (spec.BatchNormalization, lambda **given: BatchNormalization(ones, ones, **given)):
        with pytest.raises(SpecError) as refused:
            make(**settings)
        assert str(refused.value) == message


def test_shapes_that_do_not_fit():
    """Channels are those of the parameters, and a batch in training has a sample."""
    layer = layer_for((2, 3))
    with pytest.raises(ShapeError, match=r"has parameters for 3 channels\. Got \(2, 4, 5, 5\)\."):
        layer.forward(np.zeros((2, 4, 5, 5)))
    with pytest.raises(ShapeError, match=r"must have one sample or more to train with\. Got 0\."):
        layer.forward(np.zeros((0, 3)), train=True)
    with pytest.raises(ShapeError, match=r"`gamma` and `beta` .* Got \(3,\) and \(2,\)\."):
        BatchNormalization(np.ones(3), np.zeros(2))
    with pytest.raises(UsageError, match=r"`train` of BatchNormalization\.forward must be True or False"):
        layer.forward(np.zeros((1, 3)), train="yes")


PLACES = {
    "first": (spec.BatchNormalization(), Convolution(2, 3), Affine(3)),
    "before pooling": (Convolution(2, 3), spec.BatchNormalization(), Pooling(2), Relu(), Affine(3)),
    "behind pooling": (Convolution(2, 3), Relu(), Pooling(2), spec.BatchNormalization(), Affine(3)),
    "twice": (Convolution(2, 3), spec.BatchNormalization(), spec.BatchNormalization(), Relu(), Affine(3)),
    "between affine layers": (Affine(4), spec.BatchNormalization(), Relu(), Affine(3)),
    "on a first layer's rows": (Affine(3), spec.BatchNormalization(), Affine(3)),
}


@pytest.mark.parametrize("place", PLACES)
def test_any_place_in_a_network(place):
    """The network's derivatives are those that are found by trying, and its state moves."""
    described = NetworkSpec("n", (1, 6, 6), PLACES[place], "he", dtype="float64")
    network = Network(described, engine="layers")
    x, t = RNG.normal(size=(4, 1, 6, 6)), np.arange(4) % 3
    numerical = network.numerical_gradient(x, t)
    found = network.gradient(x, t)
    assert list(found) == list(network.trained_params)
    for name, expected in numerical.items():
        np.testing.assert_allclose(found[name], expected, rtol=0, atol=1e-6, err_msg=name)
    state = [name for name in network.params if name.startswith("running")]
    assert state
    assert all((network.params[name] != Network(described).params[name]).any() for name in state)
