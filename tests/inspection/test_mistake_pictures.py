"""Answers to the test images, and their pictures: confusion matrix, accuracy by class, confident mistakes."""

import numpy as np
import pytest

from convlens.errors import UsageError
from convlens.findings import answers
from convlens.inspection import alt_text, class_accuracy, confusion, mistakes
from convlens.runs import Run
from convlens.study import wilson
from drawn import blocks


def test_the_confusion_matrix_is_written(run):
    """Each number stands in its cell, nothing where there is no mistake; colours are for mistakes alone."""
    found, axes = answers(run), confusion(run).axes[0]
    shown = {(round(t.get_position()[1]), round(t.get_position()[0])): t.get_text() for t in axes.texts}
    for place, count in np.ndenumerate(found.matrix):
        expected = f"{count:,}" if count or place[0] == place[1] else None
        assert shown.get(place) == expected
    coloured = axes.images[0].get_array()
    assert coloured.mask.diagonal().all()
    assert coloured.sum() == len(found.mistakes)


def test_accuracy_by_class_has_wilsons_intervals(run):
    """A dot and a line each, in the order of the classes."""
    found, axes = answers(run), class_accuracy(run).axes[0]
    n_right, n_images = np.diag(found.matrix), found.matrix.sum(axis=1)
    dots = next(line for line in axes.lines if line.get_marker() == "o")
    np.testing.assert_allclose(dots.get_xdata(), 100 * n_right / n_images)
    first = wilson(int(n_right[0]), int(n_images[0]))
    ends = axes.collections[0].get_segments()[0][:, 0]
    assert ends.tolist() == pytest.approx([100 * first.low, 100 * first.high])


def test_the_most_confident_mistakes_come_first(run):
    """Each with its right answer, the one given, how sure the network was, and its number."""
    found, figure = answers(run), mistakes(run, most=7)
    said = [text.get_text() for text in figure.axes[0].texts]
    assert len(said) == 2 * 7
    for above, below, index in zip(said[::2], said[1::2], found.mistakes, strict=False):
        assert above == f"{found.right[index]} taken\nfor {found.given[index]}"
        assert below.endswith(f"image {index}")
    image, ink = blocks(figure)[0].get_array(), run.data.test.x[found.mistakes[0], 0]
    assert np.unique(image[..., 0].round(4)).size <= np.unique(run.data.test.x[found.mistakes[:7]]).size + 1
    assert image.min() < 0.2 < ink.max()
    assert f"{len(found.mistakes):,} of 10,000" in alt_text(figure)
    with pytest.raises(UsageError, match="`most` of mistakes"):
        mistakes(run, most=0)


def test_a_network_without_mistakes_has_its_pictures(run):
    """Nothing is coloured and nothing shown, and nothing fails."""
    perfect = Run(run.folder)
    perfect.predictions = {"test": 9 * np.eye(10)[run.data.test.t]}
    assert confusion(perfect).axes[0].images[0].get_array().count() == 0
    assert class_accuracy(perfect).axes
    assert not blocks(mistakes(perfect))
