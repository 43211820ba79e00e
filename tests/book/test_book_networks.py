"""The book's networks as a reader uses them: by hand, in a Trainer, through their files."""

import copy
import pickle

import numpy as np
import pytest

from convlens import book
from convlens.book import BatchNormalization, DeepConvNet, Dropout, MultiLayerNet, MultiLayerNetExtend
from convlens.layers import Batch
from convlens.training.engine_trial import EngineLearner

ROWS, NUMBERS = np.random.default_rng(0).random((12, 6)), np.arange(12) % 3


class Noisy(MultiLayerNetExtend):
    """A reader's own: what it computes nobody knows."""


def networks():
    """One of each kind that takes rows."""
    return [
        book.TwoLayerNet(6, 4, 3, weight_init_std=0.5),
        MultiLayerNet(6, [4, 5], 3, activation="sigmoid", weight_decay_lambda=0.1),
        MultiLayerNetExtend(6, [4], 3, use_batchnorm=True, weight_decay_lambda=0.2),
        book.MultiLayerNet(6, [], 3),
    ]


@pytest.mark.parametrize("number", range(len(networks())))
@pytest.mark.parametrize(
    "labels", [NUMBERS, np.eye(3)[NUMBERS], NUMBERS[:, None]], ids=["numbers", "rows", "column"]
)
def test_gradients_are_the_numerical_ones(number, labels):
    """Both ways to a gradient agree, whatever form the labels have; weight decay is part of both."""
    np.random.seed(1)
    network = networks()[number]
    found, tried = network.gradient(ROWS, labels), network.numerical_gradient(ROWS, labels)
    assert list(found) == list(tried) == list(network.params)
    for name in found:
        np.testing.assert_allclose(found[name], tried[name], atol=1e-6)


@pytest.mark.parametrize("number", range(len(networks())))
def test_parameters_stay_the_layers_own(number, tmp_path):
    """An assignment, a file, a copy and a pickle of a network leave its layers with its parameters."""
    np.random.seed(1)
    network = networks()[number]
    network.params["W1"] = np.ones_like(network.params["W1"])
    assert network.layers["Affine1"].W[0, 0] == 1
    network.save_params(tmp_path / "p.pkl")
    with (tmp_path / "p.pkl").open("rb") as file:
        assert list(pickle.load(file)) == list(network.params)  # noqa: S301 (our own)
    twin = copy.deepcopy(network)
    twin.params["W1"] *= 2
    assert twin.layers["Affine1"].W[0, 0] == 2
    assert network.layers["Affine1"].W[0, 0] == 1
    twin.load_params(tmp_path / "p.pkl")
    assert pickle.loads(pickle.dumps(twin)).predict(ROWS) == pytest.approx(network.predict(ROWS))  # noqa: S301


@pytest.mark.parametrize(
    ("network", "line"),
    [
        (lambda: MultiLayerNet(6, [4], 3), "on the engine"),
        (lambda: book.TwoLayerNet(6, 4, 3), "on the engine"),
        (
            lambda: MultiLayerNet(6, [4], 3, weight_decay_lambda=1e-7),
            "as it is written: its `weight_decay_lambda`",
        ),
        (lambda: MultiLayerNetExtend(6, [4], 3, use_batchnorm=True), "as it is written: its `BatchNorm1`"),
        (lambda: Noisy(6, [4], 3, use_dropout=True), "as it is written: its `Dropout1`"),
        (lambda: MultiLayerNetExtend(6, [4], 3, use_dropout=True), "on the engine, in float32: its scores"),
    ],
    ids=["plain", "two layers", "decay too small to be seen", "normalised", "derived", "dropout"],
)
def test_a_trainer_says_how_it_trains_them(network, line, capsys):
    """The engine trains what it computes alike, and nothing else: a weight decay is not lost."""
    made = network()
    before = made.params["W1"].copy()
    trainer = book.Trainer(made, ROWS, NUMBERS, ROWS, NUMBERS, epochs=1, mini_batch_size=4)
    trainer.train()
    assert line in capsys.readouterr().out
    assert (made.params["W1"] != before).any()


@pytest.mark.parametrize(
    ("hidden", "more"), [([7], {}), ([7, 5], {"dropout_ration": 0.1}), ([4], {"activation": "sigmoid"})]
)
def test_the_engine_draws_as_the_book_does(hidden, more):
    """From one state of the global stream the engine's derivatives are the network's, dropout included."""
    np.random.seed(3)
    network = MultiLayerNetExtend(6, hidden, 3, use_dropout=True, **more)
    engine = EngineLearner(network.params, network.stand_ins(), (6,), len(ROWS), 1, 0.0)
    np.random.seed(4)
    written = network.gradient(ROWS, NUMBERS)
    np.random.seed(4)
    engine.loss_and_gradient(Batch(ROWS, NUMBERS, np.arange(len(ROWS))))
    assert engine.first_difference(written) is None


def test_dropout_is_the_books():
    """What is silent while training is made up for afterwards, by a factor; the global stream decides."""
    x = np.ones((400, 5))
    layer = Dropout(0.3)
    np.random.seed(5)
    out = layer.forward(x)
    np.random.seed(5)
    assert (out == (np.random.rand(400, 5) > 0.3)).all()
    assert (layer.backward(3 * x) == 3 * out).all()
    assert layer.forward(x, train_flg=False) == pytest.approx(0.7 * x)
    assert 0.6 < out.mean() < 0.8


def test_batch_normalization_counts_every_value_of_a_picture():
    """Pictures have C·H·W features; the running statistics begin at zero, as in the book."""
    x = np.random.default_rng(0).random((7, 2, 3, 3))
    layer = BatchNormalization(np.ones(18), np.zeros(18))
    assert np.abs(layer.forward(x, train_flg=False)).max() > 100  # divided by the root of 1e-6
    out = layer.forward(x)
    assert out.shape == x.shape
    np.testing.assert_allclose(out.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(layer.running_mean, 0.1 * x.reshape(7, 18).mean(axis=0))
    with pytest.raises(ValueError, match=r"`gamma` of BatchNormalization must be \(18,\)"):
        BatchNormalization(np.ones(2), np.zeros(2)).forward(x)


def test_deep_convnet_takes_other_pictures():
    """Pictures of another size and depth, batches that do not divide: all of them are judged."""
    np.random.seed(2)
    few = {"filter_num": 2, "filter_size": 3, "pad": 1, "stride": 1}
    network = DeepConvNet((3, 17, 9), few, few, few, few, few, few, hidden_size=4, output_size=3)
    x, t = np.random.rand(5, 3, 17, 9), np.arange(5) % 3
    whole = network.accuracy(x, t, batch_size=2)
    assert whole == np.mean(network.predict(x, train_flg=False).argmax(axis=1) == t)
    assert list(network.gradient(x, t)) == list(network.params)
    assert network.accuracy(x.astype(np.float16), t) in {k / 5 for k in range(6)}
