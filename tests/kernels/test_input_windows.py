"""dx behind pooling, window by window, beside NumPy."""

from dataclasses import astuple

import numpy as np
import pytest
from references import flat, framed, input_gradient, integers, reads, slots, spread, winners, winners_framed

from convlens.engine.tiles import WindowTile
from convlens.kernels.convolution.input_windows import convolution_windows, pack_windows
from convlens.kernels.runtime.parallel import SHARES
from convlens.kernels.runtime.slots import SLOTS


@pytest.mark.parametrize(
    ("kernel", "C", "F", "stride", "pad"),
    [((5, 5), 6, 16, (1, 1), (0, 0)), ((5, 5), 6, 7, (1, 1), (2, 2)), ((3, 3), 3, 10, (1, 1), (1, 1)),
     ((3, 3), 5, 4, (2, 1), (0, 1))],
)  # fmt: skip
@pytest.mark.parametrize("n", [1, 9])
def test_windows(kernel, C, F, stride, pad, n):
    """Live filters of a window are added to its union patch where their winners lie; old values go."""
    tile = WindowTile.choose(F, kernel, stride, C)
    H = 7 * stride[0] + kernel[0] - 2 * pad[0]
    W = 5 * stride[1] + kernel[1] - 2 * pad[1]
    w, (winner, d) = integers(0, F, C, *kernel), winners(1, n, F, 4, 3)
    live = np.where(winner < 4, d, 0)  # the kernel for the filters has masked them
    source, out = framed(np.zeros((n, C, H, W)), pad), framed(d)
    source.grad[...] = 5
    out.grad_view(n)[...] = live
    width = tile.vectors * tile.lanes
    copies = np.zeros(2 * F * (kernel[0] + 2 * stride[0]) * width + 128, np.float32)
    pack_windows(flat(w), copies, F, (*kernel, C), stride, width)
    room = np.zeros((SLOTS, F + 1), np.int64), np.zeros((SLOTS, F + 1), np.float32)
    sizes = reads(source, pad, stride), tuple(out.sizes), (kernel[0], stride[0], F, 4, 3), SHARES
    convolution_windows(*astuple(tile))(
        out.grad, winners_framed(winner, out), copies, source.grad, slots(), *room, n, *sizes
    )
    wanted = input_gradient(w, spread(d, winner), (C, H, W), stride, pad)
    np.testing.assert_array_equal(source.grad_view(n), wanted)
