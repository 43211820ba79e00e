"""One batch: which pictures and labels a training step is of. Must not know who computes it.

It goes from the Trainer through the network to each layer that asks for it, so that what a layer draws can
follow from (seed, step, sample) alone: the same for a batch in one piece or in several.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from inspect import signature
from typing import Any

import numpy as np

from convlens._typing import Array, IntArray
from convlens.arrays import as_array
from convlens.errors import UsageError
from convlens.layers.softmax_with_loss import class_numbers

__all__ = ["Batch", "forward_in_batch", "sample_numbers", "wants"]


@dataclass(frozen=True, eq=False)
class Batch:
    """Some samples of a data set, and the step that they are for.

    Attributes:
        x: all pictures (samples, C, H, W).
        t: all labels; one of our networks wants class numbers (samples,).
        index: which samples, (n,), each 0 to samples - 1. Whoever draws it himself makes a `Batch` as it is;
            what a user gave goes through `checked`.
        step: which update it is, counted from 0 over all epochs; 0 where nobody counts.
        w: how much each sample's loss counts, (samples,) floats; None where all count alike, 1.
    """

    x: Array
    t: IntArray
    index: IntArray
    step: int = 0
    w: Array | None = None

    @classmethod
    def checked(cls, x: Array, t: IntArray, index: IntArray | None, n_classes: int, step: int = 0) -> "Batch":
        """Return a batch of what a user gave: labels of any form, an index or None for all samples.

        Raises:
            ShapeError: there is not one label a sample.
            UsageError: a label is none of the classes, or the index none of the samples.
        """
        t = class_numbers(t, len(x), n_classes)
        return cls(x, t, np.arange(len(x)) if index is None else sample_numbers(index, len(x)), step)

    def __len__(self) -> int:
        return len(self.index)

    @cached_property
    def pictures(self) -> Array:
        """The batch's own pictures, a copy."""
        return self.x[self.index]

    @cached_property
    def labels(self) -> IntArray:
        """The batch's own labels."""
        return self.t[self.index]

    @property
    def weights(self) -> Array | None:
        """How much the loss of each of the batch's own samples counts."""
        return None if self.w is None else self.w[self.index]

    def piece(self, some: slice) -> "Batch":
        """Return the part of the batch that goes through the layers together."""
        return replace(self, index=self.index[some])


def sample_numbers(index: Any, n_samples: int) -> IntArray:  # noqa: ANN401
    """Return which samples a user means, (n,).

    Raises:
        UsageError: it is no row of integers, or one is none of the samples.
    """
    index = as_array("`index`", index)
    if index.ndim != 1 or (index.dtype.kind not in "iu" and index.size):
        raise UsageError(f"`index` must be a row of sample numbers. Got {index.dtype} {index.shape}.")
    if index.size and not 0 <= int(index.min()) <= int(index.max()) < n_samples:
        raise UsageError(f"`index` must be 0 to {n_samples - 1}. Got {index.min()} to {index.max()}.")
    return index.astype(np.int64, copy=False)  # no floats where it is empty, no foreign byte order


def forward_in_batch(layer: Any, x: Array, train: bool, batch: Batch | None) -> Array:  # noqa: ANN401
    """Call a layer's `forward` with as much as it asks for.

    As in the book that may be `forward(x)` or `forward(x, train_flg)`; a third argument is called `batch`.
    """
    forward = layer.forward
    asks_for = wants(forward)
    if asks_for == "batch":
        return forward(x, train, batch=batch)
    return forward(x, train) if asks_for == "train" else forward(x)


def wants(forward: Callable[..., Any]) -> str:
    """Say what a layer's `forward` asks for beside `x`: "batch" (and `train`), "train" or "nothing"."""
    return _wants(getattr(forward, "__func__", forward), hasattr(forward, "__func__"))


@lru_cache(maxsize=256)
def _wants(function: Callable[..., Any], is_method: bool) -> str:
    described = signature(function)
    if "batch" in described.parameters:
        return "batch"
    try:
        described.bind(*[None] * (3 if is_method else 2))
    except TypeError:
        return "nothing"
    return "train"
