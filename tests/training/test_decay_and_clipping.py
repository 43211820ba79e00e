"""Weight decay and clipped gradients: the same for every kind of network, on either engine."""

import numpy as np
import pytest
from small_trainers import TT, XT, T, X, tiny, trainer_of
from test_hand_written import Written

from convlens import Trainer, spec
from convlens.errors import DivergedError, UsageError
from convlens.spec import ParameterSpec, Role
from convlens.training import OPTIMIZERS, SGD, Adam, Optimizer
from convlens.training.clipping import clipped, clipping_scale
from convlens.training.decay import weight_spans

every = pytest.mark.parametrize("name", OPTIMIZERS)


class Plain(Optimizer):
    """A reader's own rule, which knows nothing of decay."""

    def __init__(self, lr):
        super().__init__(lr)

    def rule(self, p, g, *memory):
        p -= self.lr * g


class Decoupled(Plain):
    """The same, but weights decay by themselves."""

    decoupled = True


class Whole(Plain):
    """A reader's own walk over the parameters."""

    def update(self, params, grads):
        for name in params:
            params[name] -= self.lr * grads[name]


def after(network, **changes):
    """The parameters after two epochs."""
    trainer = trainer_of(network, optimizer_param=changes.pop("param", None), **changes)
    trainer.train()
    return {name: value.copy() for name, value in trainer.network.params.items()}


@pytest.mark.parametrize("network", ["simple", "lenet", "speedrun"])
def test_weights_decay_by_their_role(network):
    """Filters and matrices, in spans that leave the biases out."""
    described = spec.find(network)
    decays = np.zeros(described.n_parameters, bool)
    for span in weight_spans(described.parameters):
        decays[span] = True
    start = 0
    for parameter in described.parameters:
        assert set(decays[start : start + parameter.size]) == {parameter.role in (Role.FILTERS, Role.MATRIX)}
        start += parameter.size
    assert start == len(decays)


def test_neither_scales_nor_statistics_decay():
    """What a normalisation trains stays, whatever its shape; what it only remembers is not in the vector."""
    parameters = (
        ParameterSpec("W", (3, 4), Role.MATRIX),
        ParameterSpec("V", (4, 5), Role.MATRIX),
        ParameterSpec("gamma", (4, 1), Role.SCALE),
        ParameterSpec("beta", (4,), Role.SHIFT),
        ParameterSpec("mean", (2, 2), Role.RUNNING_STATISTIC, trained=False),
        ParameterSpec("U", (2, 1, 1, 1), Role.FILTERS),
    )
    assert weight_spans(parameters) == (slice(0, 32), slice(40, 42))


@every
@pytest.mark.parametrize("clip_norm", [0.0, 0.05])
def test_both_engines_and_both_ways_to_say_it(name, clip_norm):
    """Kernels and NumPy agree to float32; an argument of the Trainer's or of the optimizer's is the same."""
    given = {"weight_decay": 0.5, "clip_norm": clip_norm}
    fused = after(tiny(), optimizer=name, param={"lr": 0.01}, engine="fused", **given)
    layers = after(tiny(), optimizer=OPTIMIZERS[name](lr=0.01), engine="layers", **given)
    own = OPTIMIZERS[name](lr=0.01, weight_decay=0.5)
    said = after(tiny(), optimizer=own, engine="layers", clip_norm=clip_norm)
    without = after(tiny(), optimizer=name, param={"lr": 0.01}, engine="layers", weight_decay=0)
    for key, value in layers.items():
        np.testing.assert_allclose(fused[key], value, rtol=1e-3, atol=1e-5)
        np.testing.assert_array_equal(said[key], value)
        assert not np.array_equal(without[key], value)


@pytest.mark.parametrize("engine", ["fused", "layers"])
@pytest.mark.parametrize("optimizer", [Plain, Decoupled, SGD])
def test_only_weights_shrink(monkeypatch, engine, optimizer):
    """One update without a gradient takes lr times the decay off the weights, and nothing off the biases."""
    network = tiny()
    network.params["b1"] = np.ones(2)
    before = {name: value.copy() for name, value in network.params.items()}
    trainer = trainer_of(
        network, optimizer=optimizer(0.1), optimizer_param=None, engine=engine, weight_decay=0.5
    )
    trainer.network.gradient(X[:16], T[:16])
    monkeypatch.setattr(trainer._learner, "loss_and_gradient", lambda _: network.grads.vector.fill(0) or 1.0)
    trainer.train_step()
    for name, value in network.params.items():
        np.testing.assert_allclose(value, before[name] * (0.95 if name[0] == "W" else 1), rtol=1e-6)


@pytest.mark.parametrize("optimizer", ["sgd", "adamw", "adam"])
def test_a_class_of_layers_as_on_the_engine(optimizer):
    """Its arrays of two axes or more decay, and its gradients are clipped together, either way."""
    x = np.random.default_rng(0).random((50, 1, 8, 8))
    done = []
    for engine in (None, "layers"):
        more = {"verbose": False, "weight_decay": 0.5, "clip_norm": 0.1, "ema": 0.5, "engine": engine}
        trainer = Trainer(Written(), x, T, x[:20], TT, 2, 16, optimizer, {"lr": 0.01}, **more)
        trainer.train()
        done.append(trainer.network.params)
    for name, value in done[0].items():
        np.testing.assert_allclose(value, done[1][name], rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("engine", ["fused", "layers"])
def test_an_optimizer_of_ones_own(engine):
    """Its rule sees clipped gradients, and weights decay around it; one with its own `update` is refused."""
    own = after(tiny(), optimizer=Plain(0.1), engine=engine, weight_decay=0.1, clip_norm=0.05)
    ours = after(tiny(), optimizer=SGD(0.1, weight_decay=0.1), engine="layers", clip_norm=0.05)
    for name, value in own.items():
        np.testing.assert_allclose(value, ours[name], rtol=1e-4, atol=1e-6)
    after(tiny(), optimizer=Whole(0.1), engine=engine, clip_norm=0.05)
    with pytest.raises(
        UsageError, match="`weight_decay` of Trainer is for optimizers that leave `update` to"
    ):
        after(tiny(), optimizer=Whole(0.1), engine=engine, weight_decay=0.1)


@pytest.mark.parametrize("most", [0.01, 0.3, 1e9])
@pytest.mark.parametrize("engine", ["fused", "layers"])
def test_no_step_goes_further_than_the_norm_allows(engine, most):
    """A step of SGD is lr times the clipped gradient, in its direction; the gradient itself stays."""
    dtype = "float32" if engine == "fused" else "float64"
    trainer = trainer_of(tiny(dtype=dtype), engine=engine, clip_norm=most)
    vector = trainer.network.params.vector
    before = vector.copy()
    trainer.train_step()
    gradient, moved = trainer.network.grads.vector, (before - vector) / 0.1
    norm = np.linalg.norm(gradient)
    np.testing.assert_allclose(moved, gradient * min(1, most / norm), rtol=2e-3, atol=1e-5)
    assert 0.01 < norm < 1e9


@pytest.mark.parametrize(
    ("norm", "most", "scale"),
    [(2.0, 1.0, 0.5), (0.5, 1.0, 1.0), (0.0, 1.0, 1.0), (np.inf, 1.0, 0.0), (np.nan, 1.0, 1.0)],
)
def test_what_a_gradient_is_multiplied_with(norm, most, scale):
    """At most 1; a gradient that is no number stays, so that what is wrong is found where it is."""
    assert clipping_scale(norm, most) == pytest.approx(scale, abs=1e-6)


@pytest.mark.parametrize("wrong", [None, "text", {"b": 1}])
def test_what_no_gradient_is_the_optimizer_refuses(wrong):
    """Clipping lets it pass, and changes nothing of what else is given."""
    grads = {"W": np.full(2, 5.0), "b": wrong, "other": np.full(1, 7.0)}
    assert clipped(["W", "b"], grads, 1.0) is grads
    found = clipped(["W"], grads, 1.0)
    assert np.linalg.norm(found["W"]) == pytest.approx(1)
    assert found["other"] is grads["other"]


@pytest.mark.parametrize("engine", ["fused", "layers"])
def test_what_diverges_is_still_found(engine):
    """With clipping, too, a rate beyond sense ends the training, and the message says where."""
    with pytest.raises(DivergedError, match=r"the loss (became|grew to) .* at step 2"):
        Trainer(
            tiny(), X, T, XT, TT, 1, 16, Adam(1e30), verbose=False, clip_norm=1.0, ema=0.9, engine=engine
        ).train()
