"""How a run's weights travel in the page: rounded to int8 with shared scales, epoch by epoch. Knows no HTML.

    weight = code · scale         one scale for all numbers of a parameter (W1, b1, …)

What a normalisation keeps is not rounded: a variance that became 0 would blow its channel up. Each of these
numbers has a scale of its own, in each epoch.

Before training the weights are much smaller, so they have scales of their own. All epochs after it share
theirs, and are kept from the last one backwards as differences of codes: most weights hardly move between
two. Each epoch's codes are one byte a number, deflated.
"""

import base64
import zlib
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any, Final, NamedTuple

import numpy as np

from convlens._typing import Array, IntArray
from convlens.errors import RunError
from convlens.networks import Network
from convlens.runs import Run
from convlens.spec import NetworkSpec, Role

__all__ = ["FINEST", "ROUNDINGS", "SMALL", "Kept", "Rounding", "Weights", "replayable", "sizes_of"]

SMALL: Final = 16_384
"""A parameter with at most so many numbers is always rounded as finely as int8 allows."""

_MOST = 127
_TOO_LARGE = 1e30


class Rounding(NamedTuple):
    """How the weights of a page are rounded.

    Attributes:
        levels: the largest code of a parameter with more than `SMALL` numbers.
        before: the same for the weights before training, which are noise and do not deflate.
        most: so many epochs at most.
    """

    levels: int
    before: int
    most: int


ROUNDINGS: Final = (
    Rounding(127, 127, 11),
    Rounding(63, 63, 11),
    Rounding(31, 15, 11),
    Rounding(31, 15, 6),
    Rounding(15, 5, 6),
    Rounding(15, 5, 5),
    Rounding(15, 5, 4),
    Rounding(15, 5, 3),
    Rounding(15, 5, 2),
)
"""From the finest to the one that takes least room."""

FINEST: Final = ROUNDINGS[0]


def replayable(run: Run) -> tuple[int, ...]:
    """Return the epochs whose whole weights a run holds, from 0 where it holds the first ones."""
    last = run.config.epochs
    if run.about.get("format") == 1:
        return 0, last
    return run.kept_epochs


@dataclass(frozen=True, eq=False)
class Kept:
    """A run's weights as its folder has them.

    Attributes:
        run: whose weights they are.
        epochs: after which; 0 is before training.
        vectors: all weights and biases, one after the other, by epoch: (epochs, numbers).
    """

    run: Run
    epochs: tuple[int, ...]
    vectors: Array

    @classmethod
    def of(cls, run: Run) -> "Kept":
        """Read them.

        Raises:
            RunError: the run is damaged, or a weight is too large to be summed in float32.
        """
        epochs = replayable(run)
        vectors = np.stack([run.network(_name(run, epoch)).params.vector for epoch in epochs])
        largest = float(np.abs(vectors).max())
        if largest > _TOO_LARGE:
            raise RunError(f"{run.folder}: a weight is too large for the page ({largest:.2g}).")
        return cls(run, epochs, vectors)

    def rounded(self, rounding: Rounding) -> "Weights":
        """Return them as a page has them: fewer epochs, and codes with shared scales."""
        rows = _thinned(len(self.epochs), rounding.most)
        exact, epochs = self.vectors[rows], tuple(self.epochs[row] for row in rows)
        trained = np.array(epochs) > 0
        parts = parts_of(self.run.spec)
        ends = np.cumsum([part.size for part in parts])
        scales = np.ones((len(epochs), len(ends)), np.float32)
        codes = np.zeros(exact.shape, np.int8)
        for i, (part, end) in enumerate(zip(parts, ends, strict=True)):
            start = end - part.size
            if not part.is_rounded:
                sizes = np.abs(exact[:, start])
                scales[sizes > 0, i] = sizes[sizes > 0] / _MOST
                codes[:, start] = _MOST * np.sign(exact[:, start])
                continue
            for group, levels in ((~trained, rounding.before), (trained, rounding.levels)):
                some = exact[group, start:end]
                scale = np.float32(np.abs(some).max(initial=0) / (_MOST if part.size <= SMALL else levels))
                if scale > 0:
                    scales[group, i] = scale
                    codes[group, start:end] = np.rint(some / scale)
        return Weights(self.run, rounding, epochs, scales, codes)


@dataclass(frozen=True, eq=False)
class Weights:
    """A run's weights as a page has them.

    Attributes:
        run: whose weights they are.
        rounding: how they were rounded.
        epochs: after which; 0 is before training.
        scales: by epoch and part (`parts_of`): (epochs, parts), float32.
        codes: by epoch, of all parameters one after the other: (epochs, numbers), int8.
    """

    run: Run
    rounding: Rounding
    epochs: tuple[int, ...]
    scales: Array
    codes: IntArray

    def network(self, epoch: int) -> Network:
        """Return the network that the page runs for an epoch."""
        row = self.epochs.index(epoch)
        scales = np.repeat(self.scales[row], [part.size for part in parts_of(self.run.spec)])
        network = self.run.network("final")
        network.params.vector[...] = self.codes[row].astype(np.float32) * scales
        return network

    @cached_property
    def described(self) -> dict[str, Any]:
        """What the page's scripts read."""
        parts = parts_of(self.run.spec)
        return {
            "epochs": self.epochs,
            "sizes": [part.size for part in parts],
            "scales": [[_said(*each) for each in zip(row, parts, strict=True)] for row in self.scales],
            "codes": [_text(row) for row in self._changes],
        }

    @property
    def n_bytes(self) -> int:
        """So many the codes take in the page."""
        return sum(map(len, self.described["codes"]))

    @property
    def _changes(self) -> IntArray:
        """Each epoch's codes: the last one's and those before training whole, the others as changes."""
        codes = self.codes.astype(np.int16)
        changes = codes.copy()
        for row in range(len(self.epochs) - 1):
            if self.epochs[row] > 0:
                changes[row] -= codes[row + 1]
        return changes


class ScaledPart(NamedTuple):
    """Numbers of the vector, one after the other, that share a scale; what is not rounded is one number."""

    size: int
    is_rounded: bool


def parts_of(spec: NetworkSpec) -> list[ScaledPart]:
    """Return the parts of the vector, in its order."""
    parts: list[ScaledPart] = []
    for parameter in spec.parameters:
        is_rounded = parameter.role in {Role.FILTERS, Role.MATRIX, Role.BIAS}
        parts += [ScaledPart(parameter.size, True)] if is_rounded else [ScaledPart(1, False)] * parameter.size
    return parts


def _said(scale: Any, part: ScaledPart) -> float:  # noqa: ANN401 (NumPy's)
    """Return a scale as the page has it; there may be thousands of single numbers, so these are short."""
    return float(scale) if part.is_rounded else float(f"{scale:.7g}")


def sizes_of(run: Run) -> list[int]:
    """Return how many numbers each parameter has, in the vector's order."""
    return [prod(shape) for shape in run.spec.parameter_shapes.values()]


def _name(run: Run, epoch: int) -> str | int:
    """Return by which name a run has an epoch's weights: format 1 knows the first and the last ones only."""
    return "initial" if epoch == 0 else "final" if epoch == run.config.epochs else epoch


def _thinned(n: int, most: int) -> list[int]:
    """Return the places of at most `most` of `n`, the first and the last among them, denser at the start."""
    if n <= most:
        return list(range(n))
    places = np.rint(np.geomspace(1, n, most)).astype(int) - 1
    return sorted(set(places.tolist()))


def _text(changes: IntArray) -> str:
    """Write codes as bytes, modulo 256, deflated, in base64."""
    return base64.b64encode(_deflated((changes & 255).astype(np.uint8))).decode("ascii")


def _deflated(codes: Array) -> bytes:
    """Deflate codes, which have no order but many equal ones: each by itself, or with its repetitions."""
    packed = []
    for strategy in (zlib.Z_HUFFMAN_ONLY, zlib.Z_RLE):
        packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS, 9, strategy)
        packed.append(packer.compress(codes.tobytes()) + packer.flush())
    return min(packed, key=len)
