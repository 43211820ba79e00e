"""Answers to the test images, as numbers."""

import subprocess
import sys

import numpy as np
import pytest

from convlens.errors import RunError
from convlens.findings import answers
from convlens.runs import Run


def test_answers_are_counted(run):
    """The confusion matrix holds every test image once; confusions are its cells off the diagonal."""
    found = answers(run)
    assert found.matrix.sum() == len(run.data.test)
    assert np.trace(found.matrix) == round(run.results["test_accuracy"] * len(run.data.test))
    assert sum(times for _, _, times in found.confusions) == len(found.mistakes)
    assert all(found.matrix[right, given] == times for right, given, times in found.confusions)
    assert np.all(np.diff(found.confidence[found.mistakes]) <= 0)
    assert np.all((found.confidence > 0) & (found.confidence <= 1))


def test_a_network_may_know_more_classes_than_the_data(run, monkeypatch):
    """Answers outside the named classes are called by their number; without images they have no accuracy."""
    monkeypatch.setitem(vars(run), "class_names", ("zero", "one"))  # a cached property
    found = answers(run)
    assert found.names == ("zero", "one", "2", "3", "4", "5", "6", "7", "8", "9")
    assert found.matrix.shape == (10, 10)
    found.matrix[9] = 0
    assert [one.name for one in found.by_class] == list(found.names[:9])


@pytest.mark.parametrize(
    "predictions",
    [{}, {"test": np.zeros((3, 10), np.float32)}, {"test": np.zeros((10_000, 4), np.float32)}],
    ids=["no test images", "too few images", "too few classes"],
)
def test_scores_that_do_not_fit_are_damage(run, predictions):
    """A file of predictions without a score for each class of each image is named, not misread."""
    other = Run(run.folder)
    other.predictions = predictions
    with pytest.raises(RunError, match=r"damaged: predictions\.safetensors"):
        answers(other)


def test_findings_need_no_matplotlib():
    """Whoever wants numbers only does not load what draws them."""
    code = "import sys, convlens.findings; assert 'matplotlib' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
