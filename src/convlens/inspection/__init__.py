"""Findings become figures: learning curves, filters, pictures seen through them, a network's architecture.

Each picture is a function that returns a matplotlib figure; `alt_text` says in words what it shows, `save`
writes it. Must not know HTML. Importing this room imports matplotlib.
"""

from convlens.inspection.applied import applied
from convlens.inspection.architecture import architecture
from convlens.inspection.augmentation import augmentation
from convlens.inspection.by_rate import applied_by_rate, filters_by_rate
from convlens.inspection.catalogue import PICTURES, PictureKind, PictureOptions, file_stem
from convlens.inspection.class_accuracy import class_accuracy
from convlens.inspection.classes import classes
from convlens.inspection.comparison import comparison
from convlens.inspection.confusion import confusion
from convlens.inspection.curves import learning_curves
from convlens.inspection.drawing import FORMATS, alt_text, encoded, save
from convlens.inspection.excitement import excitement
from convlens.inspection.feature_maps import feature_maps
from convlens.inspection.filters import ORDERS, filters
from convlens.inspection.forming import forming
from convlens.inspection.groups import grouped, setting
from convlens.inspection.learning_rates import learning_rates
from convlens.inspection.mistakes import mistakes
from convlens.inspection.preview import preview
from convlens.inspection.run_figures import RunFigures, show
from convlens.inspection.side_by_side import side_by_side
from convlens.inspection.words import WORDS

__all__ = [
    "FORMATS",
    "ORDERS",
    "PICTURES",
    "WORDS",
    "PictureKind",
    "PictureOptions",
    "RunFigures",
    "alt_text",
    "applied",
    "applied_by_rate",
    "architecture",
    "augmentation",
    "class_accuracy",
    "classes",
    "comparison",
    "confusion",
    "encoded",
    "excitement",
    "feature_maps",
    "file_stem",
    "filters",
    "filters_by_rate",
    "forming",
    "grouped",
    "learning_curves",
    "learning_rates",
    "mistakes",
    "preview",
    "save",
    "setting",
    "show",
    "side_by_side",
]
