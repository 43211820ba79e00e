"""A moving average of the weights: what it is, who sees it, and that a training goes on as if it were not."""

import numpy as np
import pytest
from small_trainers import TT, XT, Listener, T, X, tiny, trainer_of
from test_hand_written import Decayed, Written
from test_learner import Plain

from convlens import Trainer
from convlens.errors import UsageError
from convlens.networks import Network
from convlens.spec import Affine, BatchNormalization, Convolution, NetworkSpec, Relu
from convlens.training import Callback


class Looks(Callback):
    """Remembers what the network holds at each moment."""

    def __init__(self):
        self.steps, self.epochs, self.end = [], [], None

    def on_step(self, trainer, loss):
        self.steps.append(vector_of(trainer.network))

    def on_epoch(self, trainer, scores):
        self.epochs.append(vector_of(trainer.network))

    def on_end(self, trainer):
        self.end = vector_of(trainer.network)


class Agrees(Callback):
    """Judges the network itself at each evaluation."""

    heard = 0

    def on_epoch(self, trainer, scores):
        assert trainer.network.evaluate(XT, TT) == scores.test
        self.heard += 1


def vector_of(network):
    """All parameters, one after the other."""
    return np.concatenate([np.ravel(value) for value in network.params.values()]).astype(np.float64)


def averages(vectors, decay):
    """The average after each update, written anew in float64."""
    found, average = [], np.zeros_like(vectors[0])
    for step, vector in enumerate(vectors):
        keeps = min(decay, step / (step + 10))
        average = keeps * average + (1 - keeps) * vector
        found.append(average)
    return found


def normalised():
    """A network whose layers keep running statistics."""
    kinds = Convolution(2, 3), BatchNormalization(), Relu(), Affine(3)
    return Network(NetworkSpec("normalised", (1, 6, 6), kinds, "he"))


NETWORKS = {
    "normalised": lambda: (normalised(), X, {}),
    "fused": lambda: (tiny(), X, {"engine": "fused"}),
    "layers": lambda: (tiny(), X, {"engine": "layers"}),
    "float64": lambda: (tiny(dtype="float64"), X, {}),
    "book": lambda: (tiny(protocol="book"), X, {}),
    "on the engine": lambda: (Written(), np.random.default_rng(0).random((50, 1, 8, 8)), {}),
    "as it is written": lambda: (Decayed(), np.random.default_rng(0).random((50, 1, 8, 8)), {}),
}


def trainer_with(kind, *callbacks, ema=0.3, epochs=3):
    """A Trainer of three epochs of one of the networks."""
    network, x, more = NETWORKS[kind]()
    given = {"verbose": False, "ema": ema, "callbacks": callbacks, **more}
    return Trainer(network, x, T, x[:20], TT, epochs, 16, "momentum", {"lr": 0.1}, **given)


@pytest.mark.parametrize("kind", NETWORKS)
@pytest.mark.parametrize("ema", [0.3, 0.9])
def test_what_is_judged_and_kept(kind, ema):
    """Every evaluation, its callbacks and the end see the average; the steps are those without it."""
    looks, without = Looks(), Looks()
    for decay, callback in ((ema, looks), (0.0, without)):
        np.random.seed(3)
        trainer_with(kind, callback, ema=decay).train()
    np.testing.assert_array_equal(looks.steps, without.steps)
    expected = averages(looks.steps, ema)
    per_epoch = len(expected) // 3
    ends = expected[::per_epoch] if kind == "book" else expected[per_epoch - 1 :: per_epoch]
    for held, average in zip(looks.epochs, ends, strict=True):
        np.testing.assert_allclose(held, average, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(looks.end, expected[-1], rtol=1e-5, atol=1e-6)
    assert not np.allclose(looks.end, looks.steps[-1], rtol=1e-4)


def test_the_scores_are_the_averages():
    """What an epoch's accuracy says, the network that its callbacks hear of says too."""
    agrees = Agrees()
    trainer = trainer_of(tiny(), ema=0.9, callbacks=[agrees], epochs=4)
    trainer.train()
    assert agrees.heard == 4
    assert trainer.network.accuracy(XT, TT) == trainer.final_test_acc


@pytest.mark.parametrize("kind", NETWORKS)
@pytest.mark.parametrize("step", [0, 1, 4, 7, 9])
def test_resumed_bit_for_bit(kind, step):
    """From any step, the average goes on as the weights do."""
    np.random.seed(3)
    whole = trainer_with(kind)
    whole.train()
    np.random.seed(3)
    first = trainer_with(kind)
    for _ in range(step):
        first.train_step()
    state = first.state()
    np.random.seed(9)
    second = trainer_with(kind)
    second.load_state(state)
    second.train()
    np.testing.assert_array_equal(vector_of(second.network), vector_of(whole.network))
    assert second.test_acc_list == whole.test_acc_list
    assert second.final_test_acc == whole.final_test_acc


@pytest.mark.parametrize("moment", ["on_epoch", "on_end"])
def test_a_state_taken_while_the_average_is_held(moment):
    """It holds what is trained beside the average, whichever of them the network holds at that moment."""
    states = []
    keeps = type("Keeps", (Callback,), {moment: lambda _, trainer, *__: states.append(trainer.state())})()
    listener = Listener()
    trainer = trainer_of(tiny(), ema=0.9, callbacks=[keeps, listener])
    trainer.train()
    live = np.concatenate([states[-1][f"params.{name}"].ravel() for name in trainer.network.params])
    np.testing.assert_array_equal(live, listener.vectors[-1])
    np.testing.assert_array_equal(states[-1]["average.vector"], trainer.network.params.vector)
    again = trainer_of(tiny(), ema=0.9)
    again.load_state(states[-1])
    again.train()
    np.testing.assert_array_equal(again.network.params.vector, trainer.network.params.vector)


def test_between_steps_the_network_holds_what_is_trained():
    """A loop of one's own sees the weights go on as without an average, evaluations or not."""
    one, two = trainer_of(tiny(), ema=0.9), trainer_of(tiny())
    for _ in range(8):
        one.train_step()
        two.train_step()
        np.testing.assert_array_equal(one.network.params.vector, two.network.params.vector)


@pytest.mark.parametrize(("mine", "other"), [(0.9, 0.0), (0.0, 0.9)])
def test_a_state_of_a_training_without_it(mine, other):
    """It is refused: a training with an average is another one."""
    trainer, stranger = trainer_of(tiny(), ema=mine), trainer_of(tiny(), ema=other)
    stranger.train_step()
    with pytest.raises(UsageError, match=r"`average.vector` must be "):
        trainer.load_state(stranger.state())


def test_numbers_that_are_no_arrays():
    """Nothing of them could be exchanged in place: the message names the first."""
    network = Plain()
    network.params["scale"] = 1.0
    with pytest.raises(
        UsageError, match=r"`ema` of Trainer needs parameters that are arrays. Got 1.0 as `sca"
    ):
        Trainer(network, X, T, XT, TT, verbose=False, ema=0.9)
