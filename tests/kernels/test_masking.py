"""Marking where ReLU is off."""

import numpy as np

from convlens.kernels.masking import mark_off
from convlens.kernels.runtime.parallel import SHARES
from convlens.kernels.simd.vectors import OFF


def test_outputs_that_relu_switched_off_are_marked():
    """0 means off; a NaN is on, so that it goes on through the backward pass."""
    y = np.resize(np.array([0, 2, np.nan, -0.0, 1e-30, np.inf, 0], np.float32), 101)
    winner = np.full(101, 9, np.uint8)
    mark_off(y, winner, SHARES)
    np.testing.assert_array_equal(winner, np.where(y == 0, OFF, 0))
