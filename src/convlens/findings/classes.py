"""Which classes a run's images are of, whatever its data and network name. Must not know words."""

import numpy as np

from convlens.arguments import Whole, as_annotated
from convlens.runs import Run

__all__ = ["class_name", "classes_of"]


@as_annotated
def classes_of(run: Run) -> tuple[int, ...]:
    """Return the numbers of the classes that a training, held-out or test image is of, in order."""
    data = run.data
    parts = [part for part in (data.train, data.validation, data.test) if part is not None]
    return tuple(sorted({int(label) for part in parts for label in np.unique(part.t)}))


@as_annotated
def class_name(run: Run, number: Whole) -> str:
    """Return what a class is called: by its data, or by its number where a network knows more classes."""
    return run.class_names[number] if number < len(run.class_names) else str(number)
