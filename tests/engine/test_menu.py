"""Tiles come from a fixed menu; warming up compiles what networks need."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from integer_networks import Integers, networks

from convlens import engine, spec
from convlens.engine import warmup
from convlens.engine.convolution.choosing import Tiles, outputs_tile
from convlens.engine.convolution.geometry import Geometry
from convlens.engine.optimizers import RULES
from convlens.engine.tiles import AffineTile, ColumnTile, ForwardTile, WindowTile, WinogradTile
from convlens.engine.warmup import every_kernel, warm_up_plan
from convlens.kernels.runtime import machine, tapes
from convlens.layers import SoftmaxWithLoss
from convlens.networks import Network


@pytest.fixture(scope="module")
def warmed():
    """What `convlens warmup` compiles: tiles, and whether a kernel pools."""
    return set().union(*(Tiles.of(g, dx).kernels(g.pooled) for g, dx in every_kernel()))


def test_the_menu_is_short_and_printed():
    """About a hundred tiles serve all layers."""
    printed = engine.every_tile()
    assert sum(len(tiles) for tiles in printed.values()) <= 100
    assert all(len(tile) < 80 for tiles in printed.values() for tile in tiles)


@given(
    st.integers(1, 200), st.integers(1, 200), st.tuples(st.integers(1, 9), st.integers(1, 9)),
    st.tuples(st.integers(1, 3), st.integers(1, 3)), st.tuples(st.integers(0, 4), st.integers(0, 4)),
    st.integers(9, 70), st.booleans(), st.booleans(),
)  # fmt: skip
@settings(max_examples=2000, deadline=None)
def test_warming_up_compiles_every_layers_tiles(warmed, C, F, kernel, stride, pad, side, pooled, needs_dx):
    """Whatever the sizes, a layer's kernels are among those that were compiled ahead."""
    g = Geometry(C, side, side, F, kernel, stride, pad, pooled=False)
    g = replace(g, pooled=pooled and min(g.unpooled) >= 2)
    assert Tiles.of(g, needs_dx).kernels(g.pooled) <= warmed


@pytest.mark.skipif(machine.lanes() != 16, reason="narrower vectors make other tiles the best ones")
def test_every_tile_is_some_layers_best(warmed):
    """No tile is on the menu in vain."""
    best = {str(tile) for tile, _ in warmed} | {str(AffineTile.choose())}
    assert {tile for tiles in engine.every_tile().values() for tile in tiles} == best


def test_lanes_run_where_there_is_most_to_do():
    """Few filters of one channel: columns. Many channels and filters of 3x3: Winograd. Else: filters."""
    wide = machine.lanes()
    assert isinstance(forward_tile_of(1, wide // 2, (5, 5)), ColumnTile)
    assert isinstance(forward_tile_of(1, wide // 2, (5, 5), stride=(2, 2)), ForwardTile)
    assert isinstance(forward_tile_of(2, wide // 2, (5, 5)), ForwardTile)
    assert isinstance(forward_tile_of(32, 64, (3, 3)), WinogradTile)
    assert isinstance(forward_tile_of(32, 64, (5, 5)), ForwardTile)
    assert isinstance(forward_tile_of(32, 33, (3, 3)), ForwardTile)


def forward_tile_of(channels, filters, kernel, stride=(1, 1)):
    side = [23 * step + size for step, size in zip(stride, kernel, strict=True)]
    return outputs_tile(Geometry(channels, *side, filters, kernel, stride, (0, 0), pooled=True))


def test_windows_are_for_filters_that_stay_in_the_cache():
    """LeNet's second layer is one, a layer of many filters is not, nor one of whole vectors."""
    assert WindowTile.choose(16, (5, 5), (1, 1), 6) is not None
    assert WindowTile.choose(128, (5, 5), (1, 1), 50) is None
    assert WindowTile.choose(16, (3, 3), (1, 1), 16) is None


def test_warming_up_a_plan():
    """Afterwards nothing is left to compile, so nothing is announced."""
    layers, shape = networks(Integers())["affine alone"]
    plan = engine.compile(layers, SoftmaxWithLoss(), shape, 4)
    warm_up_plan(plan)
    said = []
    engine.on_first_compile(lambda: said.append("compiling"))
    plan.loss_and_gradient(np.ones((4, 3), np.float32), np.zeros(4, np.int64))
    assert said == []
    engine.on_first_compile(lambda: None)


@pytest.fixture
def asked_for(monkeypatch):
    """The kernels that are called from here on, with the types of their arguments; none runs."""
    asked = set()
    monkeypatch.setattr(tapes.Kernel, "door", lambda kernel, given: asked.add((kernel, given)) or 0)
    monkeypatch.setattr(tapes.Tape, "run", lambda _: 0)
    return asked


def small(*layers, shape=(1, 8, 8)):
    return spec.NetworkSpec("small", shape, (*layers, spec.Affine(10)))


CALLED = {
    "columns": small(spec.Convolution(2, 2), spec.Relu(), spec.Pooling(2, 2), shape=(1, 9, 9)),
    "filters": small(spec.Convolution(10, 2), spec.Relu(), spec.Pooling(2, 2), shape=(2, 13, 15)),
    "strided": small(
        spec.Convolution(4, 3, 1, 1),
        spec.Relu(),
        spec.Convolution(4, 3, 2, 1),
        spec.Relu(),
        spec.Pooling(3, 1),
    ),
    "winograd": small(spec.Convolution(32, 3), spec.Relu(), spec.Convolution(64, 3), shape=(3, 13, 13)),
    "depthwise": small(
        spec.Convolution(4, 3, 1, 1),
        spec.Convolution(4, 3, 1, 1, groups=4),
        spec.Convolution(4, 3, 2, 1, groups=4),
    ),
    "groups": small(spec.Convolution(4, 3), spec.Convolution(4, 2, dilation=2, groups=2), shape=(2, 9, 9)),
    "affine": small(spec.Affine(7), spec.Sigmoid()),
    **{name: spec.named_network(name) for name in spec.NETWORKS},
}


def test_warming_up_compiles_what_networks_call(asked_for, monkeypatch):
    """The types of arguments are those of real plans: bytes or numbers, read-only or not, one or several."""
    monkeypatch.setattr(warmup, "how_many", lambda *_, **__: 0)
    progress = []
    count = engine.warm_up(lambda done, total: progress.append((done, total)))
    assert progress == [(done, count + 1) for done in range(count + 2)]
    compiled = set(asked_for)
    for name, described in CALLED.items():
        asked_for.clear()
        network = Network(described, seed=0)
        x, t = np.ones((7, *network.spec.input_shape), np.uint8), np.zeros(7, np.uint8)
        network.predict(x[:1].astype(np.float32))
        network.predict(x)
        network.loss_and_gradient(x.astype(np.float32), t.astype(np.int64), np.arange(7))
        x.flags.writeable = t.flags.writeable = False  # as a data set's are
        network.loss_and_gradient(x, t)
        for rule in RULES:
            engine.FusedOptimizer(rule, np.zeros(8, np.float32), np.zeros(8, np.float32), 1).step(0.01)
        assert len(asked_for) > 10, name
        assert asked_for <= compiled, name


def test_what_was_not_warmed_up_is_another_kernel(asked_for):
    """One with a tile that the plan without tiles of its own does not have."""
    warm_up_plan(warmup._without_tiles())
    compiled = set(asked_for)
    network = Network(CALLED["winograd"], seed=0)
    network.predict(np.ones((2, 3, 13, 13), np.float32))
    assert not asked_for <= compiled
