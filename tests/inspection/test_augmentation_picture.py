"""The picture of how training images were varied."""

import numpy as np
import pytest

from convlens.data import augmented
from convlens.inspection import alt_text, augmentation
from convlens.inspection.drawing.palette import INK
from looked_at_sets import run_on
from looked_into import FLAT, trained


@pytest.fixture(scope="module")
def varied(folder):
    """A run of two epochs whose training images were varied."""
    return trained(folder, FLAT, augment={"rotate": 30, "flip": 1}, engine="layers")


@pytest.mark.parametrize("lang", ["en", "ko", "ja"])
def test_each_epoch_shows_what_the_network_saw(varied, lang):
    """Beside each image stand its two variants, as `augmented` makes them for that seed and epoch."""
    figure = augmentation(varied, lang=lang)
    (image,) = (image for axes in figure.axes for image in axes.images)
    x = varied.data.train.x
    drawn = {colour.tobytes() for colour in np.asarray(image.get_array(), np.float32).reshape(-1, 3)}
    for epoch in (0, 1):
        wanted = augmented(x, {"rotate": 30, "flip": 1}, seed=varied.seed, epoch=epoch)[:3]
        colours = np.asarray(INK(wanted / np.float32(255))[..., :3], np.float32).reshape(-1, 3)
        assert {colour.tobytes() for colour in colours} <= drawn
    assert "3" in alt_text(figure)


def test_without_augmentation_there_are_the_images_alone(folder):
    """One column; nothing is said of epochs above it."""
    run = trained(folder, FLAT, engine="layers")
    texts = [text.get_text() for axes in augmentation(run).axes for text in axes.texts]
    assert texts == ["as it is"]


def test_pictures_in_colour_keep_their_colours(tmp_path):
    """A mirrored picture has its own red, green and blue."""
    run = run_on("two in colour", tmp_path / "run", augment={"flip": 1})
    (image,) = (image for axes in augmentation(run).axes for image in axes.images)
    drawn = np.asarray(image.get_array(), np.float32)
    mirrored = np.moveaxis(run.data.train.x[0, :, :, ::-1], 0, -1) / np.float32(255)
    dots = {colour.tobytes() for colour in drawn.reshape(-1, 3)}
    assert {colour.tobytes() for colour in mirrored.reshape(-1, 3)} <= dots
