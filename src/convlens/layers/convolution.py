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
from convlens.spec.layers.convolution import require_groups
from convlens.spec.padding import Pad, padding
from convlens.spec.shapes import pair, positive

__all__ = ["Convolution"]


class Convolution(Weighted):
    """out[n, f, i, j] = Σ_{c,u,v} x[n, c, i·stride + u - pad, j·stride + v - pad] · W[f, c, u, v] + b[f].

    With a dilation the weights lie so far apart: u·dilation stands in place of u, and v·dilation of v. With
    groups the channels fall into as many parts, and the filters too: a filter sees the channels of its own
    part, in place of all C. As many groups as channels make a *depthwise* convolution.

    Args:
        W: filters (F, C / groups, kh, kw).
        b: one bias a filter (F,), or the number 0 for none.
        stride: step of the window, an int ≥ 1 or (vertical, horizontal).
        pad: zeros on each side, an int ≥ 0, (vertical, horizontal), or "same" for ⌈size / stride⌉ outputs.
        groups: of channels and filters, an int ≥ 1 that divides both.
        dilation: how far apart weights lie in the picture, an int ≥ 1 or (vertical, horizontal).

    Attributes:
        x: the latest input.
        columns: its patches as forward uses them, a column a place: (N, C·kh·kw, oh·ow).
        dW, db: the loss's derivatives by W and b, from the latest backward.

    Reference: Goodfellow, Bengio, Courville, "Deep Learning", section 9.1 (as there, without flipping).
    """

    computes = spec.Convolution
    remembered = ("x", "columns")

    def __init__(self, W: Array, b: Array | float, stride: Pair = 1, pad: Pad = 0, groups: int = 1,
                 dilation: Pair = 1) -> None:  # fmt: skip
        W, b = weights_given("Convolution", W, b)
        if np.ndim(W) != 4:
            raise ShapeError(f"`W` of Convolution must be (filters, channels, kh, kw). Got {np.shape(W)}.")
        if np.ndim(b) and np.shape(b) != (len(W),):
            raise ShapeError(f"`b` of Convolution must be ({len(W)},), one a filter. Got {np.shape(b)}.")
        pair(stride, "Convolution", "stride", 1)
        padding(pad, "Convolution")
        pair(dilation, "Convolution", "dilation", 1)
        require_groups(positive(groups, "Convolution", "groups"), len(W), "filters")
        super().__init__(W, b)
        self.stride, self.pad = stride, pad
        self.groups, self.dilation = groups, dilation
        self.columns: Array | None = None
        self._places = (0, 0)

    @classmethod
    def from_spec(cls, layer: spec.Convolution, **parameters: Any) -> "Convolution":  # noqa: ANN401
        """Return the layer with these W and b, which say how many filters there are, and of what size."""
        stride, dilation = one_number(layer.step), one_number(layer.spacing)
        pad, groups = one_number(layer.pad), layer.groups
        return cls(**parameters, stride=stride, pad=pad, groups=groups, dilation=dilation)

    def to_spec(self, name: str | None = None) -> spec.Convolution:
        kernel_size = self.W.shape[2], self.W.shape[3]
        where = self.stride, self.pad, self.groups, self.dilation
        return spec.Convolution(self.n_outputs, kernel_size, *where, name=name)

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
        """The filters as the book lays them out, a column a filter: (C·kh·kw, F), C the channels it sees."""
        return self.W.reshape(len(self.W), -1).T

    def forward(self, x: Array, train: bool = False) -> Array:
        """(N, C, H, W) → (N, F, oh, ow), oh = floor((H + 2·pad - (kh - 1)·dilation - 1) / stride) + 1."""
        del train
        x = as_array("`x` of Convolution", x)
        n_filters, seen, kh, kw = self.W.shape
        channels = seen * self.groups
        if x.ndim == 4 and x.shape[1] != channels:
            raise ShapeError(f"Convolution has filters for {channels} channels. Got pictures of {x.shape}.")
        windows = patches(x, (kh, kw), self.stride, self.pad, dilation=self.dilation)
        n, _, oh, ow = windows.shape[:4]
        # One matrix a sample, a column a place: the product comes out as (F, oh·ow), no transpose needed.
        self.columns = windows.transpose(0, 1, 4, 5, 2, 3).reshape(n, channels * kh * kw, oh * ow)
        self.x, self._places = x, (oh, ow)
        out = self._rows_by_group @ self._by_group(self.columns)
        out = out.reshape(n, n_filters, oh * ow)
        out += np.reshape(self.b, (-1, 1))
        return out.reshape(n, n_filters, oh, ow)

    def backward(self, dout: Array) -> Array:
        """dW = Σ_n dout · patchesᵀ, db = Σ dout, dx = the patches' derivatives Wᵀ · dout, scattered back."""
        if self.x is None or self.columns is None:
            raise OrderError("Convolution.backward needs a forward before it: call its forward first.")
        n_filters, _, kh, kw = self.W.shape
        n, (oh, ow) = len(self.x), self._places
        dout = checked_gradient(dout, (n, n_filters, oh, ow), "Convolution")
        self.db = dout.reshape(n, n_filters, oh * ow).sum(axis=(0, 2))
        dout = self._by_group(dout.reshape(n, n_filters, oh * ow))
        columns = self._by_group(self.columns)
        self.dW = (dout @ columns.swapaxes(2, 3)).sum(axis=0).reshape(self.W.shape)
        dcol = self._rows_by_group.swapaxes(1, 2) @ dout
        windows = dcol.reshape(n, -1, kh, kw, oh, ow).transpose(0, 1, 4, 5, 2, 3)
        return scatter_patches(windows, self.x.shape, self.stride, self.pad, self.dilation)

    @property
    def _rows_by_group(self) -> Array:
        """The filters as rows of a matrix a group: (groups, F / groups, C / groups·kh·kw)."""
        return self.W.reshape(self.groups, len(self.W) // self.groups, -1)

    def _by_group(self, rows: Array) -> Array:
        """Rows (N, rows, oh·ow) of channels or filters as a matrix a group."""
        n, count, places = rows.shape
        return rows.reshape(n, self.groups, count // self.groups, places)
