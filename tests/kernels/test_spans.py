"""Runs of numbers, copied and added."""

import numpy as np
import pytest
from references import integers

from convlens.kernels.spans import add_span, copy_span

COUNTS = [1, 7, 100, 10_000]  # the last one on several threads


@pytest.mark.parametrize("count", COUNTS)
def test_a_run_is_copied_and_nothing_behind_it(count):
    """Whatever follows in either array stays."""
    x, y = integers(0, count + 3), np.full(count + 5, 9, np.float32)
    copy_span(x, y, count)
    np.testing.assert_array_equal(y, [*x[:count], *[9] * 5])


@pytest.mark.parametrize("count", COUNTS)
def test_a_run_is_added_and_nothing_behind_it(count):
    """Each number to that in its place."""
    x, y = integers(0, count + 3), integers(1, count + 5)
    wanted = [*(x[:count] + y[:count]), *y[count:]]
    add_span(x, y, count)
    np.testing.assert_array_equal(y, wanted)
