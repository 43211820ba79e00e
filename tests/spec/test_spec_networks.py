"""Networks as data: shapes, parameters, multiply-adds, receptive fields, names."""

import numpy as np
import pytest
from hypothesis import given

from cases import LAYER_CASES, case_id
from convlens import spec
from convlens.errors import SpecError
from convlens.networks import Network
from convlens.spec import Affine, AveragePooling, Convolution, NetworkSpec, Pooling, Relu, Sigmoid
from strategies import network_specs


def column(network, attribute):
    """One attribute of every layer, by the layer's name."""
    return {row.name: getattr(row, attribute) for row in network.table}


def test_simple():
    """The book's network: 433,890 parameters and 0.86 million multiply-adds, as BOOK_API.md counts."""
    network = spec.simple()
    assert network.n_parameters == 433_890
    assert network.parameter_shapes == {
        "W1": (30, 1, 5, 5), "b1": (30,), "W2": (4320, 100), "b2": (100,), "W3": (100, 10), "b3": (10,)
    }  # fmt: skip
    assert sum(row.multiply_adds for row in network.table) == 24 * 24 * 30 * 25 + 4320 * 100 + 1000 == 865_000
    assert list(column(network, "name")) == ["Conv1", "Relu1", "Pool1", "Affine1", "Relu2", "Affine2"]


def test_lenet():
    """The report's LeNet: 61,706 parameters, 28 → 14 → 10 → 5, with the paper's layer names."""
    network = spec.lenet()
    assert network.n_parameters == 61_706
    shapes = column(network, "output_shape")
    assert [shapes[name] for name in ("C1", "S2", "C3", "S4")] == [
        (6, 28, 28), (6, 14, 14), (16, 10, 10), (16, 5, 5)
    ]  # fmt: skip
    assert column(network, "multiply_adds") == {
        "C1": 28 * 28 * 6 * 25, "Relu1": 0, "S2": 0, "C3": 10 * 10 * 16 * 6 * 25, "Relu2": 0, "S4": 0,
        "Affine1": 400 * 120, "Relu3": 0, "Affine2": 120 * 84, "Relu4": 0, "Affine3": 840,
    }  # fmt: skip


def test_an_odd_convolution_output():
    """Filters of 4x4 leave 25x25, pooled to 12x12: the book's own class fails here, ours does not."""
    network = spec.simple(conv_param={"filter_size": 4})
    assert network.parameter_shapes["W2"] == (30 * 12 * 12, 100)


def test_pictures_need_not_be_square():
    """Height and width are counted apart."""
    assert spec.simple((3, 20, 31)).parameter_shapes["W2"] == (30 * 8 * 13, 100)


def test_receptive_fields():
    """As one counts by hand: 5, then 6 behind the pooling; a filter after it reaches 2 pixels a step."""
    fields = column(spec.lenet(), "receptive_field")
    assert fields["C1"] == fields["Relu1"] == (5, 5)
    assert fields["S2"] == (6, 6)
    assert fields["C3"] == (14, 14)
    assert fields["S4"] == (16, 16)
    assert fields["Affine1"] == fields["Affine3"] == (28, 28)


def test_receptive_fields_of_rectangles_and_strides():
    """Axes are counted apart, and no field is larger than the picture."""
    layers = (Convolution(2, (3, 1), (2, 1)), Convolution(2, 3), Convolution(2, (3, 5)), Affine(2))
    fields = column(NetworkSpec("n", (1, 12, 9), layers), "receptive_field")
    assert [fields[f"Conv{i}"] for i in (1, 2, 3)] == [(3, 1), (7, 3), (11, 7)]
    small = NetworkSpec("n", (1, 4, 4), (Convolution(1, 3, pad=1), Convolution(1, 3, pad=1), Affine(2)))
    assert column(small, "receptive_field")["Conv2"] == (4, 4)


def seen_by_middle_output(network, name):
    """Height and width of the pixels on which one output of a layer depends, by trying each."""
    x = np.random.default_rng(0).normal(size=(1, *network.spec.input_shape))
    out = network.activations(x)[name]
    place = (0, 0, out.shape[2] // 2, out.shape[3] // 2)
    seen = []
    for row, col in np.ndindex(*x.shape[2:]):
        changed = x.copy()
        changed[0, 0, row, col] += 1
        if network.activations(changed)[name][place] != out[place]:
            seen.append((row, col))
    rows, cols = np.array(seen).T
    return np.ptp(rows) + 1, np.ptp(cols) + 1


def test_receptive_fields_by_trying():
    """The pixels whose change moves an output span what the table says."""
    layers = (Convolution(1, 3), Sigmoid(), Convolution(1, (2, 3), (1, 2)), Convolution(1, 2), Affine(2))
    network = Network(NetworkSpec("n", (1, 11, 13), layers, dtype="float64", weight_init_std=0.5))
    for name, field in column(network.spec, "receptive_field").items():
        if name.startswith("Conv"):
            assert seen_by_middle_output(network, name) == field


@given(network_specs())
def test_shapes_are_those_computed(described):
    """Every layer's output, and every parameter, has the shape that the spec infers."""
    network = Network(described)
    outputs = network.activations(np.zeros((2, *described.input_shape)))
    for row in described.table:
        assert outputs[row.name].shape == (2, *row.output_shape)
        assert all(network.params[one.name].shape == one.shape for one in row.parameters)
    kept = [one for row in described.table for one in row.parameters]
    assert network.params.vector.size == sum(one.size for one in kept)
    assert described.n_parameters == sum(one.size for one in kept if one.trained)
    assert network.predict(np.zeros((2, *described.input_shape))).shape == (2, described.n_classes)


@pytest.mark.parametrize("case", LAYER_CASES, ids=case_id)
def test_multiply_adds(case):
    """Multiply-adds are each output's number of weights; layers without weights have none."""
    weights = case.parameter_shapes.get("W")
    each = 0 if weights is None else np.prod(weights) // case.output_shape[0]
    assert case.layer.multiply_adds(case.input_shape) == each * np.prod(case.output_shape)


def test_named_lists_the_networks():
    """Each name gives its network; the table is what `named` knows."""
    assert list(spec.NETWORKS) == ["simple", "lenet", "speedrun", "deep", "tiny", "swift", "resnet"]
    names = ["SimpleConvNet", "LeNet", "Speedrun", "DeepConvNet", "Tiny", "Swift", "ResNet9"]
    assert [spec.named_network(name).name for name in spec.NETWORKS] == names


def test_deep_is_the_books():
    """Its shapes are those of the book's DeepConvNet; its fourth convolution has two rows more around it."""
    found = spec.named_network("deep").parameter_shapes
    shapes = {name: shape for name, shape in found.items() if name[0] == "W"}
    filters = [(16, 1, 3, 3), (16, 16, 3, 3), (32, 16, 3, 3), (32, 32, 3, 3), (64, 32, 3, 3), (64, 64, 3, 3)]
    assert list(shapes.values()) == [*filters, (64 * 4 * 4, 50), (50, 10)]


@pytest.mark.parametrize("shape", [(1, 28, 28), (3, 32, 32), (1, 16, 20)])
def test_networks_of_other_pictures(shape):
    """Named networks take the size, the channels and the classes of whatever they are to learn."""
    for make in spec.NETWORKS.values():
        made = make(input_dim=shape, output_size=7)
        assert (made.input_shape, made.n_classes) == (shape, 7)
    assert spec.NETWORKS["tiny"](input_dim=shape).n_parameters < 10_000
    assert spec.named_network("tiny").n_parameters < 10_000


def test_layer_names():
    """Unnamed layers are counted by kind; a name of one's own takes its place in the count."""
    layers = (Convolution(1, 1), Relu(), Convolution(1, 1, name="mine"), Relu(), Convolution(1, 1), Affine(2))
    names = [row.name for row in NetworkSpec("n", (1, 2, 2), layers).table]
    assert names == ["Conv1", "Relu1", "mine", "Relu2", "Conv3", "Affine1"]


def test_equal_specs():
    """One number for both directions is the pair of it; a pooling's stride is its window unless said."""
    assert Convolution(3, 5, 1, 2) == Convolution(3, (5, 5), (1, 1), (2, 2))
    assert Convolution(3, [5, 5]) == Convolution(3, 5)
    assert Pooling((2, 3)).stride == (2, 3)
    assert Pooling(2) == Pooling(2, 2)
    assert Pooling(2) != Pooling(2, 1)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Convolution(0, 3), r"`filters` of Convolution must be a positive int. Got 0"),
        (lambda: Convolution(True, 3), r"`filters` of Convolution .* Got True"),
        (lambda: Convolution(2, 0), r"`kernel_size` of Convolution must be an int ≥ 1 or two .* Got 0"),
        (lambda: Convolution(2, (3, 3, 3)), r"`kernel_size` of Convolution"),
        (lambda: Convolution(2, 3, stride=0), r"`stride` of Convolution .* Got 0"),
        (lambda: Convolution(2, 3, pad=-1), r"`pad` of Convolution .* Got -1"),
        (lambda: Convolution(2, 3, pad=True), r"`pad` of Convolution .* Got True"),
        (lambda: Pooling(2, pad=2), r"`pad` of Pooling must be at most half its window \(2, 2\). Got 2"),
        (lambda: Pooling((2, 3), pad=(0, 2)), r"`pad` of Pooling must be at most half its window \(2, 3\)"),
        (lambda: Pooling(2.0), r"`window` of Pooling .* Got 2\.0"),
        (lambda: Affine(1.5), r"`units` of Affine must be a positive int. Got 1.5"),
        (lambda: NetworkSpec("n", (1, 4, 4), ()), r"`layers` of n must be one or more"),
        (
            lambda: NetworkSpec("n", (1, 4, 4), (Convolution(2, 3), Relu())),
            r"the last layer of n must give one number a class, .*: end with .*\. Relu1 gives \(2, 2, 2\)",
        ),
        (lambda: NetworkSpec("n", (1, 4, 4), (Pooling((4, 2)),)), r"Pool1 gives \(1, 1, 2\)"),
        (
            lambda: Convolution(2, 3, pad="valid"),
            r'`pad` of Convolution must be .*, or "same"\. Got \'valid\'',
        ),
        (lambda: Pooling(2, pad="SAME"), r'`pad` of Pooling must be .*, or "same"\. Got \'SAME\''),
        (lambda: AveragePooling(2, pad=2), r"`pad` of AveragePooling must be at most half its window"),
        (lambda: AveragePooling(2, pad=("same", 1)), r"`pad` of AveragePooling must be an int ≥ 0 or two"),
        (lambda: NetworkSpec("n", (1, 4), (Affine(2),)), r"`input_shape` of n must be \(channels, height, w"),
        (
            lambda: NetworkSpec("n", (1, 4, 4), (Convolution(1, 5), Affine(2))),
            r"n, layer Conv1: the window of Convolution \(5x5\) is larger than its input \(4x4, pad 0x0\)",
        ),
        (
            lambda: NetworkSpec("n", (1, 4, 4), (Pooling(2), Pooling(3), Affine(2))),
            r"n, layer Pool2: the window of Pooling \(3x3\) is larger than its input \(2x2",
        ),
        (
            lambda: NetworkSpec("n", (1, 4, 4), (Affine(3), Convolution(1, 1), Affine(2))),
            r"n, layer Conv1: Convolution needs an input of shape \(channels, height, width\). Got \(3,\)",
        ),
        (
            lambda: NetworkSpec("n", (1, 4, 4), (Relu(name="a"), Affine(2, name="a"))),
            r"layer names must differ. Twice: a",
        ),
        (lambda: spec.simple((28, 28)), r"`input_dim` must be \(channels, height, width\)"),
        (lambda: spec.simple(784), r"`input_dim` must be \(channels, height, width\). Got 784"),
        (lambda: spec.lenet(hidden_size=120), r"`hidden_size` of LeNet must be two ints. Got 120"),
        (
            lambda: spec.simple(weight_init_std=-1),
            r"`weight_init_std` must be a number ≥ 0, or he or xavier. Got -1",
        ),
        (lambda: spec.simple(weight_init_std=None), r"`weight_init_std` must be a number ≥ 0, .* Got None"),
        (
            lambda: spec.simple(conv_param={"filters": 3}),
            r"`conv_param` of SimpleConvNet takes filter_num, .*",
        ),
        (lambda: spec.lenet(hidden_size=(120,)), r"`hidden_size` of LeNet must be two ints"),
        (lambda: spec.lenet((1, 8, 8)), r"LeNet, layer C3: the window of Convolution \(5x5\) is larger"),
    ],
)
def test_wrong_arguments(make, words):
    """Each says in one line which field of which owner is wrong, the rule, and the value."""
    with pytest.raises(SpecError, match=words) as raised:
        make()
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("name", [2, True, 0.5, (2, 2), "", "a/b", b"conv"], ids=repr)
@pytest.mark.parametrize("kind", spec.KINDS)
def test_a_name_that_is_none(kind, name):
    """A layer refuses it itself: a number in that place was meant for something else."""
    layer = spec.KINDS[kind]
    needs = {"convolution": (2, 3), "pooling": (2,), "average_pooling": (2,), "affine": (2,)}
    given = needs.get(kind, ((Relu(),),) if kind == "residual" else ())
    with pytest.raises(SpecError, match="`name` of a layer must be a text"):
        layer(*given, name=name)


@pytest.mark.parametrize("layer", [Pooling, AveragePooling, Convolution], ids=lambda layer: layer.__name__)
@pytest.mark.parametrize("pad", [None, "valid", 1.0, -1, (1, 2, 3)], ids=repr)
def test_a_pad_that_is_none(layer, pad):
    """All that it may be is said, whatever was given."""
    rule = r'an int ≥ 0 or two of them \(vertical, horizontal\), or "same"'
    with pytest.raises(SpecError, match=f"`pad` of {layer.__name__} must be {rule}. Got "):
        layer(*[2] * (2 if layer is Convolution else 1), pad=pad)
