"""How good a network is on labelled pictures, as two numbers. Must not know networks."""

from dataclasses import dataclass

__all__ = ["Score"]


@dataclass(frozen=True)
class Score:
    """How good a network is on some labelled pictures.

    Attributes:
        accuracy: share of right answers, 0 to 1.
        loss: mean cross-entropy in nats; None where a network does not say.
    """

    accuracy: float
    loss: float | None
