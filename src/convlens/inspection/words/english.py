"""Every word in the pictures, in English. Must not know fonts or pictures."""

# ruff: noqa: RUF001 -- a reader should see the signs for "times" and "minus"

from typing import Final

__all__ = ["WORDS"]

WORDS: Final[dict[str, str]] = {
    # learning curves
    "epoch": "epoch",
    "accuracy_axis": "accuracy (%)",
    "loss_axis": "loss (cross-entropy)",
    "training_images": "training images",
    "test_images": "test images",
    "first_training_images": "training (first {n:,} images)",
    "first_test_images": "test (first {n:,} images)",
    "all_test_images": "all {n:,} test images",
    "head_test_images": "first {n:,} test images",
    "thin_and_thick": "thin: single seeds, thick: mean",
    "onset": "from here on only training improves: overfitting",
    "curves_alt_onset": "{group}: overfitting begins after epoch {epoch}.",
    "last_epoch": "last epoch, {seeds}:",
    "ends_at": "training {train}, test {test}",
    "ends_over_all": "test, all {n:,} images: {test}",
    "seeds_1": "1 seed",
    "seeds_n": "mean of {n} seeds",
    "epochs_1": "1 epoch",
    "epochs_n": "{n} epochs",
    "filters_1": "1 filter",
    "filters_n": "{n} filters",
    "curves_alt": "Learning curves: accuracy over epochs, on an axis from {low} to 100 %.",
    "curves_alt_panel": (
        "{group}: {epochs}, {seeds}; after the last one, accuracy is {train} on training images and "
        "{test} on test images."
    ),
    # names of groups of runs
    "comma": ", ",
    "group_train_size": "{n:,} training images",
    "group_lr": "learning rate {lr:g}",
    "group_batch_size": "batches of {n}",
    "setting_schedule": "learning rate by the schedule {name}",
    "setting_seed": "seed {n}",
    # filters
    "filters_title": "{network}: {filters} {size} of {layer} ({parameter})",
    "before": "before training",
    "after": "after training",
    "change": "change (after − before)",
    "largest_weight": "max |w| = {value:.3g}",
    "largest_change": "max |Δw| = {value:.3g}",
    "weight_scale": "weight (one scale for all three)",
    "filter": "filter",
    "input_channel": "input channel",
    "of_channel": "input channel {n}",
    "by_change": "ordered by change",
    "dead": "† never react on the first {n:,} test images: {numbers}",
    "twins": "{letter}: twins (cosine of their weights 0.95 or more): {numbers}",
    "weight_scale_runs": "weight (one scale for all runs)",
    "side_by_side_alt": (
        "Trained filters side by side, on one symmetric colour scale up to {limit:.3g}: {runs}."
    ),
    "forming_title": "{network}: how the filters of {layer} formed, most changed ones first",
    "filter_and_channel": "{filter}, channel {channel}",
    "forming_alt": (
        "The most changed filters of {layer} in {network} ({filters}; {setting}) through the epochs "
        "{epochs}, on one colour scale. The mean absolute weight grows from {first:.3g} to {last:.3g}; half "
        "of that is reached after epoch {half}."
    ),
    "filters_alt": (
        "The filters of {layer} in {network} ({filters}; {setting}) before training, after training, and the "
        "change, on one symmetric colour scale from −{limit:.3g} to {limit:.3g}. The largest absolute weight "
        "is {before:.3g} before and {after:.3g} after training; the largest change is {change:.3g}."
    ),
    # filters applied to a picture, feature maps
    "classes_title": "{network}: test images of every class through {layer}",
    "classes_raw": "response, by filter",
    "classes_active": "after {activation}, by filter",
    "classes_alt": (
        "{n} test images of all classes and the responses of the most changed filters ({filters}) of {layer} "
        "in {network} ({setting}), each on one scale for all. Raw responses range from {low:.3g} to "
        "{high:.3g}."
    ),
    "excitement_title": "{network}: what excites the filters of {layer}",
    "excitement_beside": "each filter and the nine {size} patches of {n:,} test images that excite it most",
    "excitement_deep": "of each filter, the nine {size} patches of {n:,} test images that excite it most",
    "excitement_alt": (
        "For each filter of {layer} in {network} ({filters}; {setting}) the nine patches of {size} pixels, "
        "each from another of {n:,} test images, to which it responds most. The strongest "
        "responses of the filters range from {low:.3g} to {high:.3g}."
    ),
    "input_picture": "picture ({h}×{w})",
    "learned_filters": "learned filters ({parameter})",
    "learned_deep_filters": "learned filters ({parameter})\na column a filter, a row an input channel",
    "raw_response": "response: w∗x + b, one map per filter ({h}×{w})",
    "after_activation": "after {activation} ({h}×{w})",
    "weight": "weight",
    "response": "response",
    "applied_title": "{network}: a picture through the filters of {layer}",
    "applied_alt": (
        "A picture of {h}×{w} pixels and the responses to the filters of {layer} in {network} ({filters}; "
        "{setting}). Responses range from {low:.3g} to {high:.3g}; {share} of them are positive."
    ),
    "maps_title": "{network}: what {layer} makes of a picture ({count}@{h}×{w})",
    "maps_alt": (
        "A picture of {ph}×{pw} pixels and what layer {layer} in {network} ({setting}) makes of it: "
        "{count}@{h}×{w}. Values range from {low:.3g} to {high:.3g}."
    ),
    # mistakes
    "answer": "network's answer",
    "right_answer": "right answer",
    "confusion_title": "{network}: confusion matrix ({n:,} test images)",
    "confused": "{right} taken for {given} ({n:,})",
    "confusion_alt": (
        "Confusion matrix of {network} ({setting}) on {n:,} test images; {wrong:,} are answered wrong."
    ),
    "confusion_alt_most": "The most frequent mistakes: {pairs}.",
    "class_accuracy_title": "{network}: accuracy by class",
    "of_images": "{name} ({n:,} images)",
    "of_class": "a class",
    "interval_of_class": "95 % interval (Wilson)",
    "accuracy_of_all": "all classes: {accuracy}",
    "class_accuracy_alt": (
        "Accuracy of {network} ({setting}) on the test images of each class, with 95 % intervals: {classes}."
    ),
    "mistakes_title": "{network}: the most confident of {wrong:,} mistakes on {n:,} test images",
    "mistake": "{right} taken\nfor {given}",
    "sure": "{sure} sure\nimage {index}",
    "mistakes_alt": (
        "The test images about which {network} ({setting}) was surest and wrong; {wrong:,} of {n:,} are "
        "answered wrong. The surest first: {listed}."
    ),
    # architecture
    "input": "input",
    "convolution": "{h}×{w}\nconvolution",
    "stride": "stride {s}",
    "pad": "pad {p}",
    "max_pooling": "{h}×{w}\nmax-pooling",
    "full_connection": "full\nconnection",
    "output": "output",
    "parameters": "{n} parameters",
    "multiply_adds": "{n} multiply-adds a picture",
    "architecture_alt": "Architecture of {network}: {chain}. {cost}.",
    # learning rates
    "learning_rate": "learning rate",
    "test_accuracy_axis": "test accuracy (%)",
    "one_run": "one run",
    "mean": "mean over seeds",
    "reported": "figure in the report",
    "interval": "95 % interval of one run from the number of test images (Wilson)",
    "prediction": "where one run on {n:,} images may come out (95 %)",
    "comparison_alt": "Accuracy of every run on all test images.",
    "comparison_alt_group": "{group}, {seeds}: {accuracy}.",
    "rates_alt": (
        "Test accuracy by learning rate, on all {n_all:,} and on the first {n_head:,} test images."
    ),
    "rates_alt_group": "Learning rate {lr:g}, {seeds}: {all} and {head}.",
    "rates_alt_reported": "The report says: {figures}.",
}
