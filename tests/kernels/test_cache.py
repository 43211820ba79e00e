"""Compiled kernels on disk: private, checked, rebuilt when damaged."""

import os
import pickle
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numba.core import types

from convlens.kernels.runtime import cache, claims, sealed
from convlens.kernels.runtime.compiler import entry

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


AT_ONCE = """
import sys
import numpy as np
from numba.core import event
from convlens.kernels.runtime.compiler import entry, inner

class Compiled(event.Listener):
    def on_start(self, event):
        pass
    def on_end(self, event):
        name = event.data["dispatcher"].py_func.__qualname__
        if name not in {"shared", "replay"}:
            print(name, event.data["args"][0], flush=True)

@inner
def shared(x):
    return x + 1

@entry
def one(x):
    x[0] = shared(x[0])

@entry
def two(x):
    x[0] = shared(x[0]) + 2

@entry
def three(x):
    x[0] = shared(x[0]) + 3

with event.install_listener("numba:compile", Compiled()):
    kernels = [one, two, three]
    if sys.argv[1] == "reversed":
        kernels.reverse()
    for kernel in kernels:
        for dtype in (np.float32, np.float64, np.int64):
            x = np.zeros(1, dtype)
            kernel(x)
            assert x[0] == {"one": 1, "two": 3, "three": 4}[kernel.__name__]
"""


@pytest.mark.parametrize("orders", [("as it is", "as it is"), ("as it is", "reversed"), ("reversed",) * 3])
def test_processes_at_once_compile_each_kernel_once(tmp_path, orders):
    """On an empty cache they wait for each other's kernels, and lose none of one function's types."""
    program = tmp_path / "program.py"
    program.write_text(AT_ONCE, encoding="utf-8")
    environment = os.environ | {"CONVLENS_CACHE_DIR": str(tmp_path / "cache")}

    def begun(order):
        command = [sys.executable, str(program), order]
        return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)

    processes = [begun(order) for order in orders]
    compiled = [line for process in processes for line in process.communicate()[0].splitlines()]
    assert [process.returncode for process in processes] == [0] * len(orders)
    assert len(compiled) == len(set(compiled)) == 9
    later = begun("as it is")
    assert later.communicate()[0] == ""


CLAIM = """
import sys
from pathlib import Path
from convlens.kernels.runtime import claims
for name in sys.argv[2:]:
    print(claims.claim(Path(sys.argv[1]), name), flush=True)
sys.stdin.read()
"""


def claiming(folder, *names):
    """Start a process that claims names, and return it with what it got."""
    command = [sys.executable, "-c", CLAIM, str(folder), *names]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    return process, [process.stdout.readline().strip() == "True" for _ in names]


def test_a_claim_is_one_processs_until_it_ends(tmp_path):
    """However it ends: killed, it leaves none behind; what was given up is free at once."""
    first, got = claiming(tmp_path, "a", "b")
    assert got == [True, True]
    assert [claims.claim(tmp_path, name) for name in ("a", "b", "c")] == [False, False, True]
    first.kill()
    first.communicate()
    assert claims.claim(tmp_path, "a")
    second, got = claiming(tmp_path, "a", "b", "c")
    assert got == [False, True, False]
    second.communicate()
    claims.give_up(tmp_path, "c")
    third, got = claiming(tmp_path, "a", "b", "c")
    assert got == [False, True, True]
    third.communicate()
    claims.give_up_all()
    fourth, got = claiming(tmp_path, "a")
    assert got == [True]
    fourth.communicate()


@pytest.mark.parametrize("in_the_way", ["folder", "link", "nothing, and no right to write"])
def test_where_nothing_can_be_claimed_everything_may_be_done(tmp_path, in_the_way):
    """Kernels are then compiled twice rather than not at all."""
    place = tmp_path / "claims"
    if in_the_way == "folder":
        place.mkdir()
    elif in_the_way == "link":
        place.symlink_to(tmp_path / "elsewhere")
    else:
        tmp_path = tmp_path / "not there"
    assert claims.claim(tmp_path, "a")
    claims.give_up(tmp_path, "a")
    assert not (tmp_path / "elsewhere").exists()


def test_a_kernel_that_another_process_does_not_finish_is_compiled_here(tmp_path, monkeypatch):
    """Patience has an end: the holder may be stopped, or wait for something itself."""
    monkeypatch.setattr(cache, "PATIENCE", 0.0)
    monkeypatch.setattr(cache, "folder", lambda: tmp_path)

    def doubled(x):
        x[0] *= 2

    kernel = entry(doubled)
    dispatcher = kernel.dispatcher
    path = dispatcher._cache._path((types.float32[::1],), dispatcher.targetctx.codegen())
    holder, got = claiming(tmp_path, path.name)
    assert got == [True]
    with cache.postponing(missing=False), pytest.raises(cache.Postponed):
        kernel(np.ones(1, np.float32))
    x = np.ones(1, np.float32)
    kernel(x)
    assert x[0] == 2
    holder.kill()
    holder.communicate()


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
        capture_output=True, encoding="utf-8", check=False, timeout=300,
        env=os.environ | {"CONVLENS_CACHE_DIR": str(tmp_path)},
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr


@pytest.mark.skipif(os.name != "posix", reason="no limit for files on this system")
@pytest.mark.parametrize("limit", [0, 10_000])  # nothing at all, or what is smaller than any kernel
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
