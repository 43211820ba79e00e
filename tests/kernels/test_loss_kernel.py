"""Softmax with cross-entropy, and the check of a batch, beside NumPy."""

import numpy as np
import pytest

from convlens.kernels.loss import softmax_cross_entropy, take_labels


@pytest.mark.parametrize("labels", [np.uint8, np.int64])
@pytest.mark.parametrize(("classes", "ld"), [(10, 16), (2, 2), (1, 8), (300, 304)])  # the last on threads
@pytest.mark.parametrize("smoothing", [0, 0.1])
def test_loss_and_its_derivatives(classes, ld, labels, smoothing):
    """The share of some samples in a batch's weighted mean; numbers behind a row stay as they are."""
    rng = np.random.default_rng(0)
    n, batch = 6, 10
    z = rng.standard_normal((n, ld)).astype(np.float32) * 20
    t = rng.integers(0, classes, n).astype(labels)
    dz = np.full((n, ld), 7, np.float32)
    loss, logs, w = np.zeros(1), np.zeros(n), rng.random(n).astype(np.float32)
    ends = n, batch, ld, classes, np.float32(smoothing)
    softmax_cross_entropy(z.reshape(-1), dz.reshape(-1), t, w, loss, logs, *ends)
    exact = z[:, :classes].astype(np.float64)
    p = np.exp(exact - exact.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    q = np.full(p.shape, smoothing / classes)
    q[range(n), t.astype(int)] += 1 - smoothing
    expected = -(w[:, None] * q * np.log(p)).sum() / batch
    assert loss[0] == pytest.approx(expected, rel=1e-5, abs=1e-6)
    np.testing.assert_allclose(dz[:, :classes], w[:, None] * (p - q) / batch, atol=1e-7)
    assert (dz[:, classes:] == 7).all()


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_diverged_score_makes_a_diverged_loss(bad):
    """Scores that are no numbers are not hidden by the maximum that is taken off."""
    z = np.array([0, bad, 1], np.float32)
    loss = np.zeros(1)
    softmax_cross_entropy(
        z, np.zeros_like(z), np.array([0]), np.ones(1, np.float32), loss, np.zeros(1), 1, 1, 3, 3,
        np.float32(0),
    )  # fmt: skip
    assert not np.isfinite(loss[0])


@pytest.mark.parametrize(
    ("index", "labels", "fault"),
    [
        ([0, 4], [0, 1, 2, 0, 1], 0),
        ([5], [0, 1, 2, 0, 1], 1),
        ([0, -1], [0, 1, 2, 0, 1], 1),
        ([3], [0, 1, 2, 3, 1], 2),
        ([3], [0, 1, 2, -1, 1], 2),
        ([0], [0, 1, 2, 9, 1], 0),  # a wrong label that is not asked for
        ([], [0], 0),
    ],
)
@pytest.mark.parametrize("kind", [np.int8, np.int64])
def test_labels_are_taken_and_what_is_out_of_range_is_found(index, labels, fault, kind):
    """1: an index, 2: a label of a sample in the batch."""
    labels, taken = np.array(labels, kind), np.zeros(3, np.int64)
    assert take_labels(np.array(index, np.int64), labels, 5, 3, taken) == fault
    if not fault:
        np.testing.assert_array_equal(taken[: len(index)], labels[index] if index else [])
