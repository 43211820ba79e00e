"""Numba's environment variables: what kernels cannot run with is refused in one line."""

import os
import subprocess
import sys

import pytest

from convlens.errors import UsageError
from convlens.kernels.runtime.environment import require_usable
from small_sets import write_small_set


def command(*args, **environment):
    """Run a command of convlens under these variables."""
    return subprocess.run(
        [sys.executable, "-m", "convlens", *args],
        env=os.environ | environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("NUMBA_NUM_THREADS", "0", "an int between 1 and 4,096. Got '0'"),
        ("NUMBA_NUM_THREADS", "-3", "Got '-3'"),
        ("NUMBA_NUM_THREADS", "abc", "Got 'abc'"),
        ("NUMBA_NUM_THREADS", "", "Got ''"),
        ("NUMBA_NUM_THREADS", "2.5", "Got '2.5'"),
        ("NUMBA_NUM_THREADS", "9" * 5000, f"Got '{'9' * 40}…'"),
        ("NUMBA_DISABLE_JIT", "1", "0, or not set, as the kernels have to be compiled. Got '1'"),
        ("NUMBA_DISABLE_JIT", "yes", "Got 'yes'"),
        ("NUMBA_CPU_NAME", "nonsense", ", or generic. Got 'nonsense'"),
        ("NUMBA_CPU_FEATURES", "nonsense", "a list such as +avx2"),
        ("NUMBA_CPU_FEATURES", "+avx2,+warp", "Got '+avx2,+warp'"),
        ("NUMBA_THREADING_LAYER_PRIORITY", "x", "in some order: tbb omp workqueue. Got 'x'"),
    ],
)
def test_a_value_that_kernels_cannot_run_with(name, value, says):
    """The line names the variable, the rule, the value and the remedy."""
    with pytest.raises(UsageError) as raised:
        require_usable({name: value})
    line = str(raised.value)
    assert line.startswith(f"`{name}` of the environment must be ")
    assert says in line
    assert line.endswith(": unset it.")
    assert len(line) < 200


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"NUMBA_NUM_THREADS": " 2 "},
        {"NUMBA_DISABLE_JIT": "0"},
        {"NUMBA_CPU_NAME": "generic"},
        {"NUMBA_CPU_FEATURES": ""},
        {"NUMBA_THREADING_LAYER_PRIORITY": "workqueue tbb omp"},
        {"NUMBA_THREADING_LAYER": ""},
    ],
)
def test_a_value_that_they_can_run_with(environment):
    """What Numba allows and kernels bear is taken."""
    assert require_usable(environment) is None


@pytest.mark.parametrize(
    "variable",
    [
        "NUMBA_NUM_THREADS=0",
        "NUMBA_DISABLE_JIT=1",
        "NUMBA_CPU_FEATURES=nonsense",
        "NUMBA_THREADING_LAYER=x",
        "NUMBA_OPT=fastest",
        "NUMBA_DEBUG=on",
    ],
)
def test_a_command_says_so_in_one_line(variable):
    """A command that needs kernels ends with 2 and one line; no traceback, and nothing of LLVM's."""
    name, _, value = variable.partition("=")
    done = command("doctor", **{name: value})
    (line,) = done.stderr.splitlines()
    assert (done.returncode, done.stdout) == (2, "")
    assert line.startswith("convlens: ")
    assert name in line
    assert repr(value) in line


def test_what_needs_no_kernel_runs_all_the_same(tmp_path):
    """The readable layers train, and a network's table is printed, whatever Numba could not do."""
    data = write_small_set(tmp_path / "data", size=28, n_train=100)
    few = ["--train-size", "50", "--batch-size", "25", "--epochs", "1", "-q"]
    args = ["train", "simple", "--data", str(data), *few]
    done = command(*args, "--engine", "layers", "--out", str(tmp_path / "run"), NUMBA_DISABLE_JIT="1")
    assert (done.returncode, done.stderr) == (0, "")
    assert command("summary", "lenet", NUMBA_NUM_THREADS="0").returncode == 0
