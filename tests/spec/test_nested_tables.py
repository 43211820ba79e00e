"""A network's table, where layers hold layers: rows, names, numbers, places; and its files."""

import pytest

from convlens import spec
from convlens.errors import SpecError
from convlens.spec import Affine, Convolution, NetworkSpec, Pooling, Relu, Residual, Tanh

BLOCK = Residual((Convolution(4, 3, pad=1), Relu(), Convolution(4, 3, pad=1)))
WITH_SHORTCUT = Residual((Convolution(8, 3, 2, 1), Relu()), (Convolution(8, 1, 2),))
DEEP = Residual((Residual((Convolution(8, 3, pad=1),), (Tanh(), Pooling(3, 1, 1))), Relu()))


def network(*layers, shape=(1, 12, 12)):
    """A network of these layers with ten classes behind."""
    return NetworkSpec("nested", shape, (*layers, Affine(10)))


NESTED = network(Convolution(4, 3, pad=1), BLOCK, WITH_SHORTCUT, DEEP)


def test_layers_inside_are_rows_in_front_of_the_one_that_holds_them():
    """Names and parameters are numbered through; the layer that holds others keeps nothing besides."""
    rows = NESTED.table
    assert [row.name for row in rows] == [
        "Conv1", "Conv2", "Relu1", "Conv3", "Residual1", "Conv4", "Relu2", "Conv5", "Residual2",
        "Conv6", "Tanh1", "Pool1", "Residual3", "Relu3", "Residual4", "Affine1",
    ]  # fmt: skip
    assert list(NESTED.parameter_shapes) == [f"{key}{n}" for n in range(1, 8) for key in "Wb"]
    assert [row.name for row in NESTED.outer] == ["Conv1", "Residual1", "Residual2", "Residual4", "Affine1"]
    block = NESTED.outer[1]
    assert (block.n_parameters, block.multiply_adds, block.parameters) == (0, 0, ())
    assert [(key, one.name) for key, one in block.kept.items()] == [
        ("W1", "W2"), ("b1", "b2"), ("W2", "W3"), ("b2", "b3"),
    ]  # fmt: skip
    assert {key: one.shape for key, one in block.kept.items()} == {
        one.key: one.shape for one in BLOCK.parameters((4, 12, 12))
    }


def test_a_row_says_what_it_reads():
    """The row before it in a list; ways begin at what comes into the layer, which reads their ends."""
    assert [row.reads for row in spec.lenet().table] == [(k - 1,) for k in range(len(spec.lenet().table))]
    assert [row.reads for row in NESTED.table] == [
        (-1,), (0,), (1,), (2,), (3, 0), (4,), (5,), (4,), (6, 7),
        (8,), (8,), (10,), (9, 11), (12,), (13, 8), (14,),
    ]  # fmt: skip
    assert [row.name for row in NESTED.behind("Conv1")] == ["Conv2", "Residual1"]
    assert [row.name for row in NESTED.behind("Relu3")] == ["Residual4"]
    assert NESTED.behind("Affine1") == ()
    first = network(Residual((Relu(),)))
    assert [row.reads for row in first.table] == [(-1,), (0, -1), (1,)]


def test_a_sum_sees_what_its_widest_way_sees():
    """The receptive field grows inside, the strides of a way count behind it, and sums add up over rows."""
    fields = {row.name: row.receptive_field for row in NESTED.table}
    assert [fields[name][0] for name in ("Conv1", "Conv3", "Residual1", "Conv4", "Conv5")] == [3, 7, 7, 9, 7]
    assert fields["Residual2"] == (9, 9)
    assert fields["Conv6"] == (12, 12)  # 9 + 2 * 2, but a picture has no more
    assert NESTED.n_parameters == sum(row.n_parameters for row in NESTED.table)
    assert sum(row.multiply_adds for row in network(BLOCK, shape=(4, 5, 5)).table[:3]) == 2 * 4 * 4 * 9 * 25


FOUR = Convolution(4, 1)
EIGHT = network(DEEP, Residual((DEEP,)), shape=(8, 4, 4))
NAMED = Residual(
    (Convolution(1, 3, pad=1, name="한글"), Relu()), (Pooling(3, 1, 1, name="way"),), name="block"
)


@pytest.mark.parametrize("described", [NESTED, network(NAMED), EIGHT, network(FOUR, BLOCK)])
def test_files_nest(described):
    """TOML and JSON give back what was written, names inside included."""
    assert spec.from_toml(spec.to_toml(described)) == described
    assert spec.from_dict(spec.to_dict(described)) == described
    assert hash(spec.from_dict(spec.to_dict(described))) == hash(described)


def test_how_it_is_written():
    """A person writes the layers inside as tables of their own."""
    text = """
name = "small"
input_shape = [1, 6, 6]
[[layers]]
kind = "residual"
    [[layers.layers]]
    kind = "convolution"
    filters = 2
    kernel_size = 3
    stride = 2
    pad = 1
    [[layers.layers]]
    kind = "relu"
    [[layers.shortcut]]
    kind = "convolution"
    filters = 2
    kernel_size = 1
    stride = 2
[[layers]]
kind = "affine"
units = 10
"""
    short = Residual((Convolution(2, 3, 2, 1), Relu()), (Convolution(2, 1, 2),))
    assert spec.from_toml(text).layers == (short, Affine(10))
    assert "shortcut" not in spec.to_toml(network(Residual((Relu(),))))


def in_residuals(depth):
    """A layer's table, so deep inside others."""
    layer = {"kind": "relu"}
    for _ in range(depth):
        layer = {"kind": "residual", "layers": [layer]}
    return layer


@pytest.mark.parametrize(
    ("layer", "says"),
    [
        ({"kind": "residual"}, r"layer 1: `layers` is missing"),
        (
            {"kind": "residual", "layers": []},
            r"layer 1: `layers` of Residual must be one or more layers\. Got none\.",
        ),
        ({"kind": "residual", "layers": "relu"}, r"layer 1: `layers` of Residual must be a list of layers"),
        (
            {"kind": "residual", "layers": [{"kind": "relu"}], "shortcut": 5},
            r"layer 1: `shortcut` of Residual must",
        ),
        ({"kind": "residual", "layers": [5]}, r"layer 1, layers 1: a layer is a table with its `kind`"),
        (
            {
                "kind": "residual",
                "layers": [{"kind": "relu"}],
                "shortcut": [{"kind": "relu"}, {"kind": "rleu"}],
            },
            r"layer 1, shortcut 2: `kind` must be one of .*Did you mean relu",
        ),
        (
            {"kind": "residual", "layers": [{"kind": "relu", "layers": []}]},
            r"layer 1, layers 1: unknown key `layers`",
        ),
        (in_residuals(16), r"layers may stand 16 deep in each other"),
        (in_residuals(300), r"layers may stand 16 deep in each other"),
    ],
)
def test_files_that_are_wrong_inside(layer, says):
    """One line names the place, however deep it is."""
    with pytest.raises(SpecError, match=rf"^net\.toml, {says}" if says.startswith("layer 1") else says):
        spec.from_dict(
            {"name": "n", "input_shape": [1, 4, 4], "layers": [layer, {"kind": "affine", "units": 2}]},
            "net.toml",
        )


@pytest.mark.parametrize(
    ("block", "says"),
    [
        (
            Residual((Convolution(1, 3),)),
            r"layer Residual1: `layers` of Residual make \(1, 10, 10\) of \(1, 12, 12\)",
        ),
        (
            Residual((Convolution(2, 1),), (Convolution(3, 1),)),
            r"layer Residual1: `layers` of Residual give \(2, 12, 12\) and its `shortcut` \(3, 12, 12\)",
        ),
        (Residual((Relu(), Convolution(2, 13))), r"layer Conv1: .*13x13"),
        (Residual((Affine(3),)), r"layer Residual1: `layers` of Residual make \(3,\)"),
        (Residual((Relu(name="a"), Relu(name="a"))), r"layer names must differ\. Twice: a\."),
    ],
)
def test_ways_that_do_not_fit(block, says):
    """The layer at fault is named, inside or outside, with both shapes."""
    with pytest.raises(SpecError, match=says):
        network(block)
