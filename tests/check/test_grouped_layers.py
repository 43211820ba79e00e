"""`check_layer` of convolutions whose filters see less than all that lies in their window."""

import numpy as np
import pytest

from convlens.check import check_layer
from convlens.layers import Convolution

RNG = np.random.default_rng(0)
CASES = [
    pytest.param((4, 4, 4), {}, id="depthwise"),
    pytest.param((3, 6, 3), {"stride": 2}, id="two filters a channel"),
    pytest.param((4, 6, 2), {"pad": 1}, id="two groups"),
    pytest.param((2, 3, 1), {"dilation": 2, "pad": 2}, id="dilated"),
    pytest.param((2, 4, 2), {"dilation": (1, 2)}, id="dilated in groups"),
]
every_case = pytest.mark.parametrize(("sizes", "settings"), CASES)


class Conv2D(Convolution):
    """A right one, by a name that says what it should compute."""


class Flips(Convolution):
    """Its filters' derivatives lie upside down."""

    def backward(self, dout):
        dx = super().backward(dout)
        self.dW = self.dW[:, :, ::-1, ::-1].copy()
        return dx


class Shrinks(Convolution):
    """Its derivatives are divided by how many pictures there are."""

    def backward(self, dout):
        dx = super().backward(dout)
        self.dW = self.dW / len(dout)
        return dx


class OneSample(Convolution):
    """Its filters' derivatives are those of the last picture alone."""

    def backward(self, dout):
        only = np.zeros_like(dout)
        only[-1] = dout[-1]
        super().backward(only)
        dW = self.dW
        dx = super().backward(dout)
        self.dW = dW
        return dx


def made(cls, sizes, settings):
    """A layer of (channels, filters, groups), and pictures for it."""
    channels, filters, groups = sizes
    W, b = RNG.normal(size=(filters, channels // groups, 3, 3)), RNG.normal(size=filters)
    return cls(W, b, groups=groups, **settings), RNG.normal(size=(3, channels, 7, 8))


@every_case
def test_a_right_one_is_known(sizes, settings):
    """Nothing is wrong with it, and its output was compared with the formula's."""
    found = check_layer(*made(Conv2D, sizes, settings))
    assert found.ok, str(found)
    assert found.kind == "convolution"


@every_case
@pytest.mark.parametrize(("cls", "cause"), [(Flips, "flipped"), (Shrinks, "batch"), (OneSample, "sum")])
def test_a_fault_is_named(cls, cause, sizes, settings):
    """The same faults are recognised as in any other convolution."""
    found = check_layer(*made(cls, sizes, settings))
    assert [(one.check, one.target) for one in found.findings] == [("gradient", "W")]
    assert cause in found.findings[0].causes
