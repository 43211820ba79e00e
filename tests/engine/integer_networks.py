"""Networks of small integers: every sum is exact in float32, so the order of a sum cannot hide a mistake."""

import numpy as np

from convlens import engine
from convlens.layers import (
    Affine,
    AveragePooling,
    Convolution,
    GlobalAveragePooling,
    Pooling,
    Relu,
    Sigmoid,
    SoftmaxWithLoss,
)


class Integers:
    """Draws layers and batches of small integers from a seed."""

    def __init__(self, seed=0):
        self.rng = np.random.default_rng(seed)

    def array(self, *shape, low=-2, high=3):
        return self.rng.integers(low, high, shape).astype(np.float32)

    def convolution(self, filters, channels, kernel, stride=1, pad=0):
        kernel = (kernel, kernel) if isinstance(kernel, int) else kernel
        return Convolution(self.array(filters, channels, *kernel), self.array(filters), stride, pad)

    def affine(self, inputs, outputs):
        return Affine(self.array(inputs, outputs, low=-1, high=2), self.array(outputs))

    def with_head(self, layers, shape, hidden=20, classes=5):
        """Put two affine layers behind the layers."""
        return [
            *layers,
            self.affine(size_behind(layers, shape), hidden),
            Relu(),
            self.affine(hidden, classes),
        ]


def size_behind(layers, shape):
    x = np.zeros((1, *shape), np.float32)
    for layer in layers:
        x = layer.forward(x)
    return x[0].size


def fused_and_layered(layers, shape, n, capacity, numbers, **settings):
    """Run both pictures on one batch; return (name, fused, layered) for scores and all gradients."""
    x = numbers.array(n, *shape, low=0, high=4)
    out = x
    for layer in layers:
        out = layer.forward(out, train=True)
    dout = numbers.array(*out.shape)
    back = dout
    for layer in reversed(layers):
        back = layer.backward(back)
    layered = [{name: grad.copy() for name, grad in layer.grads.items()} for layer in layers]

    plan = engine.compile(layers, SoftmaxWithLoss(), shape, capacity, **settings)
    found = [("scores", plan.predict(x), out)]
    plan._feed.fill(x, np.arange(n))
    plan._feed.gather(slice(n), x.dtype)
    for stage in plan.stages:
        stage.forward(n, train=True)
    plan.output.grad_view(n)[...] = dout.reshape(n, -1)
    for stage in reversed(plan.stages):
        stage.backward(n)
    for i, grads in enumerate(layered):
        found += [(f"d{name} of layer {i}", plan.gradients[i][name], grad) for name, grad in grads.items()]
    return plan, found


def networks(numbers):
    """One network for each way through the engine: name → (layers, input shape)."""
    made = {
        "simple": ([*first_block(numbers, 30), *two_affine(numbers, 4320, 100, 10)], (1, 28, 28)),
        "affine alone": (two_affine(numbers, 3, 2, 4), (3,)),
    }
    for name, (shape, layers) in (pooled(numbers) | unpooled(numbers)).items():
        made[name] = (numbers.with_head(layers, shape), shape)
    return made | {name: (layers, shape) for name, (shape, layers) in headless(numbers).items()}


def first_block(numbers, filters):
    return [numbers.convolution(filters, 1, 5), Relu(), Pooling(2, 2)]


def two_affine(numbers, inputs, hidden, outputs):
    return [numbers.affine(inputs, hidden), Relu(), numbers.affine(hidden, outputs)]


def pooled(numbers):
    """Pictures' layers with pooling somewhere: name → (input shape, layers)."""
    c, R, P = numbers.convolution, Relu, Pooling
    return {
        "lenet": ((1, 28, 28), [c(6, 1, 5, 1, 2), R(), P(2, 2), c(16, 6, 5), R(), P(2, 2)]),
        "pool before ReLU": ((2, 13, 12), [c(17, 2, 4), P(2, 2), R(), c(40, 17, 3, 1, 1), P(2, 2)]),
        "other pooling": (
            (1, 12, 12), [c(4, 1, 3), R(), P(3, 3, 2, 1), c(5, 4, 2), P(2, 3, (1, 2)), R()]
        ),
        "pool and dense": ((3, 8, 9), [c(8, 3, 3, 1, 1), R(), c(13, 8, 3), R(), P(2, 2), P(2, 2, 1)]),
        "Winograd": (
            (3, 12, 16), [c(16, 3, 3, 1, 1), R(), c(32, 16, 3, 1, 1), R(), P(2, 2), c(16, 32, 3, 1, 1), R()]
        ),
        "Winograd, odd": (
            (1, 9, 11), [c(16, 1, 3, 1, 1), c(48, 16, 3), R(), c(16, 48, 3, 1, 2), P(2, 2), R()]
        ),
        "many filters first": ((2, 10, 9), [c(40, 2, 3, 1, 1), R(), P(2, 2)]),
        "few filters first": ((1, 8, 33), [c(5, 1, (3, 2), 1, 1), P(2, 2), R(), c(3, 5, 2)]),
        "pool alone": ((2, 5, 4), [P(2, 2), R()]),
    }  # fmt: skip


def unpooled(numbers):
    """The same without pooling."""
    c, R = numbers.convolution, Relu
    return {
        "dense": ((1, 7, 7), [c(16, 1, 3, 1, 1), R(), c(33, 16, 3, 1, 1), R(), c(8, 33, 3)]),
        "rectangular": ((3, 9, 8), [c(5, 3, (3, 2), 1, (1, 0)), c(9, 5, (2, 3), 1, (1, 2)), R()]),
        "strides": ((2, 20, 17), [c(20, 2, 3, 2, 1), R(), c(7, 20, (3, 5), (1, 2), 2), c(4, 7, 2, 2)]),
        "wide pad": ((1, 8, 8), [c(3, 1, 2, 1, 1), c(4, 3, 2, 1, 2), R(), c(3, 4, 3, 1, 3), R()]),
        "1 x 1": ((1, 3, 3), [c(1, 1, 1)]),
        "few inputs in the last panel": ((1, 15, 3), [c(5, 1, 3), R()]),
    }


def headless(numbers):
    """Networks that do not end with an affine layer. Areas are powers of two: their means are exact."""
    c, R, P, A = numbers.convolution, Relu, Pooling, AveragePooling
    return {
        "averages": (
            (3, 9, 11),
            [c(8, 3, 3, 1, "same"), R(), A(2, (2, 1)), R(), c(5, 8, (4, 2), 1, "same"),
             A((2, 4), pad="same"), c(7, 5, 2, 2, "same"), GlobalAveragePooling(), R()],
        ),
        "maps of one number": (
            (1, 10, 9),
            [c(16, 1, 3, 2, "same"), R(), P(2, 2, 2, "same"), A(1), A((2, 2), 2, 1), c(4, 16, 2)],
        ),
    }  # fmt: skip


def with_sigmoid(numbers):
    """A network with layers that have no kernel, in the pictures and behind the affine layer."""
    layers = [numbers.convolution(4, 1, 3, 1, 1), Sigmoid(), numbers.convolution(5, 4, 3), Relu(), Relu()]
    return [*numbers.with_head(layers, (1, 8, 8)), Sigmoid()], (1, 8, 8)
