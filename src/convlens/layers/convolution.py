"""Convolution: every filter slides over the picture and says how much each place looks like it."""

from typing import Any

import numpy as np

from convlens import spec
from convlens._typing import Array, Pair
from convlens.arrays import as_array
from convlens.errors import OrderError, ShapeError
from convlens.layers.layer import checked_gradient
from convlens.layers.patches import one_number, patches, scatter_patches
from convlens.layers.weighted import Weighted, weights_given
from convlens.spec.shapes import pair

__all__ = ["Convolution"]


class Convolution(Weighted):
    """out[n, f, i, j] = Σ_{c,u,v} x[n, c, i·stride + u - pad, j·stride + v - pad] · W[f, c, u, v] + b[f].

    Args:
        W: filters (F, C, kh, kw).
        b: one bias a filter (F,), or the number 0 for none.
        stride: step of the window, an int ≥ 1 or (vertical, horizontal).
        pad: zeros on each side, an int ≥ 0 or (vertical, horizontal).

    Attributes:
        x: the latest input.
        columns: its patches as forward uses them, a column a place: (N, C·kh·kw, oh·ow).
        dW, db: the loss's derivatives by W and b, from the latest backward.

    Reference: Goodfellow, Bengio, Courville, "Deep Learning", section 9.1 (as there, without flipping).
    """

    computes = spec.Convolution
    remembered = ("x", "columns")

    def __init__(self, W: Array, b: Array | float, stride: Pair = 1, pad: Pair = 0) -> None:
        W, b = weights_given("Convolution", W, b)
        if np.ndim(W) != 4:
            raise ShapeError(f"`W` of Convolution must be (filters, channels, kh, kw). Got {np.shape(W)}.")
        if np.ndim(b) and np.shape(b) != (len(W),):
            raise ShapeError(f"`b` of Convolution must be ({len(W)},), one a filter. Got {np.shape(b)}.")
        pair(stride, "Convolution", "stride", 1)
        pair(pad, "Convolution", "pad", 0)
        super().__init__(W, b)
        self.stride = stride
        self.pad = pad
        self.columns: Array | None = None
        self._places = (0, 0)

    @classmethod
    def from_spec(cls, layer: spec.Convolution, **parameters: Any) -> "Convolution":  # noqa: ANN401
        """Return the layer with these W and b, which say how many filters there are, and of what size."""
        return cls(**parameters, stride=one_number(layer.step), pad=one_number(layer.padding))

    def to_spec(self, name: str | None = None) -> spec.Convolution:
        kernel_size = self.W.shape[2], self.W.shape[3]
        return spec.Convolution(self.n_outputs, kernel_size, self.stride, self.pad, name=name)

    @property
    def n_outputs(self) -> int:
        return len(self.W)

    @property
    def col(self) -> Array | None:
        """The latest input's patches as the book lays them out, a row a place: (N·oh·ow, C·kh·kw)."""
        if self.columns is None:
            return None
        return self.columns.transpose(0, 2, 1).reshape(-1, self.columns.shape[1])

    @property
    def col_W(self) -> Array:  # noqa: N802 (the book's name)
        """The filters as the book lays them out, a column a filter: (C·kh·kw, F)."""
        return self.W.reshape(len(self.W), -1).T

    def forward(self, x: Array, train: bool = False) -> Array:
        """(N, C, H, W) → (N, F, oh, ow), oh = floor((H + 2·pad - kh) / stride) + 1."""
        del train
        x = as_array("`x` of Convolution", x)
        n_filters, channels, kh, kw = self.W.shape
        if x.ndim == 4 and x.shape[1] != channels:
            raise ShapeError(f"Convolution has filters for {channels} channels. Got pictures of {x.shape}.")
        windows = patches(x, (kh, kw), self.stride, self.pad)
        n, _, oh, ow = windows.shape[:4]
        # One matrix a sample, a column a place: the product comes out as (F, oh·ow), no transpose needed.
        self.columns = windows.transpose(0, 1, 4, 5, 2, 3).reshape(n, channels * kh * kw, oh * ow)
        self.x, self._places = x, (oh, ow)
        out = self.W.reshape(n_filters, -1) @ self.columns
        out += np.reshape(self.b, (-1, 1))
        return out.reshape(n, n_filters, oh, ow)

    def backward(self, dout: Array) -> Array:
        """dW = Σ_n dout · patchesᵀ, db = Σ dout, dx = the patches' derivatives Wᵀ · dout, scattered back."""
        if self.x is None or self.columns is None:
            raise OrderError("Convolution.backward needs a forward before it: call its forward first.")
        n_filters, channels, kh, kw = self.W.shape
        n, (oh, ow) = len(self.x), self._places
        dout = checked_gradient(dout, (n, n_filters, oh, ow), "Convolution")
        dout = dout.reshape(n, n_filters, oh * ow)
        self.dW = (dout @ self.columns.transpose(0, 2, 1)).sum(axis=0).reshape(self.W.shape)
        self.db = dout.sum(axis=(0, 2))
        dcol = self.W.reshape(n_filters, -1).T @ dout
        windows = dcol.reshape(n, channels, kh, kw, oh, ow).transpose(0, 1, 4, 5, 2, 3)
        return scatter_patches(windows, self.x.shape, self.stride, self.pad)
