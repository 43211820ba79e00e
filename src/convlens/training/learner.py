"""What a Trainer trains, behind one protocol. Must not know files or figures.

The Trainer asks for `loss_and_gradient` on a batch and for a score; it updates `parameters` by `gradients`.
Our networks answer directly; any object with params, gradient, loss and accuracy through an adapter.
"""

from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any, Protocol

import numpy as np

from convlens._typing import Array, IntArray
from convlens.errors import UsageError
from convlens.networks import Network, Score

__all__ = ["Learner", "NetworkLearner", "ObjectLearner", "first_not_finite", "learner_for"]

_REMEDY = "a smaller learning rate usually helps"
_OVERRIDABLE = ("predict", "loss", "gradient", "loss_and_gradient", "accuracy", "evaluate")
_NEEDED = ("params", "gradient", "loss", "accuracy")


class Learner(Protocol):
    """The one protocol that the Trainer knows."""

    @property
    def parameters(self) -> MutableMapping[str, Array]:
        """What an optimizer updates in place."""

    @property
    def gradients(self) -> dict[str, Array]:
        """The derivatives from the latest `loss_and_gradient`, by the same names."""

    def loss_and_gradient(self, x: Array, t: IntArray, index: IntArray) -> float:
        """Return the loss of the batch `x[index]` and leave its derivatives in `gradients`."""

    def loss(self, x: Array, t: IntArray) -> float:
        """Return the loss with the parameters as they are now."""

    def evaluate(self, x: Array, t: IntArray) -> Score:
        """Return the accuracy, and the loss where it comes at no cost."""


class NetworkLearner:
    """One of our networks: one entry, the flat vector."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.parameters: MutableMapping[str, Array] = {"vector": network.params.vector}
        self.gradients: dict[str, Array] = {"vector": network.grads.vector}
        self.loss_and_gradient = network.loss_and_gradient
        self.loss = network.loss
        self.evaluate = network.evaluate


class ObjectLearner(Learner):
    """Any object with `params` (a dict of arrays), `gradient`, `loss` and `accuracy`.

    The loss of the gradient pass is what the object's own `loss` returned inside its `gradient`; an object
    whose `gradient` does not call `loss` is asked for it once more.
    """

    def __init__(self, network: Any) -> None:  # noqa: ANN401
        missing = [name for name in _NEEDED if not hasattr(network, name)]
        if missing:
            raise UsageError(
                f"`{type(network).__name__}` has no `{missing[0]}`; Trainer needs {', '.join(_NEEDED)}."
            )
        self.network = network
        self._gradients: dict[str, Array] = {}

    @property
    def parameters(self) -> MutableMapping[str, Array]:
        return self.network.params

    @property
    def gradients(self) -> dict[str, Array]:
        return self._gradients

    def loss_and_gradient(self, x: Array, t: IntArray, index: IntArray) -> float:
        x, t = x[index], t[index]
        with _overhear_loss(self.network) as heard:
            self._gradients = self.network.gradient(x, t)
        return float(heard[-1] if heard else self.network.loss(x, t))

    def loss(self, x: Array, t: IntArray) -> float:
        return float(self.network.loss(x, t))

    def evaluate(self, x: Array, t: IntArray) -> Score:
        return Score(float(self.network.accuracy(x, t)), None)


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


def learner_for(network: Any) -> Learner:  # noqa: ANN401
    """Return the learner that trains `network`.

    Raises:
        UsageError: the object lacks one of params, gradient, loss, accuracy.
    """
    if isinstance(network, Network) and all(_as_ours(type(network), name) for name in _OVERRIDABLE):
        return NetworkLearner(network)
    return ObjectLearner(network)


def _as_ours(cls: type, name: str) -> bool:
    """Say whether a subclass of Network left a method as it is, so that it can be passed by."""
    return getattr(cls, name) is getattr(Network, name)


def first_not_finite(network: Any, x: Array) -> str:  # noqa: ANN401
    """Say where NaN or infinity comes from first: the pictures, a parameter or a layer's output."""
    if not np.isfinite(x).all():
        return "the pictures themselves hold NaN or infinity"
    with np.errstate(all="ignore"):
        try:
            return f"{_place(network, x)}; {_REMEDY}"
        except Exception:  # noqa: BLE001 (a stranger's layers may be no chain, and need not be)
            return f"its layers do not say which of them it comes from; {_REMEDY}"


def _place(network: Any, x: Array) -> str:  # noqa: ANN401
    layers = getattr(network, "layers", None) or {}
    known = network.activations(x) if isinstance(network, Network) else {}
    for name, layer in layers.items() if hasattr(layers, "items") else enumerate(layers):
        bad = [key for key, value in getattr(layer, "params", {}).items() if not np.isfinite(value).all()]
        if bad:
            return f"the first NaN or infinity is in `{bad[0]}` of layer {name}"
        x = known[name] if name in known else layer.forward(x)
        if not np.isfinite(x).all():
            return f"the first NaN or infinity comes out of layer {name}"
    return "the layers' outputs are finite, so it arises in the loss"
