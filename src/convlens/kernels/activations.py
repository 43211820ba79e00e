"""Functions of single numbers, and their slopes: ReLU, leaky ReLU, tanh, sigmoid, GELU. Must not know layers.

Quotients of polynomials stand in for exp and erf: of a loop without calls and branches LLVM makes vectors.
Values are right to 4e-7, and slopes to 6e-7, of 1 or of the number itself where that is larger.
"""

from typing import Any

import numpy as np

from convlens.kernels.runtime.compiler import entry, inner
from convlens.kernels.runtime.parallel import in_shares
from convlens.kernels.shares import many

__all__ = ["GELU", "LEAKY_RELU", "SIGMOID", "TANH", "activate", "times_slope"]

LEAKY_RELU, TANH, SIGMOID, GELU = range(4)
"""ReLU is a leaky one that leaks nothing."""

WORK = 4
"""How many numbers could be copied while one is computed."""

F = np.float32


@inner
def leaky_relu(x, y, slopes, leak):
    """y = x where x > 0, else leak * x."""
    for k in range(y.size):
        v = x[k]
        low = F(0) if leak == F(0) else v * leak  # minus infinity times 0 is 0 here
        y[k] = low if v <= F(0) else v
        slopes[k] = leak if v <= F(0) else F(1)


@inner
def tanh(x, y, slopes, inside, outside):
    """Compute the hyperbolic tangent of inside * x, times outside, plus 1 - outside.

    With 1 and 1 it is tanh, with 1/2 and 1/2 the sigmoid.

    Reference: Eigen, `generic_fast_tanh_float`.
    """
    for k in range(y.size):
        v = x[k] * inside
        v = min(v, F(7.9053111))  # so written, what is not a number stays so
        v = max(v, F(-7.9053111))
        s = v * v
        p = s * F(-2.76076847742355e-16) + F(2.00018790482477e-13)
        p = (p * s + F(-8.60467152213735e-11)) * s + F(5.12229709037114e-08)
        p = (p * s + F(1.48572235717979e-05)) * s + F(6.37261928875436e-04)
        p = (p * s + F(4.89352455891786e-03)) * v
        q = (s * F(1.19825839466702e-06) + F(1.18534705686654e-04)) * s + F(2.26843463243900e-03)
        u = p / (q * s + F(4.89352518554385e-03))
        y[k] = u * outside + (F(1) - outside)
        slopes[k] = (F(1) - u * u) * (inside * outside)


@inner
def gelu(x, y, slopes):
    """y = x * P(x), where P(x) = (1 + erf(x / sqrt 2)) / 2; the slope is P(x) + x exp(-x^2 / 2) / sqrt(2 pi).

    Reference: Eigen, `erf` of float.
    """
    for k in range(y.size):
        v = x[k]
        near = min(v, F(5.6))  # beyond it P is 0 or 1 to 1e-8
        near = max(near, F(-5.6))
        z = near * F(0.70710678)
        s = z * z
        p = s * F(-2.72614225801306e-10) + F(2.77068142495902e-08)
        p = (p * s + F(-2.10102402082508e-06)) * s + F(-5.69250639462346e-05)
        p = (p * s + F(-7.34990630326855e-04)) * s + F(-2.95459980854025e-03)
        p = (p * s + F(-1.60960333262415e-02)) * z
        q = (s * F(-1.45660718464996e-05) + F(-2.13374055278905e-04)) * s + F(-1.68282697438203e-03)
        q = (q * s + F(-7.37332916720468e-03)) * s + F(-1.42647390514189e-02)
        below = (p / q) * F(0.5) + F(0.5)
        below = F(0) if v < F(-5.6) else F(1) if v > F(5.6) else below
        # exp(-s) = exp(-s/16)^16, by six terms of the series.
        u = s * F(-0.0625)
        e = (((u * F(1 / 720) + F(1 / 120)) * u + F(1 / 24)) * u + F(1 / 6)) * u + F(0.5)
        e = (e * u + F(1)) * u + F(1)
        e *= e
        e *= e
        e *= e
        e *= e
        y[k] = F(0) if v < F(-5.6) else v * below  # minus infinity times 0 is 0 here
        slopes[k] = near * e * F(0.39894228) + below


@inner
def activate_share(t, shares, x, y, slopes, n, reads, writes, shape, kind, leak):
    """Do share t of `activate`."""
    size, origin, row = reads
    out_size, out_origin, out_row = writes
    rows, count = shape
    for task in range(t * n * rows // shares, (t + 1) * n * rows // shares):
        m, i = task // rows, task % rows
        p, o = m * size + origin + i * row, m * out_size + out_origin + i * out_row
        ins, outs, slope = x[p : p + count], y[o : o + count], slopes[o : o + count]
        if kind == TANH:
            tanh(ins, outs, slope, F(1), F(1))
        elif kind == SIGMOID:
            tanh(ins, outs, slope, F(0.5), F(0.5))
        elif kind == GELU:
            gelu(ins, outs, slope)
        else:
            leaky_relu(ins, outs, slope, leak)


@entry
def activate(
    x: Any, y: Any, slopes: Any, n: int, reads: Any, writes: Any, shape: Any, kind: int, leak: Any,
    shares: int,
) -> None:  # fmt: skip
    """y = f(x), slopes = f'(x), for all numbers of n samples.

    reads, writes: `FrameSizes` of x and of y and slopes; shape: rows of a sample, and numbers of a row; kind:
    which function; leak: of the leaky ReLU, float32.
    """
    in_shares(activate_share, min(n * shape[0], shares), (x, y, slopes, n, reads, writes, shape, kind, leak))


@inner
def times(dy, slopes, dx):
    """dx = dy * slopes; where a slope is 0 nothing goes on, whatever dy is."""
    for k in range(dx.size):
        v = dy[k] * slopes[k]
        dx[k] = F(0) if slopes[k] == F(0) else v


@inner
def times_slope_share(t, shares, dy, slopes, dx, n, reads, writes, shape):
    """Do share t of `times_slope`."""
    size, origin, row = reads
    out_size, out_origin, out_row = writes
    rows, count = shape
    for task in range(t * n * rows // shares, (t + 1) * n * rows // shares):
        m, i = task // rows, task % rows
        p, o = m * size + origin + i * row, m * out_size + out_origin + i * out_row
        times(dy[o : o + count], slopes[o : o + count], dx[p : p + count])


@entry
def times_slope(
    dy: Any, slopes: Any, dx: Any, n: int, reads: Any, writes: Any, shape: Any, shares: int
) -> None:
    """dx = dy * slopes, as `activate` left them; arguments as there, dx lies as x does."""
    held = (dy, slopes, dx, n, reads, writes, shape)
    in_shares(times_slope_share, min(n * shape[0], shares, many(n * shape[0] * shape[1])), held)
