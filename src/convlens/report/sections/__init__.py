"""The sections of the page, one file each: an context in, blocks out. Must not know HTML."""

from convlens.report.sections.comparison import comparison
from convlens.report.sections.excitement import excitement
from convlens.report.sections.explorer import explorer
from convlens.report.sections.learning_rate import learning_rate
from convlens.report.sections.limits import limits
from convlens.report.sections.making import making
from convlens.report.sections.minute import minute
from convlens.report.sections.mistakes import mistakes
from convlens.report.sections.network import network
from convlens.report.sections.opening import with_pictures
from convlens.report.sections.results import results
from convlens.report.sections.robustness import robustness

__all__ = [
    "comparison",
    "excitement",
    "explorer",
    "learning_rate",
    "limits",
    "making",
    "minute",
    "mistakes",
    "network",
    "results",
    "robustness",
    "with_pictures",
]
