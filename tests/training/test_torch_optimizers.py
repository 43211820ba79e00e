"""Optimizers against torch.optim in float64, over several steps.

The definitions agree for SGD, Momentum, Nesterov (the current Japanese edition's form), AdaGrad and
RMSprop, once PyTorch's ε is set to the book's 1e-7. They do not for Adam: PyTorch corrects √v for the
start before it adds ε, the book does not. ε / √(1 - β₂ᵗ), set anew at each step, makes them equal.
"""

import numpy as np
import pytest

from convlens.training import make_optimizer
from convlens.training.clipping import clipped

torch = pytest.importorskip("torch")

pytestmark = pytest.mark.torch

THEIRS = {
    "sgd": lambda p, **more: torch.optim.SGD(p, lr=0.1, **more),
    "momentum": lambda p, **more: torch.optim.SGD(p, lr=0.1, momentum=0.9, **more),
    "nesterov": lambda p, **more: torch.optim.SGD(p, lr=0.1, momentum=0.9, nesterov=True, **more),
    "adagrad": lambda p, **more: torch.optim.Adagrad(p, lr=0.1, eps=1e-7, **more),
    "rmsprop": lambda p, **more: torch.optim.RMSprop(p, lr=0.1, alpha=0.99, eps=1e-7, **more),
    "adam": lambda p, **more: torch.optim.Adam(p, lr=0.1, **more),
    "adamw": lambda p, **more: torch.optim.AdamW(p, lr=0.1, **more),
}


def as_the_book_adds_it(theirs, step):
    """Let PyTorch's Adam add the book's ε at this step."""
    for group in theirs.param_groups:
        group["eps"] = 1e-7 / (1 - 0.999**step) ** 0.5


@pytest.mark.parametrize("name", list(THEIRS))
def test_seven_steps(name):
    """From one start, along one sequence of gradients, small ones among them, both stay together to 1e-12."""
    rng = np.random.default_rng(0)
    params = {"W": rng.normal(size=(3, 4)), "b": rng.normal(size=4)}
    tensors = {key: torch.tensor(value.copy(), requires_grad=True) for key, value in params.items()}
    ours, theirs = make_optimizer(name, {"lr": 0.1}), THEIRS[name](list(tensors.values()))
    ours.decays_all = True  # as PyTorch's, where nobody makes groups
    for step in range(1, 8):
        grads = {key: rng.normal(size=value.shape) * 10.0**-step for key, value in params.items()}
        for key, tensor in tensors.items():
            tensor.grad = torch.tensor(grads[key])
        if name == "adam":
            as_the_book_adds_it(theirs, step)
        ours.update(params, grads)
        theirs.step()
        for key, tensor in tensors.items():
            np.testing.assert_allclose(params[key], tensor.detach().numpy(), rtol=0, atol=1e-12)


@pytest.mark.parametrize("decays_all", [False, True], ids=["weights decay", "all decay"])
@pytest.mark.parametrize("most", [0, 3.4], ids=["as they are", "clipped"])
@pytest.mark.parametrize("name", list(THEIRS))
def test_fifty_steps_with_weight_decay_and_clipping(name, most, decays_all):
    """Weights decay as PyTorch's groups say, behind `clip_grad_norm_`; both stay together to 1e-12."""
    rng = np.random.default_rng(0)
    params = {"W": rng.normal(size=(5, 4)), "b": rng.normal(size=4), "gamma": rng.normal(size=3)}
    tensors = {key: torch.tensor(value.copy(), requires_grad=True) for key, value in params.items()}
    groups = [
        {"params": [one], "weight_decay": 0.05 * (decays_all or one.ndim > 1)} for one in tensors.values()
    ]
    ours, theirs = make_optimizer(name, {"lr": 0.1, "weight_decay": 0.05}), THEIRS[name](groups)
    ours.decays_all = decays_all
    for step in range(1, 51):
        grads = {key: rng.normal(size=value.shape) for key, value in params.items()}
        for key, tensor in tensors.items():
            tensor.grad = torch.tensor(grads[key])
        if most:
            torch.nn.utils.clip_grad_norm_(list(tensors.values()), most)
        if name == "adam":
            as_the_book_adds_it(theirs, step)
        ours.update(params, clipped(params, grads, most))
        theirs.step()
    for key, tensor in tensors.items():
        np.testing.assert_allclose(params[key], tensor.detach().numpy(), rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", list(THEIRS))
def test_what_decays_where_nothing_is_said(name):
    """AdamW takes a hundredth of the learning rate off, as PyTorch's does; the others nothing."""
    usual = THEIRS[name]([torch.zeros(1)]).param_groups[0]["weight_decay"]
    assert make_optimizer(name).weight_decay == usual


def test_adam_differs_from_torch():
    """With the same ε the two Adams differ where gradients are as small as ε: the book's go less far."""
    params, tensor = {"W": np.zeros(1)}, torch.zeros(1, dtype=torch.float64, requires_grad=True)
    theirs = torch.optim.Adam([tensor], lr=0.1, eps=1e-7)
    tensor.grad = torch.full((1,), 1e-6, dtype=torch.float64)
    make_optimizer("adam", {"lr": 0.1}).update(params, {"W": np.full(1, 1e-6)})
    theirs.step()
    assert params["W"][0] == pytest.approx(-0.1 * 1e-6 / (1e-6 + 1e-7 / 0.001**0.5))
    assert tensor.item() == pytest.approx(-0.1 / 1.1)
