"""Label smoothing in the loss: beside PyTorch, as a derivative, and where it is refused."""

import numpy as np
import pytest

from cases import central_difference
from convlens.errors import UsageError
from convlens.layers import SoftmaxWithLoss

RNG = np.random.default_rng(0)
X, T, W = RNG.normal(size=(7, 5)) * 3, RNG.integers(0, 5, 7), RNG.random(7)
amounts = pytest.mark.parametrize("smoothing", [0, 0.05, 0.1, 0.5, 0.999])


@amounts
@pytest.mark.torch
def test_it_is_pytorchs(smoothing):
    """`cross_entropy(label_smoothing=)` and its derivative, to 1e-12, labels of either form."""
    torch = pytest.importorskip("torch")
    there = torch.tensor(X, requires_grad=True)
    expected = torch.nn.functional.cross_entropy(there, torch.tensor(T), label_smoothing=smoothing)
    expected.backward()
    for labels in (T, np.eye(5)[T]):
        loss = SoftmaxWithLoss(smoothing)
        assert loss.forward(X, labels) == pytest.approx(expected.item(), abs=1e-12)
        np.testing.assert_allclose(loss.backward(), there.grad.numpy(), rtol=0, atol=1e-12)


@amounts
@pytest.mark.parametrize("weights", [None, W])
def test_the_derivative_is_the_numerical_one(smoothing, weights):
    """With samples' weights, too: each sample's loss counts as often as they say."""
    loss, x = SoftmaxWithLoss(), X.copy()
    expected = central_difference(lambda: loss.forward(x, T, weights, smoothing), x)
    whole = loss.forward(x, T, weights, smoothing)
    np.testing.assert_allclose(loss.backward(), expected, rtol=0, atol=1e-8)
    each = [SoftmaxWithLoss(smoothing).forward(X[n : n + 1], T[n : n + 1]) for n in range(7)]
    assert whole == pytest.approx(np.mean(np.multiply(each, 1 if weights is None else weights)))


def test_what_is_said_at_a_call_counts():
    """The layer's own amount is for calls that say none."""
    loss = SoftmaxWithLoss(0.2)
    assert loss.forward(X, T, label_smoothing=0) == SoftmaxWithLoss().forward(X, T)
    assert loss.smoothing == 0
    assert loss.forward(X, T) == SoftmaxWithLoss().forward(X, T, label_smoothing=0.2)
    assert (loss.label_smoothing, loss.smoothing) == (0.2, 0.2)


def test_extreme_scores_stay_finite():
    """No logarithm of 0 is taken."""
    loss = SoftmaxWithLoss(0.1).forward(np.array([[1e4, -1e4, 0.0]]), np.array([1]))
    assert loss == pytest.approx(0.9 * 2e4 + 0.1 * 1e4)


@pytest.mark.parametrize("wrong", [-0.1, 1, 2, np.nan, "much", True, [0.1]])
def test_an_amount_that_is_none(wrong):
    """A label of which nothing is left teaches nothing."""
    with pytest.raises(UsageError, match=r"^`label_smoothing` of SoftmaxWithLoss must be a number from 0"):
        SoftmaxWithLoss(wrong)
    with pytest.raises(UsageError, match=r"^`label_smoothing` of SoftmaxWithLoss must be a number from 0"):
        SoftmaxWithLoss().forward(X, T, label_smoothing=0.1 if wrong is None else wrong)
