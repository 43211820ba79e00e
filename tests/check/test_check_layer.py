"""What `check_layer` asks of a layer besides its derivatives, and how it says it."""

import json

import numpy as np
import pytest

from cases import LAYER_CASES, inputs, parameters
from convlens.check import Names, Outcome, check_layer, check_loss
from convlens.errors import ShapeError, UsageError
from convlens.layers import Affine, BookSoftmaxWithLoss, Convolution, Relu, SoftmaxWithLoss, build
from convlens.words import LANGUAGES

RNG = np.random.default_rng(0)
X = RNG.random((3, 12))


def affine():
    """A layer of ours."""
    return Affine(RNG.normal(size=(12, 5)), np.zeros(5))


class Remembers(Affine):
    """Keeps the first input for ever."""

    def forward(self, x, train=False):
        first = self.x
        out = super().forward(x)
        self.x = self.x if first is None else first
        return out


class AddsUp(Affine):
    """Adds to the gradient of the call before."""

    def backward(self, dout):
        before = self.dW
        dx = super().backward(dout)
        self.dW = self.dW if before is None else self.dW + before
        return dx


class Counts:
    """Divides by how many samples it is given."""

    def forward(self, x):
        self.n = len(x)
        return x / self.n

    def backward(self, dout):
        return dout / self.n


class Centres:
    """Takes the first sample away from all."""

    def forward(self, x):
        return x - x[0]

    def backward(self, dout):
        dx = dout.copy()
        dx[0] -= dout.sum(axis=0)
        return dx


class InPlace(Relu):
    """Writes into what it was given."""

    def forward(self, x, train=False):
        x[x < 0] = 0
        return super().forward(x)


class Infinite:
    """Divides by nothing."""

    def forward(self, x):
        return x / 0

    def backward(self, dout):
        return dout


class Forgets(Affine):
    """Returns nothing."""

    def backward(self, dout):
        super().backward(dout)


class Stops:
    """Ends Python."""

    def forward(self, x):
        raise SystemExit(0)

    def backward(self, dout):
        return dout


W, B = RNG.normal(size=(12, 5)), np.zeros(5)


@pytest.mark.parametrize(
    ("layer", "check", "causes"),
    [
        (Remembers(W, B), "state", ("stale",)),
        (AddsUp(W, B), "state", ("added_up",)),
        (Counts(), "batch", ()),
        (Centres(), "batch", ()),
        (InPlace(), "in_place", ("input_changed",)),
        (Infinite(), "finite", ()),
        (Forgets(W, B), "shapes", ("returns_nothing",)),
        (Stops(), "raises", ()),
    ],
    ids=lambda one: type(one).__name__ if hasattr(one, "forward") else None,
)
def test_what_a_gradient_does_not_show(layer, check, causes):
    """State between calls, a batch's order and size, arrays changed in place, errors: each as what it is."""
    outcome = check_layer(layer, X)
    assert {one.check for one in outcome.findings} == {check}
    assert outcome.causes == causes
    assert check not in outcome.passed


@pytest.mark.parametrize("case", LAYER_CASES, ids=lambda case: case.name)
def test_our_own_layers_are_right(case):
    """Every layer of ours, in every geometry of the common battery, is let alone."""
    outcome = check_layer(build(case.layer, **parameters(case)), inputs(case))
    assert outcome.findings == ()


@pytest.mark.parametrize("loss", [SoftmaxWithLoss, BookSoftmaxWithLoss])
def test_our_own_losses_are_right(loss):
    """So is each of our losses, the book's with its small number, too."""
    assert check_loss(loss()).ok


class Renamed:
    """Other names for everything."""

    def __init__(self):
        self.m = RNG.normal(size=(12, 5))
        self.q = np.zeros((12, 5))

    def compute(self, x):
        self.seen = x
        return x @ self.m

    def back(self, dout):
        self.q = self.seen.T @ dout
        return dout @ self.m.T


def test_names_can_be_told():
    """A layer whose methods are called otherwise is checked by the names that are given."""
    names = Names(forward=("compute",), backward=("back",), gradients={"m": "q"})
    assert check_layer(Renamed(), X, names).ok
    with pytest.raises(UsageError, match="method for forward"):
        check_layer(Renamed(), X)


def test_the_layer_and_the_input_are_left_alone():
    """Nothing of what was given is changed, and chance goes on where it was."""
    layer, x = affine(), X.copy()
    before, state = layer.W.copy(), np.random.get_state()[1].copy()
    check_layer(layer, x)
    np.testing.assert_array_equal(layer.W, before)
    np.testing.assert_array_equal(x, X)
    np.testing.assert_array_equal(np.random.get_state()[1], state)
    assert layer.x is None


@pytest.mark.parametrize("x", [np.zeros((0, 3)), np.array(1.0), np.full((2, 3), np.nan)])
def test_an_input_is_a_batch_of_numbers(x):
    """Nothing, a number alone and NaN are refused."""
    with pytest.raises(ShapeError, match="a batch of finite numbers"):
        check_layer(affine(), x)


class Wrong(Convolution):
    """Three faults at once."""

    def backward(self, dout):
        dx = super().backward(dout)
        self.dW = -self.dW
        self.db = self.db[:, None]
        return dx / len(dout)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("hint", ["short", "full"])
def test_it_is_told_in_order(lang, hint):
    """Shapes come first; each finding has its line, its numbers, its cause and a hint, in every language."""
    outcome = check_layer(Wrong(RNG.normal(size=(4, 2, 3, 3)), np.zeros(4)), RNG.random((3, 2, 6, 5)))
    assert [(one.check, one.target, one.causes) for one in outcome.findings] == [
        ("shapes", "b", ("shape",)),
        ("gradient", "x", ("batch",)),
        ("gradient", "W", ("sign",)),
    ]
    told = outcome.text(lang, hint)
    assert [line[:2] for line in told.splitlines() if line[:1].isdigit()] == ["1.", "2.", "3."]
    assert "0.3333" in told
    again = Outcome.from_dict(json.loads(json.dumps(outcome.to_dict())))
    assert again == outcome
    assert again.text(lang, hint) == told
    assert not outcome.ok


def test_a_hint_gives_nothing_away():
    """What to write stands only where it is asked for."""
    outcome = check_layer(Wrong(RNG.normal(size=(4, 2, 3, 3)), np.zeros(4)), RNG.random((3, 2, 6, 5)))
    assert "Multiply the result by -1." not in outcome.text()
    assert "Multiply the result by -1." in outcome.text(hint="full")
