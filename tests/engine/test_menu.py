"""Tiles come from a fixed menu; warming up compiles what networks need."""

import numpy as np
import pytest
from integer_networks import Integers, networks

from convlens import engine
from convlens.engine.convolver import Convolver, Shape
from convlens.engine.menu import ColumnTile, DenseTile, ForwardTile, SparseTile, WindowTile, WinogradTile
from convlens.kernels import runtime
from convlens.layers import SoftmaxWithLoss


@pytest.fixture(scope="module")
def printed():
    return engine.menu()


def test_the_menu_is_short(printed):
    """A few hundred tiles serve all layers of up to 128 filters and channels."""
    assert sum(len(tiles) for tiles in printed.values()) < 500
    assert all(len(tile) < 80 for tiles in printed.values() for tile in tiles)


@pytest.mark.parametrize("seed", range(5))
def test_every_choice_is_on_the_menu(printed, seed):
    """Layers drawn at random get tiles that are printed."""
    rng = np.random.default_rng(seed)
    for _ in range(100):
        F, C, width = (int(v) for v in rng.integers((1, 1, 2), (128, 128, 64)))
        kernel = tuple(int(v) for v in rng.integers(1, 8, 2))
        assert str(ForwardTile.choose(F, width, bool(rng.integers(2)), kernel, C)) in printed["convolution"]
        assert str(SparseTile.choose(kernel, C, True)) in printed["sparse backward"]
        assert str(DenseTile.choose(F, (kernel[0], kernel[0]), C)) in printed["dense backward"]


def test_lanes_run_where_there_is_most_to_do():
    """Few filters of one channel: columns. Many channels and filters of 3x3: Winograd. Else: filters."""
    wide = runtime.lanes()
    assert isinstance(forward_tile(1, wide // 2, (5, 5)), ColumnTile)
    assert isinstance(forward_tile(1, wide // 2, (5, 5), stride=(2, 2)), ForwardTile)
    assert isinstance(forward_tile(2, wide // 2, (5, 5)), ForwardTile)
    assert isinstance(forward_tile(32, 64, (3, 3)), WinogradTile)
    assert isinstance(forward_tile(32, 64, (5, 5)), ForwardTile)
    assert isinstance(forward_tile(32, 33, (3, 3)), ForwardTile)


def forward_tile(channels, filters, kernel, stride=(1, 1)):
    return Convolver(Shape(channels, filters, kernel, stride, (24, 24), pooled=True)).tile


def test_windows_are_for_filters_that_stay_in_the_cache():
    """LeNet's second layer is one, a layer of many filters is not, nor one of whole vectors."""
    assert WindowTile.choose(16, (5, 5), (1, 1), 6) is not None
    assert WindowTile.choose(128, (5, 5), (1, 1), 50) is None
    assert WindowTile.choose(16, (3, 3), (1, 1), 16) is None


def test_warming_up_runs_each_plan_once():
    """Afterwards nothing is left to compile, so nothing is announced."""
    layers, shape = networks(Integers())["affine alone"]
    plan = engine.compile(layers, SoftmaxWithLoss(), shape, 4)
    assert engine.warm_up([plan]) == 1
    said = []
    engine.on_first_compile(lambda: said.append("compiling"))
    plan.loss_and_gradient(np.ones((4, 3), np.float32), np.zeros(4, np.int64))
    assert said == []
    engine.on_first_compile(lambda: None)
