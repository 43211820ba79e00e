"""Which pictures are trained on and held out."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from convlens.data import Span, Split, split_for
from convlens.errors import UsageError


@pytest.mark.parametrize(
    "split",
    [
        Split("small", Span(0, 5_000), Span(5_000, 15_000), 1000),
        Split("holdout", Span(0, 55_000), Span(55_000, 60_000), 1000),
        Split("full", Span(0, 60_000), None, 1000),
        Split("first-1000", Span(0, 1_000), Span(1_000, 11_000), 1000),
    ],
)
def test_the_named_splits_of_mnist(split):
    """The three names mean these pictures, for ever; any other size has its number."""
    assert split_for(split.train.size) == split


@pytest.mark.parametrize(
    ("train_size", "validation"),
    [
        (1, (1, 10_001)),
        (1_000, (1_000, 11_000)),
        (5_000, (5_000, 15_000)),
        (50_000, (50_000, 60_000)),
        (50_001, (55_000, 60_000)),
        (55_000, (55_000, 60_000)),
        (60_000, None),
    ],
)
def test_any_size_of_mnist(train_size, validation):
    """The next 10,000 are held out, or the last 5,000 where fewer are left, or none."""
    split = split_for(train_size)
    assert split.train == (0, train_size)
    assert split.validation == validation


@pytest.mark.parametrize("train_size", [-1, 0, 55_001, 59_999, 60_001])
def test_impossible_sizes(train_size):
    """A size that leaves too few to hold out is refused, and the message says which are possible."""
    with pytest.raises(UsageError, match=r"must be 1 to 55,000, or 60,000 \(all images, none held out\)"):
        split_for(train_size)


def test_names_in_another_data_set():
    """Names keep their meaning where a data set has another size."""
    assert split_for(200, 200).name == "full"
    assert split_for(1100, 1200) == Split("holdout", Span(0, 1100), Span(1100, 1200))
    assert split_for(5_000, 112_800) == Split("small", Span(0, 5_000), Span(5_000, 15_000))
    with pytest.raises(UsageError, match="1 to 184, or 200"):
        split_for(190, 200)


@given(n=st.integers(1, 200_000), share=st.floats(0, 1))
def test_what_every_split_keeps(n, share):
    """For any size: training first, then what is held out, no picture in both, none beyond the end."""
    train_size = round(share * n)
    assume(train_size >= 1)
    try:
        split = split_for(train_size, n)
    except UsageError:
        assert n - max(1, min(5_000, n // 12)) < train_size < n
        return
    assert split.train == (0, train_size)
    if split.validation is None:
        assert train_size == n
    else:
        assert train_size <= split.validation.start < split.validation.stop <= n


def test_a_span_is_a_view():
    """A span takes its part of an array without a copy."""
    array = np.arange(10)
    part = Span(2, 5).of(array)
    assert part.tolist() == [2, 3, 4]
    assert part.base is array
    assert Span(2, 5).size == 3
