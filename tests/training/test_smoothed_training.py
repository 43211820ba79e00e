"""Trainings and runs with label smoothing: both engines, in pieces, beside weights, and what is reported."""

from dataclasses import replace

import numpy as np
import pytest
from small_trainers import TT, XT, BooksMethods, Notes, T, X, tiny, trainer_of

from convlens import Trainer, engine, spec
from convlens.errors import UsageError
from convlens.layers import Batch, SoftmaxWithLoss
from convlens.networks import Network
from convlens.runs import RunConfig

both_engines = pytest.mark.parametrize("name", ["fused", "layers"])


@both_engines
@pytest.mark.parametrize("weights", [None, np.linspace(0, 2, 50)])
def test_the_loss_of_a_step_is_smoothed(name, weights):
    """Loss and gradient are those of the readable loss on the network's scores."""
    network = tiny(engine=name)
    w = None if weights is None else weights.astype(np.float32)
    found = network.run(Batch(X, T, np.arange(50), w=w, label_smoothing=0.2))
    scores, loss = network.predict(X), SoftmaxWithLoss(0.2)
    assert found == pytest.approx(loss.forward(scores, T, w), rel=1e-5)
    expected = loss.backward().sum(axis=0)
    np.testing.assert_allclose(network.grads["b3"], expected, rtol=0, atol=1e-5)
    plain = network.run(Batch(X, T, np.arange(50), w=w))
    assert plain == pytest.approx(SoftmaxWithLoss().forward(scores, T, w), rel=1e-5)


def test_a_batch_in_pieces_is_smoothed_alike(monkeypatch):
    """Each piece knows how much."""
    batch, losses = Batch(X, T, np.arange(50), label_smoothing=0.3), []
    for cache in (10**9, 1):
        monkeypatch.setattr(engine.plan, "CACHE", cache)
        plan = engine.compile(tiny().layers, SoftmaxWithLoss(), (1, 6, 6), 50)
        losses.append(plan.run(batch))
    assert losses[1] == pytest.approx(losses[0], rel=1e-6)


@both_engines
def test_a_trainer_smooths_what_it_trains_and_not_what_it_judges(name):
    """Losses of steps are smoothed; those of evaluations are the network's own."""
    network, scores = tiny(engine=name), []
    trainer = trainer_of(network, label_smoothing=0.4, optimizer_param={"lr": 1e-9})
    before = SoftmaxWithLoss(0.4).forward(network.predict(X), T)
    own = trainer._judged
    trainer._judged = lambda *given: scores.append(own(*given)) or scores[-1]
    trainer.train()
    assert np.mean(trainer.train_loss_list[:3]) == pytest.approx(before, abs=0.05)
    assert scores[-1].loss == pytest.approx(SoftmaxWithLoss().forward(network.predict(XT), TT), rel=1e-5)


@both_engines
def test_a_networks_own_loss_smooths_where_nothing_else_is_said(name):
    """A Trainer that is given 0 trains without."""
    made = [
        Network.from_layers(tiny().layers, SoftmaxWithLoss(0.3), (1, 6, 6), engine=name) for _ in range(2)
    ]
    for network, given, amount in zip(made, (None, 0), (0.3, 0), strict=True):
        trainer = trainer_of(network, label_smoothing=given)
        index = trainer._protocol.batch(0, 50, 16)
        expected = SoftmaxWithLoss(amount).forward(network.predict(X[index]), T[index])
        trainer.train_step()
        assert trainer.train_loss_list == [pytest.approx(expected, rel=1e-5)]


def test_with_none_of_it_not_a_bit_changes():
    """0 is what it was before there was any."""
    vectors = []
    for changes in ({}, {"label_smoothing": 0}, {"label_smoothing": 0.0}):
        trainer = trainer_of(tiny(), **changes)
        trainer.train()
        vectors.append(trainer.network.params.vector)
    np.testing.assert_array_equal(vectors[0], vectors[1])
    np.testing.assert_array_equal(vectors[0], vectors[2])


class ByHand(BooksMethods):
    """A network as a reader writes it, with layers of ours."""

    def __init__(self, smoothing=0.0):
        twin = tiny(dtype="float64")
        self.params, self.layers, self.last_layer = twin.params, twin.layers, SoftmaxWithLoss(smoothing)

    def gradient(self, x, t):
        self.loss(x, t)
        dout, grads = self.last_layer.backward(), {}
        for layer in reversed(self.layers.values()):
            dout = layer.backward(dout)
        weighted = [layer for layer in self.layers.values() if layer.trained]
        for n, layer in enumerate(weighted, 1):
            grads |= {f"{key}{n}": value for key, value in layer.grads.items()}
        return grads


def test_a_class_of_ones_own_with_a_smoothed_loss_runs_on_the_engine():
    """Its loss says how much, and the engine does the same."""
    notes = Notes()
    Trainer(ByHand(0.2), X, T, XT, TT, 1, 16, verbose=False, callbacks=[notes]).train()
    assert "is trained on the engine" in notes.lines[0]


@pytest.mark.parametrize("protocol", ["standard", "book"])
def test_it_is_for_our_networks(protocol):
    """A class of one's own has a loss of its own; the book's loss has none."""
    network = ByHand() if protocol == "standard" else tiny(protocol="book")
    with pytest.raises(UsageError, match=r"^`label_smoothing` of Trainer is for networks of convlens under"):
        trainer_of(network, label_smoothing=0.1)


class TestRuns:
    """A run's setting."""

    def test_a_run_without_says_nothing_of_it(self):
        """So that ids of runs that are there stay."""
        plain, zero = RunConfig(spec.simple()), RunConfig(spec.simple(), label_smoothing=0)
        assert "label_smoothing" not in plain.to_dict()
        assert zero.run_id == plain.run_id
        assert replace(plain, label_smoothing=0.1).run_id != plain.run_id

    def test_its_command_says_it(self):
        """And what it was comes back from the config as data."""
        config = RunConfig(spec.simple(), label_smoothing=0.1)
        assert "--label-smoothing 0.1" in config.command("simple", "out")
        assert RunConfig.from_dict(config.to_dict()) == config

    @pytest.mark.parametrize("wrong", [1, -1, "0.1", None])
    def test_an_amount_that_is_none(self, wrong):
        """Refused before anything is trained."""
        with pytest.raises(UsageError, match="`label_smoothing` of a run must be a number from 0 to below 1"):
            RunConfig(spec.simple(), label_smoothing=wrong)

    def test_not_under_the_books_protocol(self):
        """Whose loss is the book's."""
        network = replace(spec.simple(), dtype="float64", protocol="book")
        with pytest.raises(UsageError, match="must be 0 under the book's protocol"):
            RunConfig(network, label_smoothing=0.1)
