"""Max- and mean-pooling and their faults. Must not know reports.

out[n, c, i, j] = max over the window; its derivative goes to the element that was the maximum.
"""

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from convlens._typing import Array
from convlens.check.known.known import Known, Suspects
from convlens.check.known.windows import Frame, shifted

__all__ = ["MaxPooling", "MeanPooling"]


class _Pooling(Known):
    """Pooling at one input.

    Args:
        x: pictures as they are written.
        frame: where the windows lie.
        last: whether channels come last.
        fill: what stands in the border.
    """

    def __init__(self, x: Array, frame: Frame, *, last: bool, fill: float) -> None:
        self.x = x.transpose(0, 3, 1, 2) if last else x
        self.frame, self.last, self.fill = frame, last, fill

    _everywhere = ("to_all", "to_all")
    """What it is to hand all on to every element, and a share of it."""

    def _written(self, pictures: Array) -> Array:
        return pictures.transpose(0, 2, 3, 1) if self.last else pictures

    def _out(self, x: Array, frame: Frame) -> Array:
        raise NotImplementedError

    def _shares(self, x: Array, frame: Frame) -> Array:
        """Return how much of a window's derivative each of its elements gets: (N, C, oh, ow, kh, kw)."""
        raise NotImplementedError

    def right(self) -> Array:
        return self._written(self._out(self.x, self.frame))

    def outputs(self) -> Suspects:
        for key, made in self._outputs():
            yield key, self._written(made)

    def _outputs(self) -> Suspects:
        out = self._out(self.x, self.frame)
        windows = self.frame.of(self.x, self.fill)
        for key, frame in self.frame.others():
            if frame.fits(self.x):
                other = self._out(self.x, frame)
                yield key, other
                yield key, other[:, :, : out.shape[2], : out.shape[3]]
        yield "other_pooling", windows.min(axis=(-2, -1))
        yield "other_pooling", windows.sum(axis=(-2, -1))
        yield from (
            ("other_pooling", windows.mean(axis=(-2, -1))),
            ("other_pooling", windows.max(axis=(-2, -1))),
        )
        for key, moved in shifted(self.frame.padded(self.x, self.fill), self.frame.pad):
            yield key, self._out(moved, Frame(self.frame.window, self.frame.stride, (0, 0)))
        yield "off_by_one", out[:, :, :-1, :-1]

    def derivatives(self, dout: Array) -> Mapping[str, Array]:
        spread = self._spread(dout)
        return {"x": self._written(self.frame.cut(self.frame.scattered(spread, self.x.shape)))}

    def _spread(self, dout: Array) -> Array:
        dout = dout.transpose(0, 3, 1, 2) if self.last else dout
        return self._shares(self.x, self.frame) * dout[..., None, None]

    def suspects(self, target: str, dout: Array) -> Suspects:
        del target
        for key, made in self._inputs(dout.transpose(0, 3, 1, 2) if self.last else dout):
            yield key, self._written(made)

    def _inputs(self, dout: Array) -> Suspects:
        frame, shape = self.frame, self.x.shape
        shares = self._shares(self.x, frame)
        spread = shares * dout[..., None, None]
        padded = frame.scattered(spread, shape)
        yield from (("padding", made) for made in frame.cuts(padded))
        yield from (("overwritten", frame.cut(made)) for made in frame.overwritten(spread, shape))
        yield "overwritten", frame.cut(frame.last_only(spread, shape))
        everywhere = np.ones(shares.shape) * dout[..., None, None]
        whole, part = self._everywhere
        yield whole, frame.cut(frame.scattered(everywhere, shape))
        yield whole, frame.cut(next(frame.overwritten(everywhere, shape)))
        yield part, frame.cut(frame.scattered(everywhere / everywhere[0, 0, 0, 0].size, shape))
        for place in (0, -1):
            first = np.zeros((*shares.shape[:4], int(np.prod(frame.window))))
            first[..., place] = 1
            yield (
                "wrong_place",
                frame.cut(frame.scattered(first.reshape(shares.shape) * dout[..., None, None], shape)),
            )
        if shares.shape[-1] == shares.shape[-2]:
            yield "transposed", frame.cut(frame.scattered(spread.swapaxes(-1, -2), shape))
        yield "dout_forgotten", frame.cut(frame.scattered(shares, shape))
        yield from shifted(frame.cut(padded), frame.pad)
        yield from self._stepped(spread)
        yield "mask_inverted", frame.cut(frame.scattered((1 - shares) * dout[..., None, None], shape))
        for axes in ((2, 3), (2,), (3,)):
            cut = spread.copy()
            for axis in axes:
                cut[(slice(None),) * axis + (-1,)] = 0
            yield "off_by_one", frame.cut(frame.scattered(cut, shape))
        ones = Frame(frame.window, (1, 1), frame.pad)
        if frame.stride != (1, 1):
            near = self._shares(self.x, ones)[:, :, : dout.shape[2], : dout.shape[3]] * dout[..., None, None]
            yield "stride", ones.cut(ones.scattered(near, shape))

    def _stepped(self, spread: Array) -> Suspects:
        """Yield what comes of windows that lie beside each other, or a step of 1 apart, as they do not."""
        height, width = self.x.shape[2:]
        for stride in ((1, 1), self.frame.window):
            if stride == self.frame.stride:
                continue
            other = Frame(self.frame.window, stride, (0, 0))
            rows = max(height, stride[0] * spread.shape[2] + self.frame.window[0])
            columns = max(width, stride[1] * spread.shape[3] + self.frame.window[1])
            large = (*self.x.shape[:2], rows, columns)
            yield "stride", other.scattered(spread, large)[:, :, :height, :width]


class MaxPooling(_Pooling):
    """Of each window the largest element."""

    kind: ClassVar[str] = "pooling"

    def _out(self, x: Array, frame: Frame) -> Array:
        return frame.of(x, self.fill).max(axis=(-2, -1))

    def _shares(self, x: Array, frame: Frame) -> Array:
        windows = frame.of(x, self.fill)
        flat = windows.reshape(*windows.shape[:4], -1)
        first = np.arange(flat.shape[-1]) == flat.argmax(axis=-1)[..., None]
        return first.reshape(windows.shape).astype(np.float64)


class MeanPooling(_Pooling):
    """Of each window the mean."""

    kind: ClassVar[str] = "mean_pooling"
    _everywhere = ("mean", "mean")

    def _out(self, x: Array, frame: Frame) -> Array:
        return frame.of(x, self.fill).mean(axis=(-2, -1))

    def _shares(self, x: Array, frame: Frame) -> Array:
        return np.full(frame.of(x).shape, 1 / int(np.prod(frame.window)))
