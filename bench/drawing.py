"""Seconds to write a study's page with this checkout and with another one, alternating.

python bench/drawing.py STUDY CHECKOUT [ROUNDS]         from nothing
python bench/drawing.py STUDY CHECKOUT [ROUNDS] --new   after one new run: its seconds a changed figure

STUDY holds the folder `runs` of a finished `convlens reproduce`; it is copied, never written to. CHECKOUT is
another working tree (`git worktree add /tmp/before COMMIT`), which must read the same runs. Both draw with
this Python, without pictures from before and with kernels compiled; the first round warms up and does not
count. Medians of processor and of clock time are printed, and of their ratios, pair by pair. With `--new` the
page of all runs but the last is there already; what is measured begins when the last run has come in.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

NEW_RUN = "simple-lr-0.001-seed-2"  # the curves, the first screen and the learning rates show it

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


def written(checkout: Path, study: Path) -> tuple[float, float]:
    """Write the page with a checkout's code; return clock and processor seconds."""
    environment = os.environ | {"PYTHONPATH": str(checkout / "src")}
    command = [sys.executable, "-c", WRITE, str(study)]
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    clock, cpu = json.loads(done.stdout.splitlines()[-1])
    return clock, cpu


def from_nothing(checkout: Path, study: Path) -> tuple[float, float]:
    """Write the page without any picture from before."""
    shutil.rmtree(study / "figures", ignore_errors=True)
    return written(checkout, study)


def a_figure_after_a_run(checkout: Path, study: Path) -> tuple[float, float]:
    """Write the page after one new run; return seconds for each figure that changed."""
    new = study / "runs" / NEW_RUN
    aside = study / NEW_RUN
    new.rename(aside)
    from_nothing(checkout, study)
    aside.rename(new)
    before = {path: path.stat().st_mtime_ns for path in (study / "figures").glob("*.*g")}
    clock, cpu = written(checkout, study)
    now = {path: path.stat().st_mtime_ns for path in (study / "figures").glob("*.*g")}
    changed = len({path.stem for path, time in now.items() if before.get(path) != time})
    print(f"{checkout.name}: {changed} figures changed, {cpu:.2f} s of processor time")
    return clock / changed, cpu / changed


def main() -> None:
    """Compare two checkouts, pair by pair."""
    words = [word for word in sys.argv[1:] if word != "--new"]
    source, other = Path(words[0]), Path(words[1])
    rounds = int(words[2]) if len(words) > 2 else 3
    draw = a_figure_after_a_run if "--new" in sys.argv else from_nothing
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
