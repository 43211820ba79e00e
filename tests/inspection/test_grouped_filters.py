"""Pictures of filters that see the channels of their own group alone."""

import pytest

from convlens.findings import weights
from convlens.findings.looks import sees_colours
from convlens.inspection import applied, excitement, filters, forming, side_by_side
from convlens.spec import Convolution, Relu
from drawn import blocks
from looked_at_sets import run_on

LAYERS = (
    Convolution(3, 3, pad=1, groups=3, name="Depthwise"),
    Relu(),
    Convolution(4, 1, name="Pointwise"),
    Relu(),
    Convolution(6, 2, groups=2, dilation=2, name="Groups"),
)


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Two runs on pictures with colours whose first layer is depthwise."""
    folders = [(lr, tmp_path_factory.mktemp("groups") / "run") for lr in (0.01, 0.001)]
    return [run_on("two in colour", to, LAYERS, optimizer_param={"lr": lr}) for lr, to in folders]


@pytest.fixture(scope="module")
def run(runs):
    """The first of them."""
    return runs[0]


@pytest.mark.parametrize("layer", ["Depthwise", "Groups"])
@pytest.mark.parametrize(
    "draw",
    [
        lambda runs, layer: filters(runs[0], layer),
        lambda runs, layer: forming(runs[0], layer),
        lambda runs, layer: excitement(runs[0], layer),
        lambda runs, layer: side_by_side(runs, layer=layer),
        lambda runs, layer: applied(runs[0], runs[0].data.test.x[0] / 255, layer=layer),
    ],
    ids=["filters", "forming", "excitement", "side by side", "applied"],
)
def test_every_picture_of_filters(runs, draw, layer):
    """It is drawn as that of any layer, and no filter of one colour is shown as one of three."""
    assert draw(runs, layer).axes
    assert not sees_colours(runs[0], layer)


def test_filters_have_as_many_tiles_as_weights(run):
    """A row a filter, a column a channel of its group: here six of two; of a depthwise layer one each."""
    for layer, count in (("Depthwise", 3), ("Groups", 6 * 2)):
        before, _ = blocks(filters(run, layer))
        shape = weights(run, layer).after.shape
        assert shape[0] * shape[1] == count
        assert before.get_array().size >= count * shape[2] * shape[3]


@pytest.mark.parametrize(
    ("layer", "first"), [("Depthwise", [0, 1, 2]), ("Pointwise", [0] * 4), ("Groups", [0] * 3 + [2] * 3)]
)
def test_the_channels_that_a_filter_sees(run, layer, first):
    """They are numbered as the layer's input numbers them, not from 1 in each group."""
    assert weights(run, layer).first_channels.tolist() == first


def test_a_channel_is_called_by_its_number_in_the_input(run):
    """Filters of the second of two groups have changed most at channel 3 or 4."""
    said = [text.get_text() for text in forming(run, "Groups").axes[0].texts]
    named = [one for one in said if "channel" in one and one[0] in "456"]
    assert len(named) == 3
    assert all(one.endswith(("3", "4")) for one in named)
