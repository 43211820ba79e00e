"""When training has gone wrong, and where from: NaN and infinity, losses without sense, units that have died.

Must not know the loop.
"""

from math import isfinite
from typing import Any

import numpy as np

from convlens._typing import Array
from convlens.layers import Batch
from convlens.networks import Network
from convlens.training.notes import Note

__all__ = ["BEYOND_SENSE", "REMEDY", "gave_up", "origin", "unscaled"]

BEYOND_SENSE = 1e6
"""A loss so many times the first one is no loss of a training that could still come back."""

REMEDY = "a smaller learning rate usually helps"
_RISEN = 2  # times the first loss: what has been trained is worse than what began
_BYTES_FROM = 100  # largest float from which on pictures look like bytes that nobody scaled


def origin(
    network: Any,  # noqa: ANN401
    batch: Batch,
    name: str,
    updated: bool,
    seen: Batch | None = None,
) -> str:
    """Say where NaN or infinity comes from first: the pictures, a parameter or a layer's output.

    Args:
        network: what computed it.
        batch: what it computed it from.
        name: whose pictures those are, such as "x_test".
        updated: whether there has been an update.
        seen: the same batch as the network saw it, where its pictures were varied.
    """
    pictures = batch.pictures
    bad = batch.index[~np.isfinite(pictures).reshape(len(pictures), -1).all(axis=1)]
    if len(bad):
        return f"the pictures themselves hold NaN or infinity: {name}[{bad.min()}]"
    with np.errstate(all="ignore"):
        try:
            place, is_parameter = _place(network, pictures if seen is None else seen.pictures)
        except Exception:  # noqa: BLE001 (a stranger's layers may be no chain, and need not be)
            place, is_parameter = "its layers do not say which of them it comes from", False
    if updated:
        return f"{place}; {REMEDY}"
    if is_parameter:
        return f"{place}; a smaller learning rate does not help: it was there before the first update"
    return f"{place}; there was no update yet: smaller weights, or pictures from 0 to 1, usually help"


def _place(network: Any, x: Array) -> tuple[str, bool]:  # noqa: ANN401
    """Return where it comes from, and whether that is a parameter."""
    layers = getattr(network, "layers", None) or {}
    known = network.activations(x) if isinstance(network, Network) else {}
    for name, layer in layers.items() if hasattr(layers, "items") else enumerate(layers):
        bad = [key for key, value in getattr(layer, "params", {}).items() if not np.isfinite(value).all()]
        if bad:
            return f"the first NaN or infinity is in `{bad[0]}` of layer {name}", True
        x = known[name] if name in known else layer.forward(x)
        if not np.isfinite(x).all():
            return f"the first NaN or infinity comes out of layer {name}", False
    return "the layers' outputs are finite, so it arises in the loss", False


def gave_up(scores: Array | None, losses: list[float], latest: int, lr: float) -> Note | None:
    """Say what makes a training that ended a failure, and its likely cause; None for nothing.

    Args:
        scores: what the network says to several pictures that differ, or None.
        losses: of all updates.
        latest: how many of them are of the last epoch.
        lr: the learning rate.
    """
    if scores is not None and len(scores) > 1 and not np.ptp(scores, axis=0).any():
        return Note("note.same_scores", lr=f"{lr:g}")
    end = float(np.mean(losses[-latest:])) if losses else 0.0
    if losses and isfinite(end) and end > _RISEN * max(losses[0], 1.0):
        return Note("note.loss_rose", first=f"{losses[0]:.3g}", last=f"{end:.3g}", lr=f"{lr:g}")
    return None


def unscaled(name: str, x: Array) -> Note | None:
    """Say that pictures of floats look like bytes which nobody scaled to 0…1; None if they do not."""
    some = x[:1000]
    if x.dtype.kind != "f" or not some.size or not (some.min() >= 0 and _BYTES_FROM < some.max() <= 255):
        return None
    return Note("note.unscaled", name=name, largest=f"{some.max():g}")
