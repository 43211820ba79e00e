"""Windows over padded pictures and back, with the slips that people make. Must not know what is in them."""

from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from convlens._typing import Array
from convlens.spec.padding import borders

__all__ = ["Frame", "shifted"]

Size = tuple[int, int]


class Frame:
    """Where windows lie on pictures (N, C, H, W).

    Args:
        window: height and width of a window.
        stride: its step, down and right.
        pad: the border above and on the left, and as a rule below and on the right.
        more: by how much the border below and on the right is wider, where padding is "same".
    """

    def __init__(self, window: Size, stride: Size, pad: Size, more: Size = (0, 0)) -> None:
        self.window, self.stride, self.pad, self.more = window, stride, pad, more

    @classmethod
    def same(cls, window: Size, stride: Size, shape: tuple[int, ...]) -> "Frame":
        """Return the frame of padding "same" for pictures of a shape (…, height, width)."""
        (above, below), (left, right) = borders("same", shape, window, stride)
        return cls(window, stride, (above, left), (below - above, right - left))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Frame) and vars(self) == vars(other)

    __hash__ = None  # type: ignore[assignment]

    def fits(self, x: Array) -> bool:
        """Say whether one window lies on the padded picture at all."""
        sizes = zip(x.shape[2:], self.pad, self.more, self.window, self.stride, strict=True)
        return all(step > 0 and p >= 0 and size + 2 * p + m >= w > 0 for size, p, m, w, step in sizes)

    def padded(self, x: Array, fill: float = 0) -> Array:
        """Return the pictures with their border."""
        (pv, ph), (mv, mh) = self.pad, self.more
        return np.pad(x, ((0, 0), (0, 0), (pv, pv + mv), (ph, ph + mh)), constant_values=fill)

    def of(self, x: Array, fill: float = 0) -> Array:
        """Return the windows (N, C, oh, ow, kh, kw)."""
        found = sliding_window_view(self.padded(x, fill), self.window, axis=(2, 3))
        return found[:, :, :: self.stride[0], :: self.stride[1]]

    def scattered(self, windows: Array, shape: tuple[int, ...]) -> Array:
        """Add windows up where they lie; the border stays: the derivative by the padded pictures."""
        made = self._zeros(shape)
        for u, v in np.ndindex(*self.window):
            made[self._under(u, v, windows)] += windows[..., u, v]
        return made

    def overwritten(self, windows: Array, shape: tuple[int, ...]) -> Iterator[Array]:
        """Put windows where they lie, later ones over earlier ones, in each order in which people loop."""
        for back in (1, -1):
            by_element, by_place = self._zeros(shape), self._zeros(shape)
            for u, v in list(np.ndindex(*self.window))[::back]:
                by_element[self._under(u, v, windows)] = windows[..., u, v]
            for i, j in list(np.ndindex(*windows.shape[2:4]))[::back]:
                by_place[self._at(i, j)] = windows[:, :, i, j]
            yield from (by_element, by_place)

    def last_only(self, windows: Array, shape: tuple[int, ...]) -> Array:
        """Write only what is not 0 over what was there, window by window: maxima put, not added."""
        made = self._zeros(shape)
        for i, j in np.ndindex(*windows.shape[2:4]):
            part = made[self._at(i, j)]
            part[windows[:, :, i, j] != 0] = windows[:, :, i, j][windows[:, :, i, j] != 0]
        return made

    def cut(self, padded: Array) -> Array:
        """Return padded pictures without their border."""
        (pv, ph), (mv, mh) = self.pad, self.more
        return padded[:, :, pv : padded.shape[2] - pv - mv, ph : padded.shape[3] - ph - mh]

    def cuts(self, padded: Array) -> Iterator[Array]:
        """Yield padded pictures cut wrongly, or not at all."""
        (pv, ph), (height, width) = self.pad, padded.shape[2:]
        if pv or ph:
            yield padded
            yield padded[:, :, : height - 2 * pv, : width - 2 * ph]
            yield padded[:, :, 2 * pv :, 2 * ph :]
            yield padded[:, :, pv:, ph:]
            yield padded[:, :, : height - pv, : width - ph]

    def others(self, *, least: int = 1) -> Iterator[tuple[str, "Frame"]]:
        """Yield the frames of those who forgot the border, or the step."""
        if any(self.pad):
            yield "padding", Frame(self.window, self.stride, (0, 0))
        if self.stride != (least, least):
            yield "stride", Frame(self.window, (least, least), self.pad, self.more)

    def _zeros(self, shape: tuple[int, ...]) -> Array:
        (pv, ph), (mv, mh) = self.pad, self.more
        return np.zeros((*shape[:2], shape[2] + 2 * pv + mv, shape[3] + 2 * ph + mh))

    def _under(self, u: int, v: int, windows: Array) -> tuple[Any, ...]:
        (sv, sh), (oh, ow) = self.stride, windows.shape[2:4]
        return (..., slice(u, u + sv * oh, sv), slice(v, v + sh * ow, sh))

    def _at(self, i: int, j: int) -> tuple[Any, ...]:
        (top, left), (kh, kw) = (i * self.stride[0], j * self.stride[1]), self.window
        return (..., slice(top, top + kh), slice(left, left + kw))


def shifted(x: Array, pad: Size) -> Iterator[tuple[str, Array]]:
    """Yield pictures moved by one, down, right or both, and back; what comes in at the edge is 0.

    Moved by the padding in both directions they are those of who pads, or cuts off, on one side only.
    """
    for dy, dx in product((-1, 0, 1), repeat=2):
        if (dy, dx) != (0, 0):
            yield (
                ("padding" if abs(dy) == abs(dx) == 1 and pad == (1, 1) and dy == dx else "off_by_one"),
                moved_by(x, (dy, dx)),
            )
    if max(pad) > 1:
        yield from (("padding", moved_by(x, (sign * pad[0], sign * pad[1]))) for sign in (1, -1))


def moved_by(x: Array, steps: Size) -> Array:
    """Return pictures moved down and right; what comes in at the edge is 0."""
    moved = np.roll(x, steps, axis=(2, 3))
    for axis, step in zip((2, 3), steps, strict=True):
        if step:
            moved[(slice(None),) * axis + (slice(0, step) if step > 0 else slice(step, None),)] = 0
    return moved
