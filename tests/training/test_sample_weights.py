"""How much each picture counts: a weighted mean of losses, whichever engine computes it."""

import numpy as np
import pytest

from convlens.errors import ShapeError, UsageError
from convlens.layers import Batch, BookSoftmaxWithLoss, SoftmaxWithLoss
from convlens.networks import Network
from convlens.spec import Affine, Convolution, NetworkSpec, Pooling, Relu
from convlens.training import Adam, Trainer

RNG = np.random.default_rng(0)
X, T = RNG.random((12, 1, 6, 6)), RNG.integers(0, 3, 12)
TIMES = np.array([1, 2, 0, 1, 3, 1, 1, 0, 2, 1, 1, 1])  # how often each picture comes
LAYERS = (Convolution(2, 3), Relu(), Pooling(2), Affine(3))
SPECS = {dtype: NetworkSpec("Tiny", (1, 6, 6), LAYERS, "he", dtype) for dtype in ("float32", "float64")}
WAYS = pytest.mark.parametrize(
    ("engine", "dtype", "close"),
    [("fused", "float32", 1e-5), ("layers", "float32", 1e-5), ("layers", "float64", 1e-12)],
)


def trained(engine, dtype, x, t, weights, **changes):
    """The parameters after some full batches, and the losses."""
    arguments = {"epochs": 6, "mini_batch_size": len(x), "optimizer": Adam(0.01), "verbose": False}
    network = Network(SPECS[dtype], seed=1, engine=engine)
    trainer = Trainer(network, x, t, X, T, **{**arguments, **changes}, sample_weights=weights)
    trainer.train()
    return network.params.vector, trainer.train_loss_list


@WAYS
def test_a_weight_of_2_is_a_picture_twice(engine, dtype, close):
    """And a weight of 0 is none; so it is with any multiple of the weights."""
    x, t = X.astype(dtype), T
    expected, losses = trained(engine, dtype, x.repeat(TIMES, axis=0), t.repeat(TIMES), None)
    for weights in (TIMES, 0.3 * TIMES, list(1e300 * TIMES)):
        vector, own = trained(engine, dtype, x, t, weights)
        np.testing.assert_allclose(vector, expected, rtol=0, atol=close)
        np.testing.assert_allclose(own, losses, rtol=close)


@WAYS
@pytest.mark.parametrize("weight", [1, 0.1, 7.0])
def test_weights_that_are_all_alike_change_nothing(engine, dtype, close, weight):
    """Bit for bit; batches are smaller than the set."""
    x = X.astype(dtype)
    first, second = (
        trained(engine, dtype, x, T, weights, mini_batch_size=5) for weights in (None, np.full(12, weight))
    )
    np.testing.assert_array_equal(first[0], second[0])
    assert first[1] == second[1]


@pytest.mark.parametrize("engine", ["fused", "layers"])
def test_a_batch_without_weights_after_one_with(engine):
    """Nothing of the former's weights stays; parts of a batch and pictures of another dtype have theirs."""
    network, x, index = Network(SPECS["float32"], 1, engine), X.astype(np.float32), np.array([3, 4, 1, 4])
    plain = network.run(Batch(x, T, index))
    each = [network.run(Batch(x, T, index[k : k + 1])) for k in range(4)]
    weighted = np.dot(TIMES[index], each) / 4
    for pictures in (x, X):
        found = network.run(Batch(pictures, T, index, w=TIMES.astype(np.float32)))
        assert found == pytest.approx(weighted, rel=1e-5)
        assert network.run(Batch(x, T, index)) == plain


@pytest.mark.parametrize("cls", [SoftmaxWithLoss, BookSoftmaxWithLoss])
def test_the_loss_layer(cls):
    """Its loss and its derivative, beside those of a set in which pictures come as often as they weigh."""
    scores, often = RNG.normal(0, 3, (12, 3)), np.arange(12).repeat(TIMES)
    weighted, repeated = cls(), cls()
    loss = weighted.forward(scores, T, TIMES)
    assert loss * 12 == pytest.approx(repeated.forward(scores[often], T[often]) * len(often))
    summed = np.zeros_like(scores)
    np.add.at(summed, often, repeated.backward(len(often)))
    np.testing.assert_allclose(weighted.backward(12), summed, atol=1e-12)


@pytest.mark.parametrize(
    ("weights", "error", "said"),
    [
        (np.ones(11), ShapeError, r"one a training picture, \(12,\). Got \(11,\)"),
        (np.ones((12, 1)), ShapeError, r"one a training picture, \(12,\). Got \(12, 1\)"),
        (-TIMES, UsageError, "finite numbers, 0 or more, not all of them 0. Got -3 to 0"),
        (0 * TIMES, UsageError, "finite numbers, 0 or more, not all of them 0. Got 0 to 0"),
        (np.full(12, np.inf), UsageError, "finite numbers, 0 or more"),
        (["a"] * 12, UsageError, "numbers. Got"),
    ],
    ids=["too few", "a column", "negative", "all zero", "infinite", "texts"],
)
def test_weights_that_are_none(weights, error, said):
    """The rule and what was found."""
    with pytest.raises(error, match=f"`sample_weights` of Trainer must be (.* )?{said}"):
        trained("layers", "float64", X, T, weights)


class Own(Network):
    """A network whose loss is its writer's."""

    def loss(self, x, t):
        return 2 * super().loss(x, t)


@pytest.mark.parametrize(
    ("cls", "protocol"), [(Own, "standard"), (Network, "book")], ids=["a loss of one's own", "the book's"]
)
def test_losses_that_take_no_weights(cls, protocol):
    """They would be ignored in silence."""
    network = cls(SPECS["float64"], 1)
    with pytest.raises(UsageError, match="`sample_weights` of Trainer are for networks of convlens"):
        Trainer(network, X, T, X, T, 1, 5, verbose=False, protocol=protocol, sample_weights=TIMES)


@pytest.mark.parametrize("engine", ["fused", "layers"])
def test_a_batch_with_too_few_weights(engine):
    """Refused before a kernel reads them."""
    network = Network(SPECS["float32"], 1, engine)
    with pytest.raises((ShapeError, IndexError)):
        network.run(Batch(X.astype(np.float32), T, np.arange(12), w=np.ones(3, np.float32)))
