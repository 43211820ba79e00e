"""Between channels-last frames and rows in the book's order."""

import numpy as np
import pytest
from references import framed, integers

from convlens.kernels.layout import to_channel_major, to_channels_last
from convlens.kernels.runtime.parallel import SHARES


@pytest.mark.parametrize("shape", [(16, 8, 8), (3, 5, 4), (9, 1, 17), (30, 12, 12), (1, 3, 3)])
@pytest.mark.parametrize("border", [(0, 0), (1, 2)])
def test_there_and_back(shape, border):
    """Blocks of 8 x 8, what is left over, and rows with a border between them."""
    n, features = 9, int(np.prod(shape))
    x, ld = integers(0, n, *shape), features + 5
    frame, rows = framed(x, border), np.zeros((n, ld), np.float32)
    to_channel_major(frame.value, rows.reshape(-1), n, tuple(frame.sizes), ld, shape, SHARES)
    np.testing.assert_array_equal(rows[:, :features].reshape(x.shape), x)
    assert not rows[:, features:].any()
    to_channels_last(rows.reshape(-1), frame.grad, n, tuple(frame.sizes), ld, shape, SHARES)
    np.testing.assert_array_equal(frame.grad_view(n), x)
    frame.grad_view(n)[...] = 0
    assert not frame.grad.any()
