"""What is compiled before runs are made side by side."""

import os
import subprocess
import sys

import pytest

from looked_for import LOOKED_FOR

REHEARSED = f"""{LOOKED_FOR}
import sys, tempfile
from pathlib import Path
from convlens import spec
from convlens.runs import RunConfig, rehearse, train_run

network, optimizer, engine = sys.argv[1:]
config = RunConfig(spec.find(network), optimizer=optimizer, engine=engine, train_size=100, epochs=1)
rehearse(config)
before = len(looked_for)
train_run(config, Path(tempfile.mkdtemp()) / "run", "", threads=1)
print(before > 0, len(looked_for) - before)
"""


@pytest.mark.parametrize(
    ("network", "optimizer", "engine", "said"),
    [
        ("simple", "adam", "fused", "True 0"),
        ("lenet", "sgd", "fused", "True 0"),
        ("speedrun", "momentum", "fused", "True 0"),
        ("simple", "sgd", "layers", "False 0"),
    ],
)
def test_a_run_that_was_rehearsed_looks_for_no_kernel(network, optimizer, engine, said):
    """Its data are read-only bytes, for which kernels are compiled on their own; the layers need none."""
    done = subprocess.run(
        [sys.executable, "-c", REHEARSED, network, optimizer, engine],
        capture_output=True, text=True, check=False, env=dict(os.environ),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == said
