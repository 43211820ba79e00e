"""How the learning rate changes over a run."""

import numpy as np
import pytest

from convlens import SimpleConvNet, Trainer
from convlens.errors import UsageError
from convlens.training import SCHEDULES, Callback

SHARES = np.linspace(0, 1, 1001)


def test_known_points():
    """Each schedule starts, turns and ends where its docstring says."""
    cosine, step, cycle = SCHEDULES["cosine"], SCHEDULES["step"], SCHEDULES["one-cycle"]
    assert [SCHEDULES["constant"](s) for s in (0, 0.5, 1)] == [1, 1, 1]
    assert [cosine(s) for s in (0, 0.5, 1)] == pytest.approx([1, 0.5, 0])
    assert [step(s) for s in (0, 0.49, 0.5, 0.74, 0.75, 1)] == [1, 1, 0.1, 0.1, 0.01, 0.01]
    assert [cycle(s) for s in (0, 0.2, 1)] == pytest.approx([1 / 25, 1, 1e-3])
    assert cycle(0.1) == pytest.approx((1 + 1 / 25) / 2)


@pytest.mark.parametrize("name", SCHEDULES)
def test_between_nothing_and_the_peak(name):
    """No schedule goes above the learning rate that was asked for, or below zero."""
    values = np.array([SCHEDULES[name](share) for share in SHARES])
    assert values.max() <= 1
    assert values.min() >= 0


class Rates(Callback):
    """Remembers the learning rate of each update."""

    def __init__(self):
        self.seen = []

    def on_step(self, trainer, loss):
        self.seen.append(trainer.optimizer.lr)


@pytest.mark.parametrize("engine", ["fused", "layers"])
def test_the_trainer_follows_the_schedule(engine):
    """Every update has the learning rate of its place in the whole run, on either engine."""
    x, t, rates = np.zeros((20, 1, 8, 8), np.float32), np.zeros(20, int), Rates()
    network = SimpleConvNet((1, 8, 8), {"filter_num": 2, "filter_size": 3}, 4)
    trainer = Trainer(
        network, x, t, x, t, 2, 5, "SGD", {"lr": 0.1}, verbose=False, schedule="cosine", engine=engine,
        callbacks=[rates],
    )  # fmt: skip
    trainer.train()
    assert rates.seen == pytest.approx([0.1 * SCHEDULES["cosine"](i / 8) for i in range(8)])


@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize(("warm_up", "steps"), [(0, 0), (0.5, 2), (1, 4), (2, 8)])
def test_a_warm_up_of_every_schedule(schedule, warm_up, steps):
    """The rate rises along a line, in so many epochs, to what the schedule says; then it is that."""
    x, t, rates = np.zeros((20, 1, 8, 8), np.float32), np.zeros(20, int), Rates()
    network = SimpleConvNet((1, 8, 8), {"filter_num": 2, "filter_size": 3}, 4)
    trainer = Trainer(
        network, x, t, x, t, 2, 5, "SGD", {"lr": 0.1}, verbose=False, schedule=schedule, engine="layers",
        callbacks=[rates], warm_up=warm_up,
    )  # fmt: skip
    trainer.train()
    risen = [min(1, (i + 1) / steps) if steps else 1 for i in range(8)]
    assert rates.seen == pytest.approx([0.1 * SCHEDULES[schedule](i / 8) * risen[i] for i in range(8)])


def test_an_unknown_schedule_is_answered_with_the_list():
    """Who asks for a schedule that is not there learns which are."""
    with pytest.raises(UsageError, match="constant, cosine, step, one-cycle"):
        Trainer(
            SimpleConvNet(), np.zeros((1, 1, 28, 28)), [0], np.zeros((1, 1, 28, 28)), [0], schedule="zigzag"
        )
