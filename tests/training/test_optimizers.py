"""Optimizers: their formulas, in place; what they take, and what they refuse."""

import copy
import math
from fractions import Fraction

import numpy as np
import pytest

from convlens.errors import ConvlensError, UsageError
from convlens.training import OPTIMIZERS, SGD, Adam, make_optimizer

every = pytest.mark.parametrize("name", list(OPTIMIZERS))
EPS = 1e-7


class Plain:
    """The book's rules for one number at a time, written anew: the independent second source."""

    def __init__(self, name, lr):
        self.name, self.lr, self.t = name, lr, 0
        self.a = self.b = 0.0

    def step(self, p, g):
        self.t += 1
        return getattr(self, self.name)(p, g)

    def sgd(self, p, g):
        return p - self.lr * g

    def momentum(self, p, g):
        self.a = 0.9 * self.a - self.lr * g
        return p + self.a

    def nesterov(self, p, g):
        moved = p + 0.81 * self.a - 1.9 * self.lr * g
        self.a = 0.9 * self.a - self.lr * g
        return moved

    def adagrad(self, p, g):
        self.a += g * g
        return p - self.lr * g / (math.sqrt(self.a) + EPS)

    def rmsprop(self, p, g):
        self.a = 0.99 * self.a + 0.01 * g * g
        return p - self.lr * g / (math.sqrt(self.a) + EPS)

    def adam(self, p, g):
        self.a = 0.9 * self.a + 0.1 * g
        self.b = 0.999 * self.b + 0.001 * g * g
        lr_t = self.lr * math.sqrt(1 - 0.999**self.t) / (1 - 0.9**self.t)
        return p - lr_t * self.a / (math.sqrt(self.b) + EPS)

    def adamw(self, p, g):
        p *= 1 - self.lr * 0.01
        self.a = 0.9 * self.a + 0.1 * g
        self.b = 0.999 * self.b + 0.001 * g * g
        m, v = self.a / (1 - 0.9**self.t), self.b / (1 - 0.999**self.t)
        return p - self.lr * m / (math.sqrt(v) + 1e-8)


def gradients(n_steps=6, shape=(3, 2)):
    """Gradients of several steps, of very different sizes."""
    rng = np.random.default_rng(0)
    return [{"W": rng.normal(size=shape) * 10.0 ** rng.integers(-8, 2, shape)} for _ in range(n_steps)]


@every
@pytest.mark.parametrize("lr", [0.01, 0.3])
def test_formula(name, lr):
    """Every element follows its rule, one number at a time, over several steps."""
    params = {"W": np.random.default_rng(1).normal(size=(3, 2))}
    numbers = params["W"].tolist()
    plain = [[Plain(name, lr) for _ in row] for row in numbers]
    optimizer = make_optimizer(name, {"lr": lr})
    for grads in gradients():
        optimizer.update(params, grads)
        for i, j in np.ndindex(3, 2):
            numbers[i][j] = plain[i][j].step(numbers[i][j], float(grads["W"][i, j]))
        np.testing.assert_allclose(params["W"], numbers, rtol=1e-13)


@every
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_in_place(name, dtype):
    """The very array that a layer holds is changed, its dtype kept, and the gradients are not touched."""
    array = np.ones((3, 2), dtype)
    params, optimizer = {"W": array}, make_optimizer(name)
    for grads in gradients():
        grads = {"W": grads["W"].astype(dtype)}  # noqa: PLW2901
        kept = grads["W"].copy()
        optimizer.update(params, grads)
        np.testing.assert_array_equal(grads["W"], kept)
    assert params["W"] is array
    assert array.dtype == dtype
    assert not np.any(array == 1)


@every
def test_python_numbers(name):
    """Floats and ints in the dict are replaced there, as chapter 6's comparison of optimizers needs it."""
    params, optimizer = {"x": -7.0, "y": 2}, make_optimizer(name, {"lr": 0.1})
    arrays, twin = {"x": np.array([-7.0]), "y": np.array([2.0])}, make_optimizer(name, {"lr": 0.1})
    for _ in range(4):
        optimizer.update(params, {"x": params["x"] / 10, "y": 2 * params["y"]})
        twin.update(arrays, {"x": arrays["x"] / 10, "y": 2 * arrays["y"]})
    assert (params["x"], params["y"]) == (arrays["x"][0], arrays["y"][0])
    assert isinstance(params["x"], float)


@every
def test_int_arrays_are_refused(name):
    """Whole-number arrays cannot hold a step: the message says how to make them floats."""
    params = {"W": np.array([1, 2])}
    with pytest.raises(UsageError, match=r"parameter `W` must hold floats. Got int64: use W.astype\(float\)"):
        make_optimizer(name).update(params, {"W": np.ones(2)})
    assert params["W"].tolist() == [1, 2]


@every
def test_missing_and_extra_gradients(name):
    """A parameter without a gradient is named; gradients without a parameter are ignored."""
    with pytest.raises(UsageError, match=r"there is no gradient for `b`. There are: W"):
        make_optimizer(name).update({"W": np.ones(2), "b": np.ones(2)}, {"W": np.ones(2)})
    params = {"W": np.ones(2)}
    make_optimizer(name).update(params, {"W": np.ones(2), "other": np.ones(3)})
    assert list(params) == ["W"]
    assert not np.any(params["W"] == 1)


def test_one_optimizer_for_two_networks():
    """One SGD may serve two networks, as chapter 6's comparison of batch normalisation does."""
    first, second, optimizer = {"W": np.ones(2)}, {"W": np.ones((3, 3)), "b": np.ones(1)}, SGD(0.5)
    for _ in range(2):
        optimizer.update(first, {"W": np.full(2, 1.0)})
        optimizer.update(second, {"W": np.full((3, 3), 2.0), "b": np.zeros(1)})
    assert np.all(first["W"] == 0)
    assert np.all(second["W"] == -1)


@every
def test_state_round_trip(name):
    """What `state` gives makes another optimizer go on as the first one, and neither disturbs the other."""
    steps = gradients(8)
    params, first = {"W": np.ones((3, 2))}, make_optimizer(name)
    for grads in steps[:4]:
        first.update(params, grads)
    saved, other = first.state(), copy.deepcopy(params)
    kept = copy.deepcopy(saved)
    second = make_optimizer(name)
    second.load_state(saved)
    for grads in steps[4:]:
        first.update(params, grads)
        second.update(other, grads)
    np.testing.assert_array_equal(params["W"], other["W"])
    assert first.iter == second.iter == 8
    assert list(saved) == list(kept)
    for key, value in saved.items():
        np.testing.assert_array_equal(value, kept[key])


@every
def test_state_of_a_fresh_optimizer(name):
    """Before any step there is nothing to remember but that."""
    optimizer, twin = make_optimizer(name), make_optimizer(name)
    twin.load_state(optimizer.state())
    assert twin.iter == 0
    one, two = {"W": np.ones((3, 2))}, {"W": np.ones((3, 2))}
    grads = gradients(1)[0]
    optimizer.update(one, grads)
    twin.update(two, grads)
    np.testing.assert_array_equal(one["W"], two["W"])


def test_state_matters():
    """Without the state the next step is another one: the round trip is no accident."""
    params, first = {"W": np.ones((3, 2))}, Adam()
    first.update(params, gradients()[0])
    other = copy.deepcopy(params)
    first.update(params, gradients()[1])
    Adam().update(other, gradients()[1])
    assert not np.array_equal(params["W"], other["W"])


def test_the_learning_rate_may_be_changed():
    """`lr` counts from the next update on."""
    params, optimizer = {"W": np.zeros(1)}, SGD(0.5)
    optimizer.update(params, {"W": np.ones(1)})
    optimizer.lr = 2.0
    optimizer.update(params, {"W": np.ones(1)})
    assert params["W"][0] == -2.5


@pytest.mark.parametrize(
    "name", ["SGD", "Momentum", "Nesterov", "AdaGrad", "RMSprop", "Adam", "ADAM", "adamw", "AdamW"]
)
def test_names_in_any_case(name):
    """Each optimizer is known by its class's name, in any case of letters."""
    assert type(make_optimizer(name)).__name__.lower() == name.lower()


def test_the_korean_editions_name():
    """'rmsprpo', the Korean edition's key, is RMSprop."""
    assert type(make_optimizer("rmsprpo")) is OPTIMIZERS["rmsprop"]


def test_the_books_defaults_and_attributes():
    """Constructors have the book's defaults; memory is under the book's names."""
    assert repr(make_optimizer("sgd")) == "SGD(lr=0.01)"
    assert repr(make_optimizer("momentum")) == "Momentum(lr=0.01, momentum=0.9)"
    assert repr(make_optimizer("nesterov")) == "Nesterov(lr=0.01, momentum=0.9)"
    assert repr(make_optimizer("adagrad")) == "AdaGrad(lr=0.01)"
    assert repr(make_optimizer("rmsprop")) == "RMSprop(lr=0.01, decay_rate=0.99)"
    assert repr(make_optimizer("adam")) == "Adam(lr=0.001, beta1=0.9, beta2=0.999)"
    assert repr(make_optimizer("adamw")) == "AdamW(lr=0.001, beta1=0.9, beta2=0.999)"
    decaying = make_optimizer("sgd", {"weight_decay": 0.1})
    assert repr(decaying) == "SGD(lr=0.01, weight_decay=0.1)"
    adam = make_optimizer("adam")
    assert (adam.iter, adam.m, adam.v) == (0, None, None)
    adam.update({"W": np.ones(2)}, {"W": np.ones(2)})
    assert (adam.iter, list(adam.m), list(adam.v)) == (1, ["W"], ["W"])


@pytest.mark.parametrize(
    ("name", "param", "words"),
    [
        ("adamax", {}, r"no optimizer 'adamax'. There are: sgd, .*, adam, adamw. Did you mean adam"),
        (None, {}, r"no optimizer None. There are: sgd"),
        ("sgd", {"momentum": 0.9}, r"SGD takes lr, weight_decay. Got momentum"),
        ("adam", {"beta": 0.9}, r"Adam takes lr, beta1, beta2, weight_decay. Got beta"),
        ("sgd", {"lr": 0}, r"`lr` of SGD must be above 0 and finite. Got 0"),
        ("adam", {"lr": -1.0}, r"`lr` of Adam must be above 0 and finite. Got -1.0"),
        ("adam", {"lr": math.nan}, r"`lr` of Adam must be above 0 and finite. Got nan"),
        ("adam", {"lr": math.inf}, r"Got inf"),
        ("sgd", {"lr": "a"}, r"`lr` of SGD must be above 0 and finite. Got 'a'"),
        ("momentum", {"momentum": None}, r"`momentum` of Momentum must be at least 0 and below 1. Got None"),
        ("momentum", {"momentum": 1.0}, r"`momentum` of Momentum must be at least 0 and below 1. Got 1.0"),
        ("rmsprop", {"decay_rate": -0.1}, r"`decay_rate` of RMSprop must be at least 0 and below 1"),
        ("adamw", {"beta1": 1}, r"`beta1` of AdamW must be at least 0 and below 1. Got 1"),
        ("adamw", {"weight_decay": -0.1}, r"`weight_decay` of AdamW must be 0 or more and finite. Got -0.1"),
        ("sgd", {"weight_decay": math.inf}, r"`weight_decay` of SGD must be 0 or more and finite. Got inf"),
        ("rmsprop", {"weight_decay": "a"}, r"`weight_decay` of RMSprop must be 0 or more .* Got 'a'"),
        ("adam", {"weight_decay": 10**400}, r"`weight_decay` of Adam must be 0 or more .* Got a whole"),
        ("adam", {"beta2": 1}, r"`beta2` of Adam must be at least 0 and below 1. Got 1"),
        ("adam", {"lr": 10**400}, r"`lr` of Adam must be above 0 and finite. Got a whole number of some 401"),
        ("sgd", {"lr": Fraction(10**400)}, r"`lr` of SGD must be above 0 and finite."),
        ("adagrad", {"lr": Fraction(1, 10**400)}, r"`lr` of AdaGrad must be above 0 and finite."),
        ("momentum", {"momentum": -(10**400)}, r"`momentum` of Momentum must be at least 0 and below 1."),
    ],
)
def test_wrong_arguments(name, param, words):
    """Unknown names list what there is; values out of range name argument, owner and rule."""
    with pytest.raises(UsageError, match=words) as raised:
        make_optimizer(name, param)
    assert "\n" not in str(raised.value)


@every
def test_a_missing_gradient_is_a_key_error_too(name):
    """Code that catches a dict's own error catches this one; the message is read without quotes."""
    with pytest.raises(KeyError) as raised:
        make_optimizer(name).update({"W": np.ones(2)}, {})
    assert isinstance(raised.value, UsageError)
    assert str(raised.value) == "there is no gradient for `W`. There are: none."


@every
@pytest.mark.parametrize(
    ("gradient", "words"),
    [
        (np.ones(1), r"the gradient for `W` must be \(2,\), as the parameter is. Got \(1,\)"),
        (np.ones((1, 2)), r"Got \(1, 2\)"),
        (1.0, r"Got \(\)"),
        (None, r"the gradient for `W` must be numbers. Got NoneType"),
        (np.array(["a", "b"]), r"the gradient for `W` must be numbers. Got ndarray"),
    ],
)
def test_gradients_that_do_not_fit(name, gradient, words):
    """A gradient that would be broadcast, or is none, is named; the parameter stays."""
    params = {"W": np.ones(2)}
    with pytest.raises(UsageError, match=words):
        make_optimizer(name).update(params, {"W": gradient})
    assert params["W"].tolist() == [1, 1]


@every
@pytest.mark.parametrize(
    "wrong", [{}, {"b": np.ones(3)}, {"b": "text"}], ids=["no gradient", "another shape", "no numbers"]
)
def test_a_refused_update_changes_nothing(name, wrong):
    """Neither the parameters before the one that is wrong, nor how many updates there were."""
    params = {"W": np.ones(2), "b": np.ones(2)}
    refuses, twin = make_optimizer(name, {"lr": 0.1}), make_optimizer(name, {"lr": 0.1})
    with pytest.raises(ConvlensError):
        refuses.update(params, {"W": np.ones(2), **wrong})
    assert refuses.iter == 0
    assert set(params["W"]) == {1}
    others = {"W": np.ones(2), "b": np.ones(2)}
    for optimizer, some in ((refuses, params), (twin, others)):
        optimizer.update(some, {"W": np.ones(2), "b": np.ones(2)})
    assert params["W"].tobytes() == others["W"].tobytes()
