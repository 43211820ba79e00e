"""A plan's contract: what it takes, what it refuses, what it says."""

import numpy as np
import pytest
from integer_networks import Integers, networks

from convlens import engine
from convlens.errors import ShapeError, UsageError
from convlens.layers import SoftmaxWithLoss


@pytest.fixture
def lenet():
    numbers = Integers()
    layers, shape = networks(numbers)["lenet"]
    rng = np.random.default_rng(0)
    for layer in layers:
        for p in layer.params.values():
            p[...] = rng.standard_normal(p.shape) * 0.1
    return layers, shape


@pytest.fixture
def batch():
    rng = np.random.default_rng(1)
    return rng.integers(0, 256, (30, 1, 28, 28), np.uint8), rng.integers(0, 5, 30)


def test_gradients_go_where_they_are_bound(lenet, batch):
    """Arrays given at compile time are the ones that are written."""
    layers, shape = lenet
    bound = [{name: np.zeros_like(p) for name, p in layer.params.items()} for layer in layers]
    plan = engine.compile(layers, SoftmaxWithLoss(), shape, 30, gradients=bound)
    plan.loss_and_gradient(*batch)
    assert plan.gradients[0]["W"] is bound[0]["W"]
    assert np.abs(bound[0]["W"]).max() > 0


def test_parameters_are_read_at_each_step(lenet, batch):
    """A changed weight, or another array in its place, counts at the next step."""
    layers, shape = lenet
    plan = engine.compile(layers, SoftmaxWithLoss(), shape, 30)
    first = plan.loss_and_gradient(*batch)
    kept = layers[6].W
    layers[6].W = np.zeros_like(kept)
    assert plan.loss_and_gradient(*batch) != first
    layers[6].W = kept
    assert plan.loss_and_gradient(*batch) == first


def test_a_layers_own_backward_after_a_fused_step_is_an_error(lenet, batch):
    """What the layer kept of its own forward is stale, and it says so."""
    layers, shape = lenet
    plan = engine.compile(layers, SoftmaxWithLoss(), shape, 30)
    layers[0].forward(np.zeros((2, *shape), np.float32))
    plan.loss_and_gradient(*batch)
    with pytest.raises(RuntimeError, match="needs a forward"):
        layers[0].backward(np.zeros((2, 6, 28, 28), np.float32))


def test_pictures_of_any_kind_are_taken(lenet, batch):
    """float64 and strided pictures are copied batch by batch."""
    layers, shape = lenet
    plan = engine.compile(layers, SoftmaxWithLoss(), shape, 30)
    x, t = batch
    wanted = plan.loss_and_gradient(x.astype(np.float32) / np.float32(255), t)
    assert plan.loss_and_gradient(x.astype(np.float64) / 255, t) == pytest.approx(wanted, rel=1e-6)
    wide = np.zeros((30, 1, 28, 56), np.uint8)
    wide[..., ::2] = x
    assert plan.loss_and_gradient(wide[..., ::2], t) == pytest.approx(wanted, rel=1e-6)


@pytest.mark.parametrize("index", [[-1], [30], [0, 99]])
def test_an_index_out_of_range_is_refused(lenet, batch, index):
    """Kernels do not check bounds, so the plan does."""
    plan = engine.compile(*(lenet[0], SoftmaxWithLoss(), lenet[1]), 30)
    with pytest.raises(UsageError, match="`index` must be 0 to 29"):
        plan.loss_and_gradient(*batch, np.array(index))


def test_a_label_out_of_range_is_refused(lenet, batch):
    """The same for labels."""
    plan = engine.compile(*(lenet[0], SoftmaxWithLoss(), lenet[1]), 30)
    with pytest.raises(UsageError, match="labels"):
        plan.loss_and_gradient(batch[0], batch[1] + 3)


def test_sizes_are_checked(lenet, batch):
    """Too large a batch, other pictures, no layers, no capacity, float64 weights: each has its line."""
    layers, shape = lenet
    plan = engine.compile(layers, SoftmaxWithLoss(), shape, 10)
    with pytest.raises(ShapeError, match="1 to 10 samples"):
        plan.loss_and_gradient(*batch)
    with pytest.raises(ShapeError, match=r"\(N, 1, 28, 28\)"):
        plan.predict(batch[0].reshape(30, -1))
    with pytest.raises(UsageError, match="at least one layer"):
        engine.compile([], None, shape, 1)
    with pytest.raises(UsageError, match="capacity"):
        engine.compile(layers, None, shape, 0)
    with pytest.raises(UsageError, match="without a loss"):
        engine.compile(layers, None, shape, 10).loss_and_gradient(*batch)
    layers[0].W = layers[0].W.astype(np.float64)
    with pytest.raises(UsageError, match="float32"):
        engine.compile(layers, None, shape, 10)


def test_no_pictures_no_scores(lenet):
    """Predicting nothing gives an empty array of the right shape."""
    plan = engine.compile(lenet[0], None, lenet[1], 10)
    assert plan.predict(np.zeros((0, 1, 28, 28), np.uint8)).shape == (0, 5)


def test_describe_names_every_layer_once(lenet):
    """Each layer is in one row; multiply-adds are those of the layers."""
    rows = engine.compile(lenet[0], None, lenet[1], 10).describe()
    assert sorted(i for row in rows for i in row.layers) == list(range(len(lenet[0])))
    assert rows[0].kernel == "convolution + ReLU + max-pooling 2x2; sparse backward"
    assert rows[0].multiply_adds == 28 * 28 * 6 * 25


def test_memory_is_made_once(lenet, batch):
    """A step allocates nothing that grows with the batch."""
    import tracemalloc

    plan = engine.compile(lenet[0], SoftmaxWithLoss(), lenet[1], 30)
    for _ in range(3):
        plan.loss_and_gradient(*batch)
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    tracemalloc.reset_peak()
    plan.loss_and_gradient(*batch)
    peak = tracemalloc.get_traced_memory()[1] - before
    tracemalloc.stop()
    assert peak < 20_000
