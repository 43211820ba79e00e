"""What a consumer of layers says where it does not take one. Must not know consumers.

Whoever does something with each kind of layer has a table keyed by the kind: `layers.LAYERS` computes it,
`engine.KERNELS` runs it on kernels, `explorer.PAGE` runs it in a page. A cell holds what takes the layer, or
`Missing` with the reason.
"""

from dataclasses import dataclass

__all__ = ["Missing"]


@dataclass(frozen=True)
class Missing:
    """A cell of a consumer's table for a layer that the consumer does not take.

    Attributes:
        reason: why.
    """

    reason: str
