"""The book's functions: its facts, and SciPy as a second source."""

import numpy as np
import pytest
from scipy import special

from convlens.layers import functions
from convlens.layers.functions import (
    cross_entropy_error,
    identity_function,
    relu,
    relu_grad,
    sigmoid,
    sigmoid_grad,
    smooth_curve,
    softmax,
    softmax_loss,
    step_function,
    sum_squared_error,
)

X = np.array([-800.0, -30.0, -1.5, -0.0, 0.0, 0.3, 2.0, 40.0, 800.0])
SCORES = np.random.default_rng(0).normal(0, 5, (6, 4))


def test_identity():
    """identity_function gives the very object back."""
    assert identity_function(X) is X


def test_step():
    """step_function is 1 above 0 and 0 elsewhere, 0 included, as integers (the Korean edition's fails)."""
    found = step_function(X)
    assert found.dtype == np.int64
    assert found.tolist() == [0, 0, 0, 0, 0, 1, 1, 1, 1]


def test_sigmoid():
    """Sigmoid agrees with SciPy's and neither overflows nor warns, for scalars too."""
    np.testing.assert_allclose(sigmoid(X), special.expit(X), rtol=1e-14)
    assert sigmoid(0.0) == 0.5
    assert sigmoid(X.astype("float32")).dtype == np.float32
    np.testing.assert_array_equal(sigmoid(np.array([-np.inf, np.inf])), [0, 1])


def test_sigmoid_grad():
    """sigmoid_grad is sigmoid · (1 - sigmoid): a quarter at 0, nothing far out."""
    assert sigmoid_grad(np.array([0.0]))[0] == 0.25
    h = 1e-6
    x = np.linspace(-4, 4, 9)
    slope = (special.expit(x + h) - special.expit(x - h)) / (2 * h)
    np.testing.assert_allclose(sigmoid_grad(x), slope, rtol=1e-8)


def test_relu():
    """Relu cuts below 0; relu_grad is 1 AT 0, unlike the layer Relu."""
    np.testing.assert_array_equal(relu(X), [0, 0, 0, 0, 0, 0.3, 2, 40, 800])
    np.testing.assert_array_equal(relu_grad(X), [0, 0, 0, 1, 1, 1, 1, 1, 1])
    assert relu_grad(X).dtype == X.dtype


@pytest.mark.parametrize("shape", [(4,), (6, 4), (2, 3, 4)])
def test_softmax(shape):
    """Softmax runs over the last axis of any array, agrees with SciPy's and leaves its input alone."""
    x = np.random.default_rng(1).normal(0, 5, shape)
    kept = x.copy()
    np.testing.assert_allclose(softmax(x), special.softmax(x, axis=-1), rtol=1e-13)
    np.testing.assert_array_equal(x, kept)


def test_softmax_does_not_overflow():
    """Scores of ±1000 give 1 and 0."""
    np.testing.assert_array_equal(softmax(np.array([[1000.0, -1000.0]])), [[1, 0]])


def test_squared_error():
    """Half the sum of squares over everything, not divided by the batch, under both editions' names."""
    y, t = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[0.0, 2.0], [1.0, 4.0]])
    assert sum_squared_error(y, t) == 2.5
    assert functions.mean_squared_error is sum_squared_error
    assert {"mean_squared_error", "sum_squared_error"} <= set(functions.__all__)


def test_cross_entropy_of_a_perfect_prediction():
    """It is -1e-7, slightly negative, because the book adds 1e-7 within the logarithm."""
    assert cross_entropy_error(np.array([[0.0, 1.0]]), np.array([1])) == pytest.approx(-1e-7, rel=1e-6)


def test_cross_entropy_is_bounded():
    """A certain and wrong prediction costs 16.118."""
    assert cross_entropy_error(np.array([[1.0, 0.0]]), np.array([1])) == pytest.approx(16.118, abs=1e-3)


def test_cross_entropy_of_any_labels():
    """Class numbers, a column of them and one-hot rows mean the same; a sample may come alone."""
    y, t = special.softmax(SCORES, axis=1), np.array([0, 1, 2, 3, 0, 1])
    expected = -np.mean(np.log(y[np.arange(6), t] + 1e-7))
    for labels in (t, t[:, None], np.eye(4)[t]):
        assert cross_entropy_error(y, labels) == pytest.approx(expected, rel=1e-14)
    one = -np.log(y[2, 2] + 1e-7)
    assert cross_entropy_error(y[2], np.array(2)) == pytest.approx(one, rel=1e-14)
    assert cross_entropy_error(y[2], np.eye(4)[2]) == pytest.approx(one, rel=1e-14)


def test_softmax_loss():
    """softmax_loss is the cross-entropy of softmax(X), near SciPy's logsumexp where 1e-7 does not count."""
    t = SCORES.argmax(axis=1)
    exact = np.mean(special.logsumexp(SCORES, axis=1) - SCORES.max(axis=1))
    assert softmax_loss(SCORES, t) == pytest.approx(exact, abs=1e-6)


@pytest.mark.parametrize(("length", "smoothed"), [(20, 20), (11, 11), (10, 9), (5, 0)])
def test_smooth_curve_lengths(length, smoothed):
    """The length is kept from 11 points on; shorter curves are cut, as in the book."""
    assert len(smooth_curve(list(range(length)))) == smoothed


def test_smooth_curve_smooths():
    """A straight line stays one in the middle, a spike is spread, and the mean weight is 1."""
    np.testing.assert_allclose(smooth_curve(np.full(15, 3.0)), 3.0, rtol=1e-14)
    np.testing.assert_allclose(smooth_curve(np.arange(30.0))[10:20], np.arange(10.0, 20.0), rtol=1e-12)
    spike = np.zeros(31)
    spike[15] = 1
    window = np.kaiser(11, 2)
    np.testing.assert_allclose(smooth_curve(spike)[10:21], window / window.sum(), rtol=1e-12)


@pytest.mark.parametrize(
    "function",
    [
        functions.sigmoid,
        functions.sigmoid_grad,
        functions.relu,
        functions.relu_grad,
        functions.softmax,
        functions.step_function,
    ],
)
def test_lists_are_arrays(function):
    """A list gives what the array of its numbers gives."""
    np.testing.assert_array_equal(function([-1.0, 0.0, 2.0]), function(np.array([-1.0, 0.0, 2.0])))


def test_lists_of_the_losses():
    """The losses take lists too."""
    y, t = [[0.1, 0.9], [0.8, 0.2]], [1, 0]
    assert functions.cross_entropy_error(y, t) == functions.cross_entropy_error(np.array(y), np.array(t))
    assert functions.sum_squared_error([1.0, 2.0], [0.0, 0.0]) == 2.5


def test_a_curve_without_points():
    """Nothing, smoothed, is nothing."""
    assert functions.smooth_curve([]).shape == (0,)
