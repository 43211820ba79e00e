"""The schedules are those of PyTorch."""

import pytest

from convlens.training import SCHEDULES

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.torch

N = 40  # updates of the run


def theirs(make):
    """The learning rate of each update under a scheduler of PyTorch, as a share of the peak 1."""
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=1.0)
    scheduler = make(optimizer)
    rates = []
    for _ in range(N):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return rates


def ours(name):
    return [SCHEDULES[name](i / N) for i in range(N)]


def test_cosine():
    """Cosine annealing to 0 over the run."""
    schedule = theirs(lambda o: torch.optim.lr_scheduler.CosineAnnealingLR(o, N))
    assert ours("cosine") == pytest.approx(schedule, abs=1e-12)


def test_step():
    """A tenth at half of the run, a hundredth at three quarters."""
    schedule = theirs(lambda o: torch.optim.lr_scheduler.MultiStepLR(o, [N // 2, 3 * N // 4]))
    assert ours("step") == pytest.approx(schedule, abs=1e-12)


def test_one_cycle():
    """PyTorch's with the same turning points: it counts both ends, so its cycle is one update longer."""
    schedule = theirs(
        lambda o: torch.optim.lr_scheduler.OneCycleLR(
            o, 1.0, N + 1, pct_start=(0.2 * N + 1) / (N + 1), cycle_momentum=False,
            div_factor=25, final_div_factor=40,
        )
    )  # fmt: skip
    assert ours("one-cycle") == pytest.approx(schedule, abs=1e-12)
