"""Where NaN and infinity come from, for the error that a diverged training ends with."""

from typing import Any

import numpy as np

from convlens._typing import Array
from convlens.networks import Network

__all__ = ["first_not_finite"]

_REMEDY = "a smaller learning rate usually helps"


def first_not_finite(network: Any, x: Array) -> str:  # noqa: ANN401
    """Say where NaN or infinity comes from first: the pictures, a parameter or a layer's output."""
    if not np.isfinite(x).all():
        return "the pictures themselves hold NaN or infinity"
    with np.errstate(all="ignore"):
        try:
            return f"{_place(network, x)}; {_REMEDY}"
        except Exception:  # noqa: BLE001 (a stranger's layers may be no chain, and need not be)
            return f"its layers do not say which of them it comes from; {_REMEDY}"


def _place(network: Any, x: Array) -> str:  # noqa: ANN401
    layers = getattr(network, "layers", None) or {}
    known = network.activations(x) if isinstance(network, Network) else {}
    for name, layer in layers.items() if hasattr(layers, "items") else enumerate(layers):
        bad = [key for key, value in getattr(layer, "params", {}).items() if not np.isfinite(value).all()]
        if bad:
            return f"the first NaN or infinity is in `{bad[0]}` of layer {name}"
        x = known[name] if name in known else layer.forward(x)
        if not np.isfinite(x).all():
            return f"the first NaN or infinity comes out of layer {name}"
    return "the layers' outputs are finite, so it arises in the loss"
