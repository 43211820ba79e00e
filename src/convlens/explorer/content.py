"""What the page holds of runs: networks, pictures, names. Must not know HTML or words.

All runs of a page look at the same test images, so that one drawing pad and one set of pictures do for all.
The weights are rounded (`convlens.explorer.weights`), and what is a mistake, the rounded network says.
"""

import base64
import zlib
from collections.abc import Sequence
from dataclasses import asdict
from math import prod
from typing import Any

import numpy as np

from convlens._typing import IntArray
from convlens.arguments import as_annotated
from convlens.errors import UsageError
from convlens.explorer.twins import described
from convlens.explorer.weights import Weights, sizes_of
from convlens.findings import answers, look_of
from convlens.networks import Network
from convlens.runs import Part, Run, is_made_like_mnist

__all__ = ["JUDGED", "MISTAKES", "content", "n_judged", "require_alike", "subject"]

JUDGED = 200
"""So many test images, from the first, are in the page and make its accuracy; fewer where they are large."""

MISTAKES = 24
"""So many of the mistakes that a network is surest about are in the page; fewer where they are large."""

_SAMPLES = 10
_LEAST, _NUMBERS = 20, 500_000  # of judged images, and numbers that they may have together


@as_annotated
def subject(run: Run) -> tuple[Any, ...]:
    """Return what runs must have in common to share a drawing pad: data, size of the pictures, classes."""
    return sorted(run.sha256.items()), run.spec.input_shape, run.class_names


def require_alike(runs: Sequence[Run]) -> None:
    """Refuse runs that cannot share a page.

    Raises:
        UsageError: their pictures, classes or test images differ.
    """
    for run in runs[1:]:
        if subject(run) != subject(runs[0]):
            told = f"Got {runs[0].folder} and {run.folder}."
            raise UsageError(f"`runs` of an explorer must be of the same data. {told}")


def content(weights: Sequence[Weights]) -> dict[str, Any]:
    """Return all that the page's scripts read, except the words, as plain data for JSON.

    Args:
        weights: the rounded weights of each run, all of the same data.

    Raises:
        RunError: a run is damaged.
    """
    first = weights[0].run
    test = first.data.test
    judged = np.arange(n_judged(first))
    finals = [one.network(one.epochs[-1]) for one in weights]
    right = [_right(final, _scaled(one.run, judged)) for one, final in zip(weights, finals, strict=True)]
    wrong = [_mistakes(one.run, final) for one, final in zip(weights, finals, strict=True)]
    others = np.concatenate(wrong)
    places = np.concatenate([judged, np.unique(others[others >= len(judged)])]).astype(int)
    where = {int(place): i for i, place in enumerate(places)}
    return {
        "data": first.data_name,
        "look": look_of(first).value,
        "mnist": is_made_like_mnist(first),
        "scale": asdict(first.preprocessing),
        "classes": list(answers(first).names),
        "shape": first.spec.input_shape,
        "pixels": _packed(test.x[places].tobytes()),
        "labels": test.t[places].tolist(),
        "places": places.tolist(),
        "judged": len(judged),
        "samples": _samples(np.all(right, axis=0), test.t[judged]),
        "networks": [
            {**_network(one), "mistakes": [where[int(place)] for place in mistakes]}
            for one, mistakes in zip(weights, wrong, strict=True)
        ],
    }


def n_judged(run: Run) -> int:
    """Return how many test images are in a page: of large pictures in colour there is no room for all."""
    fit = max(_LEAST, _NUMBERS // prod(run.spec.input_shape))
    return min(JUDGED, fit, len(run.data.test))


def _network(weights: Weights) -> dict[str, Any]:
    """Return what the page holds of one run beside its mistakes."""
    run = weights.run
    return {
        "name": run.spec.name,
        "layers": [described(row, _offsets(weights)) for row in run.spec.table],
        "weights": weights.described,
        **_recorded(weights),
    }


def _recorded(weights: Weights) -> dict[str, Any]:
    """Return the accuracy that training recorded after each of the page's epochs, and on how many images."""
    run = weights.run
    if run.origin == "imported":
        return {"recorded": [None] * len(weights.epochs), "recordedOn": 0}
    curve = run.curve("test")
    shares = [float(curve.accuracy[epoch - 1]) if epoch else None for epoch in weights.epochs]
    return {"recorded": shares, "recordedOn": curve.n_samples}


def _offsets(weights: Weights) -> dict[str, int]:
    """Return where each parameter begins in the flat vector."""
    sizes = sizes_of(weights.run)
    starts = np.cumsum([0, *sizes[:-1]]).tolist()
    return dict(zip(weights.run.spec.parameter_shapes, starts, strict=True))


def _mistakes(run: Run, final: Network) -> IntArray:
    """Return the test images that the network is wrong about, the surest first."""
    n = max(1, min(MISTAKES, MISTAKES * _NUMBERS // (JUDGED * prod(run.spec.input_shape))))
    found = answers(run).mistakes[:n]
    return found[~_right(final, _scaled(run, found))] if len(found) else found


def _right(network: Network, part: Part) -> IntArray:
    """Return which pictures a network is right about."""
    last = list(network.layers)[-1]  # by the readable layers: to compile a network takes longer than this
    scores = network.activations(part.x, last)[last].reshape(len(part.x), -1)
    return np.asarray(scores.argmax(axis=1) == part.t)


def _samples(right: IntArray, t: IntArray) -> list[int]:
    """Return one picture of each class, the first that all networks get right, or the first of all.

    Of many classes some are taken, from the first to the last.
    """
    order, labels = np.argsort(~right, kind="stable"), np.unique(t)
    some = labels[np.unique(np.linspace(0, len(labels) - 1, min(_SAMPLES, len(labels))).astype(int))]
    return [int(order[t[order] == label][0]) for label in some]


def _scaled(run: Run, places: IntArray) -> Part:
    """Return test images from 0 to 1: under the book's protocol a network does not scale them itself."""
    return run.data.test.at(places).scaled(run.spec.dtype)


def _packed(raw: bytes) -> str:
    """Deflate bytes, for the page to read as base64."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return base64.b64encode(packer.compress(raw) + packer.flush()).decode("ascii")
