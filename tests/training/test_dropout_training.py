"""Networks with dropout: one and the same on both engines, in pieces, with augmentation, and resumed."""

import numpy as np
import pytest
from small_trainers import TT, XT, BooksMethods, Notes, T, X

from convlens import Trainer, engine, spec
from convlens.layers import Batch, Dropout, SoftmaxWithLoss
from convlens.networks import Network
from convlens.spec import Affine, Convolution, NetworkSpec, Pooling, Relu

LAYERS = {
    "first": (spec.Dropout(0.2), Convolution(4, 3), Relu(), Pooling(2), Affine(3)),
    "behind the pooling": (Convolution(4, 3), Relu(), Pooling(2), spec.Dropout(0.5), Affine(3)),
    "before the pooling": (Convolution(4, 3), spec.Dropout(0.3), Pooling(2), Relu(), Affine(3)),
    "twice": (Convolution(3, 3), Relu(), spec.Dropout(), spec.Dropout(), Affine(3)),
    "between affine layers": (Affine(20), Relu(), spec.Dropout(0.5), Affine(3)),
    "hardly any": (Affine(20), spec.Dropout(0.001), Relu(), Affine(3)),
    "nearly all": (Affine(20), Relu(), spec.Dropout(0.99), Affine(3)),
    "nothing": (Affine(20), Relu(), spec.Dropout(0), Affine(3)),
}
everywhere = pytest.mark.parametrize("layers", LAYERS.values(), ids=LAYERS)
both_engines = pytest.mark.parametrize("name", ["fused", "layers"])


def network_of(layers, name, **changes):
    """A network on pictures of 6x6 with 3 classes."""
    described = NetworkSpec("n", (1, 6, 6), layers, weight_init_std="he", **changes)
    return Network(described, seed=3, engine=name)


def trained(network, **changes):
    """A Trainer that has done two epochs of four updates."""
    given = {"epochs": 2, "mini_batch_size": 16, "optimizer_param": {"lr": 0.1}, "verbose": False, "seed": 5}
    trainer = Trainer(network, X, T, XT, TT, **{**given, **changes})
    trainer.train()
    return trainer


@everywhere
@pytest.mark.parametrize("samples", [1, 7])
def test_both_engines_drop_the_same(layers, samples):
    """Loss and gradients of a step agree to 1e-5, wherever dropout stands, in a batch of one too."""
    fused, plain = (network_of(layers, name) for name in ("fused", "layers"))
    batch = Batch(X, T, np.arange(20, 20 + samples), step=6, seed=11)
    assert fused.run(batch) == pytest.approx(plain.run(batch), rel=1e-5)
    for name, expected in plain.grads.items():
        largest = np.abs(expected).max()
        np.testing.assert_allclose(fused.grads[name], expected, rtol=0, atol=1e-5 * largest + 1e-9)
    np.testing.assert_allclose(fused.predict(X), plain.predict(X), rtol=0, atol=1e-5)


@everywhere
def test_the_gradient_is_the_numerical_one(layers):
    """Each pass of a step drops the same, so differences of the loss are its derivatives, to 1e-6."""
    network = network_of(layers, "layers", dtype="float64")
    found, expected = (f(X[:4], T[:4]) for f in (network.gradient, network.numerical_gradient))
    for name, value in expected.items():
        np.testing.assert_allclose(found[name], value, rtol=0, atol=1e-6)


@pytest.mark.parametrize("layers", [LAYERS["behind the pooling"], LAYERS["first"]], ids=["pooled", "first"])
def test_a_batch_in_pieces_drops_the_same(layers, monkeypatch):
    """However many pieces a batch goes through in, and on however many threads."""
    batch = Batch(X.astype(np.float32), T, np.random.default_rng(0).permutation(50), step=2, seed=1)
    results = []
    for cache, threads in ((10**9, 1), (1, 1), (1, 2)):
        monkeypatch.setattr(engine.plan, "CACHE", cache)
        network = network_of(layers, "layers")
        plan = engine.compile(network.layers, SoftmaxWithLoss(), (1, 6, 6), 50, threads)
        results.append((len(plan.pieces(50)), plan.run(batch), plan.gradients))
    (one, loss, whole), (several, in_pieces, parts), (_, on_two, again) = results
    assert (one, several) == (1, 3)
    assert (in_pieces, on_two) == (pytest.approx(loss, rel=1e-6), in_pieces)
    for each, part, same in zip(whole, parts, again, strict=True):
        for name, value in each.items():
            np.testing.assert_allclose(part[name], value, rtol=0, atol=1e-5 * np.abs(value).max())
            np.testing.assert_array_equal(same[name], part[name])


@both_engines
@pytest.mark.parametrize("augment", [None, {"shift": 1}])
def test_a_resumed_training_drops_what_it_would_have_dropped(name, augment):
    """From the middle of an epoch on, bit for bit."""
    layers = LAYERS["behind the pooling"]
    first = Trainer(network_of(layers, name), X, T, XT, TT, 2, 16, verbose=False, seed=5, augment=augment)
    for _ in range(3):
        first.train_step()
    state = first.state()
    first.train()
    second = Trainer(network_of(layers, name), X, T, XT, TT, 2, 16, verbose=False, seed=5, augment=augment)
    second.load_state(state)
    second.train()
    assert second.train_loss_list == first.train_loss_list
    vectors = [trainer.network.params.vector for trainer in (first, second)]
    np.testing.assert_array_equal(*vectors)


@both_engines
def test_each_step_drops_anew(name):
    """Where hardly anything is learned, losses of one and the same batch differ only by what is dropped."""
    whole, barely = {"mini_batch_size": 50}, {"optimizer_param": {"lr": 1e-12}}
    first, second = trained(
        network_of(LAYERS["between affine layers"], name), **whole, **barely
    ).train_loss_list
    assert first != pytest.approx(second, rel=1e-3)


def test_a_varied_picture_keeps_its_number():
    """With augmentation that varies nothing visible, dropout draws what it draws without."""
    plain, varied = (
        trained(network_of(LAYERS["first"], "layers"), augment=augment).train_loss_list
        for augment in (None, {"flip": 1e-9})
    )
    assert varied == pytest.approx(plain, rel=1e-6)


@both_engines
def test_whoever_looks_on_does_not_change_what_is_dropped(name):
    """A function laid over `loss_and_gradient` knows no step; it is passed by then."""
    layers = LAYERS["between affine layers"]
    plain, watched = (network_of(layers, name) for _ in range(2))
    watched.loss_and_gradient = lambda x, t, index: pytest.fail("it would drop the same at each step")
    assert trained(watched).train_loss_list == trained(plain).train_loss_list


@both_engines
def test_a_loop_of_ones_own_counts_the_steps(name):
    """`loss_and_gradient` drops the same at the same step, which is 0 where nothing is said."""
    network = network_of(LAYERS["between affine layers"], name)
    losses = [network.loss_and_gradient(X, T, step=step) for step in (0, 1, 0)]
    assert losses[0] == losses[2] != losses[1]
    assert network.loss_and_gradient(X, T) == losses[0]
    network.seed = 4
    assert network.loss_and_gradient(X, T) != losses[0]


class TestTheBooksProtocol:
    """A network under the book's protocol has the book's dropout, wherever it is copied to."""

    LAYERS = (Affine(20), Relu(), spec.Dropout(0.3), Affine(3))

    def test_it_is_the_books(self):
        """What a step computes, written down here with the book's own lines."""
        np.random.seed(0)
        network = network_of(self.LAYERS, "layers", dtype="float64", protocol="book")
        p, x = network.params, X[:5].astype(float)
        np.random.seed(9)
        loss = network.loss_and_gradient(x, T[:5])
        np.random.seed(9)
        hidden = np.maximum(x.reshape(5, -1) @ p["W1"] + p["b1"], 0)
        mask = np.random.rand(*hidden.shape) > 0.3
        scores = (hidden * mask) @ p["W2"] + p["b2"]
        y = np.exp(scores - scores.max(axis=1, keepdims=True))
        y /= y.sum(axis=1, keepdims=True)
        assert loss == pytest.approx(-np.mean(np.log(y[np.arange(5), T[:5]] + 1e-7)), abs=1e-12)
        dy = (y - np.eye(3)[T[:5]]) / 5
        np.testing.assert_allclose(network.grads["W2"], (hidden * mask).T @ dy, rtol=0, atol=1e-12)
        np.testing.assert_allclose(network.predict(x), hidden * 0.7 @ p["W2"] + p["b2"], rtol=0, atol=1e-12)

    def test_a_copy_has_it_too(self):
        """A pickle or a copy draws nothing from the global stream, and computes the same."""
        np.random.seed(0)
        network = network_of(self.LAYERS, "layers", dtype="float64", protocol="book")
        stood = np.random.get_state()[1].copy()
        made, arguments = network.__reduce__()
        copy = made(*arguments)
        np.testing.assert_array_equal(np.random.get_state()[1], stood)
        assert copy.layers["Dropout1"].variant == "book"
        np.testing.assert_array_equal(copy.predict(X), network.predict(X))

    def test_under_the_standard_protocol_it_is_inverted(self):
        """And for hand-built networks."""
        network = network_of(self.LAYERS, "layers")
        assert network.layers["Dropout1"].variant == "standard"
        assert Network.from_layers(network.layers, input_shape=(1, 6, 6)).spec.layers[2].ratio == 0.3


class ByHand(BooksMethods):
    """A network as a reader writes it, with our Dropout."""

    def __init__(self, layers):
        twin = network_of(layers, "layers")
        self.params, self.layers, self.last_layer = twin.params, list(twin.layers.values()), SoftmaxWithLoss()

    def predict(self, x, train=False):
        for layer in self.layers:
            x = layer.forward(x, True) if train and type(layer) is Dropout else layer.forward(x)
        return x

    def gradient(self, x, t):
        self.last_layer.forward(self.predict(x, True), t)
        dout = self.last_layer.backward()
        for layer in reversed(self.layers):
            dout = layer.backward(dout)
        return {f"{key}{n}": self.layers[at].grads[key] for n, at in ((1, 0), (2, 3)) for key in ("W", "b")}


def test_a_class_of_ones_own_is_trained_as_it_is_written():
    """It is said why, and what it drops is resumed with NumPy's global stream."""
    notes, layers = Notes(), LAYERS["between affine layers"]
    np.random.seed(0)
    first = Trainer(ByHand(layers), X, T, XT, TT, 2, 16, verbose=False, callbacks=[notes])
    first.train_step()
    state = first.state()
    first.train()
    reason = "its Dropout draws anew in each pass, so the engine's cannot be compared"
    assert notes.lines == [f"ByHand is trained as it is written: {reason}."]
    second = Trainer(ByHand(layers), X, T, XT, TT, 2, 16, verbose=False)
    second.load_state(state)
    second.train()
    assert second.train_loss_list == first.train_loss_list
