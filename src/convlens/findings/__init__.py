"""What runs show, as numbers: answers, overfitting, odd filters, exciting patches. Must not know figures.

Each finding follows from run folders by a rule that its module states. Nothing here draws or words it:
`convlens.inspection` makes figures of it, `convlens.report` sentences. Importing this room loads no
matplotlib.
"""

from convlens.findings.answers import Answers, ClassAccuracy, answers
from convlens.findings.baseline import LOPSIDED, Baseline, baseline
from convlens.findings.calibration import Promise
from convlens.findings.classes import class_name, classes_of
from convlens.findings.classifier import Classifier, Judged, Lacking
from convlens.findings.exciting_patches import Patches, exciting_patches
from convlens.findings.groups import alike, require_groups
from convlens.findings.learned import Cause, Learned, learned
from convlens.findings.looks import Look, first_picture, look_of
from convlens.findings.oddities import ALIKE, TWINS, Oddities, oddities
from convlens.findings.overfitting import (
    BETTER,
    FALLS,
    RISES,
    SURE,
    WOBBLE,
    Gap,
    MoreData,
    Onset,
    Onsets,
    gap,
    more_data,
    onset,
    onsets,
)
from convlens.findings.responses import Responses, responses
from convlens.findings.results import results
from convlens.findings.robustness import CHANGES, Change, Changed, Robustness, robustness
from convlens.findings.strangeness import Likeness
from convlens.findings.weights import Weights, filter_layers, weights

__all__ = [
    "ALIKE",
    "BETTER",
    "CHANGES",
    "FALLS",
    "LOPSIDED",
    "RISES",
    "SURE",
    "TWINS",
    "WOBBLE",
    "Answers",
    "Baseline",
    "Cause",
    "Change",
    "Changed",
    "ClassAccuracy",
    "Classifier",
    "Gap",
    "Judged",
    "Lacking",
    "Learned",
    "Likeness",
    "Look",
    "MoreData",
    "Oddities",
    "Onset",
    "Onsets",
    "Patches",
    "Promise",
    "Responses",
    "Robustness",
    "Weights",
    "alike",
    "answers",
    "baseline",
    "class_name",
    "classes_of",
    "exciting_patches",
    "filter_layers",
    "first_picture",
    "gap",
    "learned",
    "look_of",
    "more_data",
    "oddities",
    "onset",
    "onsets",
    "require_groups",
    "responses",
    "results",
    "robustness",
    "weights",
]
