"""Networks that learned nothing are told from those that did, with the likely cause."""

from types import SimpleNamespace

import numpy as np
import pytest

from convlens.findings import Cause, learned
from convlens.runs import RunConfig, train_run
from convlens.spec import Affine, Convolution, NetworkSpec, Pooling, Relu, Sigmoid
from looked_into import SMALL, trained
from lopsided import write_lopsided_set
from stand_ins import made_up_run

SIGMOIDS = NetworkSpec(
    "Sigmoids",
    (1, 28, 28),
    (
        Convolution(4, 5),
        Sigmoid(),
        Pooling(2),
        *(one for _ in range(4) for one in (Affine(20), Sigmoid())),
        Affine(10),
    ),
)
DEAD = NetworkSpec("Dead", (1, 28, 28), (Convolution(4, 5), Relu(), Pooling(2), Affine(10)))


@pytest.mark.parametrize(
    ("network", "settings", "cause"),
    [
        (SMALL, {"optimizer_param": {"lr": 0.003}, "epochs": 8, "batch_size": 10}, None),
        (SMALL, {"optimizer_param": {"lr": 3.0}}, Cause.RATE_TOO_HIGH),
        (SMALL, {"optimizer": "sgd", "optimizer_param": {"lr": 1e-9}}, Cause.RATE_TOO_LOW),
        (SMALL, {"optimizer": "adam", "optimizer_param": {"lr": 1e-7}}, Cause.RATE_TOO_LOW),
        (SMALL, {"optimizer": "momentum", "optimizer_param": {"lr": 1e-6}}, Cause.RATE_TOO_LOW),
        (SMALL, {"optimizer": "adam", "optimizer_param": {"lr": 0.0003}}, Cause.TOO_FEW_UPDATES),
        (DEAD, {"optimizer": "sgd", "optimizer_param": {"lr": 1e-7}, "batch_size": 2}, Cause.RATE_TOO_LOW),
        (SIGMOIDS, {"optimizer": "sgd", "optimizer_param": {"lr": 0.1}, "batch_size": 2}, Cause.VANISHING),
    ],
)
def test_the_likely_cause_is_judged_from_the_run(tmp_path, network, settings, cause):
    """A loss that shot up, weights that hardly moved, few updates, first layers that no gradient reaches."""
    run = trained(tmp_path, network, **settings)
    found = learned(run)
    assert found.cause is cause
    assert found.as_data() == {"seed": 0, "something": cause is None, "cause": cause and cause.value}
    if cause is not None:
        assert found.accuracy < 2 * found.share


def answering(given, right, *, train=0.1, moved=True, n_steps=1000):
    """Return a run that gave such answers, without a folder."""
    given, right = np.array(given), np.array(right)
    before = {"W1": np.ones((2, 2)), "W2": np.ones((2, 2))}
    after = {name: values + moved for name, values in before.items()}
    networks = {"initial": before, "final": after}
    return made_up_run(
        seed=3,
        folder="a/run",
        class_names=("a", "b"),
        spec=SimpleNamespace(n_classes=2, table=()),
        config=SimpleNamespace(n_steps=n_steps),
        results={"test_accuracy": float((given == right).mean())},
        predictions={"test": np.eye(2)[given]},
        data=SimpleNamespace(
            test=SimpleNamespace(t=right, head=lambda _: SimpleNamespace(x=None)), train=None, validation=None
        ),
        step_losses=np.full(5, 0.69),
        curve=lambda *_: SimpleNamespace(accuracy=np.array([train]), n_samples=1000),
        network=lambda _, which="final": SimpleNamespace(params=networks[which]),
    )


LOPSIDED = [0] * 90 + [1] * 10


@pytest.mark.parametrize(
    ("given", "right", "cause"),
    [
        ([0] * 100, LOPSIDED, Cause.UNCLEAR),
        ([0] * 93 + [1] * 7, LOPSIDED, None),
        ([0] * 98 + [1] * 2, LOPSIDED, Cause.UNCLEAR),
        ([0, 1] * 50, [0] * 50 + [1] * 50, Cause.UNCLEAR),
        ([0] * 40 + [1] * 60, [0] * 50 + [1] * 50, None),
        ([1] * 40 + [0] * 60, [0] * 50 + [1] * 50, Cause.UNCLEAR),
    ],
)
def test_the_baseline_is_the_largest_class(given, right, cause):
    """In a lopsided set 90 % may be nothing, and 97 % something; guessing half of two classes is nothing."""
    found = learned(answering(given, right))
    assert found.cause is cause
    assert found.share == max(right.count(0), right.count(1)) / 100
    assert found.seed == 3


@pytest.mark.parametrize(
    ("options", "cause"),
    [
        ({"train": 0.99}, Cause.BY_HEART),
        ({"train": 0.99, "n_steps": 5}, Cause.BY_HEART),
        ({"n_steps": 5}, Cause.TOO_FEW_UPDATES),
        ({"moved": False}, Cause.RATE_TOO_LOW),
        ({"moved": 0.0004, "n_steps": 5}, Cause.RATE_TOO_LOW),
        ({"moved": 0.001, "n_steps": 5}, Cause.TOO_FEW_UPDATES),
        ({"moved": 0.009, "n_steps": 150}, Cause.RATE_TOO_LOW),
        ({}, Cause.UNCLEAR),
    ],
)
def test_signs_have_an_order(options, cause):
    """Training images learned by heart say more than how many updates there were."""
    assert learned(answering([0] * 100, LOPSIDED, **options)).cause is cause


@pytest.mark.parametrize(
    ("given", "train", "below", "cause"),
    [
        ([1] * 45 + [0] * 55, 0.99, True, Cause.OTHER_LABELS),
        ([1] * 45 + [0] * 55, 0.5, True, Cause.UNCLEAR),
        ([1] * 100, 0.5, False, Cause.UNCLEAR),
        ([1] * 30 + [0] * 20 + [1] * 25 + [0] * 25, 0.99, False, Cause.BY_HEART),
    ],
)
def test_worse_than_guessing_is_not_the_level_of_guessing(given, train, below, cause):
    """Who guesses between two classes is right half of the time: far less is other labels."""
    found = learned(answering(given, [0] * 50 + [1] * 50, train=train))
    assert (found.is_below, found.cause) == (below, cause)


@pytest.mark.parametrize("counts", [(45, 5), (25, 25), (5,) * 10])
def test_a_layer_that_passes_nothing_on_is_dead(tmp_path, counts):
    """First weights far below zero: no unit reacts, and the answer is always the same."""
    data = write_lopsided_set(tmp_path / "set", counts, size=12)
    network = NetworkSpec("Dead", (1, 12, 12), (Affine(8), Relu(), Affine(10)), weight_init_std=0.01)
    config = RunConfig(
        network, str(data), 2 * sum(counts), 3, 10, "sgd", {"lr": 30.0}, evaluate_samples=20, engine="layers"
    )
    found = learned(train_run(config, tmp_path / "run", "convlens train"))
    assert found.cause in {Cause.DEAD, Cause.RATE_TOO_HIGH}
