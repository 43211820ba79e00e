"""Dropout: what is dropped, how often, and that it follows from (seed, step, sample, layer) alone."""

from dataclasses import replace

import numpy as np
import pytest

from cases import central_difference
from convlens import spec
from convlens.errors import SpecError
from convlens.layers import Batch, Dropout, build

X = np.random.default_rng(0).normal(size=(6, 3, 4, 5))
BATCH = Batch(X, np.zeros(6, int), np.arange(6), step=3, seed=7, place=(2,))


def mask_of(batch, ratio=0.5, x=X):
    """What a layer keeps of a batch."""
    layer = Dropout(ratio)
    layer.forward(x[: len(batch)], True, batch)
    return layer.mask


@pytest.mark.parametrize("ratio", [0, 0.1, 0.5, 0.9, 1 - 2**-40])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_what_is_kept_is_made_larger(ratio, dtype):
    """In training each number is 0 or x / (1 - ratio); the derivative is the same of dout."""
    layer, x = Dropout(ratio), X.astype(dtype)
    out, dx = layer.forward(x, True, BATCH), layer.backward(2 * x)
    for found, of in ((out, x), (dx, 2 * x)):
        assert found.dtype == dtype
        expected = np.where(layer.mask, of * np.asarray(1 / (1 - ratio), dtype), 0)
        np.testing.assert_array_equal(found, expected)
    assert layer.mask.all() or ratio > 0


def test_the_derivative_is_the_numerical_one():
    """At a step's own mask the layer is linear: backward is the derivative of forward, to 1e-9."""
    layer, dout = Dropout(0.4), np.random.default_rng(1).normal(size=X[:2].shape)
    two = replace(BATCH, index=np.arange(2))
    expected = central_difference(lambda: np.sum(layer.forward(two.x[:2], True, two) * dout), two.x[:2])
    layer.forward(X[:2], True, two)
    np.testing.assert_allclose(layer.backward(dout), expected, rtol=0, atol=1e-8)


@pytest.mark.parametrize("ratio", [0.05, 0.3, 0.5, 0.8])
def test_as_much_is_dropped_as_was_said(ratio):
    """Of 240,000 numbers the share is within four standard errors, at each place and in each sample."""
    x, batch = np.ones((400, 600)), Batch(np.ones((400, 600)), np.zeros(400, int), np.arange(400))
    mask = mask_of(batch, ratio, x)
    for axis, n in ((None, mask.size), (0, 400), (1, 600)):
        off = np.abs(mask.mean(axis=axis) - (1 - ratio)) / np.sqrt(ratio * (1 - ratio) / n)
        assert np.max(off) < (4 if axis is None else 5)


@pytest.mark.parametrize("shift", [1, 2, 16, 600])
def test_neighbours_do_not_know_of_each_other(shift):
    """What is dropped at one place says nothing of the next ones, nor of the next sample."""
    x = np.ones((400, 600))
    kept = mask_of(Batch(x, np.zeros(400, int), np.arange(400)), 0.5, x).ravel() - 0.5
    correlation = np.mean(kept[shift:] * kept[:-shift]) * 4
    assert abs(correlation) < 4 / np.sqrt(kept.size)


CHANGES = {
    "another seed": {"seed": 8}, "another step": {"step": 4}, "another layer": {"place": (3,)},
    "a layer within": {"place": (2, 0)}, "other samples": {"index": np.array([5, 0, 1, 2, 3, 4])},
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_masks_are_drawn_anew(change):
    """Another seed, step, layer or sample has a mask of its own."""
    alike = mask_of(BATCH) == mask_of(replace(BATCH, **change))
    assert 0.4 < alike.mean() < 0.6


def test_a_sample_has_its_mask_wherever_it_stands():
    """In a batch in one piece or in several, in any order, among others, as a copy under the same number."""
    whole = mask_of(BATCH)
    pieces = [mask_of(BATCH.piece(some)) for some in (slice(1), slice(1, 4), slice(4, 6))]
    np.testing.assert_array_equal(np.concatenate(pieces), whole)
    order = np.array([4, 1, 5])
    np.testing.assert_array_equal(mask_of(replace(BATCH, index=order)), whole[order])
    copies = replace(BATCH, x=X[order], index=np.arange(3), known_as=order)
    np.testing.assert_array_equal(mask_of(copies), whole[order])
    np.testing.assert_array_equal(mask_of(copies.piece(slice(1, 3))), whole[order[1:]])


def test_nothing_is_dropped_in_testing():
    """Forward is the identity then, and backward too; nothing is drawn."""
    layer = Dropout(0.9)
    np.random.seed(1)
    stood = np.random.get_state()[1].copy()
    np.testing.assert_array_equal(layer.forward(X), X)
    np.testing.assert_array_equal(layer.backward(X), X)
    np.testing.assert_array_equal(np.random.get_state()[1], stood)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_what_is_dropped_is_gone(value):
    """NaN and ∞ in a dropped place do not come through, in a kept place they do."""
    spoilt, layer = np.full(X.shape, value), Dropout(0.5)
    out = layer.forward(spoilt, True, BATCH)
    np.testing.assert_array_equal(out, np.where(layer.mask, value, 0))
    np.testing.assert_array_equal(layer.backward(spoilt), np.where(layer.mask, value, 0))


def test_without_a_batch_numpys_global_stream_decides():
    """In a network of one's own masks differ from call to call, and `np.random.seed` repeats them."""
    layer, masks = Dropout(0.5), []
    for seed in (5, None, 5):
        if seed is not None:
            np.random.seed(seed)
        layer.forward(X, True)
        masks.append(layer.mask)
    assert not np.array_equal(masks[0], masks[1])
    np.testing.assert_array_equal(masks[0], masks[2])


def test_whole_numbers_become_floats():
    """As a mean of whole numbers is none."""
    out = Dropout(0.75).forward(np.full((2, 30), 3), True, replace(BATCH, index=np.arange(2)))
    assert set(np.unique(out)) == {0.0, 12.0}


@pytest.mark.parametrize("ratio", [-0.1, 1, 1.5, np.nan, "half", None, True])
@pytest.mark.parametrize("make", [Dropout, spec.Dropout])
def test_a_ratio_that_is_none(make, ratio):
    """Everything cannot be dropped, nor less than nothing."""
    with pytest.raises(SpecError, match=r"^`ratio` of Dropout must be a number from 0 to below 1"):
        make(ratio)


class TestTheBook:
    """The book's own Dropout, written down here once more from its page."""

    @staticmethod
    def books(x, dout, ratio, seed):
        np.random.seed(seed)
        mask = np.random.rand(*x.shape) > ratio
        return x * mask, dout * mask, x * (1.0 - ratio)

    @pytest.mark.parametrize("ratio", [0.0, 0.15, 0.5, 0.95])
    @pytest.mark.parametrize("x", [X, X.reshape(6, -1)], ids=["pictures", "rows"])
    def test_it_is_the_books(self, ratio, x):
        """Training, its derivative and testing: the book's numbers to the last bit, from the same stream."""
        layer, dout = build(spec.Dropout(ratio, variant="book")), x + 1
        expected = self.books(x, dout, ratio, 3)
        np.random.seed(3)
        found = layer.forward(x, True), layer.backward(dout), layer.forward(x)
        for one, other in zip(found, expected, strict=True):
            np.testing.assert_array_equal(one, other)

    def test_its_protocol_makes_it_so(self):
        """A network of the book's protocol has the book's variant; another one has what it was given."""
        given = (spec.Dropout(0.3), spec.Affine(2))
        for protocol, variant in (("book", "book"), ("standard", "standard")):
            made = spec.NetworkSpec("n", (1, 2, 2), given, dtype="float64", protocol=protocol)
            assert made.layers[0] == spec.Dropout(0.3, variant=variant)

    @pytest.mark.parametrize("variant", ["", "books", None, 1])
    def test_there_are_two_variants(self, variant):
        """Everything else is refused."""
        with pytest.raises(SpecError, match=r"^`variant` of Dropout must be standard or book"):
            spec.Dropout(variant=variant)
