"""Average pooling of any window, beside loops in Python."""

import numpy as np
import pytest
from references import framed, integers

from convlens.kernels.average_pooling import average_pooling, average_pooling_backward
from convlens.kernels.runtime.machine import lanes
from convlens.kernels.runtime.parallel import SHARES

RELU, IDENTITY = np.float32(0), np.float32(np.nan)


def members(window, H, W, i, j):
    """The places inside the picture that window (i, j) sees."""
    kh, kw, sy, sx, py, px = window
    rows = range(max(i * sy - py, 0), min(i * sy - py + kh, H))
    columns = range(max(j * sx - px, 0), min(j * sx - px + kw, W))
    return [(y, z) for y in rows for z in columns]


@pytest.mark.parametrize(
    "window",
    [(2, 2, 2, 2, 0, 0), (4, 2, 2, 1, 1, 1), (2, 4, 1, 3, 0, 2), (1, 1, 1, 1, 0, 0), (2, 2, 3, 3, 0, 0)],
)
@pytest.mark.parametrize("floor", [RELU, IDENTITY])
@pytest.mark.parametrize("C", [3, 21])
def test_average_pooling(window, floor, C):
    """Sums are divided by the whole window; derivatives go to all members, where ReLU is on."""
    n, H, W = 5, 7, 8
    kh, kw, sy, sx, py, px = window
    P, Q = (H + 2 * py - kh) // sy + 1, (W + 2 * px - kw) // sx + 1
    x, d = integers(0, n, C, H, W), integers(1, n, C, P, Q)
    wanted, dx = np.zeros((n, C, P, Q), np.float32), np.zeros_like(x)
    for i, j in np.ndindex(P, Q):
        seen = members(window, H, W, i, j)
        mean = sum((x[:, :, y, z] for y, z in seen), np.zeros((n, C), np.float32)) / (kh * kw)
        wanted[:, :, i, j] = mean if np.isnan(floor) else np.maximum(mean, floor)
        live = 1 if np.isnan(floor) else mean > floor
        for y, z in seen:
            dx[:, :, y, z] += d[:, :, i, j] * live / (kh * kw)
    source, out = framed(x, (1, 2)), framed(np.zeros_like(wanted))
    sizes = (tuple(source.sizes), tuple(out.sizes), window, (C, H, W, P, Q), SHARES)
    average_pooling(lanes())(source.value, out.value, floor, n, *sizes)
    np.testing.assert_array_equal(out.view(n), wanted)
    out.grad_view(n)[...] = d
    source.grad[...] = 7
    average_pooling_backward(lanes())(out.grad, out.value, not np.isnan(floor), source.grad, n, *sizes)
    np.testing.assert_array_equal(source.grad_view(n), dx)
