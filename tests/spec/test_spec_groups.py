"""Groups and dilation as data: shapes, what they cost, what files say of them, what is refused."""

import hashlib
import json

import pytest

from convlens import spec
from convlens.errors import SpecError
from convlens.spec import Affine, Convolution, NetworkSpec

BEFORE = {
    "simple": "1dd1f1647e0c81e31507b1e5518545004bc89eb974e06c5439a809b7672b7def",
    "lenet": "980cb74ed9ebd577b3cedf477a9edf4e438bf76e85439901c93c1ee686b10e0d",
}
"""SHA-256 of what files said of these networks before there were groups."""

USUAL = {"kind": "convolution", "filters": 4, "kernel_size": [3, 3], "stride": [1, 1], "pad": [0, 0]}


def table(*layers, shape=(4, 16, 16)):
    """The rows of a network of these layers."""
    return NetworkSpec("n", shape, (*layers, Affine(2))).table


@pytest.mark.parametrize(
    ("layer", "weights", "output", "multiply_adds"),
    [
        (Convolution(4, 3, pad=1, groups=4), (4, 1, 3, 3), (4, 16, 16), 4 * 256 * 9),
        (Convolution(8, 3, pad=1, groups=4), (8, 1, 3, 3), (8, 16, 16), 8 * 256 * 9),
        (Convolution(6, 5, 2, groups=2), (6, 2, 5, 5), (6, 6, 6), 6 * 36 * 2 * 25),
        (Convolution(3, 3, dilation=2), (3, 4, 3, 3), (3, 12, 12), 3 * 144 * 4 * 9),
        (Convolution(3, (3, 2), dilation=(1, 5)), (3, 4, 3, 2), (3, 14, 11), 3 * 154 * 4 * 6),
    ],
)
def test_sizes(layer, weights, output, multiply_adds):
    """A filter has weights for its group's channels; dilation makes its window larger, not its work."""
    row = table(layer)[0]
    assert row.parameters[0].shape == weights
    assert row.parameters[0].fan_in == weights[1] * weights[2] * weights[3]
    assert row.output_shape == output
    assert row.multiply_adds == multiply_adds


@pytest.mark.parametrize(
    ("layers", "field"),
    [
        ((Convolution(2, 3, dilation=3),), (7, 7)),
        ((Convolution(2, 3, stride=2), Convolution(2, (2, 3), dilation=(4, 1))), (11, 7)),
        ((Convolution(4, 3, groups=4), Convolution(4, 3, dilation=2, groups=2)), (7, 7)),
    ],
)
def test_receptive_fields(layers, field):
    """A dilated window reaches as far as it spans; groups reach no further than one filter would."""
    assert table(*layers)[len(layers) - 1].receptive_field == field


@pytest.mark.parametrize("name", BEFORE)
def test_files_of_usual_convolutions_stay(name):
    """One group and no dilation are not written: what names a run is as it was before there were any."""
    told = json.dumps(spec.to_dict(getattr(spec, name)()), sort_keys=True)
    assert hashlib.sha256(told.encode()).hexdigest() == BEFORE[name]


@pytest.mark.parametrize(
    ("layer", "said"),
    [
        (Convolution(4, 3, groups=1, dilation=(1, 1)), {}),
        (Convolution(4, 3, groups=2), {"groups": 2}),
        (Convolution(4, 3, dilation=(1, 2)), {"dilation": [1, 2]}),
        (Convolution(4, 3, groups=4, dilation=3), {"groups": 4, "dilation": [3, 3]}),
    ],
)
def test_files_say_what_is_unusual(layer, said):
    """What differs is written, in TOML and JSON, and read again."""
    network = NetworkSpec("n", (4, 9, 9), (layer, Affine(2)))
    assert spec.to_dict(network)["layers"][0] == {**USUAL, **said}
    assert spec.from_toml(spec.to_toml(network)) == network
    assert spec.from_json(json.dumps(spec.to_dict(network))) == network


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Convolution(4, 3, groups=3), r"`groups` of Convolution must divide the 4 filters. Got 3"),
        (lambda: Convolution(4, 3, groups=0), r"`groups` of Convolution must be a positive int. Got 0"),
        (lambda: Convolution(4, 3, groups=True), r"`groups` of Convolution must be a positive int. Got True"),
        (lambda: Convolution(4, 3, dilation=0), r"`dilation` of Convolution must be an int ≥ 1 .* Got 0"),
        (lambda: Convolution(4, 3, dilation=(1, 2, 3)), r"`dilation` of Convolution must be an int ≥ 1"),
        (
            lambda: table(Convolution(6, 3, groups=3)),
            r"layer Conv1: `groups` of Convolution must divide the 4 channels of its input. Got 3",
        ),
        (lambda: table(Convolution(2, 3, dilation=8)), r"the window of Convolution \(17x17\) is larger"),
        (lambda: table(Convolution(2, 3, dilation=10**9)), r"must be at most 1,000,000,000"),
    ],
)
def test_what_does_not_fit_is_refused(make, message):
    """Groups that are not all of one size, and windows larger than the picture: one line each."""
    with pytest.raises(SpecError, match=message):
        make()
