"""Derivatives by trying: the second source of every backward pass."""

import numpy as np
import pytest

from convlens import numerical_gradient
from convlens.layers.gradient import numerical_gradient_2d


def cubes(x):
    """A function with a derivative that is easy to see: 3x²."""
    return np.sum(np.asarray(x, np.float64) ** 3)


@pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-7), ("float32", 1e-7), ("int64", 1e-7)])
@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (2, 1, 3, 2)])
def test_derivative(dtype, tolerance, shape):
    """The gradient is float64 and exact to h², for floats and whole numbers of any shape; x is put back."""
    x = np.random.default_rng(0).integers(-3, 4, shape)
    x = np.asarray(x if dtype == "int64" else x + 0.25).astype(dtype)
    kept = x.copy()
    gradient = numerical_gradient(cubes, x)
    assert gradient.dtype == np.float64
    assert gradient.shape == shape
    np.testing.assert_allclose(gradient, 3.0 * kept.astype(float) ** 2, rtol=0, atol=tolerance)
    np.testing.assert_array_equal(x, kept)
    assert x.dtype == dtype


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_functions_that_ignore_their_argument(dtype):
    """A closure that reads x from elsewhere sees it move: `lambda _: network.loss(images, labels)`."""
    x = np.array([1.0, -2.0], dtype)
    found = numerical_gradient(lambda _: cubes(x), x)
    np.testing.assert_allclose(found, [3, 12], rtol=1e-6)
    np.testing.assert_array_equal(x, [1, -2])


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
@pytest.mark.parametrize("value", [1e-6, 1.0, 3e3, 6e4])
def test_numbers_that_hide_the_step(dtype, value):
    """Where `x` has no number at x + 1e-4 a longer step is taken: the slope of 2x is 2 everywhere."""
    found = numerical_gradient(lambda x: 2 * x[0], np.array([value], dtype))
    assert found[0] == pytest.approx(2, rel=1e-6)


def test_each_element_moves_alone():
    """f sees x with one element moved by ±h and every other one in its place."""
    seen = []
    x = np.array([1.0, 2.0])
    numerical_gradient(lambda p: seen.append(p.copy()) or 0.0, x, h=0.5)
    np.testing.assert_array_equal(seen, [[1.5, 2], [0.5, 2], [1, 2.5], [1, 1.5]])


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("error", [ZeroDivisionError, KeyboardInterrupt])
def test_x_is_put_back_when_f_raises(dtype, error):
    """Whatever ends the trying, Ctrl-C included, the caller's array is what it was."""
    x = np.array([1.0, 2.0], dtype)
    places = []

    def f(point):
        places.append(point.copy())
        if len(places) == 4:
            raise error
        return 0.0

    with pytest.raises(error):
        numerical_gradient(f, x)
    assert x.tolist() == [1.0, 2.0]


def test_what_f_is_given():
    """A float64 array itself, and a float64 copy of anything else: as the docstring says."""
    for x, same in ((np.ones(1), True), (np.ones(1, np.float32), False), ([1.0], False)):
        seen = []
        numerical_gradient(lambda point, seen=seen: seen.append(point) or 0.0, x)
        assert (seen[0] is x) is same
        assert seen[0].dtype == np.float64


def test_rows_of_the_books_2d():
    """`numerical_gradient_2d` hands `f` one row after the other; a single row is taken as it is."""
    rows = np.array([[1.0, 2.0], [3.0, 4.0]])

    def f(row):
        assert row.shape == (2,)
        return row[0] * row[1]

    np.testing.assert_allclose(numerical_gradient_2d(f, rows), [[2, 1], [4, 3]], rtol=1e-9)
    np.testing.assert_allclose(numerical_gradient_2d(f, rows[0]), [2, 1], rtol=1e-9)
    assert rows.tolist() == [[1, 2], [3, 4]]
