"""The doctor for layers and losses that somebody wrote by hand: what is wrong, and the likely cause.

A cause is named only where it has been tried: `known/` computes what a layer would give that has the fault,
and the numbers agree. Must not know run folders, figures or pages.
"""

from convlens.check.grading import Grading, grade_tests
from convlens.check.isolated import Bounds, check_file
from convlens.check.layer import check_layer
from convlens.check.loss import check_loss
from convlens.check.names import Names
from convlens.check.network import check_network
from convlens.check.optimizer import check_optimizer
from convlens.check.outcome import Finding, Outcome
from convlens.check.submission import Submission
from convlens.check.telling import HINTS

__all__ = [
    "HINTS",
    "Bounds",
    "Finding",
    "Grading",
    "Names",
    "Outcome",
    "Submission",
    "check_file",
    "check_layer",
    "check_loss",
    "check_network",
    "check_optimizer",
    "grade_tests",
]
