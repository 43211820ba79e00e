"""Networks' files that are wrong on purpose or by a slip: one short line each, no traceback and no wait."""

import json
import os
import socket
import subprocess
import sys
from dataclasses import fields

import numpy as np
import pytest

from convlens import spec
from convlens.errors import SpecError
from convlens.spec import Affine, NetworkSpec, Relu

GOOD = """
name = "mine"
input_shape = [1, 8, 8]

[[layers]]
kind = "convolution"
filters = 4
kernel_size = 3

[[layers]]
kind = "pooling"
window = 2

[[layers]]
kind = "affine"
units = 10
"""
DIGITS = "7" * 5000
DEEP = "[" * 5000


def summary(*arguments):
    """What `convlens summary` says; a minute is more than it may ever need, and ends the test instead."""
    command = [sys.executable, "-m", "convlens", "summary", *map(str, arguments)]
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=60,
        stdin=subprocess.DEVNULL,
    )


def is_one_short_line(error):
    """Whether a message is what a person can read."""
    return "\n" not in str(error) and len(str(error)) < 400


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        # unknown keys: the nearest known one is named, and all that are unknown
        ("filters = 4", "filter = 4", r"layer 1: unknown key `filter`\. Known: filters, .* mean `filters`\?"),
        (
            "units = 10",
            "units = 10\nunit = 3\nactivation = 'relu'",
            r"unknown keys `unit`, `activation`\. Known",
        ),
        ('[[layers]]\nkind = "conv', '[[layer]]\nkind = "conv', r"unknown key `layer`\. .* mean `layers`\?"),
        (
            'name = "mine"',
            f'name = "mine"\n{"k" * 5000} = 1',
            r"unknown key 'k+…' \(5,000 letters\)\. Known: name",
        ),
        (
            'name = "mine"',
            'name = "mine"\nname_of_net = 1\n"a\\nb" = 1',
            r"unknown keys `name_of_net`, `a b`",
        ),
        # shapes and sizes of another form
        (
            "input_shape = [1, 8, 8]",
            "input_shape = [28, 28]",
            r"Got \[28, 28\]\. For grey pictures: \[1, 28, 28\]",
        ),
        (
            "input_shape = [1, 8, 8]",
            "input_shape = []",
            r"`input_shape` of mine must be \(channels.* Got \[\]",
        ),
        (
            "input_shape = [1, 8, 8]",
            'input_shape = "1x8x8"',
            r"must be \(channels, height, width\).* '1x8x8'",
        ),
        ("input_shape = [1, 8, 8]", "input_shape = 784", r"must be \(channels, height, width\).* Got 784"),
        ("input_shape = [1, 8, 8]", "input_shape = [1, 8.0, 8]", r"all positive ints. Got \[1, 8.0, 8\]"),
        ("input_shape = [1, 8, 8]", "input_shape = [1, [8], 8]", r"all positive ints. Got \[1, \[8\], 8\]"),
        ("input_shape = [1, 8, 8]", "input_shape = [1, 1000000, 1000000]", r"at most 1,000,000,000 values"),
        (
            "kernel_size = 3",
            'kernel_size = "3x3"',
            r"layer 1: `kernel_size` of Convolution must be an int .* '3x3'",
        ),
        ("kernel_size = 3", "kernel_size = [3, [3]]", r"`kernel_size` of Convolution .* Got \[3, \[3\]\]"),
        ("window = 2", "window = {h = 2, w = 2}", r"`window` of Pooling must be an int ≥ 1 or two of them"),
        ("window = 2", "window = 2\nstride = 1979-05-27", r"`stride` of Pooling must be an int ≥ 1 or two"),
        # nonsense that Python would take for a number
        ("input_shape = [1, 8, 8]", "input_shape = [true, 8, 8]", r"all positive ints. Got \[True, 8, 8\]"),
        ("units = 10", 'units = "10"', r"layer 3: `units` of Affine must be a positive int. Got '10'"),
        ("units = 10", "units = true", r"layer 3: `units` of Affine must be a positive int. Got True"),
        ("units = 10", "units = 10.0", r"layer 3: `units` of Affine must be a positive int. Got 10.0"),
        ("filters = 4", "filters = inf", r"`filters` of Convolution must be a positive int. Got inf"),
        ("window = 2", "window = [true, 2]", r"`window` of Pooling must be an int ≥ 1 or two of them"),
        ('name = "mine"', 'name = "mine"\nweight_init_std = 1e39', r"`weight_init_std` must be at most 1000"),
        ('name = "mine"', 'name = "mine"\nweight_init_std = inf', r"`weight_init_std` must be at most 1000"),
        ('name = "mine"', 'name = "mine"\nweight_init_std = true', r"`weight_init_std` must be a number ≥ 0"),
        (
            'name = "mine"',
            'name = "mine"\nweight_init_std = "0.01"',
            r"`weight_init_std` must be one of he, xav",
        ),
        ('name = "mine"', 'name = "mine"\nformat = "1"', r"`format` must be 1\. Got '1'"),
        ('name = "mine"', 'name = "mine"\nformat = true', r"`format` must be 1\. Got True"),
        ('name = "mine"', 'name = "mine"\ndtype = ["float32"]', r"`dtype` must be one of float32, float64"),
        ('name = "mine"', "name = 5", r"`name` of a network must be a text without .* Got 5"),
        # long values are cut
        (
            "units = 10",
            "units = 1" + "0" * 4200,
            r"`units` of Affine must be at most 1,000,000,000\. .* 4,201 digits",
        ),
        (
            "units = 10",
            "units = -1" + "0" * 4200,
            r"`units` of Affine must be a positive int\. Got a whole number of some",
        ),
        (
            "units = 10",
            f'units = "{DIGITS}"',
            r"`units` of Affine must be a positive int\. Got '777.*…' \(5,000 letters\)",
        ),
        ("units = 10", f"units = [{'1, ' * 3000}]", r"`units` of Affine .* Got \[1, 1, 1, 1, …\]"),
        (
            'name = "mine"',
            f'name = "mine"\nweight_init_std = 1{"0" * 4200}',
            r"must be at most 1000\. Got a whole number",
        ),
        ('kind = "affine"', f'kind = "{DIGITS}"', r"layer 3: `kind` must be one of .* Got '777.*…'"),
        (
            'name = "mine"',
            f'name = "mine"\nformat = 9{"0" * 4200}',
            r"format a whole number of some 4,20. digits is newer",
        ),
    ],
)
def test_a_slip_in_a_file(old, new, says):
    """Each is refused in one short line that names the file, the field and the rule."""
    assert old in GOOD
    with pytest.raises(SpecError, match=says) as raised:
        spec.from_toml(GOOD.replace(old, new, 1), "net.toml")
    assert is_one_short_line(raised.value)
    assert str(raised.value).startswith("net.toml")


@pytest.mark.parametrize(
    ("text", "suffix", "says"),
    [
        (
            GOOD.replace("units = 10", f"units = {DIGITS}"),
            ".toml",
            r"is not TOML: a whole number in it is too long to be read\.$",
        ),
        (GOOD.replace("units = 10", f"units = {DEEP}"), ".toml", "nested too deeply"),
        (GOOD.replace("units = 10", "units = " + "{a = " * 5000), ".toml", "nested too deeply"),
        (GOOD.replace("units = 10", f'units = "{DIGITS}'), ".toml", "is not TOML"),
        (f'{{"name": {DIGITS}}}', ".json", r"is not JSON: a whole number in it is too long to be read\.$"),
        (f'{{"name": {DEEP}', ".json", "nested too deeply"),
        ('{"layers":' * 5000, ".json", "nested too deeply"),
        ('{"name": NaN, "input_shape": [1, 8, Infinity], "layers": []}', ".json", "must be a text"),
        (f'{{"format": 1{"0" * 4200}}}', ".json", "is newer than this convlens"),
        ("x" * 2_000_000, ".toml", "it has 2,000,000 bytes, more than 1,000,000"),
        ("\0" * 40, ".json", "is not JSON"),
    ],
)
def test_numbers_of_thousands_of_digits_and_deep_nesting(tmp_path, text, suffix, says):
    """What a parser gives up on is said in a line; the same for TOML and JSON."""
    path = tmp_path / f"net{suffix}"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SpecError, match=says) as raised:
        spec.find(str(path))
    assert is_one_short_line(str(raised.value).replace(str(path), "net"))


def fifo(path):
    os.mkfifo(path)


def bound_socket(path):
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))


def to_zeros(path):
    path.symlink_to("/dev/zero")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")
@pytest.mark.parametrize(
    ("make", "says"),
    [
        (fifo, "it is a pipe, not a regular file"),
        (bound_socket, "it is a socket, not a regular file"),
        (to_zeros, "it is a device, not a regular file"),
        (lambda path: path.mkdir(), "cannot read .*net.toml"),
        (lambda path: path.symlink_to(path), "cannot read .*net.toml"),
    ],
)
@pytest.mark.parametrize("suffix", [".toml", ".json"])
def test_what_is_no_file_is_not_waited_for(tmp_path, monkeypatch, make, says, suffix):
    """A pipe that nobody writes to, a socket, an endless device, a folder: refused, by the command, too."""
    monkeypatch.chdir(tmp_path)  # a socket's name must be short
    path = (tmp_path / "net.toml").relative_to(tmp_path).with_suffix(suffix)
    make(path)
    done = summary(path)
    assert done.returncode == 2, done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    with pytest.raises(SpecError, match=says.replace("toml", suffix[1:])):
        spec.find(str(path))


INVISIBLE = {
    "zero-width space": "\u200b",
    "word joiner": "\u2060",
    "soft hyphen": "\u00ad",
    "filler of Hangul": "\u3164",
    "another filler": "\uffa0",
    "blank of Braille": "\u2800",
    "selector": "\ufe0f",
    "tag": "\U000e0041",
    "right to left": "\u202e",
    "combining joiner": "\u034f",
}


@pytest.mark.parametrize("name", INVISIBLE.values(), ids=INVISIBLE)
@pytest.mark.parametrize("around", ["{}", "Conv1{}", "{0}{0}{0}"])
def test_names_of_invisible_letters(name, around):
    """A name that cannot be seen, or not told from another, is refused, and the message shows its letters."""
    name = around.format(name)
    for make in (
        lambda: NetworkSpec(name, (1, 2, 2), (Affine(2),)),
        lambda: NetworkSpec("n", (1, 2, 2), (Relu(name=name), Affine(2))),
    ):
        with pytest.raises(
            SpecError, match=r"`name` of a \w+ must be .* invisible letters\. Got '.*\\"
        ) as raised:
            make()
        assert str(raised.value).isprintable()


@pytest.mark.parametrize("name", ["n" * 81, "가" * 100_000, "a b " * 500])
def test_names_without_end(name):
    """A name has at most 80 letters; the message does not repeat it."""
    for make in (
        lambda: NetworkSpec(name, (1, 2, 2), (Affine(2),)),
        lambda: NetworkSpec("n", (1, 2, 2), (Relu(name=name), Affine(2))),
    ):
        with pytest.raises(SpecError, match=rf"at most 80 letters long. Got {len(name):,}: '") as raised:
            make()
        assert is_one_short_line(raised.value)
    assert NetworkSpec("n" * 80, (1, 2, 2), (Affine(2),)).name == "n" * 80


NONSENSE = {
    "true": True,
    "text": "10",
    "nan": float("nan"),
    "inf": float("inf"),
    "half": 1.5,
    "minus": -1,
    "huge": 10**5000,
    "list": [[1]],
    "table": {"a": 1},
    "three": [1, 2, 3],
    "bytes": b"3",
    "array": np.ones((2, 2)),
    "letters": "x" * 9999,
}


NEEDED = {"layers": (Relu(),), "filters": 2, "kernel_size": 3, "window": 2, "units": 4}
FIELDS = [(cls, field.name) for cls in spec.KINDS.values() for field in fields(cls) if field.name != "name"]


@pytest.mark.parametrize("value", NONSENSE.values(), ids=NONSENSE)
@pytest.mark.parametrize(("cls", "field"), FIELDS, ids=[f"{cls.kind} {field}" for cls, field in FIELDS])
def test_no_field_of_a_layer_takes_nonsense(cls, field, value):
    """Each field of each layer refuses in one short line what is no such value."""
    good = {one.name: NEEDED[one.name] for one in fields(cls) if one.name in NEEDED}
    with pytest.raises(SpecError, match=rf"`{field}` of {cls.__name__} must be") as raised:
        cls(**{**good, field: value})
    assert is_one_short_line(raised.value)


@pytest.mark.parametrize(
    "layers",
    [5, None, "affine", [], [5], ["affine"], [Affine], [None, Affine(2)], {"a": Affine(2)}, [[Affine(2)]]],
)
def test_what_is_no_list_of_layers(layers):
    """`layers` of a network are specs of layers, one or more."""
    with pytest.raises(SpecError, match=r"layers` of n must be") as raised:
        NetworkSpec("n", (1, 4, 4), layers)
    assert is_one_short_line(raised.value)


def test_numpys_ints_are_ints():
    """A shape that NumPy counted is a shape, and is kept as Python's own."""
    described = NetworkSpec("n", np.ones((1, 4, 4)).shape, (Affine(np.int64(3)),))
    counted = NetworkSpec("n", tuple(np.array([1, 4, 4])), (Affine(3),), weight_init_std=np.float64(0.01))
    assert counted == described
    assert json.dumps(spec.to_dict(counted)) == json.dumps(spec.to_dict(described))


@pytest.mark.parametrize("name", [None, 5, b"simple", ["simple"], spec.simple()])
def test_what_is_no_name_of_a_network(name):
    """A network is found by a text or a path, such as pathlib's."""
    with pytest.raises(SpecError, match=r"a network is found by its name or its file. Got "):
        spec.find(name)


def test_a_path_is_a_file_too(tmp_path):
    """A path of pathlib's is taken as its text is."""
    (tmp_path / "net.toml").write_text(GOOD, encoding="utf-8")
    assert spec.find(tmp_path / "net.toml") == spec.from_toml(GOOD)
