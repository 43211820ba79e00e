"""The protocol that every layer follows. Must not know any one of them.

A layer computes `out = forward(x)` and, given the loss's derivative by `out`, `dx = backward(dout)`;
backward belongs to the latest forward. What it keeps is in `params`; backward leaves the derivatives by
what is trained in `grads` under the same names. Inputs are never modified, and the dtype that goes in
comes out. A layer keeps something between the two, so it serves one thread at a time; a network sees to that.
"""

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any, ClassVar

import numpy as np

from convlens._typing import Array
from convlens.arrays import as_array
from convlens.errors import ShapeError, UsageError, shown
from convlens.spec import LayerSpec

__all__ = ["Layer", "checked_gradient", "checked_switch"]


class Layer:
    """Base of all layers: a layer with nothing to learn and nothing to remember."""

    computes: ClassVar[type[LayerSpec]]
    """The spec whose layer it is. A class that says it is in `LAYERS`."""

    trained: tuple[str, ...] = ()
    """Keys of what training changes: attributes, each with its derivative beside it (`dW` of `W`)."""

    untrained: tuple[str, ...] = ()
    """Keys of what belongs to the layer but is not trained: attributes that forward may change in place."""

    remembered: ClassVar[tuple[str, ...]] = ()
    """Names of the attributes in which forward leaves what backward needs."""

    @classmethod
    def from_spec(cls, layer: Any, **parameters: Array) -> "Layer":  # noqa: ANN401
        """Return the layer that computes `layer`.

        As it stands, for a constructor that takes what the spec has, such as LeakyRelu(slope=0.01).

        Args:
            layer: a spec of the class `computes`.
            parameters: live arrays by key, such as W and b.
        """
        make: Callable[..., Layer] = cls
        return make(**parameters, **{key: getattr(layer, key) for key in _settings(cls.computes)})

    def to_spec(self, name: str | None = None) -> LayerSpec:
        """Return the spec that describes this layer: the inverse of `from_spec`."""
        make: Callable[..., LayerSpec] = self.computes
        return make(**{key: getattr(self, key) for key in _settings(self.computes)}, name=name)

    def forget(self) -> None:
        """Drop what the latest forward left: a backward without a new forward is then an error."""
        for name in self.remembered:
            setattr(self, name, None)

    @property
    def ways(self) -> tuple[list[Any], ...]:
        """The layers that it holds, if it holds any: lists that all begin at what comes into it."""
        return ()

    @property
    def trained_params(self) -> dict[str, Array]:
        """What training changes, by key: live arrays, not copies; a bias that is the number 0 is none."""
        return {key: getattr(self, key) for key in self.trained if np.ndim(getattr(self, key))}

    @property
    def params(self) -> dict[str, Array]:
        """What the layer keeps, trained or not, by key: live arrays, not copies."""
        return {**self.trained_params, **{key: getattr(self, key) for key in self.untrained}}

    @property
    def grads(self) -> dict[str, Array]:
        """The loss's derivatives by `trained_params`, from the latest backward."""
        found = {key: getattr(self, f"d{key}", None) for key in self.trained_params}
        return {key: grad for key, grad in found.items() if grad is not None}

    def hold(self, params: Mapping[str, Array], grads: Mapping[str, Array]) -> None:
        """Take these arrays, by key, in place of its own: it shows, and changes, what is theirs."""
        for key, value in params.items():
            setattr(self, key, value)
        for key, value in grads.items():
            setattr(self, f"d{key}", value)

    def forward(self, x: Array, train: bool = False) -> Array:
        """Return the layer's output for a batch.

        A layer that draws random numbers takes a third argument, `batch`: the `Batch` in training, else None.
        Drawn by `batch.sample_keys`, which follow from (seed, step, layer, sample), they are the same however
        the batch is cut into pieces. A layer that holds layers gives them the batch with their own numbers.

        Args:
            x: inputs, batch first.
            train: True while training, for layers that then behave differently.
        """
        raise NotImplementedError

    def backward(self, dout: Array) -> Array:
        """Return the loss's derivative by the input, and leave those by `trained_params` in `grads`.

        Args:
            dout: the loss's derivative by the output of the latest forward.
        """
        raise NotImplementedError

    def __repr__(self) -> str:
        shapes = ", ".join(f"{name} {tuple(value.shape)}" for name, value in self.params.items())
        return f"{type(self).__name__}({shapes})"


def _settings(cls: type[LayerSpec]) -> list[str]:
    """Return what a layer's spec says, its name aside."""
    return [field.name for field in fields(cls) if field.name != "name"]


def checked_gradient(dout: Array, shape: tuple[int, ...], owner: str) -> Array:
    """Return the derivative by an output as an array; it must have the output's shape."""
    dout = as_array(f"`dout` of {owner}.backward", dout)
    if dout.shape != shape:
        rule = f"{shape}, the shape of its latest output"
        raise ShapeError(f"`dout` of {owner}.backward must be {rule}. Got {dout.shape}.")
    return dout


def checked_switch(train: object, owner: str) -> bool:
    """Return whether a layer is being trained, for one that then behaves differently."""
    if not isinstance(train, bool | np.bool_):
        raise UsageError(f"`train` of {owner}.forward must be True or False. Got {shown(train)}.")
    return bool(train)
