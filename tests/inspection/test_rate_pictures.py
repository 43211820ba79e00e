"""Filters by learning rate: a row is one filter, which starts the same at every rate."""

import numpy as np
import pytest

from convlens.errors import UsageError
from convlens.findings import responses, weights
from convlens.inspection import alt_text, applied_by_rate, filters_by_rate
from drawn import bars, blocks, keys, tiles
from looked_into import DEEP, SMALL, trained

RATES = (0.0005, 0.002, 0.004)


@pytest.fixture(scope="module", params=[(SMALL, "W1"), (DEEP, "W1"), (DEEP, "W2")], ids=lambda p: p[1])
def rates(request, folder):
    """A run of one seed at each of three learning rates, and the name of a layer's weights."""
    network, layer = request.param
    runs = {rate: [trained(folder, network, epochs=1, optimizer_param={"lr": rate})] for rate in RATES}
    return runs, layer


def shown(tile):
    """Return the different numbers of a tile."""
    return np.unique(tile)


def of(weight):
    """Return the different numbers of a filter as shares of the largest."""
    return np.unique((weight / np.abs(weight).max()).astype(np.float32))


def test_a_row_is_one_filter_from_its_start_through_all_rates(rates):
    """The first column holds the first weights, equal at all rates; then come the rates in their order."""
    runs, layer = rates
    found = [weights(runs[rate][0], layer) for rate in RATES]
    assert all(np.array_equal(one.before, found[0].before) for one in found)
    shuffled = dict(reversed(list(runs.items())))
    figure = filters_by_rate(shuffled, layer)
    drawn = np.concatenate([tiles(image) for image in blocks(figure)])
    assert drawn.shape[:2] == (len(found[0].after), 1 + len(RATES))
    channels = sum(np.abs(one.change).sum(axis=(2, 3)) for one in found).argmax(axis=1)
    for place, channel in enumerate(channels):
        columns = [found[0].before, *(one.after for one in found)]
        for tile, column in zip(drawn[place], columns, strict=True):
            np.testing.assert_allclose(shown(tile), of(column[place, channel]), atol=1e-6)
    assert "before\n0.0005\n0.002\n0.004" in keys(figure)
    assert f"at most {np.abs(found[0].before).max():.3g}" in alt_text(figure)


def test_bars_compare_strength_over_all_rates(rates):
    """The longest bar belongs to the strongest tile of all; others are in proportion."""
    runs, layer = rates
    figure = filters_by_rate(runs, layer)
    lengths = np.concatenate(bars(figure)).reshape(-1, 1 + len(RATES))
    found = [weights(runs[rate][0], layer) for rate in RATES]
    channels = sum(np.abs(one.change).sum(axis=(2, 3)) for one in found).argmax(axis=1)
    picked = np.arange(len(channels)), channels
    columns = [np.abs(part[picked]).max(axis=(1, 2)) for part in (found[0].before, *(f.after for f in found))]
    strengths = np.stack(columns, axis=1)
    np.testing.assert_allclose(lengths / lengths.max(), strengths / strengths.max(), rtol=1e-5)


def test_runs_that_start_differently_have_no_common_start(folder):
    """Where no seed is shared there is no column of first weights, and it is said why."""
    runs = {
        rate: [trained(folder, SMALL, epochs=1, seed=seed, optimizer_param={"lr": rate})]
        for seed, rate in enumerate(RATES)
    }
    figure = filters_by_rate(runs)
    assert tiles(blocks(figure)[0]).shape[1] == len(RATES)
    assert "started with different weights" in keys(figure)
    assert "same weights" not in alt_text(figure)


def test_a_picture_goes_through_the_filters_of_every_rate(rates):
    """Each map is that of the run of its column."""
    runs, layer = rates
    run = runs[RATES[0]][0]
    digit = run.data.test.x[0, 0]
    figure = applied_by_rate(runs, digit, layer)
    drawn = np.concatenate([tiles(image) for image in blocks(figure)[1:]])
    lengths = np.concatenate(bars(figure)).reshape(-1, len(RATES))
    raw = [responses(runs[rate][0], digit, layer).raw for rate in RATES]
    strengths = np.stack([np.abs(maps).max(axis=(1, 2)) for maps in raw], axis=1)
    assert drawn.shape[:2] == strengths.shape
    np.testing.assert_allclose(lengths / lengths.max(), strengths / strengths.max(), rtol=1e-5)


def test_what_cannot_be_compared_is_refused(rates, folder):
    """One rate, or filters of different shapes, give one line each."""
    runs, layer = rates
    with pytest.raises(UsageError, match=r"two learning rates or more\. Got 1"):
        filters_by_rate({RATES[0]: runs[RATES[0]]}, layer)
    with pytest.raises(UsageError, match="one of own, common"):
        filters_by_rate(runs, layer, scale="none")
    other = DEEP if runs[RATES[0]][0].spec.name == "Small" else SMALL
    strange = {**runs, 0.01: [trained(folder, other, epochs=1, optimizer_param={"lr": 0.01})]}
    with pytest.raises(UsageError, match="differ in shape"):
        filters_by_rate(strange, "W1")
