"""`convlens doctor`, and `convlens warmup` where nothing can be kept."""

import json
import os
import subprocess
import sys

import pytest

from convlens import engine


def doctor(*args, **environment):
    """Start `convlens doctor` in a process with these variables; return what it printed."""
    own = ("NUMBA_THREADING_LAYER", "NUMBA_NUM_THREADS", "CONVLENS_CACHE_DIR")
    env = {key: value for key, value in os.environ.items() if key not in own}
    done = subprocess.run(
        [sys.executable, "-m", "convlens", "doctor", *args],
        env=env | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_warmup_says_at_once_that_kernels_cannot_be_kept(tmp_path):
    """Instead of compiling for minutes what is thrown away."""
    file = tmp_path / "file"
    file.touch()
    done = subprocess.run(
        [sys.executable, "-m", "convlens", "warmup"],
        env=os.environ | {"CONVLENS_CACHE_DIR": str(file)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "set CONVLENS_CACHE_DIR" in done.stderr
    assert "compiling" not in done.stderr.replace("compiling them ahead", "")


def advice(**environment):
    return json.loads(doctor("--json", **environment))["advice"]


def test_what_numbas_variables_ask_for_is_not_blamed_on_the_machine():
    """A layer or a number of threads that a variable asks for is mended by unsetting it."""
    layer = advice(NUMBA_THREADING_LAYER="workqueue")
    assert [line for line in layer if "NUMBA_THREADING_LAYER asks for workqueue" in line]
    assert not [line for line in layer if "OpenMP" in line]
    (threads,) = advice(NUMBA_NUM_THREADS="1")
    assert threads.startswith("NUMBA_NUM_THREADS=1")


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="no affinity on this system")
def test_one_processor_and_what_to_do():
    """A process that may use one processor says why, and what gives it more."""
    code = (
        "import os, sys; os.sched_setaffinity(0, {min(os.sched_getaffinity(0))}); os.execv(sys.executable, "
    )
    command = [sys.executable, "-m", "convlens", "doctor"]
    done = subprocess.run(
        [sys.executable, "-c", f"{code}{command})"], capture_output=True, encoding="utf-8", check=True
    )
    assert "-> this process may use one processor only, by its affinity (taskset)" in done.stdout


def test_a_cache_that_cannot_be_kept(tmp_path):
    """The remedy names the variable."""
    blocked = tmp_path / "file"
    blocked.touch()
    assert [line for line in advice(CONVLENS_CACHE_DIR=str(blocked)) if "CONVLENS_CACHE_DIR" in line]


def test_the_menu_of_tiles_is_printed():
    """Every tile of every kernel, a line each."""
    printed = doctor("--tiles").splitlines()
    for kernel, sizes in engine.every_tile().items():
        start = printed.index(f"{kernel}: {len(sizes)}")
        assert [line.strip() for line in printed[start + 1 : start + 1 + len(sizes)]] == sizes
    assert set(json.loads(doctor("--tiles", "--json"))["tiles"]) == set(engine.every_tile())
