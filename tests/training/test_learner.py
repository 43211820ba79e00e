"""Networks that a reader wrote: what the Trainer asks of them, and what it leaves alone."""

import copy

import numpy as np
import pytest

from convlens import Trainer
from convlens.errors import DivergedError, UsageError
from convlens.layers import Affine, Relu, SoftmaxWithLoss

RNG = np.random.default_rng(0)
X, T = RNG.random((30, 1, 4, 4)), RNG.integers(0, 3, 30)


class Plain:
    """A network of the book's kind: a plain class with layers, built on float64 arrays."""

    def __init__(self):
        rng = np.random.default_rng(1)
        self.params = {"W1": rng.normal(0, 0.1, (16, 5)), "b1": np.zeros(5)}
        self.params |= {"W2": rng.normal(0, 0.1, (5, 3)), "b2": np.zeros(3)}
        first, last = (Affine(self.params[f"W{i}"], self.params[f"b{i}"]) for i in (1, 2))
        self.layers = {"Affine1": first, "Relu1": Relu(), "Affine2": last}
        self.last_layer = SoftmaxWithLoss()
        self.loss_calls = self.gradient_calls = 0

    def predict(self, x):
        for layer in self.layers.values():
            x = layer.forward(x)
        return x

    def loss(self, x, t):
        self.loss_calls += 1
        return self.last_layer.forward(self.predict(x), t)

    def accuracy(self, x, t):
        return np.mean(self.predict(x).argmax(axis=1) == t)

    def gradient(self, x, t):
        self.gradient_calls += 1
        self.loss(x, t)
        return self.backward()

    def backward(self):
        dout = self.last_layer.backward()
        for layer in reversed(self.layers.values()):
            dout = layer.backward(dout)
        first, last = self.layers["Affine1"], self.layers["Affine2"]
        return {"W1": first.dW, "b1": first.db, "W2": last.dW, "b2": last.db}


class LossElsewhere(Plain):
    """Its gradient does not call its `loss`."""

    def gradient(self, x, t):
        self.gradient_calls += 1
        self.last_layer.forward(self.predict(x), t)
        return self.backward()


class Slotted:
    """A network without a __dict__ over which anything could be laid."""

    __slots__ = ("_inner", "params")

    def __init__(self):
        self._inner = Plain()
        self.params = self._inner.params

    def loss(self, x, t):
        return self._inner.loss(x, t)

    def accuracy(self, x, t):
        return self._inner.accuracy(x, t)

    def gradient(self, x, t):
        self.loss(x, t)
        return self._inner.gradient(x, t)


class OwnLoss(Plain):
    """A network whose `loss` is an attribute of the object itself."""

    def __init__(self):
        super().__init__()
        self.loss = lambda x, t: Plain.loss(self, x, t)


def trained(network, **changes):
    """The Trainer, when two epochs of three updates are done."""
    arguments = {"epochs": 2, "mini_batch_size": 10, "optimizer_param": {"lr": 0.5}, "verbose": False}
    trainer = Trainer(network, X, T, X, T, **{"engine": "layers", **arguments, **changes})
    trainer.train()
    return trainer


def losses_by_hand():
    """The six losses of the same training, written as a loop."""
    from convlens.data import batch_index

    network, losses = Plain(), []
    for step in range(6):
        index = batch_index(0, step, 30, 10)
        grads = network.gradient(X[index], T[index])
        losses.append(network.last_layer.loss)
        for name, value in network.params.items():
            value -= 0.5 * grads[name]  # noqa: PLW2901
    return losses


@pytest.mark.parametrize("cls", [Plain, LossElsewhere, Slotted, OwnLoss])
def test_a_plain_class_trains(cls):
    """Whatever the class does inside, the losses recorded are those before each update."""
    trainer = trained(cls())
    np.testing.assert_allclose(trainer.train_loss_list, losses_by_hand(), rtol=1e-12)
    assert len(trainer.train_acc_list) == 2
    assert trainer.final_test_acc == trainer.network.accuracy(X, T)


def test_the_loss_is_not_asked_twice():
    """A gradient that calls `loss` is overheard: one call an update, and nothing is left on the object."""
    network = Plain()
    attributes = set(vars(network))
    trained(network)
    assert (network.gradient_calls, network.loss_calls) == (6, 6)
    assert set(vars(network)) == attributes
    assert network.loss.__func__ is Plain.loss


def test_the_loss_is_asked_once_where_it_cannot_be_heard():
    """A gradient that does not call `loss` costs one more call an update."""
    network = LossElsewhere()
    trained(network)
    assert network.loss_calls == 6


def test_the_books_protocol_asks_for_a_second_loss():
    """Under the book's protocol there is the loss after the update, too."""
    network = Plain()
    np.random.seed(0)
    trained(network, protocol="book")
    assert (network.gradient_calls, network.loss_calls) == (6, 12)


def test_an_error_inside_leaves_the_object_as_it_was():
    """If `gradient` raises, the error comes through and the object keeps its own `loss`."""
    network = Plain()
    network.gradient = lambda *_: 1 / 0
    with pytest.raises(ZeroDivisionError):
        trained(network)
    assert "loss" not in vars(network)


def test_rebound_gradients():
    """Gradients in new arrays, with further names, are read by name at each step."""
    network = Plain()
    own = network.gradient
    network.gradient = lambda x, t: {"extra": 1, **copy.deepcopy(own(x, t))}
    np.testing.assert_allclose(trained(network).train_loss_list, losses_by_hand(), rtol=1e-12)


@pytest.mark.parametrize("missing", ["params", "gradient", "loss", "accuracy"])
def test_what_a_class_lacks(missing):
    """The class and the first thing that it lacks are named, and all four that are needed."""
    members = {"params": {}, "gradient": None, "loss": None, "accuracy": None}
    del members[missing]
    with pytest.raises(UsageError) as raised:
        Trainer(type("LeNet", (), members)(), X, T, X, T)
    assert str(raised.value) == f"`LeNet` has no `{missing}`; Trainer needs params, gradient, loss, accuracy."


def test_the_issues_sentence():
    """A LeNet without `loss` gets the sentence that the issue promises, word for word."""

    class LeNet:
        params: dict = {}  # noqa: RUF012

        def gradient(self, x, t):
            """Return nothing."""

        def accuracy(self, x, t):
            """Return nothing."""

    with pytest.raises(UsageError) as raised:
        Trainer(LeNet(), X, T, X, T)
    assert str(raised.value) == "`LeNet` has no `loss`; Trainer needs params, gradient, loss, accuracy."


def test_a_missing_gradient_is_named():
    """A parameter for which `gradient` returns nothing is named."""
    network = Plain()
    own = network.gradient
    network.gradient = lambda x, t: {name: grad for name, grad in own(x, t).items() if name != "b2"}
    with pytest.raises(UsageError, match=r"there is no gradient for `b2`. There are: W1, b1, W2"):
        trained(network)


@pytest.mark.parametrize("as_list", [False, True])
def test_divergence_names_the_layer(as_list):
    """The layers of a plain class are looked through too, by name or by number."""
    network = Plain()
    network.params["W2"][0, 0] = np.nan
    trainer = Trainer(network, X, T, X, T, 1, 10, "SGD", {"lr": 0.1}, verbose=False, engine="layers")
    if as_list:
        network.layers = network.layers
        network.predict = lambda x, layers=network.layers: [
            x := layer.forward(x) for layer in layers.values()
        ][-1]
        network.gradient = lambda x, t: network.loss(x, t) and {}
        network.layers = list(network.layers.values())
    with pytest.raises(DivergedError, match=rf"in `W` of layer {2 if as_list else 'Affine2'}; a smaller"):
        trainer.train()


def test_divergence_of_a_class_that_cannot_be_looked_through():
    """Layers that are no chain do not hide the divergence behind an error of their own."""
    network = Plain()
    network.params["W2"][0, 0] = np.nan
    trainer = Trainer(network, X, T, X, T, 1, 10, "SGD", {"lr": 0.1}, verbose=False, engine="layers")
    chain = network.layers
    network.predict = lambda x: chain["Affine2"].forward(chain["Affine1"].forward(x))
    network.gradient = lambda x, t: network.loss(x, t) and {}
    network.layers = {"other": object()}
    with pytest.raises(DivergedError, match=r"at step 1 .* layers do not say which of them it comes from"):
        trainer.train()


@pytest.mark.parametrize("engine", ["layers", None])
@pytest.mark.parametrize(
    ("method", "returns", "words"),
    [
        (
            "gradient",
            None,
            "`gradient` of `Plain` must return a dict of arrays. Got None: is `return grads` missing?",
        ),
        (
            "gradient",
            (np.ones(2), np.ones(3)),
            "`gradient` of `Plain` must return a dict of arrays. Got tuple.",
        ),
        ("loss", None, "`loss` of `Plain` must return a number. Got None: is `return loss` missing?"),
        ("loss", np.ones(1), "`loss` of `Plain` must return a number. Got an array of shape (1,)."),
        ("loss", "low", "`loss` of `Plain` must return a number. Got str."),
        (
            "accuracy",
            None,
            "`accuracy` of `Plain` must return a number. Got None: is `return accuracy` missing?",
        ),
        ("accuracy", np.ones(2), "`accuracy` of `Plain` must return a number. Got an array of shape (2,)."),
    ],
)
def test_what_a_method_returns(method, returns, words, engine):
    """The commonest slips are answered with the method, its class and what it should return."""
    network = Plain()
    own = getattr(network, method)

    class Slips(Plain):
        """Calls its own method and returns something else."""

    Slips.__name__ = "Plain"
    setattr(Slips, method, lambda _, x, t: (own(x, t), returns)[1])
    network.__class__ = Slips
    with pytest.raises(UsageError) as raised:
        trained(network, engine=engine)
    assert str(raised.value) == words


@pytest.mark.parametrize("engine", ["layers", None])
@pytest.mark.parametrize("wrong", [np.zeros((5, 1)), np.zeros(1), np.zeros((1, 5)), np.zeros(4), None])
def test_a_gradient_of_another_shape(wrong, engine):
    """A gradient that is not as its parameter is, is named, whether or not it could be broadcast."""
    network = Plain()
    own = network.gradient
    network.gradient = lambda x, t: {**own(x, t), "b1": wrong}
    with pytest.raises(UsageError, match=r"the gradient for `b1` must be (\(5,\), as|numbers. Got NoneType)"):
        trained(network, engine=engine)


def test_params_that_are_copies():
    """`params` made anew at each call would swallow every update: refused before training. Views are fine."""

    class Copies(Plain):
        shown = staticmethod(np.copy)

        @property
        def params(self):
            """A new dict at each call."""
            return {name: self.shown(value) for name, value in self.kept.items()}

        @params.setter
        def params(self, params):
            self.kept = params

    class Views(Copies):
        shown = staticmethod(np.ndarray.view)

    words = r"`params` of `Copies` must be the arrays that its layers hold. Got a copy of `W1`"
    with pytest.raises(UsageError, match=words):
        trained(Copies())
    np.testing.assert_allclose(trained(Views()).train_loss_list, losses_by_hand(), rtol=1e-12)


def test_params_that_are_no_dict():
    """A list of arrays has no names."""
    network = Plain()
    network.params = list(network.params.values())
    with pytest.raises(UsageError, match=r"`params` of `Plain` must be a dict of arrays. Got list"):
        trained(network)
