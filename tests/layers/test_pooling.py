"""Max-pooling against a loop: which value goes on, and to whom the derivative goes back."""

import numpy as np
import pytest
from hypothesis import given

from convlens.errors import ShapeError, UsageError
from convlens.layers import Pooling, im2col
from strategies import windows


def naive_places(x, window, stride, pad):
    """For each window the place of its first maximum inside the picture, in reading order."""
    height, width = x.shape[2:]
    oh = (height + 2 * pad[0] - window[0]) // stride[0] + 1
    ow = (width + 2 * pad[1] - window[1]) // stride[1] + 1
    places = {}
    for n, c, i, j in np.ndindex(*x.shape[:2], oh, ow):
        best = None
        for u, v in np.ndindex(*window):
            row, column = i * stride[0] + u - pad[0], j * stride[1] + v - pad[1]
            if not (0 <= row < height and 0 <= column < width):
                continue
            if best is None or x[n, c, row, column] > x[best]:
                best = (n, c, row, column)
        places[n, c, i, j] = best
    return places


@given(windows(for_pooling=True))
def test_equals_a_loop(w):
    """Out and dx are the loop's, with many ties: the first of equals gets the whole derivative."""
    rng = np.random.default_rng(0)
    x = rng.integers(-2, 3, w.shape).astype(float)
    layer = Pooling(*w.window, w.stride, w.pad)
    out = layer.forward(x)
    dout = rng.integers(1, 9, out.shape).astype(float)
    expected, dx = np.zeros_like(out), np.zeros_like(x)
    for place, best in naive_places(x, w.window, w.stride, w.pad).items():
        expected[place] = x[best]
        dx[best] += dout[place]
    np.testing.assert_array_equal(out, expected)
    np.testing.assert_array_equal(layer.backward(dout), dx)


def test_ties_go_to_the_first():
    """In a window of equals the derivative goes to the first in reading order, undivided."""
    layer = Pooling(2, 2)
    layer.forward(np.ones((1, 1, 2, 2)))
    np.testing.assert_array_equal(layer.backward(np.full((1, 1, 1, 1), 3.0)), [[[[3, 0], [0, 0]]]])


def test_the_border_is_never_the_maximum():
    """A padded window of negative numbers keeps its largest pixel, not the border."""
    out = Pooling(2, 2, stride=2, pad=1).forward(np.full((1, 1, 2, 2), -5.0))
    np.testing.assert_array_equal(out, np.full((1, 1, 2, 2), -5.0))


def test_tail_rows_are_dropped():
    """5x5 in windows of 2x2 gives 2x2, as in the book; the left-out row and column get no derivative."""
    layer = Pooling(2, 2)
    x = np.arange(25.0).reshape(1, 1, 5, 5)
    np.testing.assert_array_equal(layer.forward(x)[0, 0], [[6, 8], [16, 18]])
    dx = layer.backward(np.ones((1, 1, 2, 2)))
    assert not dx[0, 0, 4].any()
    assert not dx[0, 0, :, 4].any()
    assert dx.sum() == 4


def test_default_stride_is_two():
    """As in the current editions, whatever the window."""
    assert Pooling(3, 3).stride == 2
    assert Pooling(3, 3).forward(np.zeros((1, 1, 7, 7))).shape == (1, 1, 3, 3)


def test_a_bad_derivative_stays_in_its_window():
    """NaN in dout comes out of the pixels under its window, and of no other (a product with 0 keeps NaN)."""
    layer = Pooling(2, 2)
    layer.forward(np.arange(8.0).reshape(1, 1, 2, 4))
    dx = layer.backward(np.array([[[[np.nan, 1.0]]]]))
    assert np.isnan(dx[0, 0, 1, 1])
    np.testing.assert_array_equal(dx[..., 2:], [[[[0, 0], [0, 1]]]])


def test_nan_wins():
    """A window with a NaN gives NaN, wherever in the window it stands; the others do not."""
    for place in np.ndindex(2, 2):
        x = np.zeros((1, 1, 2, 4))
        x[(0, 0, *place)] = np.nan
        out = Pooling(2, 2).forward(x)[0, 0, 0]
        assert np.isnan(out[0])
        assert out[1] == 0


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda: Pooling(2, 2, pad=2), UsageError, r"`pad` of Pooling must be at most half its window"),
        (lambda: Pooling(2, 3, pad=(0, 2)), UsageError, r"at most half its window \(2, 3\). Got \(0, 2\)"),
        (lambda: Pooling(0, 2), UsageError, r"`window` of Pooling"),
        (lambda: Pooling(2, 2, stride=0), UsageError, r"`stride` of Pooling"),
        (lambda: Pooling(3, 3).forward(np.ones((1, 1, 2, 2))), ShapeError, r"window of 3x3 is larger"),
    ],
)
def test_wrong_arguments(make, error, words):
    """Each says in one line what is wrong and whose it is."""
    with pytest.raises(error, match=words) as raised:
        make()
    assert "\n" not in str(raised.value)


def test_the_books_arg_max():
    """`arg_max` counts within each window, and the windows over (N, oh, ow, C), as the book's does."""
    x = np.random.default_rng(0).integers(0, 5, (2, 3, 4, 6)).astype(float)
    layer = Pooling(2, 3, stride=2)
    assert layer.arg_max is None
    layer.forward(x)
    rows = im2col(x, 2, 3, 2).reshape(-1, 6)
    np.testing.assert_array_equal(layer.arg_max, rows.argmax(axis=1))
    assert layer.x is x


def test_whole_numbers_with_a_border():
    """Integer pictures stay integers; the border is below every one of them."""
    out = Pooling(2, 2, 2, 1).forward(np.full((1, 1, 2, 2), -7, np.int16))
    assert out.dtype == np.int16
    assert out.tolist() == [[[[-7, -7], [-7, -7]]]]
