"""Batch normalisation on kernels: the readable layer's numbers, on any threads, folded when predicting."""

from dataclasses import replace

import numpy as np
import pytest

from convlens import Network, engine, spec
from convlens.errors import ShapeError, UsageError
from convlens.layers import Affine, BatchNormalization, Convolution, Relu, SoftmaxWithLoss
from convlens.spec import BatchNormalization as Norm
from convlens.spec import NetworkSpec, Pooling

CONV = spec.Convolution
PLACES = {
    "behind a convolution": ((1, 13, 11), (CONV(5, 3), Norm(), spec.Relu())),
    "with pooling behind": ((1, 12, 12), (CONV(5, 3, pad=1), Norm(1e-3, 0.3), spec.Relu(), Pooling(2))),
    "first": ((3, 6, 6), (Norm(), CONV(5, 3))),
    "twice": ((1, 8, 8), (CONV(1, 3), Norm(), Norm(), spec.Relu())),
    "on rows": ((1, 8, 8), (spec.Affine(17), Norm(), spec.Relu(), spec.Affine(6), Norm())),
    "behind pooling": ((1, 8, 8), (CONV(5, 3), Pooling(2), Norm(), spec.Relu())),
    "behind ReLU": ((1, 6, 7), (CONV(5, 3), spec.Relu(), Norm(), CONV(5, 3), Norm())),
    "behind a stride": ((1, 9, 9), (CONV(5, 3, stride=2), Norm(), spec.Relu(), CONV(5, 3, pad=1), Norm())),
    "behind groups": (
        (4, 6, 6),
        (CONV(6, 3, groups=2), Norm(), CONV(5, 3, dilation=2, pad=1), Norm(), spec.Relu()),
    ),
    "behind a depthwise one": ((5, 6, 6), (CONV(5, 3, groups=5), Norm(), spec.Relu(), CONV(5, 1), Norm())),
    "pooled in the same pass": ((1, 12, 12), (CONV(8, 3, pad=1), Norm(1e-3, 0.3), spec.Relu(), Pooling(2))),
    "pooled before ReLU": ((2, 9, 11), (CONV(12, 3), Norm(), Pooling(2), spec.Relu(), CONV(3, 1))),
    "pooled of odd sides": ((2, 7, 7), (CONV(9, 3, pad=1), Norm(), Pooling(2), CONV(10, 2), Norm())),
    "pooled behind pooling": ((1, 9, 9), (CONV(8, 3), Pooling(2), Norm(), spec.Relu(), Pooling(2))),
    "pooled behind groups": ((4, 8, 6), (CONV(10, 3, groups=2), Norm(), spec.Relu(), Pooling(2))),
    "pooled behind a depthwise one": ((8, 6, 6), (CONV(8, 3, groups=8), Norm(), spec.Relu(), Pooling(2))),
    "twice by Winograd, odd sides": ((1, 7, 9), (CONV(16, 3, pad=1), Norm(), CONV(16, 3, pad=1), Norm())),
    "of one place": ((1, 3, 3), (CONV(5, 3), Norm(), spec.Relu())),
}
every_place = pytest.mark.parametrize("place", PLACES)


def described(place):
    """A network that has the layer in this place."""
    shape, layers = PLACES[place]
    return NetworkSpec("n", shape, (*layers, spec.Affine(4)), "he")


def spread(network):
    """Give every parameter, and what was seen of batches, values of its own."""
    rng = np.random.default_rng(1)
    for name, value in network.params.items():
        noise = rng.normal(0, 0.2, value.shape)
        value[...] = np.abs(1 + noise) if name.startswith("running_var") else value + noise
    return network


def batch(network, n):
    """Pictures that lie away from 0, and labels."""
    rng = np.random.default_rng(2)
    shape = (n, *network.spec.input_shape)
    return rng.normal(1, 2, shape).astype(np.float32), rng.integers(0, 4, n)


def close(found, expected, share=1e-5):
    """Equal to a share of the largest value (a bias before a normalisation has none but by rounding)."""
    np.testing.assert_allclose(found, expected, rtol=0, atol=share * max(np.abs(expected).max(), 1e-2))


@every_place
@pytest.mark.parametrize("n", [1, 37])
def test_it_is_the_readable_layer(place, n):
    """Loss, derivatives, what is remembered, and scores before and after, of one picture too."""
    fused, plain = (spread(Network(described(place), engine=name)) for name in ("fused", "layers"))
    x, t = batch(fused, n)
    close(fused.predict(x), plain.predict(x))
    assert fused.loss_and_gradient(x, t) == pytest.approx(plain.loss_and_gradient(x, t), rel=1e-5)
    for name, expected in plain.grads.items():
        close(fused.grads[name], expected, 1e-4)
    for name, expected in plain.params.items():
        close(fused.params[name], expected)
    close(fused.predict(x), plain.predict(x))


def test_what_predicts():
    """Behind weights of any kind they have taken it in; only behind something else is it computed."""
    taken_in = "when predicting in the weights before it"
    for place, (_, layers) in PLACES.items():
        rows = Network(described(place)).compiled(4).describe()
        found = [taken_in in row.kernel for row in rows if row.kernel.startswith("batch")]
        kinds = [layer.kind for layer in layers]
        behind = [kinds[at - 1 : at] for at, kind in enumerate(kinds) if kind == "batch_normalization"]
        assert found == [kind in (["convolution"], ["affine"]) for kind in behind], place


@every_place
def test_no_layer_runs_its_numpy_code(place):
    """Kernels run all of it, and the ReLU behind."""
    plan = Network(described(place)).compiled(8)
    assert not [row for row in plan.describe() if row.kernel.startswith("NumPy")]
    kinds = [layer.kind for layer in described(place).layers]
    alone = [row for row in plan.describe() if len(row.layers) == 1 and kinds[row.layers[0]] == "relu"]
    assert alone == []


@pytest.mark.parametrize("name", ["with pooling behind", "on rows", "behind ReLU"])
def test_the_same_bits_on_any_number_of_threads(name):
    """A step and a prediction of a ragged batch, on one thread, on two, and on two again."""
    left = []
    for threads in (1, 2, 2):
        network = spread(Network(replace(described(name), layers=wide(described(name).layers))))
        plan = network.compiled(61, threads)
        plan.loss_and_gradient(*batch(network, 61))
        left.append(network.params.vector.tobytes() + network.grads.vector.tobytes())
        left[-1] += plan.predict(batch(network, 61)[0]).tobytes()
    assert left[1:] == left[:1] * 2


def wide(layers):
    """The same with filters enough that a batch is split."""
    return tuple(replace(layer, filters=40) if isinstance(layer, CONV) else layer for layer in layers)


def test_the_whole_batch_is_normalised():
    """A batch too large for the cache is not cut into pieces; a prediction may be."""
    network = spread(Network(described("with pooling behind")))
    plan = network.compiled(5000)
    assert plan.piece == plan.capacity == 5000


@pytest.mark.parametrize("threads", [1, 2])
def test_large_batches_far_from_zero(threads):
    """Mean and variance of many numbers are as exact as float32 can hold, also far from 0."""
    rng = np.random.default_rng(0)
    x = (300 + rng.normal(0, 0.5, (400, 2, 20, 20))).astype(np.float32)
    ones, zeros = np.ones(2, np.float32), np.zeros(2, np.float32)
    layer = BatchNormalization(ones, zeros, momentum=1.0)
    head = Affine(rng.normal(size=(800, 2)).astype(np.float32), zeros)
    plan = engine.compile([layer, head], SoftmaxWithLoss(), (2, 20, 20), 400, threads)
    plan.loss_and_gradient(x, np.zeros(400, np.int64))
    exact = x.astype(np.float64)
    np.testing.assert_allclose(layer.running_mean, exact.mean(axis=(0, 2, 3)), rtol=1e-7)
    np.testing.assert_allclose(layer.running_var, exact.var(axis=(0, 2, 3), ddof=1), rtol=1e-6)


def test_the_books_variant():
    """On rows it runs on kernels and remembers as the book does; pixel by pixel it runs its NumPy code."""
    rows = NetworkSpec("n", (1, 4, 4), (spec.Affine(6), Norm(variant="book"), spec.Affine(4)), "he")
    pixels = NetworkSpec("n", (1, 6, 6), (CONV(2, 3), Norm(variant="book"), spec.Affine(4)), "he")
    for made, own_code in ((rows, 0), (pixels, 1)):
        fused, plain = (spread(Network(made, engine=name)) for name in ("fused", "layers"))
        x, t = batch(fused, 9)
        assert fused.loss_and_gradient(x, t) == pytest.approx(plain.loss_and_gradient(x, t), rel=1e-5)
        close(fused.params["running_var2"], plain.params["running_var2"])
        kernels = [row.kernel for row in fused.compiled(9).describe()]
        assert sum(kernel.startswith("NumPy") for kernel in kernels) == own_code


def hand_made():
    """Layers by hand: a convolution with its normalisation, and an affine layer with its own."""
    rng = np.random.default_rng(3)
    draw = lambda *shape: rng.normal(0, 0.4, shape).astype(np.float32)  # noqa: E731
    norms = [BatchNormalization(1 + draw(n), draw(n), draw(n), np.abs(1 + draw(n))) for n in (5, 3)]
    layers = [
        Convolution(draw(5, 1, 3, 3), draw(5)),
        norms[0],
        Relu(),
        Affine(draw(180, 3), draw(3)),
        norms[1],
    ]
    return layers, draw(7, 1, 8, 8)


def scores(layers, x):
    """What the readable layers give."""
    for layer in layers:
        x = layer.forward(x)
    return x


def test_a_change_between_predictions_is_seen():
    """In place or as another array, of weights, scale or statistics; a frozen plan keeps its own."""
    layers, x = hand_made()
    live, frozen = (engine.compile(layers, None, (1, 8, 8), 7, frozen=kept) for kept in (False, True))
    first = frozen.predict(x)
    close(first, scores(layers, x))
    for change in ("running_mean", "running_var", "gamma", "beta"):
        for layer in (layers[1], layers[4]):
            getattr(layer, change)[...] *= np.float32(1.5)
        close(live.predict(x), scores(layers, x))
        setattr(layers[1], change, getattr(layers[1], change) + np.float32(0.25))
        close(live.predict(x), scores(layers, x))
    layers[0].W[...] *= np.float32(2)
    close(live.predict(x), scores(layers, x))
    np.testing.assert_array_equal(frozen.predict(x), first)
    np.testing.assert_array_equal(live.predict(x[:1])[0], live.predict(x)[0])


def test_what_kernels_cannot_read():
    """Parameters of another type, or another size than was compiled, are refused by name."""
    layers, x = hand_made()
    layers[1].gamma = layers[1].gamma.astype(np.float64)
    with pytest.raises(UsageError, match=r"`gamma` of BatchNormalization must be float32 and C-contiguous"):
        engine.compile(layers, None, (1, 8, 8), 7)
    layers, x = hand_made()
    plan = engine.compile(layers, None, (1, 8, 8), 7)
    layers[4].running_var = np.ones(4, np.float32)
    with pytest.raises(
        ShapeError, match=r"`running_var` of BatchNormalization must stay \(3,\), as compiled"
    ):
        plan.predict(x)


def test_timing_the_stages_is_no_training():
    """What the network has seen of batches is what it was."""
    network = spread(Network(described("on rows")))
    kept = network.params.vector.copy()
    engine.profile(network.compiled(8), *batch(network, 8), rounds=2)
    np.testing.assert_array_equal(network.params.vector, kept)
