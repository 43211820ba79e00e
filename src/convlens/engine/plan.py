"""A compiled network: its layers as stages, its memory made once, its steps without allocation in kernels.

Must not know files or training.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from convlens.arguments import as_annotated
from convlens.arrays import as_array
from convlens.engine.checks import require_scores, the_capacity, the_layers
from convlens.engine.feed import Feed, readable
from convlens.engine.fusion import fuse
from convlens.engine.memory import Memory
from convlens.engine.program import Program, Programs
from convlens.engine.stage import StageRow
from convlens.engine.thread_choice import ThreadChoice
from convlens.engine.tile_tables import AFFINE_ROWS
from convlens.errors import ShapeError, UsageError, shown
from convlens.interrupts import heed
from convlens.kernels.loss import softmax_cross_entropy
from convlens.kernels.runtime.tapes import NumberBlank
from convlens.kernels.runtime.threads import resolve_threads
from convlens.layers import Batch, Layer, class_numbers, sample_numbers
from convlens.layers.residual import numbered
from convlens.turns import Turn

__all__ = ["Plan", "compile_plan"]

CACHE = 11_000_000
"""Bytes of activations of a piece: they stay in the cache from one layer to the next, and from the forward to
the backward pass. Part of the configuration: sums depend on it. Measured: 7 to 13 MB differ by 3 %."""

SMALLEST_PIECE = 16
"""Samples below which what a piece costs, whatever its size, is more than it gains."""

MEMORY = 8
"""Multiply-adds in the time of which an activation is read or written."""

Numbers = NDArray[np.float32]
Layers: TypeAlias = Sequence[Any] | Mapping[Any, Any]


class Prediction(NamedTuple):
    """A prepared forward pass, and where it leaves the scores."""

    program: Program
    scores: Numbers


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
        outer = {number: place for place, number in enumerate(numbered(self.layers))}
        self.piece = self._largest_piece()
        rows = max(self.piece, AFFINE_ROWS)  # an affine kernel computes fewer samples as a whole tile
        self.input.allocate(rows, needs_grad=False)
        for memory in self._memories():
            memory.allocate(rows, needs_grad=loss is not None)
        for stage in self.stages:
            if stage.bound is not None:
                stage.bound.frozen = frozen
            stage.allocate(rows)
            if stage.layers and stage.layers[0] in outer:
                self.gradients[outer[stage.layers[0]]] = stage.gradients
        self._seeing = [stage for stage in self.stages if stage.sees_batch]
        self._forgetting = [layer.forget for layer in self.layers if isinstance(layer, Layer)]
        self._bound = [stage.bound for stage in self.stages if stage.bound is not None]
        self._feed = Feed(self.input, max(self.capacity, self.piece), self.output.shape[0])
        self._everything = np.arange(len(self._feed.index))
        self._loss, self._logs = np.zeros(1), np.zeros(rows)  # the logarithm of each sample's probability
        self._smoothing = NumberBlank(np.float32)
        self._labels: NDArray[Any] | None = None  # the array that was looked through last
        self.thread_choice = ThreadChoice(threads, *self._work())
        self._steps: Programs[list[tuple[slice, Program]]] = Programs()
        self._predictions: Programs[Prediction] = Programs()

    def __reduce__(self) -> tuple[Any, ...]:
        """Copy and pickle by what was compiled: memory and programs of the copy are its own."""
        asked = self.thread_choice.asked
        what = (self.loss, self.input_shape, self.capacity, asked, self.gradients, self.frozen)
        return compile_plan, (self.layers, *what)

    def _largest_piece(self) -> int:
        """Return how many samples go through the layers at a time; their activations stay in the cache.

        A layer that is not ours may look at the whole batch: then it is not split.
        """
        held = self.input.size + sum(memory.held for memory in self._memories())
        pieces = min(-(-self.capacity * held * 4 // CACHE), self.capacity // SMALLEST_PIECE)  # float32
        if pieces <= 1 or any(stage.whole_batch for stage in self.stages):
            return self.capacity
        return -(-self.capacity // pieces)  # equal ones: a small one at the end would idle the threads

    def _memories(self) -> list[Memory]:
        """Return what stages write, each once: some write over what another one wrote."""
        found = dict.fromkeys(stage.target for stage in self.stages)
        return [memory for memory in found if memory is not self.input]

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
        seen = self._within_memory(batch)
        with self.turn, self.thread_choice.running(len(seen), "step"):
            if not self.turn.leave():
                raise UsageError("`gradients` of this plan are another thread's. Compile a plan a thread.")
            loss = self._step(batch, seen)
            self._forget()
        return loss

    def _step(self, batch: Batch, seen: Batch) -> float:
        """Run a batch forward and backward, piece by piece; return its loss.

        Args:
            batch: as it was given.
            seen: the same as kernels see it.
        """
        key = (seen.x.dtype, seen.t.dtype, len(seen))
        pieces = self._steps.get(key) or self._steps.keep(key, self._prepared_step(*key))
        self._feed.fill(seen.x, seen.index)
        self._feed.fill_labels(seen.t)
        self._feed.fill_weights(seen.w)
        given = batch.label_smoothing
        self._smoothing.fill(self.loss.label_smoothing if given is None else given)
        for bound in self._bound:
            bound.look()
        loss = 0.0
        for piece, program in pieces:
            for stage in self._seeing:
                stage.see(batch.piece(piece))
            if program.run():
                Batch.checked(batch.x, batch.t, batch.index, self.output.shape[0])  # says what is wrong
                raise UsageError("labels of this plan's batch were written over while it ran.")
            loss += self._loss.item()
        return loss

    def _prepared_step(
        self, pictures: np.dtype[Any], labels: np.dtype[Any], batch: int
    ) -> list[tuple[slice, Program]]:
        """Prepare the pieces of a batch of this size, of pictures and labels of these dtypes."""
        pieces, z = self.pieces(batch), self.output
        prepared = []
        for k, piece in enumerate(pieces):
            first, last, n = k == 0, k == len(pieces) - 1, piece.stop - piece.start
            program = Program()
            if first:
                program.add(partial(self._feed.take, batch, labels))
            program.add(partial(self._feed.gather, piece, pictures))
            for stage in self.stages:
                program.add(partial(stage.forward, n, True, first), stage.in_python)
            told = (self._feed.labels[piece], self._feed.weights[piece], self._loss, self._logs)
            sizes = (n, batch, z.size, z.shape[0], self._smoothing)
            program.add(partial(softmax_cross_entropy, z.value, z.grad, *told, *sizes))
            for stage in reversed(self.stages):
                program.add(partial(stage.backward, n, first, last), stage.in_python)
            prepared.append((piece, program))
        return prepared

    def predict(self, x: NDArray[Any], index: NDArray[np.int64] | None = None) -> Numbers:
        """Return the scores (n, classes) of `x[index]`, any number of samples; None: all."""
        x = self._pictures(x)
        if index is not None:
            # A copy is looked through, as another thread may write into what was given.
            index = sample_numbers(index.copy() if isinstance(index, np.ndarray) else index, len(x))
        count = len(x) if index is None else len(index)
        scores = np.empty((count, *self.output.shape), np.float32)
        with self.turn:
            for start in range(0, count, self.piece):  # in pieces whatever the plan's capacity
                heed()
                stop = min(start + self.piece, count)
                with self.thread_choice.running(stop - start, "prediction"):
                    if index is None:
                        some = self._everything[: stop - start]
                        self._predict(x[start:stop], some, start, scores[start:stop])
                    else:
                        self._predict(x, index[start:stop], start, scores[start:stop])
        return scores

    def _predict(self, x: NDArray[Any], index: NDArray[np.int64], start: int, scores: Numbers) -> None:
        """Write the scores of a piece, which starts so far from the first sample."""
        if not readable(x):
            x, index = _copied(x, index), self._everything[: len(index)]
        reads = start == 0 and not (self.frozen and self._packed)
        if reads:
            for bound in self._bound:
                bound.look()
        key = (x.dtype, len(index), reads)
        made = self._predictions.get(key) or self._predictions.keep(key, self._prepared_prediction(*key))
        self._feed.fill(x, index)
        made.program.run()
        scores[...] = made.scores
        self._packed = True

    def _prepared_prediction(self, pictures: np.dtype[Any], n: int, reads: bool) -> Prediction:
        """Prepare a forward pass of n samples; `reads`: whether parameters may be others than before."""
        program = Program()
        program.add(partial(self._feed.gather, slice(n), pictures))
        for stage in self.stages:
            program.add(partial(stage.forward, n, False, reads), stage.in_python)
        return Prediction(program, self.output.view(n))

    def describe(self) -> list[StageRow]:
        """Return for each stage its layers, its kernels, multiply-adds a sample and register tiles."""
        return [stage.describe() for stage in self.stages]

    @property
    def threads(self) -> int:
        """On how many threads a whole batch runs, as far as is known; the results do not depend on it."""
        return self.thread_choice.threads(self.capacity, "prediction" if self.loss is None else "step")

    def _work(self) -> tuple[str, int]:
        """Return what tells this plan's work from another's, and how many multiply-adds a sample's are."""
        rows, held = self.describe(), self.input.size + sum(memory.size for memory in self._memories())
        kind = repr((self.input_shape, self.capacity, self.frozen, *rows))
        return kind, sum(row.multiply_adds for row in rows) + MEMORY * held

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

    def _within_memory(self, batch: Batch) -> Batch:
        """Return a batch of arrays that kernels can read; they look themselves for what is out of range.

        Labels may have been written over since they were checked. What is wrong with one, `Batch` says.
        """
        x, t, index = batch.x, batch.t, batch.index
        if not 1 <= len(index) <= self.capacity:
            raise ShapeError(
                f"a batch of this plan must have 1 to {self.capacity} samples. Got {len(index)}."
            )
        if batch.w is not None and batch.w.shape != (len(x),):
            raise ShapeError(f"`w` of a batch must be one weight a sample, ({len(x)},). Got {batch.w.shape}.")
        usual = t.shape == (len(x),) and t.dtype.kind in "iu" and t.dtype.isnative and t.flags.c_contiguous
        if usual and t.flags.aligned and readable(x) and index.ndim == 1 and index.dtype.kind in "iu":
            return batch
        checked = Batch.checked(x, t, index, self.output.shape[0])
        x, t = _copied(x, checked.index), checked.labels
        return Batch(x, t, self._everything[: len(index)], w=batch.weights)

    def _forget(self) -> None:
        """Make a layer's own `backward` say that it needs its own `forward`: what it kept is stale."""
        for forget in self._forgetting:
            forget()


def _copied(x: NDArray[Any], index: NDArray[np.int64]) -> NDArray[Any]:
    """Return the samples of an index as an array that kernels can read: a copy of the batch, not the data."""
    return np.ascontiguousarray(x[index], None if x.dtype == np.uint8 else np.float32)


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
