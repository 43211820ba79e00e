"""Windows of pictures, and back: against loops, and as each other's adjoint."""

import numpy as np
import pytest
from hypothesis import given

from convlens.errors import ShapeError, SpecError
from convlens.layers.patches import col2im, conv_output_size, im2col, patches, scatter_patches
from strategies import windows

FILL = -7.0


def naive_windows(x, window, stride, pad, fill=0.0):
    """Every window, element by element; outside of the picture is `fill`."""
    n, c, height, width = x.shape
    (kh, kw), (sv, sh), (pv, ph) = window, stride, pad
    oh, ow = (height + 2 * pv - kh) // sv + 1, (width + 2 * ph - kw) // sh + 1
    out = np.full((n, c, oh, ow, kh, kw), fill)
    for place in np.ndindex(*out.shape):
        i, j, u, v = place[2:]
        row, column = i * sv + u - pv, j * sh + v - ph
        if 0 <= row < height and 0 <= column < width:
            out[place] = x[place[0], place[1], row, column]
    return out


@given(windows())
def test_patches_are_every_window(w):
    """`patches` lays out what a loop over all places finds, border included, and leaves `x` alone."""
    x = np.random.default_rng(0).normal(size=w.shape)
    kept = x.copy()
    found = patches(x, w.window, w.stride, w.pad, FILL)
    np.testing.assert_array_equal(found, naive_windows(x, w.window, w.stride, w.pad, FILL))
    np.testing.assert_array_equal(x, kept)
    assert found.shape[2:4] == w.output_size
    assert not found.flags.writeable


@given(windows())
def test_scatter_is_the_adjoint(w):
    """sum(patches(x) · g) = sum(x · scatter_patches(g)), exactly in whole numbers."""
    rng = np.random.default_rng(1)
    x = rng.integers(-5, 6, w.shape).astype(float)
    there = patches(x, w.window, w.stride, w.pad)
    g = rng.integers(-5, 6, there.shape).astype(float)
    back = scatter_patches(g, w.shape, w.stride, w.pad)
    assert back.shape == w.shape
    assert np.sum(there * g) == np.sum(x * back)


@given(windows())
def test_scatter_counts_overlaps(w):
    """Scattering ones counts, at each pixel, the windows that lie on it."""
    expected = np.zeros(w.shape)
    (kh, kw), (oh, ow) = w.window, w.output_size
    for i, j, u, v in np.ndindex(oh, ow, kh, kw):
        row, column = i * w.stride[0] + u - w.pad[0], j * w.stride[1] + v - w.pad[1]
        if 0 <= row < w.shape[2] and 0 <= column < w.shape[3]:
            expected[:, :, row, column] += 1
    ones = np.ones((*w.shape[:2], oh, ow, kh, kw))
    np.testing.assert_array_equal(scatter_patches(ones, w.shape, w.stride, w.pad), expected)


@given(windows())
def test_im2col_is_the_books_layout(w):
    """Rows run over (sample, oh, ow), columns over (channel, kh, kw)."""
    x = np.random.default_rng(2).normal(size=w.shape)
    naive = naive_windows(x, w.window, w.stride, w.pad)
    rows = []
    for n, i, j in np.ndindex(w.shape[0], *w.output_size):
        rows.append([naive[n, c, i, j, u, v] for c, u, v in np.ndindex(w.shape[1], *w.window)])
    np.testing.assert_array_equal(im2col(x, *w.window, w.stride, w.pad), rows)


@given(windows())
def test_col2im_is_the_adjoint_of_im2col(w):
    """sum(im2col(x) · g) = sum(x · col2im(g)), exactly in whole numbers."""
    rng = np.random.default_rng(3)
    x = rng.integers(-5, 6, w.shape).astype(float)
    col = im2col(x, *w.window, w.stride, w.pad)
    g = rng.integers(-5, 6, col.shape).astype(float)
    back = col2im(g, w.shape, *w.window, w.stride, w.pad)
    assert back.shape == w.shape
    assert np.sum(col * g) == np.sum(x * back)


def test_col2im_adds_overlaps():
    """It is no inverse: the middle pixel of 3x3 lies in four 2x2 windows."""
    x = np.ones((1, 1, 3, 3))
    back = col2im(im2col(x, 2, 2), x.shape, 2, 2)
    np.testing.assert_array_equal(back[0, 0], [[1, 2, 1], [2, 4, 2], [1, 2, 1]])


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "int64", "uint8"])
@pytest.mark.parametrize("pad", [0, 1])
def test_dtype_is_kept(dtype, pad):
    """The book's im2col always gives float64; ours gives what it got, there and back."""
    x = np.arange(2 * 3 * 4 * 4).reshape(2, 3, 4, 4).astype(dtype)
    col = im2col(x, 3, 3, 1, pad)
    assert col.dtype == dtype
    assert col2im(col, x.shape, 3, 3, 1, pad).dtype == dtype


@pytest.mark.parametrize(
    ("sizes", "expected"), [((28, 5), 24.0), ((28, 5, 1, 2), 28.0), ((7, 3, 2), 3.0), ((8, 3, 2), 3.5)]
)
def test_conv_output_size_is_a_float(sizes, expected):
    """As in the book it is a true division: 24.0, and 3.5 where the window does not come out even."""
    found = conv_output_size(*sizes)
    assert isinstance(found, float)
    assert found == expected


@pytest.mark.parametrize("function", [lambda x: im2col(x, 6, 2), lambda x: patches(x, (2, 9))])
def test_a_window_larger_than_the_picture(function):
    """The message says both sizes and what to do."""
    with pytest.raises(ShapeError, match=r"a window of \dx\d is larger than its input \(5x5, pad 0x0\)"):
        function(np.zeros((1, 1, 5, 5)))


def test_flat_pictures():
    """Pictures as rows are refused, and the message says how to get them whole."""
    with pytest.raises(ShapeError, match=r"pictures must be \(N, C, H, W\). Got \(3, 784\); load_mnist"):
        im2col(np.zeros((3, 784)), 5, 5)


def test_a_col_that_does_not_fit():
    """col2im says which matrix it needs for these pictures."""
    with pytest.raises(ShapeError, match=r"`col` of col2im must be \(9, 4\) .* Got \(9, 5\)"):
        col2im(np.zeros((9, 5)), (1, 1, 4, 4), 2, 2)


def test_an_error_names_the_function_that_was_called():
    """A wrong stride of `im2col` is one of `im2col`, not of what it is made with."""
    x = np.ones((1, 1, 4, 4))
    for call, words in (
        (lambda: im2col(x, 2, 2, stride=0), r"`stride` of im2col must be .* Got 0"),
        (lambda: im2col(x, 2, 2, pad=-1), r"`pad` of im2col must be .* Got -1"),
        (lambda: im2col(x, 0, 2), r"`filter_h, filter_w` of im2col must be .* Got \(0, 2\)"),
        (lambda: col2im(np.ones((9, 4)), (1, 1, 4, 4), 2, 2, stride=0), r"`stride` of col2im .* Got 0"),
    ):
        with pytest.raises(SpecError, match=words):
            call()
    np.testing.assert_array_equal(im2col(x.tolist(), 2, 2), im2col(x, 2, 2))
