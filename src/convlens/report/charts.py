"""The numbers behind learning curves, for the page's script. Must not know figures."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from convlens.inspection import grouped
from convlens.runs import Run

__all__ = ["curve_values"]


def curve_values(runs: Sequence[Run], lang: str) -> list[dict[str, Any]]:
    """Return for each panel of `learning_curves(runs)`, in its order, the values of every line.

    A panel has a name, its seeds, and for "accuracy" (in %) and "loss" the values of "train" and "test": one
    list a seed, one value an epoch.
    """
    return [
        {
            "name": name,
            "seeds": [run.seed for run in members],
            "accuracy": {part: _rounded(members, part, "accuracy", 100, 2) for part in ("train", "test")},
            "loss": {part: _rounded(members, part, "loss", 1, 4) for part in ("train", "test")},
        }
        for name, members in grouped(runs, lang).items()
    ]


def _rounded(runs: Sequence[Run], part: str, kind: str, factor: int, digits: int) -> list[list[float]]:
    values = [factor * np.asarray(getattr(run.curve(part), kind)) for run in runs]
    return [[round(float(value), digits) for value in one] for one in values]
