"""Compiling ahead of the first training. Must not know files or training."""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import product
from typing import Any

import numpy as np

from convlens.arguments import as_annotated
from convlens.engine.augmentation import rehearse_moving
from convlens.engine.convolution import ConvolutionStage, Geometry
from convlens.engine.convolution.choosing import Tiles
from convlens.engine.memory import Frame
from convlens.engine.optimizers import RULES, FusedOptimizer
from convlens.engine.parameters import BoundParameters
from convlens.engine.plan import Plan
from convlens.engine.rehearsal import Step, is_done, run
from convlens.engine.side_by_side import Helpers, how_many
from convlens.errors import ConvlensError
from convlens.kernels.runtime import cache
from convlens.kernels.runtime.machine import lanes
from convlens.kernels.spans import add_span
from convlens.layers import Affine, Convolution, Pooling, Relu, SoftmaxWithLoss
from convlens.layers.average_pooling import AveragePooling
from convlens.layers.batch_normalization import BatchNormalization
from convlens.layers.dropout import Dropout
from convlens.layers.gelu import Gelu
from convlens.layers.residual import Residual

__all__ = ["every_kernel", "menu", "on_first_compile", "warm_up", "warm_up_plan"]

COUNTS = (1, 2, 3, 4, 6, 8, 10, 12, 16, 20, 24, 30, 32, 40, 48, 50, 64, 96, 128)
"""Channels or filters among which each tile of the menu is some layer's best."""

SIDES = (*range(1, 19), 20, 22, 24, 26, 28, 30, 32)

MOST_HELPERS = 15
"""Each takes a quarter of a gigabyte."""

Layer = tuple[Geometry, bool]
"""A convolution, and whether the derivatives by its input are wanted."""


@as_annotated
def on_first_compile(call: Callable[[], None]) -> None:
    """Let `call` be called once, before the first kernel that the cache on disk does not hold is compiled."""
    cache.on_compile[:] = [call]


@as_annotated
def warm_up(progress: Callable[[int, int], None] = lambda _done, _all: None) -> int:
    """Compile every tile of the menu, and all kernels without tiles, on all cores.

    Args:
        progress: called with how many layers are done, of how many.

    Returns:
        How many layers were run.

    Raises:
        ConvlensError: a kernel could not be kept, so that compiling the others ahead is of no use.
    """
    steps = menu()
    progress(0, len(steps))
    with Helpers(how_many(len(steps), most=MOST_HELPERS), {}):
        done, left = 0, []
        for step in steps:
            if is_done(step):
                done += 1
                _require_kept()
                progress(done, len(steps))
            else:
                left.append(step)
        for step in left:
            run(step)
            done += 1
            _require_kept()
            progress(done, len(steps))
    return len(steps) - 1


def menu() -> list[Step]:
    """Return what compiles every kernel that a network can call, in steps."""
    return [*(partial(_run, *layer) for layer in every_kernel()), _all_without_tiles]


def _all_without_tiles() -> None:
    warm_up_plan(_without_tiles())
    add_span(np.zeros(1, np.float32), np.zeros(1, np.float32), 1)  # of batches in pieces alone
    for pictures in (np.uint8, np.float32):
        rehearse_moving((1, 28, 28), pictures)
    for name in RULES:
        optimizer = FusedOptimizer(name, np.zeros(8, np.float32), np.zeros(8, np.float32), 1)
        optimizer.step(0.01, optimizer.norm() + 0.5)  # mixed, as where weights decay


def _require_kept() -> None:
    """Refuse to go on where a compiled kernel could not be written to the disk."""
    if cache.lost:
        raise ConvlensError(
            f"compiled kernels cannot be kept in {cache.folder()} ({cache.lost[0]}): make room, or set "
            "CONVLENS_CACHE_DIR to a folder on another disk."
        )


def warm_up_plan(plan: Plan) -> None:
    """Compile the kernels of one plan, for bytes and for numbers, for several pictures and for one."""
    kinds = ((np.uint8, np.uint8), (np.float32, np.int64))  # kernels differ by type
    for pictures, labels in kinds:
        x, t = np.zeros((plan.capacity, *plan.input_shape), pictures), np.zeros(plan.capacity, labels)
        plan.predict(x)
        plan.predict(x[:1])  # an affine layer has a kernel of its own for one picture
        if plan.loss is not None:
            plan.loss_and_gradient(x, t)


def every_kernel() -> list[Layer]:
    """Return convolutions that between them run every tile of the menu that a layer can get."""
    seen: set[tuple[object, bool]] = set()
    layers = []
    for geometry, needs_dx in _candidates():
        kernels = Tiles.of(geometry, needs_dx).kernels(geometry.pooled)
        if not kernels <= seen:
            seen |= kernels
            layers.append((geometry, needs_dx))
    return layers


def _candidates() -> Iterator[Layer]:
    """Yield layers that differ in what the choice of a tile looks at, small ones first."""
    for F, side, pooled in product(COUNTS, SIDES, (False, True)):
        if side >= 2 or not pooled:
            yield _layer(2, F, (2, 2), side, pooled), False  # a forward pass: filters and the length of a row
            yield _layer(1, F, (2, 2), side, pooled), False  # few filters of one channel
    for F, side, pooled in product(COUNTS, SIDES[1:], (False, True)):
        yield _layer(64, F, (3, 3), side, pooled), True  # Winograd
    kernels = list(product(range(1, 8), range(1, 8)))
    for kernel, channels in product(kernels, COUNTS):
        for F, pooled in product((lanes(), 2 * lanes(), 4 * lanes()), (False, True)):
            yield _layer(channels, F, kernel, 4, pooled), False  # a dense gradient: patch and filters
    for kernel, channels in product(kernels, range(1, 129)):
        for needs_dx in (False, True):
            yield _layer(channels, 1, kernel, 4, pooled=True), needs_dx  # sparse and windows: the patch


def _layer(channels: int, filters: int, kernel: tuple[int, int], side: int, pooled: bool) -> Geometry:
    """Return a layer with so many outputs a row before pooling, and no padding."""
    height, width = side + kernel[0] - 1, side + kernel[1] - 1
    return Geometry(channels, height, width, filters, kernel, (1, 1), (0, 0), pooled)


def _run(geometry: Geometry, needs_dx: bool) -> None:
    """Run one layer forward and backward, on two pictures of zeros."""
    g = geometry
    layer = Convolution(np.zeros((g.F, g.C, *g.kernel), np.float32), np.zeros(g.F, np.float32))
    source = Frame((g.C, g.H, g.W))
    bound = BoundParameters(layer, None)
    stage = ConvolutionStage((0,), source, bound, g, relu=True, needs_dx=needs_dx)
    for memory in (source, stage.target):
        memory.allocate(2, needs_grad=True)
    stage.allocate(2)
    stage.forward(2, train=True)
    stage.backward(2)


def _without_tiles() -> Plan:
    """Return a plan with all that is not a convolution with its pooling, a stride, and groups."""
    first, strided = (np.zeros((2, channels, 3, 3), np.float32) for channels in (8, 2))
    alone, pairs = (np.zeros((filters, 1, 3, 3), np.float32) for filters in (2, 4))
    b = np.zeros(2, np.float32)
    layers: list[Any] = [
        _normalisation(8),
        Pooling(2, 2, 2),
        Convolution(first, b, 1, 1),
        Relu(),
        Convolution(strided, b, 2, 1),
        Relu(),
        Residual([Convolution(strided, b, 1, 1)]),
        Relu(),
        Residual([Convolution(strided, b, 1, 1)], [Convolution(strided, b, 1, 1)]),
        Convolution(alone, b, 1, 1, groups=2),
        Convolution(alone, b, 2, 3, groups=2),
        Convolution(pairs, np.zeros(4, np.float32), 2, 1, groups=2),
        Pooling(3, 3),
        Pooling(2, 2, 1),
        AveragePooling(1),
        _normalisation(4),
        _affine(4, 100),
        _normalisation(100),
        Relu(),
        Gelu(),
        Dropout(),
    ]
    return Plan([*layers, _affine(100, 10)], SoftmaxWithLoss(), (8, 80, 80), 32, 1, None)


def _normalisation(channels: int) -> BatchNormalization:
    return BatchNormalization(np.ones(channels, np.float32), np.zeros(channels, np.float32))


def _affine(inputs: int, outputs: int) -> Affine:
    return Affine(np.zeros((inputs, outputs), np.float32), np.zeros(outputs, np.float32))
