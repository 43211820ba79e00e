"""Compiled kernels on disk: private, checked, rebuilt when damaged."""

import os
import pickle
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from convlens.kernels.runtime import cache, sealed

PROGRAM = """
import numpy as np
from convlens.kernels.runtime import cache
said = []
cache.on_compile.append(lambda: said.append("compiling"))
from convlens.kernels.loss import take_labels
labels = np.zeros(3, np.int64)
print(take_labels(np.array([3]), labels, 3, 2, labels), len(said), cache.folder())
"""


def run(folder):
    """Run one kernel in a fresh process; return (its result, whether it was compiled, the cache's folder)."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", PROGRAM],
        capture_output=True, text=True, check=False,
        env=os.environ | {"CONVLENS_CACHE_DIR": str(folder)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    result, compiled, path = done.stdout.split()
    return int(result), compiled == "1", path


@pytest.fixture
def warm(tmp_path):
    """A cache that holds one kernel, beside the function that calls it."""
    result, compiled, path = run(tmp_path)
    assert (result, compiled) == (1, True)
    (file,) = (p for p in (tmp_path / path).glob("loss.*") if p.suffix == ".nbc")
    return tmp_path, file


def test_the_second_process_compiles_nothing(warm):
    """And nobody but the user can read the folder."""
    root, _ = warm
    result, compiled, path = run(root)
    assert (result, compiled) == (1, False)
    if os.name == "posix":
        assert stat.S_IMODE(Path(path).stat().st_mode) == 0o700


def cut(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def flipped(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def of_another_version(path):
    """Numba's own form: a version, and a pickle without a digest."""
    path.write_bytes(pickle.dumps("0.60.0", protocol=-1) + pickle.dumps(("stamp", {}), protocol=-1))


def replaced_by(make):
    def damage(path):
        path.unlink()
        make(path)

    return damage


DAMAGES = {
    "cut": cut,
    "flipped": flipped,
    "empty": lambda path: path.write_bytes(b""),
    "foreign": lambda path: path.write_bytes(b"something else entirely"),
    "too short for a digest": lambda path: path.write_bytes(b"abc"),
    "longer by a byte": lambda path: path.write_bytes(path.read_bytes() + b"0"),
    "of another version": of_another_version,
    "gone": Path.unlink,
    "unreadable": lambda path: path.chmod(0),
    "enormous": lambda path: os.truncate(path, 1 << 40),
    "a link to nothing": replaced_by(lambda path: path.symlink_to("nothing")),
    "a link to itself": replaced_by(lambda path: path.symlink_to(path.name)),
    "a pipe": replaced_by(os.mkfifo),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_counts_as_none(tmp_path, damage):
    """Whatever stands in a file's place is noticed, never run or waited for, and replaced."""
    if damage == "unreadable" and os.geteuid() == 0:
        pytest.skip("root reads everything")
    path = tmp_path / "kernel.nbc"
    sealed.write(path, b"1, 2, 3")
    assert sealed.read(path) == b"1, 2, 3"
    DAMAGES[damage](path)
    assert sealed.read(path) is None
    sealed.write(path, b"4")
    assert sealed.read(path) == b"4"


def test_a_folder_in_a_files_place(tmp_path):
    """It is not ours to remove, so nothing is read there, and nothing can be kept."""
    path = tmp_path / "kernel.nbc"
    path.mkdir()
    assert sealed.read(path) is None
    with pytest.raises(OSError, match="directory"):
        sealed.write(path, b"1")
    assert [path.name for path in tmp_path.iterdir() if ".tmp." in path.name] == []


@pytest.mark.parametrize("damage", ["flipped", "a pipe"])
def test_a_damaged_file_is_compiled_again(warm, damage):
    """The kernel gives what it should, and the next process finds it whole."""
    root, file = warm
    DAMAGES[damage](file)
    assert run(root)[:2] == (1, True)
    assert run(root)[:2] == (1, False)


def test_a_folder_in_a_kernels_place(warm):
    """The kernel runs all the same, compiled each time."""
    root, file = warm
    file.unlink()
    file.mkdir()
    assert run(root)[:2] == (1, True)


TWO = """
import sys
import numpy as np
from convlens.kernels.runtime import cache
from convlens.kernels.runtime.compiler import entry

@entry
def one(x):
    x[0] = 1.0

@entry
def two(x):
    x[0] = 2.0

@entry
def three(x):
    x[0] = 3.0

found = np.zeros(3, np.float32)
for k, kernel in enumerate((one, two, three)):
    kernel(found[k:])
found64 = np.zeros(3)
for k, kernel in enumerate((one, two, three)):
    kernel(found64[k:])
print(*found, *found64, cache.folder())
"""


def test_a_file_under_another_kernels_name_is_not_run(tmp_path):
    """Three kernels whose code differs in a constant alone, each for two types, in each other's files."""
    program = tmp_path / "program.py"
    program.write_text(TWO, encoding="utf-8")

    def results():
        done = subprocess.run(
            [sys.executable, str(program)], capture_output=True, text=True, check=False, timeout=300,
            env=os.environ | {"CONVLENS_CACHE_DIR": str(tmp_path / "cache")},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout.split()

    *right, folder = results()
    assert right == ["1.0", "2.0", "3.0"] * 2
    files = sorted(path for path in Path(folder).iterdir() if path.suffix == ".nbc")
    contents = [path.read_bytes() for path in files]
    for path, content in zip(files, contents[1:] + contents[:1], strict=True):
        path.write_bytes(content)
    for _ in range(2):  # found wrong, then put right
        assert results()[:-1] == right


SOURCES = sorted(path.relative_to(cache.ROOM).as_posix() for path in cache.ROOM.rglob("*.py"))


@pytest.mark.parametrize("name", SOURCES)
def test_a_change_in_any_source_makes_a_new_cache(tmp_path, name):
    """Numba does not see a change in a word that a kernel uses: stale machine code would run."""
    room = tmp_path / "kernels"
    shutil.copytree(cache.ROOM, room, ignore=shutil.ignore_patterns("__pycache__"))
    before = cache._key(room)
    assert before == cache._key()
    (room / name).write_text((room / name).read_text(encoding="utf-8") + "# changed", encoding="utf-8")
    assert cache._key(room) != before


def test_a_source_that_moves_or_comes_makes_a_new_cache(tmp_path):
    """Names of files are in the key too, and folders below."""
    room = tmp_path / "kernels"
    shutil.copytree(cache.ROOM, room, ignore=shutil.ignore_patterns("__pycache__"))
    keys = [cache._key(room)]
    (room / "gather.py").rename(room / "gathered.py")
    keys.append(cache._key(room))
    (room / "deeper" / "still").mkdir(parents=True)
    (room / "deeper" / "still" / "new.py").touch()
    keys.append(cache._key(room))
    assert len(set(keys)) == 3


def test_where_no_folder_can_be_made_kernels_still_run(tmp_path):
    """They are compiled each time, and each time the user hears of it."""
    blocked = tmp_path / "file"
    blocked.write_text("in the way", encoding="utf-8")
    assert run(blocked) == (1, True, "None")
