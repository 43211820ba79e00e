"""Every word of the SIMD vocabulary against NumPy, for 4, 8 and 16 lanes."""

import numpy as np
import pytest

from convlens.kernels.runtime.compiler import entry
from convlens.kernels.simd import vectors
from convlens.kernels.simd.vectors import size

LANES = [4, 8, 16]
f32 = np.float32


def numbers(n, seed=0):
    return np.random.default_rng(seed).integers(-9, 10, n).astype(np.float32)


@pytest.mark.parametrize("L", LANES)
def test_load_compute_store(L):
    """Loads need no alignment; arithmetic is lane by lane."""

    @entry
    def kernel(x, y, out):
        a, b = vectors.load(x, 1, L), vectors.load(y, 3, L)
        vectors.store(out, 0, vectors.vadd(a, b))
        vectors.store(out, L, vectors.vsub(a, b))
        vectors.store(out, 2 * L, vectors.vmul(a, b))
        vectors.store(out, 3 * L, vectors.vdiv(a, b))
        vectors.store(out, 4 * L, vectors.fma(a, b, vectors.splat(np.float32(2), L)))
        vectors.store(out, 5 * L, vectors.vsqrt(vectors.vmul(a, a)))
        vectors.store(out, 6 * L, vectors.vmax(a, b))

    x, y, out = numbers(64), numbers(64, 1), np.zeros(7 * L, f32)
    y[y == 0] = 1
    kernel(x, y, out)
    a, b = x[1 : 1 + L], y[3 : 3 + L]
    wanted = [a + b, a - b, a * b, a / b, a * b + 2, np.abs(a), np.maximum(a, b)]
    np.testing.assert_allclose(out.reshape(7, L), wanted, rtol=1e-6)


@pytest.mark.parametrize("L", LANES)
def test_bytes_become_floats(L):
    """A vector of uint8 is loaded as float32."""

    @entry
    def kernel(x, out):
        vectors.store(out, 0, vectors.load(x, 2, L))

    x, out = np.arange(200, 250, dtype=np.uint8), np.zeros(L, f32)
    kernel(x, out)
    np.testing.assert_array_equal(out, x[2 : 2 + L])


@pytest.mark.parametrize("L", LANES)
def test_tiles_of_products(L):
    """`fma_outer` adds an outer product, `fma_rows` a scaled patch, `axpy_rows` scatters one."""
    two, three, six = size(2), size(3), size(6)

    @entry
    def kernel(x, w, out):
        lanes = size_of
        outer = vectors.fma_outer(vectors.zeros(six, lanes), x, 1, 2, 7, three, two, w, 5)
        vectors.stores(out, 0, L, 1, outer)
        rows = vectors.fma_rows(vectors.loads(x, 0, 40, two, three, lanes), np.float32(3), w, 4, 50, three)
        vectors.stores(out, 6 * L, 3 * L, three, rows)
        vectors.axpy_rows(out, 12 * L, 3 * L, three, np.float32(2), rows)

    size_of = size(L)
    x, w, out = numbers(256), numbers(256, 1), np.zeros(18 * L, f32)
    kernel(x, w, out)
    outer = [x[1 + r * 7 + s * 2] * w[5 : 5 + L] for r in range(2) for s in range(3)]
    np.testing.assert_array_equal(out[: 6 * L].reshape(6, L), outer)
    rows = np.array([x[r * 40 : r * 40 + 3 * L] + 3 * w[4 + r * 50 : 4 + r * 50 + 3 * L] for r in range(2)])
    np.testing.assert_array_equal(out[6 * L : 12 * L], rows.ravel())
    np.testing.assert_array_equal(out[12 * L :], 2 * rows.ravel())


@pytest.mark.parametrize("L", LANES)
def test_transposed(L):
    """A square tile is transposed in registers."""
    square, one = size(L), size(1)

    @entry
    def kernel(x, out):
        vectors.stores(out, 0, L, one, vectors.transposed(vectors.loads(x, 0, L, square, one, square)))

    x, out = np.arange(L * L, dtype=f32), np.zeros(L * L, f32)
    kernel(x, out)
    np.testing.assert_array_equal(out.reshape(L, L), x.reshape(L, L).T)


@pytest.mark.parametrize("L", LANES)
def test_only_winners_are_multiplied(L):
    """`fma_winner` is `fma_outer` with the vectors' lanes where the winner is k."""
    one, two = size(1), size(2)

    @entry
    def kernel(x, d, winner, out):
        lanes = size_of
        vectors.stores(
            out,
            0,
            L,
            one,
            vectors.fma_winner(vectors.zeros(two, lanes), x, 1, 3, 0, two, one, d, winner, 5, 2),
        )

    size_of = size(L)
    x, d, out = numbers(16), numbers(64, 1), np.zeros(2 * L, f32)
    winner = np.random.default_rng(2).integers(0, 5, 64).astype(np.uint8)
    kernel(x, d, winner, out)
    won = np.where(winner == 2, d, 0)[5 : 5 + L]
    np.testing.assert_array_equal(out.reshape(2, L), [x[1] * won, x[4] * won])
