"""Networks of small integers: every sum is exact in float32, so the order of a sum cannot hide a mistake."""

import numpy as np

from convlens import engine
from convlens.layers import (
    Affine,
    AveragePooling,
    Batch,
    Convolution,
    GlobalAveragePooling,
    Pooling,
    Relu,
    Residual,
    Sigmoid,
    SoftmaxWithLoss,
    forward_in_batch,
)


class Integers:
    """Draws layers and batches of small integers from a seed."""

    def __init__(self, seed=0):
        self.rng = np.random.default_rng(seed)

    def array(self, *shape, low=-2, high=3):
        return self.rng.integers(low, high, shape).astype(np.float32)

    def convolution(self, filters, channels, kernel, stride=1, pad=0, groups=1, dilation=1):
        kernel = (kernel, kernel) if isinstance(kernel, int) else kernel
        W, b = self.array(filters, channels // groups, *kernel), self.array(filters)
        return Convolution(W, b, stride, pad, groups, dilation)

    def depthwise(self, channels, kernel, stride=1, pad=0, dilation=1):
        return self.convolution(channels, channels, kernel, stride, pad, channels, dilation)

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
    batch = Batch(x, np.zeros(n, int), np.arange(n), step=1, seed=n)
    scores, out = x, x
    for layer in layers:
        scores = forward_in_batch(layer, scores, False, None)
    for number, layer in enumerate(layers):
        out = forward_in_batch(layer, out, True, batch, number)
    dout = numbers.array(*out.shape)
    back = dout
    for layer in reversed(layers):
        back = layer.backward(back)
    layered = [{name: grad.copy() for name, grad in layer.grads.items()} for layer in layers]

    plan = engine.compile(layers, SoftmaxWithLoss(), shape, capacity, **settings)
    found = [("scores", plan.predict(x), scores)]
    plan._feed.fill(x, np.arange(n))
    plan._feed.gather(slice(n), x.dtype)
    for stage in plan.stages:
        if stage.sees_batch:
            stage.see(batch)
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
    listed = pooled(numbers) | unpooled(numbers) | in_groups(numbers) | with_ways(numbers)
    for name, (shape, layers) in listed.items():
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


def in_groups(numbers):
    """The same of filters that do not see all that lies in their window."""
    c, dw, R, P = numbers.convolution, numbers.depthwise, Relu, Pooling
    return {
        "depthwise": (
            (1, 9, 8),
            [c(5, 1, 3, 1, 1), R(), dw(5, 3, 1, 1), R(), c(7, 5, 1), dw(7, (2, 4), 1, "same"), dw(7, 5, 2, 2),
             R()],
        ),
        "depthwise, many channels": (
            (3, 9, 16), [c(20, 3, 3, 1, 1), R(), dw(20, 3, 1, 2, 2), P(2, 2), dw(20, (1, 2), 1, 1), R()]
        ),
        "depthwise first": ((3, 20, 9), [dw(3, 3, (2, 1), 1), R(), P(2, 2), c(33, 3, 1), R(), dw(33, 3, 2)]),
        "groups and dilation": (
            (4, 14, 13),
            [c(6, 4, 3, 1, 1, 2), R(), P(2, 2), c(12, 6, 2, 1, 0, 6), R(), c(8, 12, 2, 1, 2, 1, 2), R(),
             c(8, 8, 2, 2, 1, 4, 2)],
        ),
        "as large as before": (
            (4, 9, 12),
            [dw(4, (2, 4), 1, "same"), R(), dw(4, 4, 2, "same"), c(6, 4, 2, 1, "same", 2, 2), R(),
             dw(6, (4, 2), 1, "same", 2), c(4, 6, (1, 4), 1, "same", 2)],
        ),
    }  # fmt: skip


def headless(numbers):
    """Networks that do not end with an affine layer. Areas are powers of two: their means are exact."""
    c, R, P, A = numbers.convolution, Relu, Pooling, AveragePooling
    depthwise = Convolution(numbers.array(16, 1, 2, 3), numbers.array(16), 1, "same", 16)
    return {
        "averages": (
            (3, 9, 11),
            [c(8, 3, 3, 1, "same"), R(), A(2, (2, 1)), R(), c(5, 8, (4, 2), 1, "same"),
             A((2, 4), pad="same"), c(7, 5, 2, 2, "same"), GlobalAveragePooling(), R()],
        ),
        "averaged convolutions": (
            (3, 12, 11),
            [c(8, 3, 3, 1, 1), A(2), R(), c(17, 8, (2, 3), 1, "same"), A((2, 4), (2, 1)),
             c(5, 17, 2), GlobalAveragePooling(), R()],
        ),
        "maps of one number": (
            (1, 10, 9),
            [c(16, 1, 3, 2, "same"), R(), P(2, 2, 2, "same"), A(1), depthwise, A((2, 2), 2, 1), c(4, 16, 2)],
        ),
    }  # fmt: skip


def with_ways(numbers):
    """The same with layers that hold layers."""
    c, a, R, P, both = numbers.convolution, numbers.affine, Relu, Pooling, Residual
    return {
        "residual": ((1, 7, 7), [
            c(16, 1, 3, 1, 1), R(), both([c(16, 16, 3, 1, 1)]), R(), both([c(4, 16, 3, 2)], [c(4, 16, 3, 2)]),
        ]),
        "residual first": ((1, 6, 7), [both([c(1, 1, 3, 1, 1), R()]), both([R(), c(1, 1, 3, 1, 1)]), R()]),
        "residual in residual": ((2, 6, 6), [
            c(3, 2, 1),
            both([both([c(3, 3, 3, 1, 1)]), R(), both([P(3, 3, 1, 1)]), P(2, 2)], [c(3, 3, 2, 2)]),
        ]),
        "residual of rows": ((2, 4, 5), [
            both([c(3, 2, 3), P(2, 2), a(3, 9), R(), a(9, 7)], [a(40, 7), both([a(7, 7)])]), R(),
            both([a(7, 7), R()]),
        ]),
        "residual, pooled": ((1, 6, 6), [c(4, 1, 3), both([c(4, 4, 3, 1, 1), R()]), P(2, 2), R()]),
    }  # fmt: skip


def with_sigmoid(numbers):
    """A network with activations that stand alone, in the pictures and behind the affine layer."""
    layers = [numbers.convolution(4, 1, 3, 1, 1), Sigmoid(), numbers.convolution(5, 4, 3), Relu(), Relu()]
    return [*numbers.with_head(layers, (1, 8, 8)), Sigmoid()], (1, 8, 8)


def around(numbers, kind):
    """Networks with the layer first, behind each kind of stage, before each, twice, and last; odd sizes."""
    c, head = numbers.convolution, numbers.with_head
    cases = {
        "first": ([kind(), c(5, 2, 3)], (2, 7, 9)),
        "behind a convolution": ([c(5, 1, 3), kind()], (1, 7, 9)),
        "before pooling": ([c(6, 1, 3, 1, 1), kind(), Pooling(2, 2)], (1, 7, 9)),
        "behind fused pooling": ([c(6, 1, 2), Pooling(2, 2), kind(), c(4, 6, 3, 1, 1)], (1, 9, 7)),
        "between two convolutions": ([c(5, 3, (3, 2)), kind(), c(4, 5, 3, 1, 2), Relu()], (3, 7, 5)),
        "before a stride": ([c(4, 1, 3), kind(), c(3, 4, 3, 2, 1), kind()], (1, 11, 9)),
        "between poolings": ([Pooling(3, 3, 1, 1), kind(), Pooling(2, 2, 1), kind()], (2, 5, 5)),
        "twice": ([c(5, 1, 3), kind(), kind()], (1, 5, 5)),
        "behind ReLU": ([c(5, 1, 3), Relu(), kind(), Pooling(2, 2), Relu()], (1, 7, 7)),
    }
    made = {name: (head(layers, shape), shape) for name, (layers, shape) in cases.items()}
    affine = [numbers.affine(9, 7), kind(), numbers.affine(7, 5)]
    made["between affine layers"] = (affine, (9,))
    made["last"] = ([*head([c(3, 1, 3)], (1, 5, 5)), kind()], (1, 5, 5))
    return made
