"""Networks in other forms than the book's, as if they had its `params`, `loss` and `gradient`.

Must not know how they are made.

What its parameters are is told by trying: arrays whose change moves the loss. Which gradient belongs to which
is told by names first, then by shapes, in order.
"""

import copy
import inspect
from collections.abc import Mapping
from typing import Any

import numpy as np

from convlens._typing import Array, IntArray
from convlens.check.names import base_of
from convlens.check.places import places, scalars_of

__all__ = ["AsBook", "as_book", "is_network"]

LOSSES = ("loss", "compute_loss", "cost", "compute_cost", "get_loss", "calc_loss")
GRADIENTS = ("gradient", "gradients", "grad", "compute_gradients", "compute_gradient", "get_gradients")
BACKWARDS = ("backward", "backprop", "backpropagate", "backward_pass", "back_propagation")
FORWARDS = ("forward", "predict", "__call__", "forward_pass", "feedforward")


def _has(cls: Any, names: tuple[str, ...]) -> str | None:  # noqa: ANN401
    return next((name for name in names if inspect.isfunction(getattr(cls, name, None))
                 or inspect.ismethod(getattr(cls, name, None))), None)  # fmt: skip


def n_needed(method: Any) -> int:  # noqa: ANN401
    """Return how many arguments a method must be given, but for itself."""
    found = [one for one in inspect.signature(method).parameters.values() if one.name != "self"]
    plain = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return sum(one.kind in plain and one.default is one.empty for one in found)


def n_possible(method: Any) -> int:  # noqa: ANN401
    """Return how many arguments a method may be given by their place, but for itself."""
    found = [one for one in inspect.signature(method).parameters.values() if one.name != "self"]
    return sum(one.kind in {one.POSITIONAL_ONLY, one.POSITIONAL_OR_KEYWORD} for one in found)


def is_network(cls: type) -> bool:
    """Say whether a class is a network: a loss of a batch and labels, and gradients."""
    loss, gradient = _has(cls, LOSSES), _has(cls, (*GRADIENTS, *BACKWARDS))
    if loss is not None:
        takes = n_possible(getattr(cls, loss))
        return takes >= 2 and (
            gradient is not None or _has(cls, FORWARDS) is None or "grad" in _text(cls, loss)
        )
    forward = _has(cls, ("forward",))
    has_both = _has(cls, ("backward",)) is not None and _has(cls, ("predict",)) is not None
    return (
        forward is not None and n_needed(getattr(cls, forward)) == 2 and has_both
    )  # the book's second volume


def _text(cls: type, method: str) -> str:
    try:
        return inspect.getsource(getattr(cls, method))
    except (OSError, TypeError):
        return ""


class AsBook:
    """A network of any form, with the book's three names.

    Args:
        network: whose.
        x, t: a batch that it takes.
    """

    def __init__(self, network: Any, x: Array, t: IntArray) -> None:  # noqa: ANN401
        self.network = network
        self.loss_name = _has(network, LOSSES) or "forward"
        self.gradient_name = _has(network, GRADIENTS) or _has(network, BACKWARDS) or self.loss_name
        probed = copy.deepcopy(network)
        self.paths = [one.path for one in places(probed) if one.array.dtype.kind == "f" and one.array.size]
        self.paths = [path for path in self.paths if self._reaches(path, x, t)]
        if not self.paths:
            raise TypeError("no array in it changes its loss")

    def _reaches(self, path: str, x: Array, t: IntArray) -> bool:
        rng = np.random.default_rng(21)
        before, made = copy.deepcopy(self), copy.deepcopy(self)
        first = before.loss(x.copy(), t.copy())
        array = next(one.array for one in places(made.network) if one.path == path)
        array[...] = array + 0.3 * rng.normal(size=array.shape)
        return made.loss(x.copy(), t.copy()) != first

    @property
    def params(self) -> dict[str, Array]:
        """Its parameters, by path: the arrays themselves, each once."""
        found: dict[str, Array] = {}
        for one in places(self.network):
            if one.path in self.paths and all(one.array is not other for other in found.values()):
                found[one.path] = one.array
        return found

    @property
    def layers(self) -> Any:  # noqa: ANN401
        """Its layers, if it has them under the book's name."""
        return getattr(self.network, "layers", None)

    @property
    def last_layer(self) -> Any:  # noqa: ANN401
        """Its loss, if it has one under one of the book's names."""
        held = vars(self.network) if hasattr(self.network, "__dict__") else {}
        return next((held[name] for name in ("last_layer", "lastLayer", "loss_layer") if name in held), None)

    def loss(self, x: Array, t: IntArray) -> float:
        """Return the loss: the first number, where more is returned."""
        method = getattr(self.network, self.loss_name)
        self._output(x, self.loss_name)
        given = method(x, t) if n_possible(method) >= 2 else method(t)
        return float(np.asarray(given[0] if isinstance(given, tuple | list) else given))

    def _output(self, x: Array, before: str) -> None:
        """Call its forward first, where its loss is no function of the batch."""
        if before != "forward" and n_possible(getattr(self.network, before)) < 2:
            name = _has(self.network, FORWARDS)
            if name is not None:
                getattr(self.network, name)(x)

    def gradient(self, x: Array, t: IntArray) -> dict[str, Array]:
        """Return the gradients by parameter, wherever they were returned or left."""
        method = getattr(self.network, self.gradient_name)
        if self.gradient_name == self.loss_name:
            given = method(x, t)[1]
        elif n_possible(method) >= 2 and (n_needed(method) >= 2 or self.gradient_name in GRADIENTS):
            if self.gradient_name in BACKWARDS:
                self.loss(x, t)
            given = method(x, t)
        else:
            self.loss(x, t)
            given = method(*([t] if n_needed(method) == 1 else []))
        returned = {"returned": given} if isinstance(given, dict | list | tuple) else {}
        found = {one.path: np.array(one.array) for one in places(returned)} | scalars_of(self.network)
        if len(found) < len(self.paths):
            held = [one for one in places(self.network) if one.path not in self.paths]
            found = {**{one.path: np.array(one.array) for one in held}, **found}
        return _paired(self.params, found)


def _paired(params: Mapping[str, Array], found: Mapping[str, Array]) -> dict[str, Array]:
    """Return for each parameter what is called after it, or else what has its shape, in order."""
    left = dict(found)
    pairs: dict[str, Array] = {}
    for path, array in params.items():
        named = [at for at in left if base_of(at) == base_of(path)]
        fits = [at for at in named if left[at].shape == array.shape]
        if len(named) == 1 or len(fits) == 1:
            pairs[path] = left.pop((fits or named)[0])
    for path, array in params.items():
        if path not in pairs:
            fits = [at for at in left if left[at].shape == array.shape]
            marked = [at for at in fits if base_of(at, marked=True) or at.startswith("['returned']")]
            if marked:
                pairs[path] = left.pop(marked[0])
    return pairs


def as_book(network: Any, x: Array, t: IntArray) -> Any:  # noqa: ANN401
    """Return the network itself where it has the book's form, and else one that stands in for it.

    Raises:
        Exception: what it raised, or that nothing in it changes its loss.
    """
    params = getattr(network, "params", None)
    if isinstance(params, dict) and all(hasattr(network, name) for name in ("loss", "gradient")):
        given = copy.deepcopy(network).loss(x.copy(), t.copy())
        if not isinstance(given, tuple):
            return network
    return AsBook(network, x, t)
