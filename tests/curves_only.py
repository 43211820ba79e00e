"""Runs that have curves and a figure at the end, and no folder."""

from types import SimpleNamespace

import numpy as np

from stand_ins import made_up_run


def run_with(train, test, *, seed=0, right=(1.0, 0.95), updates=None, n=(1000, 10_000)):
    """Return a run with given losses.

    Args:
        train: training losses by epoch.
        test: test losses by epoch.
        seed: of the run.
        right: accuracies at the end on the judged training images and on all test images.
        updates: of the whole run; ten an epoch where it is left out.
        n: how many images these are.
    """
    losses = {"train": np.array(train), "test": np.array(test)}
    own, others = right
    ends = {"train": own, "test": others}
    return made_up_run(
        seed=seed,
        config=SimpleNamespace(epochs=len(train), n_steps=updates or 10 * len(train)),
        results={"test_accuracy": others, "n_test": n[1]},
        curve=lambda _, part: SimpleNamespace(
            loss=losses[part], accuracy=np.linspace(0.5, ends[part], len(train)), n_samples=n[0]
        ),
    )
