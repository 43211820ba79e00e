"""A network of affine layers with one activation, written in one piece, and the faults of each of its layers.

What it would give with a fault is computed from its own weights: the fault's layer is replaced, and what lies
before it is right. Must not know reports.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from convlens._typing import Array
from convlens.check.known.affine import Affine
from convlens.check.known.elementwise import Elementwise, Relu, Sigmoid, Tanh
from convlens.check.known.known import Known
from convlens.check.known.loss import KnownLoss, known_losses
from convlens.check.measuring import alike

__all__ = ["Chain", "InOnePiece", "chains", "faults_of"]

_NEAR = 1e-4
_ACTIVATIONS: tuple[type[Elementwise], ...] = (Relu, Sigmoid, Tanh)
Grads = dict[Any, Array]
Pair: TypeAlias = tuple[tuple[Any, Array], tuple[Any, Array] | None]
"""A matrix and its bias, each with its name."""


@dataclass(frozen=True)
class InOnePiece:
    """A fault that gives a network's numbers.

    Attributes:
        cause: its key.
        layer: in which layer it lies: that of a parameter, or an activation with its number.
        wrong: the parameters whose gradients it makes wrong; none where it is the loss that is wrong.
    """

    cause: str
    layer: str
    wrong: tuple[Any, ...]


@dataclass(frozen=True)
class Chain:
    """Layers in their order at one batch, and the loss of what they give."""

    layers: tuple[Known, ...]
    loss: KnownLoss

    def back(self, dout: Array, until: int) -> Grads:
        """Return the gradients of the first `until` layers, given that by the output of the last of these."""
        found: Grads = {}
        for layer in reversed(self.layers[:until]):
            made = dict(layer.derivatives(dout))
            dout = made.pop("x")
            found.update(made)
        return found

    def slopes(self) -> list[Array]:
        """Return the derivative by each layer's output."""
        found = [self.loss.derivatives(np.ones(()))["x"]]
        for layer in reversed(self.layers[1:]):
            found.insert(0, layer.derivatives(found[0])["x"])
        return found


def chains(params: Mapping[Any, Array], x: Array, t: Array) -> Iterator[Chain]:
    """Yield the networks of affine layers that these parameters may make.

    Args:
        params: by name, from the input to the output.
        x: the batch.
        t: labels: class numbers, one-hot rows, or numbers to be met.
    """
    pairs = _pairs(params, x.reshape(len(x), -1).shape[1])
    if not pairs:
        return
    n_classes = pairs[-1][0][1].shape[1]
    is_rows = t.ndim == 2 and t.shape[1] == n_classes
    if not is_rows and (t.ndim != 1 or t.dtype.kind not in "iu" or t.max() >= n_classes):
        return
    rows = t.astype(np.float64) if is_rows else np.eye(n_classes)[t]
    for activation in _ACTIVATIONS if len(pairs) > 1 else _ACTIVATIONS[:1]:
        layers: list[Known] = []
        at = x.reshape(len(x), -1)
        for n, (weights, bias) in enumerate(pairs):
            layers.append(Affine(at, weights, bias, turned=False))
            at = layers[-1].right()
            if n < len(pairs) - 1:
                layers.append(activation(at))
                at = layers[-1].right()
        yield from (Chain(tuple(layers), loss) for loss in known_losses(at, rows))


def _pairs(params: Mapping[Any, Array], size: int) -> list[Pair]:
    """Return matrices with their biases, if each takes what the one before it gives; nothing otherwise."""
    found: list[Pair] = []
    vectors = [(key, one) for key, one in params.items() if one.ndim == 1 or 1 in one.shape]
    for key, one in params.items():
        if one.ndim == 1 or 1 in one.shape:
            continue
        if one.ndim != 2 or one.shape[0] != size:
            return []
        size = one.shape[1]
        bias = next((pair for pair in vectors if pair[1].size == size), None)
        vectors = [pair for pair in vectors if bias is None or pair[0] != bias[0]]
        found.append(((key, one), bias))
    return [] if vectors else found


def faults_of(
    params: Mapping[Any, Array], batch: tuple[Array, Array], loss: float, grads: Mapping[Any, Array]
) -> list[InOnePiece]:
    """Return the faults that give a network's loss and all of its gradients; none where no one does.

    Args:
        params: its parameters.
        batch: what goes in, and labels.
        loss: what it gives.
        grads: its gradients, as they are.
    """
    found: dict[tuple[str, str], InOnePiece] = {}
    for chain in chains(params, *batch):
        if alike(chain.loss.right(), np.asarray(loss), _NEAR):
            for one in _of_chain(chain, grads):
                found.setdefault((one.cause, one.layer), one)
        elif _all_alike(chain.back(chain.slopes()[-1], len(chain.layers)), grads):
            for key, value in chain.loss.outputs():
                if alike(np.asarray(value), np.asarray(loss), _NEAR):
                    found.setdefault((key, "loss"), InOnePiece(key, "loss", ()))
    return list(found.values())


def _all_alike(made: Mapping[Any, Array], grads: Mapping[Any, Array]) -> bool:
    return all(key in grads and alike(one, grads[key], _NEAR) for key, one in made.items())


def _of_chain(chain: Chain, grads: Mapping[Any, Array]) -> Iterator[InOnePiece]:
    """Yield the faults of each layer that give these gradients, where the loss is right."""
    slopes = chain.slopes()
    right = chain.back(slopes[-1], len(chain.layers))
    names = _names(chain.layers)
    steps = [(len(chain.layers), "loss", chain.loss.suspects("x", np.ones(())))]
    steps += [(n, names[n], layer.suspects("x", slopes[n])) for n, layer in enumerate(chain.layers) if n]
    for until, name, suspects in steps:
        for key, made in suspects:
            if made.shape == slopes[until - 1].shape:
                lower = chain.back(made, until)
                if _all_alike({**right, **lower}, grads):
                    yield InOnePiece(key, name, tuple(lower))
    for n, layer in enumerate(chain.layers):
        for target in layer.derivatives(slopes[n]):
            for key, made in layer.suspects(target, slopes[n]) if target != "x" else ():
                if made.shape == right[target].shape and _all_alike({**right, target: made}, grads):
                    yield InOnePiece(key, str(target), (target,))


def _names(layers: Sequence[Known]) -> list[str]:
    """Return how layers are called: by their weights, or by their kind and a number."""
    return [str(layer.W_path) if isinstance(layer, Affine) else f"{layer.kind} {n // 2 + 1}"
            for n, layer in enumerate(layers)]  # fmt: skip
