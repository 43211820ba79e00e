"""The lines of lined or squared paper, and ink without them. Must not know digits.

A ruled line goes through the whole picture, nearly straight along a side, and is not alone; no digit's stroke
is so. The picture's strips are moved against each other until as much ink as possible lies in rows that are
inked in nearly every strip: those rows are lines. What is darker than the lines stays, and where it is not,
strokes across a line are closed again.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from convlens._typing import Array, IntArray
from convlens.data.handwriting.morphology import Mask, closed, thickened
from convlens.data.handwriting.sampling import averaged, between

__all__ = ["without_rules"]

_ROWS = 256  # lines are looked for in a picture of at most so many rows
_STRIPS = 32  # cut into so many strips from left to right
_LEAST = 5  # where so many strips have less ink, and no more, the row is a line's
_SLOPE = 0.12  # lines rise or fall by at most this share of their length
_FAINT = 0.04  # less of the paper's light than this is no line
_LINES = 2  # fewer are no ruling
_CROSSED = 0.9  # of a line's pixels, sorted by ink, the one behind so many has the line's own ink
_DARKER = 1.2  # times a line's own ink is no line but a stroke across it
_THICKEST = 6  # more rows than these are no line but the edge of a sheet


class _Ruling(NamedTuple):
    """Where lines are by row of the reduced picture, how many rows they fall, how many the thickest has."""

    rows: Mask
    fall: int
    thickest: int


def without_rules(ink: Array) -> Array:
    """Return ink without the lines of its paper, lying or standing."""
    for axis in (0, 1):
        turned = ink if axis == 0 else ink.T
        ruling = _ruling(turned)
        if ruling is not None:
            turned = _erased(turned, ruling)
        ink = turned if axis == 0 else turned.T
    return ink


def _ruling(ink: Array) -> _Ruling | None:
    """Return the lines from left to right, or None where there is no ruling."""
    height, width = ink.shape
    rows = min(height, _ROWS)
    strips = thickened(averaged(ink, between(height, rows), between(width, min(width, _STRIPS))))
    most = int(rows * _SLOPE * width / height)
    profiles = {fall: _profile(strips, fall) for fall in range(-most, most + 1)}
    fall = max(profiles, key=lambda one: (float(profiles[one].sum()), -abs(one)))
    profile = profiles[fall]
    found = profile >= max(_FAINT, 0.5 * float(profile.max()))
    lines = [run for run in _runs(found) if len(run) <= _THICKEST]
    if len(lines) < _LINES:
        return None
    return _Ruling(np.isin(np.arange(rows), np.concatenate(lines)), fall, max(len(run) for run in lines))


def _profile(strips: Array, fall: int) -> Array:
    """Return the ink that nearly every strip has in a row that falls so far."""
    rows, n = strips.shape
    moved = np.arange(rows)[:, None] + _moves(n, fall)
    inside = np.where((moved >= 0) & (moved < rows), strips[np.clip(moved, 0, rows - 1), np.arange(n)], 0.0)
    return np.asarray(np.sort(inside, axis=1)[:, min(_LEAST, n - 1)])


def _moves(n: int, fall: int) -> NDArray[np.int64]:
    """Return by how many rows each of `n` places from left to right lies below the middle's."""
    return np.floor(fall * ((np.arange(n) + 0.5) / n - 0.5) + 0.5).astype(np.int64)


def _erased(ink: Array, ruling: _Ruling) -> Array:
    """Return ink without the lines, closed where strokes cross them."""
    height, width = ink.shape
    rows = len(ruling.rows)
    own = (np.arange(height) + 0.5) * (rows / height)
    at = np.floor(own[:, None]).astype(np.int64) - _moves(width, ruling.fall)
    line = ruling.rows[np.clip(at, 0, rows - 1)] & (at >= 0) & (at < rows)
    own_ink = np.sort(ink[line])[int(_CROSSED * int(line.sum()))]
    line &= ink <= _DARKER * own_ink
    half = int(np.ceil(ruling.thickest * height / rows / 2)) + 1
    # Beyond the border there is no ink: a line's end beside a line that crosses it is no gap of a stroke.
    strokes = closed(np.pad(np.where(line, 0.0, ink), 2 * half), half)[
        2 * half : -2 * half, 2 * half : -2 * half
    ]
    return np.where(line, np.minimum(ink, strokes), ink)


def _runs(rows: Mask) -> list[IntArray]:
    """Return the places of each run of rows that are true."""
    places = np.flatnonzero(rows)
    return np.split(places, np.flatnonzero(np.diff(places) > 1) + 1) if len(places) else []
