"""safetensors files by strangers: nothing is believed that the rest of the file does not bear out."""

import json

import numpy as np
import pytest

from convlens.errors import DataError
from convlens.networks import read_arrays, write_arrays
from convlens.networks.tensors import Tensors


def written(header, body=b""):
    """A safetensors file with this header, a dict or the very bytes."""
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + body


def tensor(start, stop, shape=None, dtype="F32"):
    """An entry of a header."""
    shape = [(stop - start) // 4] if shape is None else shape
    return {"dtype": dtype, "shape": shape, "data_offsets": [start, stop]}


FLOATS = np.arange(4, dtype="<f4").tobytes()

HOSTILE = {
    "300,000 tensors": (written({str(i): tensor(0, 0) for i in range(300_000)}), "header has"),
    "20,000 tensors": (written({str(i): tensor(0, 0) for i in range(20_000)}), "more than 10,000"),
    "a giant name": (written({"W" * 1_000_000: tensor(0, 16)}, FLOATS), "more than 1,000 letters"),
    "a million axes": (written({"W": tensor(0, 16, [1] * 1_000_000)}, FLOATS), "at most 32 lengths"),
    "forty axes": (written({"W": tensor(0, 16, [4] + [1] * 39)}, FLOATS), "at most 32 lengths"),
    "overlapping": (written({"a": tensor(0, 12), "b": tensor(8, 16)}, FLOATS), "overlap"),
    "the same bytes": (written({"a": tensor(0, 16), "b": tensor(0, 16)}, FLOATS), "overlap"),
    "a hole": (written({"a": tensor(0, 4), "b": tensor(8, 16)}, FLOATS), "leave bytes out"),
    "negative offsets": (written({"a": tensor(-8, 8)}, FLOATS), "start and stop, 0 or more"),
    "backwards": (written({"a": tensor(16, 0, [4])}, FLOATS), "does not fill"),
    "beyond the end": (written({"a": tensor(0, 32)}, FLOATS), "16 follow"),
    "bytes left over": (written({"a": tensor(0, 8)}, FLOATS), "16 follow"),
    "a name twice": (
        written(b'{"a":%b,"a":%b}' % ((json.dumps(tensor(0, 16)).encode(),) * 2), FLOATS),
        "'a' twice",
    ),
    "a shape that is none": (written({"a": tensor(0, 16, [2.0, 2])}, FLOATS), "lengths, 0 or more"),
    "a true axis": (written({"a": tensor(0, 16, [True, 4])}, FLOATS), "lengths, 0 or more"),
    "a shape of 10**18": (written({"a": tensor(0, 16, [10**18])}, FLOATS), "lengths, 0 or more"),
    "an unknown type": (written({"a": tensor(0, 16, [8], "BF16")}, FLOATS), "'BF16', none of"),
    "a giant type": (written({"a": tensor(0, 16, [8], "F" * 10_000)}, FLOATS), "(10,000 letters)"),
    "no offsets": (written({"a": {"dtype": "F32", "shape": [4]}}, FLOATS), "dtype, shape and data_offsets"),
    "text for an entry": (written({"a": "F32"}, FLOATS), "dtype, shape and data_offsets"),
    "a list": (written([1]), "not a table"),
    "a deep list": (written(b"[" * 100_000), "nested too deeply"),
    "a deep entry": (written(b'{"a":' * 50_000), "nested too deeply"),
    "a long number": (written(b'{"a":' + b"9" * 10_000 + b"}"), "not JSON"),
    "no UTF-8": (written(b'{"\xff": 1}'), "not JSON"),
    "metadata of numbers": (written({"__metadata__": {"a": 1}}), "not texts"),
    "metadata in a list": (written({"__metadata__": ["a"]}), "not texts"),
    "a header without end": (b"\xff" * 8 + b"{}", "announces 18,446,744,073,709,551,615 bytes"),
}


@pytest.mark.parametrize("kind", list(HOSTILE))
def test_headers_by_strangers(tmp_path, kind):
    """A header that is too large, or that the file does not bear out, is refused in one short line."""
    content, words = HOSTILE[kind]
    path = tmp_path / "w.safetensors"
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"w\.safetensors") as raised:
        read_arrays(path)
    assert words in str(raised.value)
    assert len(str(raised.value)) < 700
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("dtype", ["bool", "i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "f2", "f4", "f8"])
def test_every_type_comes_back(tmp_path, dtype):
    """Every type of number that NumPy writes is read, into arrays that are ours to change."""
    array = np.arange(6).reshape(2, 3).astype(dtype)
    write_arrays(tmp_path / "w.safetensors", {"a": array, "none": array[:0]}, {"note": "한글"})
    content = (tmp_path / "w.safetensors").read_bytes()
    read = Tensors(content).arrays()
    np.testing.assert_array_equal(read["a"], array)
    assert read["a"].dtype == array.dtype
    assert read["none"].shape == (0, 3)
    assert Tensors(content).metadata == {"note": "한글"}
    read["a"][:] = 0


def test_an_empty_file_of_tensors(tmp_path):
    """No tensors at all are none."""
    (tmp_path / "w").write_bytes(written({}))
    assert read_arrays(tmp_path / "w") == {}
