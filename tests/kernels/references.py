"""What kernels compute, in NumPy, and arrays as kernels take them: integers, so that every sum is exact."""

import numpy as np

from convlens.engine.convolution.operands import PartialSums
from convlens.engine.memory import Frame, aligned, scratch
from convlens.kernels.sizes import Reads

f32 = np.float32


def integers(seed, *shape, low=-3, high=4):
    return np.random.default_rng(seed).integers(low, high, shape).astype(f32)


def framed(x, border=(0, 0), room=None):
    """Return a frame that holds these pictures, and zeros as derivatives; `room`: for so many samples."""
    frame = Frame(x.shape[1:])
    frame.require(*border)
    frame.allocate(room or len(x), needs_grad=True)
    frame.view(len(x))[...] = x
    return frame


def reads(frame, pad=(0, 0), stride=(1, 1)):
    step = stride[0] * frame.row, stride[1] * frame.channels
    return tuple(Reads(frame.size, frame.patch_origin(*pad), frame.row, *step))


def output(frame, *more):
    """The sizes of a frame without rows behind it, and what a kernel wants to know besides."""
    return (*frame.sizes, 0, *more)


def flat(array):
    return np.ascontiguousarray(array, f32).reshape(-1)


def partial_sums(numbers, filters):
    """Room for dW and db of each group of samples, with rubbish in it: the first piece starts at zero."""
    sums = PartialSums.of(numbers, filters)
    for rows in sums:
        rows[...] = 7
    return sums


def slots():
    """Flags of slots, all free."""
    return scratch()[0]


def winners(seed, n, F, P, Q):
    """Return which of each window's four members won, or 4 for none, and derivatives by the maxima."""
    winner = np.random.default_rng(seed).integers(0, 5, (n, F, P, Q)).astype(np.uint8)
    return winner, integers(seed + 1, n, F, P, Q)


def winners_framed(winner, frame):
    """Return them as they lie in a frame."""
    n, F, P, Q = winner.shape
    array = aligned(n * frame.size, np.uint8)
    rows = array[: n * frame.size].reshape(n, frame.size)
    for i in range(P):
        o = frame.origin + i * frame.row
        rows[:, o : o + Q * F] = winner[:, :, i].transpose(0, 2, 1).reshape(n, -1)
    return array


def spread(d, winner):
    """Return the derivatives before pooling, (n, F, 2P, 2Q): each at its winner, none where ReLU is off."""
    n, F, P, Q = d.shape
    out = np.zeros((n, F, P, 2, Q, 2), f32)
    for k in range(4):
        out[:, :, :, k >> 1, :, k & 1] = np.where(winner == k, d, 0)
    return out.reshape(n, F, 2 * P, 2 * Q)


def patches(x, kernel, stride=(1, 1), pad=(0, 0)):
    """Return (n, C, P, Q, kh, kw)."""
    padded = np.pad(x, ((0, 0), (0, 0), (pad[0],) * 2, (pad[1],) * 2))
    windows = np.lib.stride_tricks.sliding_window_view(padded, kernel, axis=(2, 3))
    return windows[:, :, :: stride[0], :: stride[1]]


def convolved(x, w, b, stride=(1, 1), pad=(0, 0)):
    return np.einsum("ncpquv,fcuv->nfpq", patches(x, w.shape[2:], stride, pad), w) + b[:, None, None]


def filters_gradient(x, d, kernel, stride=(1, 1), pad=(0, 0)):
    """dW for derivatives d by all outputs; those past the last row and column of d do not count."""
    P, Q = d.shape[2:]
    return np.einsum("ncpquv,nfpq->fcuv", patches(x, kernel, stride, pad)[:, :, :P, :Q], d)


def input_gradient(w, d, shape, stride=(1, 1), pad=(0, 0)):
    """dx of pictures of this shape: each derivative adds its filter onto its patch."""
    (C, H, W), (kh, kw) = shape, w.shape[2:]
    dx = np.zeros((len(d), C, H + 2 * pad[0], W + 2 * pad[1]), f32)
    for i in range(d.shape[2]):
        for j in range(d.shape[3]):
            y, x = i * stride[0], j * stride[1]
            dx[:, :, y : y + kh, x : x + kw] += np.einsum("nf,fcuv->ncuv", d[:, :, i, j], w)
    return dx[:, :, pad[0] : pad[0] + H, pad[1] : pad[1] + W]


def maxima(z):
    """2x2 max-pooling of (n, F, 2P, 2Q), rows and columns to spare left out: (maxima, their numbers)."""
    n, F, rows, columns = z.shape
    P, Q = rows // 2, columns // 2
    windows = z[:, :, : 2 * P, : 2 * Q].reshape(n, F, P, 2, Q, 2).transpose(0, 1, 2, 4, 3, 5)
    windows = windows.reshape(n, F, P, Q, 4)
    return windows.max(axis=4), windows.argmax(axis=4)
