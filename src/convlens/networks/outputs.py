"""What comes out of each layer, row by row of a network's table. Must not know networks, or training."""

from collections.abc import Mapping
from typing import Any

from convlens._typing import Array
from convlens.interrupts import heed
from convlens.layers.residual import joined
from convlens.spec import NetworkSpec

__all__ = ["outputs"]


def outputs(
    described: NetworkSpec, layers: Mapping[str, Any], x: Array, last: str | None = None
) -> dict[str, Array]:
    """Return each layer's output for inputs `x`, which need not be of the network's own size.

    Args:
        described: the network.
        layers: all layers by name, those inside others too; of those that hold others none is needed.
        x: what the first layer takes.
        last: the last layer that is wanted; None for all.
    """
    made = [x]  # what row k gives is at k + 1
    for row in described.table:
        heed()
        given = [made[number + 1] for number in row.reads]
        made.append(joined(*given) if row.inside else layers[row.name].forward(*given))
        if row.name == last:
            break
    return dict(zip((row.name for row in described.table), made[1:], strict=False))
