"""A network that left computes what it computed here: by ONNX Runtime, PyTorch, a compiled program."""

import json

import numpy as np
import pytest
from elsewhere import WAYS, assert_close, by_c, by_c_int8, by_onnx, by_torch, needs_compiler
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases import LAYER_CASES, case_id, network_of
from convlens import spec
from convlens.errors import UsageError
from convlens.interop import (
    C_INT8,
    INT8,
    ONNX,
    TORCH,
    C,
    Exported,
    export_c,
    export_onnx,
    export_torch,
    quantize,
)
from convlens.interop.folding import folded
from convlens.networks import Network
from convlens.spec import KINDS, Affine, Convolution, NetworkSpec, Pooling, Relu, Residual
from convlens.spec import BatchNormalization as Norm
from strategies import network_specs

CONVOLVED = (Convolution(3, 3), Norm())

quick = settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])


def some(described: NetworkSpec, seed: int = 0) -> tuple[Network, np.ndarray]:
    """A network with random weights and biases, and pictures."""
    network, rng = Network(described, seed, engine="layers"), np.random.default_rng(seed)
    for name, value in network.params.items():
        value[...] = value + rng.normal(0, 0.1, value.shape)
        if name.startswith("running_var"):
            value[...] = np.abs(value)
    return network, rng.random((5, *described.input_shape), np.float32)


NORMALISED = {
    "behind weights": (*CONVOLVED, Relu(), Pooling(2), Affine(6), Norm(1e-3), Relu(), Affine(4)),
    "twice": (*CONVOLVED, Norm(), Relu(), Affine(4)),
    "behind pooling": (Convolution(3, 3), Pooling(2), Norm(), Relu(), Affine(4), Norm(), Affine(3)),
    "the book's": (Convolution(3, 3), Norm(variant="book"), Affine(4), Norm(variant="book"), Affine(3)),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", NORMALISED)
def test_a_normalisation_is_the_same_elsewhere(way, name, tmp_path):
    """As a layer of its own, or in the weights before it."""
    network, x = some(NetworkSpec("Normed", (2, 8, 7), NORMALISED[name], "he"))
    assert_close(way(Exported.of(network), x, tmp_path), network, x)


@pytest.mark.parametrize(
    ("name", "left"), [("behind weights", 0), ("twice", 0), ("behind pooling", 1), ("the book's", 1)]
)
def test_a_normalisation_is_taken_in(name, left):
    """Weights right before it take it in, and the network computes what it did; the others stay."""
    network, x = some(NetworkSpec("Normed", (2, 8, 7), NORMALISED[name], "he"))
    exported = Exported.of(network)
    found = folded(exported)
    assert [row.layer.kind for row in found.spec.table].count("batch_normalization") == left
    assert {row.name for row in found.spec.table} <= {row.name for row in network.spec.table}
    again = Network(found.spec, engine="layers")
    again.params.update(found.parameters)
    expected = network.predict(x)
    np.testing.assert_allclose(again.predict(x), expected, rtol=0, atol=1e-5 * np.abs(expected).max())
    assert folded(Exported.of(some(spec.lenet())[0])).spec == spec.lenet()


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("case", LAYER_CASES, ids=case_id)
def test_a_layer_computes_the_same_elsewhere(way, case, tmp_path):
    """Every layer of the battery, with every window, step and border."""
    network, x = some(network_of(case))
    assert_close(way(Exported.of(network), x, tmp_path), network, x)


@settings(quick, max_examples=200)
@given(described=network_specs(), seed=st.integers(0, 1000))
def test_a_network_computes_the_same_by_onnx(described, seed, tmp_path):
    """Whatever layers follow each other."""
    network, x = some(described, seed)
    assert_close(by_onnx(Exported.of(network), x, tmp_path), network, x)


@pytest.mark.torch
@quick
@given(described=network_specs(), seed=st.integers(0, 1000))
def test_a_network_computes_the_same_by_torch(described, seed, tmp_path):
    """Whatever layers follow each other."""
    network, x = some(described, seed)
    assert_close(by_torch(Exported.of(network), x, tmp_path), network, x)


@needs_compiler
@quick
@given(described=network_specs(), seed=st.integers(0, 1000))
def test_a_network_computes_the_same_by_c(described, seed, tmp_path):
    """Whatever layers follow each other."""
    network, x = some(described, seed)
    assert_close(by_c(Exported.of(network), x, tmp_path), network, x)


@pytest.mark.parametrize(
    "table", [ONNX, TORCH, C, INT8, C_INT8], ids=["onnx", "torch", "c", "int8", "c int8"]
)
@pytest.mark.parametrize("kind", KINDS)
def test_every_layer_has_a_cell(table, kind):
    """A new layer must be written, or have a reason."""
    assert kind in table


@pytest.mark.parametrize(
    ("table", "export"),
    [(ONNX, export_onnx), (TORCH, export_torch), (C, export_c)],
    ids=["onnx", "torch", "c"],
)
def test_what_a_way_does_not_take_is_named(table, export, monkeypatch, tmp_path):
    """The layer, its name in the network and the reason; nothing is written."""
    monkeypatch.setitem(table, "relu", spec.Missing("for this test"))
    network = Network(spec.named_network("simple"))
    with pytest.raises(UsageError, match=r"does not take ReLU \(Relu1\): for this test"):
        export(Exported.of(network), tmp_path / "network.x")
    assert list(tmp_path.iterdir()) == []


def test_bytes_are_scaled_inside_on_request(tmp_path):
    """Then the file takes what an image file holds."""
    network, _ = some(spec.named_network("lenet"))
    x = np.random.default_rng(1).integers(0, 256, (3, 1, 28, 28), np.uint8)
    assert_close(by_onnx(Exported.of(network), x, tmp_path, from_bytes=True), network, x)


def test_classes_are_told(tmp_path):
    """In the metadata of ONNX, in the Python file and in the C file, whatever letters they have."""
    onnx = pytest.importorskip("onnx")
    network, names = (
        Network(NetworkSpec("고양이?", (1, 4, 4), (Affine(3),))),
        ["고양이", 'a "dog"', "*/ ??= \\"],
    )
    exported = Exported.of(network, names, "from\n a */ test")
    model = onnx.load(export_onnx(exported, tmp_path / "n.onnx"))
    told = {one.key: one.value for one in model.metadata_props}
    assert json.loads(told["classes"]) == names
    assert spec.from_json(told["spec"]) == network.spec
    module, _ = export_torch(exported, tmp_path / "n.py")
    assert f"CLASSES = {tuple(names)!r}" in module.read_text(encoding="utf-8")
    compile(module.read_text(encoding="utf-8"), "n.py", "exec")
    assert '"\\352\\263\\240' in export_c(exported, tmp_path / "n.h").read_text(encoding="utf-8")


@pytest.mark.parametrize("names", [["a"], list("abcdefghijk"), []])
def test_names_that_do_not_fit(names):
    """As many as classes, or none given."""
    with pytest.raises(UsageError, match="`class_names` of LeNet must be 10"):
        Exported.of(Network(spec.named_network("lenet")), names)


def test_a_network_that_diverged_does_not_leave():
    """NaN is a number in no other system either."""
    network = Network(spec.named_network("lenet"))
    network.params["W1"][:] = np.nan
    with pytest.raises(UsageError, match="`W1` of LeNet holds NaN"):
        Exported.of(network)


def whole(described: NetworkSpec, seed: int = 0):
    """A network in whole numbers, the one that it was made of, and pictures of bytes."""
    network, _ = some(described, seed)
    x = np.random.default_rng(seed).integers(0, 256, (7, *described.input_shape), np.uint8)
    return quantize(Exported.of(network), x), network, x


@needs_compiler
@pytest.mark.parametrize("case", LAYER_CASES, ids=case_id)
def test_whole_numbers_are_the_same_in_c(case, tmp_path):
    """Bit by bit, for every layer of the battery."""
    quantized, _, x = whole(network_of(case))
    np.testing.assert_array_equal(by_c_int8(quantized, x, tmp_path), quantized.predict(x))


@needs_compiler
@quick
@given(described=network_specs(), seed=st.integers(0, 1000))
def test_a_network_of_whole_numbers_is_the_same_in_c(described, seed, tmp_path):
    """Whatever layers follow each other."""
    quantized, _, x = whole(described, seed)
    np.testing.assert_array_equal(by_c_int8(quantized, x, tmp_path), quantized.predict(x))


@needs_compiler
@pytest.mark.parametrize(
    "layers",
    [
        (Affine(4), Residual((Affine(4),))),
        (Convolution(3, 3), Relu(), Residual((Affine(4), Relu()), (Affine(4),))),
        (Convolution(3, (8, 7)), Residual((Norm(),), (Convolution(3, 1),))),
        (Affine(4), Residual((Residual((Affine(4),)),))),
    ],
    ids=["rows", "two ways", "maps of one number", "nested"],
)
def test_a_sum_of_whole_numbers_may_be_the_last(layers, tmp_path):
    """Both ways are brought to one scale, finer than a layer within has; C computes the same, bit by bit."""
    quantized, network, x = whole(NetworkSpec("Sum", (2, 8, 7), layers, "he"))
    found, expected = quantized.predict(x), network.predict(x)
    np.testing.assert_array_equal(by_c_int8(quantized, x, tmp_path), found)
    assert np.abs(found * quantized.score_scale - expected).max() <= 0.05 * np.abs(expected).max()


@pytest.mark.parametrize("case", LAYER_CASES, ids=case_id)
def test_whole_numbers_are_near(case):
    """The scores in their scale differ from the network's by a few hundredths of the largest."""
    quantized, network, x = whole(network_of(case))
    expected = network.predict(x)
    error = np.abs(quantized.predict(x) * quantized.score_scale - expected).max()
    assert error <= 0.05 * max(np.abs(expected).max(), 0.1)


@pytest.mark.parametrize(
    "pictures",
    [
        np.zeros((0, 1, 28, 28), np.uint8),
        np.zeros((2, 28, 28), np.uint8),
        np.zeros((2, 1, 28, 28), np.float32),
    ],
    ids=["none", "no channels", "floats"],
)
def test_pictures_that_show_nothing(pictures):
    """Calibration wants bytes as the network takes them."""
    with pytest.raises(UsageError, match="`pictures`"):
        quantize(Exported.of(Network(spec.named_network("lenet"))), pictures)


def test_sums_that_need_more_bits():
    """A matrix of more rows than 32 bits can sum is refused."""
    described = NetworkSpec("wide", (1, 400, 400), (Affine(2),))
    with pytest.raises(UsageError, match="int8 does not take Affine1: its sums may need more than 32 bits"):
        quantize(Exported.of(Network(described)), np.zeros((1, 1, 400, 400), np.uint8))
