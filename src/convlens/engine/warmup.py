"""Compiling ahead of the first training. Must not know files or training."""

from collections.abc import Callable
from typing import Any

import numpy as np

from convlens.engine.optimizers import RULES, FusedOptimizer
from convlens.engine.plan import Plan
from convlens.kernels import cache
from convlens.layers import Affine, Convolution, Pooling, Relu, SoftmaxWithLoss

__all__ = ["on_first_compile", "warm_up"]

SHAPES = [
    # (channels, height = width), then (filters, kernel, pad, pooled) of each convolution
    ((1, 28), [(30, 5, 0, True)]),
    ((1, 28), [(6, 5, 2, True), (16, 5, 0, True)]),
    ((1, 28), [(24, 5, 0, True), (32, 3, 0, True)]),
    ((1, 28), [(16, 3, 1, False), (16, 3, 1, True), (32, 3, 1, False), (32, 3, 2, True), (64, 3, 1, True)]),
    ((3, 32), [(32, 3, 1, True), (64, 3, 1, True)]),
    ((3, 32), [(6, 5, 0, True), (16, 5, 0, True)]),
]
"""Networks that between them use the tiles of most small ConvNets."""


def on_first_compile(call: Callable[[], None]) -> None:
    """Let `call` be called once, before the first kernel that the cache on disk does not hold is compiled."""
    cache.on_compile[:] = [call]


def warm_up(plans: list[Plan] | None = None) -> int:
    """Compile the kernels of these plans, or of the commonest networks, and all optimizers.

    Returns:
        How many plans were run.
    """
    plans = plans if plans is not None else [_plan(*shape) for shape in SHAPES]
    for plan in plans:
        for pictures, labels in ((np.uint8, np.uint8), (np.float32, np.int64)):
            x = np.zeros((plan.capacity, *plan.input_shape), pictures)
            plan.predict(x)
            plan.predict(x[:1])  # a batch of one has kernels without threads
            if plan.loss is not None:
                plan.loss_and_gradient(x, np.zeros(plan.capacity, labels))
    for name in RULES:
        FusedOptimizer(name, np.zeros(8, np.float32), np.zeros(8, np.float32)).step(0.01)
    return len(plans)


def _plan(picture: tuple[int, int], convolutions: list[tuple[int, int, int, bool]]) -> Plan:
    """Return a plan with these convolutions, ReLU behind each, and two affine layers."""
    channels, side = picture
    shape, layers = (channels, side, side), []
    for filters, kernel, pad, pooled in convolutions:
        layers += _convolution(filters, channels, kernel, pad, pooled)
        side = (side + 2 * pad - kernel + 1) // (2 if pooled else 1)
        channels = filters
    layers += [_affine(channels * side * side, 100), Relu(), _affine(100, 10)]
    return Plan(layers, SoftmaxWithLoss(), shape, 32, None, None)


def _convolution(filters: int, channels: int, kernel: int, pad: int, pooled: bool) -> list[Any]:
    w = np.zeros((filters, channels, kernel, kernel), np.float32)
    layers: list[Any] = [Convolution(w, np.zeros(filters, np.float32), 1, pad), Relu()]
    return [*layers, Pooling(2, 2)] if pooled else layers


def _affine(inputs: int, outputs: int) -> Affine:
    return Affine(np.zeros((inputs, outputs), np.float32), np.zeros(outputs, np.float32))
