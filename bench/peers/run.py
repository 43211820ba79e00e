"""A training step of convlens against PyTorch, JAX and Keras, each in an environment of its own.

python bench/peers/run.py [PEER ...]        PEER one of pytorch, jax, keras; default: all

Makes one virtual environment a peer in the folder `convlens-peers` of the system's temporary folder (kept for
the next time), installs convlens and the peer there, and lets all of them and convlens take turns.
"""

import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from statistics import median

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from arguments import names
from compare import ask, environment, wait_until_idle

PACKAGES = {"pytorch": ["torch==2.13.0"], "jax": ["jax", "optax"], "keras": ["keras", "jax"]}
PATHS = [str(HERE.parent), str(HERE.parent.parent / "src")]  # convlens as it is in this checkout
CASES = ("simple", "lenet")
BATCH, THREADS, ROUNDS, SECONDS = 100, 2, 15, 0.15


def python_with(peer: str) -> Path:
    """Return the Python of a peer's environment; make it if it is not there."""
    folder = Path(tempfile.gettempdir()) / "convlens-peers" / peer
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not (folder / "ready").exists():
        print(f"installing {' '.join(PACKAGES[peer])} ...", file=sys.stderr)
        venv.create(folder, with_pip=True, clear=True)
        checkout = str(HERE.parent.parent)
        subprocess.run([python, "-m", "pip", "install", "-q", checkout, *PACKAGES[peer]], check=True)
        (folder / "ready").touch()
    return python


def start(peer: str, python: Path, net: str) -> subprocess.Popen[str]:
    """Start a peer's worker; it says `ready` when it is warm."""
    worker = {"jax": HERE / "jax_worker.py", "keras": HERE / "keras_worker.py"}.get(
        peer, HERE.parent / "worker.py"
    )
    backend = {"pytorch": "channels_last", "convlens": "ours"}.get(peer, peer)
    command = [str(python), str(worker), backend, net, str(BATCH), str(THREADS)]
    settings = environment(THREADS) | {"KERAS_BACKEND": "jax", "PYTHONPATH": os.pathsep.join(PATHS)}
    pipe = subprocess.PIPE
    return subprocess.Popen(
        command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True, env=settings
    )


def compare(net: str, pythons: dict[str, Path]) -> None:
    """Let all take turns on one network and print a line each."""
    workers = {peer: start(peer, python, net) for peer, python in pythons.items()}
    for peer, process in list(workers.items()):
        if not process.stdout or process.stdout.readline().strip() != "ready":
            print(f"{net:8} {peer:10} failed")
            workers.pop(peer)
    steps = {peer: max(3, int(SECONDS * 1e3 / ask(process, 5))) for peer, process in workers.items()}
    times: dict[str, list[float]] = {peer: [] for peer in workers}
    for _ in range(ROUNDS):
        for peer, process in workers.items():
            wait_until_idle()
            times[peer].append(ask(process, steps[peer]))
    for process in workers.values():
        process.kill()
    ours = median(times["convlens"])
    for peer, values in times.items():
        print(
            f"{net:8} {peer:10} median {median(values):7.2f} ms a step, {median(values) / ours:5.1f} x ours",
            flush=True,
        )


if __name__ == "__main__":
    chosen = names(__doc__, "PEER", PACKAGES, PACKAGES)
    pythons = {peer: python_with(peer) for peer in chosen}
    print("load", os.getloadavg(), "batch", BATCH, "threads", THREADS)
    for net in CASES:
        compare(net, {"convlens": next(iter(pythons.values())), **pythons})
