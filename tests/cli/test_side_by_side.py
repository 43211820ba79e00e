"""`convlens reproduce` with runs side by side: what is refused, and how it ends when it is told to."""

import os
import signal
import subprocess
import sys
import time

import pytest
from typer.testing import CliRunner

from convlens.cli.app import app

GOES_ON = "The same command goes on from here."


TWICE = "`--workers` counts processes of this machine, `--dask` sends runs away: give one."


@pytest.mark.parametrize(
    ("args", "line"),
    [
        (["--workers", "2", "--dask", "tcp://x:1"], TWICE),
        (["--dask", "tcp://x:1", "--workers", "1"], TWICE),
        (["--workers", "0"], "`--workers` must be 1 to 1,024."),
        (["--workers", "1025"], "`--workers` must be 1 to 1,024."),
        (["--workers", "many"], "`--workers` must be a whole number."),
    ],
)
def test_who_makes_the_runs_is_asked_for_once(tmp_path, monkeypatch, args, line):
    """One line, exit code 2, before anything is made."""
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, ["reproduce", *args])
    assert done.exit_code == 2
    assert line in done.stderr
    assert done.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def processes_of(group):
    """The processes of a group that run; one that nobody has waited for does not."""
    listed = subprocess.run(["ps", "-eo", "pgid,stat"], capture_output=True, text=True, check=True).stdout
    rows = [row.split() for row in listed.splitlines()[1:]]
    return [state for found, state in rows if int(found) == group and not state.startswith("Z")]


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="signals")
@pytest.mark.parametrize(
    ("number", "to_all", "code", "said"),
    [
        (signal.SIGINT, True, 130, f"convlens: interrupted. {GOES_ON}\n"),
        (signal.SIGINT, False, 130, f"convlens: interrupted. {GOES_ON}\n"),
        (signal.SIGTERM, False, 143, f"convlens: terminated. {GOES_ON}\n"),
        (signal.SIGKILL, False, -9, ""),
    ],
)
def test_it_ends_with_all_its_workers(tmp_path, number, to_all, code, said):
    """One line, the usual exit code, no process left, and what was kept is there to go on from."""
    command = [
        "-m",
        "convlens",
        "reproduce",
        "--small",
        "--seeds",
        "1",
        "--workers",
        "2",
        "-q",
        "--out",
        "out",
    ]
    process = subprocess.Popen(
        [sys.executable, *command], cwd=tmp_path, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    while len(list(tmp_path.glob("out/runs/.*.partial/checkpoints/*.safetensors"))) < 2:
        time.sleep(0.05)
    (os.killpg if to_all else os.kill)(process.pid, number)
    _, lines = process.communicate()
    assert (process.returncode, lines.replace("compiling kernels (first run only)\n", "")) == (code, said)
    while processes_of(process.pid):
        time.sleep(0.05)
    assert len(list(tmp_path.glob("out/runs/.*.partial/checkpoints/*.safetensors"))) >= 2
