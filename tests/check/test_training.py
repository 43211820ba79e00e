"""The last question: what only a short training shows is found, and who trains well is let alone."""

import numpy as np
import pytest
import stepped_badly
import trained_badly
from stepped_badly import LAYERS, OPTIMIZERS, Dense, Surprise
from trained_badly import NETWORKS, Right
from trained_well import RIGHT

from convlens.check import Outcome, check_layer, check_loss, check_network, check_optimizer
from convlens.check.training_reference import N_SEEDS, QUANTILE, reference_of
from convlens.study.statistics import student_quantile

RNG = np.random.default_rng(3)
X, T = RNG.random((3, 12)), np.array([0, 2, 1])


def found_in(outcome):
    """Return what is wrong: the question, what is guilty, and the causes."""
    return [(one.check, one.target, one.causes) for one in outcome.findings]


@pytest.mark.parametrize("kind", NETWORKS)
def test_what_only_a_training_shows_of_a_network(kind):
    """First weights, answers, steps and whole trainings: one finding, with both numbers and its cause."""
    outcome = check_network(kind(), X, T)
    assert found_in(outcome) == [("training", *NETWORKS[kind])]
    finding = outcome.findings[0]
    assert " … " in finding.expected
    assert float(finding.got) != 0
    assert finding.line is not None


@pytest.mark.parametrize("kind", RIGHT)
def test_a_network_that_trains_is_let_alone(kind):
    """Other weights, activations, losses and steps are no faults, and the network itself stays as it was."""
    network = kind()
    before = {key: one.copy() for key, one in network.params.items()}
    outcome = check_network(network, X, T)
    assert found_in(outcome) == []
    assert "training" in outcome.passed
    for key, one in network.params.items():
        np.testing.assert_array_equal(one, before[key])


@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_what_only_a_descent_shows(kind):
    """Rates out of all proportion, a lost memory, a rule that goes uphill."""
    assert found_in(check_optimizer(kind())) == [("training", "descent", OPTIMIZERS[kind])]
    assert check_optimizer(stepped_badly.SGD()).passed[-1] == "training"


@pytest.mark.parametrize("kind", [Dense, *LAYERS])
def test_what_only_a_training_shows_of_a_layer(kind):
    """Its own step, and what builds up over many calls; how large its weights are is no fault."""
    wanted = [("training", *LAYERS[kind])] if kind in LAYERS else []
    layer = kind(0.01 * RNG.normal(size=(5, 4)), np.zeros(4))
    assert found_in(check_layer(layer, RNG.normal(size=(3, 5)))) == wanted


def test_a_loss_that_is_turned_over():
    """Its gradient is right, and leads to wrong answers."""
    assert found_in(check_loss(Surprise())) == [("training", "answers", ("upside_down",))]


class Slow(Right):
    """Needs a while for each step."""

    def gradient(self, x, t):
        sum(n * n for n in range(200_000))
        return super().gradient(x, t)


class OfThree(Right):
    """Takes batches of three only."""

    def loss(self, x, t):
        return super().loss(x + np.zeros((3, 1)), t)


@pytest.mark.parametrize(("kind", "why", "said"), [(Slow, "slow", "a step"), (OfThree, "ended", "Error")])
def test_who_is_not_trained_is_told_why(kind, why, said):
    """What would take too long, or ends in an error: a remark, and no fault."""
    outcome = check_network(kind(), X, T)
    assert outcome.ok
    assert outcome.untrained["why"] == why
    for lang in ("en", "ko", "ja"):
        assert outcome.text(lang)
    assert said in outcome.text()
    assert Outcome.from_dict(outcome.to_dict()) == outcome


class Endless(Right):
    """Never stops to train, and prints all the while."""

    def fit(self, x, t):
        while True:
            print("training")  # noqa: T201 (it is what a stranger does)


def test_a_training_without_an_end_is_ended(monkeypatch, capsys):
    """It is told that it was not trained, and what it prints goes nowhere."""
    monkeypatch.setattr("convlens.check.training._SECONDS", 0.5)
    assert check_network(Endless(), X, T).untrained["why"] == "slow"
    assert capsys.readouterr().out == ""


def test_a_finding_is_said_in_every_language():
    """Both numbers, and the cause or that it is not named."""
    for kind in (trained_badly.Zeros, trained_badly.StepWithoutBias, trained_badly.OnlyFirst):
        outcome = check_network(kind(), X, T)
        said = {lang: outcome.text(lang, "full") for lang in ("en", "ko", "ja")}
        assert len(set(said.values())) == 3
        assert all(outcome.findings[0].got in text for text in said.values())
    assert "the cause is not named" in said["en"]


def test_the_interval_is_students():
    """Of eight runs, for one more, 99.9 times out of 100; who learned nothing is never within."""
    assert pytest.approx(QUANTILE, abs=1e-4) == student_quantile(0.999, N_SEEDS - 1)
    values = [0.1, 0.12, 0.11, 0.13, 0.1, 0.09, 0.12, 0.11]
    reference = reference_of(values, 1.4)
    half = QUANTILE * np.std(values, ddof=1) * np.sqrt(1 + 1 / 8)
    assert reference.high == pytest.approx(np.mean(values) + half)
    assert [reference.leaves_out(one) for one in (0.05, 0.14, 0.5, 0.6, np.nan, np.inf)] == [
        *[False] * 3, *[True] * 3]  # fmt: skip
    assert not reference_of([0.1, np.inf, *values[2:]], 1.4).learns
