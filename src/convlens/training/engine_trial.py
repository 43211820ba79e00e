"""Classes written by hand, computed by the engine where that is the same. Must not know files.

An object whose layers are all ours may still compute something else with them: a penalty, a second branch.
So its own gradient and loss are compared with the engine's on the first batch, and only if they are equal
does the engine take over; otherwise the object is trained as it is written.
"""

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from convlens._typing import Array, Arrays, IntArray
from convlens.layers import Batch, SoftmaxWithLoss, class_numbers
from convlens.networks import Parameters, Score
from convlens.networks.engines import announce_compiling
from convlens.training.decay import spans_of
from convlens.training.fused_update import FusedUpdate
from convlens.training.learner import ClassNumbers, Learner, ObjectLearner
from convlens.training.optimizers import Optimizer
from convlens.training.resuming import copies, put, under

if TYPE_CHECKING:
    from convlens.engine import Plan

__all__ = ["EngineLearner", "EngineTrial"]

_TOLERANCE = 1e-4  # of the largest derivative of a parameter; float32 against float64 stays below 1e-5


class EngineTrial(Learner):
    """Trains an object as it is written until its first batch has shown whether the engine does the same.

    Args:
        network: an object whose parameters its layers hold.
        layers: what `our_layers` found.
        threads: how many the kernels use.
        note: hears one line about what was decided.
        draws: its layers draw while training, so that what they say otherwise is compared, not the gradient.
    """

    def __init__(
        self,
        network: Any,  # noqa: ANN401
        layers: Sequence[Any],
        threads: int | None,
        note: Callable[[str], None],
        draws: bool = False,
    ) -> None:
        self.network, self.layers, self._draws = network, layers, draws
        self.threads = threads
        self._note = note
        self._written = ObjectLearner(network)
        self._learner: Learner = self._written
        self._decided = False

    @property
    def uses_kernels(self) -> bool:
        return True

    def loss_and_gradient(self, batch: Batch) -> float:
        loss = self._learner.loss_and_gradient(batch)
        if not self._decided:
            self._decided = True
            self._decide(batch, loss)
        return loss

    def update(self, optimizer: Optimizer, clip_norm: float = 0.0) -> None:
        self._learner.update(optimizer, clip_norm)

    def loss(self, x: Array, t: IntArray) -> float:
        return self._learner.loss(x, t)

    def evaluate(self, x: Array, t: IntArray) -> Score:
        return self._learner.evaluate(x, t)

    def scores(self, x: Array) -> Array | None:
        return self._learner.scores(x)

    def reread(self) -> None:
        self._learner.reread()

    def arrays(self) -> Mapping[str, Any]:
        return self._written.arrays()

    def state(self) -> dict[str, Array]:
        fused = self._learner if isinstance(self._learner, EngineLearner) else None
        capacity = fused.plan.capacity if fused else 0
        return {
            **self._learner.state(),
            "learner.decided": np.array(self._decided),
            "learner.engine_shape": np.array((capacity, *fused.plan.input_shape) if fused else (), np.int64),
            "learner.own_accuracy": np.array(fused is not None and fused.own_accuracy is not None),
        }

    def load_state(self, state: Arrays) -> None:
        self._written.load_state(state)
        self._decided, self._learner = bool(state["learner.decided"]), self._written
        shape = [int(size) for size in state["learner.engine_shape"]]
        if shape:
            fused = self._compiled(tuple(shape[1:]), shape[0])
            fused.own_accuracy = self._written if state["learner.own_accuracy"] else None
            self._learner = fused

    def _compiled(self, shape: tuple[int, ...], batch_size: int) -> "EngineLearner":
        smoothing = self.network.last_layer.label_smoothing
        return EngineLearner(self.network.params, self.layers, shape, batch_size, self.threads, smoothing)

    def _decide(self, batch: Batch, loss: float) -> None:
        name = type(self.network).__name__
        fused = self._compiled(batch.x.shape[1:], len(batch))
        fused_loss = fused.loss_and_gradient(batch)
        what = self._difference(fused, batch.pictures, loss - fused_loss, abs(fused_loss))
        if what is not None:
            self._note(f"{name} is trained as it is written: its {what} is not its layers' own.")
            return
        x, t = batch.pictures, batch.labels
        own = self._written.evaluate(x, t).accuracy
        fused.own_accuracy = None if own == fused.evaluate(x, t).accuracy else self._written
        self._learner = fused
        equal = "scores equal" if self._draws else "gradient equals"
        self._note(f"{name} is trained on the engine, in float32: its {equal} its layers' own.")

    def _difference(self, fused: "EngineLearner", x: Array, loss_off: float, loss: float) -> str | None:
        """Say what of the object's is not the engine's; None if nothing is."""
        if self._draws:
            theirs, ours = self._written.scores(x), fused.scores(x)
            is_same = theirs is not None and ours is not None and np.allclose(theirs, ours, _TOLERANCE, 1e-4)
            return None if is_same else "scores"
        differs = fused.first_difference(self._written.gradients)
        if differs is not None:
            return f"gradient of `{differs}`"
        return "loss" if abs(loss_off) > 1e-8 + _TOLERANCE * loss else None


class EngineLearner(Learner):
    """An object's layers, compiled; its own arrays follow after each update."""

    def __init__(
        self,
        params: dict[str, Array],
        layers: Sequence[Any],
        input_shape: tuple[int, ...],
        batch_size: int,
        threads: int | None,
        label_smoothing: float,
    ) -> None:
        from convlens import engine  # noqa: PLC0415 (Numba: half a second)

        announce_compiling()
        self.params, self.layers = params, layers
        shapes = {name: value.shape for name, value in self.params.items()}
        self.vector, self.gradient = Parameters(shapes, "float32"), Parameters(shapes, "float32")
        self.vector.update(self.params)
        names = {id(value): name for name, value in self.params.items()}
        twins, gradients = [], []
        for layer in layers:
            twin = copy.copy(layer)
            own = {key: names[id(value)] for key, value in layer.trained_params.items()}
            twin.hold({key: self.vector[name] for key, name in own.items()}, {})
            twins.append(twin)
            gradients.append({key: self.gradient[name] for key, name in own.items()})
        self.plan: Plan = engine.compile(
            twins, SoftmaxWithLoss(label_smoothing), input_shape, batch_size, threads, gradients
        )
        self.own_accuracy: ObjectLearner | None = None
        self._numbers = ClassNumbers(self.plan.output.shape[0])
        self._fused = FusedUpdate(self.vector.vector, self.gradient.vector, threads, spans_of(self.params))

    def first_difference(self, gradients: Arrays) -> str | None:
        """Return the first parameter whose gradient is not the engine's, or None."""
        for name, ours in self.gradient.items():
            theirs = np.asarray(gradients.get(name, np.nan))
            same = theirs.shape == ours.shape
            if not same or not np.abs(theirs - ours).max() <= _TOLERANCE * np.abs(theirs).max():
                return name
        return None

    def loss_and_gradient(self, batch: Batch) -> float:
        for layer in self.layers:  # what they kept is of another batch: their own backward shall say so
            layer.forget()
        with self.plan.turn:
            loss = self.plan.run(replace(batch, t=self._numbers.of(batch.t)))
            self.plan.turn.take()  # the Trainer's own turn lasts until `update` has read it
            return loss

    def update(self, optimizer: Optimizer, clip_norm: float = 0.0) -> None:
        self._fused.update(optimizer, clip_norm)
        for name, value in self.vector.items():
            self.params[name][...] = value

    def scores(self, x: Array) -> Array | None:
        return self.plan.predict(x)

    def reread(self) -> None:
        self.vector.update(self.params)

    def arrays(self) -> Mapping[str, Any]:
        return self.params

    def state(self) -> dict[str, Array]:
        return copies("params", self.params)

    def load_state(self, state: Arrays) -> None:
        put(under("params", state), self.params)
        self.reread()

    def loss(self, x: Array, t: IntArray) -> float:
        return SoftmaxWithLoss().forward(self.plan.predict(x), t)

    def evaluate(self, x: Array, t: IntArray) -> Score:
        scores = self.plan.predict(x)
        numbers = class_numbers(t, *scores.shape)
        accuracy = float(np.mean(scores.argmax(axis=1) == numbers))
        if self.own_accuracy is not None:
            accuracy = self.own_accuracy.evaluate(x, t).accuracy
        return Score(accuracy, SoftmaxWithLoss().forward(scores, numbers))
