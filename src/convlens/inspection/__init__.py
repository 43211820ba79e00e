"""Runs become figures: learning curves, filters, what filters make of a picture, a network's architecture.

Each picture is a function that returns a matplotlib figure; `alt_text` says in words what it shows, `save`
writes it. Must not know HTML. Importing this room imports matplotlib.
"""

from convlens.inspection.answers import Answers, ClassAccuracy, answers
from convlens.inspection.applied import applied
from convlens.inspection.architecture import architecture
from convlens.inspection.class_accuracy import class_accuracy
from convlens.inspection.classes import classes
from convlens.inspection.comparison import comparison
from convlens.inspection.confusion import confusion
from convlens.inspection.curves import learning_curves
from convlens.inspection.excitement import Patches, excitement, exciting_patches
from convlens.inspection.feature_maps import feature_maps
from convlens.inspection.filters import ORDERS, filters
from convlens.inspection.forming import forming
from convlens.inspection.groups import grouped, setting
from convlens.inspection.learning_rates import learning_rates
from convlens.inspection.mistakes import mistakes
from convlens.inspection.oddities import Oddities, oddities
from convlens.inspection.overfitting import Onset, onset
from convlens.inspection.pictures import PICTURES, Asked, Picture, file_stem
from convlens.inspection.responses import Responses, responses
from convlens.inspection.saving import FORMATS, encoded, save
from convlens.inspection.showing import Shown, show
from convlens.inspection.side_by_side import side_by_side
from convlens.inspection.style import alt_text
from convlens.inspection.weights import Weights, filter_layers, weights
from convlens.inspection.words import WORDS

__all__ = [
    "FORMATS",
    "ORDERS",
    "PICTURES",
    "WORDS",
    "Answers",
    "Asked",
    "ClassAccuracy",
    "Oddities",
    "Onset",
    "Patches",
    "Picture",
    "Responses",
    "Shown",
    "Weights",
    "alt_text",
    "answers",
    "applied",
    "architecture",
    "class_accuracy",
    "classes",
    "comparison",
    "confusion",
    "encoded",
    "excitement",
    "exciting_patches",
    "feature_maps",
    "file_stem",
    "filter_layers",
    "filters",
    "forming",
    "grouped",
    "learning_curves",
    "learning_rates",
    "mistakes",
    "oddities",
    "onset",
    "responses",
    "save",
    "setting",
    "show",
    "side_by_side",
    "weights",
]
