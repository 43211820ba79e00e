"""Networks and optimizers that somebody wrote: what is right is let alone, what is wrong is named."""

import numpy as np
import pytest

from convlens.check import check_network, check_optimizer
from convlens.errors import ShapeError, UsageError
from convlens.layers import Affine, Convolution, Pooling, Relu, SoftmaxWithLoss
from convlens.training.optimizers import OPTIMIZERS

RNG = np.random.default_rng(0)
X, T = RNG.random((4, 1, 8, 8)), np.array([0, 2, 1, 0])


class Net:
    """After the book: a dict of layers over a dict of arrays."""

    def __init__(self):
        rng = np.random.default_rng(1)
        shapes = {"W1": (4, 1, 3, 3), "b1": (4,), "W2": (36, 36), "b2": (36,), "W3": (36, 3), "b3": (3,)}
        self.params = {name: rng.normal(0, 0.3, shape) for name, shape in shapes.items()}
        self.layers = {
            "Conv1": Convolution(self.params["W1"], self.params["b1"]),
            "Relu1": Relu(),
            "Pool1": Pooling(2, 2),
            "Affine1": Affine(self.params["W2"], self.params["b2"]),
            "Affine2": Affine(self.params["W3"], self.params["b3"]),
        }
        self.last_layer = SoftmaxWithLoss()

    def predict(self, x):
        for layer in self.layers.values():
            x = layer.forward(x)
        return x

    def loss(self, x, t):
        return self.last_layer.forward(self.predict(x), t)

    def gradient(self, x, t):
        self.loss(x, t)
        dout = self.last_layer.backward()
        for layer in reversed(self.layers.values()):
            dout = layer.backward(dout)
        parts = (("1", "Conv1"), ("2", "Affine1"), ("3", "Affine2"))
        return {key + n: getattr(self.layers[name], f"d{key}") for n, name in parts for key in "Wb"}


class Backwards(Relu):
    """Lets the wrong half through."""

    def backward(self, dout):
        return dout - super().backward(dout)


class WrongLayer(Net):
    """One layer is wrong: it alone is to be named."""

    def __init__(self):
        super().__init__()
        self.layers["Relu1"] = Backwards()


class WrongSign(Net):
    """One gradient has the wrong sign."""

    def gradient(self, x, t):
        return {**super().gradient(x, t), "W3": -self.layers["Affine2"].dW}


class Mixed(Net):
    """A bias is given another's gradient."""

    def gradient(self, x, t):
        grads = super().gradient(x, t)
        return {**grads, "b1": grads["b2"][:4], "b2": np.repeat(grads["b3"], 12)}


class WithRate(Net):
    """The learning rate is in the gradient."""

    lr = 0.25

    def __init__(self):
        super().__init__()
        self.lr = 0.25

    def gradient(self, x, t):
        return {key: self.lr * one for key, one in super().gradient(x, t).items()}


class Decayed(Net):
    """A penalty in the gradient alone."""

    def gradient(self, x, t):
        grads = super().gradient(x, t)
        return {**grads, "W3": grads["W3"] + 0.1 * self.params["W3"]}


class Copies(Net):
    """Its params are not the layers' arrays."""

    def __init__(self):
        super().__init__()
        self.params = {name: one.copy() for name, one in self.params.items()}


class Steps(Net):
    """Updates while it differentiates."""

    def gradient(self, x, t):
        grads = super().gradient(x, t)
        self.params["W3"] -= 0.1 * grads["W3"]
        return grads


class Forgets(Net):
    """One parameter is left out."""

    def gradient(self, x, t):
        return {key: one for key, one in super().gradient(x, t).items() if key != "b2"}


def test_a_right_network_is_let_alone():
    """Layers, loss, every gradient, and what a call leaves behind."""
    network = Net()
    before = {name: one.copy() for name, one in network.params.items()}
    assert check_network(network, X, T).findings == ()
    for name, one in network.params.items():
        np.testing.assert_array_equal(one, before[name])


@pytest.mark.parametrize(
    ("kind", "check", "target", "causes"),
    [
        (WrongLayer, "gradient", "x", ("mask_inverted",)),
        (WrongSign, "gradient", "W3", ("sign",)),
        (Mixed, "gradient", "b1", ()),
        (WithRate, "gradient", "W1", ("rate",)),
        (Decayed, "gradient", "W3", ("penalty",)),
        (Copies, "unused", "W1", ()),
        (Steps, "in_place", "W3", ("updates_itself",)),
        (Forgets, "unlearned", "b2", ("no_gradient",)),
    ],
)
def test_what_is_wrong_with_a_network_is_named(kind, check, target, causes):
    """The layer that is wrong is told alone; else the parameter, and the cause where it is known."""
    outcome = check_network(kind(), X, T)
    first = outcome.findings[0]
    assert (first.check, first.target, first.causes) == (check, target, causes)
    assert outcome.text().startswith(f"{kind.__name__}: ")
    if kind is WrongLayer:
        assert len(outcome.findings) == 1
        assert "Relu1" in outcome.text()


def test_what_is_no_network_is_refused():
    """Something else, or labels that do not fit."""
    with pytest.raises(UsageError, match="have `loss` and `gradient`"):
        check_network(object(), X, T)
    with pytest.raises(ShapeError, match="as many"):
        check_network(Net(), X, T[:2])


ADAM = "m[:] = 0.9 * m + 0.1 * g; v[:] = 0.999 * v + 0.001 * g * g; "
RULES = {
    "SGD": "p -= self.lr * g",
    "Momentum": "v[:] = 0.9 * v - self.lr * g; p += v",
    "Nesterov": "p += 0.81 * v - 1.9 * self.lr * g; v[:] = 0.9 * v - self.lr * g",
    "AdaGrad": "v += g * g; p -= self.lr * g / (np.sqrt(v) + 1e-7)",
    "RMSprop": "v[:] = 0.99 * v + 0.01 * g * g; p -= self.lr * g / np.sqrt(v + 1e-8)",
    "Adam": ADAM + "p -= self.lr * (m / (1 - 0.9**self.t)) / (np.sqrt(v / (1 - 0.999**self.t)) + 1e-8)",
}  # fmt: skip


def written(kind, rule):
    """An optimizer of one's own, by its rule for one parameter."""

    class Written:
        def __init__(self, lr=0.05):
            self.lr, self.t, self.m, self.v = lr, 0, {}, {}

        def update(self, params, grads):
            self.t += 1
            for key in params:
                memory = [one.setdefault(key, np.zeros_like(params[key])) for one in (self.m, self.v)]
                names = {"p": params[key], "g": grads[key], "m": memory[0], "v": memory[1], "np": np}
                exec(rule, {**names, "self": self, "params": params, "key": key})  # noqa: S102

    Written.__name__ = kind
    return Written()


@pytest.mark.parametrize("kind", RULES)
def test_right_optimizers_are_let_alone(kind):
    """Ours, and those of one's own, wherever the small number stands."""
    assert check_optimizer(written(kind, RULES[kind])).findings == ()
    assert check_optimizer(OPTIMIZERS[kind.lower()]()).findings == ()


@pytest.mark.parametrize(
    ("kind", "rule", "causes"),
    [
        ("SGD", "p += self.lr * g", ("sign",)),
        ("SGD", "p[:] = -self.lr * g", ("replaced",)),
        ("SGD", "p -= g", ("rate_forgotten",)),
        ("SGD", "g *= self.lr; p -= g", ("input_changed",)),
        ("Momentum", "v[:] = 0.9 * v - self.lr * g; p -= v", ("sign",)),
        ("Momentum", "v[:] = -self.lr * g; p += v", ("memory_lost",)),
        ("AdaGrad", "v[:] = g * g; p -= self.lr * g / (np.sqrt(v) + 1e-7)", ("memory_lost",)),
        ("AdaGrad", "v += g * g; p -= self.lr * g / (v + 1e-7)", ("root_forgotten",)),
        ("AdaGrad", "v += g * g; p -= self.lr * g / np.sqrt(v)", ("epsilon",)),
        ("RMSprop", "v[:] = 0.99 * v + g * g; p -= self.lr * g / (np.sqrt(v) + 1e-7)", ("decay",)),
        ("Adam", ADAM + "p -= self.lr * m / (np.sqrt(v) + 1e-8)", ("uncorrected",)),
        ("Adam", "p -= 0.3 * self.lr * g", ()),
        ("SGD", "p -= self.lr * grads", ()),
    ],
)  # fmt: skip
def test_what_is_wrong_with_an_optimizer_is_named(kind, rule, causes):
    """Sign, rate, memory, root, share, start, and arrays that are not those of the layers."""
    outcome = check_optimizer(written(kind, rule))
    assert not outcome.ok
    assert outcome.causes == causes
    assert outcome.text().startswith(f"{kind}: one thing is wrong.")


def test_new_arrays_are_a_remark():
    """An optimizer that puts new arrays into the dict is right, and so is what it does: it is only told."""
    outcome = check_optimizer(written("SGD", "params[key] = p - self.lr * g"))
    assert outcome.ok
    assert outcome.notes == ("new_arrays",)
    assert "new arrays" in outcome.text()


def test_an_unknown_optimizer_is_only_looked_at():
    """A rule of one's own is not held against another one."""
    outcome = check_optimizer(written("Mine", "p -= 0.3 * self.lr * g"))
    assert outcome.ok
    assert outcome.notes == ("unknown_rule",)
    with pytest.raises(UsageError, match="update"):
        check_optimizer(object())
