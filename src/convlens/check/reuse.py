"""One layer object that stands at two places of a network: what its first forward kept is lost by the second.

Must not know findings' texts.
"""

import copy
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from convlens.check.outcome import Outcome

__all__ = ["with_reuse_named"]


def with_reuse_named(outcome: Outcome, layer: Any, asked: Callable[[Any], Outcome]) -> Outcome:  # noqa: ANN401
    """Return an outcome whose wrong gradients come of a stale cache, if a layer at each place mends them.

    Args:
        outcome: what is known of a network that is called as a layer.
        layer: the network; it is left alone.
        asked: what is asked of the mended one.
    """
    if not any(one.check == "gradient" and not one.causes for one in outcome.findings):
        return outcome
    mended = _parted(layer)
    if mended is None or not asked(mended).ok:
        return outcome
    found = [replace(one, causes=one.causes or ("stale",)) for one in outcome.findings]
    return replace(outcome, findings=tuple(found))


def _parted(layer: Any) -> Any:  # noqa: ANN401
    """Return a copy with an object for each place of its lists; None where none stands at two."""
    made, is_parted = copy.deepcopy(layer), False
    for held in getattr(made, "__dict__", {}).values():
        if not isinstance(held, list | dict):
            continue
        seen: set[int] = set()
        for key, one in list(held.items() if isinstance(held, dict) else enumerate(held)):
            if id(one) in seen and hasattr(one, "__dict__"):
                held[key] = copy.deepcopy(one)
                is_parted = True
            seen.add(id(one))
    return made if is_parted else None
