"""What an accuracy is held against, and which classes there are."""

from types import SimpleNamespace

import numpy as np
import pytest

from convlens.findings import answers, baseline, classes_of
from convlens.runs import RunConfig, train_run
from convlens.spec import Affine, NetworkSpec
from lopsided import write_lopsided_set
from stand_ins import made_up_run

TEN = NetworkSpec("Ten", (1, 12, 12), (Affine(10),))


def judged(counts, accuracy, names=tuple("abcdefghij")):
    """Return a run whose test images are so many of each class."""
    labels = np.repeat(np.arange(len(counts)), counts)
    data = SimpleNamespace(test=SimpleNamespace(t=labels))
    return made_up_run(data=data, class_names=names, results={"test_accuracy": accuracy})


@pytest.mark.parametrize(
    ("counts", "accuracy", "lopsided", "unbeaten"),
    [
        ([94, 6], 0.938, True, True),
        ([94, 6], 0.97, True, False),
        ([6, 94], 0.94, True, True),
        ([50, 50], 0.9, False, False),
        ([50, 50], 0.5, False, True),
        ([60, 20, 20], 0.8, True, False),
        ([100] * 10, 0.1, False, True),
        ([1135, 980, 1032, 1010, 982, 892, 958, 1028, 974, 1009], 0.96, False, False),
        ([30, 10, 10, 10, 10, 10, 10, 10], 0.9, True, False),
        ([20], 1.0, True, True),
    ],
)
def test_the_largest_class_is_the_baseline(counts, accuracy, lopsided, unbeaten):
    """It must be known where the set is lopsided, and where the network is no better."""
    found = baseline([judged(counts, accuracy)])
    assert found.n_right == max(counts)
    assert found.share == max(counts) / sum(counts)
    assert found.name == "abcdefghij"[int(np.argmax(counts))]
    assert (found.is_lopsided, found.is_unbeaten) == (lopsided, unbeaten)
    assert found.matters is (lopsided or unbeaten)


def test_a_class_without_a_name_is_called_by_its_number():
    """A run may name fewer classes than its labels use; the mean over the runs is what counts."""
    found = baseline([judged([1, 2, 5], 0.6, ("x",)), judged([1, 2, 5], 0.7, ("x",))])
    assert found.name == "2"
    assert found.accuracy == pytest.approx(0.65)


@pytest.mark.parametrize("counts", [(8, 2), (0, 5, 5), (3, 0, 3, 4), (1,) * 10])
def test_only_classes_that_there_are_are_shown(tmp_path, counts):
    """Rows and columns are those of classes with an image or an answer, whatever the network could answer."""
    data = write_lopsided_set(tmp_path / "set", counts)
    config = RunConfig(TEN, str(data), 2 * sum(counts), 60, 2, evaluate_samples=10, engine="layers")
    run = train_run(config, tmp_path / "run", "convlens train")
    there = tuple(np.flatnonzero(counts).tolist())
    assert classes_of(run) == there
    found = answers(run)
    names, matrix = found.among_classes
    answered = sorted({*there, *found.given.tolist()})
    assert names == tuple(map(str, answered))
    assert matrix.shape == (len(answered),) * 2
    assert matrix.sum() == sum(counts)
