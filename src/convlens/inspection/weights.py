"""A run's convolution weights: which there are, and how they stood before and after training."""

from dataclasses import dataclass

from convlens._typing import Array
from convlens.errors import RunError, UsageError
from convlens.spec import LayerShape
from convlens.training import Run

__all__ = ["Weights", "filter_layers", "layer_of", "weights"]


@dataclass(frozen=True, eq=False)
class Weights:
    """The filters of one layer at both ends of a training, each (F, C, kh, kw)."""

    layer: str
    before: Array
    after: Array

    @property
    def change(self) -> Array:
        """After minus before."""
        return self.after - self.before


def filter_layers(run: Run) -> tuple[str, ...]:
    """Return the names of a run's convolution weights in the order of the layers: ("W1", "W2")."""
    return tuple(name for name, shape in run.spec.parameter_shapes.items() if len(shape) == 4)


def layer_of(run: Run, parameter: str | None = None) -> tuple[LayerShape, str]:
    """Return the layer that has the convolution weights `parameter`, and their name; None for the first ones.

    Raises:
        UsageError: the network has no convolution, or none with such weights.
    """
    names = filter_layers(run)
    if not names:
        raise UsageError(f"{run.spec.name} has no convolution: there are no filters to show.")
    parameter = parameter or names[0]
    if parameter not in names:
        raise UsageError(
            f"`parameter` of {run.spec.name} must be one of {', '.join(names)}. Got {parameter!r}."
        )
    return next(row for row in run.spec.table if parameter in row.parameters), parameter


def weights(run: Run, parameter: str | None = None) -> Weights:
    """Return filters before and after training.

    Raises:
        UsageError: the network has no such filters.
        RunError: the run's folder does not hold them.
    """
    layer, parameter = layer_of(run, parameter)
    stack = run.filters.get(parameter)
    if stack is None or len(stack) < 2 or stack.shape[1:] != layer.parameters[parameter]:
        raise RunError(
            f"{run.folder} is damaged: filters.safetensors does not hold the filters `{parameter}`."
        )
    return Weights(layer.name, stack[0], stack[-1])
