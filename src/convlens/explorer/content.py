"""What the page holds of a run: weights, pictures, names. Must not know HTML or words.

The weights are rounded to float16, which halves the file; `rounded` gives Python the same network, so that
the page can be compared with it.
"""

import base64
import re
from math import prod
from typing import Any

import numpy as np

from convlens._typing import Array, IntArray
from convlens.errors import RunError
from convlens.explorer.twins import described
from convlens.findings import answers
from convlens.networks import Network
from convlens.runs import Part, Run

__all__ = ["JUDGED", "MISTAKES", "content", "rounded"]

JUDGED = 200
"""So many test images, from the first, are in the page and make its accuracy."""

MISTAKES = 24
"""So many of the mistakes that the network is surest about are in the page."""


def content(run: Run) -> dict[str, Any]:
    """Return all that the page's scripts read, except the words, as plain data for JSON.

    Raises:
        RunError: the run is damaged, or a weight is too large for float16.
    """
    test, final = run.data.test, rounded(run, "final")
    judged = np.arange(min(JUDGED, len(test)))
    wrong = _mistakes(run, final)
    places = np.concatenate([judged, wrong[~np.isin(wrong, judged)]])
    where = {int(place): i for i, place in enumerate(places)}
    return {
        "network": run.spec.name,
        "data": run.data_name,
        "classes": list(answers(run).names),
        "layers": [described(row, _offsets(run)) for row in run.spec.table],
        "shape": run.spec.input_shape,
        "before": _base64(_halves(run, "initial").tobytes()),
        "after": _base64(_halves(run, "final").tobytes()),
        "pixels": _base64(_packed(test.x[places].tobytes())),
        "labels": test.t[places].tolist(),
        "places": places.tolist(),
        "judged": len(judged),
        "samples": _samples(final, _scaled(run, judged)),
        "mistakes": [where[int(place)] for place in wrong],
    }


def rounded(run: Run, which: str = "final") -> Network:
    """Return the run's "initial" or "final" network with its weights as the page has them."""
    network = run.network(which)
    network.params.vector[...] = _halves(run, which).astype(network.params.vector.dtype)
    return network


def _halves(run: Run, which: str) -> Array:
    """Return all weights and biases, one after the other, as float16."""
    with np.errstate(over="ignore"):
        halves = run.network(which).params.vector.astype("<f2")
    if not np.isfinite(halves).all():
        raise RunError(f"{run.folder}: a weight in {which}.safetensors is too large for the page (65,504).")
    return halves


def _offsets(run: Run) -> dict[str, int]:
    """Return where each parameter begins in the flat vector."""
    shapes = run.spec.parameter_shapes
    ends = np.cumsum([prod(shape) for shape in shapes.values()])
    return {name: int(end) - prod(shape) for (name, shape), end in zip(shapes.items(), ends, strict=True)}


def _mistakes(run: Run, final: Network) -> IntArray:
    """Return the test images that the network is wrong about, the surest first."""
    found = answers(run).mistakes[:MISTAKES]
    if not len(found):
        return found
    part = _scaled(run, found)
    return found[final.predict(part.x).argmax(axis=1) != part.t]


def _samples(final: Network, part: Part) -> list[int]:
    """Return one picture of each class, the first that the network gets right, or the first of all."""
    right, t = final.predict(part.x).argmax(axis=1) == part.t, part.t
    order = np.argsort(~right, kind="stable")
    first = [order[t[order] == label] for label in range(min(final.spec.n_classes, 10))]
    return [int(found[0]) for found in first if len(found)]


def _scaled(run: Run, places: IntArray) -> Part:
    """Return test images from 0 to 1: under the book's protocol a network does not scale them itself."""
    return run.data.test.at(places).scaled(run.spec.dtype)


def _packed(raw: bytes) -> bytes:
    """Write each row of zeros as 0 and their number, up to 255: a digit is mostly paper."""
    return re.sub(rb"\x00{1,255}", lambda zeros: bytes([0, len(zeros[0])]), raw)


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")
