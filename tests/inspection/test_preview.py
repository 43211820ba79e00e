"""The picture of a data set before anybody trains on it."""

import warnings

import numpy as np
import pytest

from convlens.data import Dataset, DatasetPair
from convlens.inspection import alt_text, preview


def pair_of(names, shape, n=4):
    """A set of noise with so many pictures of each class in either part."""
    labels = np.repeat(np.arange(len(names), dtype=np.uint8), n)
    images = np.random.default_rng(0).integers(0, 256, (len(labels), *shape), np.uint8)
    part = Dataset("noise", images, labels, tuple(names), {})
    return DatasetPair(part, part)


@pytest.mark.parametrize(
    ("names", "shape", "lang"),
    [
        (["yes", "no"], (1, 8, 8), "en"),
        (["고양이", "犬", "a very long name " * 5 + "!"], (3, 20, 10), "ja"),
        ([f"kind {k}" for k in range(30)], (3, 8, 8), "ko"),
        ([f"kind {k}" for k in range(120)], (1, 4, 6), "en"),
    ],
    ids=["2 grey", "3 of other scripts", "30", "120"],
)
def test_each_class_has_a_row(names, shape, lang):
    """With its name, cut where it is long, and pictures in their own colours, of a hundred classes."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure = preview(pair_of(names, shape), lang=lang)
    (axes,) = figure.axes
    assert len(axes.images) == 4 * min(len(names), 100)
    texts = [text.get_text() for text in axes.texts]
    assert len(texts) == 2 * min(len(names), 100)
    assert max(map(len, texts)) < 100
    assert texts.count("4 + 4") == min(len(names), 100)
    shown = axes.images[0].get_array()
    first = pair_of(names, shape).train.images[0]
    np.testing.assert_array_equal(np.asarray(shown)[..., 0], first[0])
    assert names[0] in alt_text(figure)
