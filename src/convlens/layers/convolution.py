"""Convolution: every filter slides over the picture and says how much each place looks like it."""

import numpy as np

from convlens._typing import Array, Pair
from convlens.errors import ShapeError
from convlens.layers.layer import Layer, trained
from convlens.layers.patches import patches, scatter_patches
from convlens.spec.layers import pair

__all__ = ["Convolution"]


class Convolution(Layer):
    """out[n, f, i, j] = Σ_{c,u,v} x[n, c, i·stride + u - pad, j·stride + v - pad] · W[f, c, u, v] + b[f].

    Args:
        W: filters (F, C, kh, kw).
        b: one bias a filter (F,), or the number 0 for none.
        stride: step of the window, an int ≥ 1 or (vertical, horizontal).
        pad: zeros on each side, an int ≥ 0 or (vertical, horizontal).

    Attributes:
        dW, db: the loss's derivatives by W and b, from the latest backward.

    Reference: Goodfellow, Bengio, Courville, "Deep Learning", section 9.1 (as there, without flipping).
    """

    kept = ("x", "col")

    def __init__(self, W: Array, b: Array | float, stride: Pair = 1, pad: Pair = 0) -> None:
        if np.ndim(W) != 4:
            raise ShapeError(f"`W` of Convolution must be (filters, channels, kh, kw). Got {np.shape(W)}.")
        if np.ndim(b) and np.shape(b) != (len(W),):
            raise ShapeError(f"`b` of Convolution must be ({len(W)},), one a filter. Got {np.shape(b)}.")
        pair(stride, "Convolution", "stride", 1)
        pair(pad, "Convolution", "pad", 0)
        self.W = W
        self.b = b
        self.stride = stride
        self.pad = pad
        self.x: Array | None = None
        self.col: Array | None = None
        self.dW: Array | None = None
        self.db: Array | None = None

    @property
    def params(self) -> dict[str, Array]:
        return trained(W=self.W, b=self.b)

    @property
    def grads(self) -> dict[str, Array]:
        return {name: grad for name, grad in trained(W=self.dW, b=self.db).items() if name in self.params}

    def forward(self, x: Array, train: bool = False) -> Array:
        """(N, C, H, W) → (N, F, oh, ow), oh = floor((H + 2·pad - kh) / stride) + 1."""
        del train
        n_filters, channels, kh, kw = self.W.shape
        if x.ndim == 4 and x.shape[1] != channels:
            raise ShapeError(f"Convolution has filters for {channels} channels. Got pictures of {x.shape}.")
        windows = patches(x, (kh, kw), self.stride, self.pad)
        n, _, oh, ow = windows.shape[:4]
        # One matrix a sample, a column a place: the product comes out as (F, oh·ow), no transpose needed.
        self.col = windows.transpose(0, 1, 4, 5, 2, 3).reshape(n, channels * kh * kw, oh * ow)
        self.x = x
        out = self.W.reshape(n_filters, -1) @ self.col
        out += np.reshape(self.b, (-1, 1))
        return out.reshape(n, n_filters, oh, ow)

    def backward(self, dout: Array) -> Array:
        """dW = Σ_n dout · patchesᵀ, db = Σ dout, dx = the patches' derivatives Wᵀ · dout, scattered back."""
        if self.x is None or self.col is None:
            raise RuntimeError("Convolution.backward needs a forward before it.")
        n_filters, channels, kh, kw = self.W.shape
        n, _, oh, ow = dout.shape
        dout = dout.reshape(n, n_filters, oh * ow)
        self.dW = (dout @ self.col.transpose(0, 2, 1)).sum(axis=0).reshape(self.W.shape)
        self.db = dout.sum(axis=(0, 2))
        dcol = self.W.reshape(n_filters, -1).T @ dout
        windows = dcol.reshape(n, channels, kh, kw, oh, ow).transpose(0, 1, 4, 5, 2, 3)
        return scatter_patches(windows, self.x.shape, self.stride, self.pad)
