"""How a run answers when its test images are moved, turned, or drawn thinner or thicker.

Always the same images and the same ways: of the first ones, each is moved right, down, left or up in turn,
and turned clockwise or the other way in turn. What comes in from outside is black. Must not know figures or
words.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, NamedTuple

import numpy as np

from convlens._typing import Array
from convlens.arguments import Holding, as_annotated
from convlens.data.augmentation import moved, rows_for
from convlens.errors import UsageError
from convlens.findings.looks import Look, look_of
from convlens.interrupts import heed
from convlens.networks import Network
from convlens.networks.engines import why_no_kernels
from convlens.runs import Run
from convlens.study import Interval, wilson

__all__ = ["CHANGES", "Change", "Changed", "Robustness", "robustness"]

IMAGES, FEWER = 1000, 200
"""Test images that are looked at; fewer where no kernel computes the network, so that it takes a second."""


class Change(Enum):
    """What is done to the images."""

    NONE = "none"
    SHIFT = "shift"
    TURN = "turn"
    THINNER = "thinner"
    THICKER = "thicker"


class Changed(NamedTuple):
    """A change, and by how much: in pixels, or of `TURN` in degrees."""

    change: Change
    by: int


CHANGES = (
    Changed(Change.NONE, 0),
    *(Changed(Change.SHIFT, pixels) for pixels in (1, 2, 3)),
    *(Changed(Change.TURN, degrees) for degrees in (10, 20, 30)),
    Changed(Change.THINNER, 1),
    Changed(Change.THICKER, 1),
)
"""All that is tried; strokes are made thinner and thicker only where images have any."""


@dataclass(frozen=True)
class Robustness:
    """How many of the first test images runs answer right.

    Attributes:
        n_images: how many they are.
        right: of each run, by what was done to the images.
    """

    n_images: int
    right: Mapping[Changed, tuple[int, ...]]

    def share(self, changed: Changed) -> float:
        """Return the share of right answers, the mean over the runs."""
        right = self.right[changed]
        return sum(right) / len(right) / self.n_images

    def interval(self, changed: Changed) -> Interval:
        """Return Wilson's 95 % interval of that share: it is about the choice of images, not of seeds."""
        return wilson(round(self.share(changed) * self.n_images), self.n_images)


@as_annotated
def robustness(runs: Annotated[Sequence[Run], Holding(1)]) -> Robustness:
    """Return how runs answer to test images that are changed.

    Args:
        runs: of one test set.

    Raises:
        UsageError: they have different test images.
    """
    first, *others = runs
    if any(one.sha256 != first.sha256 or one.config.size != first.config.size for one in others):
        raise UsageError("`runs` of robustness must have the same test images.")
    networks = [run.network() for run in runs]
    is_fast = all(network.engine == "fused" for network in networks)
    test = first.data.test.head(IMAGES if is_fast else FEWER)
    right: dict[Changed, tuple[int, ...]] = {}
    has_strokes = look_of(first) is Look.INK
    for changed in CHANGES:
        if changed.change in _OF_STROKES and not has_strokes:
            continue
        heed()
        x = _changed(test.x, changed)
        right[changed] = tuple(_n_right(network, x, test.t) for network in networks)
    return Robustness(len(test), right)


_OF_STROKES = (Change.THINNER, Change.THICKER)


def _n_right(network: Network, x: Array, t: Array) -> int:
    return int((network.predict(x).argmax(axis=1) == t).sum())


def _changed(x: Array, changed: Changed) -> Array:
    """Return images (N, C, H, W) as a change leaves them."""
    count, (change, by) = len(x), changed
    number = np.arange(count)
    if change is Change.NONE:
        return x
    if change is Change.SHIFT:
        down, right = np.array([(0, 1), (1, 0), (0, -1), (-1, 0)])[number % 4].T
        rows = rows_for(count, x.shape[2:], shift=(by * down, by * right))
    elif change is Change.TURN:
        rows = rows_for(count, x.shape[2:], turn=np.where(number % 2, -by, by))
    else:
        rows = rows_for(count, x.shape[2:], stroke=-by if change is Change.THINNER else by)
    if why_no_kernels():
        return moved(x, rows)
    from convlens.engine.augmentation import Mover  # noqa: PLC0415 (Numba: half a second)

    return Mover(x.shape[1:]).moved(x, number, rows)
