"""Filters before and after training: scales that say so, bars of strength, the run's own numbers."""

import numpy as np
import pytest

from convlens.errors import RunError, UsageError
from convlens.findings import filter_layers, weights
from convlens.inspection import alt_text, filters
from drawn import bars, blocks, keys, numbers, shares, tiles


def strengths(after):
    """Return the largest absolute weight of each filter."""
    return np.abs(after).reshape(len(after), -1).max(axis=1)


def expected(values, limits):
    """Return the different shares of their limits, from the lowest to the highest."""
    return np.unique((values / np.reshape(limits, (-1, *[1] * (values.ndim - 1)))).astype(np.float32))


@pytest.mark.parametrize("order", ["index", "change"])
@pytest.mark.parametrize(("name", "parameter"), [("run", "W1"), ("deep_run", "W1"), ("deep_run", "W2")])
def test_first_weights_have_a_scale_of_their_own_which_is_said(request, name, parameter, order):
    """The strongest colour is the largest first weight, and the title and the key say which that is."""
    run = request.getfixturevalue(name)
    figure = filters(run, parameter, order=order)
    first, after = run.filters[parameter][0], run.filters[parameter][-1]
    limit = np.abs(first).max()
    before, _ = blocks(figure)
    assert (before.norm.vmin, before.norm.vmax) == (-1, 1)
    np.testing.assert_allclose(shares(before), expected(first, [limit] * len(first)), atol=1e-6)
    assert f"±{limit:.3g}" in keys(figure)
    assert f"+{limit:.3g}" in keys(figure)
    times = np.abs(after).max() / limit
    assert (f"{times:.1f} times stronger" in keys(figure)) == (1.5 <= times < 10)


@pytest.mark.parametrize(("name", "parameter"), [("run", "W1"), ("deep_run", "W1"), ("deep_run", "W2")])
def test_trained_filters_have_the_strongest_colour_each_and_a_bar_of_strength(request, name, parameter):
    """Each filter is divided by its own largest weight; the bar's length is in proportion to that."""
    run = request.getfixturevalue(name)
    after = run.filters[parameter][-1]
    figure = filters(run, parameter)
    np.testing.assert_allclose(shares(blocks(figure)[1]), expected(after, strengths(after)), atol=1e-6)
    lengths = bars(figure)[0]
    np.testing.assert_allclose(lengths / lengths.max(), strengths(after) / strengths(after).max(), rtol=1e-6)
    assert f"full length {strengths(after).max():.3g}" in keys(figure)


@pytest.mark.parametrize("parameter", ["W1", "W2"])
def test_one_common_scale_is_there_for_whoever_asks(deep_run, parameter):
    """With `scale="common"` equal weights have equal colours, before and after."""
    stack = deep_run.filters[parameter]
    limit = max(np.abs(stack[0]).max(), np.abs(stack[-1]).max())
    for image, part in zip(blocks(filters(deep_run, parameter, scale="common")), stack[[0, -1]], strict=True):
        np.testing.assert_allclose(shares(image), expected(part, [limit] * len(part)), atol=1e-6)
    assert f"one scale: ±{limit:.3g}" in keys(filters(deep_run, parameter, scale="common"))


def test_filters_are_numbered_from_one_in_the_order_that_is_asked_for(run):
    """Ordered by change, the most changed filter comes first and keeps its own number."""
    change = np.abs(weights(run).change).sum(axis=(1, 2, 3))
    for block in numbers(filters(run, order="change")):
        assert [int(number) for number in block] == list(np.argsort(-change) + 1)
    assert numbers(filters(run)) == [list("123456")] * 2


def test_one_channel_of_deep_filters_is_shown_alone(deep_run):
    """Channel 2 of the second layer is its second slice, as pictures."""
    after = deep_run.filters["W2"][-1][:, 1]
    image = blocks(filters(deep_run, "W2", channel=2))[1]
    np.testing.assert_allclose(shares(image), expected(after, strengths(after)), atol=1e-6)


def test_a_grid_has_a_row_a_filter_and_a_column_a_channel(deep_run):
    """The first filter's kernel for the second channel stands right of that for the first."""
    drawn = tiles(blocks(filters(deep_run, "W2"))[1])
    kernels = deep_run.filters["W2"][-1]
    assert drawn.shape[:2] == kernels.shape[:2]
    for place in np.ndindex(kernels.shape[:2]):
        own = kernels[place] / strengths(kernels)[place[0]]
        np.testing.assert_allclose(np.unique(drawn[place]), np.unique(own.astype(np.float32)), atol=1e-6)


def test_the_layers_with_filters_are_named_in_order(deep_run, flat_run):
    """Convolution weights have names; a network without convolutions has none."""
    assert filter_layers(deep_run) == ("W1", "W2")
    assert filter_layers(flat_run) == ()


def test_the_alternative_text_holds_the_numbers(run):
    """The sentence for those who cannot see the figure says how large weights were and are."""
    found = weights(run)
    said = alt_text(filters(run))
    for value in (np.abs(found.before).max(), strengths(found.after).min(), strengths(found.after).max()):
        assert f"{value:.3g}" in said


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"layer": "W9"}, r"C1 \(or W1\), C2 \(or W2\). Got 'W9'"),
        ({"layer": "W2", "channel": 4}, "from 1 to 3. Got 4"),
        ({"layer": "W2", "channel": 0}, "from 1 to 3. Got 0"),
        ({"order": "size"}, "one of index, change. Got 'size'"),
        ({"scale": "log"}, "one of own, common. Got 'log'"),
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
