"""Where no compiled kernel can be kept, commands say so, and kernels still run."""

import os
import subprocess
import sys

import pytest

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
