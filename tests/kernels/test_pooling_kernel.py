"""Max-pooling of any window, beside loops in Python."""

import numpy as np
import pytest
from references import framed, integers

from convlens.engine.memory import aligned
from convlens.kernels.pooling import pooling, pooling_backward
from convlens.kernels.runtime.parallel import SHARES

RELU, IDENTITY = np.float32(0), np.float32(np.nan)


def looped(x, window, floor):
    """Return (maxima, for each the place (row, column) of the first one, or None where ReLU is off)."""
    kh, kw, sy, sx, py, px = window
    n, C, H, W = x.shape
    P, Q = (H + 2 * py - kh) // sy + 1, (W + 2 * px - kw) // sx + 1
    out, places = np.zeros((n, C, P, Q), np.float32), {}
    for m, c, i, j in np.ndindex(n, C, P, Q):
        inside = [
            (y, z)
            for y in range(max(i * sy - py, 0), min(i * sy - py + kh, H))
            for z in range(max(j * sx - px, 0), min(j * sx - px + kw, W))
        ]
        best = max(inside, key=lambda place: x[m, c, *place])  # the first of equals
        top = x[m, c, *best]
        off = top <= floor
        out[m, c, i, j] = floor if off else top
        places[m, c, i, j] = None if off else best
    return out, places


@pytest.mark.parametrize(
    "window",
    [(2, 2, 2, 2, 0, 0), (3, 3, 2, 2, 1, 1), (2, 3, 1, 2, 0, 1), (1, 1, 1, 1, 0, 0), (4, 2, 3, 1, 2, 0)],
)
@pytest.mark.parametrize("floor", [RELU, IDENTITY])
def test_pooling(window, floor):
    """The first maximum wins, the padding takes no part, and derivatives go to the winners."""
    n, C, H, W = 9, 5, 7, 8
    x = integers(0, n, C, H, W, low=-2, high=3)
    wanted, places = looped(x, window, floor)
    P, Q = wanted.shape[2:]
    source, out = framed(x, (1, 2)), framed(np.zeros_like(wanted))
    winner = aligned(n * out.size, "int32")
    frames, shape = (tuple(source.sizes), tuple(out.sizes)), (C, H, W, P, Q)
    pooling(source.value, out.value, winner, floor, n, *frames, window, shape, SHARES)
    np.testing.assert_array_equal(out.view(n), wanted)
    d, dx = integers(1, n, C, P, Q), np.zeros_like(x)
    for (m, c, i, j), place in places.items():
        if place is not None:
            dx[m, c, *place] += d[m, c, i, j]
    out.grad_view(n)[...] = d
    source.grad[...] = 7
    pooling_backward(out.grad, winner, source.grad, n, *frames, shape, SHARES)
    np.testing.assert_array_equal(source.grad_view(n), dx)


def test_pooling_keeps_what_is_not_a_number():
    """A NaN wins its window, behind ReLU too: a diverged run must be seen."""
    x = integers(0, 1, 2, 4, 4)
    x[0, 1, 2, 1] = np.nan
    source, out = framed(x), framed(np.zeros((1, 2, 2, 2)))
    winner = aligned(out.size, "int32")
    frames = tuple(source.sizes), tuple(out.sizes)
    pooling(source.value, out.value, winner, RELU, 1, *frames, (2, 2, 2, 2, 0, 0), (2, 4, 4, 2, 2), 1)
    assert np.isnan(out.view(1)[0, 1, 1, 0])
    assert np.isnan(out.view(1)).sum() == 1
