"""Depthwise convolutions, beside NumPy."""

from itertools import product

import numpy as np
import pytest
from references import framed, integers, partial_sums, patches, reads

from convlens.engine.memory import aligned
from convlens.kernels.convolution.depthwise import (
    GRADIENT_TAPS,
    depthwise,
    depthwise_gradient,
    depthwise_scatter,
)
from convlens.kernels.runtime.machine import lanes
from convlens.kernels.runtime.parallel import SHARES

RELU, IDENTITY = np.float32(0), np.float32(np.nan)
CASES = [
    pytest.param((3, 3), 5, (1, 1), (1, 1), id="fewer channels than lanes"),
    pytest.param((2, 5), 37, (1, 2), (0, 2), id="channels that fill no whole vectors"),
    pytest.param((3, 1), 16, (2, 3), (2, 0), id="rectangles"),
    pytest.param((1, 1), 1, (1, 1), (0, 0), id="one of each"),
]
every_case = pytest.mark.parametrize(("kernel", "C", "stride", "pad"), CASES)
N, HEIGHT, WIDTH = 3, 6, 17


def rows_of_taps(w):
    """Weights (C, 1, kh, kw) as kernels read them, and numbers from one tap to the next."""
    C, width = len(w), -(-len(w) // lanes()) * lanes()
    out = aligned(w[0].size * width)
    out[: w[0].size * width].reshape(-1, width)[:, :C] = w.reshape(C, -1).T
    return out, width


def places(source, kernel):
    """Where each tap looks, the last one again up to a multiple of what registers hold."""
    found = [u * source.row + v * source.channels for u, v in product(*map(range, kernel))]
    return np.array(found + found[-1:] * (-len(found) % GRADIENT_TAPS), np.int64)


def pictures(kernel, C, stride, pad):
    """Pictures in a frame that has the padding, and the shape of what comes out."""
    x = integers(0, N, C, HEIGHT, WIDTH)
    grid = patches(x[:1, :1], kernel, stride, pad).shape[2:4]
    return x, framed(x, pad), (N, C, *grid)


@every_case
@pytest.mark.parametrize("floor", [RELU, IDENTITY])
def test_forward(kernel, C, stride, pad, floor):
    """Every position is the sum of its own channel's patch, and the border stays zero."""
    x, source, shape = pictures(kernel, C, stride, pad)
    w, b, out = integers(1, C, 1, *kernel), integers(2, C), framed(np.zeros(shape, np.float32), (1, 1))
    (packed, width), bias = rows_of_taps(w), aligned(C)
    bias[:C] = b
    size = (C, *shape[2:], kernel[0] * kernel[1], width)
    given = (source.value, packed, places(source, kernel), bias, floor, out.value)
    depthwise(lanes())(*given, N, reads(source, pad, stride), tuple(out.sizes), size, SHARES)
    wanted = np.einsum("ncpquv,cuv->ncpq", patches(x, kernel, stride, pad), w[:, 0]) + b[:, None, None]
    np.testing.assert_array_equal(out.view(N), wanted if np.isnan(floor) else np.maximum(wanted, 0))
    out.view(N)[...] = 0
    assert not out.value[: N * out.size].reshape(N, -1)[:, : out.origin + shape[2] * out.row].any()


@every_case
@pytest.mark.parametrize("pieces", [1, 2])
def test_gradient(kernel, C, stride, pad, pieces):
    """Derivatives count where the output is not 0; those of pieces add up."""
    x, source, shape = pictures(kernel, C, stride, pad)
    d, y = integers(3, *shape), integers(4, *shape, low=0, high=3)
    out, width = framed(y, (1, 1)), rows_of_taps(np.ones((C, 1, *kernel)))[1]
    out.grad[...] = 5  # rubbish in the border
    out.grad_view(N)[...] = d
    at = places(source, kernel)
    sums = partial_sums(len(at) * width, width)
    sizes = (reads(source, pad, stride), (*out.sizes, 0, out.size), (C, *shape[2:], at.size, width))
    for k in range(pieces):
        depthwise_gradient(lanes())(source.value, out.grad, out.value, at, *sums, N, k == 0, *sizes)
    live = np.where(y != 0, d, 0)
    wanted = np.einsum("ncpquv,ncpq->uvc", patches(x, kernel, stride, pad), live).reshape(-1, C)
    found = sums.weights.sum(axis=0)[: at.size * width].reshape(-1, width)
    np.testing.assert_array_equal(found[: len(wanted), :C], pieces * wanted)
    np.testing.assert_array_equal(sums.biases.sum(axis=0)[:C], pieces * live.sum(axis=(0, 2, 3)))
    np.testing.assert_array_equal(out.grad_view(N), live)


@every_case
def test_scatter(kernel, C, stride, pad):
    """Each derivative adds its channel's filter onto its patch; what was there before is gone."""
    _, source, shape = pictures(kernel, C, stride, pad)
    w, d = integers(1, C, 1, *kernel), integers(3, *shape)
    out, (packed, width) = framed(np.zeros(shape, np.float32)), rows_of_taps(w)
    out.grad_view(N)[...] = d
    source.grad[...] = 7
    size = (C, *shape[2:], kernel[0] * kernel[1], width)
    given = (out.grad, packed, places(source, kernel), source.grad)
    depthwise_scatter(lanes())(*given, N, reads(source, pad, stride), tuple(out.sizes), size, SHARES)
    # dx is what makes the sum of x · dx that of the outputs' · d, for any x.
    wanted = np.zeros((N, C, HEIGHT + 2 * pad[0], WIDTH + 2 * pad[1]), np.float32)
    for u, v in product(*map(range, kernel)):
        rows, columns = (
            slice(a, a + (count - 1) * step + 1, step)
            for a, count, step in zip((u, v), shape[2:], stride, strict=True)
        )
        wanted[:, :, rows, columns] += d * w[:, 0, u, v][:, None, None]
    inside = wanted[:, :, pad[0] : pad[0] + HEIGHT, pad[1] : pad[1] + WIDTH]
    np.testing.assert_array_equal(source.grad_view(N), inside)
