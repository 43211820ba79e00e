"""A network: its layers, learning curves, filters, and pictures seen through them, in English."""

from typing import Final

__all__ = ["MESSAGES"]

MESSAGES: Final[dict[str, str]] = {
    "network.run": "learning rate {lr}, {images} training images, seed {seed}",
    "network.setting": (
        "{network}: {images} training images, {epochs} epochs, batches of {batch}, {optimizer}, learning "
        "rate {lr}"
    ),
    "network.title": "The network",
    "network.architecture": "The architecture of {network}, drawn from its description.",
    "network.small_set": "Small dataset: filters",
    "network.full_set": "Full dataset: filters",
    "network.filters": "Filters",
    "network.not_in": "No run of this network is in yet.",
    "layers.caption": (
        "The layers of {network}; its input is {input}. Multiply-adds: for one image, forward. Receptive "
        "field: the pixels that one output sees."
    ),
    "layers.layer": "Layer",
    "layers.output": "Output",
    "layers.parameters": "Parameters",
    "layers.multiply_adds": "Multiply-adds",
    "layers.receptive_field": "Receptive field",
    "layers.total": "Total",
    "curves.title": "Execution result: learning curves",
    "curves.caption": "Accuracy and loss after each epoch, on training images and on test images.",
    "curves.caption_both": (
        "Accuracy and loss after each epoch, on training images and on test images: the small set and the "
        "full set side by side, on the same axes."
    ),
    "curves.gap.widens": (
        "{images} training images: training accuracy minus test accuracy is {before} points after epoch "
        "{early} and {after} after epoch {epochs} (on {judged} images each). The curves part: more and more "
        "of what is learned holds for the training images only."
    ),
    "curves.gap.stays": (
        "{images} training images: training accuracy minus test accuracy is {before} points after epoch "
        "{early} and {after} after epoch {epochs} (on {judged} images each). By the rule below, the curves "
        "do not part."
    ),
    "curves.memorising": (
        "{images} training images: after epoch {epoch} the training loss falls from {train} to {train_last}, "
        "but the test loss hardly changes any more ({test} to {test_last}; means over three epochs, at the "
        "end over two). Overfitting begins after epoch {epoch}."
    ),
    "curves.memorising_worse": (
        "{images} training images: after epoch {epoch} the training loss falls from {train} to {train_last}, "
        "but the test loss rises from {test} to {test_last} (means over three epochs, at the end over two). "
        "Overfitting begins after epoch {epoch}."
    ),
    "curves.not_memorising": (
        "{images} training images: by the rule below, overfitting does not begin up to epoch {epochs}."
    ),
    "curves.rule": (
        "The rules, for the mean over the seeds. Overfitting begins after the first epoch from which on the "
        "test loss falls by at most {better} % while the training loss falls by more than {falls} %, both "
        "averaged over three neighbouring epochs (two at either end), with at least three epochs to follow; "
        "the test gets worse "
        "if its loss ends more than {rises} % above its lowest value. The curves part if the gap in accuracy "
        "grows by more than {widens} points after a quarter of the epochs."
    ),
    "chart.epoch": "epoch",
    "chart.train": "training",
    "chart.test": "test",
    "chart.seed": "seed",
    "chart.mean": "mean",
    "chart.show": "Show",
    "full.not_in": "The full training set belongs to this study, too; its run is not in yet.",
    "full.not_run": "The full training set was not run here. This runs it and puts it beside the small one:",
    "filters.caption": (
        "Randomly initialized weights, trained weights, and the change: {parameter} on one colour scale "
        "({run})."
    ),
    "filters.forming": "How they formed: the most changed filters of {parameter} through the epochs ({run}).",
    "filters.rule": (
        "The rules. Sorted by the sum of all absolute changes. Dead (†): after the ReLU, zero at every place "
        "of the first {n} test images. Twins (a, b, …): the cosine of the angle between their weights is "
        "{cosine} or more, whatever their strength."
    ),
    "applied.classes": (
        "Filter-applied images: the first test images of every class through the most changed filters of "
        "{parameter} ({run})."
    ),
    "applied.own": "Filter-applied image: {name} through {parameter} ({run}).",
    "applied.digit": "Filter-applied image: the first test image through {parameter} ({run}).",
    "applied.photograph": "Filter-applied image: a photograph through {parameter} ({run}).",
}
