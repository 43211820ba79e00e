"""Into how many groups samples are split that have sums of their own."""

import pytest

from convlens.engine.convolution.operands import SUMS, PartialSums, groups


@pytest.mark.parametrize("numbers", [1, 150, 750, 2400, 9216, 36_864, 10_000_000])
def test_groups_are_work_for_many_threads_and_little_to_add_up(numbers):
    """16 at least, 64 at most, and between them no more than private sums may take in all."""
    count = groups(numbers)
    assert 16 <= count <= 64
    assert count == 16 or count * numbers <= SUMS
    assert count == 64 or 2 * count * numbers > SUMS


def test_more_numbers_make_no_more_groups():
    """The rule looks at the size alone, and has no steps up."""
    counts = [groups(numbers) for numbers in range(1, 50_000, 7)]
    assert counts == sorted(counts, reverse=True)


@pytest.mark.parametrize(("numbers", "filters", "count"), [(100, 6, None), (100, 17, 8), (40_000, 64, None)])
def test_room_for_each_group(numbers, filters, count):
    """A row a group for the filters, and one for the biases."""
    sums = PartialSums.of(numbers, filters, count)
    wanted = count or groups(numbers)
    assert len(sums.weights) == len(sums.biases) == wanted
    assert sums.weights.shape[1] >= numbers
    assert sums.biases.shape[1] >= filters
