"""Pictures as matrices of patches, and back. Must not know layers.

A convolution is a matrix product once every window of the picture has become a column. `patches` lays
the windows out with one strided view and one copy; `scatter_patches` is its adjoint and adds the
overlaps up. `im2col` and `col2im` are the same two in the book's layout.
"""

from numbers import Integral
from typing import Any, overload

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from convlens._typing import Array, Pair
from convlens.arguments import Count, as_annotated
from convlens.arrays import as_array
from convlens.errors import ShapeError, shown
from convlens.spec.padding import Borders, Pad, borders, padding
from convlens.spec.shapes import LARGEST, pair

__all__ = [
    "col2im",
    "conv_output_size",
    "im2col",
    "one_number",
    "padded_zeros",
    "patches",
    "pixels_under",
    "scatter_patches",
    "unpadded",
]


def patches(
    x: Array, window: Pair, stride: Pair = 1, pad: Pad = 0, fill: float = 0.0, dilation: Pair = 1
) -> Array:
    """Return every window of every picture, as a read-only view where nothing is padded.

    Args:
        x: pictures (N, C, H, W).
        window: height and width of a window.
        stride: its step, 1 or more.
        pad: border added on each side, 0 or more, or "same" (see `borders` of convlens.spec.padding).
        fill: value of the border.
        dilation: how far apart the elements of a window are, 1 or more.

    Returns:
        (N, C, oh, ow, kh, kw), where oh = floor((H + 2·pad - (kh - 1)·dilation - 1) / stride) + 1.

    Raises:
        ShapeError: `x` is not a batch of pictures, or the window is larger than a padded picture.
    """
    x = as_array("`x` of patches", x)
    kh, kw = pair(window, "patches", "window", 1)
    (sv, sh), (dv, dh) = pair(stride, "patches", "stride", 1), pair(dilation, "patches", "dilation", 1)
    kh, kw = (kh - 1) * dv + 1, (kw - 1) * dh + 1
    if x.ndim != 4:
        raise ShapeError(
            f"pictures must be (N, C, H, W). Got {x.shape}; load_mnist(flatten=False) gives this shape."
        )
    height, width = x.shape[2:]
    rows, columns = borders(padding(pad, "patches"), x.shape, (kh, kw), (sv, sh))
    if any(rows + columns):
        x = np.pad(x, ((0, 0), (0, 0), rows, columns), constant_values=fill)
    if kh > x.shape[2] or kw > x.shape[3]:
        size = f"{height}x{width}, pad {rows[0]}x{columns[0]}"
        raise ShapeError(
            f"a window of {kh}x{kw} is larger than its input ({size}): make it smaller or pad more."
        )
    return sliding_window_view(x, (kh, kw), axis=(2, 3))[:, :, ::sv, ::sh, ::dv, ::dh]


def scatter_patches(
    windows: Array, shape: tuple[int, ...], stride: Pair = 1, pad: Pad = 0, dilation: Pair = 1
) -> Array:
    """Return pictures in which every pixel is the sum of the window elements that lie on it.

    The adjoint of `patches`: sum(patches(x) · w) = sum(x · scatter_patches(w)).

    Args:
        windows: (N, C, oh, ow, kh, kw).
        shape: (N, C, H, W) of the pictures.
        stride: as given to `patches`.
        pad: as given to `patches`.
        dilation: as given to `patches`.

    Returns:
        (N, C, H, W), of the windows' dtype.
    """
    oh, ow, kh, kw = windows.shape[2:]
    dv, dh = pair(dilation, "patches", "dilation", 1)
    extent = (kh - 1) * dv + 1, (kw - 1) * dh + 1
    around = borders(pad, shape, extent, pair(stride, "patches", "stride", 1))
    dx = padded_zeros(shape, around, windows.dtype)
    for u, v in np.ndindex(kh, kw):
        dx[pixels_under(u * dv, v * dh, (oh, ow), stride)] += windows[..., u, v]
    return unpadded(dx, around)


def pixels_under(u: int, v: int, places: tuple[int, int], stride: Pair) -> tuple[Any, ...]:
    """Return the index of the pixels of padded pictures that lie under element (u, v) of each window.

    Args:
        u: row in the window.
        v: column in the window.
        places: how often the window fits, vertically and horizontally.
        stride: its step.
    """
    sv, sh = pair(stride, "patches", "stride", 1)
    return (..., slice(u, u + sv * places[0], sv), slice(v, v + sh * places[1], sh))


@overload
def one_number(both: Pair) -> Pair: ...
@overload
def one_number(both: Pad) -> Pad: ...
def one_number(both: Pad) -> Pad:
    """Write (2, 2) as 2, as a reader would."""
    return both[0] if isinstance(both, tuple) and both[0] == both[1] else both


def padded_zeros(shape: tuple[int, ...], around: Borders, dtype: Any) -> Array:  # noqa: ANN401
    """Return zeros for pictures of `shape` (N, C, H, W) with a border around them."""
    rows, columns = around
    return np.zeros((*shape[:2], shape[2] + sum(rows), shape[3] + sum(columns)), dtype)


def unpadded(x: Array, around: Borders) -> Array:
    """Return pictures without their border, as a view."""
    (above, below), (left, right) = around
    return x[:, :, above : x.shape[2] - below, left : x.shape[3] - right]


def im2col(input_data: Array, filter_h: int, filter_w: int, stride: Pair = 1, pad: Pair = 0) -> Array:
    """Return one row per window, of the input's dtype: (N·oh·ow, C·filter_h·filter_w).

    Rows run over (sample, oh, ow), columns over (channel, filter_h, filter_w).
    """
    _window_of("im2col", filter_h, filter_w, stride, pad)
    windows = patches(input_data, (filter_h, filter_w), stride, pad)
    n, channels, oh, ow = windows.shape[:4]
    return windows.transpose(0, 2, 3, 1, 4, 5).reshape(n * oh * ow, channels * filter_h * filter_w)


def col2im(
    col: Array,
    input_shape: tuple[int, int, int, int],
    filter_h: int,
    filter_w: int,
    stride: Pair = 1,
    pad: Pair = 0,
) -> Array:
    """Add the rows of `im2col` up into pictures of `input_shape` (N, C, H, W): the adjoint, no inverse."""
    col = as_array("`col` of col2im", col)
    if (
        not isinstance(input_shape, tuple | list)
        or len(input_shape) != 4
        or not all(map(_is_size, input_shape))
    ):
        raise ShapeError(f"`input_shape` of col2im must be (N, C, H, W). Got {shown(input_shape)}.")
    n, channels, height, width = input_shape
    (sv, sh), (pv, ph) = _window_of("col2im", filter_h, filter_w, stride, pad)
    oh, ow = (height + 2 * pv - filter_h) // sv + 1, (width + 2 * ph - filter_w) // sh + 1
    if col.size != n * oh * ow * channels * filter_h * filter_w:
        expected = (n * oh * ow, channels * filter_h * filter_w)
        raise ShapeError(
            f"`col` of col2im must be {expected} for pictures of {input_shape}. Got {col.shape}."
        )
    windows = col.reshape(n, oh, ow, channels, filter_h, filter_w).transpose(0, 3, 1, 2, 4, 5)
    return scatter_patches(windows, input_shape, stride, pad)


def _is_size(value: object) -> bool:
    return isinstance(value, Integral) and 0 <= int(value) <= LARGEST


def _window_of(
    owner: str, filter_h: int, filter_w: int, stride: Pair, pad: Pair
) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return stride and pad as pairs; an error names the function that the caller knows."""
    pair((filter_h, filter_w), owner, "filter_h, filter_w", 1)
    return pair(stride, owner, "stride", 1), pair(pad, owner, "pad", 0)


@as_annotated
def conv_output_size(input_size: float, filter_size: float, stride: Count = 1, pad: float = 0) -> float:
    """Return (input_size + 2·pad - filter_size) / stride + 1, as the book a float, such as 24.0."""
    return (input_size + 2 * pad - filter_size) / stride + 1
