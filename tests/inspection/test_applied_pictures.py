"""A picture through the filters: the network's own responses, on common scales."""

import numpy as np
import pytest

from convlens.data import photograph
from convlens.errors import ShapeError, UsageError
from convlens.findings import responses
from convlens.inspection import alt_text, applied, feature_maps
from convlens.inspection.words import by


@pytest.fixture
def digit(run):
    """The first test image, (28, 28) uint8."""
    return run.data.test.x[0, 0]


def test_responses_are_those_of_the_network(run, digit):
    """For a digit, raw responses and ReLU equal what the network computes."""
    expected = run.network().activations(digit[None, None])
    found = responses(run, digit)
    np.testing.assert_allclose(found.raw, expected["Conv1"][0], atol=1e-6)
    np.testing.assert_allclose(found.active, expected["Relu1"][0], atol=1e-6)
    assert (found.layer, found.parameter, found.activation) == ("Conv1", "W1", "ReLU")


def test_deeper_filters_see_what_comes_before_them(deep_run, digit):
    """The second layer's responses go through the first; without an activation there is none to show."""
    found = responses(deep_run, digit / np.float32(255), "W2")
    expected = deep_run.network().activations(digit[None, None])["C2"][0]
    np.testing.assert_allclose(found.raw, expected, atol=1e-6)
    assert found.activation is None
    assert found.active is None
    assert responses(deep_run, digit, "C2").parameter == "W2"
    assert len(images(applied(deep_run, digit, layer="W2"))) == 3


def images(figure):
    """Return picture, filters, raw responses and, if there are any, what the activation leaves."""
    return [image for axes in figure.axes for image in axes.images]


@pytest.mark.parametrize("which", ["digit", "photograph", "flat", "wide"])
def test_raw_and_active_responses_have_common_scales(run, digit, which):
    """Raw maps share a symmetric scale, active ones a scale from zero; the numbers are the network's."""
    picture = {
        "digit": digit,
        "photograph": photograph(),
        "flat": np.zeros((28, 28)),
        "wide": np.random.default_rng(0).random((9, 40)),
    }[which]
    figure = applied(run, picture)
    found = responses(run, picture)
    shown, filters, raw, active = images(figure)
    assert shown.get_array().shape == picture.shape
    assert filters.norm.vmin == -filters.norm.vmax
    assert raw.norm.vmin == -raw.norm.vmax <= -np.abs(found.raw).max()
    assert active.norm.vmin == 0
    assert active.norm.vmax >= found.active.max()
    values = np.sort(np.ma.compressed(raw.get_array()))
    np.testing.assert_allclose(values, np.sort(found.raw, axis=None), atol=1e-6)


def test_the_picture_itself_has_a_frame(run):
    """A white picture can be told from the paper."""
    frame = applied(run, np.ones((28, 28))).axes[0].spines
    assert all(spine.get_visible() for spine in frame.values())


def test_small_maps_are_sharp(run, digit):
    """Every pixel of a digit's maps is a square, in every format."""
    assert {image.get_interpolation() for image in images(applied(run, digit))} == {"none"}


def test_the_alternative_text_holds_the_numbers(run, digit):
    """The sentence for those who cannot see the figure says sizes and range."""
    raw = responses(run, digit).raw
    said = alt_text(applied(run, digit))
    assert by(28, 28) in said
    assert "6 filters" in said
    assert f"{raw.min():.3g} to {raw.max():.3g}" in said


@pytest.mark.parametrize(("layer", "size"), [("Conv1", (6, 24, 24)), ("Pool1", (6, 12, 12))])
def test_feature_maps_are_those_of_the_layer(run, digit, layer, size):
    """A named layer's maps are the network's own."""
    image = images(feature_maps(run, digit, layer))[1]
    expected = run.network().activations(digit[None, None])[layer][0]
    assert expected.shape == size
    values = np.sort(np.ma.compressed(image.get_array()))
    np.testing.assert_allclose(values, np.sort(expected, axis=None), atol=1e-6)


def test_a_layer_without_maps_is_refused(run, digit):
    """An affine layer has units, not maps; the message lists the layers that have."""
    with pytest.raises(UsageError, match=r"Conv1, Relu1, Pool1\. Got 'Affine1'"):
        feature_maps(run, digit, "Affine1")


def test_feature_maps_need_the_networks_size(run):
    """A photograph does not fit a network for digits."""
    with pytest.raises(ShapeError, match="must be"):
        feature_maps(run, photograph(), "Conv1")


@pytest.mark.parametrize(
    ("picture", "error", "message"),
    [
        (np.zeros((1, 28, 28)), ShapeError, "must be grey"),
        (np.zeros((0, 5)), ShapeError, "must be grey"),
        (np.full((28, 28), 1.5), UsageError, "from 0"),
        (np.full((28, 28), np.nan), UsageError, "from 0"),
        (np.full((28, 28), -0.1), UsageError, "from 0"),
        (np.full((28, 28), "a"), UsageError, "from 0"),
        (np.zeros((4, 28)), ShapeError, "of 4x28 is too small for the filters of Conv1"),
    ],
)
def test_pictures_that_are_none_are_refused(run, picture, error, message):
    """Wrong shape, values out of range, smaller than a filter: one clear line each."""
    with pytest.raises(error, match=message):
        applied(run, picture)
