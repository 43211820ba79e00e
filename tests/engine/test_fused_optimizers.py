"""The fused optimizers are the readable rules, on one flat vector."""

import numpy as np
import pytest

from convlens import engine
from convlens.errors import UsageError
from convlens.training.decay import Flat
from convlens.training.optimizers import make_optimizer


@pytest.mark.parametrize("name", sorted(engine.RULES))
@pytest.mark.parametrize("size", [1, 7, 1003])
def test_steps_follow_the_rule(name, size):
    """Ten steps agree with the NumPy rule, for sizes that fill no whole vector too."""
    rng = np.random.default_rng(0)
    start = rng.standard_normal(size).astype(np.float32)
    fused, gradient = start.copy(), np.zeros(size, np.float32)
    optimizer = engine.FusedOptimizer(name, fused, gradient)
    readable, params = make_optimizer(name, {"lr": 0.01}), {"p": start.copy()}
    readable.decays_all = True
    for _ in range(10):
        gradient[...] = rng.standard_normal(size)
        optimizer.step(0.01)
        readable.update(params, {"p": gradient})
    np.testing.assert_allclose(fused, params["p"], rtol=2e-5, atol=2e-6)


@pytest.mark.parametrize("name", sorted(engine.RULES))
@pytest.mark.parametrize(
    ("size", "weights"),
    [
        (7, [slice(0, 3), slice(3, 7)]),
        (1003, [slice(2, 500), slice(501, 502)]),
        (20_000, [slice(0, 11_000), slice(12_345, 20_000)]),
    ],
)
def test_weights_decay_and_gradients_are_scaled(name, size, weights):
    """Ten steps agree with the NumPy rule where spans decay; the gradient itself stays, whoever computes."""
    rng = np.random.default_rng(0)
    start = rng.standard_normal(size).astype(np.float32)
    vectors, gradient = [start.copy(), start.copy()], np.zeros(size, np.float32)
    one, two = (
        engine.FusedOptimizer(name, vector, gradient, threads, weights=weights, weight_decay=0.1)
        for threads, vector in zip((1, 2), vectors, strict=True)
    )
    readable, params = make_optimizer(name, {"lr": 0.01, "weight_decay": 0.1}), Flat(start.copy(), weights)
    for scale in (1.0, 0.5, 1.0, 0.25, 0.5):
        gradient[...] = rng.standard_normal(size)
        kept = gradient.copy()
        one.step(0.01, scale)
        two.step(0.01, scale)
        readable.update(params, {"vector": scale * gradient})
        assert gradient.tobytes() == kept.tobytes()
    np.testing.assert_allclose(vectors[0], params["vector"], rtol=2e-5, atol=2e-6)
    assert vectors[0].tobytes() == vectors[1].tobytes()


@pytest.mark.parametrize("size", [0, 1, 13, 4096, 70_001])
def test_the_norm_of_a_gradient(size):
    """It is NumPy's, of any size, and the same bits on one thread and on two."""
    gradient = np.random.default_rng(1).standard_normal(size).astype(np.float32)
    one, two = (
        engine.FusedOptimizer("sgd", np.zeros_like(gradient), gradient, threads).norm() for threads in (1, 2)
    )
    assert one == two
    assert one == pytest.approx(np.linalg.norm(gradient.astype(np.float64)), rel=1e-6)


def test_adam_of_pytorch():
    """`form="torch"` with eps 1e-8 is torch.optim.Adam."""
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(0)
    start = rng.standard_normal(1000).astype(np.float32)
    fused, gradient = start.copy(), np.zeros(1000, np.float32)
    ours = engine.FusedOptimizer("adam", fused, gradient, form="torch", eps=1e-8, beta1=0.7, beta2=0.9)
    p = torch.nn.Parameter(torch.from_numpy(start.copy()))
    theirs = torch.optim.Adam([p], lr=0.01, betas=(0.7, 0.9))
    for _ in range(10):
        gradient[...] = rng.standard_normal(1000)
        ours.step(0.01)
        p.grad = torch.from_numpy(gradient.copy())
        theirs.step()
    np.testing.assert_allclose(fused, p.detach().numpy(), rtol=2e-5, atol=2e-6)


@pytest.mark.parametrize("name", ["adam", "rmsprop"])
def test_averages_of_a_dead_filter_do_not_become_denormal(name):
    """A gradient that stays zero leaves zeros, not numbers on which every step is slow."""
    vector, gradient = np.zeros(64, np.float32), np.full(64, 1e-3, np.float32)
    optimizer = engine.FusedOptimizer(name, vector, gradient)
    for _ in range(5):
        optimizer.step(0.01)
    gradient[:32] = 0
    for _ in range(12_000):
        optimizer.step(0.01)
    smallest = np.finfo(np.float32).tiny
    for memory in optimizer.memory.values():
        assert not ((memory != 0) & (np.abs(memory) < smallest)).any()
    assert np.isfinite(vector).all()
    assert (np.abs(vector[32:]) > np.abs(vector[:32])).all()


def test_wrong_names_are_refused():
    """An unknown optimizer or setting is named, with what there is."""
    v = np.zeros(3, np.float32)
    with pytest.raises(UsageError, match="There are: sgd"):
        engine.FusedOptimizer("adamax", v, v)
    with pytest.raises(UsageError, match="takes momentum"):
        engine.FusedOptimizer("momentum", v, v, decay=1)
    with pytest.raises(UsageError, match="flat float32"):
        engine.FusedOptimizer("sgd", v.astype(np.float64), v)


def wrong_setting(optimizer):
    optimizer.settings["momentum"] = "much"


def wrong_vector(optimizer):
    optimizer.vector = np.zeros((3, 2), np.float32)[:, 0]


def wrong_memory(optimizer):
    optimizer.memory = {"v": np.zeros(5, np.float32)}


@pytest.mark.parametrize("spoil", [wrong_setting, wrong_vector, wrong_memory])
def test_a_refused_step_leaves_no_trace(spoil):
    """When what was wrong is put right, the learning rate of each step counts again."""
    vector, gradient = np.zeros(3, np.float32), np.ones(3, np.float32)
    optimizer = engine.FusedOptimizer("momentum", vector, gradient, momentum=0.0)
    optimizer.step(1.0)
    right = optimizer.vector, optimizer.memory, dict(optimizer.settings)
    spoil(optimizer)
    with pytest.raises((UsageError, ValueError)):
        optimizer.step(1.0)
    assert optimizer.iter == 1
    optimizer.vector, optimizer.memory, optimizer.settings = right
    optimizer.step(100.0)
    assert set(vector) == {-101}


@pytest.mark.parametrize("lr", [[0.1, 0.2], "fast", (0.1, 0.2)])
@pytest.mark.parametrize("name", ["sgd", "adam", "rmsprop"])
def test_a_step_with_no_number_is_none(name, lr):
    """Adam's next step is its first: it counts those that were done."""
    vectors = np.ones(3, np.float32), np.ones(3, np.float32)
    refuses, twin = (engine.FusedOptimizer(name, vector, vector / 2) for vector in vectors)
    with pytest.raises((TypeError, ValueError)):
        refuses.step(lr)
    for optimizer in (refuses, twin):
        optimizer.step(0.1)
    assert refuses.iter == twin.iter == 1
    assert vectors[0].tobytes() == vectors[1].tobytes()


@pytest.mark.parametrize("which", ["vector", "memory"])
def test_what_is_read_only_is_not_written(which):
    """Bytes, or a file that was mapped for reading, stay as they are: kernels would not ask."""
    fixed = np.frombuffer(bytes(12), np.float32)
    optimizer = engine.FusedOptimizer("momentum", np.ones(3, np.float32), np.ones(3, np.float32))
    optimizer.step(0.1)
    given = {"vector": fixed, "memory": {"v": fixed}}
    setattr(optimizer, which, given[which])
    with pytest.raises(UsageError, match="read-only"):
        optimizer.step(0.1)
    with pytest.raises(UsageError, match="read-only"):
        engine.FusedOptimizer("momentum", fixed, np.ones(3, np.float32))
    assert not fixed.any()
