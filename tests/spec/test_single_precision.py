"""Settings that single precision cannot hold: 0 or infinite in a network, whatever they are in Python."""

import pytest

from convlens.errors import SpecError, UsageError
from convlens.spec import BatchNormalization
from convlens.training.arguments import tamed
from convlens.training.optimizers import make_optimizer


@pytest.mark.parametrize("eps", [1e-300, 1e-45, 5e-324, 1e-38])
def test_an_eps_that_would_be_nothing(eps):
    """A channel of one value would be divided by 0."""
    with pytest.raises(SpecError, match=r"`eps` of BatchNormalization must be .* in single precision"):
        BatchNormalization(eps)
    assert BatchNormalization(1.2e-38).eps == 1.2e-38


@pytest.mark.parametrize(
    ("name", "param", "said"),
    [
        ("sgd", {"lr": 1e-300}, "`lr` of SGD must be above 0 and finite in single precision. Got 1e-300."),
        ("adam", {"lr": 1e300}, "`lr` of Adam must be above 0 and finite in single precision"),
        ("momentum", {"lr": 1e-39}, "`lr` of Momentum must be above 0 and finite in single precision"),
        ("sgd", {"weight_decay": 1e39}, "`weight_decay` of SGD must be 0 or more and finite in single"),
        ("adamw", {"weight_decay": 1e300}, "`weight_decay` of AdamW must be 0 or more and finite in single"),
    ],
)
def test_a_rate_that_would_be_nothing_or_infinite(name, param, said):
    """Weights would stay what they are, or be lost, without a word."""
    with pytest.raises(UsageError, match=said):
        make_optimizer(name, param)


@pytest.mark.parametrize("most", [1e-300, 1e-39, 1e39, 1e300])
def test_a_norm_that_would_be_nothing_or_infinite(most):
    """Derivatives clipped to it would be 0."""
    with pytest.raises(UsageError, match="`clip_norm` of Trainer must be 0 or more and finite in single"):
        tamed("clip_norm", most)
    assert tamed("clip_norm", 0) == 0


@pytest.mark.parametrize(
    ("name", "param"), [("sgd", {"lr": 1e38}), ("adam", {"lr": 1e-30}), ("sgd", {"weight_decay": 1e-300})]
)
def test_what_single_precision_holds(name, param):
    """However odd; a decay of nothing is none."""
    assert param.items() <= vars(make_optimizer(name, param)).items()
