"""The file that keeps how long work took on how many threads."""

import json
import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from convlens.kernels.runtime import thread_file

TIMES = {8: 0.5, 4: 0.75}


@pytest.fixture
def place(tmp_path, monkeypatch):
    """Where the file is."""
    monkeypatch.setattr(thread_file.cache, "folder", lambda: tmp_path)
    return tmp_path / "threads.json"


def written(entries, form=1):
    return json.dumps({"format": form, "entries": entries})


def test_what_is_kept_is_found_again(place):
    """Numbers of threads and seconds, by entry; a later one takes an earlier one's place."""
    thread_file.keep("a", {2: 1.0})
    thread_file.keep("b", {2: 0.25, 1: 0.5})
    thread_file.keep("a", TIMES)
    assert thread_file.kept() == {"b": {2: 0.25, 1: 0.5}, "a": TIMES}
    assert [path.name for path in place.parent.iterdir()] == [place.name]


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "[" * 60_000,
        "\x00\xff",
        written({"a": {"2": 1.0}}, form=2),
        written([["a", {"2": 1.0}]]),
        written({"a": [2, 1.0]}),
        written({"a": {}}),
        written({"a": {"0": 1.0}}),
        written({"a": {"-2": 1.0}}),
        written({"a": {"two": 1.0}}),
        written({"a": {"2": -1.0}}),
        written({"a": {"2": 10**400}}),
        written({"a": {"2": float("nan")}}),
        written({"a": {"2": "soon"}}),
        written({"a": {"2": None}}),
        written({"a": {"2": 1.0}, "b": {"2": float("inf")}}),
        written({"a": {"2": 1.0}}) + " " * thread_file.LARGEST,
    ],
)
def test_a_damaged_file_counts_as_none(place, content):
    """Nothing is believed of it, and the next entry replaces it."""
    place.write_text(content, encoding="utf-8")
    assert thread_file.kept() == {}
    thread_file.keep("a", TIMES)
    assert thread_file.kept() == {"a": TIMES}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names on this system")
@pytest.mark.parametrize("make", [os.mkdir, getattr(os, "mkfifo", None)])
def test_what_is_no_file_is_left_alone(place, make):
    """A folder or a pipe in its place is not waited for."""
    make(place)
    assert thread_file.kept() == {}


@pytest.mark.parametrize("what", ["no folder", "folder gone"])
def test_where_nothing_can_be_kept(place, monkeypatch, what):
    """It is measured anew at each start; nobody hears of it."""
    gone = None if what == "no folder" else place.parent / "gone"
    monkeypatch.setattr(thread_file.cache, "folder", lambda: gone)
    thread_file.keep("a", TIMES)
    assert thread_file.kept() == {}


def test_the_file_stays_small(place):
    """The oldest entries go."""
    for number in range(thread_file.MOST + 5):
        thread_file.keep(thread_file.key_of(number), {2**k: 1 / 3 for k in range(7)})
    assert list(thread_file.kept()) == [thread_file.key_of(k) for k in range(5, thread_file.MOST + 5)]
    assert place.stat().st_size < thread_file.LARGEST


def test_several_write_at_once(place):
    """The file can be read at every moment, and holds entries as they were written."""
    thread_file.keep("0", {2: 1.0})
    with ThreadPoolExecutor(4) as pool:
        seen = pool.map(lambda k: (thread_file.keep(str(k), {2: k + 1.0}), thread_file.kept())[1], range(60))
    for entries in [*seen, thread_file.kept()]:
        assert entries
        assert all(times == {2: int(key) + 1.0} for key, times in entries.items())
