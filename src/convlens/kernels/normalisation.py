"""Batch normalisation, with the ReLU behind it, of frames and matrices. Must not know layers.

    y = max(floor, (x - mean) · scale + beta)       scale = gamma / sqrt(variance + eps), channel by channel
    dx = scale · (g - (x - mean) · dvar - dmean)    g: dy where y is not at the floor

A matrix is a frame of pictures with one row of one place. `shape` is (P, Q, C): rows, places of a row,
channels. What a channel is normalised by lies in `patterns` once for each place of a row, so that a row is
gone through in whole vectors, however many channels there are: MEAN, SCALE, BETA, and for the way back DMEAN
and DVAR.

Sums over the batch are made of float32 sums of at most `ROWS` rows, added in float64. They are of what lies
around a number near the mean, so a variance that is small beside the mean is not lost.
"""

from math import sqrt
from typing import Any

import numpy as np

from convlens.kernels.runtime.compiler import entry, inner
from convlens.kernels.runtime.parallel import in_shares
from convlens.kernels.runtime.slots import give, take
from convlens.kernels.shares import many
from convlens.kernels.simd.switches import where_above
from convlens.kernels.simd.vectors import fma, load, size, splat, store, vadd, vmax, vmul, vsub

__all__ = [
    "LANES",
    "PATTERNS",
    "batch_statistics",
    "normalise",
    "normalise_backward",
    "running_statistics",
]

LANES = 8  # a vector of 8 is what every processor has, alone or as two of 4
L8 = size(LANES)
ROWS = 32
MEAN, SCALE, BETA, DMEAN, DVAR, PATTERNS = 0, 1, 2, 3, 4, 5


@inner
def place_of(r: Any, rows: Any, frame: Any) -> Any:
    """Return where row r of all samples' rows begins."""
    sample, origin, row = frame
    return r // rows * sample + origin + r % rows * row


@inner
def fold(sums: Any, total: Any, places: Any, channels: Any) -> None:
    """total[k, c] += sums[k, j, c] over the places j, for k = 0, 1; sums = 0."""
    half = sums.size // 2
    for k in range(2):
        for j in range(places):
            for c in range(channels):
                total[k * channels + c] += np.float64(sums[k * half + j * channels + c])
    sums[:] = 0


@inner
def spread_row(x: Any, o: Any, shift: Any, shape: Any) -> None:
    """shift[j, c] = the mean of x[o + j, c] over a row's places, the same for all j."""
    _, Q, C = shape
    for c in range(C):
        s = np.float32(0)
        for j in range(Q):
            s += x[o + j * C + c]
        for j in range(Q):
            shift[j * C + c] = s / np.float32(Q)


@inner
def statistics_share(t, shares, x, n, frame, shape, shift, slots, room, partial):
    """Do share t of `batch_statistics`: sums of x - shift and of its squares over some rows."""
    P, Q, C = shape
    first, last, width = t * n * P // shares, (t + 1) * n * P // shares, Q * C
    slot = take(slots)
    sums, total = room[slot], partial[t]
    half = sums.size // 2
    total[:] = 0
    sums[:] = 0
    for r in range(first, last):
        o = place_of(r, P, frame)
        for j in range(0, width, LANES):  # the last vector's spare lanes are summed, and not read
            d = vsub(load(x, o + j, L8), load(shift, j, L8))
            store(sums, j, vadd(load(sums, j, L8), d))
            store(sums, half + j, fma(d, d, load(sums, half + j, L8)))
        if (r - first) % ROWS == ROWS - 1 or r == last - 1:
            fold(sums, total, Q, C)
    give(slots, slot)


@inner
def set_patterns(patterns, c, shape, mean, scale, beta):
    """Write what channel c is normalised by to all places of a row."""
    _, Q, C = shape
    for j in range(Q):
        patterns[MEAN, j * C + c] = mean
        patterns[SCALE, j * C + c] = scale
        patterns[BETA, j * C + c] = beta


@entry
def batch_statistics(x, n, frame, shape, room, parameters, settings, patterns, inverse):
    """Take the mean and the variance of a batch of n samples, channel by channel.

    room: (shift, slots, sums, partial): a row of the frame's numbers, slots, two such rows a slot, and two
    float64 numbers a channel for each share. parameters: gamma, beta, running mean and variance, of which
    the latter two move. settings: (eps, momentum, correction): what the variance is times before it is
    remembered, below 0 to leave what was. inverse[c] = 1 / sqrt(variance + eps).
    """
    (shift, slots, sums, partial), (gamma, beta, mean, variance) = room, parameters
    (P, Q, C), (eps, momentum, correction) = shape, settings
    shares = max(1, many(n * P * Q * C))
    spread_row(x, place_of(P // 2, P, frame), shift, shape)
    in_shares(statistics_share, shares, (x, n, frame, shape, shift, slots, sums, partial))
    for c in range(C):
        total, squares = 0.0, 0.0
        for t in range(shares):  # in their order, whoever made them
            total += partial[t, c]
            squares += partial[t, C + c]
        m = total / (n * P * Q)
        v = squares / (n * P * Q) - m * m
        if v < 0:  # by rounding; a NaN stays one
            v = 0.0
        m += shift[c]
        mean[c] = (1 - momentum) * mean[c] + momentum * m
        if correction >= 0:
            variance[c] = (1 - momentum) * variance[c] + momentum * v * correction
        inverse[c] = 1 / sqrt(v + eps)
        set_patterns(patterns, c, shape, np.float32(m), np.float32(gamma[c] * inverse[c]), beta[c])


@entry
def running_statistics(shape, parameters, eps, patterns):
    """Normalise by what was seen of batches: parameters as above."""
    gamma, beta, mean, variance = parameters
    for c in range(shape[2]):
        scale = np.float32(gamma[c] / sqrt(variance[c] + eps))
        set_patterns(patterns, c, shape, mean[c], scale, beta[c])


@inner
def normalise_share(t, shares, x, y, floor, n, reads, writes, shape, patterns):
    """Do share t of `normalise`: some rows of all samples."""
    P, Q, C = shape
    width, low = Q * C, splat(floor, L8)
    mean, scale, beta = patterns[MEAN], patterns[SCALE], patterns[BETA]
    for r in range(t * n * P // shares, (t + 1) * n * P // shares):
        o, p = place_of(r, P, reads), place_of(r, P, writes)
        if width < LANES:
            for j in range(width):
                value = (x[o + j] - mean[j]) * scale[j] + beta[j]
                is_low = value <= floor  # no `max`: a NaN floor lets everything through
                y[p + j] = floor if is_low else value
        else:
            for at in range(0, width, LANES):
                j = min(at, width - LANES)  # behind a row lies the border, which holds zeros
                d = vsub(load(x, o + j, L8), load(mean, j, L8))
                store(y, p + j, vmax(fma(d, load(scale, j, L8), load(beta, j, L8)), low))


@entry
def normalise(x, y, floor, n, reads, writes, shape, patterns):
    """y as at the head of this file; reads, writes: `FrameSizes` of x and y."""
    shares = max(1, many(n * shape[0] * shape[1] * shape[2]))
    in_shares(normalise_share, shares, (x, y, floor, n, reads, writes, shape, patterns))


@inner
def live_vector(x, o, d, p, j, low, patterns):
    """Return x - mean and g for a vector at j of a row."""
    centred = vsub(load(x, o + j, L8), load(patterns[MEAN], j, L8))
    value = fma(centred, load(patterns[SCALE], j, L8), load(patterns[BETA], j, L8))
    return centred, where_above(load(d, p + j, L8), value, low)


@inner
def products_share(t, shares, x, d, floor, n, frames, shape, slots, room, partial, patterns):
    """Do share t of the first half of `normalise_backward`: sums of g and of g · (x - mean)."""
    P, Q, C = shape
    first, last, width = t * n * P // shares, (t + 1) * n * P // shares, Q * C
    slot, low = take(slots), splat(floor, L8)
    sums, total = room[slot], partial[t]
    half = sums.size // 2
    total[:] = 0
    sums[:] = 0
    for r in range(first, last):
        o, p = place_of(r, P, frames[0]), place_of(r, P, frames[1])
        for j in range(0, width, LANES):
            centred, g = live_vector(x, o, d, p, j, low, patterns)
            store(sums, j, vadd(load(sums, j, L8), g))
            store(sums, half + j, fma(g, centred, load(sums, half + j, L8)))
        if (r - first) % ROWS == ROWS - 1 or r == last - 1:
            fold(sums, total, Q, C)
    give(slots, slot)


@inner
def inputs_share(t, shares, x, d, dx, floor, n, frames, shape, patterns):
    """Do share t of the second half: dx of some rows."""
    P, Q, C = shape
    width, low = Q * C, splat(floor, L8)
    scale, dmean, dvar = patterns[SCALE], patterns[DMEAN], patterns[DVAR]
    for r in range(t * n * P // shares, (t + 1) * n * P // shares):
        o, p = place_of(r, P, frames[0]), place_of(r, P, frames[1])
        if width < LANES:
            for j in range(width):
                centred = x[o + j] - patterns[MEAN, j]
                dead = centred * scale[j] + patterns[BETA, j] <= floor
                g = np.float32(0) if dead else d[p + j]
                dx[o + j] = scale[j] * (g - (centred * dvar[j] + dmean[j]))
        else:
            for at in range(0, width, LANES):
                j = min(at, width - LANES)
                centred, g = live_vector(x, o, d, p, j, low, patterns)
                rest = fma(centred, load(dvar, j, L8), load(dmean, j, L8))
                store(dx, o + j, vmul(load(scale, j, L8), vsub(g, rest)))


@inner
def set_slopes(partial, shares, n, shape, grads, patterns, inverse):
    """Make dgamma, dbeta and the patterns DMEAN and DVAR of all shares' sums of g and g · (x - mean)."""
    (P, Q, C), (dgamma, dbeta) = shape, grads
    count = n * P * Q
    for c in range(C):
        total, products = 0.0, 0.0
        for t in range(shares):
            total += partial[t, c]
            products += partial[t, C + c]
        dbeta[c], dgamma[c] = total, products * inverse[c]
        dmean = np.float32(total / count)
        dvar = np.float32(products * inverse[c] * inverse[c] / count)
        for j in range(Q):
            patterns[DMEAN, j * C + c] = dmean
            patterns[DVAR, j * C + c] = dvar


@entry
def normalise_backward(x, d, dx, floor, n, frames, shape, room, grads, patterns, inverse):
    """dx as at the head of this file, dgamma = sum g · (x - mean) · inverse, dbeta = sum g.

    d: the derivatives by y. frames: `FrameSizes` of x and dx, and of y and d. dx may be empty: it is then
    left out. room, inverse: as in `batch_statistics`; grads: dgamma and dbeta.
    """
    _, slots, sums, partial = room
    shares = max(1, many(n * shape[0] * shape[1] * shape[2]))
    in_shares(products_share, shares, (x, d, floor, n, frames, shape, slots, sums, partial, patterns))
    set_slopes(partial, shares, n, shape, grads, patterns, inverse)
    if dx.size:
        in_shares(inputs_share, shares, (x, d, dx, floor, n, frames, shape, patterns))
