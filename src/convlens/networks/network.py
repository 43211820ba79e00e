"""A network: a list of layers with one flat parameter vector. Must not know training, nor how files look."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from convlens import layers, spec
from convlens._typing import Array, IntArray
from convlens.arguments import Count, Whole, as_annotated
from convlens.errors import ShapeError, UsageError, shown
from convlens.interrupts import heed
from convlens.layers import Batch, forward_in_batch
from convlens.layers.residual import depth_first, numbered
from convlens.networks.answers import Answer, answers_from
from convlens.networks.engines import checked_engine, compile_network, engine_for
from convlens.networks.from_layers import described, layer_list
from convlens.networks.initialisers import initialise
from convlens.networks.outputs import outputs
from convlens.networks.parameters import Parameters
from convlens.networks.pictures import scaled, shaped
from convlens.networks.restoring import restored
from convlens.networks.saved import found_file, path_of, read_network, read_params, write_params
from convlens.networks.score import Score
from convlens.networks.summary import summary_html, summary_table
from convlens.spec import NetworkSpec
from convlens.turns import Turn, taking_turns

if TYPE_CHECKING:
    from convlens.engine import Plan

__all__ = ["Network"]

_CHUNK = 250  # samples of one forward pass without gradients; bounds the memory of the patches


class Network:
    """A network built from its spec; a softmax with cross-entropy stands behind the last layer.

    Threads may share a network: they take turns, call by call, and each gets what it would get alone. A
    thread's `grads` are those of its own latest pass; when another thread has made one since, reading them
    is an error, and `gradient` gives copies that stay. `with network.turn:` makes one turn of several calls.
    `params` and the layers are live: reading or using them beside another thread's training is not guarded.

    Args:
        spec: what it is.
        seed: of its first weights, 0 or more (ignored under the book's protocol, where the global
            `np.random` decides).
        engine: "fused" for compiled kernels, "layers" for the readable layers; None for "fused" where the
            kernels can compute the network (float32, standard protocol) and can run (Numba is installed).

    Attributes:
        layers: the layers by name, in the order of the forward pass.
        last_layer: softmax with cross-entropy.
        params: all parameters by name, views of one flat vector; `layers[…].W` are the same views.
        trained_params: those that training changes, the first part of the same vector: what an optimizer
            sees. The rest is what layers keep for themselves, such as running statistics.
        engine: "fused" or "layers"; where it was left open, decided when it is first needed.
        plan: the compiled network, once it has been needed.
        scales_bytes: pictures of integers are bytes, and are scaled to 0…1; not under the book's protocol.
        turn: which thread uses it.
    """

    def __init__(self, spec: spec.NetworkSpec, seed: int = 0, engine: str | None = None) -> None:
        if not isinstance(spec, NetworkSpec):
            remedy = "convlens.spec.named_network('simple') returns one"
            raise UsageError(f"`spec` of Network must be a NetworkSpec: {remedy}. Got {shown(spec)}.")
        if not isinstance(seed, int | np.integer) or isinstance(seed, bool) or seed < 0:
            raise UsageError(f"`seed` of {spec.name} must be an int ≥ 0. Got {shown(seed)}.")
        self.spec = spec
        self.seed = int(seed)
        self._engine = checked_engine(engine, spec)
        self.params = Parameters(spec.parameter_shapes, spec.dtype)
        trained = {parameter.name: parameter.shape for parameter in spec.parameters if parameter.trained}
        self._grads = Parameters(trained, spec.dtype)
        self.trained_params = Parameters(trained, spec.dtype, self.params.vector[: spec.n_parameters])
        initialise(self.params, spec, self.seed)
        self.layers: OrderedDict[str, layers.Layer] = OrderedDict(
            (row.name, layers.build(row.layer, **self.own_params(row))) for row in spec.outer
        )
        book = spec.protocol == "book"
        self.last_layer = layers.BookSoftmaxWithLoss() if book else layers.SoftmaxWithLoss()
        self.scales_bytes = not book
        self.plan: Plan | None = None
        self.turn = Turn()

    @classmethod
    def from_layers(
        cls,
        given: Mapping[str, layers.Layer] | Sequence[layers.Layer],
        last_layer: layers.SoftmaxWithLoss | None = None,
        input_shape: tuple[int, int, int] = (1, 28, 28),
        *,
        name: str = "Network",
        dtype: str = "float32",
        engine: str | None = None,
    ) -> "Network":
        """Return a network made of layers that exist, such as those that you built by hand.

        The layers' weights are copied into the network's flat vector, in its dtype; from then on the layers
        given show the network's own W and b.

        Args:
            given: layers of convlens in the order of the forward pass, by name or as a list.
            last_layer: softmax with cross-entropy; None for a new one.
            input_shape: (channels, height, width) of one picture.
            name: what to call it.
            dtype: "float32" or "float64".
            engine: "fused" or "layers"; None for the faster that can.

        Raises:
            UsageError: a layer is none of convlens' own.
            ShapeError: a layer's weights do not fit its input.
        """
        if last_layer is not None and type(last_layer) is not layers.SoftmaxWithLoss:
            raise UsageError(f"`last_layer` must be a SoftmaxWithLoss. Got {type(last_layer).__name__}.")
        own = layer_list(given)
        network = Network(described(own, input_shape, name, dtype), engine=engine)
        network.last_layer = last_layer or network.last_layer
        for row, (_, layer) in zip(network.spec.outer, own, strict=True):
            for key, parameter in row.kept.items():
                network.params[parameter.name] = getattr(layer, key)
            layer.hold(network.own_params(row), {})
            network.layers[row.name] = layer
        return network

    @property
    def every_layer(self) -> dict[str, layers.Layer]:
        """All layers by name, in the order of `spec.table`: those inside of one stand in front of it."""
        found = chain.from_iterable(map(depth_first, self.layers.values()))
        return dict(zip((row.name for row in self.spec.table), found, strict=True))

    @property
    def engine(self) -> str:
        """What computes the network."""
        if self._engine is None:
            self._engine = engine_for(None, self.spec)
        return self._engine

    @engine.setter
    def engine(self, name: str) -> None:
        self._engine = checked_engine(name, self.spec)

    @as_annotated
    def own_params(self, row: spec.LayerShape) -> dict[str, Array]:
        """Return the parameters of one layer, and of those inside it, by its own keys, such as W and b."""
        return {key: self.params[parameter.name] for key, parameter in row.kept.items()}

    @as_annotated
    def own_grads(self, row: spec.LayerShape) -> dict[str, Array]:
        """Return the derivatives by one layer's trained parameters, by its own keys."""
        return self._own_grads(row)

    def _own_grads(self, row: spec.LayerShape) -> dict[str, Array]:
        return {key: self._grads[one.name] for key, one in row.kept.items() if one.trained}

    @property
    @taking_turns
    def grads(self) -> Parameters:
        """The loss's derivatives by `trained_params`, by name, from this thread's latest backward pass.

        In a thread that has made none they are those of the latest pass of all.

        Raises:
            UsageError: another thread has made a pass since.
        """
        if self.turn.overwritten:
            owner = f"`grads` of {self.spec.name} are of another thread's pass"
            raise UsageError(f"{owner}: use `gradient`, which returns copies that stay.")
        return self._grads

    @taking_turns
    @as_annotated
    def compiled(self, capacity: Count, threads: int | None = None) -> "Plan":
        """Return the plan that runs the layers on kernels, made anew where it must hold larger batches.

        Args:
            capacity: the largest batch that it must take.
            threads: how many run; None for those of the plan that is there, or those on which it is fastest.
                The results do not depend on it.
        """
        return self._compiled(capacity, threads)

    def _compiled(self, capacity: int, threads: int | None = None) -> "Plan":
        if self.plan is not None:  # a larger plan stays: to make two in turn costs more than either's steps
            capacity, threads = max(capacity, self.plan.capacity), threads or self.plan.thread_choice.asked
        if self.plan is None or (self.plan.capacity, self.plan.thread_choice.asked) != (capacity, threads):
            self.plan = compile_network(self, capacity, threads)
        return self.plan

    @taking_turns
    def predict(self, x: Array) -> Array:
        """Return scores (N, classes) for pictures (N, C, H, W): softmax makes them probabilities.

        Pictures of integers, of whatever type, are bytes: scaled from 0…255 to 0…1, except under the book's
        protocol. bool counts as 0 and 1, and floats are taken as they are. So it is wherever `x` is given.
        """
        x = self._shaped(x)
        if self.engine == "fused":
            return self._compiled(min(max(len(x), 1), _CHUNK)).predict(x)
        x = self._scaled(x)
        if len(x) <= _CHUNK:
            return self._forward(x)
        return np.concatenate([self._forward(x[i : i + _CHUNK]) for i in range(0, len(x), _CHUNK)])

    def classify(
        self, x: Array, class_names: Sequence[str] | None = None, temperature: float = 1.0
    ) -> list[Answer]:
        """Return the class that each picture of `x` is taken for, and all classes' probabilities.

        Args:
            x: pictures (N, C, H, W), as `predict` takes them.
            class_names: of all classes, in the order of the scores.
            temperature: scores are divided by it; `convlens.findings.Classifier` fits one.
        """
        return answers_from(self.predict(x), class_names, temperature)

    @taking_turns
    def loss(self, x: Array, t: IntArray) -> float:
        """Return the mean cross-entropy of pictures `x` with labels `t` (class numbers or one-hot rows)."""
        return self.last_layer.forward(self.predict(x), t)

    @taking_turns
    def accuracy(self, x: Array, t: IntArray, batch_size: int = 100) -> float:
        """Return the share of right answers among all of `x`, 0 to 1.

        Args:
            x: pictures (N, C, H, W), N ≥ 1.
            t: labels, class numbers or one-hot rows.
            batch_size: pictures at a time; changes memory and speed, not the answer.
        """
        if not isinstance(batch_size, int | np.integer) or isinstance(batch_size, bool) or batch_size < 1:
            raise UsageError(f"`batch_size` of accuracy must be a positive int. Got {shown(batch_size)}.")
        x = self._shaped(x)
        scores = [self.predict(x[i : i + batch_size]) for i in range(0, len(x), batch_size)]
        return self._score(np.concatenate(scores) if scores else self.predict(x), t).accuracy

    @taking_turns
    def evaluate(self, x: Array, t: IntArray) -> Score:
        """Return accuracy and loss in one pass."""
        return self._score(self.predict(x), t)

    @taking_turns
    def loss_and_gradient(
        self, x: Array, t: IntArray, index: IntArray | None = None, step: Whole = 0
    ) -> float:
        """Run forward and backward on `x[index]`; the gradient is then in `grads`, for this thread.

        Args:
            x: pictures.
            t: their labels.
            index: which of them; None for all.
            step: which update it is for: a layer that draws, such as dropout, draws the same in each pass of
                a step. Whoever updates in a loop of their own counts it up.

        Returns:
            The mean loss of the batch, before any update.
        """
        return self.run(self.batch(x, t, index, step))

    @as_annotated
    def batch(self, x: Array, t: IntArray, index: IntArray | None = None, step: Whole = 0) -> Batch:
        """Return pictures and labels as a batch, whose shapes, labels and index have been checked."""
        return Batch.checked(self._shaped(x), t, index, self.spec.n_classes, step, self.seed)

    @taking_turns
    def run(self, batch: Batch) -> float:
        """Do what `loss_and_gradient` does for a batch of this network's."""
        if not isinstance(batch, Batch):
            rule = "a Batch, as `batch` of the network makes it"
            raise UsageError(f"`batch` of {self.spec.name} must be {rule}. Got {shown(batch)}.")
        if not self.turn.leave():
            self._spare_gradient()
        if self.engine == "fused":
            return self._compiled(len(batch)).run(batch)
        scores = self._forward(self._scaled(batch.pictures), batch)
        loss = self.last_layer.forward(scores, batch.labels, batch.weights, batch.label_smoothing)
        dout = self.last_layer.backward().reshape(len(scores), *self.spec.table[-1].output_shape)
        for layer in reversed(self.layers.values()):
            dout = layer.backward(dout)
        for row in self.spec.outer:
            layer, own = self.layers[row.name], self._own_grads(row)
            for key, grad in own.items():
                grad[...] = layer.grads[key]
            layer.hold({}, own)  # the layer shows the network's views
        return loss

    @taking_turns
    def gradient(self, x: Array, t: IntArray) -> dict[str, Array]:
        """Return the loss's derivatives by what is trained, by name (copies: the next call keeps them)."""
        self.loss_and_gradient(x, t)  # within this turn, so that no other thread's comes between
        copies = {name: grad.copy() for name, grad in self._grads.items()}
        self.turn.take()
        return copies

    @taking_turns
    def numerical_gradient(self, x: Array, t: IntArray) -> dict[str, Array]:
        """Return the same derivatives found by trying, on a float64 copy of the network (slow)."""
        spec64 = replace(self.spec, dtype="float64")
        twin = restored(Network, spec64, self.seed, "layers", self.params.vector)
        batch = twin.batch(np.asarray(self._scaled(self._shaped(x)), np.float64), t)

        def loss(_: Array) -> float:
            return twin.last_layer.forward(twin._forward(batch.x, batch), batch.t)  # noqa: SLF001 (its own)

        return {name: layers.numerical_gradient(loss, value) for name, value in twin.trained_params.items()}

    @taking_turns
    def save_params(self, file_name: str | Path = "params.pkl") -> None:
        """Write all parameters: as safetensors, or as the book's pickle if the name ends in .pkl."""
        write_params(path_of(file_name), self.spec, self.seed, self.params)

    @taking_turns
    def load_params(self, file_name: str | Path = "params.pkl") -> None:
        """Read parameters from a safetensors file or from a pickle of the book.

        A relative name is looked for in the working folder, then beside the script that runs.

        Raises:
            DataError: the file is missing (a FileNotFoundError, too) or damaged, or its arrays are not this
                network's.
        """
        self.params.update(read_params(found_file(file_name), self.spec))

    @classmethod
    def load(cls, file_name: str | Path) -> "Network":
        """Return the network that `save_params` wrote to a safetensors file: its spec is inside."""
        described, seed = read_network(path_of(file_name))
        network = Network(described, seed)
        network.load_params(file_name)
        return network

    def summary(self) -> str:
        """Return a table of the layers: shapes, parameters, multiply-adds, receptive fields."""
        return summary_table(self.spec)

    @taking_turns
    @as_annotated
    def activations(self, x: Array, last: str | None = None) -> dict[str, Array]:
        """Return each layer's output for pictures `x`, by the layer's name.

        Args:
            x: pictures (N, C, H, W).
            last: the name of the last layer that is wanted; None for all layers.
        """
        names = [row.name for row in self.spec.table]
        if last is not None and last not in names:
            raise UsageError(f"`last` must be one of {', '.join(names)}. Got {shown(last)}.")
        return outputs(self.spec, self.every_layer, self._scaled(self._shaped(x)), last)

    def __repr__(self) -> str:
        return f"<{self.spec.name}: {len(self.layers)} layers, {self.params.vector.size:,} parameters>"

    def _repr_html_(self) -> str:
        """Return the table of the layers for a notebook."""
        return summary_html(self.spec)

    @taking_turns
    def __reduce__(self) -> tuple[Any, ...]:
        """Copy and pickle by spec and vector: layers of the copy view the copy's own vector."""
        what = (type(self), self.spec, self.seed, self._engine)
        return restored, (*what, self.params.vector.copy(), self.scales_bytes)

    def _spare_gradient(self) -> None:
        """Write derivatives into new memory from now on: another thread may be reading the old one."""
        self._grads = Parameters({name: value.shape for name, value in self._grads.items()}, self.spec.dtype)
        self.plan = None  # it writes into the old one
        self.turn.leave_elsewhere()

    def _forward(self, x: Array, batch: Batch | None = None) -> Array:
        own = list(self.layers.values())
        for number, layer in zip(numbered(own), own, strict=True):
            heed()
            x = forward_in_batch(layer, x, batch is not None, batch, number)
        return x.reshape(x.shape[:2])  # scores: the last layer may give them as maps of one number

    def _shaped(self, x: Array) -> Array:
        """Return pictures of the network's input shape."""
        return shaped(x, self.spec, self.scales_bytes)

    def _scaled(self, x: Array) -> Array:
        """Return what `_shaped` gave in the network's dtype."""
        return scaled(x, self.spec, self.scales_bytes)

    def _score(self, scores: Array, t: IntArray) -> Score:
        numbers = layers.class_numbers(t, *scores.shape)
        if not len(numbers):
            raise ShapeError(f"{self.spec.name} can only be judged on one picture or more. Got none.")
        accuracy = float(np.mean(scores.argmax(axis=1) == numbers))
        return Score(accuracy, type(self.last_layer)().forward(scores, numbers))
