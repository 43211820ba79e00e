"""The doctor for layers and losses that somebody wrote by hand: what is wrong, and the likely cause.

A cause is named only where it has been tried: `known/` computes what a layer would give that has the fault,
and the numbers agree. Must not know run folders, figures or pages.
"""

from convlens.check.layer import check_layer
from convlens.check.loss import check_loss
from convlens.check.names import Names
from convlens.check.outcome import Finding, Outcome

__all__ = ["Finding", "Names", "Outcome", "check_layer", "check_loss"]
