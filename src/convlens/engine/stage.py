"""One step of a plan: one or more layers that run as one. Must not know the list that it stands in."""

from typing import NamedTuple

import numpy as np

from convlens.engine.memory import Memory, Numbers
from convlens.layers import Batch

__all__ = ["IDENTITY", "RELU", "Row", "Stage"]

RELU, IDENTITY = np.float32(0), np.float32(np.nan)
"""What `floor` means to kernels: max(0, x), or x as it is."""


class Row(NamedTuple):
    """What `Plan.describe` says about one stage."""

    layers: tuple[int, ...]
    """Numbers of the layers, in the list that was compiled."""

    kernel: str
    """What runs, forward and backward."""

    multiply_adds: int
    """Of one sample's forward pass, zeros included."""

    tile: str
    """The register tiles that the kernels use."""


class Stage:
    """Base of all stages.

    Args:
        layers: numbers of the layers that it runs.
        source: where it reads.
        target: where it writes.

    Attributes:
        needs_dx: whether the loss's derivatives by the source are wanted.
        gradients: the loss's derivatives by the parameters' names, of a stage that has parameters.
        sees_batch: whether it wants to hear which samples a step is of.
    """

    sees_batch = False

    def __init__(self, layers: tuple[int, ...], source: Memory, target: Memory) -> None:
        self.layers = layers
        self.source = source
        self.target = target
        self.needs_dx = False
        self.gradients: dict[str, Numbers] = {}

    def allocate(self, capacity: int) -> None:
        """Make the buffers; all shapes and borders are known now."""

    def see(self, batch: Batch) -> None:
        """Hear which samples and which step the next `forward` in training is of: a batch, or a piece."""

    def forward(self, n: int, train: bool, first: bool = True) -> None:
        """Compute the first n samples of the target; not `first`: parameters are those of the last call."""
        raise NotImplementedError

    def backward(self, n: int, first: bool = True, last: bool = True) -> None:
        """From the target's derivatives compute the source's, and those by the parameters.

        The latter are added up over the pieces of a batch, from the first to the last one.
        """
        raise NotImplementedError

    def describe(self) -> Row:
        """Say which kernels run."""
        raise NotImplementedError
