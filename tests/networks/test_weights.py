"""Weights in files: safetensors both ways, the book's pickles, and what does not fit."""

import json
import os
import pickle
from collections import OrderedDict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors import safe_open
from safetensors.numpy import load_file

from convlens import LeNet, SimpleConvNet
from convlens.errors import ConvlensError, DataError
from convlens.networks import Network, read_arrays, write_arrays
from convlens.networks.pickles import is_pickle

CONV = {"filter_num": 3, "filter_size": 3, "pad": 0, "stride": 1}
PICTURES = np.random.default_rng(0).random((3, 1, 8, 8))


def tiny(seed=0, **start):
    """A SimpleConvNet on pictures of 8x8 with 4 classes."""
    return SimpleConvNet((1, 8, 8), CONV, hidden_size=5, output_size=4, seed=seed, **start)


def plain(network, dtype=np.float64):
    """A network's parameters as the book's `save_params` pickles them: a plain dict of float64 arrays."""
    return {name: np.array(value, dtype) for name, value in network.params.items()}


@pytest.mark.parametrize("name", ["w.safetensors", "w.pkl", os.fsdecode("가중치".encode()), "weights"])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_save_and_load(tmp_path, name, dtype):
    """What `save_params` writes, `load_params` reads back bit for bit, into the same arrays."""
    network, other = tiny(dtype=dtype), tiny(seed=1, dtype=dtype)
    network.save_params(tmp_path / name)
    weights = other.layers["Conv1"].W
    other.load_params(str(tmp_path / name))
    np.testing.assert_array_equal(other.params.vector, network.params.vector)
    assert other.layers["Conv1"].W is weights
    np.testing.assert_array_equal(other.predict(PICTURES), network.predict(PICTURES))


def test_the_default_name_is_the_books(tmp_path, monkeypatch):
    """Without a name both use params.pkl in the current folder."""
    monkeypatch.chdir(tmp_path)
    network, other = tiny(), tiny(seed=1)
    network.save_params()
    assert [path.name for path in tmp_path.iterdir()] == ["params.pkl"]
    other.load_params()
    np.testing.assert_array_equal(other.params.vector, network.params.vector)


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
@pytest.mark.parametrize("dtype", ["f4", "f8", ">f8", "i8", "f2"])
def test_pickles_of_the_book(tmp_path, protocol, dtype):
    """A plain `pickle.dump(params)` of any protocol, number type and byte order is read."""
    network, other = tiny(), tiny(seed=1)
    params = {name: (value * 100).astype(dtype) for name, value in plain(network).items()}
    with (tmp_path / "params.pkl").open("wb") as file:
        pickle.dump(params, file, protocol)
    other.load_params(tmp_path / "params.pkl")
    for name, value in params.items():
        np.testing.assert_array_equal(other.params[name], value.astype(np.float32))
    assert np.dtype("f8").isnative


@pytest.mark.parametrize("protocol", [2, 4, 5])
@pytest.mark.parametrize(
    "form", [np.asfortranarray, lambda a: a[::-1], lambda a: a.transpose(1, 0, 2).copy().transpose(1, 0, 2)]
)
def test_pickles_of_any_memory_layout(tmp_path, protocol, form):
    """Arrays that did not lie in C order come back right."""
    array = form(np.arange(24.0).reshape(2, 3, 4))
    path = tmp_path / "a.pkl"
    path.write_bytes(pickle.dumps({"a": array}, protocol))
    read = read_arrays(path)["a"]
    np.testing.assert_array_equal(read, array)
    read[:] = 0  # ours to write


def test_our_pickle_is_the_books(tmp_path):
    """A .pkl that we write is a plain dict of arrays, which the book's own code loads with `pickle.load`."""
    tiny().save_params(tmp_path / "params.pkl")
    with (tmp_path / "params.pkl").open("rb") as file:
        loaded = pickle.load(file)  # noqa: S301 (we have just written it)
    assert type(loaded) is dict
    assert {type(value) for value in loaded.values()} == {np.ndarray}
    for name, value in tiny().params.items():
        np.testing.assert_array_equal(loaded[name], value)


def test_readable_by_safetensors_alone(tmp_path):
    """A .safetensors is one for everybody, and says within what network it is and its seed."""
    network = tiny(seed=3)
    network.save_params(tmp_path / "w.safetensors")
    loaded = load_file(tmp_path / "w.safetensors")
    assert {name: value.shape for name, value in loaded.items()} == network.spec.parameter_shapes
    with safe_open(tmp_path / "w.safetensors", "numpy") as file:
        assert json.loads(file.metadata()["spec"])["name"] == "SimpleConvNet"
        assert file.metadata()["seed"] == "3"


@pytest.mark.parametrize("protocol", ["standard", "book"])
def test_a_file_that_builds_its_network(tmp_path, protocol):
    """`Network.load` needs nothing but the file."""
    network = tiny(seed=3, protocol=protocol)
    network.save_params(tmp_path / "w.safetensors")
    again = Network.load(tmp_path / "w.safetensors")
    assert again.spec == network.spec
    assert again.seed == 3
    np.testing.assert_array_equal(again.predict(PICTURES), network.predict(PICTURES))


def test_a_file_that_does_not_say_its_network(tmp_path):
    """Without a spec inside, `Network.load` says what to do."""
    write_arrays(tmp_path / "w.safetensors", tiny().params)
    with pytest.raises(DataError, match=r"does not say what network it is; build it and use load_params"):
        Network.load(tmp_path / "w.safetensors")


@given(st.integers(1, 400))
def test_header_lengths(tmp_path_factory, length):
    """A safetensors file is one whatever its header's length: 640 begins with the bytes of a pickle."""
    path = tmp_path_factory.getbasetemp() / "header.safetensors"
    write_arrays(path, {"W": np.arange(3.0)}, {"note": "x" * length})
    assert not is_pickle(path.read_bytes())
    np.testing.assert_array_equal(read_arrays(path)["W"], [0, 1, 2])


def test_one_such_header(tmp_path):
    """Every eighth-byte length is met: among them those that begin with 0x80 and a protocol number."""
    starts = set()
    for length in range(0, 2000, 8):
        write_arrays(tmp_path / "w", {"W": np.zeros(1)}, {"note": "x" * length})
        content = (tmp_path / "w").read_bytes()
        starts.add(content[:2])
        assert not is_pickle(content)
        assert list(read_arrays(tmp_path / "w")) == ["W"]
    assert {b"\x80\x02", b"\x80\x04", b"\x80\x05"} <= starts


@pytest.mark.parametrize("shape", [(), (0,), (2, 0, 3), (1, 1)])
@pytest.mark.parametrize("name", ["a.safetensors", "a.pkl"])
def test_shapes_are_kept(tmp_path, shape, name):
    """Numbers without an axis and arrays without an entry keep their shapes."""
    write_arrays(tmp_path / name, {"a": np.ones(shape)})
    assert read_arrays(tmp_path / name)["a"].shape == shape


def test_views_are_written_as_they_are_seen(tmp_path):
    """A transposed, reversed or cut-out view is written by its values, not by its memory."""
    array = np.arange(24.0).reshape(4, 6)
    views = {"t": array.T, "r": array[::-1], "c": array[1:3, ::2]}
    write_arrays(tmp_path / "v.safetensors", views)
    for name, value in read_arrays(tmp_path / "v.safetensors").items():
        np.testing.assert_array_equal(value, views[name])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda p: p.pop("b2"), r"does not fit SimpleConvNet: `b2` must be \(5,\). Got none"),
        (lambda p: p.update(W3=np.zeros((5, 5))), r"`W3` must be \(5, 4\). Got \(5, 5\)"),
        (lambda p: p.update(W9=np.zeros(2)), r"`W9` must be absent. Got \(2,\)"),
        (lambda p: p.update(W1=p["W1"].ravel()), r"`W1` must be \(3, 1, 3, 3\). Got \(27,\)"),
    ],
)
@pytest.mark.parametrize("name", ["w.safetensors", "w.pkl"])
def test_parameters_that_do_not_fit(tmp_path, change, words, name):
    """The first parameter that does not fit is named, with both shapes; nothing is loaded."""
    params = plain(tiny(seed=1))
    change(params)
    write_arrays(tmp_path / name, params)
    network = tiny()
    with pytest.raises(DataError, match=words) as raised:
        network.load_params(tmp_path / name)
    assert "\n" not in str(raised.value)
    assert name in str(raised.value)
    np.testing.assert_array_equal(network.params.vector, tiny().params.vector)


def test_another_network(tmp_path):
    """LeNet's weights are not SimpleConvNet's."""
    LeNet().save_params(tmp_path / "lenet.safetensors")
    with pytest.raises(
        DataError, match=r"does not fit SimpleConvNet: `W1` must be \(30, 1, 5, 5\). Got \(6,"
    ):
        SimpleConvNet().load_params(tmp_path / "lenet.safetensors")


@pytest.mark.parametrize("name", ["w.safetensors", "w.pkl"])
def test_truncated_files(tmp_path, name):
    """A file that ends early is refused at every length, in one line that names it."""
    path = tmp_path / name
    write_arrays(path, {"a": np.arange(3.0), "b": np.arange(2.0)})
    content = path.read_bytes()
    for length in range(len(content)):
        path.write_bytes(content[:length])
        with pytest.raises(DataError, match=name) as raised:
            read_arrays(path)
        assert "\n" not in str(raised.value)


def test_missing_files(tmp_path):
    """A path with nothing there, or a folder, is named."""
    for path in (tmp_path / "none.pkl", tmp_path):
        with pytest.raises(DataError, match=r"cannot read .*: "):
            tiny().load_params(path)


def test_a_folder_that_is_not_there(tmp_path):
    """Saving into a missing folder says so in one line."""
    with pytest.raises(ConvlensError, match=r"cannot write .*none.w.pkl: No such file or directory"):
        tiny().save_params(tmp_path / "none" / "w.pkl")


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
def test_a_pickled_ordered_dict(tmp_path, protocol):
    """A script that keeps its parameters in an OrderedDict pickles one: it is read as a dict is."""
    network, other = tiny(), tiny(seed=1)
    (tmp_path / "params.pkl").write_bytes(pickle.dumps(OrderedDict(plain(network)), protocol))
    other.load_params(tmp_path / "params.pkl")
    np.testing.assert_array_equal(other.params.vector, network.params.vector)


@pytest.mark.parametrize("protocol", [0, 1])
def test_pickles_of_the_oldest_protocols(tmp_path, protocol):
    """They begin as anything may, so they are not read; the message says what they are, and what to do."""
    (tmp_path / "params.pkl").write_bytes(pickle.dumps(plain(tiny()), protocol))
    words = (
        r"params.pkl is a pickle of protocol 0 or 1, which is not read: `pickle.dump\(params, file, protocol"
    )
    with pytest.raises(DataError, match=words):
        tiny().load_params(tmp_path / "params.pkl")


@pytest.mark.parametrize("name", ["w.safetensors", "w.pkl"])
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e300])
def test_weights_that_are_no_numbers(tmp_path, name, value):
    """NaN, infinity and what float32 does not hold are refused by name; nothing is loaded."""
    params = plain(tiny(seed=1))
    params["W2"][1, 2] = value
    write_arrays(tmp_path / name, params)
    network = tiny()
    with pytest.raises(
        DataError, match=r"holds values in 'W2' that are NaN, infinite or beyond float32: 1 of"
    ):
        network.load_params(tmp_path / name)
    np.testing.assert_array_equal(network.params.vector, tiny().params.vector)


@pytest.mark.parametrize("name", ["w.safetensors", "w.pkl"])
@pytest.mark.parametrize("rest", [b"\0", b"garbage", b"\x80\x04N.", b"." * 100_000])
def test_what_follows_the_end(tmp_path, name, rest):
    """Bytes after the end of a file's content are refused: it is not the file that it was."""
    path = tmp_path / name
    tiny().save_params(path)
    path.write_bytes(path.read_bytes() + rest)
    with pytest.raises(DataError, match=rf"{name} is .*(follow|fill the bytes)"):
        tiny().load_params(path)
