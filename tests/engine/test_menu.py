"""Tiles come from a fixed menu; warming up compiles what networks need."""

import os
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from integer_networks import Integers, networks

from convlens import engine
from convlens.engine.convolution.choosing import Tiles, outputs_tile
from convlens.engine.convolution.geometry import Geometry
from convlens.engine.tiles import AffineTile, ColumnTile, ForwardTile, WindowTile, WinogradTile
from convlens.engine.warmup import every_kernel, warm_up_plan
from convlens.kernels.runtime import machine
from convlens.layers import SoftmaxWithLoss


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


WARM = """
from dataclasses import replace
import numpy as np
from convlens import engine, spec
from convlens.engine import side_by_side, warmup
from convlens.engine.convolution.choosing import Tiles
from convlens.engine.convolution.geometry import Geometry
from convlens.kernels.runtime import cache
from convlens.networks import Network

whole = warmup.every_kernel()
wanted = Tiles.of(Geometry(1, 9, 9, 2, (2, 2), (1, 1), (0, 0), True), False).kernels(True)
wanted |= Tiles.of(Geometry(2, 13, 15, 10, (2, 2), (1, 1), (0, 0), True), False).kernels(True)
strided = Geometry(4, 8, 8, 4, (3, 3), (2, 2), (1, 1), False)
wanted |= Tiles.of(replace(strided, C=1, stride=(1, 1)), False).kernels(False)
wanted |= Tiles.of(strided, True).kernels(False)
some, left = [], set(wanted)
while left:  # as few layers, of as few other kernels, as have all of them
    tiles = {layer: Tiles.of(*layer).kernels(layer[0].pooled) for layer in whole}
    useful = [layer for layer in whole if tiles[layer] & left]
    best = min(useful, key=lambda layer: len(tiles[layer] - wanted) / len(tiles[layer] & left))
    some.append(best)
    left -= tiles[best]
warmup.every_kernel = lambda: some
warmup.how_many = lambda *_, **__: 1
side_by_side._PROGRAM = side_by_side._PROGRAM.replace(
    "begin(told)",
    "from convlens.engine import warmup; from convlens.engine.convolution.geometry import Geometry; "
    f"warmup.every_kernel = lambda: {some!r}; begin(told)",
)
progress = []
count = engine.warm_up(lambda done, total: progress.append((done, total)))
assert progress[0][0] == 0 and progress[-1] == (count + 1, count + 1), progress
class Announced(Exception):
    pass
def announced():
    raise Announced
cache._announce = announced
for shape, filters, size in (((1, 9, 9), 2, 2), ((2, 13, 15), 10, 2)):
    layers = (spec.Convolution(filters, (size, size)), spec.Relu(), spec.Pooling((2, 2), 2), spec.Affine(10))
    network = Network(spec.NetworkSpec("small", shape, layers))
    network.predict(np.ones((1, *shape), np.float32))
    network.predict(np.ones((7, *shape), np.uint8))
    x, t = np.ones((7, *shape), np.uint8), np.zeros(7, np.uint8)
    x.flags.writeable = t.flags.writeable = False  # as a data set's are
    network.loss_and_gradient(x, t)
layers = (spec.Convolution(4, (3, 3), 1, 1), spec.Relu(), spec.Convolution(4, (3, 3), 2, 1), spec.Relu())
for behind in ((), (spec.Pooling((3, 3), 1),)):
    network = Network(spec.NetworkSpec("strided", (1, 8, 8), (*layers, *behind, spec.Affine(10))))
    network.loss_and_gradient(np.ones((7, 1, 8, 8), np.float32), np.zeros(7, np.int64), np.arange(7))
layers = (spec.Convolution(32, (3, 3)), spec.Affine(10))
try:
    Network(spec.NetworkSpec("other", (32, 8, 8), layers)).predict(np.ones((2, 32, 8, 8), np.float32))
except Announced:
    print("fine")
"""


@pytest.mark.slow
def test_warming_up_compiles_what_networks_call(tmp_path):
    """The types of arguments are those of real plans; what was not warmed up is announced."""
    environment = os.environ | {"CONVLENS_CACHE_DIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", WARM],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )
    assert done.stdout == "fine\n", done.stderr
