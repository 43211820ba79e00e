"""Affine, ReLU and sigmoid: what the battery does not say."""

import numpy as np
import pytest

from convlens.errors import ShapeError
from convlens.layers import Affine, Convolution, Pooling, Relu, Sigmoid


def test_affine_is_a_matrix_product():
    """Out = x · W + b, by hand; pictures are flattened in (C, H, W) order."""
    weights = np.array([[1.0, 2], [3, 4], [5, 6], [7, 8]])
    layer = Affine(weights, np.array([10.0, 20]))
    x = np.array([[[[1.0, 0], [0, 2]]]])
    np.testing.assert_array_equal(layer.forward(x), [[1 + 14 + 10, 2 + 16 + 20]])
    dx = layer.backward(np.array([[1.0, -1]]))
    np.testing.assert_array_equal(dx, [[[[-1, -1], [-1, -1]]]])
    np.testing.assert_array_equal(layer.dW, [[1, -1], [0, 0], [0, 0], [2, -2]])
    np.testing.assert_array_equal(layer.db, [1, -1])


def test_affine_without_bias():
    """b = 0 is a number: it adds nothing and is not trained."""
    layer = Affine(np.eye(3), 0)
    x = np.arange(6.0).reshape(2, 3)
    np.testing.assert_array_equal(layer.forward(x), x)
    layer.backward(x)
    assert list(layer.params) == list(layer.grads) == ["W"]


def test_relu_is_flat_at_zero():
    """At 0 the layer's derivative is 0, unlike relu_grad's; `mask` says where nothing passes."""
    layer = Relu()
    np.testing.assert_array_equal(layer.forward(np.array([-1.0, 0, 2])), [0, 0, 2])
    np.testing.assert_array_equal(layer.mask, [True, True, False])
    np.testing.assert_array_equal(layer.backward(np.array([5.0, 5, 5])), [0, 0, 5])


def test_relu_stops_a_bad_derivative():
    """Where nothing passes forward, NaN and ∞ do not pass backward."""
    layer = Relu()
    layer.forward(np.array([-1.0, -1, 1]))
    np.testing.assert_array_equal(layer.backward(np.array([np.nan, np.inf, np.inf])), [0, 0, np.inf])


def test_sigmoid_keeps_its_output():
    """`out` is the latest output, as in the book."""
    layer = Sigmoid()
    assert layer.forward(np.array([0.0])) == layer.out == 0.5


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Affine(np.ones(3), 0), r"`W` and `b` of Affine .* Got \(3,\) and \(\)"),
        (lambda: Affine(np.ones((3, 2)), np.ones(3)), r"Got \(3, 2\) and \(3,\)"),
        (
            lambda: Affine(np.ones((3, 2)), 0).forward(np.ones((1, 2, 2))),
            r"Affine has weights for 3 inputs. Got 4 from \(1, 2, 2\)",
        ),
    ],
)
def test_wrong_shapes(make, words):
    """Each says in one line which shapes do not fit."""
    with pytest.raises(ShapeError, match=words) as raised:
        make()
    assert "\n" not in str(raised.value)


def test_a_layer_shows_its_parameters():
    """Printing a layer says what it is and the shapes of what it learns."""
    assert repr(Affine(np.ones((3, 2)), np.ones(2))) == "Affine(W (3, 2), b (2,))"
    assert repr(Relu()) == "Relu()"


@pytest.mark.parametrize(
    ("layer", "x"),
    [
        (Affine(np.ones((4, 3)), np.zeros(3)), np.ones((2, 1, 2, 2))),
        (Convolution(np.ones((3, 1, 2, 2)), np.zeros(3)), np.ones((2, 1, 4, 3))),
        (Pooling(2, 2), np.ones((2, 1, 4, 4))),
        (Relu(), np.ones((2, 3))),
        (Sigmoid(), np.ones((2, 3))),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_derivative_of_another_shape(layer, x):
    """`backward` says which shape it needs, where an unlike one might broadcast, or fail far away."""
    shape = layer.forward(x).shape
    for wrong in (shape[:-1], (1, *shape[1:]), (*shape[:-1], shape[-1] + 1), ()):
        with pytest.raises(ShapeError) as raised:
            layer.backward(np.ones(wrong))
        name = type(layer).__name__
        assert str(raised.value).startswith(f"`dout` of {name}.backward must be {shape}, the shape of its")
        assert str(raised.value).endswith(f"Got {wrong}.")
    assert layer.backward(np.ones(shape).tolist()).shape == x.shape


@pytest.mark.parametrize(
    "make",
    [
        Relu,
        Sigmoid,
        lambda: Pooling(2, 2),
        lambda: Convolution([[[[1.0, 2], [3, 4]]]], [1.0]),
        lambda: Affine([[1.0]] * 4, [2.0]),
    ],
)
def test_lists(make):
    """A list is taken as the array that it spells."""
    x = [[[[1.0, -2.0], [3.0, 4.0]]]]
    np.testing.assert_array_equal(make().forward(x), make().forward(np.array(x)))
