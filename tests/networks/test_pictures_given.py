"""The pictures that a network is given: one rule for every entry, and what is no picture."""

from dataclasses import replace

import numpy as np
import pytest

from convlens import Trainer
from convlens.errors import ShapeError, UsageError
from convlens.networks import Network
from convlens.spec import Affine, Convolution, NetworkSpec, Relu

RNG = np.random.default_rng(0)
BYTES = RNG.integers(0, 256, (12, 1, 6, 6), np.uint8)
T = RNG.integers(0, 3, 12)
SPEC = NetworkSpec("pictures", (1, 6, 6), (Convolution(2, 3), Relu(), Affine(3)))
ENGINES = ["fused", "layers"]
INTEGERS = ["int16", "uint16", "int32", "int64", "uint64", ">i4"]


def trained(network, x):
    """The losses of a short training."""
    trainer = Trainer(network, x, T, x, T, 2, 4, "SGD", {"lr": 0.1}, verbose=False, validation=(x, T))
    trainer.train()
    return trainer.train_loss_list, trainer.test_acc_list, trainer.final_test_acc


ENTRIES = {
    "predict": lambda network, x: network.predict(x).tolist(),
    "loss": lambda network, x: network.loss(x, T),
    "accuracy": lambda network, x: network.accuracy(x, T, batch_size=5),
    "evaluate": lambda network, x: network.evaluate(x, T),
    "activations": lambda network, x: network.activations(x)["Conv1"].tolist(),
    "loss_and_gradient": lambda network, x: network.loss_and_gradient(x, T),
    "of an index": lambda network, x: network.loss_and_gradient(x, T, np.array([3, 1])),
    "gradient": lambda network, x: network.gradient(x, T)["W1"].tolist(),
    "Trainer": trained,
}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("dtype", INTEGERS)
@pytest.mark.parametrize("entry", ENTRIES)
def test_integers_are_bytes(entry, dtype, engine):
    """Of whatever type, they are scaled from 0…255 to 0…1, as uint8 is."""
    wanted, found = (ENTRIES[entry](Network(SPEC, engine=engine), x) for x in (BYTES, BYTES.astype(dtype)))
    assert found == wanted


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("entry", ENTRIES)
def test_bool_is_zero_and_one(entry, engine):
    """Black and white pictures need no scaling."""
    wanted, found = (
        ENTRIES[entry](Network(SPEC, engine=engine), x) for x in ((BYTES > 99).astype("f4"), BYTES > 99)
    )
    assert found == wanted


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_floats_are_taken_as_they_are(dtype, engine):
    """What somebody has scaled, whichever way, is not scaled again."""
    network, x = Network(SPEC, engine=engine), (BYTES / 64 - 2).astype(dtype)
    np.testing.assert_array_equal(network.predict(x), network.predict(x.astype(np.float32)))


@pytest.mark.parametrize("dtype", ["uint8", "int64", "bool"])
def test_the_books_protocol_takes_all_as_they_are(dtype):
    """In the book 0 to 255 are 0 to 255."""
    np.random.seed(0)
    network = Network(replace(SPEC, dtype="float64", protocol="book"))
    x = BYTES.astype(dtype)
    np.testing.assert_array_equal(network.predict(x), network.predict(x.astype(float)))


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("entry", ENTRIES)
@pytest.mark.parametrize("value", [-1, 256, 4095])
def test_integers_beyond_a_byte(value, entry, engine):
    """Nobody knows how to scale them: refused, with their range and the remedy."""
    x = BYTES.astype(np.int64)
    x[3, 0, 2, 2] = value
    words = rf"pictures of integers for pictures must be 0 to 255. Got int64 from .*{value}.*: give floats"
    with pytest.raises(UsageError, match=words):
        ENTRIES[entry](Network(SPEC, engine=engine), x)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("dtype", [complex, object, str, "S3", "datetime64[s]"])
@pytest.mark.parametrize("entry", ["predict", "accuracy", "activations", "loss_and_gradient", "gradient"])
def test_what_are_no_numbers(entry, dtype, engine):
    """Both engines refuse it in the same words."""
    with pytest.raises(UsageError, match=r"`x` of pictures must be numbers. Got "):
        ENTRIES[entry](Network(SPEC, engine=engine), BYTES.astype(np.int64).astype(dtype))


@pytest.mark.parametrize(
    ("shape", "hint"),
    [
        ((1, 6, 6), "For one picture use x[None]."),
        ((6, 6), "For one grey picture use x[None, None]."),
        ((5, 6, 6), "For grey pictures use x[:, None]."),
        ((5, 6, 6, 1), "Channels come first: x.transpose(0, 3, 1, 2)."),
        ((5, 36), "load_mnist(flatten=False) gives this shape; of your own use x.reshape(-1, 1, 6, 6)."),
        ((256, 192), "Pictures are 6x6 here: scale yours to that first."),
        ((480, 640, 3), "Pictures are 6x6 here: scale yours to that first."),
        ((5, 1, 7, 7), ""),
    ],
)
def test_a_shape_that_does_not_fit(shape, hint):
    """The remedy is the one for what was given: a photo is not sent to MNIST."""
    with pytest.raises(ShapeError) as raised:
        Network(SPEC).predict(np.zeros(shape))
    assert str(raised.value) == f"`x` of pictures must be (N, 1, 6, 6). Got {shape}. {hint}".rstrip()


@pytest.mark.parametrize("given", [[[1], [1, 2]], None, "abc", 5])
def test_what_is_no_array(given):
    """A list of ragged rows, nothing, a text and a number are answered in one line."""
    with pytest.raises(ShapeError, match=r"`x` of pictures must be (one array|\(N, 1, 6, 6\))"):
        Network(SPEC).predict(given)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: Network("simple"), r"`spec` of Network must be a NetworkSpec: .* Got 'simple'."),
        (lambda: Network(None), "`spec` of Network must be .* Got None."),
        (lambda: Network(SPEC, seed=True), "`seed` of pictures must be an int ≥ 0. Got True."),
        (lambda: Network(SPEC, seed="0"), "`seed` of pictures must be an int ≥ 0. Got '0'."),
        (lambda: Network(SPEC, engine=[]), r"`engine` must be one of fused, layers. Got \[\]."),
        (lambda: Network(SPEC).accuracy(BYTES, T, "5"), "`batch_size` of accuracy must be a positive int."),
        (lambda: Network(SPEC).accuracy(BYTES, T, 1.5), "`batch_size` of accuracy .* Got 1.5."),
        (lambda: Network(SPEC).accuracy(None, T), "`x` of pictures must be"),
        (lambda: Network(SPEC).activations(BYTES, "Nope"), "`last` must be one of Conv1, Relu1, Affine1."),
        (lambda: Network(SPEC).load_params(None), "`file_name` must be a file's name.* Got None."),
        (lambda: Network(SPEC).save_params(5), "`file_name` must be a file's name.* Got 5."),
        (lambda: Network.load(None), "`file_name` must be a file's name.* Got None."),
        (lambda: Network.from_layers(5), "a network is made of layers, .* Got 5."),
        (lambda: Network(SPEC).params.update(5), "parameters must be a dict of arrays. Got 5."),
    ],
)
def test_arguments_of_another_kind(call, words):
    """A network's methods refuse by name what is no value of the argument's kind at all."""
    with pytest.raises(UsageError, match=words):
        call()
