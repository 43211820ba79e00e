"""What a Trainer trains, behind one protocol. Must not know files or figures.

The Trainer asks for `loss_and_gradient` on a batch, for an `update`, and for a score.
Our networks answer directly; any object with params, gradient, loss and accuracy through an adapter.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import chain
from numbers import Real
from typing import Any, Protocol

import numpy as np

from convlens._typing import Array, Arrays, IntArray
from convlens.errors import MissingMethodError, UsageError
from convlens.layers import Batch, class_numbers, wants
from convlens.layers.residual import depth_first
from convlens.networks import Network, Score
from convlens.networks.engines import compile_ahead
from convlens.training.clipping import clipped
from convlens.training.decay import weight_spans
from convlens.training.fused_update import FusedUpdate, name_of, update_flat
from convlens.training.hand_written import require_live
from convlens.training.optimizers import Optimizer
from convlens.training.resuming import copies, put, under

__all__ = ["ClassNumbers", "Learner", "NetworkLearner", "ObjectLearner"]

_NEEDED = ("params", "gradient", "loss", "accuracy")


class Learner(Protocol):
    """The one protocol that the Trainer knows."""

    @property
    def uses_kernels(self) -> bool:
        """Whether compiled kernels do its work, or may come to do it."""
        return False

    def prepare(self, optimizer: Optimizer, x: Array, t: IntArray) -> None:
        """Do before the first step on these pictures what would take long within it."""
        del optimizer, x, t

    def ready(self, x: Array, t: IntArray) -> tuple[Array, IntArray]:
        """Return pictures and labels as batches of them shall hold them, checked once for all steps."""
        return x, t

    def loss_and_gradient(self, batch: Batch) -> float:
        """Return the loss of the batch and keep its derivatives for `update`."""

    def update(self, optimizer: Optimizer, clip_norm: float = 0.0) -> None:
        """Update the parameters in place by the derivatives of the latest `loss_and_gradient`.

        Args:
            optimizer: what does it.
            clip_norm: the most that the norm of all derivatives together may be; 0 for any.
        """

    def loss(self, x: Array, t: IntArray) -> float:
        """Return the loss with the parameters as they are now."""

    def evaluate(self, x: Array, t: IntArray) -> Score:
        """Return the accuracy, and the loss where it comes at no cost."""

    def scores(self, x: Array) -> Array | None:
        """Return the scores (N, classes) of a few pictures, or None where they cannot be had."""

    def reread(self) -> None:
        """Take over what others may have changed in the parameters, where those are copies."""
        return

    def arrays(self) -> Mapping[str, Any]:
        """Return all that is kept of the network, by name: the very arrays that are updated in place."""

    def state(self) -> dict[str, Array]:
        """Return copies of the parameters by "params.name", and of what else decides how training goes on."""

    def load_state(self, state: Arrays) -> None:
        """Go on from what `state` returned; names, shapes and dtypes have been checked."""


class NetworkLearner(Learner):
    """One of our networks: an optimizer sees one entry, the flat vector.

    Args:
        network: what is trained.
        threads: how many the kernels use; None for as many as are fastest.
    """

    def __init__(self, network: Network, threads: int | None = None) -> None:
        self.network = network
        self.threads = threads
        self._vector, self._weights = network.trained_params.vector, weight_spans(network.spec.parameters)
        self._ready: Batch | None = None
        self._given: tuple[Any, Any] = (None, None)
        self._is_fused = network.engine == "fused"
        every = chain.from_iterable(map(depth_first, network.layers.values()))
        self._draws = any(wants(one.forward) == "batch" for one in every if not getattr(one, "ways", ()))
        self._fused: FusedUpdate | None = None
        self._plan: Any = None  # what was compiled for these threads

    @property
    def uses_kernels(self) -> bool:
        return self._is_fused

    def prepare(self, optimizer: Optimizer, x: Array, t: IntArray) -> None:
        if self._is_fused:
            compile_ahead(self.network.spec, name_of(optimizer), *self.ready(x, t), self.threads)

    def ready(self, x: Array, t: IntArray) -> tuple[Array, IntArray]:
        if self._ready is None or self._given[0] is not x or self._given[1] is not t:
            self._ready, self._given = self.network.batch(x, t), (x, t)
        return self._ready.x, self._ready.t

    def loss_and_gradient(self, batch: Batch) -> float:
        plan = self.network.plan
        if self._is_fused and (plan is None or plan is not self._plan or len(batch) > plan.capacity):
            self._plan = self.network.compiled(len(batch), self.threads)
        overlaid = "loss_and_gradient" in vars(self.network)  # by whoever wants to look on
        is_plain = batch.w is None and not batch.label_smoothing
        if overlaid and is_plain and not self._draws:
            return self.network.loss_and_gradient(batch.x, batch.t, batch.index)
        return self.network.run(batch)

    def update(self, optimizer: Optimizer, clip_norm: float = 0.0) -> None:
        gradient = self.network.grads.vector
        if not self._is_fused:
            update_flat(optimizer, self._vector, gradient, self._weights, clip_norm)
            return
        if self._fused is None or self._fused.gradient is not gradient:  # spared for another thread's sake
            self._fused = FusedUpdate(self._vector, gradient, self.threads, self._weights)
        self._fused.update(optimizer, clip_norm)

    def loss(self, x: Array, t: IntArray) -> float:
        return self.network.loss(x, t)

    def evaluate(self, x: Array, t: IntArray) -> Score:
        return self.network.evaluate(x, t)

    def scores(self, x: Array) -> Array | None:
        return self.network.predict(x)

    def arrays(self) -> Mapping[str, Any]:
        return {"vector": self.network.params.vector}

    def state(self) -> dict[str, Array]:
        capacity = 0 if self.network.plan is None else self.network.plan.capacity
        return {**copies("params", self.network.params), "learner.capacity": np.array(capacity)}

    def load_state(self, state: Arrays) -> None:
        put(under("params", state), self.network.params)
        capacity = int(state["learner.capacity"])
        if self._is_fused and capacity:  # how a batch is cut into pieces depends on it, and sums on that
            self.network.plan = None
            self.network.compiled(capacity, self.threads)


class ObjectLearner(Learner):
    """Any object with `params` (a dict of arrays), `gradient`, `loss` and `accuracy`.

    The loss of the gradient pass is what the object's own `loss` returned inside its `gradient`; an object
    whose `gradient` does not call `loss` is asked for it once more.

    Raises:
        UsageError: the object lacks one of the four, its `params` are no dict of arrays, or copies of them;
            later, one of its methods returns something else than it should.
    """

    def __init__(self, network: Any) -> None:  # noqa: ANN401
        missing = [name for name in _NEEDED if not hasattr(network, name)]
        if missing:
            raise MissingMethodError(
                f"`{type(network).__name__}` has no `{missing[0]}`; Trainer needs {', '.join(_NEEDED)}."
            )
        self.network = network
        self.gradients: Arrays = {}
        require_live(network)

    def loss_and_gradient(self, batch: Batch) -> float:
        x, t = batch.pictures, batch.labels
        with _overhear_loss(self.network) as heard:
            self.gradients = self._arrays(self.network.gradient(x, t))
        return self._number("loss", heard[-1] if heard else self.network.loss(x, t))

    def update(self, optimizer: Optimizer, clip_norm: float = 0.0) -> None:
        params = self.network.params
        optimizer.update(params, clipped(params, self.gradients, clip_norm))

    def loss(self, x: Array, t: IntArray) -> float:
        return self._number("loss", self.network.loss(x, t))

    def evaluate(self, x: Array, t: IntArray) -> Score:
        return Score(self._number("accuracy", self.network.accuracy(x, t)), None)

    def scores(self, x: Array) -> Array | None:
        try:
            found = np.asarray(self.network.predict(x))
        except Exception:  # noqa: BLE001 (a stranger's `predict` need not be there, nor be what ours is)
            return None
        return found if found.ndim == 2 and found.dtype.kind == "f" else None

    def arrays(self) -> Mapping[str, Any]:
        params: Mapping[str, Any] = self.network.params
        return params

    def state(self) -> dict[str, Array]:
        return copies("params", self.network.params)

    def load_state(self, state: Arrays) -> None:
        put(under("params", state), self.network.params)

    def _arrays(self, returned: Any) -> Arrays:  # noqa: ANN401
        """Return what `gradient` returned, a dict."""
        if not isinstance(returned, Mapping):
            raise UsageError(self._wrong("gradient", "a dict of arrays", returned, "return grads"))
        return returned

    def _number(self, method: str, returned: Any) -> float:  # noqa: ANN401
        """Return what `loss` or `accuracy` returned, one number."""
        is_scalar = isinstance(returned, np.ndarray) and returned.ndim == 0
        if not isinstance(returned, Real) and not is_scalar:
            raise UsageError(self._wrong(method, "a number", returned, f"return {method}"))
        return float(returned)

    def _wrong(self, method: str, rule: str, returned: Any, forgotten: str) -> str:  # noqa: ANN401
        found = f"{type(returned).__name__}."
        if returned is None:
            found = f"None: is `{forgotten}` missing?"
        elif isinstance(returned, np.ndarray):
            found = f"an array of shape {returned.shape}."
        return f"`{method}` of `{type(self.network).__name__}` must return {rule}. Got {found}"


class ClassNumbers:
    """Labels as class numbers, converted once for each array that comes by again and again."""

    def __init__(self, n_classes: int) -> None:
        self.n_classes = n_classes
        self._seen: Any = None
        self._numbers: Any = None

    def of(self, t: IntArray) -> IntArray:
        """Return the class numbers of `t`: integers, or one-hot rows."""
        if t is not self._seen:
            self._seen, self._numbers = t, class_numbers(t, len(t), self.n_classes)
        return self._numbers


@contextmanager
def _overhear_loss(network: Any) -> Iterator[list[Any]]:  # noqa: ANN401
    """Collect what the object's own `loss` returns within the block."""
    heard: list[Any] = []
    own = network.loss

    def loss(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        heard.append(own(*args, **kwargs))
        return heard[-1]

    attributes = getattr(network, "__dict__", None)
    if attributes is None or "loss" in attributes:  # nothing can be laid over the method: hear nothing
        yield heard
        return
    attributes["loss"] = loss
    try:
        yield heard
    finally:
        attributes.pop("loss", None)
