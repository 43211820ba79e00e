"""`kill -9` at random instants: nothing torn, nothing left over, the same bits, and no finished epoch twice.

python bench/kills.py [COUNT]     default: 60

One training is made in one go. Then the same command is started and killed, so often; whenever it survives,
it has to have left the same bytes, and begins anew elsewhere. Half of the kills wait for the last weights to
be on the disk: they fall between the last epoch and the folder's name. POSIX only.
"""

import hashlib
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from arguments import names

from convlens.runs import Run

SETTINGS = ["lenet", "--train-size", "1000", "--epochs", "6", "--batch-size", "50", "--seed", "1", "-q"]
COMMAND = [sys.executable, "-m", "convlens", "train", *SETTINGS, "--out"]
FILES = ("initial", "final", "predictions")
COUNT, SEED, SLEEP = 60, 0, 0.001


def digest(folder: Path) -> str:
    """Return the SHA-256 over what must not depend on kills, after the folder was held against its own."""
    Run(folder).require_whole()
    content = b"".join((folder / f"{name}.safetensors").read_bytes() for name in FILES)
    return hashlib.sha256(content + (folder / "history.jsonl").read_bytes()).hexdigest()


def begun(out: Path) -> bool:
    """Whether a training's last weights are on the disk, or it has its name."""
    return out.exists() or any(out.parent.glob(f".{out.name}.*.partial/final.safetensors"))


def killed(out: Path, at_the_end: bool, seconds: float, rng: random.Random) -> bool:
    """Start the command, kill it at a random instant, and say whether that came before its end."""
    process = subprocess.Popen([*COMMAND, str(out)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    if at_the_end:
        while process.poll() is None and not begun(out):
            time.sleep(SLEEP)
        time.sleep(rng.uniform(0, 0.05))
    else:
        time.sleep(rng.uniform(0, seconds))
    process.kill()
    _, said = process.communicate()
    if process.returncode > 0:
        raise SystemExit(f"a command failed: {said.decode(errors='replace')}")
    return process.returncode != 0


def main(count: int) -> None:
    """Kill, go on, compare, and say what was found."""
    rng = random.Random(SEED)  # noqa: S311 (instants, not secrets)
    kills = late = runs = torn = others = left = 0
    with tempfile.TemporaryDirectory(prefix="convlens-kills-") as folder:
        whole, started = Path(folder) / "whole" / "run", time.perf_counter()
        subprocess.run([*COMMAND, str(whole)], check=True, stdout=subprocess.DEVNULL)
        seconds, wanted = time.perf_counter() - started, digest(whole)
        while kills < count:
            out = Path(folder) / str(runs) / "run"
            out.parent.mkdir()
            while kills < count:
                at_the_end = rng.random() < 0.5
                if not killed(out, at_the_end, seconds, rng):
                    break
                kills, late = kills + 1, late + at_the_end
                torn += out.exists() and digest(out) != wanted
            subprocess.run([*COMMAND, str(out)], check=True, stdout=subprocess.DEVNULL)
            runs, others = runs + 1, others + (digest(out) != wanted)
            left += [path.name for path in out.parent.iterdir()] != ["run"] or (out / "checkpoints").exists()
    print(f"{kills} kills, {late} of them after the last epoch, in {runs} runs of {seconds:.1f} s:")
    print(f"{torn} torn, {others} with other bits, {left} with something left over")


if __name__ == "__main__":
    main(int(names(__doc__, "COUNT", [str(COUNT)])[0]))
