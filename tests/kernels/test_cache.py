"""Compiled kernels on disk: private, checked, rebuilt when damaged."""

import os
import pickle
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from convlens.kernels.runtime import cache

PROGRAM = """
import numpy as np
from convlens.kernels.runtime import cache
said = []
cache.on_compile.append(lambda: said.append("compiling"))
from convlens.kernels.loss import check_batch
print(check_batch(np.array([3]), np.zeros(0, np.int64), 3, 2), len(said), cache.folder())
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
    """A cache that holds one kernel."""
    result, compiled, path = run(tmp_path)
    assert (result, compiled) == (1, True)
    return tmp_path, [p for p in (tmp_path / path).iterdir() if p.suffix in {".nbi", ".nbc"}]


def test_the_second_process_compiles_nothing(warm):
    """And nobody but the user can read the folder."""
    root, files = warm
    assert len(files) == 2
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


def files_of(folder):
    """Return the cache of a kernel in a folder, as it is in another process each time."""
    return cache._CheckedFile(cache_path=str(folder), filename_base="kernel", source_stamp="stamp")


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("name", ["kernel.nbi", "kernel.1.nbc"])
def test_a_damaged_file_counts_as_none(tmp_path, damage, name):
    """Whatever stands in a file's place is noticed, never run or waited for, and replaced."""
    if damage == "unreadable" and os.geteuid() == 0:
        pytest.skip("root reads everything")
    files_of(tmp_path).save("signature", [1, 2, 3])
    assert files_of(tmp_path).load("signature") == [1, 2, 3]
    DAMAGES[damage](tmp_path / name)
    assert files_of(tmp_path).load("signature") is None
    files_of(tmp_path).save("signature", [4])
    assert files_of(tmp_path).load("signature") == [4]


@pytest.mark.parametrize("name", ["kernel.nbi", "kernel.1.nbc"])
def test_a_folder_in_a_files_place(tmp_path, name):
    """It is not ours to remove, so nothing is read there, and nothing can be kept."""
    files_of(tmp_path).save("signature", [1])
    (tmp_path / name).unlink()
    (tmp_path / name).mkdir()
    assert files_of(tmp_path).load("signature") is None
    with pytest.raises(OSError, match="directory"):
        files_of(tmp_path).save("signature", [1])
    assert [path.name for path in tmp_path.iterdir() if ".tmp." in path.name] == []


def test_two_signatures_under_one_name(tmp_path):
    """Two processes that start from an empty index may both write the first file: the later one is right."""
    one, two = files_of(tmp_path), files_of(tmp_path)
    one.save("float32", [32])
    index = (tmp_path / "kernel.nbi").read_bytes()
    (tmp_path / "kernel.nbi").unlink()
    two.save("float64", [64])
    (tmp_path / "kernel.nbi").write_bytes(index)
    assert files_of(tmp_path).load("float32") is None
    assert files_of(tmp_path).load("float64") is None


@pytest.mark.parametrize("damage", ["flipped", "a pipe"])
@pytest.mark.parametrize("suffix", [".nbi", ".nbc"])
def test_a_damaged_file_is_compiled_again(warm, damage, suffix):
    """The kernel gives what it should, and the next process finds it whole."""
    root, files = warm
    (file,) = [p for p in files if p.suffix == suffix]
    DAMAGES[damage](file)
    assert run(root)[:2] == (1, True)
    assert run(root)[:2] == (1, False)


def test_a_folder_in_an_indexs_place(warm):
    """The kernel runs all the same, compiled each time."""
    root, files = warm
    (file,) = [p for p in files if p.suffix == ".nbi"]
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


@pytest.mark.parametrize("what", [(".nbi",), (".nbc",), (".nbi", ".nbc")], ids=["index", "code", "both"])
def test_a_file_under_another_kernels_name_is_not_run(tmp_path, what):
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
    files = sorted(path for path in Path(folder).iterdir() if path.suffix in what)
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


FULL = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))
sys.argv = ["convlens", *{command}]
from convlens import cli
cli.main()
"""


def on_a_full_disk(tmp_path, command, limit):
    """Run a command that can make files, but not fill them: as on a full disk."""
    done = subprocess.run(
        [sys.executable, "-c", FULL.format(limit=limit, command=command)],
        capture_output=True, text=True, check=False, timeout=300,
        env=os.environ | {"CONVLENS_CACHE_DIR": str(tmp_path)},
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr


@pytest.mark.skipif(os.name != "posix", reason="no limit for files on this system")
@pytest.mark.parametrize("limit", [0, 10_000])  # nothing at all, or an index without its code
def test_warming_up_on_a_full_disk_fails(tmp_path, limit):
    """It ends at the first kernel that is lost, says why and what to do, and does not claim success."""
    code, out, err = on_a_full_disk(tmp_path, ["warmup"], limit)
    assert (code, out) == (1, "")
    assert "compiled kernels cannot be kept in" in err
    assert "File too large" in err
    assert "CONVLENS_CACHE_DIR" in err
    assert not [
        path for path in tmp_path.rglob("*") if ".tmp." in path.name or path.name.startswith(".probe")
    ]


@pytest.mark.skipif(os.name != "posix", reason="no limit for files on this system")
@pytest.mark.parametrize("limit", [0, 100_000])
def test_the_doctor_sees_a_full_disk(tmp_path, limit):
    """A file can be made there, so only writing tells."""
    code, out, _ = on_a_full_disk(tmp_path, ["doctor"], limit)
    assert code == 0
    assert "-> no more compiled kernels can be kept in" in out
    assert "File too large" in out
    assert "Nothing to mend" not in out


STEP = """
import numpy as np, resource
resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))
from convlens import spec
from convlens.networks import Network
Network(spec.NetworkSpec("small", (1, 2, 2), (spec.Affine(2),))).predict(np.zeros((1, 1, 2, 2), np.float32))
"""


@pytest.mark.skipif(os.name != "posix", reason="no limit for files on this system")
@pytest.mark.parametrize(("limit", "words"), [(0, "at every start"), (1 << 30, "first run only")])
def test_what_is_said_before_compiling(tmp_path, limit, words):
    """It is for the first run only where it can be kept."""
    done = subprocess.run(
        [sys.executable, "-c", STEP.format(limit=limit)],
        capture_output=True, text=True, check=True, timeout=300,
        env=os.environ | {"CONVLENS_CACHE_DIR": str(tmp_path)},
    )  # fmt: skip
    said = [line for line in done.stderr.splitlines() if line.startswith("compiling kernels")]
    assert len(said) == 1
    assert words in said[0]


def test_where_no_folder_can_be_made_kernels_still_run(tmp_path):
    """They are compiled each time, and each time the user hears of it."""
    blocked = tmp_path / "file"
    blocked.write_text("in the way", encoding="utf-8")
    assert run(blocked) == (1, True, "None")
