"""One batch from the Trainer to the layers: a draw follows from the seed, the step and the sample."""

import numpy as np
import pytest

from convlens import Trainer, engine
from convlens.errors import ShapeError, UsageError
from convlens.layers import Affine, Batch, Layer, SoftmaxWithLoss
from convlens.networks import Network
from convlens.spec import Affine as AffineSpec
from convlens.spec import Convolution, NetworkSpec, Relu
from convlens.streams import stream

RNG = np.random.default_rng(0)
X, T = RNG.random((40, 1, 6, 6), np.float32), RNG.integers(0, 3, 40)
SPEC = NetworkSpec("dropping", (1, 6, 6), (Convolution(2, 3), Relu(), AffineSpec(3)))


class Drops(Layer):
    """Sets a third of the numbers to zero in training, each sample's by a stream of its own."""

    kept = ("mask",)

    def __init__(self, seed=7):
        self.seed, self.mask, self.drawn = seed, None, {}

    def forward(self, x, train=False, batch=None):
        self.mask = np.ones_like(x)
        if train:
            for place, sample in enumerate(batch.index.tolist()):
                numbers = stream(self.seed, "drops", batch.step, sample).random(x.shape[1:])
                self.mask[place] = numbers >= 1 / 3
                self.drawn[batch.step, sample] = numbers.tobytes()
        return x * self.mask

    def backward(self, dout):
        return dout * self.mask


def dropping(kind):
    """A network in which a layer of the test's own stands where ReLU stood."""
    network = Network(SPEC, engine=kind)
    network.layers["Relu1"] = Drops()
    return network


def drawn(kind, threads=None, **changes):
    """What was drawn in two epochs, and the losses and the weights at their end."""
    network = dropping(kind)
    arguments = {"epochs": 2, "mini_batch_size": 16, "verbose": False, "engine": kind, "threads": threads}
    trainer = Trainer(network, X, T, X, T, **{**arguments, **changes})
    trainer.train()
    return network.layers["Relu1"].drawn, trainer.train_loss_list, network.params.vector


def test_the_same_numbers_in_both_engines():
    """Every sample of every step is drawn once; the losses agree as those of two engines do."""
    fused, layers = drawn("fused"), drawn("layers")
    assert sorted({step for step, _ in fused[0]}) == list(range(6))
    assert len(fused[0]) == 80
    assert fused[0] == layers[0]
    np.testing.assert_allclose(fused[1], layers[1], rtol=1e-5)


@pytest.mark.parametrize("piece", [1, 5, 16])
def test_the_same_numbers_in_pieces(monkeypatch, piece):
    """However the engine cuts a batch, each sample gets its own numbers."""
    whole = drawn("fused")
    monkeypatch.setattr("convlens.engine.plan.Plan._largest_piece", lambda _: piece)
    pieces = drawn("fused")
    assert pieces[0] == whole[0]
    np.testing.assert_allclose(pieces[1], whole[1], rtol=1e-5)


@pytest.mark.parametrize("threads", [1, 2])
def test_the_same_bits_for_any_number_of_threads(threads):
    """Numbers, losses and weights are those of all threads."""
    found, wanted = drawn("fused", threads), drawn("fused")
    assert found[:2] == wanted[:2]
    np.testing.assert_array_equal(found[2], wanted[2])


@pytest.mark.parametrize("kind", ["fused", "layers"])
def test_the_same_bits_when_taken_up(kind):
    """From the middle of an epoch on, what is drawn is what the training in one go draws."""
    whole = drawn(kind)
    first, second = (Trainer(dropping(kind), X, T, X, T, 2, 16, verbose=False, engine=kind) for _ in range(2))
    first.train_step()
    first.train_step()
    second.load_state(first.state())
    second.train()
    layer = second.network.layers["Relu1"]
    assert layer.drawn == {key: value for key, value in whole[0].items() if key[0] >= 2}
    np.testing.assert_array_equal(second.network.params.vector, whole[2])


@pytest.mark.parametrize("kind", ["fused", "layers"])
def test_prediction_draws_nothing(kind):
    """Outside training there is no batch."""
    network = dropping(kind)
    np.testing.assert_array_equal(network.predict(X), network.predict(X))
    network.loss_and_gradient(X, T, np.array([3, 1]))
    assert sorted(network.layers["Relu1"].drawn) == [(0, 1), (0, 3)]


class Book(Layer):
    """Doubles its input; its `forward` is as the book's layers without a training flag have it."""

    heard: tuple = ()

    def forward(self, x):
        self.heard = ()
        return 2 * x

    def backward(self, dout):
        return 2 * dout


class Flag(Book):
    """As the book's Dropout has it."""

    def forward(self, x, train_flg=True):
        self.heard = (train_flg,)
        return 2 * x


class Starred(Book):
    """Takes what comes."""

    def forward(self, *arguments):
        self.heard = arguments[1:]
        return 2 * arguments[0]


class Other(Book):
    """Its third argument is not the batch."""

    def forward(self, x, train_flg=False, scale=2):
        self.heard = (train_flg, scale)
        return scale * x


class Keyword(Book):
    """Asks for the batch by name."""

    def forward(self, x, train=False, *, batch=None):
        self.heard = (train, None if batch is None else batch.index.tolist())
        return 2 * x


FORMS = [(Book, ()), (Flag, (True,)), (Starred, (True,)), (Other, (True, 2)), (Keyword, (True, [4, 2]))]


@pytest.mark.parametrize("kind", ["fused", "layers"])
@pytest.mark.parametrize(("form", "heard"), FORMS, ids=lambda form: getattr(form, "__name__", ""))
def test_a_forward_gets_what_it_asks_for(form, heard, kind):
    """A layer after the book, with a flag or without, and one that takes the batch all work as they are."""
    network = Network(SPEC, engine=kind)
    network.layers["Relu1"] = layer = form()
    network.loss_and_gradient(X, T, np.array([4, 2]))
    assert layer.heard == heard
    network.predict(X)
    assert layer.heard == tuple(
        False if value is True else None if value == [4, 2] else value for value in heard
    )


def test_a_forward_laid_over_a_method():
    """A function that was put in its place is asked as it is."""
    layers = [Affine(np.ones((2, 3), np.float32), np.zeros(3, np.float32)), Book()]
    layers[1].forward = lambda x: 3 * x
    plan = engine.compile(layers, SoftmaxWithLoss(), (2,), 4)
    np.testing.assert_array_equal(plan.predict(np.ones((1, 2))), [[6, 6, 6]])


@pytest.mark.parametrize("kind", ["fused", "layers"])
@pytest.mark.parametrize(
    ("index", "words"),
    [
        ([0, 40], "`index` must be 0 to 39. Got 0 to 40."),
        ([-1, 3], "`index` must be 0 to 39. Got -1 to 3."),
        ([0.0, 1.0], r"`index` must be a row of sample numbers. Got float64 \(2,\)."),
        ([[0, 1]], r"`index` must be a row of sample numbers. Got int64 \(1, 2\)."),
        (T == 1, r"`index` must be a row of sample numbers. Got bool \(40,\)."),
    ],
)
def test_an_index_is_checked_alike_in_both_engines(index, words, kind):
    """What one engine refuses, the other refuses in the same words."""
    with pytest.raises(UsageError, match=words):
        Network(SPEC, engine=kind).loss_and_gradient(X, T, np.array(index))


@pytest.mark.parametrize("kind", ["fused", "layers"])
def test_a_trainer_checks_pictures_and_labels_once(kind):
    """One-hot labels and a foreign byte order do; flat pictures are refused with the remedy."""
    losses = [drawn(kind)[1]]
    for labels in (np.eye(3, dtype=np.uint8)[T], T.astype(">i4"), T[:, None]):
        trainer = Trainer(dropping(kind), X, labels, X, T, 2, 16, verbose=False, engine=kind)
        trainer.train()
        losses.append(trainer.train_loss_list)
    assert all(row == losses[0] for row in losses)
    flat = X.reshape(40, 36)
    with pytest.raises(
        ShapeError, match=r"`x` of dropping must be \(N, 1, 6, 6\). Got \(40, 36\). load_mnist"
    ):
        Trainer(dropping(kind), flat, T, X, T, 1, 16, verbose=False, engine=kind).train()


def test_a_batch_takes_its_samples_once():
    """What it holds is what the index says; a piece is a batch of the same step."""
    batch = Batch(X, T, np.array([5, 1, 9]), step=4)
    assert len(batch) == 3
    np.testing.assert_array_equal(batch.pictures, X[[5, 1, 9]])
    np.testing.assert_array_equal(batch.labels, T[[5, 1, 9]])
    assert batch.pictures is batch.pictures
    piece = batch.piece(slice(1, 3))
    assert (piece.index.tolist(), piece.step, piece.x is X) == ([1, 9], 4, True)
