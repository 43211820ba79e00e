"""Optimizer steps over one flat parameter vector, each in one pass. Must not know networks or schedules."""

from math import sqrt
from typing import Any

import numpy as np

from convlens.kernels.runtime.compiler import entry, inner
from convlens.kernels.runtime.parallel import in_shares
from convlens.kernels.shares import many
from convlens.kernels.simd.vectors import fma, load, splat, store, vadd, vdiv, vmul, vsqrt, vsub

__all__ = ["adagrad", "adam", "adam_factors", "momentum", "nesterov", "rmsprop", "sgd"]

L = 8  # these are bound by memory: wider vectors do not help

ARRAYS = 4
"""That are read and written, or work that takes as long."""

DUST = np.float32(2.0**-100)


@inner
def swept(x, dust):
    """Return x, but 0 for what is far below `dust`.

    The averages of a gradient that stays zero (a dead filter's) decay into denormal numbers, on which a CPU
    is several times slower; no parameter ever feels them.
    """
    return vsub(vadd(x, dust), dust)


def adam_factors(
    step: int, lr: float, beta1: float, beta2: float, book: bool
) -> tuple[np.float32, np.float32]:
    """Return (a, c) of `adam` for this step, counted from 1.

    Both forms correct the bias of m and v; the book's leaves eps uncorrected:
    book (eps 1e-7): a = lr sqrt(1 - beta2^t) / (1 - beta1^t), c = 1;
    PyTorch (eps 1e-8): a = lr / (1 - beta1^t), c = 1 / sqrt(1 - beta2^t).
    """
    root = sqrt(1 - beta2**step)
    rate = lr / (1 - beta1**step)
    return (np.float32(rate * root), np.float32(1)) if book else (np.float32(rate), np.float32(1 / root))


@inner
def adam_share(t, shares, p, g, m, v, factors, betas, eps):
    """Do share t of `adam`, whole vectors only."""
    n = p.size // L
    a, c, dust = splat(-factors[0], L), splat(factors[1], L), splat(DUST, L)
    h1, h2, e = splat(betas[0], L), splat(betas[1], L), splat(eps, L)
    for i in range(t * n // shares * L, (t + 1) * n // shares * L, L):
        gi, mi, vi = load(g, i, L), load(m, i, L), load(v, i, L)
        mi = swept(fma(h1, vsub(gi, mi), mi), dust)
        vi = swept(fma(h2, vsub(vmul(gi, gi), vi), vi), dust)
        store(m, i, mi)
        store(v, i, vi)
        store(p, i, fma(a, vdiv(mi, fma(vsqrt(vi), c, e)), load(p, i, L)))


@entry
def adam(p: Any, g: Any, m: Any, v: Any, factors: Any, betas: Any, eps: Any, shares: int) -> None:
    """m += (1 - beta1)(g - m); v += (1 - beta2)(g^2 - v); p -= a m / (c sqrt(v) + eps).

    factors: (a, c) of `adam_factors`; betas: (1 - beta1, 1 - beta2); all scalars float32.
    """
    in_shares(adam_share, min(shares, many(ARRAYS * p.size)), (p, g, m, v, factors, betas, eps))
    for i in range(p.size // L * L, p.size):
        m[i] += betas[0] * (g[i] - m[i])
        v[i] += betas[1] * (g[i] * g[i] - v[i])
        p[i] -= factors[0] * m[i] / (factors[1] * np.sqrt(v[i]) + eps)


@inner
def sgd_share(t, shares, p, g, lr):
    """Do share t of `sgd`, whole vectors only."""
    n = p.size // L
    a = splat(-lr, L)
    for i in range(t * n // shares * L, (t + 1) * n // shares * L, L):
        store(p, i, fma(a, load(g, i, L), load(p, i, L)))


@entry
def sgd(p: Any, g: Any, lr: Any, shares: int) -> None:
    """p -= lr g."""
    in_shares(sgd_share, min(shares, many(ARRAYS * p.size)), (p, g, lr))
    for i in range(p.size // L * L, p.size):
        p[i] -= lr * g[i]


@inner
def momentum_share(t, shares, p, g, v, lr, decay):
    """Do share t of `momentum`, whole vectors only."""
    n = p.size // L
    a, d = splat(-lr, L), splat(decay, L)
    for i in range(t * n // shares * L, (t + 1) * n // shares * L, L):
        vi = fma(a, load(g, i, L), vmul(d, load(v, i, L)))
        store(v, i, vi)
        store(p, i, vadd(load(p, i, L), vi))


@entry
def momentum(p: Any, g: Any, v: Any, lr: Any, decay: Any, shares: int) -> None:
    """v = decay v - lr g; p += v."""
    in_shares(momentum_share, min(shares, many(ARRAYS * p.size)), (p, g, v, lr, decay))
    for i in range(p.size // L * L, p.size):
        v[i] = decay * v[i] - lr * g[i]
        p[i] += v[i]


@inner
def nesterov_share(t, shares, p, g, v, lr, decay):
    """Do share t of `nesterov`, whole vectors only."""
    n = p.size // L
    a, d = splat(-lr, L), splat(decay, L)
    look, d2 = splat(-(np.float32(1) + decay) * lr, L), splat(decay * decay, L)
    for i in range(t * n // shares * L, (t + 1) * n // shares * L, L):
        gi, vi = load(g, i, L), load(v, i, L)
        store(p, i, vadd(load(p, i, L), fma(d2, vi, vmul(look, gi))))
        store(v, i, fma(a, gi, vmul(d, vi)))


@entry
def nesterov(p: Any, g: Any, v: Any, lr: Any, decay: Any, shares: int) -> None:
    """p += decay^2 v - (1 + decay) lr g; v = decay v - lr g."""
    in_shares(nesterov_share, min(shares, many(ARRAYS * p.size)), (p, g, v, lr, decay))
    for i in range(p.size // L * L, p.size):
        p[i] += decay * decay * v[i] - (np.float32(1) + decay) * lr * g[i]
        v[i] = decay * v[i] - lr * g[i]


@inner
def adagrad_share(t, shares, p, g, h, lr, eps):
    """Do share t of `adagrad`, whole vectors only."""
    n = p.size // L
    a, e = splat(-lr, L), splat(eps, L)
    for i in range(t * n // shares * L, (t + 1) * n // shares * L, L):
        gi = load(g, i, L)
        hi = fma(gi, gi, load(h, i, L))
        store(h, i, hi)
        store(p, i, fma(a, vdiv(gi, vadd(vsqrt(hi), e)), load(p, i, L)))


@entry
def adagrad(p: Any, g: Any, h: Any, lr: Any, eps: Any, shares: int) -> None:
    """h += g^2; p -= lr g / (sqrt(h) + eps)."""
    in_shares(adagrad_share, min(shares, many(ARRAYS * p.size)), (p, g, h, lr, eps))
    for i in range(p.size // L * L, p.size):
        h[i] += g[i] * g[i]
        p[i] -= lr * g[i] / (np.sqrt(h[i]) + eps)


@inner
def rmsprop_share(t, shares, p, g, h, lr, decay, eps):
    """Do share t of `rmsprop`, whole vectors only."""
    n = p.size // L
    a, e, dust = splat(-lr, L), splat(eps, L), splat(DUST, L)
    d, one = splat(decay, L), splat(np.float32(1) - decay, L)
    for i in range(t * n // shares * L, (t + 1) * n // shares * L, L):
        gi = load(g, i, L)
        hi = swept(fma(vmul(one, gi), gi, vmul(d, load(h, i, L))), dust)
        store(h, i, hi)
        store(p, i, fma(a, vdiv(gi, vadd(vsqrt(hi), e)), load(p, i, L)))


@entry
def rmsprop(p: Any, g: Any, h: Any, lr: Any, decay: Any, eps: Any, shares: int) -> None:
    """h = decay h + (1 - decay) g^2; p -= lr g / (sqrt(h) + eps)."""
    in_shares(rmsprop_share, min(shares, many(ARRAYS * p.size)), (p, g, h, lr, decay, eps))
    for i in range(p.size // L * L, p.size):
        h[i] = decay * h[i] + (np.float32(1) - decay) * g[i] * g[i]
        p[i] -= lr * g[i] / (np.sqrt(h[i]) + eps)
