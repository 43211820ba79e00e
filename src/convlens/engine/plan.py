"""A compiled network: its layers as stages, its memory made once, its steps without allocation in kernels.

Must not know files or training.
"""

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from convlens.arguments import as_annotated
from convlens.arrays import as_array
from convlens.engine.checks import require_scores, the_capacity, the_layers
from convlens.engine.fusion import fuse
from convlens.engine.memory import Frame
from convlens.engine.stage import StageRow
from convlens.engine.thread_choice import ThreadChoice
from convlens.engine.tile_tables import AFFINE_ROWS
from convlens.errors import ShapeError, UsageError, shown
from convlens.interrupts import heed
from convlens.kernels.gather import gather
from convlens.kernels.loss import check_batch, softmax_cross_entropy
from convlens.kernels.runtime.parallel import SHARES
from convlens.kernels.runtime.threads import resolve_threads
from convlens.kernels.sizes import FrameSizes, Picture
from convlens.layers import Batch, Layer, class_numbers, sample_numbers
from convlens.turns import Turn

__all__ = ["Plan", "compile_plan"]

SCALES = {np.dtype(np.uint8): np.float32(1 / 255), np.dtype(np.float32): np.float32(1)}

CACHE = 11_000_000
"""Bytes of activations of a piece: they stay in the cache from one layer to the next, and from the forward to
the backward pass. Part of the configuration: sums depend on it. Measured: 7 to 13 MB differ by 3 %."""

SMALLEST_PIECE = 16
"""Samples below which what a piece costs, whatever its size, is more than it gains."""

MEMORY = 8
"""Multiply-adds in the time of which an activation is read or written."""

Numbers = NDArray[np.float32]
Layers: TypeAlias = Sequence[Any] | Mapping[Any, Any]


class Plan:
    """Runs a list of layers; made by `convlens.engine.compile`.

    Threads that share a plan take turns. `gradients` hold one step at a time, so `loss_and_gradient` serves
    one thread: another one is refused while the first still runs.

    Attributes:
        capacity: the largest batch.
        piece: how many of its samples go through the layers at a time.
        frozen: whether parameters are those of the first prediction.
        thread_choice: on how many threads which passes run; the results do not depend on it.
        gradients: for each layer the derivatives by its parameters, by name, as of the latest step.
        turn: whose turn it is; a network and its plan have one together.
    """

    @as_annotated
    def __init__(self, layers: Layers, loss: Any, input_shape: tuple[int, ...], capacity: int,  # noqa: ANN401
                 threads: int | None, gradients: Sequence[dict[str, Any] | None] | None,
                 frozen: bool = False) -> None:  # fmt: skip
        self.layers, self.loss = the_layers(layers), loss
        self.input_shape, self.capacity = tuple(map(int, input_shape)), the_capacity(capacity)
        self.turn, _ = Turn(), resolve_threads(threads)
        given = list(gradients) if gradients is not None else [None] * len(self.layers)
        if len(given) != len(self.layers):
            rule = f"a list of {len(self.layers)}, one for each layer"
            raise ShapeError(f"`gradients` of a plan must be {rule}. Got {len(given)}.")
        self.input, self.stages = fuse(self.layers, self.input_shape, given)
        self.output = self.stages[-1].target
        require_scores(loss, self.output.shape)
        if frozen and loss is not None:
            raise UsageError("a frozen plan can only predict: compile it with `loss=None`.")
        self.frozen, self._packed = frozen, False
        self.gradients: list[dict[str, Numbers]] = [{} for _ in self.layers]
        self.piece = self._largest_piece()
        rows = max(self.piece, AFFINE_ROWS)  # an affine kernel computes fewer samples as a whole tile
        self.input.allocate(rows, needs_grad=False)
        for stage in self.stages:
            stage.target.allocate(rows, needs_grad=loss is not None)
        for stage in self.stages:
            stage.allocate(rows)
            if stage.layers:
                self.gradients[stage.layers[0]] = stage.gradients
        self._seeing = [stage for stage in self.stages if stage.sees_batch]
        self._forgetting = [layer.forget for layer in self.layers if isinstance(layer, Layer)]
        self._everything = np.arange(self.capacity, dtype=np.int64)
        self._logs = np.zeros(rows)  # the logarithm of each sample's probability
        self._labels: NDArray[Any] | None = None  # the array that was looked through last
        self._reads, self._writes = self._gathering()
        self.thread_choice = ThreadChoice(threads, *self._work())

    def _largest_piece(self) -> int:
        """Return how many samples go through the layers at a time; their activations stay in the cache.

        A layer that is not ours may look at the whole batch: then it is not split.
        """
        held = self.input.size + sum(stage.target.held for stage in self.stages)
        pieces = min(-(-self.capacity * held * 4 // CACHE), self.capacity // SMALLEST_PIECE)  # float32
        if pieces <= 1 or any(stage.whole_batch for stage in self.stages):
            return self.capacity
        return -(-self.capacity // pieces)  # equal ones: a small one at the end would idle the threads

    def pieces(self, batch: int) -> list[slice]:
        """Return which samples of a batch of this size go through the layers together, piece by piece."""
        count = -(-batch // self.piece)
        return [slice(k * batch // count, (k + 1) * batch // count) for k in range(count)]

    def loss_and_gradient(
        self, x: NDArray[Any], t: NDArray[Any], index: NDArray[np.int64] | None = None
    ) -> float:
        """Run forward and backward on `x[index]`; the derivatives are then in `gradients`.

        Args:
            x: pictures (samples, C, H, W), uint8 (scaled to [0, 1]) or float32.
            t: labels of all samples: class numbers or one-hot rows.
            index: which samples, up to `capacity`; None: all.

        Returns:
            The mean loss of the batch.
        """
        x = self._pictures(x)
        numbers = self._class_numbers(t, len(x))
        which = np.arange(len(x)) if index is None else sample_numbers(index, len(x))
        return self.run(Batch(x, numbers, which))

    def _class_numbers(self, t: NDArray[Any], n_samples: int) -> NDArray[Any]:
        """Return labels as class numbers.

        An array that comes again is not looked through again: what changes in it is seen, and a batch's own
        labels are checked before kernels read them.
        """
        if t is self._labels and self._labels is not None and t.size == n_samples:
            return t.reshape(-1)
        numbers = class_numbers(t, n_samples, self.output.shape[0])
        if isinstance(t, np.ndarray) and np.may_share_memory(numbers, t):
            self._labels = t
        return numbers

    def run(self, batch: Batch) -> float:
        """Do the same for a batch that was checked where it was made; layers may ask for it."""
        if not isinstance(batch, Batch):
            raise UsageError(
                f"`batch` of a plan must be a Batch: Batch.checked makes one. Got {shown(batch)}."
            )
        if self.loss is None:
            raise UsageError("this plan was compiled without a loss: it can only predict.")
        self._require_pictures(batch.x)
        batch, index = self._within_memory(batch)
        x, t = batch.x, batch.t
        loss, pieces = 0.0, self.pieces(len(index))
        with self.turn, self.thread_choice.running(len(index), "step"):
            if not self.turn.leave():
                raise UsageError("`gradients` of this plan are another thread's. Compile a plan a thread.")
            for k, piece in enumerate(pieces):
                for stage in self._seeing:
                    stage.see(batch.piece(piece))
                loss += self._step(x, t, index[piece], len(index), first=k == 0, last=k == len(pieces) - 1)
            self._forget()
        return loss

    def _step(self, x: NDArray[Any], t: NDArray[Any], index: NDArray[np.int64], batch: int,
              first: bool, last: bool) -> float:  # fmt: skip
        """Run one piece of a batch forward and backward; return its share of the loss."""
        n, z = len(index), self.output
        self._gather(x, index)
        for stage in self.stages:
            stage.forward(n, True, first)
        loss = softmax_cross_entropy(z.value, z.grad, t, index, self._logs, n, batch, z.size, z.shape[0])
        for stage in reversed(self.stages):
            stage.backward(n, first, last)
        return float(loss)

    def predict(self, x: NDArray[Any], index: NDArray[np.int64] | None = None) -> Numbers:
        """Return the scores (n, classes) of `x[index]`, any number of samples; None: all."""
        x = self._pictures(x)
        if index is not None:
            index = sample_numbers(index, len(x))
        count = len(x) if index is None else len(index)
        scores = np.empty((count, *self.output.shape), np.float32)
        with self.turn:
            for start in range(0, count, self.piece):  # in pieces whatever the plan's capacity
                heed()
                stop = min(start + self.piece, count)
                with self.thread_choice.running(stop - start, "prediction"):
                    if index is None:
                        n = self._gather(x[start:stop], self._everything[: stop - start])
                    else:
                        n = self._gather(x, index[start:stop])
                    for stage in self.stages:
                        stage.forward(n, False, start == 0 and not (self.frozen and self._packed))
                    scores[start:stop] = self.output.view(n)
                    self._packed = True
        return scores

    def describe(self) -> list[StageRow]:
        """Return for each stage its layers, its kernels, multiply-adds a sample and register tiles."""
        return [stage.describe() for stage in self.stages]

    @property
    def threads(self) -> int:
        """On how many threads a whole batch runs, as far as is known; the results do not depend on it."""
        return self.thread_choice.threads(self.capacity, "prediction" if self.loss is None else "step")

    def _work(self) -> tuple[str, int]:
        """Return what tells this plan's work from another's, and how many multiply-adds a sample's are."""
        rows, held = self.describe(), self.input.size + sum(stage.target.size for stage in self.stages)
        kind = repr((self.input_shape, self.capacity, self.frozen, *rows))
        return kind, sum(row.multiply_adds for row in rows) + MEMORY * held

    def _gathering(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Return the sizes that the gathering kernel reads and writes."""
        if isinstance(self.input, Frame):
            return tuple(Picture(*self.input.shape)), tuple(self.input.sizes)
        return tuple(Picture(1, 1, prod(self.input.shape))), tuple(FrameSizes(self.input.size, 0, 0))

    def _pictures(self, x: NDArray[Any]) -> NDArray[Any]:
        """Return a user's pictures as an array of this plan's shape."""
        x = as_array("`x` of a plan", x)
        self._require_pictures(x)
        return x

    def _require_pictures(self, x: NDArray[Any]) -> None:
        """Refuse what are no pictures of this plan's."""
        if not x.ndim or x.shape[1:] != self.input_shape:
            raise ShapeError(f"`x` must be (N, {', '.join(map(str, self.input_shape))}). Got {x.shape}.")
        if x.dtype.kind not in "biuf":
            raise UsageError(f"`x` of a plan must be numbers. Got {x.dtype}.")

    def _within_memory(self, batch: Batch) -> tuple[Batch, NDArray[np.int64]]:
        """Return a batch that leads no kernel past an array's end, and its index as kernels read it.

        Labels may have been written over since they were checked. What is wrong with one, `Batch` says.
        """
        index = np.ascontiguousarray(batch.index, np.int64)
        if not 1 <= len(index) <= self.capacity:
            raise ShapeError(
                f"a batch of this plan must have 1 to {self.capacity} samples. Got {len(index)}."
            )
        n, classes = len(batch.x), self.output.shape[0]
        if batch.t.shape != (n,) or check_batch(index, batch.t, n, classes):
            batch = Batch.checked(batch.x, batch.t, batch.index, classes, batch.step)
        return batch, index

    def _gather(self, x: NDArray[Any], index: NDArray[np.int64]) -> int:
        """Copy the samples of `index` into the input's memory; return how many they are."""
        n = len(index)
        if x.dtype not in SCALES or not x.flags.c_contiguous:  # copies the batch, not the data
            x = np.ascontiguousarray(x[index], None if x.dtype == np.uint8 else np.float32)
            index = self._everything[:n]
        sizes = (n, self._reads, self._writes, min(n, SHARES))
        gather(x.reshape(-1), index, SCALES[x.dtype], self.input.value, *sizes)
        return n

    def _forget(self) -> None:
        """Make a layer's own `backward` say that it needs its own `forward`: what it kept is stale."""
        for forget in self._forgetting:
            forget()


def compile_plan(layers: Layers, loss: Any, input_shape: tuple[int, ...], capacity: int,  # noqa: ANN401
                 threads: int | None = None,
                 gradients: Sequence[dict[str, Any] | None] | None = None,
                 frozen: bool = False) -> Plan:  # fmt: skip
    """Look at a list of layers once and return the plan that runs them.

    Args:
        layers: in the order of the forward pass, a list or a dict by name; their W and b are read at each
            step.
        loss: a SoftmaxWithLoss, or None for a plan that only predicts.
        input_shape: of one sample, (C, H, W).
        capacity: the largest batch.
        threads: so many; None: those on which it is fastest, of all that this process may use.
        gradients: for each layer arrays to write its derivatives into, {"W": …, "b": …}; None: new ones.
        frozen: the parameters will not change: the kernels read them at the first prediction only. For
            predicting one picture at a time, where reading them is a third of the time.

    Raises:
        UsageError: parameters are not float32, `loss` is another one (a frozen plan has none), or `threads`
            are more than there are.
        ShapeError: a layer does not fit the output of the one before it.
    """
    try:
        return Plan(layers, loss, input_shape, capacity, threads, gradients, frozen)
    except MemoryError:
        remedy = "make `capacity` smaller"
        raise UsageError(f"a plan for {shown(capacity)} samples does not fit in memory: {remedy}.") from None
