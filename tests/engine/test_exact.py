"""The fused plan and the readable layers are two pictures of one mathematics."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from integer_networks import Integers, fused_and_layered, networks, with_sigmoid

from convlens import engine
from convlens.layers import Convolution, Pooling, Relu, Sigmoid, SoftmaxWithLoss

NAMES = sorted(networks(Integers()))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("n", "capacity"), [(13, 13), (3, 20), (1, 1)])
def test_integers_agree_bit_for_bit(name, n, capacity):
    """Scores and all gradients are exactly those of the layers, ties in pooling included."""
    numbers = Integers(n)
    layers, shape = networks(numbers)[name]
    _, found = fused_and_layered(layers, shape, n, capacity, numbers)
    for what, fused, layered in found:
        np.testing.assert_array_equal(fused.reshape(layered.shape), layered, err_msg=f"{name}: {what}")


def test_activations_that_stand_alone_run_inside_the_plan():
    """Sigmoid and a second ReLU are stages of their own, on the plan's memory."""
    numbers = Integers(1)
    layers, shape = with_sigmoid(numbers)
    for layer in layers:
        for p in layer.params.values():
            p[...] = numbers.rng.standard_normal(p.shape) / np.sqrt(p[0].size or 1)
    plan, found = fused_and_layered(layers, shape, 7, 9, numbers)
    kernels = [row.kernel for row in plan.describe()]
    assert {"Sigmoid; its slope backward", "ReLU; its slope backward"} <= set(kernels)
    for what, fused, layered in found:
        scale = np.abs(layered).max() + 1e-30
        assert np.abs(fused.reshape(layered.shape) - layered).max() <= 1e-4 * scale, what


def test_a_subclass_is_not_replaced():
    """A class of the user's own that derives from ours runs as it is written."""

    class Doubled(Relu):
        def forward(self, x, train=False):
            return 2 * super().forward(x, train)

    numbers = Integers()
    layers = numbers.with_head([numbers.convolution(3, 1, 3), Doubled()], (1, 6, 6))
    _, found = fused_and_layered(layers, (1, 6, 6), 4, 4, numbers)
    np.testing.assert_array_equal(found[0][1], found[0][2])


@pytest.mark.parametrize("name", NAMES)
def test_real_numbers_agree(name):
    """A whole step on real numbers agrees to 1e-4 of each gradient's largest entry."""
    rng = np.random.default_rng(3)
    layers, shape = networks(Integers())[name]
    for layer in layers:
        for p in layer.params.values():
            p[...] = rng.standard_normal(p.shape) / np.sqrt(p[0].size or 1)
    x = rng.random((20, *shape), np.float32)
    plan = engine.compile(layers, SoftmaxWithLoss(), shape, 11)
    t = rng.integers(0, plan.output.shape[0], 20)
    index = rng.permutation(20)[:11]
    loss = plan.loss_and_gradient(x, t, index)
    last, out = SoftmaxWithLoss(), x[index]
    for layer in layers:
        out = layer.forward(out, train=True)
    assert loss == pytest.approx(last.forward(out.reshape(11, -1), t[index]), rel=1e-5)
    back = last.backward().reshape(out.shape)
    for layer in reversed(layers):
        back = layer.backward(back)
    for layer, fused in zip(layers, plan.gradients, strict=True):
        for key, grad in layer.grads.items():
            np.testing.assert_allclose(fused[key], grad, atol=1e-4 * np.abs(grad).max(), rtol=0)


@st.composite
def pictures_layers(draw):
    """Up to four convolutions with what may stand behind them, on a picture on which they fit."""
    numbers = Integers(draw(st.integers(0, 99)))
    channels, height, width = shape = draw(
        st.tuples(st.integers(1, 3), st.integers(6, 14), st.integers(6, 14))
    )
    layers = []
    for _ in range(draw(st.integers(1, 4))):
        filters = draw(st.sampled_from([1, 5, 8, 17]))
        kernel = draw(st.tuples(st.integers(1, min(3, height)), st.integers(1, min(3, width))))
        stride = draw(st.sampled_from([(1, 1), (1, 1), (2, 1), (2, 2)]))
        pad = draw(st.tuples(st.integers(0, 1), st.integers(0, 2)))
        layers.append(numbers.convolution(filters, channels, kernel, stride, pad))
        height = (height + 2 * pad[0] - kernel[0]) // stride[0] + 1
        width = (width + 2 * pad[1] - kernel[1]) // stride[1] + 1
        channels = filters
        behind = draw(st.sampled_from(["", "R", "RP", "PR", "P"]))
        for kind in behind:
            if kind == "R":
                layers.append(Relu())
            elif min(height, width) >= 2:
                layers.append(Pooling(2, 2))
                height, width = height // 2, width // 2
        if min(height, width) < 2:
            break
    return numbers, numbers.with_head(layers, shape), shape


@pytest.mark.slow
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(case=pictures_layers(), n=st.integers(1, 12))
def test_random_networks_agree_bit_for_bit(case, n):
    """Whatever layers stand behind each other, the plan computes what they compute."""
    numbers, layers, shape = case
    _, found = fused_and_layered(layers, shape, n, 12, numbers)
    for what, fused, layered in found:
        assert np.abs(layered).max(initial=0) < 2**24
        np.testing.assert_array_equal(fused.reshape(layered.shape), layered, err_msg=what)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_what_is_not_a_number_survives(bad):
    """NaN and infinity in a weight reach the loss: a diverged network must be seen."""
    numbers = Integers()
    layers, shape = networks(numbers)["lenet"]
    layers[0].W[2, 0, 1, 1] = bad
    plan = engine.compile(layers, SoftmaxWithLoss(), shape, 5)
    x = np.ones((5, *shape), np.float32)
    assert not np.isfinite(plan.loss_and_gradient(x, np.zeros(5, np.int64)))
    assert not np.isfinite(plan.predict(x)).all()


@pytest.mark.parametrize("name", NAMES)
def test_a_large_batch_goes_through_in_pieces(name, monkeypatch):
    """The derivatives of the pieces add up to those of the batch, and so do the losses."""
    numbers = Integers(7)
    layers, shape = networks(numbers)[name]
    x, t = numbers.rng.random((11, *shape), np.float32), numbers.rng.integers(0, 4, 11)
    whole = engine.compile(layers, SoftmaxWithLoss(), shape, 11)
    monkeypatch.setattr("convlens.engine.plan.CACHE", 1)
    monkeypatch.setattr("convlens.engine.plan.SMALLEST_PIECE", 3)
    pieces = engine.compile(layers, SoftmaxWithLoss(), shape, 11)
    assert (whole.piece, pieces.piece) == (11, 4)
    for n in (11, 4, 5):  # three pieces, one, and two
        index = numbers.rng.permutation(11)[:n]
        loss = whole.loss_and_gradient(x, t, index)
        assert pieces.loss_and_gradient(x, t, index) == pytest.approx(loss, rel=1e-6)
        for one, other in zip(whole.gradients, pieces.gradients, strict=True):
            for key, grad in one.items():
                np.testing.assert_allclose(other[key], grad, atol=1e-5 * np.abs(grad).max(), rtol=0)
        np.testing.assert_array_equal(pieces.predict(x), whole.predict(x))


def test_a_batch_is_not_split_for_a_layer_of_ones_own(monkeypatch):
    """It may look at the whole batch, as batch normalisation does; layers of ours without a kernel do not."""
    monkeypatch.setattr("convlens.engine.plan.CACHE", 1)
    monkeypatch.setattr("convlens.engine.plan.SMALLEST_PIECE", 1)

    class Centred(Sigmoid):
        def forward(self, x, train=False):
            return super().forward(x - x.mean(axis=0), train)

    numbers = Integers(1)
    layers, shape = with_sigmoid(numbers)
    assert engine.compile(layers, SoftmaxWithLoss(), shape, 9).piece == 1
    layers[1] = Centred()
    assert engine.compile(layers, SoftmaxWithLoss(), shape, 9).piece == 9


def test_capacity_is_a_limit_not_a_size():
    """Smaller batches after larger ones do not see what the larger ones left behind."""
    numbers = Integers(5)
    layers, shape = networks(numbers)["rectangular"]
    plan = engine.compile(layers, SoftmaxWithLoss(), shape, 12)
    x, t = numbers.array(12, *shape), numbers.rng.integers(0, 5, 12)
    small = engine.compile(layers, SoftmaxWithLoss(), shape, 4)
    plan.loss_and_gradient(x, t)
    assert plan.loss_and_gradient(x, t, np.arange(4)) == small.loss_and_gradient(x[:4], t[:4])
    for many, few in zip(plan.gradients, small.gradients, strict=True):
        for key, grad in few.items():
            np.testing.assert_array_equal(many[key], grad)


def test_bytes_are_scaled_to_one():
    """uint8 pictures mean 0 to 255, float32 pictures mean what they say."""
    numbers = Integers()
    layers, shape = networks(numbers)["rectangular"]
    x = numbers.rng.integers(0, 256, (9, *shape), np.uint8)
    plan = engine.compile(layers, None, shape, 4)
    exact = plan.predict(x.astype(np.float32) * np.float32(1 / 255))
    np.testing.assert_array_equal(plan.predict(x), exact)
    np.testing.assert_array_equal(plan.predict(x, np.array([8, 0])), plan.predict(x)[[8, 0]])


def test_no_bias():
    """`b=0`, the book's way to have no bias, has no gradient."""
    numbers = Integers()
    layers = numbers.with_head([Convolution(numbers.array(3, 1, 3, 3), 0), Relu()], (1, 6, 6))
    plan, found = fused_and_layered(layers, (1, 6, 6), 3, 3, numbers)
    assert list(plan.gradients[0]) == ["W"]
    for what, fused, layered in found:
        np.testing.assert_array_equal(fused, layered, err_msg=what)
