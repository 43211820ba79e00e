"""Compiled kernels on disk: private, checked, rebuilt when damaged."""

import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

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
        capture_output=True, text=True, check=False, timeout=300,
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


@pytest.mark.parametrize("damage", ["cut", "flip", "empty", "other"])
@pytest.mark.parametrize("suffix", [".nbi", ".nbc"])
def test_a_damaged_file_is_compiled_again(warm, damage, suffix):
    """Truncated, changed, empty or foreign files are noticed, never run, and replaced."""
    root, files = warm
    (file,) = [p for p in files if p.suffix == suffix]
    content = file.read_bytes()
    middle = len(content) // 2
    file.write_bytes({
        "cut": content[:middle],
        "flip": content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :],
        "empty": b"",
        "other": b"something else entirely",
    }[damage])  # fmt: skip
    assert run(root)[:2] == (1, True)
    assert run(root)[:2] == (1, False)


def test_where_no_folder_can_be_made_kernels_still_run(tmp_path):
    """They are compiled each time, and each time the user hears of it."""
    blocked = tmp_path / "file"
    blocked.write_text("in the way", encoding="utf-8")
    assert run(blocked) == (1, True, "None")


def test_the_cache_is_quick(warm):
    """A warm start is not slower than compiling: the time is that of the imports."""
    start = time.perf_counter()
    run(warm[0])
    assert time.perf_counter() - start < 10
