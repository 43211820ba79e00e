"""Convolution and its faults, for weights and pictures in any order of axes. Must not know reports.

out[n, f, i, j] = Σ_c Σ_u Σ_v P[n, c, s·i + u, s·j + v] · W[f, c, u, v] + b[f], P the padded pictures.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from convlens._typing import Array
from convlens.check.known.known import Known, Suspects
from convlens.check.known.windows import Frame, shifted

__all__ = ["Convolution", "Weights"]


@dataclass(frozen=True)
class Weights:
    """A convolution's weights and bias as they are written, and how they lie.

    Attributes:
        W_path, b_path: what they are called; no bias is None.
        W, b: the arrays.
        axes: the weights' axes in the order (out, in, kh, kw).
        last: whether the pictures' channels come last.
    """

    W_path: str
    W: Array
    b_path: str | None
    b: Array | None
    axes: tuple[int, int, int, int] = (0, 1, 2, 3)
    last: bool = False

    def filters(self) -> Array:
        """Return the weights as (F, C, kh, kw)."""
        return self.W.transpose(self.axes)

    @property
    def window(self) -> tuple[int, int]:
        """Height and width that a filter spans in the picture."""
        kh, kw = self.filters().shape[2:]
        return kh, kw

    def back(self, filters: Array) -> Array:
        """Return filters in the writer's order of axes."""
        return filters.transpose(np.argsort(self.axes))

    def pictures(self, x: Array) -> Array:
        """Return the writer's pictures as (N, C, H, W)."""
        return x.transpose(0, 3, 1, 2) if self.last else x

    def as_written(self, pictures: Array) -> Array:
        """Return pictures in the writer's order of axes."""
        return pictures.transpose(0, 2, 3, 1) if self.last else pictures


class Convolution(Known):
    """A convolution at one input."""

    kind: ClassVar[str] = "convolution"

    def __init__(self, x: Array, weights: Weights, frame: Frame) -> None:
        self.weights, self.frame = weights, frame
        self.x, self.W = weights.pictures(x), weights.filters()
        self.b = np.zeros(len(self.W)) if weights.b is None else weights.b.reshape(-1)

    def _out(self, x: Array, W: Array, frame: Frame) -> Array:
        windows = frame.of(x)
        return np.einsum("ncijuv,fcuv->nfij", windows, W, optimize=True) + self.b.reshape(1, -1, 1, 1)

    def right(self) -> Array:
        return self.weights.as_written(self._out(self.x, self.W, self.frame))

    def outputs(self) -> Suspects:
        for key, made in self._outputs():
            yield key, self.weights.as_written(made)

    def _outputs(self) -> Suspects:
        out = self._out(self.x, self.W, self.frame)
        bias = self.b.reshape(1, -1, 1, 1)
        yield "bias", out - bias
        yield "transposed", out.transpose(0, 2, 3, 1).reshape(out.shape)
        yield "flipped", self._out(self.x, self.W[:, :, ::-1, ::-1], self.frame)
        yield from (("transposed", self._out(self.x, W, self.frame)) for W in _swapped(self.W))
        for key, frame in self.frame.others():
            if frame.fits(self.x):
                other = self._out(self.x, self.W, frame)
                yield key, other
                yield key, _to_size(other, out.shape)
        for key, moved in shifted(self.frame.padded(self.x), self.frame.pad):
            yield key, self._out(moved, self.W, _bare(self.frame))
        yield from _fewer(out)
        for one in (0, -1):
            yield "sum", self._out(self.x[:, [one]], self.W[:, [one]], self.frame)
        for factor in {self.W.shape[1], int(np.prod(self.W.shape[2:])), int(np.prod(self.W.shape[1:]))} - {1}:
            yield "bias_again", out + (factor - 1) * bias

    def derivatives(self, dout: Array) -> Mapping[str, Array]:
        dout = self.weights.pictures(dout)
        found = {
            "x": self.weights.as_written(self.frame.cut(self._padded(self.W, dout))),
            self.weights.W_path: self.weights.back(self._by_filters(self.x, dout)),
        }
        if self.weights.b_path is not None and self.weights.b is not None:
            found[self.weights.b_path] = dout.sum(axis=(0, 2, 3)).reshape(self.weights.b.shape)
        return found

    def _padded(self, W: Array, dout: Array) -> Array:
        return self.frame.scattered(_columns(W, dout), self.x.shape)

    def _by_filters(self, x: Array, dout: Array) -> Array:
        return np.einsum("ncijuv,nfij->fcuv", self.frame.of(x), dout, optimize=True)

    def suspects(self, target: str, dout: Array) -> Suspects:
        dout = self.weights.pictures(dout)
        if target == "x":
            yield from ((key, self.weights.as_written(made)) for key, made in self._inputs(dout))
        elif target == self.weights.W_path:
            yield from ((key, self.weights.back(made)) for key, made in self._filters(dout))
        elif self.weights.b is not None:
            yield from _biases(dout, self.weights.b.shape)
            dW = self._by_filters(self.x, dout)
            yield "wrong_parameter", dW.sum(axis=(1, 2, 3)).reshape(self.weights.b.shape)
            yield "wrong_parameter", self.W.sum(axis=(1, 2, 3)).reshape(self.weights.b.shape)

    def _inputs(self, dout: Array) -> Suspects:
        frame, columns = self.frame, _columns(self.W, dout)
        padded = frame.scattered(columns, self.x.shape)
        yield from (("padding", made) for made in frame.cuts(padded))
        for made in frame.overwritten(columns, self.x.shape):
            yield "overwritten", frame.cut(made)
        yield "flipped", frame.cut(self._padded(self.W[:, :, ::-1, ::-1], dout))
        n, f, oh, ow = dout.shape
        yield "transposed", frame.cut(self._padded(self.W, dout.reshape(n, oh, ow, f).transpose(0, 3, 1, 2)))
        yield from (("transposed", frame.cut(self._padded(W, dout))) for W in _swapped(self.W))
        for key, other in frame.others():
            made = _scatter_within(other, columns, self.x.shape)
            yield key, made
        yield from shifted(frame.cut(padded), frame.pad)
        yield from ((key, frame.cut(made)) for key, made in shifted(padded, frame.pad))
        for trimmed in _trimmed(columns):
            yield "off_by_one", frame.cut(frame.scattered(trimmed, self.x.shape))
        for one in (0, -1):
            yield "sum", frame.cut(self._padded(self.W[[one]], dout[:, [one]]))
            yield (
                "sum",
                frame.cut(padded * (np.arange(len(padded)) == one % len(padded))[:, None, None, None]),
            )

    def _filters(self, dout: Array) -> Suspects:
        right = self._by_filters(self.x, dout)
        yield "flipped", right[:, :, ::-1, ::-1]
        yield from (("transposed", made) for made in _swapped(right))
        F = dout.shape[1]
        rows = self.frame.of(self.x).transpose(0, 2, 3, 1, 4, 5).reshape(-1, right[0].size)
        yield "transposed", (rows.T @ dout.transpose(0, 2, 3, 1).reshape(-1, F)).reshape(right.shape)
        yield "transposed", (rows.T @ dout.reshape(-1, F)).T.reshape(right.shape)
        for one in (0, -1):
            yield "sum", self._by_filters(self.x[[one]], dout[[one]])
            here, given = self.frame.of(self.x)[:, :, one, one], dout[:, :, one, one]
            yield "sum", np.einsum("ncuv,nf->fcuv", here, given)
            yield "sum", np.einsum("cuv,f->fcuv", here[one], given[one])
        end = ((0, 0), (0, 0), (0, 2 * self.frame.pad[0]), (0, 2 * self.frame.pad[1]))
        if any(self.frame.pad):
            yield "padding", self._on(np.pad(self.x, end), dout, _bare(self.frame))
        if self.frame.stride != (1, 1):
            ones = Frame(self.frame.window, (1, 1), (0, 0))
            yield "stride", self._on(self.frame.padded(self.x), dout, ones)
        for key, moved in shifted(self.frame.padded(self.x), self.frame.pad):
            yield key, self._on(moved, dout, _bare(self.frame))
        for cut in _trimmed_places(dout):
            yield "off_by_one", self._by_filters(self.x, cut)

    @staticmethod
    def _on(padded: Array, dout: Array, frame: Frame) -> Array:
        windows = frame.of(padded)[:, :, : dout.shape[2], : dout.shape[3]]
        return np.einsum("ncijuv,nfij->fcuv", windows, dout, optimize=True)


def _bare(frame: Frame) -> Frame:
    """Return the frame for pictures that have their border already."""
    return Frame(frame.window, frame.stride, (0, 0))


def _columns(W: Array, dout: Array) -> Array:
    return np.einsum("nfij,fcuv->ncijuv", dout, W, optimize=True)


def _swapped(W: Array) -> list[Array]:
    """Return filters on their side, or with input and output channels exchanged, where that fits."""
    made = [W.swapaxes(2, 3)] if W.shape[2] == W.shape[3] > 1 else []
    return [*made, W.swapaxes(0, 1)] if W.shape[0] == W.shape[1] > 1 else made


def _to_size(out: Array, shape: tuple[int, ...]) -> Array:
    made = np.zeros(shape)
    height, width = min(out.shape[2], shape[2]), min(out.shape[3], shape[3])
    made[:, :, :height, :width] = out[:, :, :height, :width]
    return made


def _fewer(out: Array) -> Suspects:
    """Yield outputs that end one row or column early: cut off, or left 0."""
    for rows, columns in ((1, 1), (1, 0), (0, 1)):
        short = out[:, :, : out.shape[2] - rows, : out.shape[3] - columns]
        yield "off_by_one", short
        yield "off_by_one", _to_size(short, out.shape)


def _trimmed(windows: Array) -> list[Array]:
    """Return windows of which the last row or column of places, or of elements, is left out."""
    made = []
    for axes in ((2, 3), (2,), (3,), (4, 5), (4,), (5,)):
        cut = windows.copy()
        for axis in axes:
            cut[(slice(None),) * axis + (-1,)] = 0
        made.append(cut)
    return made


def _trimmed_places(dout: Array) -> list[Array]:
    return [made[..., 0, 0] for made in _trimmed(dout[..., None, None])[:3]]


def _scatter_within(frame: Frame, columns: Array, shape: tuple[int, ...]) -> Array:
    """Add windows up in another frame; what falls outside the picture is lost."""
    (kh, kw), (sv, sh) = frame.window, frame.stride
    rows = max(shape[2] + 2 * frame.pad[0] + frame.more[0], sv * (columns.shape[2] - 1) + kh)
    cols = max(shape[3] + 2 * frame.pad[1] + frame.more[1], sh * (columns.shape[3] - 1) + kw)
    large = Frame(frame.window, frame.stride, (0, 0)).scattered(columns, (*shape[:2], rows, cols))
    (pv, ph) = frame.pad
    return large[:, :, pv : pv + shape[2], ph : ph + shape[3]]


def _biases(dout: Array, shape: tuple[int, ...]) -> Suspects:
    """Yield sums that stop short of an axis, or take one sample or place alone."""
    yield "sum", dout
    for axes in ((0,), (0, 2), (0, 3), (2, 3), (1, 2, 3), (0, 1), (0, 1, 2, 3), (1,)):
        made = dout.sum(axis=axes)
        yield "sum", made
        if made.size == int(np.prod(shape)) or not made.ndim:
            yield "sum", np.broadcast_to(made.reshape(shape) if made.ndim else made, shape)
    for one in (0, -1):
        for part in (dout[one].sum(axis=(1, 2)), dout[:, :, one, one].sum(axis=0), dout[one, :, one, one]):
            yield "sum", part.reshape(shape)
    yield "transposed", dout.reshape(-1, dout.shape[1]).sum(axis=0).reshape(shape)
