"""An affine layer's three products, beside NumPy."""

from dataclasses import astuple

import numpy as np
import pytest
from references import integers, slots

from convlens.engine.memory import EMPTY, aligned
from convlens.engine.tile_tables import AFFINE_ROWS
from convlens.engine.tiles import AffineTile
from convlens.kernels.affine import affine_backward, affine_forward, copy_rows
from convlens.kernels.runtime.parallel import SHARES
from convlens.kernels.runtime.slots import SLOTS

TILE = AffineTile.choose()
PANEL = TILE.vectors * TILE.lanes
RELU, IDENTITY = np.float32(0), np.float32(np.nan)


def matrix(x, width):
    """Return rows of so many numbers that hold x, and at least as many rows as a tile."""
    rows = aligned(max(len(x), AFFINE_ROWS) * width)
    rows[: len(x) * width].reshape(len(x), width)[:, : x.shape[1]] = x
    return rows


def up(count):
    return -(-count // PANEL) * PANEL


def read(rows, width, x):
    return rows[: len(x) * width].reshape(len(x), width)[:, : x.shape[1]]


@pytest.mark.parametrize(
    ("n", "K", "M"), [(1, 40, PANEL), (7, 100, PANEL + 5), (50, 333, 100), (6, 6, PANEL)]
)
@pytest.mark.parametrize(("parts", "shares"), [(1, 1), (1, SHARES), (8, SHARES), (8, 1)])
@pytest.mark.parametrize("floor", [RELU, IDENTITY])
def test_affine_forward(n, K, M, parts, shares, floor):
    """z = max(floor, a W + b), however the work is split."""
    a, w, b = integers(0, n, K), integers(1, K, M), integers(2, M)
    lda, ldz = up(K), up(M)
    wanted = a @ w + b
    z, partial = matrix(np.zeros_like(wanted), ldz), aligned(parts * max(n, AFFINE_ROWS) * ldz)
    bias = aligned(M)
    bias[:M] = b
    rows = TILE.rows if n > 1 else 1
    forward = affine_forward(rows, TILE.vectors, TILE.lanes)
    lds = (lda, M, ldz, 1, PANEL)
    forward(matrix(a, lda), w.reshape(-1), bias, partial, z, floor, (n, K, M), lds, parts, shares)
    np.testing.assert_array_equal(read(z, ldz, wanted), np.maximum(wanted, 0) if floor == 0 else wanted)


@pytest.mark.parametrize(
    ("n", "K", "M"), [(1, 40, PANEL), (7, 100, PANEL + 5), (50, 70, 100), (7, 2100, 100)]
)
@pytest.mark.parametrize("relu", [False, True])
@pytest.mark.parametrize("shares", [1, SHARES])
def test_affine_backward(n, K, M, relu, shares):
    """dW = a^T dz, db = sum of dz, da = dz W^T, in place of a; dz counts where z is not 0."""
    a, w = integers(0, n, K), integers(1, K, M)
    z, dz = integers(2, n, M, low=0, high=3), integers(3, n, M)
    lda, ldz = up(K), up(M)
    live = np.where(z != 0, dz, 0) if relu else dz
    x, given = matrix(a, lda), matrix(dz, ldz)
    dw, db, panel = aligned(K * M), aligned(M), aligned(SLOTS * PANEL * M)
    db[...] = 7
    backward = affine_backward(*astuple(TILE))
    lds = (lda, M, ldz, 1, PANEL)
    backward(x, w.reshape(-1), given, matrix(z, ldz), relu, x, dw, db, panel, slots(), (n, K, M), lds, shares)
    np.testing.assert_array_equal(dw[: K * M].reshape(K, M), a.T @ live)
    np.testing.assert_array_equal(db[:M], live.sum(axis=0))
    np.testing.assert_array_equal(read(x, lda, a), live @ w.T)


def test_an_affine_dx_that_nobody_wants_is_left_out():
    """A first layer has no derivatives by its input."""
    n, K, M = 7, 40, PANEL
    a, w, dz = integers(0, n, K), integers(1, K, M), integers(2, n, M)
    x, dw, db, panel = matrix(a, up(K)), aligned(K * M), aligned(M), aligned(SLOTS * PANEL * M)
    given = matrix(dz, M)
    lds = (up(K), M, M, 1, PANEL)
    backward = affine_backward(*astuple(TILE))
    backward(x, w.reshape(-1), given, given, False, EMPTY, dw, db, panel, slots(), (n, K, M), lds, 1)
    np.testing.assert_array_equal(dw[: K * M].reshape(K, M), a.T @ dz)
    np.testing.assert_array_equal(read(x, up(K), a), a)


@pytest.mark.parametrize("rows", [1, 5, 3000])  # the last ones on several threads
def test_copying_rows(rows):
    """A narrow matrix into wide rows, and back."""
    w = integers(0, rows, 3)
    wide, back = np.zeros((rows, 8), np.float32), np.zeros((rows, 3), np.float32)
    copy_rows(w.reshape(-1), 3, wide.reshape(-1), 8, rows, 3)
    np.testing.assert_array_equal(wide, np.pad(w, ((0, 0), (0, 5))))
    copy_rows(wide.reshape(-1), 8, back.reshape(-1), 3, rows, 3)
    np.testing.assert_array_equal(back, w)
