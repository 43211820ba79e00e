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
from numpy.typing import NDArray

from convlens._typing import Array, IntArray
from convlens.arrays import as_array
from convlens.errors import UsageError
from convlens.layers.softmax_with_loss import class_numbers
from convlens.streams import sample_keys

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
        seed: the training's, 0 or more.
        known_as: the numbers of the batch's samples in the data set, (n,), where `x` holds copies of them,
            such as varied pictures; None where these are `index`.
        label_smoothing: how much the loss smooths labels; None for as much as the network's own loss does.
        place: the number of the layer that it is given to, in its network's table; empty outside of one.
    """

    x: Array
    t: IntArray
    index: IntArray
    step: int = 0
    w: Array | None = None
    seed: int = 0
    known_as: IntArray | None = None
    label_smoothing: float | None = None
    place: tuple[int, ...] = ()

    @classmethod
    def checked(
        cls, x: Array, t: IntArray, index: IntArray | None, n_classes: int, step: int = 0, seed: int = 0,
    ) -> "Batch":  # fmt: skip
        """Return a batch of what a user gave: labels of any form, an index or None for all samples.

        Raises:
            ShapeError: there is not one label a sample.
            UsageError: a label is none of the classes, or the index none of the samples.
        """
        t = class_numbers(t, len(x), n_classes)
        which = np.arange(len(x)) if index is None else sample_numbers(index, len(x))
        return cls(x, t, which, step, seed=seed)

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

    @property
    def samples(self) -> IntArray:
        """The numbers of the batch's own samples in the data set, (n,)."""
        return self.index if self.known_as is None else self.known_as

    def piece(self, some: slice) -> "Batch":
        """Return the part of the batch that goes through the layers together."""
        known_as = None if self.known_as is None else self.known_as[some]
        return replace(self, index=self.index[some], known_as=known_as)

    def within(self, number: int) -> "Batch":
        """Return the batch as layer number so many of a network gets it."""
        return replace(self, place=(*self.place, number))

    def sample_keys(self, purpose: str) -> NDArray[np.uint32]:
        """Return what `streams.counted` draws from for each of the batch's own samples, (n, 2).

        It follows from (seed, purpose, step, layer, sample): the same however the batch is cut.
        """
        return sample_keys(self.seed, purpose, self.step, *self.place, samples=self.samples)


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


def forward_in_batch(
    layer: Any, x: Array, train: bool, batch: Batch | None, number: int | None = None,  # noqa: ANN401
) -> Array:  # fmt: skip
    """Call a layer's `forward` with as much as it asks for.

    As in the book that may be `forward(x)` or `forward(x, train_flg)`; a third argument is called `batch`.

    Args:
        layer: any layer of the protocol.
        x: what goes in.
        train: whether it is trained.
        batch: the batch in training; None in testing.
        number: of the layer in its network's table; None where `batch.place` says it already.
    """
    forward = layer.forward
    asks_for = wants(forward)
    if asks_for == "batch":
        own = batch if batch is None or number is None else batch.within(number)
        return forward(x, train, batch=own)
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
