"""What a message shows of a value: enough to know it again, one line at most, and nothing of it runs."""

import os
import pickle

import numpy as np
import pytest

from convlens import errors
from convlens.errors import UsageError, one_line, shown
from convlens.spec import from_json, from_toml
from convlens.study import load_design


class Stranger:
    """An object whose own words are not asked for."""

    def __repr__(self):
        raise AssertionError("a stranger's __repr__ has run")

    __str__ = __repr__


class StrangeText(str):
    """A text with a `__repr__` of its own."""

    __slots__ = ()
    __repr__ = Stranger.__repr__


def doubled(levels):
    """A tuple that holds itself twice, so many levels deep: two to that power elements."""
    value = ()
    for _ in range(levels):
        value = (value, value)
    return value


def endless():
    """A list that holds itself."""
    value = []
    value.append(value)
    return value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("Adm", "'Adm'"),
        (b"\x80", "b'\\x80'"),
        (-3, "-3"),
        (True, "True"),
        (None, "None"),
        (1.5, "1.5"),
        (float("nan"), "nan"),
        (int, "int"),
        ((1,), "(1,)"),
        ({"a": [1, "b"]}, "{'a': [1, 'b']}"),
        ([1, 2, 3, 4, 5], "[1, 2, 3, 4, …]"),
        (np.float32(2), "np.float32(2.0)"),
        (np.zeros((3, 4)), "an object of type ndarray and shape (3, 4)"),
        (StrangeText("x"), "'x'"),
        (Stranger(), "an object of type Stranger"),
        ([Stranger()], "[an object of type Stranger]"),
        (10**5000, "a whole number of some 5,001 digits"),
        ("a" * 100_000, f"'{'a' * 40}…' (100,000 letters)"),
        (endless(), "[[[[…]]]]"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_shown(value, text):
    """A value is shown as Python writes it if it is short and known, and else by what it is."""
    assert shown(value) == text


@pytest.mark.parametrize(
    "value",
    [
        doubled(24),
        doubled(400),
        endless(),
        "\0" * 1000,
        b"\xff" * 1000,
        {"k" * 5000: ["v" * 5000] * 5000},
        [[["x" * 90] * 90] * 90] * 90,
        -(10**100_000),
        type("N" * 10_000, (), {})(),
        np.array([Stranger()], dtype=object),
        np.array(Stranger(), dtype=object),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_shown_is_short(value):
    """Whatever a value holds, a message shows 250 letters of it at most."""
    assert len(shown(value)) <= 250


@pytest.mark.parametrize(
    ("message", "line"),
    [
        ("two\nlines\r\nhere", "two lines here"),
        ("\x1b[2J clears a screen", "\\x1b[2J clears a screen"),
        ("left\u202eright", "left\\u202eright"),
        ("한글 é", "한글 é"),
        ("two  spaces\u3000and\u00a0more", "two  spaces\u3000and\u00a0more"),
        ("\ud800", "\\ud800"),
    ],
)
def test_one_line(message, line):
    """A message is one line of letters that can be printed; no control character reaches the terminal."""
    assert one_line(message) == line


def test_one_line_is_no_book():
    """A message of a million letters keeps its beginning and its end."""
    line = one_line("begins " + "x" * 1_000_000 + " ends")
    assert line.startswith("begins x")
    assert line.endswith("x ends")
    assert len(line) < 1100


@pytest.mark.parametrize(
    "kind", [errors.UsageError, errors.DataError, errors.MissingKeyError, errors.RunError]
)
@pytest.mark.parametrize(
    ("value", "words"),
    [("a\nb", "got a b."), ("\x1b]0;title\x07", "got \\x1b]0;title\\x07."), ("x" * 10**6, "… ")],
)
def test_every_error_is_one_line(kind, value, words):
    """Whoever raises it, and whatever value was put into it: an error is one printable line, pickled too."""
    error = pickle.loads(pickle.dumps(kind(f"got {value}.")))  # noqa: S301 (we have just written it)
    assert words in str(error)
    assert len(str(error)) < 1100
    assert str(error).isprintable()


def test_paths_are_shown_as_texts(tmp_path):
    """A path is shown as it was typed."""
    assert shown(tmp_path / "net.toml") == repr(os.fspath(tmp_path / "net.toml"))[:200]


LONG = "9" * 5000


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (from_toml, f"input_shape = [1, 12, {LONG}]"),
        (from_toml, f"input_shape = [1, 12, -{LONG}]"),
        (from_json, f'{{"input_shape": [1, 12, {LONG}]}}'),
        (load_design, f"format = {LONG}"),
        (load_design, f'[[experiments]]\nname = "a"\nseeds = {LONG}'),
    ],
)
def test_a_number_longer_than_python_reads(read, text, tmp_path):
    """It is said in our words and to the sentence's end: nothing of Python's own settings."""
    path = tmp_path / "file.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as raised:
        read(str(path) if read is load_design else text)
    assert str(raised.value).endswith(": a whole number in it is too long to be read.")
