"""One process a run: locks that are held, left behind, and cleared."""

import subprocess
import sys
import time

import pytest
from small_runs import config_of, contents, copied

from convlens.errors import ConvlensError, RunError
from convlens.runs import Run, train_run
from convlens.runs.lock import locked
from convlens.training import Callback


def test_a_second_process_is_refused(whole, data, tmp_path):
    """While a run is made nobody else makes it; nothing of the lock is left behind, and the run is whole."""

    class Meanwhile(Callback):
        def on_step(self, trainer, loss):
            with pytest.raises(RunError, match=r"another convlens is making a run in .*run: wait for it"):
                train_run(config_of(data), tmp_path / "run", "c")

    run = train_run(config_of(data), tmp_path / "run", "c", [Meanwhile()])
    assert contents(run.folder) == contents(whole.folder)
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


SCRIPT = """
import sys
from convlens.cli import main
sys.argv = ["convlens", "train", "lenet", "--train-size", "600", "--epochs", "6", "--batch-size", "50",
            "--out", sys.argv[1], "-q"]
main()
"""


@pytest.mark.parametrize("attempt", range(2))
def test_two_processes_at_once(tmp_path, attempt):
    """Of two processes started together one makes the run, whole; the other says so or finds it made."""
    out = tmp_path / "r"
    command = [sys.executable, "-c", SCRIPT, str(out)]
    both = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    errors = [process.communicate()[1] for process in both]
    codes = [process.returncode for process in both]
    assert sorted(codes) in ([0, 0], [0, 1]), errors
    for code, error in zip(codes, errors, strict=True):
        assert code == 0 or "another convlens is making a run in" in error
    Run(out).require_whole()
    assert len(Run(out).step_losses) == 6 * 12
    assert [path.name for path in tmp_path.iterdir()] == ["r"]


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_process_that_was_killed(tmp_path):
    """`kill -9` leaves the lock's file but not the lock: the same command goes on, and clears it away."""
    out = tmp_path / "r"
    process = subprocess.Popen([sys.executable, "-c", SCRIPT, str(out)], stderr=subprocess.PIPE)
    while not list(tmp_path.glob(".r.*/checkpoints/last.safetensors")):
        assert process.poll() is None
        time.sleep(0.01)
    process.kill()
    process.communicate()
    assert len(list(tmp_path.glob(".r.lock"))) == 1
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(out)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    Run(out).require_whole()
    assert [path.name for path in tmp_path.iterdir()] == ["r"]


def test_a_lock_that_was_left_is_cleared(whole, data, tmp_path):
    """Killed after the run got its name, only the lock's file is left: asked for again, it goes."""
    folder = copied(whole, tmp_path / "run")
    (tmp_path / ".run.lock").write_bytes(b"")
    train_run(config_of(data), folder, "c")
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_locks(tmp_path):
    """One holder at a time; a file that is left over does not matter; another's new file is not removed."""
    path = tmp_path / "l"
    path.write_bytes(b"left over")
    with locked(path) as first, locked(path) as second:
        assert (first, second) == (True, False)
    assert not path.exists()
    with locked(path) as again:
        assert again
    with pytest.raises(ConvlensError, match=r"cannot lock .*: "), locked(tmp_path / "none" / "l"):
        pass
