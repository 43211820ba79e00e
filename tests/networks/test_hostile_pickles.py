"""Pickles that are programs: refused, with nothing of them run."""

import os
import pickle
import pickletools
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from convlens.errors import DataError
from convlens.networks import read_arrays

GOOD = {"W1": np.arange(6.0).reshape(2, 3), "b1": np.zeros(2)}


class Calls:
    """Pickles as a call of `function`."""

    def __init__(self, function, *args):
        self.call = function, args

    def __reduce__(self):
        return self.call


class Changes:
    """Pickles as a call, after which a state is laid over what came back."""

    def __init__(self, function, args, state):
        self.parts = function, args, state

    def __reduce__(self):
        return self.parts


def refused(path, content):
    """The one line with which `content` is refused."""
    path.write_bytes(content)
    with pytest.raises(DataError, match=path.name) as raised:
        read_arrays(path)
    assert "\n" not in str(raised.value)
    return str(raised.value)


def hostile(sentinel):
    """Objects that would touch the file `sentinel` if any of them ran."""
    touch = f"touch '{sentinel}'"
    source = f"open({str(sentinel)!r}, 'w', encoding='utf-8').close()"
    return {
        "os.system": Calls(os.system, touch),
        "subprocess": Calls(subprocess.call, ["touch", str(sentinel)]),
        "eval": Calls(eval, source),
        "exec": Calls(exec, source),
        "open": Calls(open, str(sentinel), "w"),
        "getattr": Calls(getattr, "text", "upper"),
        "nested in a list": [[Calls(os.system, touch)]],
        "a key": {Calls(os.system, touch): 1},
        "an object array": np.array([Calls(os.system, touch)], dtype=object),
        "a numpy function": Calls(np.save, str(sentinel), 1),
        "a state": Changes(np.dtype, ("f8",), (3, Calls(eval, source), None, None, None, -1, -1, 0)),
    }


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
@pytest.mark.parametrize("kind", list(hostile("")))
@pytest.mark.parametrize("inside", [True, False])
def test_nothing_runs(tmp_path, protocol, kind, inside):
    """Whatever a pickle names besides arrays is refused by its name, alone or within a dict of weights."""
    sentinel = tmp_path / "it ran"
    bad = hostile(sentinel)[kind]
    content = pickle.dumps({**GOOD, "W2": bad} if inside else bad, protocol)
    assert "is refused" in refused(tmp_path / "params.pkl", content)
    assert not sentinel.exists()


def test_the_sentinel_would_be_seen(tmp_path):
    """The same pickle, opened with `pickle.load`, does run: the test above can fail."""
    sentinel = tmp_path / "it ran"
    pickle.loads(pickle.dumps(hostile(sentinel)["exec"]))  # noqa: S301
    assert sentinel.exists()


@pytest.mark.parametrize("protocol", [2, 4, 5])
@pytest.mark.parametrize(
    "value",
    [
        np.array([1, "a", None], dtype=object),
        np.float64(3),
        np.array(["a", "b"]),
        np.array([True]),
        np.array([1j]),
        np.array([(1, 2.0)], dtype=[("a", "i4"), ("b", "f8")]),
        np.array(["2020-01-01"], dtype="M8[D]"),
        np.ma.masked_array([1.0]),
        np.dtype("f8"),
        3.0,
        [1.0],
        None,
        "text",
        {"W": np.zeros(2)},
    ],
    ids=str,
)
def test_only_arrays_of_numbers(tmp_path, protocol, value):
    """Objects, scalars, texts, structures and bare numbers are refused, in a dict and in its place."""
    assert refused(tmp_path / "params.pkl", pickle.dumps({**GOOD, "W2": value}, protocol))
    if not isinstance(value, dict):
        assert refused(tmp_path / "params.pkl", pickle.dumps(value, protocol))


def test_names_must_be_texts(tmp_path):
    """A dict by numbers is no dict of parameters."""
    assert refused(tmp_path / "params.pkl", pickle.dumps({1: np.zeros(2)}))


def program(*lines):
    """A hand-written pickle of protocol 2."""
    return b"\x80\x02" + b"".join(lines) + b"."


HAND_WRITTEN = {
    "a huge _reconstruct": program(
        b"cnumpy.core.multiarray\n_reconstruct\n", b"cnumpy\nndarray\n", b"(I99999999999\nt", b"U\x01b\x87R"
    ),
    "ndarray called with a huge shape": program(b"cnumpy\nndarray\n", b"(I99999999999\nt", b"\x85R"),
    "ndarray made with NEWOBJ": program(b"cnumpy\nndarray\n", b"(I99999999999\nt", b"\x85\x81"),
    "a state with a huge shape": program(
        b"cnumpy.core.multiarray\n_reconstruct\n", b"cnumpy\nndarray\n", b"(I0\nt", b"U\x01b", b"\x87R",
        b"(I1\n(I99999999999\ntcnumpy\ndtype\n(U\x02f8tR\x89C\x08\0\0\0\0\0\0\0\0tb",
    ),
    "a memo index of two thousand million": program(b"}r\xff\xff\xff\x7f"),
    "a memo index of five million": program(b"}r\x40\x4b\x4c\0"),
    "a memo index in digits": program(b"}p9999999999\n"),
    "bytes8 of 2**60": b"\x80\x04\x8e\0\0\0\0\0\0\0\x10.",
    "an extension": program(b"\x82\x01"),
    "a persistent id": program(b"Pos.system\n"),
    "a dotted name": b"\x80\x04\x8c\x05numpy\x8c\x0ef2py.os.system\x93.",
    "a dotted admitted name": b"\x80\x04\x8c\x05numpy\x8c\x0edtype.__call__\x93.",
    "INST": program(b"(U\x04trueios\nsystem\n"),
    "OBJ": program(b"(cos\nsystem\nU\x04trueo"),
    "a function instead of arrays": program(b"cnumpy\ndtype\n"),
    "an empty stack": program(),
}  # fmt: skip


def doubled(levels):
    """Instructions that leave a tuple which holds itself twice, so many levels deep."""
    return b")" + b"q\x00h\x00\x86" * levels


TEXT = b"X\x01\x00\x00\x00"
DEEP = {
    "as a dtype's code": (b"cnumpy\ndtype\n", doubled(40), b"\x85R"),
    "as a name": (b"}", doubled(40), b"Ns"),
    "as a value": (b"}", TEXT + b"W", doubled(40), b"s"),
    "alone": (doubled(40),),
    "as a shape": (b"cnumpy.core.multiarray\n_reconstruct\n", b"cnumpy\nndarray\n", doubled(40), b"NtR"),
    "as an encoding": (b"c_codecs\nencode\n", TEXT + b"x", doubled(40), b"\x86R"),
    "as a module": (doubled(40), TEXT + b"x", b"\x93"),
    "in a list": (b"]", doubled(40), b"a"),
    "in a set": (b"(", doubled(40), b"\x91"),
    "as a state": (b"cnumpy\ndtype\nU\x02f8\x85R", doubled(40), b"b"),
    "as many": (b"(" + b"K\x01" * 5000 + b"t",),
}


@pytest.mark.parametrize("place", list(DEEP))
def test_tuples_that_hold_themselves_twice(tmp_path, place):
    """Two hundred bytes that stand for a billion values are refused at once, wherever they lie."""
    content = program(*DEEP[place])
    message = refused(tmp_path / "params.pkl", content)
    assert len(message) < 600


GIANTS = {
    "a giant name": pickle.dumps({"W" * 1_000_000: 1}, 4),
    "a giant function": b"\x80\x02cos\n" + b"s" * 1_000_000 + b"\n.",
    "a giant dtype": program(b"cnumpy\ndtype\n", b"X\x40\x42\x0f\x00" + b"f8," * 333_333 + b"f\x85R"),
    "a giant number as dtype": program(b"cnumpy\ndtype\n", b"I" + b"9" * 4000 + b"\n\x85R"),
    "a long program": b"\x80\x02" + b"N" * 1_000_000 + b".",
    "one text, a thousand times": program(
        b"X\x00\x00\x01\x00" + b"x" * 65536 + b"q\x00",
        b"c_codecs\nencode\nq\x01h\x00X\x06\0\0\0latin1q\x02\x86R" + b"h\x01h\x00h\x02\x86R" * 1000,
    ),
    "axes of many bits": program(
        b"cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\n(I0\ntU\x01b\x87R",
        b"(I1\n(" + b"I281474976710655\n" * 40 + b"tcnumpy\ndtype\nU\x02f8\x85R\x89C\x00tb",
    ),
}


@pytest.mark.parametrize("kind", list(GIANTS))
def test_giants(tmp_path, kind):
    """What is huge is refused in a short line, and takes no more memory than the file has bytes."""
    assert len(refused(tmp_path / "params.pkl", GIANTS[kind])) < 600


@pytest.mark.parametrize("kind", list(HAND_WRITTEN))
def test_hand_written_programs(tmp_path, kind):
    """What no honest pickle holds is refused, and no memory is taken on its word."""
    message = refused(tmp_path / "params.pkl", HAND_WRITTEN[kind])
    assert ("memo index" in kind) == ("it asks for more memory than it can fill" in message)


def test_a_foreign_state_changes_nothing(tmp_path):
    """A pickle cannot alter NumPy's own dtypes, nor what the next file is read with."""
    attack = program(
        b"cnumpy\ndtype\n", b"U\x02f8\x85R", b"(I3\nU\x01>NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffI63\ntb"
    )
    refused(tmp_path / "params.pkl", attack)
    poison = program(b"cnumpy\ndtype\n", b"}U\x04codeU\x01xsb")
    refused(tmp_path / "params.pkl", poison)
    for name in (b"cnumpy\ndtype\n", b"cnumpy.core.numeric\n_frombuffer\n"):
        refused(tmp_path / "params.pkl", program(name, b"N}U\x0c__defaults__)s\x86b"))
    assert np.dtype("f8").byteorder == "="
    assert np.arange(2.0).tolist() == [0, 1]
    for protocol in (2, 4, 5):
        (tmp_path / "params.pkl").write_bytes(pickle.dumps(GOOD, protocol))
        np.testing.assert_array_equal(read_arrays(tmp_path / "params.pkl")["W1"], GOOD["W1"])


def test_values_that_do_not_fill_their_shape(tmp_path):
    """An array of fewer or more bytes than its shape needs is refused."""
    for shape in (b"(I3\n", b"(I1\n"):
        content = program(
            b"}U\x01W", b"cnumpy.core.multiarray\n_reconstruct\n", b"cnumpy\nndarray\n", b"(I0\nt",
            b"U\x01b", b"\x87R", b"(I1\n", shape, b"tcnumpy\ndtype\n(U\x02f8tR\x89",
            b"c_codecs\nencode\n(X\x10\0\0\0", b"\0" * 16, b"X\x06\0\0\0latin1tRtbs",
        )  # fmt: skip
        refused(tmp_path / "params.pkl", content)
    fits = content.replace(b"(I1\n(I1\n", b"(I1\n(I2\n")
    (tmp_path / "params.pkl").write_bytes(fits)
    assert read_arrays(tmp_path / "params.pkl")["W"].tolist() == [0, 0]


@settings(max_examples=200)
@given(st.binary(max_size=200))
@example(b"")
@example(b"\x80")
@example(b"\xfe\xff\x00\x00\x00")  # of two bytes a letter, and half a letter more
def test_random_bytes(tmp_path_factory, content):
    """Any bytes, with a pickle's beginning or without, are refused or are arrays; nothing else comes out."""
    path = tmp_path_factory.getbasetemp() / "random.pkl"
    for start in (b"", b"\x80\x02", b"\x80\x04", b"\x80\x05"):
        path.write_bytes(start + content)
        try:
            arrays = read_arrays(path)
        except DataError as error:
            message = str(error)
        else:
            message = ""
            assert all(isinstance(value, np.ndarray) for value in arrays.values())
        assert "\n" not in message


@settings(max_examples=300)
@given(st.data())
def test_damaged_pickles(tmp_path_factory, data):
    """A real pickle with some bytes changed is refused or gives arrays, and never a crash."""
    content = bytearray(pickle.dumps(GOOD, data.draw(st.sampled_from([2, 4, 5]))))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.getbasetemp() / "damaged.pkl"
    path.write_bytes(content)
    try:
        arrays = read_arrays(path)
    except DataError:
        return
    assert all(value.dtype.kind in "fiu" for value in arrays.values())


def test_big_endian_does_not_leak(tmp_path):
    """In a process of its own: reading a big-endian pickle leaves the process's float64 as it was."""
    path = tmp_path / "big.pkl"
    path.write_bytes(pickle.dumps({"W": np.arange(3, dtype=">f8")}))
    code = (
        "import sys, pathlib, numpy as np\n"
        "from convlens.networks import read_arrays\n"
        "assert read_arrays(pathlib.Path(sys.argv[1]))['W'].tolist() == [0, 1, 2]\n"
        "assert np.dtype('f8').isnative and np.frombuffer(np.ones(1).tobytes())[0] == 1\n"
    )
    subprocess.run([sys.executable, "-c", code, path], check=True)


def test_opcodes_are_spelt_right():
    """The hand-written pickles are sound programs up to where they are refused."""
    for kind in ("a huge _reconstruct", "ndarray made with NEWOBJ", "INST", "OBJ", "a dotted name"):
        assert list(pickletools.genops(HAND_WRITTEN[kind]))[-1][0].name == "STOP"
