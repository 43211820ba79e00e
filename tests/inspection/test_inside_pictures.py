"""What filters grew from, what excites them, and runs side by side: the numbers in the pictures."""

import numpy as np
import pytest

from convlens.errors import UsageError
from convlens.findings import exciting_patches, filter_layers, oddities, weights
from convlens.inspection import (
    alt_text,
    classes,
    comparison,
    excitement,
    filters,
    forming,
    show,
    side_by_side,
)
from convlens.inspection.forming import _places
from drawn import bars, blocks, keys, numbers, shares, tiles


@pytest.mark.parametrize(("name", "layer"), [("run", "W1"), ("deep_run", "W1"), ("deep_run", "W2")])
def test_a_strip_shows_every_epochs_weights(request, name, layer):
    """Rows are the most changed filters, columns the epochs; each tile on its own scale, with its bar."""
    one = request.getfixturevalue(name)
    figure, found = forming(one, layer), weights(one, layer)
    drawn, lengths = tiles(blocks(figure)[0]), bars(figure)[0]
    assert drawn.shape[1] == one.config.epochs + 1
    np.testing.assert_allclose(np.abs(drawn).max(axis=(2, 3)), 1, atol=1e-6)
    strongest = np.abs(found.epochs).max(axis=(3, 4)).ravel()
    most = strongest.max()
    assert all(np.isclose(strongest, length * most / lengths.max(), rtol=1e-5).any() for length in lengths)
    assert "\n".join(str(epoch) for epoch in range(one.config.epochs + 1)) in keys(figure)


def test_a_strip_has_as_many_filters_as_are_asked_for(run):
    """Two rows are two filters; more than there are, is all of them."""
    for most, expected in ((2, 2), (100, 6)):
        assert len(tiles(blocks(forming(run, most=most))[0])) == expected
    with pytest.raises(UsageError, match="`most` of forming"):
        forming(run, most=0)
    with pytest.raises(UsageError, match="`scale` of forming"):
        forming(run, scale="both")


@pytest.mark.parametrize("last", [1, 2, 10, 11, 12, 20, 50, 300])
def test_a_strip_has_at_most_eleven_epochs(last):
    """The first and the last are among them, none twice, the start is denser."""
    epochs = _places(last)
    assert (epochs[0], epochs[-1], len(epochs)) == (0, last, min(last + 1, 11))
    assert (np.diff(epochs) > 0).all()
    assert np.diff(epochs)[-1] >= np.diff(epochs)[0]


@pytest.mark.parametrize("layer", ["C1", "C2"])
def test_patches_are_those_of_the_strongest_responses(deep_run, layer):
    """The filter of the first layer, laid on its patch, gives the response again; one patch an image."""
    found = exciting_patches(deep_run, layer, 150)
    maps = deep_run.network().activations(deep_run.data.test.x[:150])[layer]
    strongest = maps.max(axis=(2, 3))
    np.testing.assert_array_equal(found.responses, -np.sort(-strongest, axis=0)[:9].T)
    assert all(len(set(row)) == 9 for row in found.images.tolist())
    if layer == "C1":
        bias = deep_run.network().params["b1"]
        again = np.einsum("fnhw,fhw->fn", found.patches, found.filters[:, 0]) + bias[:, None]
        np.testing.assert_allclose(again, found.responses, atol=1e-5)
    else:
        assert found.patches.shape[2:] == deep_run.spec.table[2].receptive_field[-2:]
        assert (found.patches.max(axis=(2, 3)) > 0).any()


def test_all_test_images_are_looked_at(run):
    """Unless fewer are asked for."""
    assert exciting_patches(run).n_images == len(run.data.test) == 10_000


def test_few_images_give_few_patches(run):
    """With four images there are four patches, and the picture is drawn."""
    assert exciting_patches(run, n_images=4).patches.shape[:2] == (6, 4)
    assert "another of 4 test images" in alt_text(excitement(run, n_images=4))


def test_every_class_has_its_rows(run, deep_run):
    """Two images of each class; the maps of a filter share a scale, and its bar says how strong it is."""
    figure = classes(run)
    raw, active, pictures = blocks(figure)
    assert tiles(pictures).shape[:2] == (20, 1)
    assert np.unique(tiles(pictures)).min() == 0
    for block, length in zip((raw, active), bars(figure), strict=True):
        assert tiles(block).shape[:2] == (20, 6)
        np.testing.assert_allclose(np.abs(tiles(block)).max(axis=(0, 2, 3)), 1, atol=1e-6)
        assert len(length) == 6
    assert shares(active)[0] == 0
    labels = "\n".join(digit for digit in "0123456789" for _ in "ab")
    assert labels in keys(figure)
    assert len(blocks(classes(deep_run, "C2", per_class=1))) == 2
    with pytest.raises(UsageError, match="`per_class`"):
        classes(run, per_class=0)


def test_odd_filters_are_marked(run):
    """A dead filter has a dagger, twins have a letter, and the words below say so."""
    odd = oddities(run)
    marked = type(odd)("Conv1", 6, 0, 1000, (2,), ((1, 4),), ())
    figure = filters(run, order="change", odd=marked)
    for block in numbers(figure):
        assert {"2†", "1a", "4a", "3", "5", "6"} == set(block)
    assert "† never react on the first 1,000 test images: 2" in alt_text(figure)
    assert "a: twins" in alt_text(figure)


def test_several_runs_share_one_scale_of_strength(runs, slow_run):
    """Filters side by side, of each kind of run the first seed: bars are comparable between the runs."""
    figure = side_by_side([*runs, slow_run])
    after = [weights(run).after for run in (runs[0], slow_run)]
    strengths = [np.abs(one).max(axis=(1, 2, 3)) for one in after]
    most = max(one.max() for one in strengths)
    assert len(blocks(figure)) == 2
    full = max(length.max() for length in bars(figure))
    for length, strength in zip(bars(figure), strengths, strict=True):
        np.testing.assert_allclose(length / full, strength / most, rtol=1e-6)
    common = blocks(side_by_side([*runs, slow_run], scale="common"))
    for image, one in zip(common, after, strict=True):
        np.testing.assert_allclose(shares(image), np.unique(np.float32(one / most)), atol=1e-6)
    with pytest.raises(UsageError, match="differ in more than their seed"):
        side_by_side(runs)


def test_a_comparison_shows_every_run(runs, slow_run):
    """Each run is a dot at its accuracy; the description holds the means."""
    figure = comparison([*runs, slow_run])
    dots = [line.get_xdata() for line in figure.axes[0].lines if line.get_marker() == "o"]
    expected = [[100 * run.results["test_accuracy"] for run in group] for group in (runs, [slow_run])]
    assert [list(values) for values in dots] == [pytest.approx(values) for values in expected]
    assert f"{np.mean(expected[0]):.2f} %" in alt_text(figure)


def test_a_notebook_gets_all_figures(deep_run):
    """`show` has each layer's figures by name, and HTML without anything from outside."""
    shown = show(deep_run)
    assert {f"filters {layer}" for layer in filter_layers(deep_run)} <= set(shown.figures)
    assert {"confusion", "class accuracy", "mistakes"} <= set(shown.figures)
    html = shown._repr_html_()
    assert html.count("<img ") == len(shown.figures)
    assert "http" not in html
    assert "curves" in repr(shown)
    assert shown["curves"] is shown.figures["curves"]
