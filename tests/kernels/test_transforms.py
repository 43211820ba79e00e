"""Winograd's transforms against their matrices (Lavin and Gray 2016), for 4, 8 and 16 lanes."""

import numpy as np
import pytest

from convlens.kernels.runtime.compiler import entry
from convlens.kernels.simd import transforms, vectors
from convlens.kernels.simd.vectors import size

LANES = [4, 8, 16]
f32 = np.float32
A = np.array([[1, 0], [1, 1], [1, -1], [0, -1]], f32)
B = np.array([[1, 0, 0, 0], [0, 1, -1, 1], [-1, 1, 1, 0], [0, 0, 0, -1]], f32)
G = np.array([[1, 0, 0], [0.5, 0.5, 0.5], [0.5, -0.5, 0.5], [0, 0, 1]], f32)


def both_sides(matrix, square):
    """matrix @ square @ matrix.T in each lane."""
    return np.einsum("ij,jkl,mk->iml", matrix, square, matrix)


def square_of(side, L):
    return np.random.default_rng(side).integers(-9, 10, (side, side, L)).astype(f32)


def test_the_matrices_make_a_convolution():
    """A^T [(G g G^T) * (B^T d B)] A is d convolved with g; G^T [(B^T d B) * (A y A^T)] G its gradient."""
    d, g, y = square_of(4, 1), square_of(3, 1), square_of(2, 1)
    patches = np.lib.stride_tricks.sliding_window_view(d[..., 0], (3, 3))
    products = both_sides(G, g) * both_sides(B.T, d)
    np.testing.assert_array_equal(both_sides(A.T, products)[..., 0], np.einsum("ijuv,uv", patches, g[..., 0]))
    spread = both_sides(A, y) * both_sides(B.T, d)
    gradient = np.einsum("ijuv,ij->uv", patches, y[..., 0])
    np.testing.assert_array_equal(both_sides(G.T, spread)[..., 0], gradient)


@pytest.mark.parametrize("L", LANES)
def test_input_and_filter(L):
    """B^T d B and G g G^T, each element in a plane of its own."""

    @entry
    def kernel(d, g, out, more):
        transforms.winograd_input(d, 0, 4 * L, L, out, 0, L, lanes)
        transforms.winograd_filter(g, 0, L, more, 0, L, lanes)

    lanes, d, g = size(L), square_of(4, L), square_of(3, L)
    out, more = np.zeros((4, 4, L), f32), np.zeros((4, 4, L), f32)
    kernel(d.ravel(), g.ravel(), out.reshape(-1), more.reshape(-1))
    np.testing.assert_array_equal(out, both_sides(B.T, d))
    np.testing.assert_array_equal(more, both_sides(G, g))


@pytest.mark.parametrize("L", LANES)
def test_output_spread_and_gradient(L):
    """A^T m A row by row, A d A^T, and G^T m G."""
    one = size(1)

    @entry
    def kernel(m, d, out, spread, gradient):
        vectors.stores(out, 0, L, one, transforms.winograd_output(m, 0, L, 0, lanes))
        vectors.stores(out, 2 * L, L, one, transforms.winograd_output(m, 0, L, 1, lanes))
        transforms.winograd_spread(d, 0, 2 * L, L, spread, 0, L, lanes)
        transforms.winograd_gradient(m, 0, L, gradient, 0, L, lanes)

    lanes, m, d = size(L), square_of(4, L), square_of(2, L)
    out, spread, gradient = (np.zeros((side, side, L), f32) for side in (2, 4, 3))
    kernel(m.ravel(), d.ravel(), *(a.reshape(-1) for a in (out, spread, gradient)))
    np.testing.assert_array_equal(out, both_sides(A.T, m))
    np.testing.assert_array_equal(spread, both_sides(A, d))
    np.testing.assert_array_equal(gradient, both_sides(G.T, m))
