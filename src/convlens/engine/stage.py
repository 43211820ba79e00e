"""One step of a plan: one or more layers that run as one. Must not know the list that it stands in.

The life of every stage, in this order:

1. `__init__`: sizes are known, register tiles are chosen, and the memories that will be read are asked for
   their borders of zeros (`Frame.require`). Later stages may ask for wider ones, so nobody knows yet where a
   number will lie.
2. `flatten`, if an affine layer follows: may it have its rows from this stage?
3. The plan allocates the memories of all stages, then calls `allocate` of each: buffers are made, and tuples
   of sizes fixed.
4. For each size of a piece `forward` of all stages, then `backward` of all, the last one first, called once:
   the kernels that they call are recorded, and run for each batch. Nothing grows any more.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from convlens.engine.memory import Matrix, Memory
from convlens.engine.parameters import Bound
from convlens.layers import Batch

__all__ = ["IDENTITY", "RELU", "Stage", "StageRow", "floor_of"]

RELU, IDENTITY = np.float32(0), np.float32(np.nan)
"""What `floor` means to kernels: max(0, x), or x as it is, because nothing is less than NaN.

So ReLU costs no branch, and the backward pass needs no memory of its own: a derivative lives where the output
is not 0. That holds for ReLU only. Any other activation is a layer of its own (see `fallback.py`).
"""


def floor_of(relu: bool) -> np.float32:
    """Return the floor of a stage with or without ReLU."""
    return RELU if relu else IDENTITY


class StageRow(NamedTuple):
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
        needs_dx: whether the loss's derivatives by the source are wanted.

    Attributes:
        whole_batch: whether a batch must not be split: a layer in it may look at all samples.
        sees_batch: whether it wants to hear which samples a step is of.
        in_python: whether it runs Python's code; else it calls kernels and does nothing besides, so that a
            plan records its calls once.
        bound: its parameters, which a plan looks for at each step.
        is_taken_over: whether the stage behind it does its work when predicting.
    """

    sees_batch = False
    in_python = False
    bound: Bound | None = None
    is_taken_over = False

    def __init__(self, layers: tuple[int, ...], source: Memory, target: Memory, needs_dx: bool) -> None:
        self.layers = layers
        self.source = source
        self.target = target
        self.needs_dx = needs_dx
        self.whole_batch = False

    @property
    def reads_output(self) -> bool:
        """Whether `backward` reads what `forward` wrote, so that nobody may write over it."""
        return True

    @property
    def gradients(self) -> dict[str, NDArray[np.float32]]:
        """The derivatives by the parameters of its first layer, by name; the arrays stay the same."""
        return {}

    def flatten(self) -> Matrix | None:
        """Write samples in the book's order too, and return where to; None: this stage cannot."""
        return None

    def masks(self) -> bool:
        """Say whether `backward` can switch the target's derivatives off, in place, where its values are 0.

        If so it does from now on: behind this stage something is added in place, and a ReLU follows.
        """
        return False

    def allocate(self, capacity: int) -> None:
        """Make the buffers; all shapes and borders are known now."""

    def see(self, batch: Batch) -> None:
        """Hear which samples and which step the next `forward` in training is of: a batch, or a piece."""

    def forward(self, n: int, train: bool, is_first_piece: bool = True) -> None:
        """Compute the first n samples of the target.

        Parameters are read in the first piece of a batch only: in the others they are those of the last call.
        """
        raise NotImplementedError

    def backward(self, n: int, is_first_piece: bool = True, is_last_piece: bool = True) -> None:
        """From the target's derivatives compute the source's, and those by the parameters.

        The latter are added up over the pieces of a batch, from the first to the last one.
        """
        raise NotImplementedError

    def describe(self) -> StageRow:
        """Say which kernels run."""
        raise NotImplementedError
