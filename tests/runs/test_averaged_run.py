"""A run whose weights are averaged: what is kept is the average, of the end and of each epoch."""

import numpy as np
import pytest
from small_runs import config_of

from convlens.runs import Run, train_run


@pytest.fixture(scope="module")
def run(data, tmp_path_factory):
    """A run with an average that differs from the weights."""
    folder = tmp_path_factory.mktemp("averaged") / "run"
    return train_run(config_of(data, ema=0.9, weight_decay=0.1), folder, "c")


@pytest.mark.parametrize("epoch", [1, 2, 3])
def test_what_is_kept_is_what_was_judged(run, epoch):
    """The weights of each epoch, the last one included, give the very loss that the history has for them."""
    test = run.data.test.head(run.config.evaluate_samples)
    score, judged = run.network(epoch).evaluate(test.x, test.t), run.curve("test")
    assert (score.accuracy, score.loss) == (judged.accuracy[epoch - 1], judged.loss[epoch - 1])


def test_predictions_are_the_averages(run):
    """What is kept of all test images comes from the weights that are kept."""
    scores = run.network().predict(run.data.test.x)
    np.testing.assert_array_equal(scores, run.predictions["test"])


def test_it_is_another_run_and_says_so(run, data, tmp_path):
    """Its id, its command and its weights are not those of a run without an average."""
    plain = train_run(config_of(data, weight_decay=0.1), tmp_path / "run", "c")
    assert run.run_id != plain.run_id
    assert "--ema 0.9" in run.config.command("simple", "out")
    assert not np.array_equal(run.network().params.vector, plain.network().params.vector)
    assert Run(run.folder).config == run.config
