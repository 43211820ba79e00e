"""Seconds to write a study's page from nothing with this checkout and with another one, alternating.

python bench/drawing.py STUDY CHECKOUT [ROUNDS]

STUDY holds the folder `runs` of a finished `convlens reproduce`; it is copied, never written to. CHECKOUT is
another working tree (`git worktree add /tmp/before COMMIT`), which must read the same runs. Both draw with
this Python, without pictures from before and with kernels compiled; the first round warms up and does not
count. Medians of processor and of clock time are printed, and of their ratios, pair by pair.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

WRITE = """
import json, sys, time
from pathlib import Path
from convlens.report import write_report
from convlens.study import Study, load_design
study = Study(load_design("homework", quick=False, without=set()), Path(sys.argv[1]), 3, quick=False)
clock, cpu = time.perf_counter(), time.process_time()
write_report(study, lang="en", command="convlens reproduce")
print(json.dumps([time.perf_counter() - clock, time.process_time() - cpu]))
"""


def draw(checkout: Path, study: Path) -> tuple[float, float]:
    """Write the page anew with a checkout's code; return clock and processor seconds."""
    shutil.rmtree(study / "figures", ignore_errors=True)
    environment = os.environ | {"PYTHONPATH": str(checkout / "src")}
    command = [sys.executable, "-c", WRITE, str(study)]
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    clock, cpu = json.loads(done.stdout.splitlines()[-1])
    return clock, cpu


def main() -> None:
    """Compare two checkouts, pair by pair."""
    source, other = Path(sys.argv[1]), Path(sys.argv[2])
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 3
    here = Path(__file__).resolve().parent.parent
    with tempfile.TemporaryDirectory() as folder:
        study = Path(folder) / "study"
        shutil.copytree(source / "runs", study / "runs")
        pairs = [(draw(other, study), draw(here, study)) for _ in range(rounds + 1)][1:]
    for place, kind in enumerate(("clock", "processor")):
        before, after = (median(pair[side][place] for pair in pairs) for side in (0, 1))
        ratio = median(new[place] / old[place] for old, new in pairs)
        print(f"{kind:9}  before {before:6.2f} s  after {after:6.2f} s  ratio {ratio:.3f}")


if __name__ == "__main__":
    main()
