"""A picture through the filters: the network's own responses, and scales that let them be read."""

import sys

import numpy as np
import pytest

from convlens.data import photograph
from convlens.errors import ShapeError, UsageError
from convlens.findings import Oddities, responses
from convlens.inspection import alt_text, applied, feature_maps
from convlens.inspection.words import by
from drawn import bars, blocks, keys, tiles


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
    assert len(blocks(applied(deep_run, digit, layer="W2"))) == 3


def robust(maps):
    """Return maps as shares of what a hundredth of their numbers reaches, at most 1 in size."""
    sizes = np.abs(maps).reshape(len(maps), -1)
    usual = np.percentile(sizes, 99, axis=1)
    limits = np.where(usual > 0, usual, sizes.max(axis=1))
    return np.clip(maps / np.where(limits > 0, limits, 1)[:, None, None], -1, 1)


@pytest.mark.parametrize("which", ["digit", "flat", "wide"])
def test_every_map_has_its_own_scale_and_a_bar_of_its_strength(run, digit, which):
    """The strongest hundredth of each map has the strongest colour; the numbers are the network's."""
    picture = {
        "digit": digit,
        "flat": np.zeros((28, 28)),
        "wide": np.random.default_rng(0).random((9, 40)),
    }[which]
    figure, found = applied(run, picture), responses(run, picture)
    for image, length, maps in zip(
        blocks(figure)[2:], bars(figure)[1:], (found.raw, found.active), strict=True
    ):
        drawn = [tile for row in tiles(image) for tile in row]
        for tile, own in zip(drawn, robust(maps), strict=False):
            np.testing.assert_allclose(np.unique(tile), np.unique(own.astype(np.float32)), atol=1e-5)
        strengths = np.abs(maps).max(axis=(1, 2))
        np.testing.assert_allclose(length, length.max() * strengths / (strengths.max() or 1), atol=1e-6)
        assert f"full length {strengths.max():.3g}" in keys(figure)


def test_a_photograph_can_be_read_through_every_filter(run):
    """However strong the strongest filter is, every map uses its colours to the end."""
    for image in blocks(applied(run, photograph()))[2:]:
        extremes = np.abs(tiles(image)).max(axis=(2, 3))
        assert (extremes > 0.9).all()


def test_digits_are_ink_on_paper_and_photographs_light(run, digit):
    """What has the network's own size is drawn dark where it is 1, as mistakes and the explorer draw it."""
    drawn, shown = (blocks(applied(run, picture))[0].cmap for picture in (digit, photograph()))
    dark, light = 0.5, 2.9  # red, green and blue together
    assert [sum(cmap(1.0)[:3]) < dark for cmap in (drawn, shown)] == [True, False]
    assert [sum(cmap(1.0)[:3]) > light for cmap in (drawn, shown)] == [False, True]
    assert [sum(cmap(0.0)[:3]) > light for cmap in (drawn, shown)] == [True, False]


def test_a_filter_that_does_not_react_says_so(run, monkeypatch, digit):
    """An empty map is no riddle: it is said whether the filter never reacts, or does not here."""
    found = responses(run, digit)
    found.active[[1, 3]] = 0
    monkeypatch.setattr(sys.modules["convlens.inspection.applied"], "responses", lambda *_: found)
    dead = Oddities("Conv1", 6, 0, 1000, (2,), (), ())
    texts = [text.get_text() for text in applied(run, digit, odd=dead).axes[0].texts]
    assert texts.count("never\nreacts") == 1
    assert texts.count("no\nreaction") == 1
    assert "never\nreacts" not in keys(applied(run, digit))


def test_all_maps_share_a_scale_where_that_is_asked_for(run, digit):
    """Equal responses have equal colours with `scale="common"`."""
    found = responses(run, digit)
    image = blocks(applied(run, digit, scale="common"))[2]
    expected = np.unique((found.raw / np.abs(found.raw).max()).astype(np.float32))
    np.testing.assert_allclose(np.unique(tiles(image)), expected, atol=1e-6)
    with pytest.raises(UsageError, match="`scale` of applied must be one of own, common"):
        applied(run, digit, scale="all")


def test_small_maps_are_sharp(run, digit):
    """Every pixel of a digit's maps is a square, in every format."""
    assert {image.get_interpolation() for image in blocks(applied(run, digit))} == {"none"}


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
    image = blocks(feature_maps(run, digit, layer))[1]
    expected = run.network().activations(digit[None, None])[layer][0]
    assert expected.shape == size
    np.testing.assert_allclose(
        np.unique(tiles(image)), np.unique(robust(expected).astype(np.float32)), atol=1e-5
    )


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
