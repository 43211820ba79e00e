"""Networks that have learned something leave as they are: grey and colour, 2 to 100 classes."""

import json

import numpy as np
import pytest
from elsewhere import WAYS, assert_close, by_c_int8, needs_compiler, size_of

from convlens import spec
from convlens.interop import Exported, export_c, export_c_int8, export_onnx, export_torch, quantize
from convlens.networks import Network
from convlens.spec import Affine, Convolution, NetworkSpec, Pooling, Relu
from convlens.training import Trainer

SETS = {"grey": (1, 10), "colour": (3, 10), "two classes": (1, 2), "colour, 100 classes": (3, 100)}
_TRAINED = {}


def trained(name):
    """A network that tells classes apart, and pictures of bytes with labels that it has not seen."""
    if name not in _TRAINED:
        channels, classes = SETS[name]
        rng = np.random.default_rng(0)
        shown = rng.integers(0, 256, (classes, channels, 8, 8))
        t = np.arange(4 * max(classes, 20)) % classes
        noise = rng.integers(-40, 40, (len(t), *shown.shape[1:]))
        x = np.clip(shown[t] + noise, 0, 255).astype(np.uint8)
        layers = (Convolution(6, 3), Relu(), Pooling(2), Affine(30), Relu(), Affine(classes))
        network = Network(NetworkSpec("Small", (channels, 8, 8), layers, "he"), engine="layers")
        half = len(t) // 2
        Trainer(
            network, x[:half], t[:half], x[half:], t[half:], 30, 20, "Adam", {"lr": 0.01}, 1, verbose=False
        ).train()
        _TRAINED[name] = network, x[half:], t[half:]
    return _TRAINED[name]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", SETS)
def test_what_was_learned_is_there(way, name, tmp_path):
    """The scores, and every answer."""
    network, x, t = trained(name)
    assert network.accuracy(x, t) > 0.9
    given = x.astype(np.float32) / np.float32(255)
    scores = way(Exported.of(network), given, tmp_path)
    assert_close(scores, network, given)
    np.testing.assert_array_equal(scores.argmax(axis=1), network.predict(x).argmax(axis=1))


@needs_compiler
@pytest.mark.parametrize("name", SETS)
def test_what_was_learned_is_there_in_whole_numbers(name, tmp_path):
    """The C file's scores are the reference's, bit by bit, and hardly an answer is another one."""
    network, x, _ = trained(name)
    quantized = quantize(Exported.of(network), x[:20])
    whole = quantized.predict(x)
    np.testing.assert_array_equal(by_c_int8(quantized, x, tmp_path), whole)
    assert np.mean(whole.argmax(axis=1) == network.predict(x).argmax(axis=1)) > 0.97


@pytest.mark.torch
@pytest.mark.parametrize("name", SETS)
def test_the_weights_are_pytorchs_without_our_file(name, tmp_path):
    """Layers of one's own take them by name, and nothing of convlens is asked."""
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    from safetensors.torch import load_file

    network, x, _ = trained(name)
    module, weights = export_torch(Exported.of(network), tmp_path / "n.py")
    assert "convlens" not in module.read_text(encoding="utf-8").split('"""', 2)[2]
    nn, read = torch.nn, load_file(weights)
    own = nn.ModuleDict(
        {
            "conv1": nn.Conv2d(x.shape[1], 6, 3),
            "affine1": nn.Linear(6 * 3 * 3, 30),
            "affine2": nn.Linear(30, network.spec.n_classes),
        }
    )
    own.load_state_dict(read)
    given = torch.from_numpy(x.astype(np.float32) / np.float32(255))
    with torch.no_grad():
        pooled = nn.functional.max_pool2d(torch.relu(own["conv1"](given)), 2)
        scores = own["affine2"](torch.relu(own["affine1"](pooled.flatten(1))))
    assert_close(scores.numpy(), network, given.numpy())


@pytest.mark.parametrize("name", SETS)
def test_what_an_onnx_file_asks_for(name, tmp_path):
    """Operator set 13 and format 7, for old runtimes too; the classes and the pictures are told."""
    onnx = pytest.importorskip("onnx", reason="ONNX is not installed")
    network, _, _ = trained(name)
    names = [f"klasse {k}" for k in range(network.spec.n_classes)]
    model = onnx.load(export_onnx(Exported.of(network, names), tmp_path / "n.onnx", from_bytes=True))
    assert (model.ir_version, [(one.domain, one.version) for one in model.opset_import]) == (7, [("", 13)])
    told = {one.key: one.value for one in model.metadata_props}
    assert json.loads(told["classes"]) == names
    assert told["pictures"] == "bytes 0 to 255"
    assert json.loads(told["preprocessing"]) == {"subtract": 0.0, "divide": 255.0}
    (given,) = model.graph.input
    sizes = given.type.tensor_type.shape.dim[1:]
    assert [size.dim_value for size in sizes] == [*network.spec.input_shape]


SMALL = (Convolution(8, 5), Relu(), Pooling(2), Convolution(12, 3), Relu(), Pooling(2), Affine(24), Relu())


@needs_compiler
@pytest.mark.parametrize(
    ("described", "flash"),
    [
        (spec.lenet(), 64),
        (NetworkSpec("Small", (1, 28, 28), (*SMALL, Affine(10))), 16),
        (NetworkSpec("Colour", (3, 16, 16), (*SMALL, Affine(100))), 16),
    ],
    ids=["LeNet", "small", "colour"],
)
def test_how_large_a_c_file_becomes(described, flash, tmp_path):
    """In whole numbers, compiled for size, in units of 1,024 bytes; what the file says of itself is true."""
    network = Network(described, engine="layers")
    assert flash == 64 or described.n_parameters < 10_000
    pictures = np.random.default_rng(0).integers(0, 256, (4, *described.input_shape), np.uint8)
    exported = Exported.of(network)
    header = export_c_int8(quantize(exported, pictures), tmp_path / "network.h")
    code, used = size_of(header)
    assert code <= flash * 1024
    assert used <= 16 * 1024
    assert f"{2 * exported.largest:,} bytes of memory" in header.read_text(encoding="utf-8")
    assert 2 * exported.largest <= used <= 2 * exported.largest + 128
    in_floats, _ = size_of(export_c(exported, tmp_path / "network.h"))
    assert in_floats > 2 * code
