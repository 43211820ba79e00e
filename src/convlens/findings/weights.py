"""A run's convolution weights: which there are, and how they stood before and after training."""

from dataclasses import dataclass

import numpy as np

from convlens._typing import Array, IntArray
from convlens.arguments import as_annotated
from convlens.errors import RunError, UsageError, shown
from convlens.runs import Run
from convlens.spec import LayerShape, Role

__all__ = ["Weights", "by_change", "filter_layers", "layer_of", "weights"]


@dataclass(frozen=True, eq=False)
class Weights:
    """The filters of one layer through a training.

    Attributes:
        layer, parameter: names of the layer and of its weights.
        epochs: at the start, after each epoch that is kept, and at the end, (kept, F, C, kh, kw); C are the
            channels that a filter sees: those of its group.
        groups: into which channels and filters fall.
    """

    layer: str
    parameter: str
    epochs: Array
    groups: int = 1

    @property
    def before(self) -> Array:
        """Before training, (F, C, kh, kw)."""
        return self.epochs[0]

    @property
    def after(self) -> Array:
        """After training, (F, C, kh, kw)."""
        return self.epochs[-1]

    @property
    def first_channels(self) -> IntArray:
        """The first input channel that each filter sees, from 0, (F,)."""
        n_filters, seen = self.epochs.shape[1:3]
        return np.arange(n_filters) // (n_filters // self.groups) * seen

    @property
    def change(self) -> Array:
        """After minus before."""
        return self.after - self.before


@as_annotated
def filter_layers(run: Run) -> tuple[str, ...]:
    """Return the names of a run's convolution weights in the order of the layers: ("W1", "W2")."""
    return tuple(parameter.name for parameter in run.spec.parameters if parameter.role is Role.FILTERS)


def layer_of(run: Run, layer: str | None = None) -> tuple[LayerShape, str]:
    """Return a layer that has filters, and the name of its weights.

    Args:
        run: whose network.
        layer: the layer's name ("C3") or its weights' name ("W2"); None for the first one with filters.

    Raises:
        UsageError: the network has no convolution, or none that is called so.
    """
    rows = [
        (row, parameter.name)
        for row in run.spec.table
        for parameter in row.parameters
        if parameter.role is Role.FILTERS
    ]
    if not rows:
        raise UsageError(f"{run.spec.name} has no convolution: there are no filters to show.")
    found = next(((row, name) for row, name in rows if layer in {None, row.name, name}), None)
    if found is None:
        known = ", ".join(f"{row.name} (or {name})" for row, name in rows)
        raise UsageError(f"`layer` of {run.spec.name} must be one with filters: {known}. Got {shown(layer)}.")
    return found


def by_change(found: Weights) -> IntArray:
    """Return the places of filters from 0, the most changed one first: by the sum of |change|."""
    change = np.abs(found.change).reshape(len(found.after), -1).sum(axis=1)
    return np.argsort(-change, kind="stable")


@as_annotated
def weights(run: Run, layer: str | None = None) -> Weights:
    """Return filters before and after training.

    Args:
        run: a finished run.
        layer: its name or its weights' name; None for the first with filters.

    Raises:
        UsageError: the network has no such filters.
        RunError: the run's folder does not hold them.
    """
    row, parameter = layer_of(run, layer)
    stack = run.filters.get(parameter)
    if stack is None or len(stack) < 2 or stack.shape[1:] != run.spec.parameter_shapes[parameter]:
        raise RunError(f"{run.folder} is damaged: it does not hold the filters `{parameter}`.")
    return Weights(row.name, parameter, stack, row.layer.groups)
