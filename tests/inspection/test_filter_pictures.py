"""Filters before and after training: one scale, the run's own numbers."""

import numpy as np
import pytest

from convlens.errors import RunError, UsageError
from convlens.findings import filter_layers, weights
from convlens.inspection import alt_text, filters


def images(figure):
    """Return the images of the three blocks."""
    found = [image for axes in figure.axes for image in axes.images]
    assert len(found) == 3
    return found


def values(image):
    """Return an image's numbers without the gaps."""
    return np.sort(np.ma.compressed(image.get_array()))


@pytest.mark.parametrize("order", ["index", "change"])
@pytest.mark.parametrize(("name", "parameter"), [("run", "W1"), ("deep_run", "W1"), ("deep_run", "W2")])
def test_the_three_blocks_share_one_symmetric_scale(request, name, parameter, order):
    """Before, after and change have the same colours for the same numbers, white for zero."""
    run = request.getfixturevalue(name)
    blocks = images(filters(run, parameter, order=order))
    limits = {(image.norm.vmin, image.norm.vmax) for image in blocks}
    assert len(limits) == 1
    low, high = limits.pop()
    assert low == -high
    stack = run.filters[parameter]
    before, after = stack[0], stack[-1]
    assert high == pytest.approx(max(np.abs(a).max() for a in (before, after, after - before)))
    for image, expected in zip(blocks, (before, after, after - before), strict=True):
        np.testing.assert_allclose(values(image), np.sort(expected, axis=None), rtol=1e-6)


def test_titles_say_the_largest_weight_of_each_block(run):
    """A pale block is explained by its numbers."""
    found = weights(run, "W1")
    titles = [axes.get_title() for axes in filters(run).axes[:3]]
    for title, block in zip(titles, (found.before, found.after, found.change), strict=True):
        assert title.endswith(f"= {np.abs(block).max():.3g}")


def test_filters_are_numbered_from_one_in_the_order_that_is_asked_for(run):
    """Ordered by change, the most changed filter comes first and keeps its own number."""
    change = np.abs(weights(run).change).sum(axis=(1, 2, 3))
    axes = filters(run, order="change").axes[0]
    assert [int(text.get_text()) for text in axes.texts] == list(np.argsort(-change) + 1)
    assert [text.get_text() for text in filters(run).axes[0].texts] == list("123456")


def test_one_channel_of_deep_filters_is_shown_alone(deep_run):
    """Channel 2 of the second layer is its second slice, as pictures."""
    blocks = images(filters(deep_run, "W2", channel=2))
    np.testing.assert_array_equal(values(blocks[1]), np.sort(deep_run.filters["W2"][-1][:, 1], axis=None))


def test_a_grid_has_a_row_a_filter_and_a_column_a_channel(deep_run):
    """The first filter's kernel for the second channel stands right of that for the first."""
    image = images(filters(deep_run, "W2"))[1].get_array()
    kernels = deep_run.filters["W2"][-1]
    np.testing.assert_array_equal(image[1:4, 1:6], kernels[0, 0])
    np.testing.assert_array_equal(image[1:4, 7:12], kernels[0, 1])
    np.testing.assert_array_equal(image[5:8, 1:6], kernels[1, 0])


def test_the_layers_with_filters_are_named_in_order(deep_run, flat_run):
    """Convolution weights have names; a network without convolutions has none."""
    assert filter_layers(deep_run) == ("W1", "W2")
    assert filter_layers(flat_run) == ()


def test_the_alternative_text_holds_the_numbers(run):
    """The sentence for those who cannot see the figure says how large weights were and are."""
    found = weights(run)
    said = alt_text(filters(run))
    for block in (found.before, found.after, found.change):
        assert f"{np.abs(block).max():.3g}" in said


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"layer": "W9"}, r"C1 \(or W1\), C2 \(or W2\). Got 'W9'"),
        ({"layer": "W2", "channel": 4}, "from 1 to 3. Got 4"),
        ({"layer": "W2", "channel": 0}, "from 1 to 3. Got 0"),
        ({"order": "size"}, "one of index, change. Got 'size'"),
        ({"lang": "fr"}, "one of en, ko, ja. Got 'fr'"),
    ],
)
def test_wrong_choices_are_refused(deep_run, options, message):
    """An unknown layer, channel, order or language gives one line with what there is."""
    with pytest.raises(UsageError, match=message):
        filters(deep_run, **options)


def test_a_network_without_filters_says_so(flat_run):
    """There is nothing to show of a network without convolutions."""
    with pytest.raises(UsageError, match="Flat has no convolution"):
        filters(flat_run)


def test_a_run_folder_without_its_filters_is_damaged(run, monkeypatch):
    """A filters file of another network is noticed, not drawn."""
    monkeypatch.setattr(run, "filters", {"W1": np.zeros((3, 6, 1, 3, 3))})
    with pytest.raises(RunError, match="does not hold the filters `W1`"):
        filters(run)
