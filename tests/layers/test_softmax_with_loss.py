"""The loss behind the last layer: its value, its derivative, and which labels it takes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import logsumexp, softmax

from cases import central_difference
from convlens.errors import ShapeError, UsageError
from convlens.layers import BookSoftmaxWithLoss, SoftmaxWithLoss, class_numbers

SCORES = np.random.default_rng(0).normal(0, 4, (5, 3))
LABELS = np.array([0, 2, 1, 1, 0])
both = pytest.mark.parametrize("cls", [SoftmaxWithLoss, BookSoftmaxWithLoss])


def test_loss_equals_scipy():
    """The loss is mean(logsumexp(x) - x[t]), to the last digits."""
    expected = np.mean(logsumexp(SCORES, axis=1) - SCORES[np.arange(5), LABELS])
    assert SoftmaxWithLoss().forward(SCORES, LABELS) == pytest.approx(expected, rel=1e-14)


def test_book_loss():
    """The book's variant adds 1e-7 within the logarithm, so that no sample costs more than 16.118."""
    y = softmax(SCORES, axis=1)
    expected = -np.mean(np.log(y[np.arange(5), LABELS] + 1e-7))
    assert BookSoftmaxWithLoss().forward(SCORES, LABELS) == pytest.approx(expected, rel=1e-14)
    certain = np.array([[500.0, 0.0]])
    assert BookSoftmaxWithLoss().forward(certain, np.array([1])) == pytest.approx(16.118, abs=1e-3)


def test_loss_is_finite_and_exact_for_large_scores():
    """A certain and wrong answer costs the distance of its scores, however large, without a warning."""
    assert SoftmaxWithLoss().forward(np.array([[500.0, 0.0]]), np.array([1])) == 500.0
    assert SoftmaxWithLoss().forward(np.array([[1e4, 0.0]], np.float32), np.array([0])) == 0.0


@both
def test_derivative(cls):
    """backward() is the derivative of the loss by the scores (the book's, of the loss without its 1e-7)."""
    x, layer = SCORES.copy(), cls()
    expected = central_difference(lambda: SoftmaxWithLoss().forward(x, LABELS), x)
    layer.forward(x, LABELS)
    np.testing.assert_allclose(layer.backward(), expected, rtol=0, atol=1e-9)
    np.testing.assert_allclose(layer.backward(2.0), 2 * expected, rtol=0, atol=1e-9)


@both
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_dtype_and_inputs(cls, dtype):
    """The derivative has the scores' dtype, the loss is a Python float, nothing given is changed."""
    x, layer = SCORES.astype(dtype), cls()
    kept = x.copy()
    assert type(layer.forward(x, LABELS)) is float
    assert layer.backward().dtype == dtype
    np.testing.assert_array_equal(x, kept)
    np.testing.assert_allclose(layer.y, softmax(x, axis=1), rtol=1e-5)
    assert layer.t.tolist() == LABELS.tolist()


@both
def test_labels_in_any_form(cls):
    """Class numbers, a column of them (which the book gets wrong) and one-hot rows mean the same."""
    forms = (
        LABELS,
        LABELS.astype(np.uint8),
        LABELS[:, None],
        np.eye(3)[LABELS],
        np.eye(3, dtype=bool)[LABELS],
    )
    results = []
    for t in forms:
        layer = cls()
        results.append((layer.forward(SCORES, t), layer.backward().tolist()))
    assert all(result == results[0] for result in results)


def test_one_sample_with_a_label_of_shape_1_1():
    """T = [[1]], as in the book's gradient check, is one class number."""
    assert class_numbers(np.array([[1]]), 1, 10).tolist() == [1]


@given(st.lists(st.integers(0, 3), min_size=1, max_size=20))
def test_one_hot_round_trip(numbers):
    """The class numbers of one-hot rows are the numbers that made them."""
    assert class_numbers(np.eye(4)[numbers], len(numbers), 4).tolist() == numbers


@pytest.mark.parametrize(
    ("t", "error", "words"),
    [
        (np.array([0, 1, 3, 0, 0]), UsageError, r"labels must be class numbers 0 to 2. Got 0 to 3"),
        (np.array([0, -1, 2, 0, 0]), UsageError, r"Got -1 to 2"),
        (np.array([0.0, 1, 2, 0, 0]), UsageError, r"labels must be integers or one-hot rows. Got float64"),
        (np.full((5, 3), 1 / 3), UsageError, r"one-hot labels must have one 1 a row"),
        (np.zeros((5, 3)), UsageError, r"one-hot labels must have one 1 a row"),
        (np.eye(3)[[0, 1, 2, 0, 0]] * 2, UsageError, r"one-hot labels must have one 1 a row"),
        (np.array([[1, 1, 0]] * 5), UsageError, r"one-hot labels must have one 1 a row"),
        (np.array([0, 1, 2]), ShapeError, r"labels must be \(5,\) or one-hot \(5, 3\) .* Got \(3,\)"),
        (np.eye(4)[[0, 1, 2, 0, 0]], ShapeError, r"Got \(5, 4\)"),
        (np.array(1), ShapeError, r"Got \(\)"),
    ],
)
def test_wrong_labels(t, error, words):
    """Each says in one line what labels must be and what they are."""
    with pytest.raises(error, match=words) as raised:
        SoftmaxWithLoss().forward(SCORES, t)
    assert "\n" not in str(raised.value)


def test_wrong_scores():
    """Scores that are no table are refused."""
    with pytest.raises(ShapeError, match=r"scores must be \(N, classes\). Got \(2, 3, 4\)"):
        SoftmaxWithLoss().forward(np.zeros((2, 3, 4)), np.zeros(2, int))


def test_backward_needs_a_forward():
    """Backward before any forward says what is missing."""
    with pytest.raises(RuntimeError, match=r"SoftmaxWithLoss.backward needs a forward"):
        SoftmaxWithLoss().backward()
