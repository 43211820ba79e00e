"""Convolution against seven loops and against SciPy."""

import numpy as np
import pytest
from hypothesis import given
from scipy.signal import correlate

from convlens.errors import ShapeError, SpecError
from convlens.layers import Convolution, im2col
from strategies import windows

N_FILTERS = 2


def naive_convolution(x, filters, bias, stride, pad):
    """The formula of the class's docstring as seven loops."""
    n, channels, height, width = x.shape
    n_filters, _, kh, kw = filters.shape
    oh = (height + 2 * pad[0] - kh) // stride[0] + 1
    ow = (width + 2 * pad[1] - kw) // stride[1] + 1
    out = np.zeros((n, n_filters, oh, ow))
    for place in np.ndindex(*out.shape):  # four loops
        sample, f, i, j = place
        out[place] = bias[f]
        for c, u, v in np.ndindex(channels, kh, kw):  # and three
            row, column = i * stride[0] + u - pad[0], j * stride[1] + v - pad[1]
            if 0 <= row < height and 0 <= column < width:
                out[place] += x[sample, c, row, column] * filters[f, c, u, v]
    return out


@given(windows())
def test_equals_seven_loops(w):
    """With small whole numbers the output is exactly the formula's, in float32 too."""
    rng = np.random.default_rng(0)
    x = rng.integers(-4, 5, w.shape)
    filters = rng.integers(-4, 5, (N_FILTERS, w.shape[1], *w.window))
    bias = rng.integers(-4, 5, N_FILTERS)
    expected = naive_convolution(x, filters, bias, w.stride, w.pad)
    for dtype in ("float32", "float64"):
        layer = Convolution(filters.astype(dtype), bias.astype(dtype), w.stride, w.pad)
        np.testing.assert_array_equal(layer.forward(x.astype(dtype)), expected)


@given(windows())
def test_backward_is_the_adjoint(w):
    """sum(forward(x) · g) is the sum over x · dx, over W · dW, and (for no input) over b · db: exactly."""
    rng = np.random.default_rng(1)
    x = rng.integers(-4, 5, w.shape).astype(float)
    filters = rng.integers(-4, 5, (N_FILTERS, w.shape[1], *w.window)).astype(float)
    bias = rng.integers(1, 5, N_FILTERS).astype(float)
    layer = Convolution(filters, bias, w.stride, w.pad)
    out = layer.forward(x)
    g = rng.integers(-4, 5, out.shape).astype(float)
    dx = layer.backward(g)
    linear = np.sum(g * (out - bias[:, None, None]))
    assert np.sum(x * dx) == np.sum(filters * layer.dW) == linear
    assert np.sum(bias * layer.db) == np.sum(g * bias[:, None, None])


@pytest.mark.parametrize("kernel", [(1, 1), (2, 3), (5, 5)])
def test_equals_scipy(kernel):
    """SciPy's correlation, summed over channels, is the second source."""
    rng = np.random.default_rng(2)
    x, filters = rng.normal(size=(3, 4, 8, 9)), rng.normal(size=(5, 4, *kernel))
    found = Convolution(filters, np.zeros(5)).forward(x)
    for n, f in np.ndindex(3, 5):
        expected = sum(correlate(x[n, c], filters[f, c], mode="valid", method="direct") for c in range(4))
        np.testing.assert_allclose(found[n, f], expected, rtol=0, atol=1e-12)


def test_without_bias():
    """b = 0, as the book's apply_filter passes it, adds nothing and is not trained."""
    rng = np.random.default_rng(3)
    x, filters = rng.normal(size=(2, 1, 5, 5)), rng.normal(size=(3, 1, 3, 3))
    layer = Convolution(filters, 0)
    out = layer.forward(x)
    np.testing.assert_array_equal(out, Convolution(filters, np.zeros(3)).forward(x))
    layer.backward(np.ones_like(out))
    assert list(layer.params) == list(layer.grads) == ["W"]


def test_the_books_attributes():
    """W, b, stride and pad are what was given; backward leaves dW and db in the parameters' shapes."""
    filters, bias = np.ones((2, 1, 3, 3)), np.zeros(2)
    layer = Convolution(filters, bias, stride=2, pad=1)
    assert layer.W is filters
    assert layer.b is bias
    assert (layer.stride, layer.pad) == (2, 1)
    layer.backward(layer.forward(np.ones((1, 1, 5, 5))))
    assert layer.dW.shape == (2, 1, 3, 3)
    assert layer.db.shape == (2,)


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda: Convolution(np.ones((3, 3)), 0), ShapeError, r"`W` of Convolution .* Got \(3, 3\)"),
        (lambda: Convolution(np.ones((2, 1, 3, 3)), np.ones(3)), ShapeError, r"`b` of Convolution .*\(2,\)"),
        (lambda: Convolution(np.ones((2, 1, 3, 3)), 0, stride=0), SpecError, "`stride` of Convolution"),
        (lambda: Convolution(np.ones((2, 1, 3, 3)), 0, pad=-1), SpecError, "`pad` of Convolution"),
        (lambda: Convolution(np.ones((2, 1, 3, 3)), 0, stride=1.5), SpecError, r"Got 1\.5"),
        (
            lambda: Convolution(np.ones((2, 3, 3, 3)), 0).forward(np.ones((1, 1, 5, 5))),
            ShapeError,
            r"filters for 3 channels. Got pictures of \(1, 1, 5, 5\)",
        ),
        (
            lambda: Convolution(np.ones((2, 1, 7, 7)), 0).forward(np.ones((1, 1, 5, 5))),
            ShapeError,
            "a window of 7x7 is larger than its input",
        ),
        (lambda: Convolution(np.ones((2, 1, 2, 2)), 0).forward(np.ones((5, 5))), ShapeError, "pictures must"),
    ],
)
def test_wrong_arguments(make, error, words):
    """Each says in one line which argument of which layer is wrong, and what it got."""
    with pytest.raises(error, match=words) as raised:
        make()
    assert "\n" not in str(raised.value)


def test_the_books_own_layout():
    """`x`, `col` and `col_W` are laid out as the book keeps them: out = col · col_W + b, a row a place."""
    rng = np.random.default_rng(0)
    layer = Convolution(rng.random((4, 2, 3, 2)), rng.random(4), stride=(1, 2), pad=1)
    assert layer.col is None
    x = rng.random((3, 2, 5, 6))
    out = layer.forward(x)
    assert layer.x is x
    np.testing.assert_array_equal(layer.col, im2col(x, 3, 2, (1, 2), 1))
    assert layer.col_W.shape == (2 * 3 * 2, 4)
    rows = (layer.col @ layer.col_W + layer.b).reshape(3, *out.shape[2:], 4)
    np.testing.assert_allclose(rows.transpose(0, 3, 1, 2), out, rtol=1e-12)
