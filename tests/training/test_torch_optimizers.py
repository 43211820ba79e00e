"""Optimizers against torch.optim in float64, over several steps.

The definitions agree for SGD, Momentum, Nesterov (the current Japanese edition's form), AdaGrad and
RMSprop, once PyTorch's ε is set to the book's 1e-7. They do not for Adam: PyTorch corrects √v for the
start before it adds ε, the book does not. ε / √(1 - β₂ᵗ), set anew at each step, makes them equal.
"""

import numpy as np
import pytest

from convlens.training import make_optimizer

torch = pytest.importorskip("torch")

pytestmark = pytest.mark.torch

THEIRS = {
    "sgd": lambda p: torch.optim.SGD(p, lr=0.1),
    "momentum": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9),
    "nesterov": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, nesterov=True),
    "adagrad": lambda p: torch.optim.Adagrad(p, lr=0.1, eps=1e-7),
    "rmsprop": lambda p: torch.optim.RMSprop(p, lr=0.1, alpha=0.99, eps=1e-7),
    "adam": lambda p: torch.optim.Adam(p, lr=0.1),
}


@pytest.mark.parametrize("name", list(THEIRS))
def test_seven_steps(name):
    """From one start, along one sequence of gradients, small ones among them, both stay together to 1e-12."""
    rng = np.random.default_rng(0)
    params = {"W": rng.normal(size=(3, 4)), "b": rng.normal(size=4)}
    tensors = {key: torch.tensor(value.copy(), requires_grad=True) for key, value in params.items()}
    ours, theirs = make_optimizer(name, {"lr": 0.1}), THEIRS[name](list(tensors.values()))
    for step in range(1, 8):
        grads = {key: rng.normal(size=value.shape) * 10.0**-step for key, value in params.items()}
        for key, tensor in tensors.items():
            tensor.grad = torch.tensor(grads[key])
        if name == "adam":
            theirs.param_groups[0]["eps"] = 1e-7 / (1 - 0.999**step) ** 0.5
        ours.update(params, grads)
        theirs.step()
        for key, tensor in tensors.items():
            np.testing.assert_allclose(params[key], tensor.detach().numpy(), rtol=0, atol=1e-12)


def test_adam_differs_from_torch():
    """With the same ε the two Adams differ where gradients are as small as ε: the book's go less far."""
    params, tensor = {"W": np.zeros(1)}, torch.zeros(1, dtype=torch.float64, requires_grad=True)
    theirs = torch.optim.Adam([tensor], lr=0.1, eps=1e-7)
    tensor.grad = torch.full((1,), 1e-6, dtype=torch.float64)
    make_optimizer("adam", {"lr": 0.1}).update(params, {"W": np.full(1, 1e-6)})
    theirs.step()
    assert params["W"][0] == pytest.approx(-0.1 * 1e-6 / (1e-6 + 1e-7 / 0.001**0.5))
    assert tensor.item() == pytest.approx(-0.1 / 1.1)
