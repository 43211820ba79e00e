"""Specs as dict, TOML and JSON: both ways, and what is said when a file is wrong."""

import json
import os

import pytest
from hypothesis import given

from convlens import spec
from convlens.errors import SpecError
from convlens.spec import Affine, Convolution, NetworkSpec, Pooling, Relu
from strategies import network_specs

GOOD = """
name = "mine"
input_shape = [1, 8, 8]

[[layers]]
kind = "convolution"
filters = 4
kernel_size = [3, 2]
pad = 1

[[layers]]
kind = "relu"

[[layers]]
kind = "pooling"
window = 2

[[layers]]
kind = "affine"
units = 10
"""


@given(network_specs())
def test_round_trips(described):
    """A spec comes back equal, with an equal hash and table, from its dict, its TOML and its JSON."""
    data = spec.to_dict(described)
    for again in (
        spec.from_dict(data),
        spec.from_toml(spec.to_toml(described)),
        spec.from_dict(json.loads(json.dumps(data))),
    ):
        assert again == described
        assert hash(again) == hash(described)
        assert again.table == described.table
        assert spec.to_dict(again) == data


def test_reading_toml():
    """A file says what a reader would write: one number for both directions, and nothing that is usual."""
    network = spec.from_toml(GOOD)
    layers = (Convolution(4, (3, 2), pad=1), Relu(), Pooling(2), Affine(10))
    assert network == NetworkSpec("mine", (1, 8, 8), layers)
    assert (network.dtype, network.protocol, network.weight_init_std) == ("float32", "standard", 0.01)


@pytest.mark.parametrize("name", ["simple", "lenet"])
@pytest.mark.parametrize("suffix", [".toml", ".json"])
def test_reading_files(tmp_path, name, suffix):
    """`load` takes the name of a network, or a file with one."""
    described = spec.find(name)
    text = spec.to_toml(described) if suffix == ".toml" else json.dumps(spec.to_dict(described))
    path = tmp_path / (os.fsdecode("내 신경망".encode()) + suffix)
    path.write_text(text, encoding="utf-8")
    assert spec.find(str(path)) == described


def test_one_and_one_point_zero_are_one_spec():
    """A deviation given as an int is the float that comes back from a file."""
    one, same = (NetworkSpec("n", (1, 2, 2), (Affine(2),), weight_init_std=std) for std in (1, 1.0))
    assert json.dumps(spec.to_dict(one)) == json.dumps(spec.to_dict(same))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('name = "mine"', "", r"net.toml: `name` is missing. Needed: name, input_shape, layers"),
        ("input_shape = [1, 8, 8]", "", r"net.toml: `input_shape` is missing"),
        ("input_shape = [1, 8, 8]", "input_shape = [1, 8]", r"net.toml: `input_shape"),
        ("input_shape = [1, 8, 8]", "input_shape = [1, 0, 8]", r"`input_shape` of mine .* Got"),
        (
            'name = "mine"',
            'name = "mine"\ncolour = 3',
            r"net.toml: unknown key `colour`. Known: name, input_sh",
        ),
        ("pad = 1", "padding = 1", r"net.toml, layer 1: unknown key `padding`. Known: filters, kernel_size"),
        ('kind = "relu"', 'kind = "rleu"', r"net.toml, layer 2: `kind` must be one of convolution, .*'rleu'"),
        ('kind = "relu"', 'kind = ["relu"]', r"net.toml, layer 2: `kind` must be one of"),
        ('kind = "relu"', "", r"net.toml, layer 2: `kind` must be one of .* Got None"),
        ("filters = 4", "filters = 0", r"net.toml, layer 1: `filters` of Convolution .* Got 0"),
        (
            "filters = 4",
            'filters = "many"',
            r"net.toml, layer 1: `filters` of Convolution must be a positive int. Got 'many'",
        ),
        ("filters = 4", "filters = 4.5", r"net.toml, layer 1: `filters`"),
        ("filters = 4", "", r"net.toml, layer 1: `filters` is missing. Needed: filters, kernel_size\."),
        ("kernel_size = [3, 2]", "kernel_size = [3, 2, 1]", r"net.toml, layer 1: `kernel_size"),
        (
            "kernel_size = [3, 2]",
            "kernel_size = 99",
            r"net.toml: mine, layer Conv1: the window of Conv.*99x99",
        ),
        ("window = 2", "window = 2\npad = 2", r"net.toml, layer 3: `pad` of Pooling .* half its window"),
        ("units = 10", "units = -1", r"net.toml, layer 4: `units` of Affine .* Got -1"),
        (
            'name = "mine"',
            'name = "mine"\ndtype = "float16"',
            r"net.toml: `dtype` must be one of float32, float64",
        ),
        ('name = "mine"', 'name = "mine"\nprotocol = "mine"', r"`protocol` must be one of standard, book"),
        (
            'name = "mine"',
            'name = "mine"\nprotocol = "book"',
            r"`dtype` .* protocol \"book\" must be \"float64\"",
        ),
        ('name = "mine"', 'name = "mine"\nweight_init_std = -1', r"`weight_init_std` must be .* Got -1"),
        ('name = "mine"', 'name = "mine"\nweight_init_std = nan', r"`weight_init_std` must be .* Got nan"),
        (
            'name = "mine"',
            'name = "mine"\nweight_init_std = "eh"',
            r"`weight_init_std` must be one of he, xavier",
        ),
        ('name = "mine"', 'name = "mine"\nformat = 2', r"net.toml: format 2 is newer .* reads format 1"),
        ('name = "mine"', 'name = "mine', r"net.toml is not TOML"),
        ("pad = 1", 'name = "Relu1"', r"layer names must differ. Twice: Relu1"),
    ],
)
def test_wrong_files(old, new, words):
    """Each fault gives one line that names the file, the place in it and the field."""
    assert old in GOOD
    with pytest.raises(SpecError, match=words) as raised:
        spec.from_toml(GOOD.replace(old, new), "net.toml")
    assert "\n" not in str(raised.value)
    assert str(raised.value).startswith("net.toml")


@pytest.mark.parametrize(
    ("content", "suffix", "words"),
    [
        (b"{", ".json", r"net\.json is not JSON"),
        (b"[1]", ".json", r"net\.json: a network is a table"),
        (b"null", ".json", r"net\.json: a network is a table"),
        (b"{}", ".json", r"net\.json: `layers` must be a list of tables"),
        (b'{"layers": 3}', ".json", r"net\.json: `layers` must be a list of tables"),
        (b'{"layers": [3]}', ".json", r"net\.json, layer 1: a layer is a table with its `kind`. Got 3"),
        (b'name = "\xff"', ".toml", r"net\.toml is not UTF-8 text"),
        (None, ".toml", r"cannot read .*net\.toml: No such file"),
    ],
)
def test_unreadable_files(tmp_path, content, suffix, words):
    """A file that is missing, or no such text, is named."""
    path = tmp_path / f"net{suffix}"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SpecError, match=words) as raised:
        spec.find(str(path))
    assert "\n" not in str(raised.value)


def test_an_unknown_network():
    """The message lists the networks that there are, and how to give one's own."""
    with pytest.raises(
        SpecError, match=r"there is no network `alexnet`. There are: simple, lenet, .*, resnet; or give a"
    ):
        spec.find("alexnet")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("suffix", [".toml", ".json"])
def test_encodings_of_windows(tmp_path, encoding, suffix):
    """A file with a byte order mark, as PowerShell's `>` and Windows' editors write it, is read."""
    described = NetworkSpec("그물", (1, 8, 8), (Affine(10),))
    text = spec.to_toml(described) if suffix == ".toml" else json.dumps(spec.to_dict(described))
    mark = "\ufeff" if encoding in {"utf-16-le", "utf-16-be"} else ""
    path = tmp_path / f"net{suffix}"
    path.write_bytes((mark + text.replace("\n", "\r\n")).encode(encoding))
    assert spec.find(str(path)) == described


def test_toml_is_written_as_a_person_would():
    """One number for both directions, two of them on one line, nothing that says None."""
    layers = (Convolution(4, 5, pad=(1, 0), name="C1"), Affine(10))
    text = spec.to_toml(NetworkSpec("mine", (1, 8, 8), layers))
    assert text.splitlines() == [
        "format = 1",
        'name = "mine"',
        "input_shape = [1, 8, 8]",
        "weight_init_std = 0.01",
        'dtype = "float32"',
        'protocol = "standard"',
        "",
        "[[layers]]",
        'kind = "convolution"',
        "filters = 4",
        "kernel_size = 5",
        "stride = 1",
        "pad = [1, 0]",
        'name = "C1"',
        "",
        "[[layers]]",
        'kind = "affine"',
        "units = 10",
    ]


@pytest.mark.parametrize("name", ["../../evil", "a\\b", "a\nb", "\x1b[31m", "", " ", "\ud800", "a\u2028b", 3])
def test_names_that_would_lead_elsewhere(name):
    """Neither a network's nor a layer's name may hold what breaks a path or a line; others are one's own."""
    for make in (
        lambda: NetworkSpec(name, (1, 2, 2), (Affine(2),)),
        lambda: NetworkSpec("n", (1, 2, 2), (Affine(2, name=name),)),
    ):
        with pytest.raises(SpecError, match=r"`name` of a \w+ must be a text without slashes") as raised:
            make()
        assert "\n" not in str(raised.value)
    assert NetworkSpec("나의 그물 (2)", (1, 2, 2), (Affine(2, name="출력: 끝"),)).table[0].name == "출력: 끝"


def test_more_parameters_than_any_memory():
    """A network of absurd size is refused with its size, before anything is allocated."""
    text = GOOD.replace("units = 10", 'units = 900000000\n[[layers]]\nkind = "affine"\nunits = 10')
    with pytest.raises(SpecError, match=r"net.toml: mine has [\d,]+ parameters, [\d,]+ bytes in float32; at"):
        spec.from_toml(text, "net.toml")
