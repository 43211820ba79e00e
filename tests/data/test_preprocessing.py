"""Bytes to numbers from 0 to 1: one place, and the same bits as ever."""

import re
from pathlib import Path

import numpy as np
import pytest

import convlens
from convlens.data import load_mnist
from convlens.data.preprocessing import USUAL, Preprocessing
from convlens.engine.feed import SCALES
from convlens.networks.pictures import scaled
from convlens.spec import simple

BYTES = np.arange(256, dtype=np.uint8).reshape(4, 1, 8, 8)
OTHERS = {"explorer/drawing.py", "inspection/drawing/palette.py", "inspection/drawing/coloured.py"}
"""Places on a pad and parts of a colour: no picture's numbers."""


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_bytes_are_divided_bit_by_bit(dtype):
    """As `x / 255` in the dtype itself, in new memory."""
    again = BYTES.astype(dtype) / np.dtype(dtype).type(255)
    np.testing.assert_array_equal(USUAL.apply(BYTES, dtype), again)
    kept = again.copy()
    USUAL.apply(again, dtype)
    np.testing.assert_array_equal(again, kept)


@pytest.mark.parametrize(
    ("subtract", "divide", "dtype"),
    [(0.0, 255.0, "float32"), (128.0, 64.0, "float64"), (33.0, 78.0, "float32")],
)
def test_another_preprocessing_subtracts_first(subtract, divide, dtype):
    """(number - subtract) / divide, each step in the dtype."""
    found = Preprocessing(subtract, divide).apply(BYTES, dtype)
    kind = np.dtype(dtype).type
    np.testing.assert_array_equal(found, (BYTES.astype(dtype) - kind(subtract)) / kind(divide))


@pytest.mark.parametrize("protocol", ["standard", "book"])
def test_networks_kernels_and_mnist_read_it(protocol):
    """The layers divide, kernels multiply by the float32 next to 1/255; the book divides in float32."""
    spec = simple(input_dim=(1, 8, 8), dtype="float64", protocol=protocol)
    wanted = BYTES / 255 if protocol == "standard" else (BYTES / np.float32(255)).astype("float64")
    np.testing.assert_array_equal(scaled(BYTES, spec, is_bytes=True), wanted)
    assert SCALES[np.dtype(np.uint8)] == np.float32(1 / 255)
    raw, ours = (load_mnist(normalize=normalize)[1][0][:5] for normalize in (False, True))
    np.testing.assert_array_equal(ours, raw / np.float32(255))


def test_no_other_room_has_this_arithmetic():
    """Nothing behind the data divides by 255."""
    package = Path(convlens.__file__).parent
    division = re.compile(r"/ *(?:np\.float32\()?255\b")
    files = [file for file in package.rglob("*.py") if file.parent.name != "data"]
    found = {
        file.relative_to(package).as_posix() for file in files if division.search(file.read_text("utf-8"))
    }
    assert found == OTHERS
